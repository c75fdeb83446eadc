"""Which films are searched for which songs: studies, or all films of a folder for all its songs."""

import glob
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ostinato.corpus.remote import Source, is_address, sources_at
from ostinato.errors import MediaError, OstinatoError, StudyError
from ostinato.legible import as_text
from ostinato.study import SongFile, Study, read_study
from ostinato.system_errors import in_words

_STUDY = "study.toml"
_LIST_SUFFIXES = {".txt", ".lst"}
_LONGEST_NAME = 40
_NO_LETTERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFilm:
    """A film of a corpus, under a name that is its own: `id` names its files.

    `source` is where it is fetched from, if it does not lie on this machine. `refusal` says why its
    study cannot be used; `study` then has no more than a name.
    """

    id: str
    study: Study
    source: Source | None = None
    refusal: OstinatoError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusPlan:
    """Films in order of their names, and the songs that all of them are searched for, by id.

    `songs` is empty where each study names its own: these are all searched for in full. Of the
    songs of a whole corpus, `is_exhaustive` says that none is left at a first look. `sources` are
    those of songs that are fetched, by id.
    """

    films: tuple[PlannedFilm, ...]
    songs: tuple[tuple[str, SongFile], ...] = ()
    is_exhaustive: bool = False
    sources: Mapping[str, Source] = field(default_factory=dict)


def plan_of_studies(paths: Sequence[Path]) -> CorpusPlan:
    """Return the plan of studies that a person has written.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        Files study.toml, or folders that hold one.

    Returns
    -------
    CorpusPlan
        A film for each; that of a study that cannot be used has its `refusal`.

    Raises
    ------
    StudyError
        If two are the same.
    """
    files = [path / _STUDY if path.is_dir() else path for path in map(_in_full, paths)]
    for index, file in enumerate(files):
        if file in files[:index]:
            raise StudyError(str(file), "it is given twice", "Give each study once")
    return _plan([*map(_planned, files)], (), is_exhaustive=True)


def _planned(file: Path) -> PlannedFilm:
    try:
        return PlannedFilm(id=film_id(file), study=read_study(file))
    except (OstinatoError, OSError) as error:
        words = in_words(error)
        if words is None:
            raise
        named = file.parent if file.name == _STUDY else file
        return PlannedFilm(id=film_id(file), study=Study(film=named, stages=()), refusal=words)


def plan_of_files(
    films: str,
    songs: str | None,
    *,
    cache_dir: Path,
    is_exhaustive: bool = False,
    template: Study | None = None,
) -> CorpusPlan:
    """Return the plan of all films of a folder, each to be searched for all songs of another.

    Parameters
    ----------
    films, songs : str
        A folder, a pattern such as ``films/*.mkv``, a text file with a path in each line, or an
        address such as ``s3://bucket/films/*.mkv``; without songs, speech alone is studied.
    cache_dir : pathlib.Path
        Where files are fetched to.
    is_exhaustive : bool, optional
        Whether every pair of film and song is searched in full; if not, only those of which a
        first look shows anything.
    template : Study, optional
        Whose parameters and stages hold for all films.

    Returns
    -------
    CorpusPlan
        Songs are named by their files.

    Raises
    ------
    StudyError
        If there are no films or no songs, or two songs have one name.
    MediaError
        If an address does not answer.
    """
    found = [] if songs is None else _files(songs, "--songs", cache_dir)
    named = [SongFile(title=as_text(one.path.stem), path=one.path) for one in found]
    base = template or Study(film=Path())
    stages = base.stages if named else tuple(one for one in base.stages if one == "speech")
    study = replace(base, songs=tuple(named), stages=stages)
    planned = [
        PlannedFilm(id=one.id, study=replace(study, film=one.path), source=one.source)
        for one in _files(films, "--films", cache_dir)
    ]
    numbered = tuple((one.id, song) for one, song in zip(found, named, strict=True))
    sources = {one.id: one.source for one in found if one.source is not None}
    plan = _plan(planned, numbered, is_exhaustive=is_exhaustive)
    return replace(plan, sources=sources)


def shard_of(plan: CorpusPlan, index: int, n_shards: int) -> CorpusPlan:
    """Return the films of one of several jobs that share the work.

    Parameters
    ----------
    plan : CorpusPlan
        Of the whole.
    index : int
        From 1 to `n_shards`.
    n_shards : int
        How many jobs there are.

    Returns
    -------
    CorpusPlan
        Each film is in one of them.
    """
    return replace(plan, films=plan.films[index - 1 :: n_shards])


def film_id(path: Path, *, of: str | None = None) -> str:
    """Return a name for a file that is legible, and its own among all paths.

    Parameters
    ----------
    path : pathlib.Path
        Of a film, a song or a study.
    of : str or None, optional
        Where it is; its path unless given.

    Returns
    -------
    str
        Small letters of its name, and a hash of where it is.
    """
    name = path.parent.name if path.name == _STUDY else path.stem
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    letters = _NO_LETTERS.sub("-", plain).strip("-")[:_LONGEST_NAME].strip("-")
    where = str(path.absolute()) if of is None else of
    digest = hashlib.sha256(where.encode("utf-8", "surrogateescape")).hexdigest()
    return "-".join(part for part in (letters, digest[:8]) if part)


def _plan(
    films: Sequence[PlannedFilm],
    songs: tuple[tuple[str, SongFile], ...],
    *,
    is_exhaustive: bool,
) -> CorpusPlan:
    ordered = tuple(sorted(films, key=lambda one: one.id))
    return CorpusPlan(films=ordered, songs=songs, is_exhaustive=is_exhaustive)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file, where it is or will be, and where it is fetched from."""

    path: Path
    source: Source | None = None

    @property
    def id(self) -> str:
        """A name that is its own."""
        return film_id(self.path, of=None if self.source is None else self.source.url)


def _files(pattern: str, option: str, cache_dir: Path) -> list[_Found]:
    """Return the files that a folder, a pattern or a list names, each once, by their names."""
    try:
        found = [*_named(pattern, cache_dir)]
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OstinatoError):
            raise
        raise MediaError(
            f"{option} {pattern}", f"it cannot be read ({error})", "See whether you may read it"
        ) from error
    if not found:
        raise StudyError(
            f"{option} {pattern}",
            "there is no such file",
            'Give a folder, a pattern in quotes such as "films/*.mkv", or a list of paths',
        )
    return sorted(dict.fromkeys(found), key=lambda one: (one.path.name, one.id))


def _named(pattern: str, cache_dir: Path) -> Iterator[_Found]:
    if is_address(pattern):
        yield from (_Found(one.place(cache_dir), one) for one in sources_at(pattern))
        return
    path = Path(pattern)
    if path.is_dir():
        inside = sorted(path.iterdir())
        paths = [one for one in inside if one.is_file() and not one.name.startswith(".")]
    elif path.is_file() and path.suffix in _LIST_SUFFIXES:
        lines = map(str.strip, path.read_text(encoding="utf-8-sig").splitlines())
        for line in filter(None, lines):
            yield from _named(line, cache_dir) if is_address(line) else [_at(Path(line))]
        return
    else:
        paths = [Path(one) for one in glob.glob(pattern, recursive=True) if Path(one).is_file()]  # noqa: PTH207 - it may begin anywhere
        paths = paths or [one for one in [path] if one.is_file()]  # a name with brackets in it
    yield from map(_at, paths)


def _at(path: Path) -> _Found:
    return _Found(_in_full(path))


def _in_full(path: Path) -> Path:
    """Name a file in one way, since workers may be at work in other folders."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - a link keeps its own name
