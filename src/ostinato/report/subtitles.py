"""What was read of the subtitles, and how they stand to the film, in sentences."""

from collections.abc import Iterator

from ostinato.report.wording import count
from ostinato.results import Subtitles
from ostinato.timeline import timecode

_SMALL_S = 0.05


def read_of_subtitles(subtitles: Subtitles) -> Iterator[str]:
    """Say what was read of a subtitle file, and whether it is in step with the film.

    Parameters
    ----------
    subtitles : Subtitles
        Of results.

    Yields
    ------
    str
        Lines for a terminal, the first without indent.
    """
    yield (
        f"Subtitles: {subtitles.name} ({subtitles.format}), {count(subtitles.n_cues, 'cue')}: "
        f"{subtitles.n_tagged:,} tagged as narration, {subtitles.n_italic:,} italic, "
        f"{subtitles.n_unspoken:,} of lyrics, signs or sounds."
    )
    if subtitles.n_skipped:
        yield f"  {count(subtitles.n_skipped, 'cue')} could not be read and was left out."
    yield f"  {_times(subtitles)}"
    if subtitles.n_italic and subtitles.italics == "narration":
        yield (
            "  Italics are taken for narration, as the study says. How often that is right is not "
            "known: draw a sample with `ostinato label`, and label it."
        )
    elif subtitles.n_italic:
        yield "  Italics are evidence and decide nothing (--italics narration lets them)."


def _times(subtitles: Subtitles) -> str:
    if subtitles.check == "as the study says":
        return _given(subtitles)
    if subtitles.check == "could not be checked":
        return (
            "Whether their times fit this film could not be checked: too little speech, or too few "
            "cues. They are taken as they are."
        )
    sure = f" (certainty {subtitles.certainty:.2%})" if subtitles.certainty is not None else ""
    if subtitles.check == "fits":
        return f"Their times fit the detected speech to within half a second{sure}."
    return f"Their times were corrected by the detected speech{sure}: {_move(subtitles)}."


def _given(subtitles: Subtitles) -> str:
    shift_s, speed = subtitles.given_shift_s or 0.0, subtitles.given_speed or 1.0
    how = (
        f"Their times are multiplied by {speed:.5g} and moved by {shift_s:+g} s, as the study says"
    )
    if subtitles.agrees is None:
        return f"{how}; whether that fits the detected speech could not be checked."
    if subtitles.agrees:
        return f"{how}; that fits the detected speech."
    more = f" It would fit with this besides: {_move(subtitles)}." if subtitles.shift_s else ""
    return f"{how}, but that does not fit the detected speech.{more}"


def _move(subtitles: Subtitles) -> str:
    parts = []
    if subtitles.speed is not None and subtitles.speed != 1.0:
        parts.append(f"multiplied by {subtitles.speed:.5f}")
    if subtitles.shift_s is not None and (abs(subtitles.shift_s) > _SMALL_S or not parts):
        parts.append(f"moved by {subtitles.shift_s:+.2f} s")
    parts += [
        f"from {timecode(max(0.0, one.film_s))} on by {one.shift_s:+.2f} s"
        for one in subtitles.breaks
    ]
    return ", ".join(parts)
