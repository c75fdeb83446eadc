"""Short excerpts of each occurrence, small enough to be put into a page, and playable there."""

import io
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
from numpy.typing import NDArray

from ostinato.errors import MediaError, StudyError
from ostinato.media import WorkingCopy
from ostinato.pipeline.excerpts import busiest, film_in
from ostinato.results import Excerpt, MomentaryLevel, Occurrence, Results
from ostinato.timeline import Interval

LONGEST_S = 10.0
"""Of an excerpt: enough to know a song by, and to hear whether it is there."""
_RATE_HZ = 24000  # of mono sound; all that tells one song from another lies below half of it
_QUALITY = 0.6  # some 50 kbit/s
_WAYS = (("MP3", "MPEG_LAYER_III", "audio/mpeg"), ("OGG", "OPUS", "audio/ogg"))
"""The first is played by every browser."""
_FADE_S = 0.02
_Reader = Callable[[Interval], tuple[NDArray[np.floating], int]]
"""Reads a stretch of film in mono, with its rate."""


def playable_excerpts(
    stems_dir: Path, results: Results, *, stems: Sequence[Path]
) -> tuple[Excerpt, ...]:
    """Cut up to ten seconds out of each occurrence: what the film plays there, in mono.

    Where a song was taken out, they are the seconds in which the softer of song and remainder is
    loudest; elsewhere those in the middle.

    Parameters
    ----------
    stems_dir : pathlib.Path
        Where the stems are that add up to the film.
    results : Results
        Of the same run.
    stems : sequence of pathlib.Path
        Those in there that are of this run.

    Returns
    -------
    tuple of Excerpt
        One for each occurrence, in order of film time.

    Raises
    ------
    StudyError
        If there is no occurrence, or no stems were written.
    MediaError
        If stems cannot be read.
    """
    if not results.occurrences:
        raise StudyError(
            str(stems_dir.parent),
            "no song was detected in it, so that there is nothing to play",
            "Leave out --embed-excerpts",
        )
    paths = {path.stem: path for path in sorted(stems)}
    if "remainder" not in paths:
        raise StudyError(str(stems_dir), "the stems are not there", "Analyse again with --stems")

    def read(stretch: Interval) -> tuple[NDArray[np.floating], int]:
        y, rate_hz = film_in(paths, stretch)
        return y.mean(axis=1), rate_hz

    try:
        return _cut(results, read)
    except (OSError, sf.LibsndfileError) as error:
        raise MediaError(
            str(stems_dir), f"stems cannot be read ({error})", "Analyse again with --stems"
        ) from error


def excerpts_of_sound(film: WorkingCopy, results: Results) -> tuple[Excerpt, ...]:
    """Cut up to ten seconds out of each occurrence, as `playable_excerpts`, from the film itself.

    Parameters
    ----------
    film : WorkingCopy
        Of the film that the results are of.
    results : Results
        Which may hold no occurrence.

    Returns
    -------
    tuple of Excerpt
        One for each occurrence, in order of film time.
    """

    def read(stretch: Interval) -> tuple[NDArray[np.floating], int]:
        first, stop = (round(at_s * film.rate_hz) for at_s in (stretch.start_s, stretch.end_s))
        return film.mono(max(0, first), max(0, stop)), film.rate_hz

    return _cut(results, read)


def _cut(results: Results, read: _Reader) -> tuple[Excerpt, ...]:
    rows: dict[str, list[MomentaryLevel]] = defaultdict(list)
    for row in results.song_levels:
        rows[row.occurrence_id].append(row)
    ordered = sorted(results.occurrences, key=lambda one: (one.film_start_s, one.id))
    return tuple(_excerpt(one, rows[one.id], read) for one in ordered)


def _excerpt(one: Occurrence, rows: Sequence[MomentaryLevel], read: _Reader) -> Excerpt:
    stretch = _stretch(one, rows)
    y, rate_hz = read(stretch)
    data, media_type = _encoded(y, rate_hz)
    return Excerpt(
        occurrence_id=one.id,
        start_s=stretch.start_s,
        end_s=stretch.end_s,
        media_type=media_type,
        data=data,
    )


def _stretch(one: Occurrence, rows: Sequence[MomentaryLevel]) -> Interval:
    """Return at most ten seconds, none of them outside the occurrence."""
    if one.film.duration_s <= LONGEST_S:
        return one.film
    loud = busiest(rows, duration_s=LONGEST_S)
    middle_s = (one.film_start_s + one.film_end_s - LONGEST_S) / 2
    start_s = middle_s if loud is None else loud.start_s
    start_s = min(max(start_s, one.film_start_s), one.film_end_s - LONGEST_S)
    return Interval(start_s, start_s + LONGEST_S)


def _encoded(y: NDArray[np.floating], rate_hz: int) -> tuple[bytes, str]:
    y = np.asarray(soxr.resample(y, rate_hz, _RATE_HZ)).clip(-1.0, 1.0)
    n_fade = min(round(_FADE_S * _RATE_HZ), y.size // 2)
    if n_fade:  # a cut in the middle of a wave is heard as a click
        ramp = np.linspace(0.0, 1.0, n_fade)
        y[:n_fade] *= ramp
        y[-n_fade:] *= ramp[::-1]
    known = sf.available_formats()
    form, subtype, media_type = _WAYS[0] if _WAYS[0][0] in known else _WAYS[1]
    buffer = io.BytesIO()
    sf.write(buffer, y, _RATE_HZ, format=form, subtype=subtype, compression_level=_QUALITY)
    return buffer.getvalue(), media_type
