"""A rehearsal: all that an analysis checks before it begins, without decoding a long film.

Recordings that are short are decoded into a folder of their own, which goes again, so that they
are compared as they will be; of a long film the beginning is decoded, and its length is what its
container states.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import MediaError, StudyError
from ostinato.media import Glance, WorkingCopy, glance, open_working_copy
from ostinato.pipeline.inputs import (
    check_double,
    check_length,
    check_times,
    compared,
)
from ostinato.pipeline.said import Said, read_said
from ostinato.results import Hashes
from ostinato.speech import check_film_of_labels
from ostinato.study import Study

_SHORT_S = 900.0  # a song, or an excerpt of a film: some seconds to decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What was looked at; `left_unseen` says what only the run itself can check.

    `pcm_sha256` is of the film's sound, None where it is too long to be decoded for this.
    """

    film: Glance
    pcm_sha256: str | None
    songs: tuple[Glance, ...]
    said: Said
    left_unseen: str | None


def rehearse(study: Study, *, cache_dir: Path) -> Rehearsed:
    """Check what an analysis of a study would check before it begins.

    Parameters
    ----------
    study : Study
        What would be analysed.
    cache_dir : pathlib.Path
        Where working copies are kept; nothing is written there.

    Returns
    -------
    Rehearsed
        What was found.

    Raises
    ------
    OstinatoError
        What the analysis itself would raise.
    """
    said = read_said(study)
    stems = () if study.speech_stem is None else (study.speech_stem,)
    paths = (study.film, *(song.path for song in study.songs), *stems)
    seen = [
        glance(path, stream=None if i else study.stream, cache_dir=cache_dir)
        for i, path in enumerate(paths)
    ]
    _check_hashes(study, seen)
    if study.labels is not None:
        check_film_of_labels(study.labels, Hashes(sha256=seen[0].sha256))
    film, songs = seen[0], tuple(seen[1 : 1 + len(study.songs)])
    are_short = [one.duration_s is not None and one.duration_s <= _SHORT_S for one in seen]
    with tempfile.TemporaryDirectory(prefix="ostinato-") as scratch:
        copies = [
            _decoded(study, i, one, Path(scratch)) if is_short else None
            for i, (one, is_short) in enumerate(zip(seen, are_short, strict=True))
        ]
        left = _compared(study, said, film, copies)
        pcm_sha256 = None if copies[0] is None else copies[0].pcm_sha256
    return Rehearsed(film=film, pcm_sha256=pcm_sha256, songs=songs, said=said, left_unseen=left)


def _decoded(study: Study, index: int, seen: Glance, cache_dir: Path) -> WorkingCopy:
    if index:
        return open_working_copy(seen.path, cache_dir=cache_dir)
    return open_working_copy(
        seen.path,
        stream=study.stream,
        channel=study.channel,
        clock=study.clock,
        cache_dir=cache_dir,
    )


def _compared(
    study: Study, said: Said, film: Glance, copies: list[WorkingCopy | None]
) -> str | None:
    """Compare all that is decoded; say what is left to compare."""
    own = copies[1 : 1 + len(study.songs)]
    for named, copy in zip(study.songs, own, strict=True):
        if copy is not None:
            check_length(study, named, copy)
    decoded = [copy for copy in copies if copy is not None]
    if len(decoded) == len(copies):
        compared(study, said, decoded)
        return None
    songs = [copy for copy in own if copy is not None]
    if len(songs) == len(study.songs):
        for index in range(len(songs)):
            check_double(study, songs, index)
    if film.duration_s is None:
        return "Its length is not stated, so that times were not compared with it."
    check_times(study, said, film.duration_s)
    return (
        "The length is what the file states, and only its beginning was decoded: damage, silence "
        "and a true end before that show when it is decoded."
    )


def _check_hashes(study: Study, seen: list[Glance]) -> None:
    """Refuse files that are copies of each other, however long they are."""
    film, *songs = seen[: 1 + len(study.songs)]
    for index, (named, song) in enumerate(zip(study.songs, songs, strict=True)):
        thing = f"song {named.title!r} ({named.path})"
        if song.sha256 == film.sha256:
            raise StudyError(
                thing, "it is the film itself", "Give a recording of the song alone with --song"
            )
        for other in range(index):
            if songs[other].sha256 == song.sha256:
                raise StudyError(
                    thing,
                    f"it is the same recording as {study.songs[other].title!r}",
                    "Give each recording once",
                )


def check_room(cache_dir: Path, *, n_bytes: int, n_free: int) -> None:
    """Refuse what does not find room in the cache.

    Parameters
    ----------
    cache_dir : pathlib.Path
        The cache.
    n_bytes, n_free : int
        What working copies take, and what is free there.

    Raises
    ------
    MediaError
        If the one is more than the other.
    """
    if n_bytes > n_free:
        raise MediaError(
            f"cache folder {cache_dir}",
            f"the working copies take {n_bytes / 1e9:.1f} GB and {n_free / 1e9:.1f} GB are free",
            "Free some space, or choose a cache folder on another disk with --cache",
        )
