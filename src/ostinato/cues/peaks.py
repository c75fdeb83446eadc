"""Peaks: where in the film does any part of the song correlate.

The plane of film time by song position is computed whole, block of song by block of song, in every
view of the film. Blocks come in two lengths: short ones meet an excerpt of two seconds and a copy
whose speed is a little off, long ones dig further into the noise where the song plays on.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.tracks import LOW_STEP, Track
from ostinato.cues.views import RATE_HZ
from ostinato.errors import ParameterError
from ostinato.ranges import Count, Height, Seconds, Steps, Window, check_ranges

Progress = Callable[[float], None]
"""Told the fraction done, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A length of the song's blocks.

    Parameters
    ----------
    block_s : float
        Coherent length. Longer gains more, but at 2 s a speed that is 250 ppm off costs 4 dB.
    hop_s : float
        Between blocks of song; a whole fraction of the length.
    decimation : int
        Part of the band and of the lags that are looked at, a power of two: half of the band finds
        a line at half of the cost. Tracing uses all of it.
    """

    block_s: Window
    hop_s: Window
    decimation: Count = 2

    def __post_init__(self) -> None:
        check_ranges(self)
        if self.decimation & (self.decimation - 1):
            raise ParameterError(
                "decimation", f"it is {self.decimation}", "Give a power of two: 1, 2, 4 …"
            )
        if not math.isclose(self.overlap * self.hop_s, self.block_s, rel_tol=1e-6):
            raise ParameterError(
                "hop_s", f"it is {self.hop_s}, no whole fraction of block_s", "Give block_s / 2"
            )

    @property
    def overlap(self) -> int:
        """Blocks that cover each instant of the song."""
        return round(self.block_s / self.hop_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectParameters:
    """How candidates are searched; recorded verbatim under `run.parameters`."""

    short: Scale = Scale(block_s=2.0, hop_s=1.0)
    """Any excerpt of 3 s holds a whole one."""
    long: Scale = Scale(block_s=8.0, hop_s=4.0)
    """6 dB further into the noise, if the speed is right to some 60 ppm."""
    survey: Scale = Scale(block_s=8.0, hop_s=8.0, decimation=4)
    """At speeds other than the first; where the song is heard, short and long blocks follow."""
    presence: Scale = Scale(block_s=8.0, hop_s=8.0, decimation=4)
    """First of all, is the song heard at all? If not, there is nothing to be searched further."""
    presence_z: Height = 5.2
    """What it passes."""
    presence_together: Count = 2
    """Blocks of song that are looked for at once, in one transform: each shows less by the root."""
    heard_evidence: Height = 16.0
    """Nats beyond chance by which a song counts as heard: songs that were absent gave 14 at most by
    looks of this kind, excerpts of two seconds at -25 LU re speech 700 at least."""
    look: Scale = Scale(block_s=4.0, hop_s=2.0)
    """First look at a speed, where the song is heard: an excerpt of two seconds lies in a whole
    block, and long blocks give each of theirs half of their evidence."""
    look_z: Height = 5.0
    """What it passes, for the whole band to be asked in short and in long blocks."""
    look_peaks: Count = 6
    """Kept for each block in each half minute: one that is loud has answers beside it."""
    survey_look: Scale = Scale(block_s=8.0, hop_s=8.0, decimation=8)
    survey_look_z: Height = 5.4
    """The same at other speeds, by an eighth of the band."""
    survey_together: Count = 3
    """A film that plays a song at another speed has more of it than one short excerpt."""
    survey_evidence: Height = 30.0
    """Nats beyond chance by which a speed counts as heard."""
    most_further_speeds: Steps = 2
    """A film has one or two besides the first; tonal music may seem to have them all."""
    n_peaks: Count = 3
    """Peaks kept for each block in each half minute of film, in which it may be heard thrice."""
    min_z: Height = 4.5
    """Half of all chunks of noise have their highest peak above this."""
    offset_tolerance_s: Seconds = 0.012
    """Peaks of one line agree to this: a room spreads arrivals over about 10 ms."""
    max_gap_s: Seconds = 16.0
    """What may be masked inside a line."""
    min_evidence: Height = 3.0
    """Nats beyond chance for a line to be traced; tracing then decides with all of the band."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True)
class Peaks:
    """Peaks of the plane for one song at one speed and scale, and the size of that plane.

    Parameters
    ----------
    speed : float
        At which the song was searched.
    scale : Scale
        Of its blocks.
    lags, z : ndarray, shape (n_peaks,)
        Film position of each block's start in samples at `RATE_HZ`, and its height.
    shares : ndarray of float32, shape (n_peaks, n_views)
        What each view of the film gives to the square of the height.
    blocks : ndarray of int64, shape (n_peaks,)
        Which blocks of the song.
    n_cells : float
        Places that were looked at, at least 1.
    """

    speed: float
    scale: Scale
    lags: NDArray[np.int64]
    z: NDArray[np.float32]
    shares: NDArray[np.float32]
    blocks: NDArray[np.int64]
    n_cells: float

    def some(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Peaks":
        """Return some of them, of the same plane."""
        return replace(
            self,
            lags=self.lags[which],
            z=self.z[which],
            shares=self.shares[which],
            blocks=self.blocks[which],
        )


def looks_low(scale: Scale) -> bool:
    """Tell whether a scale looks at nothing but the film's lower band.

    Parameters
    ----------
    scale : Scale
        Of the blocks.

    Returns
    -------
    bool
        Then what is kept of that band is enough, at its own rate.
    """
    return scale.decimation % LOW_STEP == 0


def blocks_in(n_samples: int, scale: Scale) -> int:
    """Return how many blocks a song has.

    Parameters
    ----------
    n_samples : int
        Its length at `RATE_HZ`.
    scale : Scale
        Of its blocks.

    Returns
    -------
    int
        At least half of the last is song: a mere second of it would meet the film's bursts.
    """
    block_length, hop_length = round(scale.block_s * RATE_HZ), round(scale.hop_s * RATE_HZ)
    return max(1, 1 + (n_samples - block_length // 2) // hop_length)


def n_places(film: Track, scale: Scale, n_blocks: int) -> float:
    """Return how many places of the plane some blocks of a song have.

    Parameters
    ----------
    film : Track
        The film.
    scale : Scale
        Of the blocks.
    n_blocks : int
        Of the song.

    Returns
    -------
    float
        At least 1.
    """
    return max(1.0, film.n_samples / scale.decimation * n_blocks)


def no_peaks(film: Track, speed: float, scale: Scale, *, n_samples: int) -> Peaks:
    """Return what a look says that sees nothing.

    Parameters
    ----------
    film : Track
        The film.
    speed : float
        At which the song was searched.
    scale : Scale
        Of its blocks.
    n_samples : int
        Length of the song at that speed.

    Returns
    -------
    Peaks
        None, of all places.
    """
    return Peaks(
        speed,
        scale,
        np.zeros(0, np.int64),
        np.zeros(0, np.float32),
        np.zeros((0, len(film.views)), np.float32),
        np.zeros(0, np.int64),
        n_places(film, scale, blocks_in(n_samples, scale)),
    )


def joined_peaks(parts: Sequence[Peaks]) -> Peaks:
    """Join the peaks of some blocks with those of others.

    Parameters
    ----------
    parts : sequence of Peaks
        Of one song at one speed and scale; no block is in two of them.

    Returns
    -------
    Peaks
        Of all of them.
    """
    return Peaks(
        parts[0].speed,
        parts[0].scale,
        np.concatenate([one.lags for one in parts]),
        np.concatenate([one.z for one in parts]),
        np.concatenate([one.shares for one in parts]),
        np.concatenate([one.blocks for one in parts]),
        sum(one.n_cells for one in parts),
    )
