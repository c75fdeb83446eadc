"""One occurrence of a song is taken out of the film and graded."""

from dataclasses import dataclass

from ostinato.media import Signal
from ostinato.results import Grade, TimeMap
from ostinato.separation.fader import Fader
from ostinato.separation.mapping import ExactMap, exact_map
from ostinato.separation.parameters import GradeParameters, SeparationParameters
from ostinato.separation.passes import Cancellation, Task, cancel_pieces, mask_stretch
from ostinato.separation.quality import Quality
from ostinato.separation.stems import Stem
from ostinato.timeline import Interval


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taken:
    """How one occurrence was taken out.

    Parameters
    ----------
    grade : str
        Cancelled, masked, or left alone.
    quality : Quality or None
        Of the cancellation, if it was tried.
    share_on_line : float or None
        Of the blocks whose lag lies on the map, if it was tried.
    drift_ppm : float or None
        By which the speed was off, if it was cancelled.
    is_room : bool or None
        Whether the song answers for longer than one frame, if it was cancelled.
    edits_s : tuple of float
        Film times at which the song was cut.
    fader : Fader or None
        How far the film has the song up, if it was cancelled.
    """

    grade: Grade
    quality: Quality | None = None
    share_on_line: float | None = None
    drift_ppm: float | None = None
    is_room: bool | None = None
    edits_s: tuple[float, ...] = ()
    fader: Fader | None = None


def take_out(
    film: Signal,
    song: Signal,
    *,
    stretch: Interval,
    time_map: TimeMap,
    pitch: float | None,
    stem: Stem,
    parameters: SeparationParameters,
) -> Taken:
    """Take one occurrence out of the film.

    Parameters
    ----------
    film, song : Signal
        Mono or stereo; the song is the reference.
    stretch : Interval
        Film time in which the song is heard.
    time_map : TimeMap
        Where in the song it is then, to some milliseconds.
    pitch : float or None
        Pitch of the film's copy; None or the speed unless the copy was stretched.
    stem : Stem
        Written with the song.
    parameters : SeparationParameters
        How.

    Returns
    -------
    Taken
        With its grade.
    """
    task = Task(film=film, song=song, stem=stem, parameters=parameters.cancel)
    quality, share = None, None
    if pitch is None or abs(pitch / time_map.speed - 1) < _LEAST_STRETCH:
        whole = exact_map(film, song, stretch, time_map, parameters=parameters.align)
        tried = cancel_pieces(task, whole.pieces)
        if _is_cancelled(tried, parameters.grade):
            return _cancelled(tried, whole, time_map)
        quality, share = tried.quality, whole.share_on_line
    likeness = mask_stretch(task, time_map, pitch=time_map.speed if pitch is None else pitch)
    is_like = likeness >= parameters.grade.least_likeness
    return Taken(grade="masked" if is_like else "left alone", quality=quality, share_on_line=share)


_LEAST_STRETCH = 1e-3  # less is what the pitch of a copy is uncertain by


def _is_cancelled(tried: Cancellation, parameters: GradeParameters) -> bool:
    return (
        tried.quality.coherence >= parameters.least_coherence
        and tried.quality.best_db >= parameters.least_reduction_db
        and tried.waver_s <= parameters.most_waver_s
    )


def _cancelled(tried: Cancellation, whole: ExactMap, given: TimeMap) -> Taken:
    return Taken(
        grade="cancelled",
        quality=tried.quality,
        share_on_line=whole.share_on_line,
        drift_ppm=1e6 * (whole.pieces[0].time_map.speed / given.speed - 1),
        is_room=tried.is_room,
        edits_s=tuple(piece.film.start_s for piece in whole.pieces[1:]),
        fader=tried.fader,
    )
