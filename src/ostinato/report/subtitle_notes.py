"""What was read of the subtitles, and how they stand to the film, in sentences."""

from collections.abc import Iterator
from typing import Protocol

from ostinato.report.wording import count
from ostinato.results import Subtitles
from ostinato.timeline import timecode

_SMALL_S = 0.05


class Counted(Protocol):
    """Cues of a subtitle file, counted."""

    @property
    def n_cues(self) -> int:
        """All that are shown."""

    @property
    def n_tagged(self) -> int:
        """Those that are narration by tag."""

    @property
    def n_italic(self) -> int:
        """Those in italics."""

    @property
    def n_unspoken(self) -> int:
        """Those of lyrics, signs and sounds."""

    @property
    def n_skipped(self) -> int:
        """Those that could not be read."""


def read_of_subtitles(subtitles: Subtitles) -> Iterator[str]:
    """Say what was read of a subtitle file, and whether it is in step with the film."""
    yield f"Subtitles: {subtitles.name} ({subtitles.format}), {cues_as_read(subtitles)}"
    yield from (f"  {line}" for line in cues_left_out(subtitles))
    yield f"  {_times(subtitles)}"
    if subtitles.n_italic and subtitles.italics == "narration":
        yield (
            "  Italics are taken for narration, as the study says. How often that is right is not "
            "known: draw a sample with `ostinato label`, and label it."
        )
    elif subtitles.n_italic:
        yield "  Italics are evidence and decide nothing (--italics narration lets them)."


def cues_as_read(read: Counted) -> str:
    """Say how many cues there are, and of which kinds.

    Parameters
    ----------
    read : Counted
        A subtitle file, or its record in results.

    Returns
    -------
    str
        A sentence without subject.
    """
    return (
        f"{count(read.n_cues, 'cue')}: {read.n_tagged:,} tagged as narration, "
        f"{read.n_italic:,} italic, {read.n_unspoken:,} of lyrics, signs or sounds."
    )


def cues_left_out(read: Counted) -> Iterator[str]:
    """Say how many cues could not be read.

    Parameters
    ----------
    read : Counted
        A subtitle file, or its record in results.

    Yields
    ------
    str
        A sentence; none where all were read.
    """
    if read.n_skipped:
        were = "was" if read.n_skipped == 1 else "were"
        yield f"{count(read.n_skipped, 'cue')} could not be read and {were} left out."


def _times(subtitles: Subtitles) -> str:
    if subtitles.check == "as the study says":
        return _given(subtitles)
    if subtitles.check == "could not be checked":
        return (
            "Whether their times fit this film could not be checked: too little speech, too few "
            "cues, or a part of them fits less well. They are taken as they are."
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
    more = f" It would fit with this correction: {_move(subtitles)}." if subtitles.shift_s else ""
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
