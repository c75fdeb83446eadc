"""Steps that colour a sound: a small loudspeaker, and the room in which it stands."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from ostinato.errors import ParameterError
from ostinato.simulate.chain import Place, Sound
from ostinato.simulate.sources import read_part

__all__ = ["Radio", "Room", "decaying_room", "read_room"]

_NEAREST_WALL_S = 0.005  # 1.7 m of detour
_ARRIVED = 0.1  # 20 dB below the highest


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
