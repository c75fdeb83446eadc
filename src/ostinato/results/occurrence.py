"""An occurrence of a song in a film: where it lies in both, and whose word that is.

Each stage says its part of an occurrence in a record of its own (`SongMatch`, `HeardLevel`, …).
`occurrence_of` and `Occurrence.with_parts` put these together, and nothing else does: what no stage
has said is unknown.
"""

import math
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from ostinato.errors import ParameterError
from ostinato.timeline import Interval

Likeness = Literal["waveform", "spectrum", "shared material?"]
"""What of a song was met: its waveform; only its spectrum; or only a share of its waveform, so that
another song which shares samples with it may be heard. The last two are the lower grade."""
FoundBy = Literal["program", "person"]
Reviewed = Literal["accepted", "moved", "added"]
"""What a person has said of an occurrence: it is as found, lies otherwise, or was not found."""
Grade = Literal["cancelled", "masked", "left alone"]


@dataclass(frozen=True, slots=True)
class TimeMap:
    """The affine map from film time to song time, ``song_s = (film_s - offset_s) * speed``.

    Parameters
    ----------
    offset_s : float
        Film time at which the song's first sample would fall.
    speed : float
        Seconds of song per second of film, > 0. 1.0 means the recording as it was sold.

    Raises
    ------
    ParameterError
        If `speed` is not a positive number.

    Examples
    --------
    >>> TimeMap(offset_s=600.0, speed=1.0).song_s(612.5)
    12.5
    """

    offset_s: float
    speed: float = 1.0

    def __post_init__(self) -> None:
        if not (self.speed > 0 and math.isfinite(self.speed)):
            raise ParameterError(
                f"speed {self.speed}",
                "a song cannot stand still or run backwards",
                "Give speed > 0",
            )

    def song_s(self, film_s: float) -> float:
        """Song time heard at film time `film_s`."""
        return (film_s - self.offset_s) * self.speed

    def film_s(self, song_s: float) -> float:
        """Film time at which song time `song_s` is heard; the inverse of `song_s`."""
        return song_s / self.speed + self.offset_s


@dataclass(frozen=True, slots=True, kw_only=True)
class AsFound:
    """An occurrence as the program found it, before a person moved it."""

    film_start_s: float
    film_end_s: float
    song_start_s: float | None
    song_end_s: float | None
    speed: float | None
    score: float | None
    p_value: float | None

    @classmethod
    def of(cls, one: "Occurrence") -> "AsFound":
        """Return what the program says of an occurrence."""
        return cls(**{field.name: getattr(one, field.name) for field in fields(cls)})


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceName:
    """What an occurrence and its playing are called, once those of all songs are known."""

    id: str
    playing_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrencePlace:
    """The stretches of film and of song that hold the same sound."""

    film_start_s: float
    film_end_s: float
    song_start_s: float | None
    song_end_s: float | None
    speed: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SongMatch:
    """What the search for a song says of a place: how sure it is, and how exact."""

    pitch: float | None
    score: float | None
    p_value: float | None = None
    start_error_s: float | None = None
    end_error_s: float | None = None
    rivals_song_s: tuple[float, ...] = ()
    likeness: Likeness = "waveform"
    song_error_s: float | None = None
    explained_share: float | None = None
    knots: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardLevel:
    """How loud the song is in the film, and in which band it is heard."""

    level_lufs: float | None = None
    low_hz: float | None = None
    high_hz: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelInFilm:
    """How the song's level compares with the speech over it, and with the film."""

    level_lufs: float | None
    level_re_speech_lu: float | None
    louder_share: float | None = None
    loudness_percentile: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """How the song was taken out of the film, and how far that went."""

    separation: Grade | None = None
    reduction_db: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InScene:
    """The scene in which most of an occurrence is heard."""

    scene: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordOnOccurrence:
    """Whose the stretch is, and what a person has said of it."""

    decided_by: FoundBy = "program"
    review: Reviewed | None = None
    found: AsFound | None = None


OccurrencePart = (
    OccurrenceName
    | OccurrencePlace
    | SongMatch
    | HeardLevel
    | LevelInFilm
    | Removal
    | InScene
    | WordOnOccurrence
    | AsFound
)
"""What one stage, or a person, says of an occurrence."""
UNNAMED = OccurrenceName(id="O0", playing_id="P0")
_UNKNOWN = (
    UNNAMED,
    SongMatch(pitch=None, score=None),
    HeardLevel(),
    LevelInFilm(level_lufs=None, level_re_speech_lu=None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A maximal stretch of film in which one song is heard along one time map.

    `score` is the coherence z of the stretch as a whole and `p_value` the probability of one as
    high anywhere in the film by chance. `low_hz` and `high_hz` bound the band in which the song is
    heard. `start_error_s` and `end_error_s` say how far an edge may be off, either way;
    `rivals_song_s` lists other song times that fit the start as well.
    `louder_share` is the share of the speech in it during which the song is louder, and
    `loudness_percentile` how the song's level ranks, from 0 to 100, among the loudness of every 3 s
    of the film. `separation` and `reduction_db` say how the song was taken out of the film and how
    far that went: a find that was left alone is proved by its correlation. `likeness` says what
    of the song was met: its *waveform*, or only its *spectrum*, which is the lower grade; then
    its level and band are not known, and its edges are to within a tenth of a second at best; or
    so small a share of its waveform that another song may be heard, *shared material?*.
    `song_error_s` is the standard error of its song times. `explained_share` is how much of the
    song's sound is heard in the film, whatever lies over it; None where it is undetermined, so that
    another song with the same material may be heard. Where the speed drifts, `knots` are pairs of
    film time and song time from start to end, with a steady speed between one and the next; `speed`
    is then their mean. `decided_by` says whose the stretch is, and `review` what a person has said
    of it: it was *accepted* as found, *moved*, or *added*; None where nobody has said anything.
    `found` is what the program had found in its place, None where that is the row itself, or where
    it had found nothing.
    """

    id: str
    song_id: str
    playing_id: str
    film_start_s: float
    film_end_s: float
    song_start_s: float | None
    song_end_s: float | None
    speed: float | None
    pitch: float | None
    score: float | None
    p_value: float | None
    level_lufs: float | None
    level_re_speech_lu: float | None
    low_hz: float | None
    high_hz: float | None
    scene: str | None = None
    start_error_s: float | None = None
    end_error_s: float | None = None
    rivals_song_s: tuple[float, ...] = ()
    louder_share: float | None = None
    loudness_percentile: float | None = None
    separation: Grade | None = None
    reduction_db: float | None = None
    likeness: Likeness = "waveform"
    song_error_s: float | None = None
    explained_share: float | None = None
    knots: tuple[tuple[float, float], ...] = ()
    decided_by: FoundBy = "program"
    review: Reviewed | None = None
    found: AsFound | None = None

    def __post_init__(self) -> None:
        Interval(self.film_start_s, self.film_end_s)
        known = {one is None for one in (self.song_start_s, self.song_end_s, self.speed)}
        if len(known) > 1:
            raise ParameterError(
                f"occurrence {self.id}",
                "of its song times and its speed some are known and some are not",
                "Give all three, or none",
            )

    def with_parts(self, *parts: OccurrencePart) -> "Occurrence":
        """Return the occurrence with what further stages say of it."""
        return replace(self, **_values(parts))

    @property
    def film(self) -> Interval:
        """The stretch of film time."""
        return Interval(self.film_start_s, self.film_end_s)

    @property
    def is_share_undetermined(self) -> bool:
        """Whether the waveform was found, and it is not known how much of the song is heard."""
        was_asked = self.likeness == "waveform" and self.song_error_s is not None
        return was_asked and self.explained_share is None

    @property
    def is_timed(self) -> bool:
        """Whether it is known what of the song is heard."""
        return self.song_start_s is not None

    @property
    def song(self) -> Interval:
        """The stretch of song time; to be asked only of what is timed."""
        if self.song_start_s is None or self.song_end_s is None:
            raise _untimed(self.id)
        return Interval(self.song_start_s, self.song_end_s)

    @property
    def time_map(self) -> TimeMap:
        """The map that the stretch obeys; to be asked only of what is timed."""
        if self.song_start_s is None or self.speed is None:
            raise _untimed(self.id)
        return TimeMap(
            offset_s=self.film_start_s - self.song_start_s / self.speed, speed=self.speed
        )


def occurrence_of(song_id: str, place: OccurrencePlace, *parts: OccurrencePart) -> Occurrence:
    """Put an occurrence together from what each stage says of it.

    Parameters
    ----------
    song_id : str
        Of the song that is heard.
    place : OccurrencePlace
        Where it is heard.
    *parts : OccurrencePart
        What is known besides; of two that speak of the same, the later one counts.

    Returns
    -------
    Occurrence
        Unknown in what no part says, and called ``O0`` of ``P0`` unless a part names it.
    """
    return Occurrence(song_id=song_id, **_values((*_UNKNOWN, place, *parts)))


def _values(parts: tuple[OccurrencePart, ...]) -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for part in parts for field in fields(part)}


def _untimed(name: str) -> ParameterError:
    return ParameterError(
        f"occurrence {name}",
        "it is not known what of the song is heard",
        "Ask only of those that are timed",
    )
