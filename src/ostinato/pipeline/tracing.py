"""What a person has added is followed in its own stretch of film, to learn what of the song it is.

The search is that of the whole film, held to the stretch and some seconds around it. What it finds
goes into the journal, as an entry of the program's, so that a later undo or run knows of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import soundfile as sf

from ostinato.cues import CueParameters, find_occurrences
from ostinato.errors import OstinatoError
from ostinato.media import WorkingCopy, default_cache_dir, open_working_copy
from ostinato.pipeline.film_sound import song_again
from ostinato.pipeline.inputs import film_track, open_film_of
from ostinato.pipeline.remeasure import recorded_parameters
from ostinato.results import Candidate, Occurrence, Results
from ostinato.review import Edit, Kept, edited, occurrence_content, open_journal
from ostinato.study import Study
from ostinato.timeline import Interval

TRACER = "the program"
"""Who writes in a journal what was traced."""
_AROUND_S = 20.0  # the search learns from it what chance is
_LEAST_SHARE = 0.5


def trace_added(
    journal: Kept, program: Results, study: Study, *, cache_dir: Path | None = None
) -> int:
    """Follow each occurrence that a person has added and whose song time is not known.

    Parameters
    ----------
    journal : Kept
        Of a folder of results, as it was read.
    program : Results
        What the program found.
    study : Study
        Where the film and its songs are.
    cache_dir : pathlib.Path, optional
        Where working copies are kept.

    Returns
    -------
    int
        For how many the song time is known now; it stands in the journal.

    Raises
    ------
    OstinatoError
        If the film or a song cannot be read.
    """
    results = edited(program, journal.state_for(program.film)).results
    added = [one for one in results.occurrences if not one.is_timed]
    if not added:
        return 0
    cache = default_cache_dir() if cache_dir is None else cache_dir
    film = open_film_of(study, cache_dir=cache)
    paths = {song.title: song.path for song in study.songs}
    titles = {song.id: song.title for song in program.songs}
    edits = []
    for one in added:
        song = open_working_copy(paths[titles[one.song_id]], cache_dir=cache)
        place = _traced(film, song, one, parameters=study.parameters.cues)
        if place is not None:
            edits.append(_edit(one, place, results))
    open_journal(journal.path.parents[1], program.film, who=TRACER).append(edits)
    return len(edits)


def followed(
    one: Occurrence, results: Results, film: WorkingCopy, folder: Path, *, cache_dir: Path
) -> Edit | None:
    """Follow one occurrence that a person has added, long after the film was analysed.

    Parameters
    ----------
    one : Occurrence
        Of the results, whose song time is not known.
    results : Results
        With what a person has said.
    film : WorkingCopy
        The sound that was analysed.
    folder : pathlib.Path
        Of the results, which says where songs were read.
    cache_dir : pathlib.Path
        Where working copies are kept.

    Returns
    -------
    Edit or None
        What says its song time, to be written by `TRACER`; None if the song is not found there.

    Raises
    ------
    OstinatoError
        If the song or the film is no longer to be had.
    """
    song = next(song for song in results.songs if song.id == one.song_id)
    copy = song_again(song, folder, results.film, cache_dir)
    cues = recorded_parameters(results, "cues", CueParameters) or CueParameters()
    place = _traced(film, copy, one, parameters=cues)
    return None if place is None else _edit(one, place, results)


def _edit(one: Occurrence, place: Occurrence | Candidate, results: Results) -> Edit:
    seen = occurrence_content(one, results)
    start_s = place.time_map.song_s(one.film_start_s)
    speed = place.time_map.speed
    becomes = replace(
        seen,
        song_start_s=max(0.0, start_s),
        song_end_s=start_s + one.film.duration_s * speed,
        speed=speed,
    )
    return Edit(
        on="occurrence",
        act="move",
        seen=(seen,),
        becomes=(becomes,),
        note=f"followed in the film's sound, z {place.score or 0.0:.1f}",
    )


def _traced(
    film: WorkingCopy, song: WorkingCopy, one: Occurrence, *, parameters: CueParameters
) -> Occurrence | Candidate | None:
    """Search a stretch of film for a song; what is found there, in the time of the whole film."""
    around = Interval(
        max(0.0, one.film_start_s - _AROUND_S), min(film.duration_s, one.film_end_s + _AROUND_S)
    )
    start, stop = (round(at_s * film.rate_hz) for at_s in (around.start_s, around.end_s))
    with TemporaryDirectory(prefix="ostinato-") as scratch:
        path = Path(scratch) / "stretch.wav"
        sf.write(path, film.mono(start, stop), film.rate_hz, subtype="FLOAT")
        copy = open_working_copy(path, cache_dir=Path(scratch))
        try:
            with film_track(copy) as track:
                cues = find_occurrences(
                    copy, track, song, song_id=one.song_id, parameters=parameters
                )
        except OstinatoError:
            return None  # so short or so quiet that nothing can be followed there
    shift_s = start / film.rate_hz
    found: tuple[Occurrence | Candidate, ...] = (*cues.occurrences, *cues.candidates)
    return _best([_shifted(place, shift_s) for place in found], one.film)


def _shifted(place: Occurrence | Candidate, by_s: float) -> Occurrence | Candidate:
    return replace(
        place, film_start_s=place.film_start_s + by_s, film_end_s=place.film_end_s + by_s
    )


def _best(
    places: Sequence[Occurrence | Candidate], film: Interval
) -> Occurrence | Candidate | None:
    """Return the strongest that has half of the stretch, or lies in it for half of itself."""
    within = []
    for place in places:
        shared = place.film.intersection(film)
        shorter_s = min(film.duration_s, place.film.duration_s)
        if shared is not None and shared.duration_s >= _LEAST_SHARE * shorter_s:
            within.append(place)
    return max(within, key=lambda place: place.score or 0.0, default=None)
