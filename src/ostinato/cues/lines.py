"""Lines: peaks that lie on one diagonal of film time by song time, and its exact speed and offset.

Peaks of one occurrence agree in their offset (film time less time into the song as played) within
milliseconds, while chance scatters them. A line is kept when its evidence in nats outweighs the
number of places in the plane where it might have arisen by chance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ostinato.cues.path import Stretch, TraceParameters
from ostinato.cues.peaks import DetectParameters, Peaks, Scale
from ostinato.cues.tracks import Reference, Track
from ostinato.cues.views import RATE_HZ, likeliest
from ostinato.dsp.correlate import lag_spectra

_SLOPE_COST = 16.0  # in z², i.e. 8 nats
_SLOPE_SIGMAS = 3.0
_PEAK_POWER = 24.0  # three neighbouring z²: noise seldom gets there
_LEAST_LAG_VARIANCE = 0.1**2  # what a parabola through whole lags leaves


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
        return replace(part, evidence=part.all_nats)

    @property
    def all_nats(self) -> float:
        """Evidence of all its blocks, of those that do not overlap."""
        return self.nats(np.ones(self.z.size, np.bool_))

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


def fit_line(
    film: Track, reference: Reference, line: Line, *, parameters: TraceParameters
) -> tuple[float, int]:
    """Speed and offset of a line.

    Parameters
    ----------
    film : Track
        The whitened film.
    reference : Reference
        The song.
    line : Line
        Where to look.
    parameters : TraceParameters
        Block, lags, and how far a speed may be off the listed one.

    Returns
    -------
    speed : float
        The listed one unless the lags contradict it.
    offset : int
        Film sample of the song's first sample, by its strongest arrival.
    """
    offset = round(line.offset)
    block, hop = (
        round(parameters.lag_block_s * RATE_HZ),
        round(parameters.lag_block_s * RATE_HZ / 2),
    )
    max_lag = round(parameters.max_lag_s * RATE_HZ)
    end = offset + reference.length_at(line.speed)
    start, stop = max(0, offset, line.start), min(end, film.n_samples, line.stop)
    if stop - start < block:
        return line.speed, offset
    song = reference.part(line.speed, start - offset, stop - offset)
    heard = likeliest(film.views, song)
    power = np.zeros((1, 1), np.float32)
    for x, y, weight in zip(film.read(start, stop), heard, line.view_weights, strict=True):
        lags = lag_spectra(
            x,
            y,
            block_length=block,
            hop_length=hop,
            max_lag=max_lag,
        )
        power = power + np.float32(weight) * lags**2
    # neighbours too, so that a chain that turns the phase keeps its peak
    power = power + np.roll(power, 1, axis=1) + np.roll(power, -1, axis=1)
    position = np.arange(power.shape[0], dtype=np.float64) * hop + (block - (stop - start)) / 2
    slope, lag = _radon(power, position, max_slope=parameters.max_speed_error)
    slope, lag = _refine(power, position, slope=slope, lag=lag)
    if slope == 0.0:
        return line.speed, offset + round(lag)
    # lag grows by `slope` per film sample: a second of song lasts longer in the film
    speed = line.speed / (1 + slope)
    middle = (start + stop) / 2
    song_at_middle = (middle - offset - lag) * line.speed
    return speed, round(middle - song_at_middle / speed)


def _radon(
    power: NDArray[np.float32], position: NDArray[np.float64], *, max_slope: float
) -> tuple[float, float]:
    """Return the slope and mid-line lag (samples) along which most power lies."""
    n_lags = power.shape[1]
    rows = np.arange(power.shape[0])
    extent = float(np.ptp(position)) + 1
    step = min(max_slope, 1.0 / extent)
    n_slopes = int(max_slope / step)
    reach = 1 + int(n_slopes * step * float(np.abs(position).max()))
    beside = np.pad(power, ((0, 0), (reach, reach)), constant_values=1.0)
    shifted = sliding_window_view(beside, n_lags, axis=1)
    best = (-np.inf, 0.0, 0.0)
    for k in sorted(range(-n_slopes, n_slopes + 1), key=abs):
        shift = np.rint(k * step * position).astype(np.int64)
        total = shifted[rows, reach + shift].sum(axis=0)
        lag = int(total.argmax())
        # a slope other than the listed one must earn its place
        score = float(total[lag]) - (0 if k == 0 else _SLOPE_COST)
        if score > best[0]:
            best = (score, k * step, float(lag - n_lags // 2))
    return best[1], best[2]


def _refine(
    power: NDArray[np.float32], position: NDArray[np.float64], *, slope: float, lag: float
) -> tuple[float, float]:
    """Fit slope and lag to the peaks near a line; a slope within its error becomes 0."""
    n_lags, reach = power.shape[1], 3
    centre = np.rint(slope * position + lag).astype(np.int64) + n_lags // 2
    columns = np.clip(centre[:, np.newaxis] + np.arange(-reach, reach + 1), 1, n_lags - 2)
    near = np.take_along_axis(power, columns, axis=1)
    row = np.arange(near.shape[0])
    column = columns[row, near.argmax(axis=1)]
    height = power[row, column]
    weight = np.where(height > _PEAK_POWER, height, 0.0)
    if np.count_nonzero(weight) < 3:  # noqa: PLR2004 - two points leave no residual
        return slope, lag
    before, after = power[row, column - 1], power[row, column + 1]
    curvature = np.minimum(2 * (before - 2 * height + after), -1e-9)  # of a peak, below 0
    lags = column - n_lags // 2 + np.clip((before - after) / curvature, -0.5, 0.5)
    design = np.stack([np.ones_like(position), position], axis=1)
    weighted = design * weight[:, np.newaxis]
    normal = weighted.T @ design
    intercept, fitted = np.linalg.solve(normal, weighted.T @ lags)
    residual = lags - design @ np.array([intercept, fitted])
    variance = max(float(np.average(residual**2, weights=weight)), _LEAST_LAG_VARIANCE)
    # doubled: blocks overlap by half, so that only every other one is new
    error = np.sqrt(2 * variance * weight.max() * np.linalg.inv(normal)[1, 1])
    if abs(fitted) < _SLOPE_SIGMAS * error:
        return 0.0, float(np.average(lags, weights=weight))
    return float(fitted), float(intercept)
