"""Occurrences that share a map are one playing: the record kept turning behind what masks it."""

from collections.abc import Sequence
from dataclasses import replace

from ostinato.results import Occurrence

MAX_MAP_ERROR_S = 0.05
"""Maps that predict the same song time to within this are one map: a room blurs by less."""


def name_playings(occurrences: Sequence[Occurrence]) -> tuple[Occurrence, ...]:
    """Give each occurrence its identifier and that of its playing.

    Parameters
    ----------
    occurrences : sequence of Occurrence
        Of any songs, in any order; their identifiers are replaced.

    Returns
    -------
    tuple of Occurrence
        In order of film time. Identifiers count through one song before the next: those of the
        first song are ``O1``, ``O2`` …, and the second goes on from there, so that ``O3`` to
        ``O7`` are always one song's. Playings are ``P1``, ``P2`` … in the same way.
    """
    out: list[Occurrence] = []
    n_playings = 0
    for number, one in enumerate(sorted(occurrences, key=_by_song), start=1):
        same = next((earlier for earlier in reversed(out) if _share_a_map(earlier, one)), None)
        if same is None:
            n_playings += 1
        playing_id = f"P{n_playings}" if same is None else same.playing_id
        out.append(replace(one, id=f"O{number}", playing_id=playing_id))
    return tuple(sorted(out, key=lambda one: (one.film_start_s, one.song_id)))


def _by_song(one: Occurrence) -> tuple[int, str, float]:
    # S10 comes after S9
    return len(one.song_id), one.song_id, one.film_start_s


def _share_a_map(earlier: Occurrence, later: Occurrence) -> bool:
    """Tell whether a map carried on from one occurrence arrives where the other is."""
    if earlier.song_id != later.song_id or not (earlier.is_timed and later.is_timed):
        return False
    expected_s = earlier.time_map.song_s(later.film_start_s)
    return abs(expected_s - later.song.start_s) <= MAX_MAP_ERROR_S
