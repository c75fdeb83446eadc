"""Lines: peaks that lie on one diagonal of film time by song time.

Peaks of one occurrence agree in their offset (film time less time into the song as played) within
milliseconds, while chance scatters them. A line is kept when its evidence in nats outweighs the
number of places in the plane where it might have arisen by chance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.detect import DetectParameters, Peaks, Scale
from ostinato.cues.path import Stretch
from ostinato.cues.views import RATE_HZ


@dataclass(frozen=True, slots=True)
class Line:
    """Peaks of the plane that lie on one diagonal.

    Parameters
    ----------
    speed : float
        At which the song was searched.
    scale : Scale
        Of its blocks.
    lags, z : ndarray, shape (n_peaks,)
        Film position of each block's start in samples at `RATE_HZ`, and its height.
    blocks : ndarray of int64, shape (n_peaks,)
        Which blocks of the song, increasing.
    view_weights : ndarray of float64, shape (n_views,)
        How much of the evidence each view of the film gives; their sum is 1.
    offset : float
        Sample of film at which the song's first sample would fall, weighted by evidence.
    evidence : float
        Nats beyond chance.
    """

    speed: float
    scale: Scale
    lags: NDArray[np.int64]
    z: NDArray[np.float32]
    blocks: NDArray[np.int64]
    view_weights: NDArray[np.float64]
    offset: float
    evidence: float

    @property
    def block_length(self) -> int:
        """Samples in a block."""
        return round(self.scale.block_s * RATE_HZ)

    @property
    def start(self) -> int:
        """First film sample of its first block."""
        return int(self.lags[0])

    @property
    def stop(self) -> int:
        """Film sample after its last block."""
        return int(self.lags[-1]) + self.block_length

    def meets(self, other: "Line | Stretch") -> bool:
        """Tell whether they share film."""
        return self.start < other.stop and other.start < self.stop

    def part(self, which: slice) -> "Line":
        """Return some of its blocks as a line; its evidence is theirs alone."""
        lags, z, blocks = self.lags[which], self.z[which], self.blocks[which]
        offsets = lags - blocks * round(self.scale.hop_s * RATE_HZ)
        offset = float(np.average(offsets, weights=z.astype(np.float64) ** 2))
        part = replace(self, lags=lags, z=z, blocks=blocks, offset=offset)
        return replace(part, evidence=part.nats(np.ones(z.size, np.bool_)))

    def nats(self, inside: NDArray[np.bool_]) -> float:
        """Return the evidence of some of its blocks, of those that do not overlap."""
        power = np.where(inside, self.z.astype(np.float64) ** 2 / 2, 0.0)
        return float(np.bincount(self.blocks % self.scale.overlap, power).max())


def gather_lines(peaks: Peaks, *, parameters: DetectParameters) -> tuple[Line, ...]:
    """Gather peaks into lines that chance does not explain.

    Parameters
    ----------
    peaks : Peaks
        Of one song at one speed and scale.
    parameters : DetectParameters
        Tolerance and evidence.

    Returns
    -------
    tuple of Line
        The strongest first; no peak is in two lines.
    """
    if peaks.z.size == 0:
        return ()
    offsets = peaks.lags - peaks.blocks * round(peaks.scale.hop_s * RATE_HZ)
    order = np.argsort(offsets, kind="stable")
    tolerance = parameters.offset_tolerance_s * RATE_HZ
    breaks = np.flatnonzero(np.diff(offsets[order]) > tolerance) + 1
    starts = np.concatenate([[0], breaks])
    nats = np.add.reduceat(peaks.z[order].astype(np.float64) ** 2 / 2, starts)
    hopeful = nats >= math.log(peaks.n_cells) + parameters.min_evidence
    groups = np.split(order, breaks)
    lines = []
    for group in (groups[i] for i in np.flatnonzero(hopeful)):
        for chain in _chains(peaks, group, parameters):
            evidence = _evidence(peaks, chain, parameters)
            if evidence >= parameters.min_evidence:
                lines.append(_line(peaks, chain, evidence))
    return tuple(sorted(lines, key=lambda line: (-line.evidence, line.start)))


def _line(peaks: Peaks, chain: NDArray[np.int64], evidence: float) -> Line:
    offsets = peaks.lags[chain] - peaks.blocks[chain] * round(peaks.scale.hop_s * RATE_HZ)
    # what chance gives to each view, 1, taken off
    gained = np.maximum(peaks.shares[chain].astype(np.float64).mean(axis=0) - 1, 1e-3)
    return Line(
        peaks.speed,
        peaks.scale,
        peaks.lags[chain],
        peaks.z[chain],
        peaks.blocks[chain],
        gained / gained.sum(),
        float(np.average(offsets, weights=peaks.z[chain].astype(np.float64) ** 2)),
        evidence,
    )


def _chains(
    peaks: Peaks, group: NDArray[np.int64], parameters: DetectParameters
) -> Sequence[NDArray[np.int64]]:
    """Split peaks of one offset where too many blocks are missing; keep each block's highest."""
    max_gap = round(parameters.max_gap_s / peaks.scale.hop_s)
    order = group[np.lexsort((-peaks.z[group], peaks.blocks[group]))]
    blocks = peaks.blocks[order]
    order = order[np.concatenate([[True], np.diff(blocks) > 0])]
    breaks = np.flatnonzero(np.diff(peaks.blocks[order]) > max_gap) + 1
    return np.split(order, breaks)


def _evidence(peaks: Peaks, chain: NDArray[np.int64], parameters: DetectParameters) -> float:
    """Nats by which a chain beats chance, counting the places where it could have arisen.

    Blocks that overlap hear the same film, so only those that do not are added up.
    """
    scale = peaks.scale
    max_gap = max(1, round(parameters.max_gap_s / scale.block_s))
    n_near = 2 * parameters.offset_tolerance_s * RATE_HZ / scale.decimation * max_gap
    phase = peaks.blocks[chain] % scale.overlap
    best = -math.inf
    for one in range(scale.overlap):
        z = peaks.z[chain[phase == one]].astype(np.float64)
        if z.size:
            places = math.log(peaks.n_cells) + (z.size - 1) * math.log(n_near)
            best = max(best, float(np.sum(z**2) / 2 - places))
    return best
