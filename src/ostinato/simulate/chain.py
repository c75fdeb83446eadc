"""What a recording goes through before it is heard: faders, faults, loudspeakers and rooms.

Each step is a value with two answers. `apply` gives the sound, and may let it ring on beyond its
end; `gain` gives the factor that a fader or a fault puts on it, by which the truth knows where
it is audible. A step that only colours the sound has the gain 1.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from ostinato.errors import ParameterError
from ostinato.results import Kind, SpeechSegment
from ostinato.simulate.sources import read_part
from ostinato.timeline import Interval, Timeline

Sound = NDArray[np.float32]
_SILENT_DB = -120.0  # an interrupted signal, in a scale that has no zero
_SWITCH_S = 0.002  # no contact opens within a sample
_NEAREST_WALL_S = 0.005  # 1.7 m of detour
_ARRIVED = 0.1  # 20 dB below the highest


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


class _Colour:
    """Steps without a fader."""

    __slots__ = ()

    def gain(self, place: Place) -> Sound:
        """Return ones."""
        return np.ones(place.n_samples, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Radio(_Colour):
    """A small loudspeaker: one channel, a narrow band, and an amplifier that is driven.

    Parameters
    ----------
    low_hz, high_hz : float
        Where the band falls off, at 12 dB per octave.
    drive : float
        How far into saturation, >= 0: peaks of `drive` times its knee. 0 does not distort.

    Raises
    ------
    ParameterError
        If the band is empty or the drive negative.
    """

    low_hz: float = 300.0
    high_hz: float = 3400.0  # a telephone's band; a portable's speaker is little wider
    drive: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.low_hz < self.high_hz:
            raise ParameterError(
                f"radio from {self.low_hz} to {self.high_hz} Hz", "it has no band", "Raise high_hz"
            )
        if not self.drive >= 0:
            raise ParameterError("radio", f"its drive is {self.drive}", "Give 0 or more")

    def apply(self, y: Sound, place: Place) -> Sound:
        """Mix to one channel, limit the band, and saturate."""
        high_hz = min(self.high_hz, 0.45 * place.sample_rate_hz)
        sos = butter(2, (self.low_hz, high_hz), "bandpass", fs=place.sample_rate_hz, output="sos")
        narrow = sosfilt(sos, y.mean(axis=0, dtype=np.float64))
        peak = float(np.abs(narrow).max(initial=0.0))
        if self.drive > 0 and peak > 0:
            narrow = np.tanh(narrow * (self.drive / peak))
        return np.repeat(narrow[np.newaxis].astype(np.float32), y.shape[0], axis=0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Room(_Colour):
    """A room, by its impulse response; the direct sound stays where it is.

    Parameters
    ----------
    response : ndarray, shape (n_samples,) or (n_channels, n_samples)
        The response at the film's rate. Two channels hear the source, mixed to mono, each its
        own way; one is used for every channel alike.

    Raises
    ------
    ParameterError
        If the response is empty, silent, not finite, or has more than two channels.
    """

    response: NDArray[np.floating] = field(repr=False)

    def __post_init__(self) -> None:
        response = np.atleast_2d(np.asarray(self.response, np.float32))
        if response.ndim != 2 or response.shape[0] > 2 or response.shape[1] == 0:  # noqa: PLR2004
            raise ParameterError(
                "room", f"its response has the shape {response.shape}", "Give one or two channels"
            )
        if not (np.isfinite(response).all() and np.any(response)):
            raise ParameterError("room", "its response is silent or not finite", "Give another")
        object.__setattr__(self, "response", response)

    @property
    def direct_sample(self) -> int:
        """Where the direct sound arrives: the first sample within 20 dB of the highest [1]_.

        References
        ----------
        .. [1] ISO 3382-1:2009, A.3.4.
        """
        height = np.abs(self.response).max(axis=0)
        return int(np.argmax(height >= _ARRIVED * height.max()))

    def apply(self, y: Sound, place: Place) -> Sound:  # noqa: ARG002 - a room is where it is
        """Convolve, and take off the way from source to microphone."""
        n_channels, n_paths = y.shape[0], self.response.shape[0]
        source = y if n_paths == 1 else y.mean(axis=0, keepdims=True)
        response = self.response if n_paths <= n_channels else self.response[:1]
        heard = fftconvolve(source, response, axes=1)[:, self.direct_sample :]
        return np.broadcast_to(heard, (n_channels, heard.shape[1])).astype(np.float32)


def read_room(path: Path, *, sample_rate_hz: int, cache_dir: Path) -> Room:
    """Read the impulse response of a room.

    Parameters
    ----------
    path : pathlib.Path
        A recording in mono or stereo.
    sample_rate_hz : int
        Of the film.
    cache_dir : pathlib.Path
        For its working copy.

    Returns
    -------
    Room
        With the response at the film's rate.

    Raises
    ------
    MediaError
        If it cannot be read.
    """
    response = read_part(
        path, start_s=0.0, end_s=None, sample_rate_hz=sample_rate_hz, cache_dir=cache_dir
    )
    return Room(response=response)


def decaying_room(
    *,
    decay_s: float,
    direct_to_reverberant_db: float,
    sample_rate_hz: int,
    rng: np.random.Generator,
) -> Room:
    """Build a room from its decay alone: a direct sound, then noise that dies away.

    Parameters
    ----------
    decay_s : float
        Time in which the reverberation falls by 60 dB, > 0.
    direct_to_reverberant_db : float
        Energy of the direct sound against that of the rest.
    sample_rate_hz : int
        Of the film.
    rng : numpy.random.Generator
        Draws the reflections.

    Returns
    -------
    Room
        In stereo, the two sides independent.

    Raises
    ------
    ParameterError
        If the decay is not positive.

    References
    ----------
    .. [1] J. A. Moorer, "About this reverberation business", *Computer Music Journal* 3(2), 1979.
    """
    if not decay_s > 0:
        raise ParameterError("room", f"its decay takes {decay_s} s", "Give decay_s > 0")
    n_samples = round(decay_s * sample_rate_hz)
    t = np.arange(n_samples) / sample_rate_hz
    noise = rng.standard_normal((2, n_samples)) * 10 ** (-3 * t / decay_s)
    noise[:, : round(_NEAREST_WALL_S * sample_rate_hz)] = 0
    energy = np.sum(noise**2, axis=1, keepdims=True)
    response = noise * np.sqrt(10 ** (-direct_to_reverberant_db / 10) / energy)
    response[:, 0] = 1.0
    return Room(response=response)
