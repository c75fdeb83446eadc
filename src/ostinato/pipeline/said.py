"""What people say of a film, read from the files that a study names, and files exchanged."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ostinato.errors import OstinatoError, StudyError
from ostinato.measures import check_claims
from ostinato.media import probe
from ostinato.results import SampledLabel, Scene
from ostinato.speech import (
    Alignment,
    Annotation,
    SubtitleFile,
    moved,
    read_labels_and_sample,
    read_subtitle_file,
)
from ostinato.study import Study, read_scenes, read_study


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Labels and scenes as their files have them, and cues where the study says they belong."""

    labels: tuple[Annotation, ...] = ()
    sample: tuple[SampledLabel, ...] = ()
    subtitles: SubtitleFile | None = None
    cues: tuple[Annotation, ...] = ()
    scenes: tuple[Scene, ...] = ()


def read_said(study: Study) -> Said:
    """Read labels, subtitles and scenes, and check what is claimed.

    Parameters
    ----------
    study : Study
        Which files there are.

    Returns
    -------
    Said
        Not yet compared with the film.

    Raises
    ------
    StudyError
        If a file cannot be used, or seems to be exchanged for another one; or a claim is about a
        song that is not looked for.
    """
    check_claims(study.claims, [song.title for song in study.songs])
    labels, sample = _read(study.labels, "labels", study) or ((), ())
    subtitles: SubtitleFile | None = _read(study.subtitles, "subtitles", study)
    return Said(
        labels=labels,
        sample=sample,
        subtitles=subtitles,
        cues=() if subtitles is None else _placed(study, subtitles.cues),
        scenes=_read(study.scenes, "scenes", study) or (),
    )


def _placed(study: Study, cues: Sequence[Annotation]) -> tuple[Annotation, ...]:
    """Place cues where the study says that they belong."""
    shift_s, speed = study.subtitle_shift_s or 0.0, study.subtitle_speed or 1.0
    if (shift_s, speed) == (0.0, 1.0):
        return tuple(cues)
    placed = moved(cues, Alignment(speed=speed, shifts_s=(shift_s,)))
    if not placed:
        raise StudyError(
            f"shift of the subtitles {shift_s} s",
            "it moves every cue before the film begins",
            "Give the seconds by which cues are too early; a minus sign moves them back",
        )
    return placed


def _read(path: Path | None, kind: str, study: Study) -> Any:  # noqa: ANN401 - as its reader gives
    if path is None:
        return None
    readers: dict[str, Callable[[Path], Any]] = {
        "labels": partial(read_labels_and_sample, film_name=study.film.name),
        "subtitles": partial(read_subtitle_file, parameters=study.parameters.speech),
        "scenes": read_scenes,
        "study": read_study,
        "media": probe,
    }
    try:
        return readers.pop(kind)(path)
    except StudyError as error:
        other = _recognised(path, readers)
        if other is None:
            raise
        raise StudyError(
            str(path),
            f"it was given as {kind}, and is {_NAMES[other]}",
            f"Give it {_PLACES[other]}",
        ) from error


_NAMES = {
    "labels": "a file of labels",
    "subtitles": "a file of subtitles",
    "scenes": "a table of scenes",
    "study": "a study",
    "media": "a recording",
}
_PLACES = {
    "labels": "with --labels",
    "subtitles": "with --subtitles",
    "scenes": "with --scenes",
    "study": "with --study",
    "media": "as the film, or with --song",
}


def _recognised(path: Path, readers: dict[str, Callable[[Path], Any]]) -> str | None:
    """Return as what else a file can be read, if anything."""
    for kind, reader in readers.items():
        with suppress(OstinatoError):
            reader(path)
            return kind
    return None
