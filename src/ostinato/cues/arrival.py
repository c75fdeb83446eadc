"""When the first sound of a playback arrives, before the room that answers it.

Correlation locks on to the strongest arrival, which in a large room may come a tenth of a second
after the direct sound. The response of the playback chain is therefore estimated by weighted least
squares over the whole stretch, and the song's time is that of its first arrival.

A faint song leaves noise in its response, and some lag of it is always the highest. An arrival
other than the one that correlation locked on to therefore counts only if parts of the stretch that
did not suggest it show it as well.

An echo chamber or a spring may answer louder than the direct sound, half a second after it. So far
off a response holds more noise, and a song that repeats itself on the beat is like itself there.
Such an arrival must stand out of both by far: see `FarParameters`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import fftconvolve

from ostinato.cues.time_errors import Lags, Pair, PartResponses, odd, part_responses
from ostinato.ranges import Height, Share, Window, check_ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class FarParameters:
    """How an arrival long before the strongest is told; recorded under `run.parameters`."""

    window_s: Window = 2.048
    """Window of the fit: more than twice the longest lag."""
    part_s: Window = 2.048
    """Parts that are held out in turn, each one window or more."""
    early_s: Window = 0.75
    """Searched before the strongest arrival."""
    nearest_s: Window = 0.1
    """And no nearer than this, where the shorter window sees more."""
    least_share: Share = 0.02
    """Of the strongest one's energy (-17 dB)."""
    chance_factor: Height = 9.0
    """Times the most that chance shows, at lags where nothing arrives. In 900 dry, radio and room
    cues no false one reached 8; those of louder echoes have 30 to 250."""
    held_out_share: Share = 0.8
    """Of its energy, that each part shows as the others do."""
    lobe_factor: Height = 6.0
    """Times what the song's own repetition explains there."""
    onset_share: Share = 0.3
    """The first lag with this share of the early group's energy is its onset."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalParameters:
    """How the first arrival is told; recorded verbatim under `run.parameters`."""

    window_s: Window = 1.024
    """Window of the fit: twice the longest lag, so that a late answer stays inside."""
    early_s: Window = 0.22
    """Searched before the strongest arrival: an echo chamber answers after 0.15 s."""
    late_s: Window = 0.3
    """Taken into account after it, since the answer's side lobes reach back."""
    smoothing_s: Window = 0.003
    """Energy of the response is averaged over this."""
    least_share: Share = 0.04
    """An arrival has this share of the strongest one's energy (-14 dB): less is a side lobe."""
    noise_factor: Height = 8.0
    """And exceeds the energy at lags where nothing can arrive by this factor."""
    lobe_factor: Height = 6.0
    """And what the side lobes of later arrivals explain by this one."""
    part_s: Window = 2.048
    """Parts that are held out in turn: five windows, none of which reaches into the next part."""
    confirmed_share: Share = 0.5
    """Of an arrival's energy, that the parts must show which did not suggest it."""
    confirmed_factor: Height = 2.0
    """And so many times the most that chance shows, at as many lags where nothing arrives."""
    same_s: Window = 0.002
    """Lags nearer than this are one arrival."""
    far: FarParameters = field(default_factory=FarParameters)
    """Of an arrival long before the strongest one."""

    def __post_init__(self) -> None:
        check_ranges(self)


def first_arrival_s(
    pairs: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]],
    *,
    sample_rate_hz: int,
    parameters: ArrivalParameters,
) -> float | None:
    """Lag of the first arrival of a song in a film.

    Parameters
    ----------
    pairs : iterable of (ndarray, ndarray), each of shape (n_samples,)
        Film and song over stretches that share one time map, aligned by it within `early_s`.
    sample_rate_hz : int
        Of both.
    parameters : ArrivalParameters
        Windows and thresholds.

    Returns
    -------
    float or None
        Seconds by which the first arrival is later than the alignment says (negative: earlier);
        None where the stretches are too short, nothing stands out, or parts that are held out do
        not confirm it.
    """
    known = [*pairs]
    far_s = _far_arrival_s(known, sample_rate_hz, parameters)
    return _near_arrival_s(known, sample_rate_hz, parameters) if far_s is None else far_s


_STRONGEST_S = 0.05
_RIDGE = 0.1


def _near_arrival_s(
    pairs: Sequence[Pair], sample_rate_hz: int, parameters: ArrivalParameters
) -> float | None:
    found = part_responses(
        pairs,
        sample_rate_hz=sample_rate_hz,
        window_s=parameters.window_s,
        part_s=parameters.part_s,
    )
    if found is None:
        return None
    onset_s = _onset_s(found.whole, found.spread, sample_rate_hz, parameters)
    if onset_s is None or not _is_confirmed(onset_s, found, sample_rate_hz, parameters):
        return None
    return onset_s


def _far_arrival_s(
    pairs: Sequence[Pair], sample_rate_hz: int, parameters: ArrivalParameters
) -> float | None:
    """Return the lag of a group that arrives long before the strongest; None without one."""
    far = parameters.far
    found = part_responses(
        pairs,
        sample_rate_hz=sample_rate_hz,
        window_s=far.window_s,
        part_s=far.part_s,
        ridge=_RIDGE,
    )
    if found is None:
        return None
    width = odd(parameters.smoothing_s * sample_rate_hz)
    first, last = (round(s * sample_rate_hz) for s in (far.early_s, far.nearest_s))
    whole, shared = found.whole, found.shared(width)
    early = slice(whole.size // 2 - first, whole.size // 2 - last)
    least = np.maximum.reduce(
        [
            _beyond_chance(shared, first, sample_rate_hz, far),
            far.held_out_share * found.energy(width),
            far.lobe_factor * _side_lobes(whole, found.spread, width),
        ]
    )[early]
    stands_out = shared[early] >= least
    if not stands_out.any():
        return None
    highest = float(shared[early][stands_out].max())
    onset = int(np.argmax(stands_out & (shared[early] >= far.onset_share * highest)))
    peak = onset + int(np.argmax(whole[early][onset : onset + width] ** 2))
    return (peak - first) / sample_rate_hz


def _beyond_chance(shared: Lags, first: int, sample_rate_hz: int, far: FarParameters) -> Lags:
    """Return what an arrival exceeds, by the strongest one and by lags at which nothing arrives."""
    middle, near = shared.size // 2, round(_STRONGEST_S * sample_rate_hz)
    strongest = float(shared[middle - near : middle + near].max())
    chance = float(np.abs(shared[: middle - first]).max())
    return np.full_like(shared, max(far.least_share * strongest, far.chance_factor * chance))


def _onset_s(
    response: NDArray[np.float64],
    spread: NDArray[np.float64],
    sample_rate_hz: int,
    parameters: ArrivalParameters,
) -> float | None:
    middle = response.size // 2
    width = odd(parameters.smoothing_s * sample_rate_hz)
    energy = uniform_filter1d(response**2, width)
    early, late = (round(s * sample_rate_hz) for s in (parameters.early_s, parameters.late_s))
    # lags before any that are searched hold noise alone; the far end is the window's wrapped edge
    noise = float(np.median(energy[: middle - early]))
    near = energy[middle - early : middle + late]
    lobes = _side_lobes(response, spread, width)[middle - early : middle + late]
    strongest = int(near.argmax())
    if near[strongest] < parameters.noise_factor * noise:
        return None
    threshold = np.maximum(
        parameters.least_share * near[strongest],
        parameters.noise_factor * noise + parameters.lobe_factor * lobes,
    )
    first = int(np.argmax((near >= threshold)[: strongest + 1]))
    if not near[first] >= threshold[first]:
        first = strongest
    # the average rises half a width before the arrival that it holds
    peak = first + int(np.argmax(response[middle - early :][first : first + width // 2 + 1] ** 2))
    return (peak - early) / sample_rate_hz


def _is_confirmed(
    onset_s: float, found: PartResponses, sample_rate_hz: int, parameters: ArrivalParameters
) -> bool:
    """Tell whether the parts show an arrival alike, more than chance does where nothing arrives."""
    width = odd(parameters.smoothing_s * sample_rate_hz)
    shared, energy = found.shared(width), found.energy(width)
    chance = shared[: shared.size // 2 - round(parameters.early_s * sample_rate_hz)]
    at = shared.size // 2 + round(onset_s * sample_rate_hz)
    reach = round(parameters.same_s * sample_rate_hz)
    around = slice(at - reach, at + reach + 1)
    shown = float(shared[around].max())
    return shown >= parameters.confirmed_share * float(
        energy[around].max()
    ) and shown >= parameters.confirmed_factor * float(np.abs(chance).max())


def _side_lobes(
    response: NDArray[np.float64], spread: NDArray[np.float64], width: int
) -> NDArray[np.float64]:
    """Return the energy that the estimator's own side lobes make of the response."""
    lobes = (spread / spread.max()) ** 2
    middle = lobes.size // 2
    lobes[middle - width : middle + width + 1] = 0
    explained: NDArray[np.float64] = uniform_filter1d(
        fftconvolve(response**2, lobes, mode="same"), width
    )
    # the estimate of where a lobe lies is a little off: a held note repeats itself all around there
    nearby: NDArray[np.float64] = maximum_filter1d(np.maximum(explained, 0), width)
    return nearby
