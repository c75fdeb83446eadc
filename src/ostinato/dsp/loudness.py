"""Loudness after ITU-R BS.1770: K-weighting, gating blocks, and the gates.

Energies are mean squares of K-weighted samples, full scale ±1, summed over the channels with their
weights; levels are LUFS. A signal may come in blocks of any size: what a block leaves unfinished is
carried to the next as a value, and the energies are those of the whole signal, bit for bit.

The weight of a channel is 1 for left, right and centre and 1.41 for a surround. In a stereo
downmix the surrounds are already inside left and right, so both of its channels weigh 1, and the
loudness is that of the film as two loudspeakers play it. One channel alone reads 3 LU below the
same signal in two.

References
----------
.. [1] ITU-R BS.1770-4, *Algorithms to measure audio programme loudness and true-peak audio
       level*, 2015, annex 1.
.. [2] EBU Tech 3341, *Loudness metering: 'EBU Mode' metering*, 2016.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from ostinato.errors import ParameterError

__all__ = [
    "LoudnessState",
    "integrated_lufs",
    "k_weighting",
    "loudness_lufs",
    "lufs",
    "momentary_energies",
    "short_term_energies",
    "slot_energies",
    "start_loudness",
]

SLOTS_PER_SECOND = 10  # the hop of a gating block: 75 % overlap of 400 ms
SLOTS_PER_MOMENTARY = 4
SLOTS_PER_SHORT_TERM = 30
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
OFFSET_LU = -0.691  # cancels the K-weighting's gain at 997 Hz
_SMALLEST_DELAY = 1e-30  # -600 dB
MIN_SAMPLE_RATE_HZ = 8000  # below it the high shelf has left the band


@dataclass(frozen=True, slots=True, kw_only=True)
class LoudnessState:
    """What a block of signal leaves for the next; start with `start_loudness`.

    `delays` is the filter's memory, `pending` the weighted samples of the slot that is not yet
    full, and `n_slots` the number of slots that are.
    """

    sample_rate_hz: int
    delays: NDArray[np.float64]
    pending: NDArray[np.float64]
    n_slots: int = 0


def k_weighting(sample_rate_hz: int) -> NDArray[np.float64]:
    """K-weighting as second-order sections: the head's high shelf, then the high pass.

    BS.1770 tabulates the filter at 48 kHz only. These are the analogue prototypes that give that
    table, taken to any rate by the bilinear transform, as libebur128 does.

    Parameters
    ----------
    sample_rate_hz : int
        At least 8000.

    Returns
    -------
    sos : ndarray of float64, shape (2, 6)
        For `scipy.signal.sosfilt`.

    Raises
    ------
    ParameterError
        If the rate is below 8 kHz.

    Examples
    --------
    >>> k_weighting(48000)[0, :3].round(5)
    array([ 1.53512, -2.6917 ,  1.19839])
    """
    if sample_rate_hz < MIN_SAMPLE_RATE_HZ:
        raise ParameterError(
            f"sample rate {sample_rate_hz} Hz",
            f"K-weighting is defined from {MIN_SAMPLE_RATE_HZ} Hz",
            "Resample the recording to 8 kHz or more",
        )
    shelf_k = math.tan(math.pi * 1681.974450955533 / sample_rate_hz)
    shelf_q = 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    middle = high**0.4996667741545416
    shelf = _section(
        (high + middle * shelf_k / shelf_q + shelf_k**2, 2 * (shelf_k**2 - high)),
        high - middle * shelf_k / shelf_q + shelf_k**2,
        k=shelf_k,
        q=shelf_q,
    )
    pass_k = math.tan(math.pi * 38.13547087602444 / sample_rate_hz)
    pass_q = 0.5003270373238773
    # the standard's numerator is 1, -2, 1 unnormalised: undo what _section divides by
    scale = 1 + pass_k / pass_q + pass_k**2
    high_pass = _section((scale, -2 * scale), scale, k=pass_k, q=pass_q)
    return np.array([shelf, high_pass])


def start_loudness(*, sample_rate_hz: int, n_channels: int) -> LoudnessState:
    """Return the state before the first sample of a signal.

    Parameters
    ----------
    sample_rate_hz : int
        At least 8000.
    n_channels : int
        Channels of the blocks to come.

    Returns
    -------
    LoudnessState
        Of a signal that was silent until now.
    """
    return LoudnessState(
        sample_rate_hz=sample_rate_hz,
        delays=np.zeros((2, n_channels, 2)),
        pending=np.zeros((n_channels, 0)),
    )


def slot_energies(
    y: NDArray[np.floating], state: LoudnessState
) -> tuple[NDArray[np.float64], LoudnessState]:
    """Mean square of each slot of 100 ms that is full, K-weighted, channel by channel.

    Parameters
    ----------
    y : ndarray, shape (n_channels, n_samples)
        The next block of the signal, full scale ±1, of any length.
    state : LoudnessState
        What the blocks before it left.

    Returns
    -------
    energies : ndarray of float64, shape (n_channels, n_slots)
        Of the slots that `y` has completed.
    state : LoudnessState
        For the next block.
    """
    if y.shape[:-1] != state.pending.shape[:-1]:
        raise ParameterError(
            "y",
            f"its shape is {y.shape}, not ({state.pending.shape[0]}, n_samples)",
            "Give channels first, as many as start_loudness was told",
        )
    if y.shape[1] == 0:
        return np.zeros((y.shape[0], 0)), state
    weighted, delays = sosfilt(
        k_weighting(state.sample_rate_hz), y.astype(np.float64), axis=-1, zi=state.delays
    )
    pending = np.concatenate([state.pending, weighted], axis=1)
    first = _slot_start(state.n_slots, state.sample_rate_hz)
    n_full = (first + pending.shape[1]) * SLOTS_PER_SECOND // state.sample_rate_hz - state.n_slots
    # slots are a tenth of a second each, so at 11025 Hz they alternate by one sample
    edges = np.array(
        [_slot_start(state.n_slots + i, state.sample_rate_hz) - first for i in range(n_full + 1)]
    )
    rest = pending[:, edges[-1] :].copy()
    # what is left of a sound long ago is too small to be a normal number, and slow to reckon with
    delays = np.where(np.abs(delays) < _SMALLEST_DELAY, 0.0, delays)
    carried = replace(state, delays=delays, pending=rest, n_slots=state.n_slots + n_full)
    if n_full == 0:
        return np.zeros((y.shape[0], 0)), carried
    sums = np.add.reduceat(np.square(pending[:, : edges[-1]]), edges[:-1], axis=1)
    return sums / np.diff(edges), carried


def momentary_energies(
    slots: NDArray[np.float64], *, weights: Sequence[float] | None = None
) -> NDArray[np.float64]:
    """Energy of each gating block of 400 ms, one every 100 ms.

    Parameters
    ----------
    slots : ndarray, shape (n_channels, n_slots)
        From `slot_energies`, joined in time.
    weights : sequence of float, optional
        Of the channels; 1 each unless given. A surround that is a channel of its own weighs 1.41.

    Returns
    -------
    energies : ndarray of float64, shape (n_slots - 3,)
        Weighted sums over the channels; empty for less than 400 ms.
    """
    return _sliding_mean(_weigh(slots, weights), SLOTS_PER_MOMENTARY)


def short_term_energies(
    slots: NDArray[np.float64], *, weights: Sequence[float] | None = None
) -> NDArray[np.float64]:
    """Energy of each window of 3 s, one every 100 ms.

    Parameters
    ----------
    slots : ndarray, shape (n_channels, n_slots)
        Mean squares of 100 ms each, K-weighted.
    weights : sequence of float, optional
        Of the channels, as in `momentary_energies`.

    Returns
    -------
    ndarray of float64, shape (n_windows,)
        The mean square of each.
    """
    return _sliding_mean(_weigh(slots, weights), SLOTS_PER_SHORT_TERM)


def lufs(energies: NDArray[np.floating]) -> NDArray[np.float64]:
    """Level of energies.

    Parameters
    ----------
    energies : ndarray
        Weighted mean squares, at least 0.

    Returns
    -------
    levels_lufs : ndarray of float64
        Of the same shape; minus infinity where the energy is 0.
    """
    with np.errstate(divide="ignore"):
        levels: NDArray[np.float64] = OFFSET_LU + 10 * np.log10(energies, dtype=np.float64)
    return levels


def integrated_lufs(block_energies: NDArray[np.floating]) -> float | None:
    """Loudness of a programme: the mean of what passes the absolute, then the relative gate.

    Parameters
    ----------
    block_energies : ndarray, shape (n_blocks,)
        From `momentary_energies`, of the whole programme.

    Returns
    -------
    float or None
        LUFS; None where no block is above -70 LUFS.
    """
    audible = block_energies[lufs(block_energies) > ABSOLUTE_GATE_LUFS]
    if audible.size == 0:
        return None
    gate_lufs = float(lufs(np.mean(audible))) + RELATIVE_GATE_LU  # BS.1770-4 eq. 6
    return float(lufs(np.mean(audible[lufs(audible) > gate_lufs])))  # BS.1770-4 eq. 7


def loudness_lufs(
    y: NDArray[np.floating], *, sample_rate_hz: int, weights: Sequence[float] | None = None
) -> float | None:
    """Integrated loudness of a signal that is held in memory.

    Parameters
    ----------
    y : ndarray, shape (n_channels, n_samples)
        Full scale ±1.
    sample_rate_hz : int
        At least 8000.
    weights : sequence of float, optional
        Of the channels; 1 each unless given.

    Returns
    -------
    float or None
        LUFS; None where the signal is shorter than 400 ms or nowhere above -70 LUFS.
    """
    state = start_loudness(sample_rate_hz=sample_rate_hz, n_channels=y.shape[0])
    slots, _ = slot_energies(y, state)
    return integrated_lufs(momentary_energies(slots, weights=weights))


def _section(
    first_two: tuple[float, float], last: float, *, k: float, q: float
) -> tuple[float, ...]:
    """Return one section from its numerator and the prewarped frequency and Q of its poles."""
    a0 = 1 + k / q + k**2
    b0, b1 = first_two
    return (b0 / a0, b1 / a0, last / a0, 1.0, 2 * (k**2 - 1) / a0, (1 - k / q + k**2) / a0)


def _slot_start(slot: int, sample_rate_hz: int) -> int:
    return -(-slot * sample_rate_hz // SLOTS_PER_SECOND)


def _weigh(slots: NDArray[np.float64], weights: Sequence[float] | None) -> NDArray[np.float64]:
    if weights is None:
        weights = [1.0] * slots.shape[0]
    if len(weights) != slots.shape[0]:
        raise ParameterError(
            "weights", f"there are {len(weights)} for {slots.shape[0]} channels", "Give one each"
        )
    total: NDArray[np.float64] = np.asarray(weights, dtype=np.float64) @ slots
    return total


def _sliding_mean(energies: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    if energies.size < length:
        return np.zeros(0)
    windows = np.lib.stride_tricks.sliding_window_view(energies, length)
    means: NDArray[np.float64] = np.mean(windows, axis=-1)
    return means
