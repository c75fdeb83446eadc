"""Which films are searched for which songs: studies, or all films of a folder for all its songs."""

import glob
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ostinato.errors import MediaError, StudyError
from ostinato.study import SongFile, Study, read_study

_LIST_SUFFIXES = {".txt", ".lst"}
_LONGEST_NAME = 40
_NO_LETTERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFilm:
    """A film of a corpus, under a name that is its own: `id` names its files."""

    id: str
    study: Study


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusPlan:
    """Films in order of their names, and the songs that all of them are searched for, by id.

    `songs` is empty where each study names its own; `is_exhaustive` says that no pair of film and
    song is left at a first look.
    """

    films: tuple[PlannedFilm, ...]
    songs: tuple[tuple[str, SongFile], ...] = ()
    is_exhaustive: bool = False


def plan_of_studies(paths: Sequence[Path], *, is_exhaustive: bool = False) -> CorpusPlan:
    """Return the plan of studies that a person has written.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        Files study.toml, or folders that hold one.
    is_exhaustive : bool, optional
        Whether every pair of film and song is searched in full.

    Returns
    -------
    CorpusPlan
        A film for each.

    Raises
    ------
    StudyError
        If one cannot be read, or two are the same.
    """
    files = [path / "study.toml" if path.is_dir() else path for path in paths]
    for index, file in enumerate(files):
        if file in files[:index]:
            raise StudyError(str(file), "it is given twice", "Give each study once")
    films = [PlannedFilm(id=film_id(file), study=read_study(file)) for file in files]
    return _plan(films, (), is_exhaustive=is_exhaustive)


def plan_of_files(
    films: str, songs: str | None, *, is_exhaustive: bool = False, template: Study | None = None
) -> CorpusPlan:
    """Return the plan of all films of a folder, each to be searched for all songs of another.

    Parameters
    ----------
    films, songs : str
        A folder, a pattern such as ``films/*.mkv``, or a text file with a path in each line;
        without songs, speech alone is studied.
    is_exhaustive : bool, optional
        Whether every pair of film and song is searched in full.
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
    """
    song_paths = [] if songs is None else _files(songs, "--songs")
    named = [SongFile(title=path.stem, path=path) for path in song_paths]
    base = template or Study(film=Path())
    stages = base.stages if named else tuple(one for one in base.stages if one == "speech")
    study = replace(base, songs=tuple(named), stages=stages)
    found = _files(films, "--films")
    planned = [PlannedFilm(id=film_id(path), study=replace(study, film=path)) for path in found]
    numbered = tuple((film_id(song.path), song) for song in named)
    return _plan(planned, numbered, is_exhaustive=is_exhaustive)


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


def film_id(path: Path) -> str:
    """Return a name for a file that is legible, and its own among all paths.

    Parameters
    ----------
    path : pathlib.Path
        Of a film, a song or a study.

    Returns
    -------
    str
        Small letters of its name, and a hash of where it is.
    """
    name = path.parent.name if path.name == "study.toml" else path.stem
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    letters = _NO_LETTERS.sub("-", plain).strip("-")[:_LONGEST_NAME].strip("-")
    digest = hashlib.sha256(str(path.absolute()).encode("utf-8", "surrogateescape")).hexdigest()
    return "-".join(part for part in (letters, digest[:8]) if part)


def _plan(
    films: Sequence[PlannedFilm],
    songs: tuple[tuple[str, SongFile], ...],
    *,
    is_exhaustive: bool,
) -> CorpusPlan:
    ordered = sorted(films, key=lambda one: one.id)
    if is_exhaustive:
        ordered = [replace(one, study=_in_full(one.study)) for one in ordered]
    return CorpusPlan(films=tuple(ordered), songs=songs, is_exhaustive=is_exhaustive)


def _in_full(study: Study) -> Study:
    """Let no song be left at a first look that shows nothing."""
    cues = study.parameters.cues
    detect = replace(cues.detect, heard_evidence=0.0)
    parameters = replace(study.parameters, cues=replace(cues, detect=detect))
    return replace(study, parameters=parameters)


def _files(pattern: str, option: str) -> list[Path]:
    """Return the files that a folder, a pattern or a list names, each once, by their names."""
    try:
        found = _named(pattern)
    except (OSError, UnicodeDecodeError) as error:
        raise MediaError(
            f"{option} {pattern}", f"it cannot be read ({error})", "See whether you may read it"
        ) from error
    if not found:
        raise StudyError(
            f"{option} {pattern}",
            "there is no such file",
            'Give a folder, a pattern in quotes such as "films/*.mkv", or a list of paths',
        )
    return sorted(dict.fromkeys(found))


def _named(pattern: str) -> list[Path]:
    path = Path(pattern)
    if path.is_dir():
        return [one for one in path.iterdir() if one.is_file() and not one.name.startswith(".")]
    if path.is_file() and path.suffix in _LIST_SUFFIXES:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        return [Path(line.strip()) for line in lines if line.strip()]
    return [Path(one) for one in glob.glob(pattern, recursive=True) if Path(one).is_file()]  # noqa: PTH207 - it may begin anywhere
