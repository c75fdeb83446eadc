"""What is true of a film that was mixed, and how far what was found is true.

Energies are mean squares, K-weighted and summed over channels. Levels are of their mean, ungated:
a level is that of the seconds that are meant, pauses and all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.loudness import SLOTS_PER_SECOND, lufs, slot_energies, start_loudness
from ostinato.errors import ParameterError
from ostinato.results import (
    LevelInFilm,
    Occurrence,
    OccurrenceName,
    OccurrencePlace,
    SongMatch,
    TimeMap,
    occurrence_of,
)
from ostinato.simulate.chain import Place
from ostinato.simulate.film_plan import Level
from ostinato.timeline import Interval, Timeline

AUDIBLE_GAIN = 0.1
"""20 dB below its full level a song stops being heard, for the truth."""
_SAME_MAP_S = 0.001  # planned maps are exact; this only takes up their rounding to samples
Sound = NDArray[np.float32]
Energies = NDArray[np.float64]


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
    place = OccurrencePlace(
        film_start_s=piece.start_s,
        film_end_s=piece.end_s,
        song_start_s=stem.time_map.song_s(piece.start_s),
        song_end_s=stem.time_map.song_s(piece.end_s),
        speed=stem.time_map.speed,
    )
    level = LevelInFilm(
        level_lufs=mean_lufs(stem.song_energies[alone]),
        level_re_speech_lu=(
            None if song_lufs is None or speech_lufs is None else song_lufs - speech_lufs
        ),
    )
    return occurrence_of(stem.song_id, place, SongMatch(pitch=place.speed, score=0.0), level)


def named(pieces: Sequence[Occurrence]) -> tuple[Occurrence, ...]:
    """Return the pieces in film order, numbered song by song; one map is one playing."""
    out: list[Occurrence] = []
    n_playings = 0
    for number, piece in enumerate(sorted(pieces, key=_by_song), start=1):
        same = [earlier.playing_id for earlier in out if _share_a_map(earlier, piece)]
        n_playings += not same
        playing_id = same[-1] if same else f"P{n_playings}"
        out.append(piece.with_parts(OccurrenceName(id=f"O{number}", playing_id=playing_id)))
    return tuple(sorted(out, key=lambda piece: (piece.film_start_s, piece.song_id)))


def _by_song(piece: Occurrence) -> tuple[int, str, float]:
    return len(piece.song_id), piece.song_id, piece.film_start_s


def _share_a_map(earlier: Occurrence, later: Occurrence) -> bool:
    if earlier.song_id != later.song_id:
        return False
    expected_s = earlier.time_map.song_s(later.film_start_s)
    return abs(expected_s - later.song.start_s) < _SAME_MAP_S


def energies_of(y: Sound, *, start_sample: int, sample_rate_hz: int) -> tuple[int, Energies]:
    """Mean squares of a sound in the slots of the film in which it lies.

    `y` (n_channels, n_samples): the sound; silence around it; `start_sample`: where in the film it
    starts. Returns `energies` (n_slots,).
    """
    slot_length = sample_rate_hz // SLOTS_PER_SECOND
    first_slot, before = divmod(start_sample, slot_length)
    after = -(before + y.shape[1]) % slot_length
    padded = np.pad(y, ((0, 0), (before, after)))
    state = start_loudness(sample_rate_hz=sample_rate_hz, n_channels=y.shape[0])
    energies, _ = slot_energies(padded, state)
    return first_slot, energies.sum(axis=0)


def is_inside(
    timeline: Timeline, *, first_slot: int, n_slots: int, share: float = 0.5
) -> NDArray[np.bool_]:
    """Tell which slots lie in a timeline, by more than `share` of their length.

    `share`: from 0 to 1. Returns (n_slots,).
    """
    covered = np.zeros(n_slots)
    for stretch in timeline & _extent(first_slot, n_slots):
        start = stretch.start_s * SLOTS_PER_SECOND - first_slot
        end = stretch.end_s * SLOTS_PER_SECOND - first_slot
        slots = np.arange(int(start), min(n_slots, int(np.ceil(end))))
        covered[slots] += np.minimum(slots + 1, end) - np.maximum(slots, start)
    return covered > share


def mean_lufs(energies: Energies) -> float | None:
    """Level of the mean of slots, ungated; None for none of them, or for silence.

    `energies` (n_slots,): mean squares.
    """
    mean = float(energies.mean()) if energies.size else 0.0
    return float(lufs(np.array([mean]))[0]) if mean > 0 else None


def factor_for(level: Level, own: Energies, reference: Energies, *, thing: str) -> float:
    """Return the factor that gives a sound its level.

    `own`, `reference` (n_slots,): of the sound and of what its level is relative to, in the slots
    that count; the reference is not looked at for a level re full scale; `thing`: what to call the
    sound in an error. Raises ParameterError if either is silent in these slots.
    """
    target_lufs = level.value
    if level.re != "full scale":
        reference_lufs = mean_lufs(reference)
        if reference_lufs is None:
            raise ParameterError(
                thing,
                f"its level is relative to the {level.re}, and there is none while it is heard",
                "Move it, or give its level re full scale",
            )
        target_lufs += reference_lufs
    own_lufs = mean_lufs(own)
    if own_lufs is None:
        raise ParameterError(thing, "it is silent", "Choose another part of the recording")
    return float(10 ** ((target_lufs - own_lufs) / 20))


def _extent(first_slot: int, n_slots: int) -> Timeline:
    if n_slots == 0:
        return Timeline()
    start_s = first_slot / SLOTS_PER_SECOND
    return Timeline((Interval(start_s, (first_slot + n_slots) / SLOTS_PER_SECOND),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A true occurrence and the pieces of it that were found, in film order; perhaps none.

    Errors are found less true, so that a late start is positive; None where nothing was found.
    """

    truth: Occurrence
    found: tuple[Occurrence, ...]

    @property
    def start_error_s(self) -> float | None:
        """Of the first piece's start."""
        return self.found[0].film_start_s - self.truth.film_start_s if self.found else None

    @property
    def end_error_s(self) -> float | None:
        """Of the latest end."""
        if not self.found:
            return None
        return max(piece.film_end_s for piece in self.found) - self.truth.film_end_s

    @property
    def song_error_s(self) -> float | None:
        """Of the song time, where it is farthest off in the middle of a piece."""
        errors = [song_error_s(self.truth, piece) for piece in self.found]
        return max(errors, key=abs) if errors else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a search did.

    `matches` has one entry for each true occurrence, in film order; `false` lists what is found
    where the song is not, or at another place of the song. `recall` is the share of true seconds
    that were found and `precision` the share of found seconds that are true; None of no seconds.
    """

    matches: tuple[Match, ...]
    false: tuple[Occurrence, ...]
    recall: float | None
    precision: float | None

    @property
    def n_found(self) -> int:
        """True occurrences of which at least a piece was found."""
        return sum(bool(match.found) for match in self.matches)


def score_occurrences(
    truth: Sequence[Occurrence], found: Sequence[Occurrence], *, max_song_error_s: float = 0.1
) -> Score:
    """Hold found occurrences against true ones.

    Parameters
    ----------
    truth : sequence of Occurrence
        From `make_film`.
    found : sequence of Occurrence
        Of the same songs under the same identifiers, in any order.
    max_song_error_s : float, optional
        A found piece belongs to a true occurrence that it overlaps if in the middle of what they
        share it is at the same song time to within this, > 0. The shortest loops of songs are
        longer, so that a rival position is false.

    Returns
    -------
    Score
        One match for each true occurrence.

    Raises
    ------
    ParameterError
        If `max_song_error_s` is not positive.
    """
    if not max_song_error_s > 0:
        raise ParameterError(
            "max_song_error_s", f"it is {max_song_error_s}", "Give a positive number of seconds"
        )
    ordered = sorted(found, key=lambda o: (o.film_start_s, o.id))
    matches = [
        Match(
            truth=one,
            found=tuple(piece for piece in ordered if _is_of(one, piece, max_song_error_s)),
        )
        for one in sorted(truth, key=lambda o: (o.film_start_s, o.id))
    ]
    matched = {piece.id for match in matches for piece in match.found}
    return _score(matches, [piece for piece in ordered if piece.id not in matched])


def song_error_s(truth: Occurrence, found: Occurrence) -> float:
    """Song time found less true, in the middle of what two overlapping occurrences share."""
    shared = truth.film.intersection(found.film) or truth.film
    middle_s = (shared.start_s + shared.end_s) / 2
    return found.time_map.song_s(middle_s) - truth.time_map.song_s(middle_s)


def _is_of(truth: Occurrence, found: Occurrence, max_song_error_s: float) -> bool:
    return (
        truth.song_id == found.song_id
        and truth.film.intersection(found.film) is not None
        and abs(song_error_s(truth, found)) <= max_song_error_s
    )


def _score(matches: Sequence[Match], false: Sequence[Occurrence]) -> Score:
    true_s = sum(match.truth.film.duration_s for match in matches)
    shared_s = sum(
        (_heard(match.found) & Timeline((match.truth.film,))).duration_s for match in matches
    )
    pieces = {piece.id: piece for match in matches for piece in match.found}
    found_s = sum(piece.film.duration_s for piece in (*pieces.values(), *false))
    return Score(
        matches=tuple(matches),
        false=tuple(false),
        recall=shared_s / true_s if true_s > 0 else None,
        precision=min(1.0, shared_s / found_s) if found_s > 0 else None,
    )


def _heard(pieces: Sequence[Occurrence]) -> Timeline:
    return Timeline.of(piece.film for piece in pieces)
