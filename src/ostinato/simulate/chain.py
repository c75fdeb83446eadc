"""What a recording goes through before it is heard, and the faders and faults among it.

Each step is a value with two answers. `apply` gives the sound, and may let it ring on beyond its
end; `gain` gives the factor that a fader or a fault puts on it, by which the truth knows where
it is audible. A step that only colours the sound has the gain 1.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ostinato.errors import ParameterError
from ostinato.results import Kind, SpeechSegment
from ostinato.timeline import Interval, Timeline

__all__ = [
    "Dropout",
    "Duck",
    "Fade",
    "Place",
    "Step",
    "gain",
    "through",
]

Sound = NDArray[np.float32]
_SILENT_DB = -120.0  # an interrupted signal, in a scale that has no zero
_SWITCH_S = 0.002  # no contact opens within a sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the film a step works.

    Parameters
    ----------
    start_s : float
        Film time of the first sample.
    n_samples : int
        Length as planned; what rings on comes after.
    sample_rate_hz : int
        Of the film.
    speech : tuple of SpeechSegment
        Who speaks when, for steps that listen to it.
    """

    start_s: float
    n_samples: int
    sample_rate_hz: int
    speech: tuple[SpeechSegment, ...] = ()

    @property
    def start_sample(self) -> int:
        """Number of the film's sample at which it starts."""
        return round(self.start_s * self.sample_rate_hz)

    @property
    def end_s(self) -> float:
        """Film time of its end."""
        return (self.start_sample + self.n_samples) / self.sample_rate_hz

    def times_s(self) -> NDArray[np.float64]:
        """Seconds since its beginning, of each sample."""
        return np.arange(self.n_samples) / self.sample_rate_hz


class Step(Protocol):
    """One thing that a recording goes through."""

    def apply(self, y: Sound, place: Place) -> Sound:
        """Return what is heard of `y`, shape (n_channels, n_samples), as long or longer."""
        ...

    def gain(self, place: Place) -> Sound:
        """Return the factor on each planned sample, shape (n_samples,)."""
        ...


class _Fader(ABC):
    """Steps that are their gain; what rings on keeps the last one."""

    __slots__ = ()

    @abstractmethod
    def gain(self, place: Place) -> Sound:
        """Return the factor on each planned sample."""

    def apply(self, y: Sound, place: Place) -> Sound:
        """Multiply by the gain."""
        gains = self.gain(place)
        return y * np.pad(gains, (0, y.shape[1] - gains.size), mode="edge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fade(_Fader):
    """Up from silence at the beginning, down to it at the end, along half a cosine.

    Parameters
    ----------
    in_s, out_s : float
        Length of each, >= 0.

    Raises
    ------
    ParameterError
        If one is negative.
    """

    in_s: float = 0.0
    out_s: float = 0.0

    def __post_init__(self) -> None:
        if not (self.in_s >= 0 and self.out_s >= 0):
            raise ParameterError(
                f"fade in {self.in_s} s, out {self.out_s} s", "one is negative", "Give 0 or more"
            )

    def gain(self, place: Place) -> Sound:
        """Return the product of both fades."""
        t = place.times_s()
        left = place.n_samples / place.sample_rate_hz - t
        gains = _ramp(t, self.in_s) * _ramp(left, self.out_s)
        return gains.astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duck(_Fader):
    """A mixer that takes the sound down while somebody speaks.

    Parameters
    ----------
    depth_db : float
        How far, >= 0.
    ramp_s : float
        How long it takes to go down before the speech and up after it, > 0.
    under : tuple of str
        The kinds of speech that it goes down for.

    Raises
    ------
    ParameterError
        If the depth is negative or the ramp not positive.
    """

    depth_db: float = 12.0
    ramp_s: float = 0.3
    under: tuple[Kind, ...] = ("narration", "dialogue", "soliloquy", "undetermined")

    def __post_init__(self) -> None:
        if not (self.depth_db >= 0 and self.ramp_s > 0):
            raise ParameterError(
                f"duck by {self.depth_db} dB in {self.ramp_s} s",
                "a duck goes down, and not at once",
                "Give depth_db >= 0 and ramp_s > 0",
            )

    def gain(self, place: Place) -> Sound:
        """Return 1 apart from speech, and the depth under it."""
        stretches = [s.interval for s in place.speech if s.kind in self.under]
        return _lowered(place, stretches, depth_db=self.depth_db, ramp_s=self.ramp_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropout(_Fader):
    """A stretch in which the sound is cut off and the record keeps turning.

    Parameters
    ----------
    start_s, end_s : float
        Seconds since the beginning of what is played.

    Raises
    ------
    ParameterError
        If it would end at or before its start.
    """

    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        Interval(self.start_s, self.end_s)

    def gain(self, place: Place) -> Sound:
        """Return 0 within the stretch."""
        stretch = Interval(place.start_s + self.start_s, place.start_s + self.end_s)
        return _lowered(place, [stretch], depth_db=-_SILENT_DB, ramp_s=_SWITCH_S)


def through(chain: tuple[Step, ...], y: Sound, place: Place) -> Sound:
    """Return what is heard of a sound behind all steps of a chain, with what rings on."""
    for step in chain:
        y = step.apply(y, place)
    return y


def gain(chain: tuple[Step, ...], place: Place) -> Sound:
    """Return the product of the gains of all steps of a chain."""
    gains = np.ones(place.n_samples, np.float32)
    for step in chain:
        gains *= step.gain(place)
    return gains


def _ramp(t: NDArray[np.float64], length_s: float) -> NDArray[np.float64]:
    if length_s <= 0:
        return np.ones_like(t)
    return np.asarray(0.5 - 0.5 * np.cos(math.pi * np.clip(t / length_s, 0, 1)))


def _lowered(place: Place, stretches: list[Interval], *, depth_db: float, ramp_s: float) -> Sound:
    """Go down by `depth_db` within stretches, along ramps that lie outside of them."""
    wide = Timeline.of(Interval(s.start_s - ramp_s, s.end_s + ramp_s) for s in stretches)
    gains_db = np.zeros(place.n_samples)
    times_s = place.start_s + place.times_s()
    for one in wide:
        if one.start_s >= place.end_s or one.end_s <= place.start_s:
            continue
        corners_s = (one.start_s, one.start_s + ramp_s, one.end_s - ramp_s, one.end_s)
        first, last = np.searchsorted(times_s, (one.start_s, one.end_s))
        gains_db[first:last] = np.interp(
            times_s[first:last], corners_s, (0, -depth_db, -depth_db, 0)
        )
    return (10 ** (gains_db / 20)).astype(np.float32)
