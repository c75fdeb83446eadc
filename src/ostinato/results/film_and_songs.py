"""The film and the songs under study, what they were made of and what is amiss with them."""

from dataclasses import dataclass
from typing import Literal

FilmClock = Literal["player", "container", "first-sample"]


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
class Song:
    """A reference recording that may occur in the film, or a cue that the film repeats.

    Such a cue has no file, hence no hashes, and lasts as long as what is heard of it.
    """

    id: str
    title: str
    sha256: str | None
    pcm_sha256: str | None
    duration_s: float
    condition: Condition | None = None
