"""Subtitles are put in step with the film before they decide anything, or refused."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ostinato.errors import StudyError
from ostinato.pipeline.inputs import Opened
from ostinato.results import SubtitleBreak, SubtitleCheck, Subtitles
from ostinato.speech import Activity, Alignment, Annotation, Synchrony, moved, synchrony
from ostinato.study import Study
from ostinato.timeline import timecode

_AS_THEY_ARE = "`--subtitle-shift 0` takes the times as they are"


def in_step(study: Study, opened: Opened, activity: Activity) -> tuple[Opened, Subtitles | None]:
    """Compare subtitles with the talk that was detected, and move them where that is plain.

    Raises StudyError if they plainly belong to another film, or are out of step and it is not plain
    how far.
    """
    path, read = study.subtitles, opened.subtitles
    if path is None or read is None:
        return opened, None
    cues = [one for one in opened.annotations if one.source == "subtitles"]
    found = synchrony(cues, activity, parameters=study.parameters.speech)
    is_given = study.subtitle_shift_s is not None or study.subtitle_speed is not None
    if opened.film.truncated_at_s is None and not (found.is_moved and not is_given):
        _refuse_beyond(path, cues, activity.duration_s)
    if not is_given:
        _refuse(path, found)
    is_corrected = found.is_moved and not is_given
    if is_corrected and found.alignment is not None:
        rest = tuple(one for one in opened.annotations if one.source != "subtitles")
        opened = replace(opened, annotations=(*rest, *moved(cues, found.alignment)))
    record = Subtitles(
        name=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        format=read.format,
        n_cues=read.n_cues,
        n_tagged=read.n_tagged,
        n_italic=read.n_italic,
        n_unspoken=read.n_unspoken,
        n_skipped=read.n_skipped,
        italics=study.parameters.speech.italics,
        check=_check(found, is_given=is_given),
        corrected=is_corrected,
        agrees=None if found.verdict == "unknown" else found.verdict == "fits",
        given_shift_s=study.subtitle_shift_s,
        given_speed=study.subtitle_speed,
    )
    return opened, _with_times(record, found)


def _with_times(record: Subtitles, found: Synchrony) -> Subtitles:
    """Note what is known of the times; nothing where the best fit may be chance."""
    alignment = found.alignment
    if alignment is None or found.verdict not in {"fits", "moved"}:
        return record
    return replace(
        record,
        shift_s=alignment.shifts_s[0],
        speed=alignment.speed,
        breaks=tuple(
            SubtitleBreak(film_s=round(start_s * alignment.speed + shift_s, 3), shift_s=shift_s)
            for start_s, shift_s in zip(alignment.starts_s, alignment.shifts_s, strict=True)
            if np.isfinite(start_s)
        ),
        certainty=found.certainty,
    )


def _check(found: Synchrony, *, is_given: bool) -> SubtitleCheck:
    if is_given:
        return "as the study says"
    if found.verdict == "fits":
        return "fits"
    return "corrected" if found.is_moved else "could not be checked"


def _refuse_beyond(path: Path, cues: Sequence[Annotation], duration_s: float) -> None:
    first_s = min(cue.interval.start_s for cue in cues)
    if first_s >= duration_s:
        raise StudyError(
            str(path),
            f"its first cue is at {timecode(first_s)} and the film ends at {timecode(duration_s)}",
            "Give the subtitles of the edition that is analysed",
        )


def _refuse(path: Path, found: Synchrony) -> None:
    if found.verdict == "another film":
        raise StudyError(
            str(path),
            "its cues do not follow the speech of this film at any shift or speed, so they seem to "
            "be those of another film",
            "Give the subtitles of this film; if they are, say how far they are off with "
            f"--subtitle-shift and --subtitle-speed ({_AS_THEY_ARE})",
        )
    if found.verdict == "unsure":
        raise StudyError(
            str(path),
            "its cues do not follow the speech of this film as they are"
            + (f", and {_guess(found.alignment)} is no sure guess" if found.alignment else "")
            + "; they may also be those of another film",
            "If they are this film's, find out how far they are off and say it "
            f"with --subtitle-shift and --subtitle-speed ({_AS_THEY_ARE})",
        )


def _guess(alignment: Alignment) -> str:
    return f"a shift of {alignment.shifts_s[0]:.1f} s at speed {alignment.speed:.5g}"
