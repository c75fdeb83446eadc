"""The study as a value: one film, its songs, and how it is to be analysed."""

import dataclasses
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ostinato.choices import STAGES
from ostinato.cues import CueParameters
from ostinato.errors import StudyError
from ostinato.measures import Calibration, MeasureParameters, Question
from ostinato.media import Channel, Clock, Streams
from ostinato.results import Credits
from ostinato.separation import SeparationParameters
from ostinato.speech import KnownVoice, SpeechParameters, check_known

_MOST_STREAMS = 10_000  # of one file
_LONGEST = 500  # characters; no name is longer
_FIRST_YEAR, _LAST_YEAR = 1860, 2200  # the oldest recording of a song that can be played is of 1860
_MOST_SONGS = 1000  # each is opened, and looked for in all of the film


@dataclass(frozen=True, slots=True, kw_only=True)
class SongFile:
    """A recording of a song, the title under which results speak of it, and a table of its parts.

    `sections` names verses, choruses and the like in song time. `performer`, `release` and `year`
    say for a list of references which recording it is.
    """

    title: str
    path: Path
    sections: Path | None = None
    performer: str | None = None
    release: str | None = None
    year: int | None = None

    def __post_init__(self) -> None:
        for name in ("performer", "release"):
            text = getattr(self, name)
            if text is not None and not 0 < len(text.strip()) <= _LONGEST:
                raise StudyError(
                    f"song {self.title!r}, {name}",
                    "it is empty, or longer than any",
                    f"Write it in {_LONGEST} characters at most, or leave the line out",
                )
        if self.year is not None and not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise StudyError(
                f"song {self.title!r}, year {self.year}",
                "no recording was released in it",
                f"Give a year from {_FIRST_YEAR} to {_LAST_YEAR}",
            )


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
    credits : Credits
        Which film it is: title, director, year, country, distributor.
    stream : int or tuple of int or None
        Which audio stream, or which two mono streams are left and right; None for the one that
        the file marks as its main one.
    channel : {'left', 'right'} or None
        Which of two channels, where each is a sound track of its own.
    clock : {'player', 'container', 'first-sample'}
        Where film time counts from.
    subtitles, scenes, labels : pathlib.Path or None
        What people say of the film.
    subtitle_shift_s, subtitle_speed : float or None
        Film time is the subtitles' time times the speed plus the shift, as the scholar knows;
        None lets detected speech say it.
    speech_stem : pathlib.Path or None
        The film's speech alone, as another program has separated it, in step with the film.
    speech_stem_by : str or None
        Which program that was, with its version, in the scholar's words.
    stages : tuple of str
        Which of `STAGES` to run.
    voices : tuple of KnownVoice
        Voices that the scholar knows by name.
    claims : tuple of Question
        What the essay claims; without any, no claim is tested.
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
    credits: Credits = field(default_factory=Credits)
    stream: Streams | None = None
    channel: Channel | None = None
    clock: Clock = "player"
    subtitles: Path | None = None
    subtitle_shift_s: float | None = None
    subtitle_speed: float | None = None
    scenes: Path | None = None
    labels: Path | None = None
    speech_stem: Path | None = None
    speech_stem_by: str | None = None
    stages: tuple[str, ...] = STAGES
    voices: tuple[KnownVoice, ...] = ()
    claims: tuple[Question, ...] = ()
    calibration: Calibration | None = None
    parameters: Parameters = field(default_factory=Parameters)

    def __post_init__(self) -> None:
        _check_titles([song.title for song in self.songs])
        streams = self.stream if isinstance(self.stream, tuple) else (self.stream or 0,)
        if not all(0 <= stream < _MOST_STREAMS for stream in streams):
            raise StudyError(
                f"stream {self.stream}", "there is no such audio stream", "Count streams from 0"
            )
        for stage in self.stages:
            if stage not in STAGES:
                raise StudyError(
                    f"stage {stage!r}", "there is no such stage", f"Choose from {', '.join(STAGES)}"
                )
        check_known(self.voices)
        if self.speech_stem_by is not None and not 0 < len(self.speech_stem_by.strip()) <= _LONGEST:
            raise StudyError(
                "what made the stem of the speech",
                f"it is empty, or longer than {_LONGEST} characters",
                "Name the program and its version, or leave it out",
            )
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

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that it reads, the film first; whatever is made of it leaves them alone."""
        songs = (path for song in self.songs for path in (song.path, song.sections))
        said = (self.subtitles, self.scenes, self.labels, self.speech_stem)
        return (self.film, *(path for path in (*songs, *said) if path is not None))


def _check_titles(titles: Sequence[str]) -> None:
    if len(titles) > _MOST_SONGS:
        raise StudyError(
            "songs", f"there are {len(titles):,} of them", f"Give {_MOST_SONGS:,} at most"
        )
    for title, n in Counter(titles).items():
        if not title.strip():
            raise StudyError("a song", "its title is empty", "Give each song a title")
        if n > 1:
            raise StudyError(
                f"song {title!r}", "two songs have this title", "Give each song its own title"
            )


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
