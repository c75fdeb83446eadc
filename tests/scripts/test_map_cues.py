import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ostinato.results import read_results

SCRIPT = Path(__file__).parents[2] / "scripts" / "map_cues.py"
RATE_HZ = 16000
FILM_S, SONG_S, START_S = 60, 20, 23


def run(*arguments):
    command = [sys.executable, "-X", "utf8", SCRIPT, *arguments]
    return subprocess.run(  # noqa: S603
        command, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture
def recordings(tmp_path):
    """Noise for a song, and a film of other noise in which it is heard once."""
    rng = np.random.default_rng(1994)
    song_y = 0.1 * rng.standard_normal(SONG_S * RATE_HZ)
    film_y = 0.05 * rng.standard_normal(FILM_S * RATE_HZ)
    film_y[START_S * RATE_HZ : (START_S + SONG_S) * RATE_HZ] += song_y
    soundfile.write(tmp_path / "film.wav", film_y, RATE_HZ)
    soundfile.write(tmp_path / "song.wav", song_y, RATE_HZ)
    return tmp_path


def test_it_finds_the_song_and_draws_its_map(recordings):
    out = recordings / "cues"
    cache = ("--cache", recordings / "cache")
    song = f"Noise={recordings / 'song.wav'}"
    done = run(recordings / "film.wav", "--song", song, *cache, "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Noise (S1): detected once, in 1 playing." in done.stdout
    (one,) = read_results(out).occurrences
    assert one.film_start_s == pytest.approx(START_S, abs=0.5)
    assert (out / "figures" / "repetition-map.svg").is_file()


def test_a_song_without_a_file_is_explained(tmp_path):
    done = run(tmp_path / "film.wav", "--song", "Noise", "--out", tmp_path / "cues")
    assert done.returncode == 2
    assert "'Noise' is no NAME=FILE" in done.stderr


def test_a_film_that_is_not_there_is_named(tmp_path):
    done = run(
        tmp_path / "none.wav", "--song", "Noise=song.wav", "--cache", tmp_path / "cache",
        "--out", tmp_path / "cues",
    )  # fmt: skip
    assert done.returncode == 2
    assert "none.wav" in done.stderr
    assert "Traceback" not in done.stderr
