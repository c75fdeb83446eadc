import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

SCRIPT = Path(__file__).parents[2] / "scripts" / "extract_soundtrack.py"
RATE_HZ = 48000


@pytest.fixture
def extract(tmp_path):
    """Run the script; its exit status, stdout and stderr, and the file it writes."""
    flac = tmp_path / "soundtrack.flac"

    def run(film, *arguments):
        command = [sys.executable, SCRIPT, film, flac, "--cache", tmp_path / "cache", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        return done, flac

    return run


def a_film(path, y, *, start_s):
    with av.open(str(path), "w") as file:
        stream = file.add_stream("pcm_f32le", rate=RATE_HZ, layout="stereo")
        frame = av.AudioFrame.from_ndarray(y.astype(np.float32), format="flt", layout="stereo")
        frame.sample_rate, frame.time_base = RATE_HZ, Fraction(1, RATE_HZ)
        frame.pts = round(start_s * RATE_HZ)
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def test_the_soundtrack_keeps_the_clock_of_the_film(tmp_path, extract):
    y = np.random.default_rng(440).uniform(-0.5, 0.5, (1, 2 * RATE_HZ))
    done, flac = extract(a_film(tmp_path / "film.mkv", y, start_s=1.5))
    assert (done.returncode, done.stderr) == (0, "")
    assert "stream 0: pcm_f32le, stereo, 48000 Hz" in done.stdout
    assert "2.500 s, of which 1.500 s are silence" in done.stdout
    written, rate_hz = soundfile.read(flac)
    assert rate_hz == RATE_HZ
    assert not written[: 3 * RATE_HZ // 2].any()
    np.testing.assert_allclose(written[3 * RATE_HZ // 2 :].ravel(), y[0], atol=2**-23)


def test_a_film_beyond_full_scale_is_lowered_as_a_whole_and_says_so(tmp_path, extract):
    y = np.random.default_rng(440).uniform(-2, 2, (1, RATE_HZ))
    done, flac = extract(a_film(tmp_path / "film.mkv", y, start_s=0.0))
    assert "lower by a factor of 0.49" in done.stdout
    written, _ = soundfile.read(flac)
    assert np.corrcoef(written.ravel(), y[0])[0, 1] == pytest.approx(1.0, abs=1e-6)


def test_a_film_that_is_not_there_ends_with_one_message(tmp_path, extract):
    done, flac = extract(tmp_path / "none.mkv")
    assert done.returncode == 2
    assert (
        done.stderr
        == f"{tmp_path}/none.mkv: there is no such file. Check the name and the folder.\n"
    )
    assert not flac.exists()
