"""`study.toml`: the file in which a person writes down a study.

Paths in it are relative to the folder in which it lies. On Windows they hold backslashes, which
mean something else between double quotes: between single ones they stay as they are.
"""

import dataclasses
import re
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec

from ostinato.errors import ParameterError, StudyError
from ostinato.measures import Calibration, Question
from ostinato.media import Channel, Clock, Streams, read_streams
from ostinato.results import Credits
from ostinato.speech import KnownVoice, read_written
from ostinato.study.study import Parameters, SongFile, Study, with_italics

_DEEPEST = 20  # tables within tables; a study has four
_LONGEST = 1_000_000
_DEEP_KEY = re.compile(r"^(?:[^=\"'\n.#]*+\.){21}", re.MULTILINE)
_LONGEST_PATH = 500  # characters of a line that is looked at
_MEND_PATHS = r"Put paths between single quotes, as in path = 'C:\Films\film.mkv'"
_DOUBLE_QUOTED_PATH = re.compile(r"=[^'#]*\"[^\"]*\\")
_LINE_OF_ERROR = re.compile(r"at line (\d+)")
_Value = TypeVar("_Value")
_NUMBER = r"(\d{1,6}(?:[.,]\d{1,9})?)"
_RATIO = re.compile(rf"{_NUMBER}(?:\s{{0,9}}[/:]\s{{0,9}}{_NUMBER})?")
_SLOWEST = 0.5
_TEMPLATE_FILES = ("study.toml", "scenes.tsv", "labels.tsv")


def study_template(name: str) -> dict[str, str]:
    """Read the files that a new study begins with.

    Nothing of an edition is assumed: paths, the edition's name and the days are to be filled in,
    and times of passages are those of an essay's own edition, to be checked against one's own.

    Parameters
    ----------
    name : {"blank", "chungking-express"}
        Of the folder in ``templates``.

    Returns
    -------
    dict of str to str
        The content of each file, by its name.
    """
    folder = files("ostinato.study") / "templates" / name
    return {one: (folder / one).read_text(encoding="utf-8") for one in _TEMPLATE_FILES}


@dataclass(frozen=True, slots=True, kw_only=True)
class _FilmTable:
    path: str
    edition: str | None = None
    title: str | None = None
    director: str | tuple[str, ...] | None = None
    director_family: str | tuple[str, ...] | None = None
    year: int | None = None
    country: str | None = None
    distributor: str | None = None
    stream: int | str | None = None
    channel: Channel | None = None
    clock: Clock = "player"


@dataclass(frozen=True, slots=True, kw_only=True)
class _SongTable:
    title: str
    path: str
    sections: str | None = None
    performer: str | None = None
    release: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _AnnotationTable:
    subtitles: str | None = None
    subtitle_shift: float | None = None
    subtitle_speed: float | str | None = None
    italics: Literal["evidence", "narration"] | None = None
    scenes: str | None = None
    labels: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _StemTable:
    speech: str | None = None
    made_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _StudyTable:
    film: _FilmTable
    songs: tuple[_SongTable, ...] = ()
    annotations: _AnnotationTable = field(default_factory=_AnnotationTable)
    stems: _StemTable = field(default_factory=_StemTable)
    voices: tuple[KnownVoice, ...] = ()
    claims: tuple[Question, ...] = ()
    calibration: Calibration | None = None
    parameters: dict[str, Any] = field(default_factory=dict)


def read_study(path: Path) -> Study:
    """Read a `study.toml`.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    Study
        With paths made absolute; the files themselves are not opened.

    Raises
    ------
    StudyError
        If it cannot be read, is not TOML, or has a key or a value that a study does not have.
    """
    raw = _parsed(path)
    table = _convert(raw, _StudyTable, where=str(path))
    folder = path.absolute().parent

    def resolve(name: str | None) -> Path | None:
        return None if name is None else _resolved(path, folder, name)

    try:
        return Study(
            film=_resolved(path, folder, table.film.path),
            edition=table.film.edition,
            credits=_credits(table.film),
            stream=_streams(table.film.stream),
            channel=table.film.channel,
            clock=table.film.clock,
            songs=tuple(
                SongFile(
                    title=song.title,
                    path=_resolved(path, folder, song.path),
                    sections=resolve(song.sections),
                    performer=song.performer,
                    release=song.release,
                    year=song.year,
                )
                for song in table.songs
            ),
            subtitles=resolve(table.annotations.subtitles),
            subtitle_shift_s=table.annotations.subtitle_shift,
            subtitle_speed=_speed(table.annotations.subtitle_speed),
            scenes=resolve(table.annotations.scenes),
            labels=resolve(table.annotations.labels),
            speech_stem=resolve(table.stems.speech),
            speech_stem_by=table.stems.made_by,
            voices=table.voices,
            claims=table.claims,
            calibration=table.calibration,
            parameters=_parameters(path, table),
        )
    except StudyError as error:
        if str(path) in error.thing:
            raise
        raise StudyError(f"{path}, {error.thing}", error.reason, error.mend) from error


def _credits(film: _FilmTable) -> Credits:
    try:
        return Credits(
            title=film.title,
            director=_several(film.director),
            director_family=_several(film.director_family),
            year=film.year,
            country=film.country,
            distributor=film.distributor,
        )
    except ParameterError as error:
        raise StudyError(error.thing, error.reason, error.mend) from error


def _several(names: str | tuple[str, ...] | None) -> str | None:
    return "; ".join(names) if isinstance(names, tuple) else names


def _parameters(path: Path, table: _StudyTable) -> Parameters:
    parameters = _convert(table.parameters, Parameters, where=f"{path}, parameters")
    if table.annotations.italics is None:
        return parameters
    return with_italics(parameters, table.annotations.italics)


def _streams(raw: int | str | None) -> Streams | None:
    if raw is None:
        return None
    try:
        return read_streams(str(raw))
    except ParameterError as error:
        raise StudyError(f"film, {error.thing}", error.reason, error.mend) from error


def _speed(raw: float | str | None) -> float | None:
    return None if raw is None else parse_speed(str(raw))


def _parsed(path: Path) -> dict[str, Any]:
    text = read_written(path, mend="Make one with `ostinato init`").text
    if len(text) > _LONGEST:
        raise StudyError(str(path), "it is longer than any study", "Give a study.toml")
    if _DEEP_KEY.search(text):  # whose cost grows with the square of its depth
        raise _too_deep(path)
    try:
        raw = tomllib.loads(text)
    except RecursionError as error:
        raise _too_deep(path) from error
    except ValueError as error:  # TOMLDecodeError too; a number of thousands of digits is none
        reason = "a number in it has thousands of digits" if _is_long(error) else str(error)
        raise StudyError(str(path), f"it is not TOML ({reason})", _mend(text, error)) from error
    _check_depth(path, raw)
    return raw


def _mend(text: str, error: ValueError) -> str:
    found = _LINE_OF_ERROR.search(str(error))
    lines = text.split("\n")
    n = int(found[1]) if found else len(lines)
    line = lines[n - 1] if 0 < n <= len(lines) else ""
    return (
        _MEND_PATHS
        if _DOUBLE_QUOTED_PATH.search(line[:_LONGEST_PATH])
        else "Mend the line that is named"
    )


def _is_long(error: ValueError) -> bool:
    return not isinstance(error, tomllib.TOMLDecodeError) and "digits" in str(error)


def _too_deep(path: Path) -> StudyError:
    return StudyError(
        str(path), f"it is nested deeper than {_DEEPEST} levels", "Write one value to a key"
    )


def _check_depth(path: Path, raw: dict[str, Any]) -> None:
    level: list[Any] = [raw]
    for _ in range(_DEEPEST):
        inner = [one for one in level if isinstance(one, dict | list)]
        level = [x for one in inner for x in (one.values() if isinstance(one, dict) else one)]
    if level:
        raise _too_deep(path)


def _resolved(path: Path, folder: Path, name: str) -> Path:
    if not name.strip():
        raise StudyError(str(path), "a path is empty", "Name the file, or remove the line")
    if any(not character.isprintable() for character in name):
        # between double quotes \\t is a tab and \\n a new line
        raise StudyError(str(path), f"the path {name!r} holds control characters", _MEND_PATHS)
    try:
        return folder / Path(name).expanduser()
    except RuntimeError as error:
        raise StudyError(
            f"{path}, path {name!r}", f"there is no such home folder ({error})", "Write it in full"
        ) from error


def _convert(raw: dict[str, Any], kind: type[_Value], *, where: str) -> _Value:
    """Turn a TOML table into a value, naming what does not fit."""
    _refuse_unknown(raw, kind, where=where)
    try:
        return msgspec.convert(raw, kind)
    except (msgspec.ValidationError, ValueError, OverflowError) as error:
        raise StudyError(
            where, f"a value does not fit ({error})", "`ostinato init` writes a study that works"
        ) from error


def _refuse_unknown(raw: object, kind: object, *, where: str) -> None:
    """Raise on keys that no field takes: a misspelt parameter must not be passed over."""
    if isinstance(raw, list) and get_origin(kind) is tuple:
        for number, row in enumerate(raw, start=1):
            _refuse_unknown(row, get_args(kind)[0], where=f"{where}, number {number}")
    if not (isinstance(raw, dict) and isinstance(kind, type) and dataclasses.is_dataclass(kind)):
        return
    fields = {f.name: f.type for f in dataclasses.fields(kind)}
    for key, value in raw.items():
        if key not in fields:
            raise StudyError(
                f"{where}, key {key!r}", "a study has no such key", f"Use {', '.join(fields)}"
            )
        _refuse_unknown(value, fields[key], where=f"{where}, {key}")


def parse_speed(text: str) -> float:
    """Read a ratio of speeds.

    Parameters
    ----------
    text : str
        ``25/24``, ``25/23.976`` or a decimal number.

    Returns
    -------
    float
        From 0.5 to 2.

    Raises
    ------
    StudyError
        If it is none of these.
    """
    found = _RATIO.fullmatch(text.strip())
    numbers = ("0", "1") if found is None else (found[1], found[2] or "1")
    top, bottom = (float(number.replace(",", ".")) for number in numbers)
    speed = top / bottom if bottom else 0.0
    if not _SLOWEST <= speed <= 1 / _SLOWEST:
        raise StudyError(
            f"speed of the subtitles {text!r}",
            "it is no ratio from 0.5 to 2",
            "Give the factor for their times, such as 25/24, 24/25 or 1.001",
        )
    return speed
