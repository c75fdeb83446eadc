"""When the first sound of a playback arrives, before the room that answers it.

Correlation locks on to the strongest arrival, which in a large room may come a tenth of a second
after the direct sound. The response of the playback chain is therefore estimated by weighted least
squares over the whole stretch, and the song's time is that of its first arrival.

A faint song leaves noise in its response, and some lag of it is always the highest. An arrival
other than the one that correlation locked on to therefore counts only if parts of the stretch that
did not suggest it show it as well.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import librosa
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter, uniform_filter1d
from scipy.signal import fftconvolve

from ostinato.ranges import Height, Share, Window, check_ranges


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

    References
    ----------
    .. [1] J. Bendat and A. Piersol, *Random Data*, 4th ed., 2010, ch. 6 (the estimator H1), here
       with each time-frequency cell weighted by the inverse of the film's power there.
    """
    cross, power = _weighted_spectra(pairs, sample_rate_hz, parameters)
    if cross.shape[0] < _LEAST_PARTS or not power.any():
        return None
    gain, n_fft = _wiener_weight(power.sum(axis=0)), 2 * (power.shape[1] - 1)

    def response(cross: NDArray[np.complex128], power: NDArray[np.float64]) -> Lags:
        return np.fft.fftshift(np.fft.irfft(gain * cross / np.maximum(power, 1e-12), n_fft))

    whole = response(cross.sum(axis=0), power.sum(axis=0))
    spread = np.fft.fftshift(np.fft.irfft(gain, n_fft))
    onset_s = _onset_s(whole, spread, sample_rate_hz, parameters)
    if onset_s is None:
        return None
    halves = [response(cross[one::2].sum(axis=0), power[one::2].sum(axis=0)) for one in (0, 1)]
    is_real = _is_confirmed(onset_s, whole, halves, sample_rate_hz, parameters)
    return onset_s if is_real else None


Lags = NDArray[np.float64]
"""A response at all lags, lag 0 in the middle."""
_LEAST_PARTS = 2


def _weighted_spectra(
    pairs: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]],
    sample_rate_hz: int,
    parameters: ArrivalParameters,
) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
    """Return cross spectrum and the song's power, weighted, (n_parts, n_bins)."""
    n_fft = 2 * round(parameters.window_s * sample_rate_hz / 2)
    cross, power = [], []
    for film_part, song_part in _parts(
        pairs, max(n_fft, round(parameters.part_s * sample_rate_hz))
    ):
        film, song = (
            librosa.stft(y, n_fft=n_fft, hop_length=n_fft // 4, center=False)
            for y in (film_part, song_part)
        )
        local = uniform_filter(np.abs(film) ** 2, size=(_SMOOTH_BINS, 1), mode="nearest")
        weight = 1 / np.maximum(local, 1e-9 * float(local.max(initial=1e-20)))
        cross.append(np.sum(film * song.conj() * weight, axis=1))
        power.append(np.sum(np.abs(song) ** 2 * weight, axis=1))
    empty = np.zeros((0, n_fft // 2 + 1))
    return np.array(cross or empty, np.complex128), np.array(power or empty, np.float64)


def _parts(
    pairs: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]], length: int
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Yield film and song in parts of at least a length, all of what is as long as that."""
    for film_y, song_y in pairs:
        n_parts = film_y.size // length
        if n_parts == 0:
            continue
        bounds = np.linspace(0, film_y.size, n_parts + 1).astype(np.int64)
        for start, stop in itertools.pairwise(bounds):
            yield film_y[start:stop], song_y[start:stop]


_SMOOTH_BINS = 61  # 60 Hz at windows of a second


def _wiener_weight(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each bin is to be trusted: little where the song is weak in it."""
    smooth = uniform_filter1d(power, 9, mode="nearest")
    floor = _FLOOR * float(np.quantile(smooth, 0.9))
    weight: NDArray[np.float64] = smooth / (smooth + floor)
    return weight


_FLOOR = 0.05


def _onset_s(
    response: NDArray[np.float64],
    spread: NDArray[np.float64],
    sample_rate_hz: int,
    parameters: ArrivalParameters,
) -> float | None:
    middle = response.size // 2
    width = max(1, round(parameters.smoothing_s * sample_rate_hz)) | 1
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
    onset_s: float,
    whole: Lags,
    halves: Sequence[Lags],
    sample_rate_hz: int,
    parameters: ArrivalParameters,
) -> bool:
    """Tell whether both halves of the parts show an arrival alike.

    Noise of one half is none of the other's, so that the product of their responses holds, on
    average, the energy of what arrives and nothing else.
    """
    middle = whole.size // 2
    width = max(1, round(parameters.smoothing_s * sample_rate_hz)) | 1
    shared = uniform_filter1d(halves[0] * halves[1], width)
    energy = uniform_filter1d(whole**2, width)
    chance = shared[: middle - round(parameters.early_s * sample_rate_hz)]
    at = middle + round(onset_s * sample_rate_hz)
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
