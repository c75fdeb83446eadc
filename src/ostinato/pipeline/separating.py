"""Songs are taken out of the film, the loudest first."""

import math
from collections.abc import Callable, Sequence
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
    """Take every occurrence out of the film, the loudest first."""
    rate_hz = film.sample_rate_hz
    stems: dict[str, Stem] = {}
    taken: dict[str, Taken] = {}
    levels: dict[str, StemLevels] = {}
    n_done = 0.0
    total_s = sum(one.film.duration_s for one in occurrences)
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
        read = remainder(front(film), [stems[k] for k in stems if taken[k].grade == "cancelled"])
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
        taken[one.id] = how
        if how.grade != "left alone":
            stems[one.id] = stem
        if how.fader is not None:
            levels[one.id] = stem_levels(
                read, stem, start_sample=first, stop_sample=stop, rate_hz=rate_hz
            )
        n_done += one.film.duration_s
        on_progress(n_done / total_s)
    separations = tuple(_record(one.id, taken[one.id]) for one in occurrences)
    return Separated(
        name=name,
        separations=separations,
        song_levels=tuple(
            row
            for one in occurrences
            for row in _momentary(one.id, levels.get(one.id), taken[one.id])
        ),
        levels=levels,
        stems=stems,
        cancelled=cancelled_in(occurrences, separations),
    )


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
