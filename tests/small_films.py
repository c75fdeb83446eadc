"""Films of less than a minute whose every event is known, and the files they are made of."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf

RATE_HZ = 16_000
CLIPS = Path(__file__).parent / "data" / "speech"
TALK_S = (2.0, 10.0)  # a man talks in quiet
FIRST_S = (12.0, 22.0)  # the song's first ten seconds
SECOND_S = (26.0, 35.5)  # it goes on half a second further, and the man talks over it
SECOND_SONG_S = 10.5
TALK_OVER_S = (27.0, 35.0)
FILM_S = 40.0


@dataclass(frozen=True)
class Bar:
    """A man talks; a song plays, stops, and goes on while he talks over it."""

    film: Path
    song: Path
    stranger: Path
    cache: Path

    def path(self, name):
        return self.film.parent / name

    def write(self, name, content):
        content = content if isinstance(content, bytes) else content.encode()
        self.path(name).write_bytes(content)
        return self.path(name)


def a_clip(name):
    y, _ = sf.read(CLIPS / name, dtype="float64")
    return y / np.std(y)


def a_song(*, duration_s, seed):
    """Noise in bars of half a second, each of its own colour and loudness; unit variance."""
    rng = np.random.default_rng(seed)
    bars = []
    for _ in range(round(2 * duration_s)):
        bar = rng.standard_normal(RATE_HZ // 2)
        colour = np.exp(-np.arange(40) / rng.uniform(0.3, 5))
        bars.append(
            rng.uniform(0.4, 1.2) * np.convolve(bar, colour / np.linalg.norm(colour), "same")
        )
    y = np.concatenate(bars)
    return y / np.std(y)


def samples(seconds):
    return slice(*(round(bound * RATE_HZ) for bound in seconds))


def a_bar_film(song):
    """Mono samples of the film; the song is 6 dB below the talk that it plays under."""
    talk = a_clip("talk.opus")[: 8 * RATE_HZ]
    y = 1e-4 * np.random.default_rng(7).standard_normal(round(FILM_S * RATE_HZ))
    for where in (TALK_S, TALK_OVER_S):
        y[samples(where)] += 0.06 * talk
    y[samples(FIRST_S)] += 0.03 * song[: 10 * RATE_HZ]
    y[samples(SECOND_S)] += 0.03 * song[round(SECOND_SONG_S * RATE_HZ) :]
    return y


def make_bar(folder):
    """Write the film, its song, and a song that does not occur."""
    bar = Bar(
        film=folder / "film.wav",
        song=folder / "song.flac",
        stranger=folder / "stranger.flac",
        cache=folder / "cache",
    )
    song = a_song(duration_s=20, seed=1)
    sf.write(bar.film, a_bar_film(song), RATE_HZ)
    sf.write(bar.song, 0.2 * song, RATE_HZ)
    sf.write(bar.stranger, 0.2 * a_song(duration_s=15, seed=2), RATE_HZ)
    return bar


REFRAIN_S = ((2.0, 10.0), (26.0, 34.0))  # the song's beginning, the second time under talk


def make_refrain(path):
    """Write a film that plays the beginning of a song twice, and nothing else twice."""
    y = 1e-4 * np.random.default_rng(8).standard_normal(round(FILM_S * RATE_HZ))
    song = a_song(duration_s=8, seed=1)
    for where in REFRAIN_S:
        y[samples(where)] += 0.03 * song
    y[samples(TALK_OVER_S)] += 0.06 * a_clip("talk.opus")[: 8 * RATE_HZ]
    sf.write(path, y, RATE_HZ)
    return path
