"""Songs are taken out of the film, the loudest first."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ostinato.media import WorkingCopy
from ostinato.pipeline.cache import Cache
from ostinato.pipeline.clock import Running
from ostinato.pipeline.listening import heard_before
from ostinato.pipeline.opening import Opened
from ostinato.pipeline.profiling import profiled_before
from ostinato.pipeline.separated import (
    Separated,
    cancelled_in,
    front,
    load_separated,
    save_separated,
)
from ostinato.pipeline.voicing import printed_before
from ostinato.results import MomentaryLevel, Occurrence, Separation
from ostinato.separation import (
    Recording,
    SeparationParameters,
    Stem,
    StemLevels,
    Taken,
    momentary_levels,
    new_stem,
    remainder,
    stem_levels,
    take_out,
)
from ostinato.study import Study
from ostinato.threads import in_threads
from ostinato.version import VERSION


def separate(
    study: Study,
    opened: Opened,
    occurrences: Sequence[Occurrence],
    *,
    cache: Cache,
    make_folder: Callable[[], Path],
    is_wanted: bool,
    running: Running,
) -> Separated:
    """Take songs out, unless it was done before and what was taken out is not needed.

    Parameters
    ----------
    study : Study
        What is studied.
    opened : Opened
        Its recordings.
    occurrences : sequence of Occurrence
        Named, in order of film time.
    cache : Cache
        Where to keep what came of it.
    make_folder : callable
        Makes the folder for what is taken out; a run that knows it all needs none.
    is_wanted : bool
        Whether somebody wants to hear it.
    running : Running
        The stage that this is.

    Returns
    -------
    Separated
        With stems if they are needed.
    """
    entry = cache.entry(
        "separation",
        version=VERSION,
        film=opened.film.pcm_sha256,
        songs=[copy.pcm_sha256 for copy in opened.songs],
        occurrences=occurrences,
        parameters=study.parameters.separation,
    )
    known = load_separated(entry, occurrences)
    listens = "speech" in study.stages and not (
        heard_before(cache, opened, entry.stem)
        and profiled_before(cache, opened.film, entry.stem)
        and printed_before(study, opened, entry.stem, cache=cache)
    )
    if known is not None and not (known.is_anything_taken and (is_wanted or listens)):
        return known
    running.has_worked = True
    separated = _separate(
        opened.film,
        {f"S{number}": copy for number, copy in enumerate(opened.songs, start=1)},
        occurrences,
        name=entry.stem,
        folder=make_folder(),
        parameters=study.parameters.separation,
        on_progress=running.tell,
    )
    save_separated(entry, separated)
    return separated


def _separate(
    film: WorkingCopy,
    songs: dict[str, WorkingCopy],
    occurrences: Sequence[Occurrence],
    *,
    name: str,
    folder: Path,
    parameters: SeparationParameters,
    on_progress: Callable[[float], None],
) -> Separated:
    """Take every occurrence out of the film, those that share film the loudest first."""

    def take(group: Sequence[Occurrence]) -> dict[str, _Out]:
        return _taken_out(film, songs, group, folder=folder, parameters=parameters)

    out: dict[str, _Out] = {}
    n_done = 0.0
    total_s = sum(one.film.duration_s for one in occurrences)
    groups = _apart(occurrences)
    for group, some in zip(groups, in_threads(take, groups, most=_MOST_AT_ONCE), strict=True):
        out |= some
        n_done += sum(one.film.duration_s for one in group)
        on_progress(n_done / total_s)
    ordered = {one.id: out[one.id] for one in sorted(occurrences, key=_loudest_first)}
    separations = tuple(_record(one.id, out[one.id].how) for one in occurrences)
    levels = {name: one.levels for name, one in ordered.items() if one.levels is not None}
    return Separated(
        name=name,
        separations=separations,
        song_levels=tuple(
            row
            for one in occurrences
            for row in _momentary(one.id, levels.get(one.id), out[one.id].how)
        ),
        levels=levels,
        stems={name: one.stem for name, one in ordered.items() if one.how.grade != "left alone"},
        cancelled=cancelled_in(occurrences, separations),
    )


_MOST_AT_ONCE = 2  # each takes a quarter of a gigabyte
_REACH_S = 1.0  # of film beside an occurrence that its fit may see, and more


@dataclass(frozen=True, slots=True, eq=False)
class _Out:
    """What was taken out, how, and how loud it was."""

    stem: Stem
    how: Taken
    levels: StemLevels | None


def _apart(occurrences: Sequence[Occurrence]) -> list[list[Occurrence]]:
    """Return groups of occurrences that share no film, each in order of film time."""
    groups: list[list[Occurrence]] = []
    last_s = -math.inf
    for one in sorted(occurrences, key=lambda one: one.film):
        if one.film_start_s > last_s + _REACH_S:
            groups.append([])
        groups[-1].append(one)
        last_s = max(last_s, one.film_end_s)
    return groups


def _taken_out(
    film: WorkingCopy,
    songs: dict[str, WorkingCopy],
    occurrences: Sequence[Occurrence],
    *,
    folder: Path,
    parameters: SeparationParameters,
) -> dict[str, _Out]:
    """Take occurrences that share film out of it, the loudest first."""
    rate_hz = film.sample_rate_hz
    out: dict[str, _Out] = {}
    for one in sorted(occurrences, key=_loudest_first):
        first = round(one.film_start_s * rate_hz)
        stop = min(film.n_samples, round(one.film_end_s * rate_hz))
        stem = new_stem(
            folder / f"{one.id}.f32",
            start_sample=first,
            n_samples=stop - first,
            n_channels=len(film.channel_names[:2]),
        )
        # a song under another one is looked for in what that one has left
        before = [done.stem for done in out.values() if done.how.grade == "cancelled"]
        read = remainder(front(film), before)
        copy = songs[one.song_id]
        how = take_out(
            read,
            Recording(read=front(copy), rate_hz=copy.sample_rate_hz),
            rate_hz=rate_hz,
            stretch=one.film,
            time_map=one.time_map,
            pitch=one.pitch,
            stem=stem,
            parameters=parameters,
        )
        levels = None
        if how.fader is not None:
            levels = stem_levels(read, stem, start_sample=first, stop_sample=stop, rate_hz=rate_hz)
        out[one.id] = _Out(stem, how, levels)
    return out


def _loudest_first(one: Occurrence) -> tuple[float, float]:
    # what was met by its spectrum alone has no level, and hides less than it is hidden by
    return (math.inf if one.level_lufs is None else -one.level_lufs, one.film_start_s)


def _momentary(
    occurrence_id: str, levels: StemLevels | None, taken: Taken
) -> tuple[MomentaryLevel, ...]:
    if levels is None or taken.fader is None or taken.quality is None:
        return ()
    return momentary_levels(
        occurrence_id, levels, taken.fader, reduction_db=taken.quality.reduction_db
    )


def _record(occurrence_id: str, taken: Taken) -> Separation:
    quality = taken.quality
    return Separation(
        occurrence_id=occurrence_id,
        grade=taken.grade,
        reduction_db=None if quality is None else quality.reduction_db,
        coherence=None if quality is None else quality.coherence,
        held_out_gain_db=None if quality is None else quality.gain_db,
        share_on_line=taken.share_on_line,
        drift_ppm=taken.drift_ppm,
        response=None if taken.is_room is None else ("room" if taken.is_room else "dry"),
        edits_s=taken.edits_s,
    )
