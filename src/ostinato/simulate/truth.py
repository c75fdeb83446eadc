"""What is true of a song that was mixed into a film."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ostinato.results import Occurrence, TimeMap
from ostinato.simulate.chain import Place
from ostinato.simulate.levels import is_inside, mean_lufs
from ostinato.timeline import Interval, Timeline

__all__ = ["Stem", "audible", "named", "true_occurrence"]

AUDIBLE_GAIN = 0.1
"""20 dB below its full level a song stops being heard, for the truth."""
_SAME_MAP_S = 0.001  # planned maps are exact; this only takes up their rounding to samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """A song as mixed into the film, and the speech over it.

    Parameters
    ----------
    song_id : str
        Which song.
    time_map : TimeMap
        Where in the song it is when.
    song_energies, speech_energies : ndarray, shape (n_slots,)
        Over the whole film.
    talk : Timeline
        Where somebody speaks.
    """

    song_id: str
    time_map: TimeMap
    song_energies: NDArray[np.float64]
    speech_energies: NDArray[np.float64]
    talk: Timeline


def audible(gains: NDArray[np.float32], place: Place) -> tuple[Interval, ...]:
    """Return the stretches of film in which a gain is within 20 dB of full."""
    is_heard = np.concatenate([[False], gains >= AUDIBLE_GAIN, [False]])
    edges = np.flatnonzero(is_heard[1:] != is_heard[:-1]) + place.start_sample
    rate_hz = place.sample_rate_hz
    return tuple(
        Interval(float(first / rate_hz), float(last / rate_hz))
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    )


def true_occurrence(piece: Interval, stem: Stem) -> Occurrence:
    """Describe one audible stretch of a song, not yet named."""
    n_slots = stem.song_energies.size
    alone = is_inside(Timeline((piece,)), first_slot=0, n_slots=n_slots)
    both = is_inside(Timeline((piece,)) & stem.talk, first_slot=0, n_slots=n_slots)
    song_lufs = mean_lufs(stem.song_energies[both])
    speech_lufs = mean_lufs(stem.speech_energies[both])
    return Occurrence(
        id="O0",
        song_id=stem.song_id,
        playing_id="P0",
        film_start_s=piece.start_s,
        film_end_s=piece.end_s,
        song_start_s=stem.time_map.song_s(piece.start_s),
        song_end_s=stem.time_map.song_s(piece.end_s),
        speed=stem.time_map.speed,
        pitch=stem.time_map.speed,
        score=0.0,
        p_value=None,
        level_lufs=mean_lufs(stem.song_energies[alone]),
        level_re_speech_lu=(
            None if song_lufs is None or speech_lufs is None else song_lufs - speech_lufs
        ),
        low_hz=None,
        high_hz=None,
    )


def named(pieces: Sequence[Occurrence]) -> tuple[Occurrence, ...]:
    """Return the pieces in film order, numbered song by song; one map is one playing."""
    out: list[Occurrence] = []
    n_playings = 0
    for number, piece in enumerate(sorted(pieces, key=_by_song), start=1):
        same = [earlier.playing_id for earlier in out if _share_a_map(earlier, piece)]
        n_playings += not same
        playing_id = same[-1] if same else f"P{n_playings}"
        out.append(replace(piece, id=f"O{number}", playing_id=playing_id))
    return tuple(sorted(out, key=lambda piece: (piece.film_start_s, piece.song_id)))


def _by_song(piece: Occurrence) -> tuple[int, str, float]:
    return len(piece.song_id), piece.song_id, piece.film_start_s


def _share_a_map(earlier: Occurrence, later: Occurrence) -> bool:
    if earlier.song_id != later.song_id:
        return False
    expected_s = earlier.time_map.song_s(later.film_start_s)
    return abs(expected_s - later.song.start_s) < _SAME_MAP_S
