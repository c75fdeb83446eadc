import numpy as np
import pytest
from tests.small_films import RATE_HZ, a_clip, a_song

from ostinato.dsp.playback import song_as_played
from ostinato.media import in_memory
from ostinato.results import TimeMap
from ostinato.separation import SeparationParameters, new_stem, take_out
from ostinato.timeline import Interval

CUE_S = 20.0
SONG_START_S = 3.0
AS_IT_IS = SeparationParameters()


def decibels(part, whole):
    return 10 * np.log10(
        np.sum(np.square(part, dtype=float)) / np.sum(np.square(whole, dtype=float))
    )


@pytest.fixture(scope="session")
def song_y():
    """Half a minute in stereo, the channels different."""
    left, right = (a_song(duration_s=30, seed=seed) for seed in (11, 12))
    return (0.1 * np.stack([left + 0.5 * right, right])).astype(np.float32)


@pytest.fixture(scope="session")
def talk_y():
    """A man talks for as long as the cue lasts, alike in both channels."""
    talk = np.resize(a_clip("talk.opus"), round(CUE_S * RATE_HZ))
    return np.tile(0.1 * talk, (2, 1)).astype(np.float32)


@pytest.fixture(scope="session")
def played(song_y):
    """The song as the film has it, from `SONG_START_S` on."""

    def at(*, speed=1.0, of=song_y, start_s=SONG_START_S):
        return song_as_played(
            of,
            song_rate_hz=RATE_HZ,
            song_start_s=start_s,
            speed=speed,
            n_samples=round(CUE_S * RATE_HZ),
            rate_hz=RATE_HZ,
        )

    return at


@pytest.fixture
def taken(tmp_path, song_y):
    """Take the song out of a film; what was taken, and how."""

    def take(film, *, speed=1.0, pitch=None, error_s=0.0013, of=song_y, parameters=AS_IT_IS):
        noise = 1e-4 * np.random.default_rng(1).standard_normal(film.shape)
        film = (film + noise).astype(np.float32)
        stem = new_stem(
            tmp_path / "stem.f32", start_sample=0, n_samples=film.shape[1], n_channels=2
        )
        how = take_out(
            in_memory(film, rate_hz=RATE_HZ),
            in_memory(of, rate_hz=RATE_HZ),
            stretch=Interval(0.0, film.shape[1] / RATE_HZ),
            time_map=TimeMap(error_s - SONG_START_S / speed, speed),
            pitch=pitch,
            stem=stem,
            parameters=parameters,
        )
        return stem.read(0, film.shape[1]), how

    return take
