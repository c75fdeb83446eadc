"""The study as a value, and `study.toml`.

Paths in a `study.toml` are relative to the folder in which it lies.
"""

import dataclasses
import math
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec

from ostinato.cues import CueParameters
from ostinato.errors import StudyError
from ostinato.measures import ALL_QUESTIONS, Calibration, MeasureParameters, Question
from ostinato.separation import SeparationParameters
from ostinato.speech import KnownVoice, SpeechParameters, check_known

STAGES = ("cues", "separation", "speech")
"""What `--stages` may leave out; measures and report follow from what there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SongFile:
    """A recording of a song, and the title under which results speak of it."""

    title: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Every number that decides something, by room; recorded under `run.parameters`."""

    cues: CueParameters = field(default_factory=CueParameters)
    separation: SeparationParameters = field(default_factory=SeparationParameters)
    speech: SpeechParameters = field(default_factory=SpeechParameters)
    measures: MeasureParameters = field(default_factory=MeasureParameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One film, its songs, subtitles, scenes, labels and parameters.

    Parameters
    ----------
    film : pathlib.Path
        The film or its extracted soundtrack.
    songs : tuple of SongFile
        Recordings to look for; titles differ.
    edition : str or None
        Which edition of the film it is, in the scholar's words.
    stream : int or None
        Which audio stream; None for the first.
    subtitles, scenes, labels : pathlib.Path or None
        What people say of the film.
    subtitle_shift_s, subtitle_speed : float or None
        Film time is the subtitles' time times the speed plus the shift, as the scholar knows;
        None lets detected speech say it.
    speech_stem : pathlib.Path or None
        The film's speech alone, as another program has separated it, in step with the film.
    stages : tuple of str
        Which of `STAGES` to run.
    voices : tuple of KnownVoice
        Voices that the scholar knows by name.
    claims : tuple of Question
        What the essay claims.
    calibration : Calibration or None
        How often narration and dialogue were told right in another film.
    parameters : Parameters
        How.

    Raises
    ------
    StudyError
        If two songs share a title, a stage is unknown, or one lacks what it builds on.
    """

    film: Path
    songs: tuple[SongFile, ...] = ()
    edition: str | None = None
    stream: int | None = None
    subtitles: Path | None = None
    subtitle_shift_s: float | None = None
    subtitle_speed: float | None = None
    scenes: Path | None = None
    labels: Path | None = None
    speech_stem: Path | None = None
    stages: tuple[str, ...] = STAGES
    voices: tuple[KnownVoice, ...] = ()
    claims: tuple[Question, ...] = ALL_QUESTIONS
    calibration: Calibration | None = None
    parameters: Parameters = field(default_factory=Parameters)

    def __post_init__(self) -> None:
        titles = [song.title for song in self.songs]
        for title in titles:
            if titles.count(title) > 1:
                raise StudyError(
                    f"song {title!r}", "two songs have this title", "Give each song its own title"
                )
        for stage in self.stages:
            if stage not in STAGES:
                raise StudyError(
                    f"stage {stage!r}", "there is no such stage", f"Choose from {', '.join(STAGES)}"
                )
        check_known(self.voices)
        if self.subtitle_shift_s is not None and not math.isfinite(self.subtitle_shift_s):
            raise StudyError(
                f"shift of the subtitles {self.subtitle_shift_s}",
                "it is no number of seconds",
                "Give seconds, such as -2.5",
            )
        if "separation" in self.stages and "cues" not in self.stages:
            raise StudyError(
                "stage 'separation'", "it needs to know where the songs are", "Add the stage cues"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _FilmTable:
    path: str
    edition: str | None = None
    stream: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _SongTable:
    title: str
    path: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _StudyTable:
    film: _FilmTable
    songs: tuple[_SongTable, ...] = ()
    annotations: _AnnotationTable = field(default_factory=_AnnotationTable)
    stems: _StemTable = field(default_factory=_StemTable)
    voices: tuple[KnownVoice, ...] = ()
    claims: tuple[Question, ...] = ALL_QUESTIONS
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
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise StudyError(
            str(path), f"it cannot be read ({error.strerror})", "Make one with `ostinato init`"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(
            str(path), f"it is not TOML in UTF-8 ({error})", "Mend the line that is named"
        ) from error
    table = _convert(raw, _StudyTable, where=str(path))
    folder = path.resolve().parent

    def resolve(name: str | None) -> Path | None:
        return None if name is None else folder / Path(name).expanduser()

    return Study(
        film=folder / Path(table.film.path).expanduser(),
        edition=table.film.edition,
        stream=table.film.stream,
        songs=tuple(
            SongFile(title=song.title, path=folder / Path(song.path).expanduser())
            for song in table.songs
        ),
        subtitles=resolve(table.annotations.subtitles),
        subtitle_shift_s=table.annotations.subtitle_shift,
        subtitle_speed=_speed(path, table.annotations.subtitle_speed),
        scenes=resolve(table.annotations.scenes),
        labels=resolve(table.annotations.labels),
        speech_stem=resolve(table.stems.speech),
        voices=table.voices,
        claims=table.claims,
        calibration=table.calibration,
        parameters=_parameters(path, table),
    )


def _parameters(path: Path, table: _StudyTable) -> Parameters:
    parameters = _convert(table.parameters, Parameters, where=f"{path}, parameters")
    if table.annotations.italics is None:
        return parameters
    return with_italics(parameters, table.annotations.italics)


def with_italics(parameters: Parameters, italics: Literal["evidence", "narration"]) -> Parameters:
    """Say what italics of subtitles are taken for.

    Parameters
    ----------
    parameters : Parameters
        Those of a study.
    italics : str
        "evidence", which decides nothing, or "narration".

    Returns
    -------
    changed : Parameters
        With this said.
    """
    speech = dataclasses.replace(parameters.speech, italics=italics)
    return dataclasses.replace(parameters, speech=speech)


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


_NUMBER = r"(\d{1,6}(?:[.,]\d{1,9})?)"
_RATIO = re.compile(rf"{_NUMBER}(?:\s{{0,9}}[/:]\s{{0,9}}{_NUMBER})?")
_SLOWEST = 0.5


def _speed(path: Path, raw: float | str | None) -> float | None:
    if raw is None:
        return None
    try:
        return parse_speed(str(raw))
    except StudyError as error:
        raise StudyError(f"{path}, {error.thing}", error.reason, error.mend) from error


_Value = TypeVar("_Value")


def _convert(raw: dict[str, Any], kind: type[_Value], *, where: str) -> _Value:
    """Turn a TOML table into a value, naming what does not fit."""
    _refuse_unknown(raw, kind, where=where)
    try:
        return msgspec.convert(raw, kind)
    except (msgspec.ValidationError, ValueError) as error:
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
