"""A film and a song become measured occurrences, and occurrences become playings."""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ostinato.cues.arrival import ArrivalParameters, first_arrival_s
from ostinato.cues.bends import carried_to_their_ends, settled_knots
from ostinato.cues.between import with_speeds_between
from ostinato.cues.candidates import candidate_lines
from ostinato.cues.cue_parameters import CueParameters
from ostinato.cues.explained import explained_share, is_shared, stated_share
from ostinato.cues.joins import (
    joined_where_they_meet,
    link_pieces,
    put_where_the_record_arrives,
)
from ostinato.cues.peaks import Progress
from ostinato.cues.search import follow_lines
from ostinato.cues.song_finds import Found, Missed, OnMissed, candidates_of
from ostinato.cues.song_levels import (
    NOT_MEASURED,
    LevelParameters,
    SongLevel,
    joined_levels,
    song_level,
)
from ostinato.cues.spectral import Alike
from ostinato.cues.time_errors import ringing_of, song_error_s, with_ringing
from ostinato.cues.tracks import Reference, Track, reference_of
from ostinato.cues.views import RATE_HZ, Aligned
from ostinato.errors import ParameterError
from ostinato.media import WorkingCopy, front, in_memory
from ostinato.memory import give_back
from ostinato.results import (
    Candidate,
    HeardLevel,
    Occurrence,
    OccurrenceName,
    OccurrencePlace,
    SongMatch,
    TimeMap,
    occurrence_of,
)
from ostinato.threads import in_threads, meanwhile

_SHORTEST_SONG_S = 1.0  # shorter stretches are not claimed
_WAVEFORM_SHARE = 0.75  # of the time that both searches take
MAX_MAP_ERROR_S = 0.05
"""Maps that predict the same song time to within this are one map: a room blurs by less."""


@dataclass(frozen=True, slots=True)
class Cues:
    """Occurrences of one song in order of film time, and the level of each, in the same order.

    `candidates` are what may be occurrences and does not count, the likeliest first.
    """

    occurrences: tuple[Occurrence, ...]
    levels: tuple[SongLevel, ...]
    candidates: tuple[Candidate, ...] = ()

    def of_song(self, song_id: str) -> "Cues":
        """Return the same with the song called as another study calls it."""
        return replace(
            self,
            occurrences=tuple(replace(one, song_id=song_id) for one in self.occurrences),
            candidates=tuple(replace(one, song_id=song_id) for one in self.candidates),
        )


def find_occurrences(
    film: WorkingCopy,
    track: Track,
    song: WorkingCopy,
    *,
    song_id: str,
    parameters: CueParameters,
    on_progress: Progress | None = None,
) -> Cues:
    """Find, trace and measure every occurrence of a song.

    Parameters
    ----------
    film : WorkingCopy
        The film.
    track : Track
        The same film, whitened by `write_track`.
    song : WorkingCopy
        The reference.
    song_id : str
        What to call it.
    parameters : CueParameters
        How.
    on_progress : callable, optional
        Told the fraction done.

    Returns
    -------
    Cues
        Not yet named: see `name_playings` and `name_candidates`. `level_re_speech_lu` and `scene`
        are None, since this room knows neither speech nor scenes.

    Raises
    ------
    ParameterError
        If the song is shorter than a second.
    """
    if song.duration_s < _SHORTEST_SONG_S:
        raise ParameterError(
            f"song of {song.duration_s:.2f} s",
            "it is shorter than a second, which chance can explain",
            "Give a longer part of the recording",
        )
    aligned = Aligned(film, song)
    missed: list[Missed] = []
    found = _places(
        track,
        reference_of(song),
        aligned,
        parameters=parameters,
        tell=on_progress or _untold,
        on_missed=missed.append,
    )
    found = tuple(in_threads(partial(_with_share, aligned, parameters=parameters), found))
    give_back()
    levels = _levels(film, song, found, parameters=parameters.level)
    occurrences = tuple(
        _occurrence(one, level, song_id=song_id, song_duration_s=song.duration_s)
        for one, level in zip(found, levels, strict=True)
    )
    candidates = candidates_of(
        missed,
        occurrences,
        song_id=song_id,
        song_duration_s=song.duration_s,
        parameters=parameters.missed,
    )
    return Cues(occurrences, levels, candidates)


def _places(
    track: Track,
    reference: Reference,
    aligned: Aligned,
    *,
    parameters: CueParameters,
    tell: Progress,
    on_missed: OnMissed,
) -> tuple[Found, ...]:
    """Find where a song is heard, by its waveform and by its spectrum."""
    found, alike = _met_and_alike(
        track, reference, parameters=parameters, tell=tell, on_missed=on_missed
    )
    played = alike.as_played(found)
    found = tuple(one for one in played if one.likeness == "waveform")
    attacks = [one for one in played if one.likeness != "waveform"]
    found = with_speeds_between(
        track,
        reference,
        found,
        alike.whole(found),
        detect=parameters.detect,
        trace_parameters=parameters.trace,
    )
    found = put_where_the_record_arrives(track, reference, found, parameters=parameters.carry)
    found = _joined(track, reference, aligned, found, parameters=parameters)
    found = _from_first_arrivals(aligned, found, parameters=parameters.arrival)
    found = _with_attacks(alike.beside(found), attacks)
    return link_pieces(found, parameters=parameters.link)


def _met_and_alike(
    track: Track,
    reference: Reference,
    *,
    parameters: CueParameters,
    tell: Progress,
    on_missed: OnMissed,
) -> tuple[tuple[Found, ...], Alike]:
    """Search by waveform, and by spectrum while the lines that the waveform shows are followed."""
    detect, speeds = parameters.detect, parameters.speeds
    lines, n_cells = candidate_lines(
        track,
        reference,
        speeds=speeds,
        parameters=detect,
        on_progress=lambda fraction: tell(_WAVEFORM_SHARE * fraction),
    )

    def alike(go_on: Callable[[], None]) -> Alike:
        def on_progress(fraction: float) -> None:
            go_on()
            tell(_WAVEFORM_SHARE + (1 - _WAVEFORM_SHARE) * fraction)

        return Alike(track, reference, parameters=parameters.spectral, on_progress=on_progress)

    with meanwhile(alike) as when_done:
        found = follow_lines(
            track,
            reference,
            lines,
            n_cells=n_cells,
            n_tries=len(speeds),
            detect=detect,
            trace_parameters=parameters.trace,
            on_missed=on_missed,
        )
        return found, when_done()


def _joined(
    track: Track,
    reference: Reference,
    aligned: Aligned,
    found: Sequence[Found],
    *,
    parameters: CueParameters,
) -> tuple[Found, ...]:
    """Join finds whose maps meet, to their ends, and put the knots where the blocks say."""
    joined = joined_where_they_meet(found, parameters=parameters.carry)
    joined = carried_to_their_ends(track, reference, joined, parameters=parameters.bend)
    return settled_knots(aligned, joined, parameters=parameters.bend)


def _with_attacks(found: Sequence[Found], attacks: Sequence[Found]) -> tuple[Found, ...]:
    """Keep what attacks alone show where the spectrum does not show the whole of it."""
    alone = [
        one
        for one in attacks
        if not any(one.start_s < other.end_s and other.start_s < one.end_s for other in found)
    ]
    return tuple(sorted([*found, *alone], key=lambda one: one.start_s))


def _untold(fraction: float) -> None:
    """Nobody asked."""


def _from_first_arrivals(
    aligned: Aligned, found: Sequence[Found], *, parameters: ArrivalParameters
) -> tuple[Found, ...]:
    """Let each map count from the first arrival, found from all the stretches that share it."""

    def delay_s(sharing: Sequence[Found]) -> float | None:
        return first_arrival_s(
            itertools.chain.from_iterable(
                aligned(stretch, steady) for one in sharing for stretch, steady in one.steady
            ),
            sample_rate_hz=RATE_HZ,
            parameters=parameters,
        )

    groups: dict[TimeMap, list[Found]] = {}
    for one in found:
        groups.setdefault(one.time_map, []).append(one)
    delays_s = dict(zip(groups, in_threads(delay_s, groups.values()), strict=True))
    out = [_from_first_arrival(one, delays_s[one.time_map] or 0.0, parameters) for one in found]
    ends_s = [0.0, *(one.end_s for one in out)]
    return tuple(one.after(end_s) for end_s, one in zip(ends_s, out, strict=False))


def _from_first_arrival(one: Found, delay_s: float, parameters: ArrivalParameters) -> Found:
    """Count song times from the first arrival; film times too, where an answer was followed."""
    is_far = delay_s < -parameters.far.nearest_s
    return one.moved(delay_s) if is_far else one.shifted(delay_s)


def _with_share(aligned: Aligned, one: Found, *, parameters: CueParameters) -> Found:
    """Say how much of the song is heard, and how far edges and song time may be off.

    A find of which little is heard is of a lower grade.
    """
    if one.likeness == "spectrum" or one.pieces:
        return replace(one, song_error_s=parameters.ringing.spliced_song_error_s)
    pairs = [pair for stretch, steady in one.steady for pair in aligned(stretch, steady)]
    explained = explained_share(pairs, parameters=parameters.explained, trace=parameters.trace)
    error_s = song_error_s(pairs, block_s=parameters.trace.lag_block_s)
    likeness = one.likeness
    if is_shared(explained, parameters=parameters.explained):
        likeness = "shared material?"
    share = stated_share(explained, parameters=parameters.explained)
    one = replace(one, explained_share=share, likeness=likeness, song_error_s=error_s)
    ringing = ringing_of(pairs, sample_rate_hz=RATE_HZ, parameters=parameters.ringing)
    return with_ringing(one, ringing, parameters=parameters.ringing)


def _levels(
    film: WorkingCopy, song: WorkingCopy, found: Sequence[Found], *, parameters: LevelParameters
) -> tuple[SongLevel, ...]:
    if not found:
        return ()
    mix, whole = front(film), front(song)
    reference = in_memory(whole.read(0, whole.n_samples), rate_hz=whole.rate_hz)

    def measured(one: Found) -> SongLevel:
        if one.likeness == "spectrum":
            return NOT_MEASURED
        if one.pieces:
            return joined_levels([measured(piece) for piece in one.pieces])
        return song_level(mix, reference, steady=one.steady, parameters=parameters)

    return tuple(in_threads(measured, found))


def _occurrence(
    found: Found, level: SongLevel, *, song_id: str, song_duration_s: float
) -> Occurrence:
    found = found.within_song(song_duration_s)
    time_map = found.time_map
    place = OccurrencePlace(
        film_start_s=found.start_s,
        film_end_s=found.end_s,
        # digits only: its film times lie within the song
        song_start_s=max(0.0, time_map.song_s(found.start_s)),
        song_end_s=min(song_duration_s, time_map.song_s(found.end_s)),
        speed=time_map.speed,
    )
    match = SongMatch(
        pitch=found.pitch,
        score=math.sqrt(2 * found.evidence),
        p_value=found.p_value,
        start_error_s=found.start_error_s,
        end_error_s=found.end_error_s,
        rivals_song_s=found.rivals_song_s,
        likeness=found.likeness,
        song_error_s=found.song_error_s,
        explained_share=found.explained_share,
        knots=found.knots,
    )
    heard = HeardLevel(level_lufs=level.level_lufs, low_hz=level.low_hz, high_hz=level.high_hz)
    return occurrence_of(song_id, place, match, heard)


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
    of_song: dict[str, list[Occurrence]] = {}
    n_playings = 0
    for number, one in enumerate(sorted(occurrences, key=_by_song), start=1):
        before = of_song.setdefault(one.song_id, [])
        same = next((earlier for earlier in reversed(before) if _share_a_map(earlier, one)), None)
        if same is None:
            n_playings += 1
        playing_id = f"P{n_playings}" if same is None else same.playing_id
        before.append(one.with_parts(OccurrenceName(id=f"O{number}", playing_id=playing_id)))
    named = itertools.chain.from_iterable(of_song.values())
    return tuple(sorted(named, key=lambda one: (one.film_start_s, one.song_id)))


def _by_song(one: Occurrence) -> tuple[int, str, float]:
    # S10 comes after S9
    return len(one.song_id), one.song_id, one.film_start_s


def _share_a_map(earlier: Occurrence, later: Occurrence) -> bool:
    """Tell whether a map carried on from one occurrence arrives where the other is."""
    if not (earlier.is_timed and later.is_timed):
        return False
    expected_s = earlier.time_map.song_s(later.film_start_s)
    return abs(expected_s - later.song.start_s) <= MAX_MAP_ERROR_S
