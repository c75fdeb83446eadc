"""What people say of a film, read from the files that a study names, and files exchanged."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ostinato.errors import OstinatoError, StudyError
from ostinato.measures import check_claims
from ostinato.media import probe
from ostinato.results import Scene
from ostinato.speech import Annotation, read_labels, read_subtitles
from ostinato.study import Study, read_scenes


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Labels, cues of subtitles and scenes, as their files have them."""

    labels: tuple[Annotation, ...] = ()
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
    return Said(
        labels=_read(study.labels, "labels", study),
        cues=_read(study.subtitles, "subtitles", study),
        scenes=_read(study.scenes, "scenes", study),
    )


def _read(path: Path | None, kind: str, study: Study) -> tuple[Any, ...]:
    if path is None:
        return ()
    readers: dict[str, Callable[[Path], Any]] = {
        "labels": partial(read_labels, film_name=study.film.name),
        "subtitles": partial(read_subtitles, parameters=study.parameters.speech),
        "scenes": read_scenes,
        "media": probe,
    }
    try:
        return tuple(readers.pop(kind)(path))
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
    "media": "a recording",
}
_PLACES = {
    "labels": "with --labels",
    "subtitles": "with --subtitles",
    "scenes": "with --scenes",
    "media": "as the film, or with --song",
}


def _recognised(path: Path, readers: dict[str, Callable[[Path], Any]]) -> str | None:
    """Return as what else a file can be read, if anything."""
    for kind, reader in readers.items():
        with suppress(OstinatoError):
            reader(path)
            return kind
    return None
