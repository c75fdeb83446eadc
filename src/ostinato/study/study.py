"""The study as a value, and `study.toml`.

Paths in a `study.toml` are relative to the folder in which it lies.
"""

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from ostinato.cues import CueParameters
from ostinato.errors import ParameterError, StudyError
from ostinato.measures import ALL_QUESTIONS, Calibration, MeasureParameters, Question
from ostinato.media import Channel, Clock, Streams, read_streams
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
    stream : int or tuple of int or None
        Which audio stream, or which two mono streams are left and right; None for the one that
        the file marks as its main one.
    channel : {'left', 'right'} or None
        Which of two channels, where each is a sound track of its own.
    clock : {'player', 'container', 'first-sample'}
        Where film time counts from.
    subtitles, scenes, labels : pathlib.Path or None
        What people say of the film.
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
    stream: Streams | None = None
    channel: Channel | None = None
    clock: Clock = "player"
    subtitles: Path | None = None
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
        if "separation" in self.stages and "cues" not in self.stages:
            raise StudyError(
                "stage 'separation'", "it needs to know where the songs are", "Add the stage cues"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _FilmTable:
    path: str
    edition: str | None = None
    stream: int | str | None = None
    channel: Channel | None = None
    clock: Clock = "player"


@dataclass(frozen=True, slots=True, kw_only=True)
class _SongTable:
    title: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _AnnotationTable:
    subtitles: str | None = None
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
        stream=_streams(table.film.stream, where=f"{path}, film"),
        channel=table.film.channel,
        clock=table.film.clock,
        songs=tuple(
            SongFile(title=song.title, path=folder / Path(song.path).expanduser())
            for song in table.songs
        ),
        subtitles=resolve(table.annotations.subtitles),
        scenes=resolve(table.annotations.scenes),
        labels=resolve(table.annotations.labels),
        speech_stem=resolve(table.stems.speech),
        voices=table.voices,
        claims=table.claims,
        calibration=table.calibration,
        parameters=_convert(table.parameters, Parameters, where=f"{path}, parameters"),
    )


def _streams(given: int | str | None, *, where: str) -> Streams | None:
    if given is None:
        return None
    try:
        return read_streams(str(given))
    except ParameterError as error:
        raise StudyError(f"{where}, {error.thing}", error.reason, error.mend) from error


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
