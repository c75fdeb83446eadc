"""Plans drawn at random: each level in each chain, under speech without end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ostinato.errors import ParameterError
from ostinato.media import open_working_copy
from ostinato.simulate import (
    Bed,
    FilmPlan,
    Level,
    PlannedOccurrence,
    PlannedSong,
    PlannedSpeech,
    Step,
)

_PAUSE_S = (0.2, 0.8)  # between two speakers
_BED_S = (60.0, 180.0)  # of a scene
_BED_LU = (-25.0, -12.0)  # re the speech, from a quiet room to a street
_BETWEEN_S = 4.0  # of film without the song, at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """What a random film is made of.

    Parameters
    ----------
    songs : tuple of PlannedSong
        The first occurs; the others never do.
    speech, ambience : tuple of pathlib.Path
        One voice each; sounds without speech.

    Raises
    ------
    ParameterError
        If there is no song or no speech.
    """

    songs: tuple[PlannedSong, ...]
    speech: tuple[Path, ...]
    ambience: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if not (self.songs and self.speech):
            raise ParameterError(
                "recordings", "a film needs a song and speech", "Give at least one of each"
            )


def random_plan(
    recordings: Recordings,
    *,
    duration_s: float,
    levels_lu: Sequence[float],
    chains: Mapping[str, tuple[Step, ...]],
    occurrence_s: tuple[float, float],
    cache_dir: Path,
    rng: np.random.Generator,
    per_condition: int = 4,
) -> tuple[FilmPlan, tuple[str, ...]]:
    """Draw a film in which speech never ends and a song comes in under every condition.

    Parameters
    ----------
    recordings : Recordings
        What it is made of.
    duration_s : float
        Of the film.
    levels_lu : sequence of float
        Levels of the song re the speech.
    chains : mapping of str to tuple of Step
        What the song may go through, by name.
    occurrence_s : tuple of float
        Shortest and longest occurrence.
    cache_dir : pathlib.Path
        Where the recordings' working copies are kept; their lengths are needed.
    rng : numpy.random.Generator
        Draws all that is not given.
    per_condition : int, optional
        Occurrences of each level in each chain.

    Returns
    -------
    plan : FilmPlan
        Occurrences in film order.
    conditions : tuple of str
        Name of the chain of each occurrence, in the same order.

    Raises
    ------
    ParameterError
        If the film is too short for all occurrences, or the song for the longest.
    """
    song_s = open_working_copy(recordings.songs[0].path, cache_dir=cache_dir).duration_s
    conditions = [
        (name, level) for name in chains for level in levels_lu for _ in range(per_condition)
    ]
    lengths_s = rng.uniform(*occurrence_s, len(conditions))
    free_s = duration_s - float(lengths_s.sum()) - _BETWEEN_S * (lengths_s.size + 1)
    if free_s < 0 or song_s < occurrence_s[1]:
        raise _too_short(lengths_s.size, occurrence_s, duration_s, song_s)
    starts_s = _starts_s(lengths_s, free_s, rng)
    drawn = [conditions[which] for which in rng.permutation(lengths_s.size)]
    occurrences = tuple(
        PlannedOccurrence(
            song_id=recordings.songs[0].id,
            film_start_s=start_s,
            duration_s=length_s,
            song_start_s=float(rng.uniform(0, song_s - length_s)),
            level=Level(level, "speech"),
            chain=chains[name],
        )
        for (name, level), start_s, length_s in zip(
            drawn, starts_s, lengths_s.tolist(), strict=True
        )
    )
    plan = FilmPlan(
        duration_s=duration_s,
        songs=recordings.songs,
        occurrences=occurrences,
        speech=endless_speech(recordings.speech, duration_s, cache_dir, rng),
        beds=endless_beds(recordings.ambience, duration_s, rng),
    )
    return plan, tuple(name for name, _ in drawn)


def _too_short(
    n_occurrences: int, occurrence_s: tuple[float, float], duration_s: float, song_s: float
) -> ParameterError:
    return ParameterError(
        f"{n_occurrences} occurrences of {occurrence_s[0]} to {occurrence_s[1]} s",
        f"the film lasts {duration_s:.0f} s and the song {song_s:.0f} s",
        "Make the film longer, or the occurrences fewer or shorter",
    )


def _starts_s(
    lengths_s: NDArray[np.float64], free_s: float, rng: np.random.Generator
) -> list[float]:
    """Spread stretches over a film, the free time between them parted at random."""
    parting = np.sort(rng.uniform(0, free_s, lengths_s.size))
    taken_s = np.concatenate([[0.0], np.cumsum(lengths_s + _BETWEEN_S)[:-1]])
    return [float(start_s) for start_s in _BETWEEN_S + parting + taken_s]


def endless_speech(
    paths: Sequence[Path], duration_s: float, cache_dir: Path, rng: np.random.Generator
) -> tuple[PlannedSpeech, ...]:
    """Let one voice follow another, in an order drawn at random, to the end of a film."""
    speech: list[PlannedSpeech] = []
    now_s = 0.0
    while True:
        for index in rng.permutation(len(paths)):
            path = paths[index]
            length_s = open_working_copy(path, cache_dir=cache_dir).duration_s
            if now_s + length_s > duration_s:
                return tuple(speech)
            speech.append(
                PlannedSpeech(path=path, film_start_s=now_s, kind="dialogue", voice=path.stem)
            )
            now_s += length_s + float(rng.uniform(*_PAUSE_S))


def endless_beds(
    paths: Sequence[Path], duration_s: float, rng: np.random.Generator
) -> tuple[Bed, ...]:
    """Let one bed follow another, each for a minute or more, to the end of a film."""
    beds: list[Bed] = []
    now_s = 0.0
    while paths and now_s < duration_s:
        end_s = min(duration_s, now_s + float(rng.uniform(*_BED_S)))
        level = Level(float(rng.uniform(*_BED_LU)) - 23.0)  # speech is planned at -23 LUFS
        path = paths[int(rng.integers(len(paths)))]
        beds.append(Bed(path=path, film_start_s=now_s, film_end_s=end_s, level=level))
        now_s = end_s
    return tuple(beds)
