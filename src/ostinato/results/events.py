"""The film, its songs, and the frozen values that stages hand to each other.

Times are seconds of film time or of song time (`_s`), levels LUFS (`_lufs`) or differences of
levels (`_lu`). A value that could not be measured is None, never 0 and never NaN. Field names and
their order are the contract of `results.json`: a record is written as it stands.
"""

from dataclasses import dataclass
from typing import Literal

from ostinato.results.occurrence import Grade, TimeMap
from ostinato.results.scope import Scope
from ostinato.timeline import Interval

FilmClock = Literal["player", "container", "first-sample"]
Refusal = Literal["as good as chance", "not confirmed"]
"""Why a candidate is no occurrence."""
Outcome = Literal["goes on", "starts elsewhere", "cannot be told"]
"""What a transition from one playing of a song to its next does."""
SCHEMA = "ostinato/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leap:
    """Where the clock of a file leaps: at `at_s` of film time, by `seconds`, negative if back."""

    at_s: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """Where channels cancelled each other, so that one of them was turned upside down."""

    start_s: float
    end_s: float
    channel: Literal["right", "centre"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What is amiss with a recording, and what was done about it.

    Parameters
    ----------
    truncated_at_s : float or None
        Where a file that was cut short ends, None for a whole one.
    n_damaged : int
        Places that could not be decoded, or not to anything that can be sound.
    silenced_s : float
        Seconds of silence that were made up after the beginning: gaps, and damaged places.
    trimmed_s : float
        Seconds that were left out, since the file's clock says that they were heard already.
    gaps : tuple of Leap
        The longer ones of the gaps that became silence.
    jumps : tuple of Leap
        Where the file's clock leaps and the recording goes on without a gap.
    flips : tuple of Flip
        Where one channel was turned upside down.
    notices : tuple of str
        What else a person should know; each to be read after the name of the file and a colon.
    """

    truncated_at_s: float | None = None
    n_damaged: int = 0
    silenced_s: float = 0.0
    trimmed_s: float = 0.0
    gaps: tuple[Leap, ...] = ()
    jumps: tuple[Leap, ...] = ()
    flips: tuple[Flip, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """The soundtrack under study: what was analysed, down to its bytes.

    `start_s` is the film time of the stream's first sample; `clock` says where film time zero is
    (a *player*'s zero, the *container*'s own, the *first-sample*) and `origin_s` what the container
    calls that instant. `stream` and `second_stream` are the mono streams of a pair, left and right,
    and `channel` is the one that was taken of two. `truncated_at_s` is where a file that was cut
    short ends, None for a whole one; `condition` what else is amiss. `files` are the names of
    those that were read as one. What an earlier version did not record is None. `name` is that of
    the file; `title` to `distributor` are what a person says of the work (see `Credits`).
    """

    name: str
    edition: str | None
    sha256: str
    pcm_sha256: str
    duration_s: float
    start_s: float
    sample_rate_hz: int
    channels: int
    stream: int
    loudness_lufs: float | None = None
    truncated_at_s: float | None = None
    clock: FilmClock | None = None
    origin_s: float | None = None
    second_stream: int | None = None
    channel: Literal["left", "right"] | None = None
    files: tuple[str, ...] = ()
    condition: Condition | None = None
    title: str | None = None
    director: str | None = None
    director_family: str | None = None
    year: int | None = None
    country: str | None = None
    distributor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SongSection:
    """A named stretch of a song, such as a verse, marked by a person in song time."""

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Song:
    """A reference recording that may occur in the film, or a cue that the film repeats.

    Such a cue has no file, hence no hashes, and lasts as long as what is heard of it. Its
    `sections` are those of a table that a person has given; they may overlap. `performer`,
    `release` and `year` are what the study says of the recording.
    """

    id: str
    title: str
    sha256: str | None
    pcm_sha256: str | None
    duration_s: float
    condition: Condition | None = None
    sections: tuple[SongSection, ...] = ()
    performer: str | None = None
    release: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A named stretch of the film, marked by a person; `story` and `day` group scenes."""

    name: str
    start_s: float
    end_s: float
    story: str | None = None
    day: str | None = None

    @property
    def interval(self) -> Interval:
        """The scene as an interval of film time."""
        return Interval(self.start_s, self.end_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stretch of film in which a song may be heard, and which was not counted as an occurrence.

    `score` and `p_value` are those of an occurrence: the coherence z of the stretch, and the
    probability of one as high anywhere in the film by chance. `refused` says why it does not count:
    it is *as good as chance*, or it is *not confirmed* by parts of the stretch that were held out
    of the fit of its playback chain. `id` is made of its song, film time and song time, so that it
    stays the same whatever else is found.
    """

    id: str
    song_id: str
    film_start_s: float
    film_end_s: float
    song_start_s: float
    song_end_s: float
    speed: float
    score: float
    p_value: float
    refused: Refusal

    def __post_init__(self) -> None:
        Interval(self.film_start_s, self.film_end_s)

    @property
    def film(self) -> Interval:
        """The stretch of film time."""
        return Interval(self.film_start_s, self.film_end_s)

    @property
    def time_map(self) -> TimeMap:
        """The map that the stretch obeys."""
        return TimeMap(
            offset_s=self.film_start_s - self.song_start_s / self.speed, speed=self.speed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedMaterial:
    """A stretch in which a song seems to be heard because it shares samples with another one."""

    song_id: str
    with_song_id: str
    film_start_s: float
    film_end_s: float
    song_start_s: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """From one playing of a song to its next; `gap_s` is song time, wrapped to ± half the song.

    `p_continues`, `p_restarts`, `p_ran_on` and `p_anywhere` are the probabilities of four models of
    where it starts again, all being as likely before; they sum to 1. `outcome` says what the
    transition does, `continues` whether that is *goes on*.
    """

    song_id: str
    from_id: str
    to_id: str
    gap_s: float
    film_gap_s: float
    continues: bool
    gap_linear_s: float | None = None
    p_continues: float | None = None
    p_restarts: float | None = None
    p_ran_on: float | None = None
    p_anywhere: float | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the film, or of one scene, a song fills, and how much of the song is heard."""

    song_id: str
    scope: Scope
    n_occurrences: int
    n_playings: int
    heard_s: float
    share_of_scope: float
    song_heard_s: float
    share_of_song: float
    longest_absence_s: float
    rests_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """How the song of one occurrence was taken out of the film, and how far that went.

    `reduction_db` is how far the song lies below itself in the remainder, where little else is
    heard. `coherence` is that of film and song in blocks, `share_on_line` the share of blocks that
    lie on the map, `drift_ppm` how far the speed was off it. `response` tells a room from a chain
    without one; `edits_s` are the cuts within the occurrence.
    """

    occurrence_id: str
    grade: Grade
    reduction_db: float | None
    coherence: float | None
    held_out_gain_db: float | None
    share_on_line: float | None
    drift_ppm: float | None
    response: Literal["dry", "room"] | None
    edits_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentaryLevel:
    """Level of a song over 400 ms of an occurrence; `gain_db` is that of the film's fader.

    `film_lufs` is the level of the film as it is, `remainder_lufs` that of the film less the song.
    """

    occurrence_id: str
    start_s: float
    level_lufs: float | None
    error_lu: float | None
    gain_db: float | None
    film_lufs: float | None = None
    remainder_lufs: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A speaker of the film, by the voice alone.

    `name` and `narrates` are what a person has said of it, None where nobody has. `speech_s` is
    how long the segments of this voice last together.
    """

    id: str
    name: str | None
    first_s: float
    speech_s: float
    n_segments: int
    narrates: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SongVoice:
    """A stretch in which somebody sings."""

    start_s: float
    end_s: float

    @property
    def interval(self) -> Interval:
        """The stretch as an interval of film time."""
        return Interval(self.start_s, self.end_s)
