"""How loud the stems of a film are, in slots of 100 ms, and what it takes to make one as loud.

Energies are mean squares, K-weighted and summed over channels. Levels are of their mean, ungated:
a level is that of the seconds that are meant, pauses and all.
"""

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.loudness import lufs, slot_energies, start_loudness
from ostinato.errors import ParameterError
from ostinato.simulate.plan import Level
from ostinato.timeline import Interval, Timeline

__all__ = ["SLOTS_PER_SECOND", "energies_of", "factor_for", "is_inside", "mean_lufs"]

SLOTS_PER_SECOND = 10

Sound = NDArray[np.float32]
Energies = NDArray[np.float64]


def energies_of(y: Sound, *, start_sample: int, sample_rate_hz: int) -> tuple[int, Energies]:
    """Mean squares of a sound in the slots of the film in which it lies.

    `y` (n_channels, n_samples): the sound; silence around it; `start_sample`: where in the film it
    starts. Returns `energies` (n_slots,).
    """
    slot_length = sample_rate_hz // SLOTS_PER_SECOND
    first_slot, before = divmod(start_sample, slot_length)
    after = -(before + y.shape[1]) % slot_length
    padded = np.pad(y, ((0, 0), (before, after)))
    state = start_loudness(sample_rate_hz=sample_rate_hz, n_channels=y.shape[0])
    energies, _ = slot_energies(padded, state)
    return first_slot, energies.sum(axis=0)


def is_inside(
    timeline: Timeline, *, first_slot: int, n_slots: int, share: float = 0.5
) -> NDArray[np.bool_]:
    """Tell which slots lie in a timeline, by more than `share` of their length.

    `share`: from 0 to 1. Returns (n_slots,).
    """
    covered = np.zeros(n_slots)
    for stretch in timeline & _extent(first_slot, n_slots):
        start = stretch.start_s * SLOTS_PER_SECOND - first_slot
        end = stretch.end_s * SLOTS_PER_SECOND - first_slot
        slots = np.arange(int(start), min(n_slots, int(np.ceil(end))))
        covered[slots] += np.minimum(slots + 1, end) - np.maximum(slots, start)
    return covered > share


def mean_lufs(energies: Energies) -> float | None:
    """Level of the mean of slots, ungated; None for none of them, or for silence.

    `energies` (n_slots,): mean squares.
    """
    mean = float(energies.mean()) if energies.size else 0.0
    return float(lufs(np.array([mean]))[0]) if mean > 0 else None


def factor_for(level: Level, own: Energies, reference: Energies, *, thing: str) -> float:
    """Return the factor that gives a sound its level.

    `own`, `reference` (n_slots,): of the sound and of what its level is relative to, in the slots
    that count; the reference is not looked at for a level re full scale; `thing`: what to call the
    sound in an error. Raises ParameterError if either is silent in these slots.
    """
    target_lufs = level.value
    if level.re != "full scale":
        reference_lufs = mean_lufs(reference)
        if reference_lufs is None:
            raise ParameterError(
                thing,
                f"its level is relative to the {level.re}, and there is none while it is heard",
                "Move it, or give its level re full scale",
            )
        target_lufs += reference_lufs
    own_lufs = mean_lufs(own)
    if own_lufs is None:
        raise ParameterError(thing, "it is silent", "Choose another part of the recording")
    return float(10 ** ((target_lufs - own_lufs) / 20))


def _extent(first_slot: int, n_slots: int) -> Timeline:
    if n_slots == 0:
        return Timeline()
    start_s = first_slot / SLOTS_PER_SECOND
    return Timeline((Interval(start_s, (first_slot + n_slots) / SLOTS_PER_SECOND),))
