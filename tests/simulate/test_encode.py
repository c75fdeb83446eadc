import numpy as np
import pytest
from scipy.signal import correlate

from ostinato.errors import MediaError, ParameterError
from ostinato.media import open_working_copy
from ostinato.simulate import Encoding
from ostinato.simulate.encode import write_encoded

RATE_HZ = 48_000
AT_S = (0.7, 2.3)


def bursts(rng):
    """Three seconds, faint but for two bursts of noise."""
    y = 1e-4 * rng.standard_normal((2, 3 * RATE_HZ))
    burst = 0.4 * rng.uniform(-1, 1, RATE_HZ // 20)
    for at_s in AT_S:
        y[:, round(at_s * RATE_HZ) :][:, : burst.size] += burst
    return y.astype(np.float32), burst


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("flac", "film.flac"),
        ("pcm_s16le", "film.wav"),
        ("aac", "film.m4a"),
        ("aac", "film.mka"),
        ("aac", "film.aac"),
        ("ac3", "film.mka"),
        ("ac3", "film.ac3"),
        ("libmp3lame", "film.mp3"),
        ("libmp3lame", "film.ts"),
        ("libopus", "film.mka"),
    ],
)
def test_a_coded_film_is_heard_on_time(tmp_path, rng, codec, name):
    y, burst = bursts(rng)
    write_encoded(
        tmp_path / name,
        np.array_split(y, 7, axis=1),
        n_channels=2,
        sample_rate_hz=RATE_HZ,
        encoding=Encoding(codec=codec),
    )
    copy = open_working_copy(tmp_path / name, cache_dir=tmp_path / "cache")
    heard = np.abs(correlate(copy.mono(0, copy.n_samples), burst, mode="valid", method="fft"))
    middle = round(1.5 * RATE_HZ)
    at_s = (np.argmax(heard[:middle]) / RATE_HZ, (middle + np.argmax(heard[middle:])) / RATE_HZ)
    assert at_s == pytest.approx(AT_S, abs=0.001)


def test_a_lossless_film_has_the_samples_of_the_mix(tmp_path, rng):
    y, _ = bursts(rng)
    write_encoded(
        tmp_path / "film.flac", [y], n_channels=2, sample_rate_hz=RATE_HZ, encoding=Encoding()
    )
    copy = open_working_copy(tmp_path / "film.flac", cache_dir=tmp_path / "cache")
    np.testing.assert_allclose(copy.read(0, copy.n_samples), y, atol=2 / 2**15)  # 16 bits


def test_a_codec_of_another_kind_is_refused():
    with pytest.raises(ParameterError, match="Choose from pcm_s16le, flac"):
        Encoding(codec="h264")


def test_a_container_that_cannot_hold_the_codec_is_refused(tmp_path, rng):
    y, _ = bursts(rng)
    with pytest.raises(MediaError, match="Choose another container"):
        write_encoded(
            tmp_path / "film.wav",
            [y],
            n_channels=2,
            sample_rate_hz=RATE_HZ,
            encoding=Encoding(codec="libopus"),
        )


@pytest.mark.parametrize(("codec", "name"), [("ac3", "film.mka"), ("aac", "film.m4a")])
def test_the_same_sound_is_the_same_file(tmp_path, rng, codec, name):
    y, _ = bursts(rng)
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_encoded(
            tmp_path / folder / name,
            [y],
            n_channels=2,
            sample_rate_hz=RATE_HZ,
            encoding=Encoding(codec=codec),
        )
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
