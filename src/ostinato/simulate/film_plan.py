"""What a film is to hold: recordings, each with its place, its level, and what it goes through.

A plan is a value: it opens no file, and the same plan with the same recordings is the same film.
Times are seconds; ``film_start_s`` is film time, other ``start_s`` count within the recording.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ostinato.dsp.loudness import SLOTS_PER_SECOND
from ostinato.errors import ParameterError
from ostinato.results import KINDS, Kind, Scene
from ostinato.simulate.chain import Duck, Step

__all__ = ["Bed", "FilmPlan", "Level", "PlannedOccurrence", "PlannedSong", "PlannedSpeech"]


@dataclass(frozen=True, slots=True)
class Level:
    """How loud something is: `value` above what `re` names.

    Parameters
    ----------
    value : float
        LUFS re full scale, LU re the rest. Means over the seconds in which both are heard.
    re : {"full scale", "speech", "bed"}
        The speech or the beds of the film are measured in the same seconds.

    Raises
    ------
    ParameterError
        If `value` is not finite or `re` none of these.
    """

    value: float
    re: Literal["full scale", "speech", "bed"] = "full scale"

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ParameterError(f"level {self.value}", "it is not finite", "Give LUFS or LU")
        if self.re not in ("full scale", "speech", "bed"):
            raise ParameterError(
                f"level re {self.re!r}",
                "nothing of that name is measured",
                "Choose from full scale, speech, bed",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSong:
    """A recording of a song that the film plays, and that an analysis may be given."""

    id: str
    title: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOccurrence:
    """A song to be heard for a while.

    Parameters
    ----------
    song_id : str
        Of a song of the film.
    film_start_s, duration_s : float
        Where and how long in the film; within it.
    song_start_s : float
        Song time at which it starts, >= 0.
    level : Level
        Of what is heard after all steps.
    speed : float
        Seconds of song per second of film; pitch goes along.
    chain : tuple of Step
        What the song goes through, in order.

    Raises
    ------
    ParameterError
        If a time is negative, or the duration or the speed not positive.
    """

    song_id: str
    film_start_s: float
    duration_s: float
    song_start_s: float
    level: Level
    speed: float = 1.0
    chain: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        thing = f"occurrence of {self.song_id} at {self.film_start_s} s"
        _check_at_least_0(thing, film_start_s=self.film_start_s, song_start_s=self.song_start_s)
        _check_positive(thing, duration_s=self.duration_s, speed=self.speed)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSpeech:
    """A recording of one voice, to be heard once.

    Parameters
    ----------
    path : pathlib.Path
        The recording; mixed to mono, silence around the speech taken off.
    film_start_s : float
        Film time at which the voice begins.
    kind : {"narration", "dialogue", "soliloquy", "undetermined"}
        What it is.
    level_lufs : float
        Of what is heard after all steps.
    voice : str or None
        Who speaks.
    start_s, end_s : float or None
        The part of the recording; the whole by default.
    chain : tuple of Step
        What the voice goes through: nothing for narration, a room for dialogue.

    Raises
    ------
    ParameterError
        If a time is negative or the kind unknown.
    """

    path: Path
    film_start_s: float
    kind: Kind
    level_lufs: float = -23.0
    voice: str | None = None
    start_s: float = 0.0
    end_s: float | None = None
    chain: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        thing = f"speech at {self.film_start_s} s"
        _check_at_least_0(thing, film_start_s=self.film_start_s, start_s=self.start_s)
        Level(self.level_lufs)
        if self.end_s is not None and not self.end_s > self.start_s:
            raise ParameterError(thing, "its end_s is not after its start_s", "Give a later end_s")
        if self.kind not in KINDS:
            raise ParameterError(
                thing, f"{self.kind!r} is no kind", f"Choose from {', '.join(KINDS)}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """Ambience that goes on, its recording repeated without a seam as long as need be.

    Parameters
    ----------
    path : pathlib.Path
        The recording, of at least a second.
    film_start_s, film_end_s : float
        Where it is heard.
    level : Level
        Of the bed itself, before `duck`; not re bed.
    duck : Duck or None
        How far it goes down under speech.
    start_s, end_s : float or None
        The part of the recording; the whole by default.

    Raises
    ------
    ParameterError
        If it would end before it starts, or its level is re bed.
    """

    path: Path
    film_start_s: float
    film_end_s: float
    level: Level
    duck: Duck | None = None
    start_s: float = 0.0
    end_s: float | None = None

    def __post_init__(self) -> None:
        thing = f"bed at {self.film_start_s} s"
        _check_at_least_0(thing, film_start_s=self.film_start_s, start_s=self.start_s)
        if not self.film_end_s > self.film_start_s:
            raise ParameterError(thing, "it would end at or before its start", "Give a later end")
        if self.level.re == "bed":
            raise ParameterError(
                thing, "its level is relative to itself", "Give it re full scale or re speech"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmPlan:
    """All that a film holds.

    Parameters
    ----------
    duration_s : float
        Of the film.
    songs : tuple of PlannedSong
        Also those that never occur: to look for them is a test.
    occurrences : tuple of PlannedOccurrence
        In any order. Those of one song may overlap.
    speech : tuple of PlannedSpeech
        In any order.
    beds : tuple of Bed
        In any order; they add up.
    scenes : tuple of Scene
        Handed on to the truth.
    sample_rate_hz : int
        A multiple of 10, 8000 to 48000.
    channels : {1, 2}
        Mono or stereo.

    Raises
    ------
    ParameterError
        If something lies outside the film, or an occurrence's song is not among the songs.
    """

    duration_s: float
    songs: tuple[PlannedSong, ...] = ()
    occurrences: tuple[PlannedOccurrence, ...] = ()
    speech: tuple[PlannedSpeech, ...] = ()
    beds: tuple[Bed, ...] = ()
    scenes: tuple[Scene, ...] = ()
    sample_rate_hz: int = 48_000
    channels: int = 2

    def __post_init__(self) -> None:
        _check_positive("film", duration_s=self.duration_s)
        self._check_format()
        song_ids = [song.id for song in self.songs]
        if len(set(song_ids)) < len(song_ids):
            raise ParameterError("songs", "two have the same id", "Give each song its own id")
        for one in self.occurrences:
            if one.song_id not in song_ids:
                raise ParameterError(
                    f"occurrence at {one.film_start_s} s",
                    f"its song {one.song_id!r} is none of {', '.join(song_ids) or 'no songs'}",
                    "Add the song to the plan",
                )
            self._check_inside(f"occurrence of {one.song_id}", one.film_start_s + one.duration_s)
        for speech in self.speech:
            self._check_inside("speech", speech.film_start_s)
        for bed in self.beds:
            self._check_inside("bed", bed.film_end_s)

    def _check_format(self) -> None:
        rate_hz = self.sample_rate_hz
        if not 8000 <= rate_hz <= 48_000 or rate_hz % SLOTS_PER_SECOND:  # noqa: PLR2004
            raise ParameterError(
                f"sample rate {rate_hz} Hz",
                "a tenth of a second must be whole samples, and media keep 48000 Hz at most",
                "Give a multiple of 10 from 8000 to 48000, as 48000 or 44100",
            )
        if self.channels not in (1, 2):
            raise ParameterError(
                f"{self.channels} channels", "films are mixed in mono or stereo", "Give 1 or 2"
            )

    def _check_inside(self, thing: str, until_s: float) -> None:
        if until_s > self.duration_s:
            raise ParameterError(
                f"{thing} up to {until_s} s",
                f"the film ends at {self.duration_s} s",
                "Move it, or make the film longer",
            )


def _check_at_least_0(thing: str, **values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value >= 0):
            raise ParameterError(thing, f"its {name} is {value}", "Give 0 or more seconds")


def _check_positive(thing: str, **values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0):
            raise ParameterError(thing, f"its {name} is {value}", f"Give {name} > 0")
