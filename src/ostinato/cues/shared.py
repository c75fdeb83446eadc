"""What two songs share, and whether all of a song is heard or only what it shares.

Tracks of one composer may share a loop to the sample. If two occurrences of different songs lie on
one stretch of film, and the recordings themselves correlate where they are said to be heard, the
weaker is explained by the stronger. Songs that merely play at once do not correlate.

Another arrangement, a remix, or the next track of one composer holds some of the song's samples and
not the rest. What is shared is met in the film at the gain of the playback; of what is not, nothing
is. Tiles of time and frequency, in which now the one and now the other is the louder, tell the two:
a share of them holds the song, and how large a share is most likely is asked with the gain unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter, uniform_filter1d

from ostinato.cues.overlaid import Overlaid, as_heard
from ostinato.cues.path import TraceParameters
from ostinato.cues.tracks import SONG_WHITENING
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.correlate import lag_spectra
from ostinato.dsp.playback import song_as_played
from ostinato.dsp.short_time import frame_spectra, hann
from ostinato.dsp.spectra import whiten
from ostinato.media import WorkingCopy
from ostinato.ranges import Height, Share, SomeSeconds, Window, check_ranges
from ostinato.results import Occurrence, SharedMaterial
from ostinato.timeline import Interval

_APART_S = 0.62  # beyond twice the longest lag, so that what is shared is not met again
_LEAST_POWER = 0.02
_LEAST_NATS = 200.0  # in all tiles; less may look like any share
Pair = tuple[NDArray[np.float32], NDArray[np.float32]]
_N_FFT = 512  # 64 ms
_LEAST_FRAMES = 8
_LOWEST_BIN = 4  # 62 Hz
_AROUND = (3, 7)  # bins and frames: 47 Hz and a quarter of a second
_FADER_FRAMES = 63  # 2 s
_TILE = (4, 2)  # bins and frames: 62 Hz and 96 ms
_SPREAD = 1.5  # of products about their mean: frames overlap by half
_UNSTEADY = 0.5  # share of the gain that codecs, rooms and faders move it by
_GAINS = (0.6, 0.8, 1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0)
_SHARES = tuple(np.arange(0.1, 1.001, 0.1).round(1).tolist())
_WHOLE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedParameters:
    """When two songs count as sharing samples; recorded verbatim under `run.parameters`."""

    least_excess: Height = 2.0
    """Energy of the best lags over that of lags at which nothing is shared. Of eighty pairs of
    unrelated songs the highest was 1.5; the lowest of songs that share a drum loop was 2.6."""
    max_lag_s: Window = 0.25
    """A room may put the two maps as far apart."""
    least_share: Share = 0.5
    """Of an occurrence that must lie within the other's film."""
    longest_s: SomeSeconds = 30.0
    """Compared at the most."""
    most_left: Share = 0.3
    """Of a song's gain, that is left where the other is taken out of the film. Of tracks made of
    one set of samples at most 0.26 was left; of songs at once, one of them 20 LU fainter and both
    in a room, at least 0.34."""

    def __post_init__(self) -> None:
        check_ranges(self)


def shared_material(
    occurrences: Sequence[Occurrence],
    recordings: dict[str, WorkingCopy],
    *,
    film: WorkingCopy,
    parameters: SharedParameters,
    trace: TraceParameters,
) -> tuple[tuple[int, SharedMaterial], ...]:
    """Occurrences that another song's occurrence explains.

    Parameters
    ----------
    occurrences : sequence of Occurrence
        Of any songs, in any order.
    recordings : dict of str to WorkingCopy
        The reference of each song, by its identifier.
    film : WorkingCopy
        The film.
    parameters : SharedParameters
        What counts as sharing.
    trace : TraceParameters
        How the response of the playback chain is read off.

    Returns
    -------
    tuple of (int, SharedMaterial)
        The place of each such occurrence in `occurrences`, and what explains it.
    """
    overlaid = Overlaid(film, recordings, trace=trace)
    kept: list[Occurrence] = []
    out = []
    strongest_first = sorted(
        range(len(occurrences)), key=lambda i: (-(occurrences[i].score or 0.0), occurrences[i].film)
    )
    for index in strongest_first:
        one = occurrences[index]
        explaining = (
            other
            for other in kept
            if other.song_id != one.song_id
            and (
                _explains(other, one, recordings, parameters)
                or _is_met_in(one, other, overlaid, parameters)
            )
        )
        other = next(explaining, None)
        if other is None:
            kept.append(one)
        else:
            out.append((index, _record(one, other)))
    return tuple(out)


def _explains(
    strong: Occurrence,
    weak: Occurrence,
    recordings: dict[str, WorkingCopy],
    parameters: SharedParameters,
) -> bool:
    common = strong.film.intersection(weak.film)
    if common is None or common.duration_s < parameters.least_share * weak.film.duration_s:
        return False
    common = Interval(common.start_s, min(common.end_s, common.start_s + parameters.longest_s))
    x, y = (_whitened(one, recordings[one.song_id], common) for one in (strong, weak))
    return _excess(x, y, parameters) >= parameters.least_excess


def _is_met_in(
    weak: Occurrence, strong: Occurrence, overlaid: Overlaid, parameters: SharedParameters
) -> bool:
    """Tell whether all that is met of a song is in what is heard of another."""
    if not (weak.is_timed and strong.is_timed):
        return False
    left = overlaid.share_left(weak, strong)
    return left is not None and left <= parameters.most_left


def _whitened(
    occurrence: Occurrence, recording: WorkingCopy, film: Interval
) -> NDArray[np.float32]:
    (played,) = song_as_played(
        recording.mono(0, recording.n_samples)[np.newaxis],
        song_rate_hz=recording.rate_hz,
        song_start_s=occurrence.time_map.song_s(film.start_s),
        speed=occurrence.time_map.speed,
        n_samples=round(film.duration_s * RATE_HZ),
        rate_hz=RATE_HZ,
    )
    return whiten(played, SONG_WHITENING)


def _excess(x: NDArray[np.float32], y: NDArray[np.float32], parameters: SharedParameters) -> float:
    """Return the energy at each block's best lag over that where the songs are apart."""
    block = min(RATE_HZ, x.size)
    near, apart = (
        lag_spectra(
            x,
            shifted,
            block_length=block,
            hop_length=block,
            max_lag=round(parameters.max_lag_s * RATE_HZ),
        )
        for shifted in (y, np.roll(y, round(_APART_S * RATE_HZ)))
    )
    best, chance = (float(np.sum(np.max(np.abs(z), axis=1) ** 2)) for z in (near, apart))
    return best / chance if chance > 0 else 0.0


def _record(weak: Occurrence, strong: Occurrence) -> SharedMaterial:
    return SharedMaterial(
        song_id=weak.song_id,
        with_song_id=strong.song_id,
        film_start_s=weak.film_start_s,
        film_end_s=weak.film_end_s,
        song_start_s=weak.song.start_s,
        score=weak.score or 0.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedParameters:
    """How the share is told; recorded verbatim under `run.parameters`."""

    longest_s: SomeSeconds = 16.0
    """Of film that is looked at: the share is known long before."""
    least_share: Share = 0.6
    """Below it, a find is shared material, perhaps. Of songs that were heard as recorded, the
    lowest share was 0.8; of tracks that share a drum loop, the highest was 0.4."""
    least_nats: Height = 10.0
    """By which a share as small must be likelier than the whole."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True)
class Explained:
    """The likeliest share of a song that is heard, and by how many nats it beats the whole."""

    share: float
    nats: float


def explained_share(
    pairs: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]],
    *,
    parameters: ExplainedParameters,
    trace: TraceParameters,
) -> Explained | None:
    """Share of a song's sound that is heard in the film.

    Parameters
    ----------
    pairs : iterable of (ndarray, ndarray), each of shape (n_samples,)
        Film and song over stretches of one find, aligned, at `RATE_HZ`.
    parameters : ExplainedParameters
        How much is looked at.
    trace : TraceParameters
        How the response of the playback chain is read off.

    Returns
    -------
    Explained or None
        None where too little of the song stands out to tell.

    References
    ----------
    .. [1] A. Dempster, N. Laird and D. Rubin, "Maximum likelihood from incomplete data via the EM
       algorithm", Journal of the Royal Statistical Society B 39(1), 1977 (mixtures; here by grid).
    """
    products, powers = _tiles(_short(pairs, parameters.longest_s), trace)
    told = powers > _LEAST_POWER
    if float(powers[told].sum()) < _LEAST_NATS:
        return None
    return _likeliest(products[told], powers[told])


def is_shared(one: Explained | None, *, parameters: ExplainedParameters) -> bool:
    """Tell whether so little of a song is heard that another one may play.

    Parameters
    ----------
    one : Explained or None
        From `explained_share`.
    parameters : ExplainedParameters
        How little.

    Returns
    -------
    bool
        False where it is not known.
    """
    return (
        one is not None and one.share < parameters.least_share and one.nats > parameters.least_nats
    )


def _short(pairs: Iterable[Pair], longest_s: SomeSeconds) -> Iterable[Pair]:
    left = round(longest_s * RATE_HZ)
    for film_y, song_y in pairs:
        if left >= _N_FFT * _LEAST_FRAMES and film_y.size >= _N_FFT * _LEAST_FRAMES:
            yield film_y[:left], song_y[:left]
        left -= film_y.size


def _tiles(
    pairs: Iterable[Pair], trace: TraceParameters
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each tile the product of film and song, and the song's power, over the noise."""
    spectra = [_spectra(film_y, as_heard(film_y, song_y, trace)) for film_y, song_y in pairs]
    if not spectra:
        return np.zeros(0), np.zeros(0)
    cross = np.sum([np.sum(x * y.conj() / noise, axis=1) for x, y, noise in spectra], axis=0)
    power = np.sum([np.sum(_squared(y) / noise, axis=1) for _, y, noise in spectra], axis=0)
    gain = _chain(cross, power)[:, np.newaxis]
    tiles = [_pooled(x, y * gain, noise) for x, y, noise in spectra]
    products, powers = (np.concatenate(both) for both in zip(*tiles, strict=True))
    return products, powers


def _spectra(
    film_y: NDArray[np.float32], song_y: NDArray[np.float32]
) -> tuple[NDArray[np.complex64], NDArray[np.complex64], NDArray[np.float32]]:
    """Return both spectra, and the film's power around each cell."""
    film, song = (
        frame_spectra(y, window=hann(_N_FFT), hop_length=_N_FFT // 2).T[_LOWEST_BIN:]
        for y in (film_y, song_y)
    )
    around = uniform_filter(_squared(film), _AROUND, mode="nearest")
    return film, song, np.maximum(around, 1e-9 * float(around.max(initial=1e-20)))


def _squared(spectrum: NDArray[np.complex64]) -> NDArray[np.float32]:
    squared: NDArray[np.float32] = spectrum.real**2 + spectrum.imag**2
    return squared


def _chain(cross: NDArray[np.complex128], power: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return the chain's gain in each bin, no finer than a third of an octave.

    A finer one would learn which partials are absent, instead of telling them.
    """
    near = uniform_filter1d(cross.real, 5) + 1j * uniform_filter1d(cross.imag, 5)
    turned = np.asarray(near / np.maximum(np.abs(near), 1e-30), np.complex128)
    bins = np.arange(cross.size) + _LOWEST_BIN
    low = np.minimum(bins - 2, np.floor(bins * 2 ** (-1 / 6))).astype(np.int64) - _LOWEST_BIN
    high = np.maximum(bins + 3, np.ceil(bins * 2 ** (1 / 6))).astype(np.int64) - _LOWEST_BIN

    def smooth(y: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.concatenate([[0.0], np.cumsum(y)])
        sums: NDArray[np.float64] = total[np.minimum(high, y.size)] - total[np.maximum(low, 0)]
        return sums

    size = np.maximum(smooth((cross * turned.conj()).real), 0) / np.maximum(smooth(power), 1e-20)
    gain: NDArray[np.complex128] = size * turned
    return gain


def _pooled(
    film: NDArray[np.complex64], song: NDArray[np.complex128], noise: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return product and power of each tile, the fader's moves followed."""
    product = 2 * (film * song.conj()).real / noise
    power = 2 * (song.real**2 + song.imag**2) / noise
    moving = [uniform_filter1d(y.sum(axis=0), _FADER_FRAMES) for y in (product, power)]
    fader = np.clip(moving[0] / np.maximum(moving[1], 1e-9), 0.05, 4.0)
    n_bins, n_frames = (n - n % by for n, by in zip(product.shape, _TILE, strict=True))

    def pool(y: NDArray[np.float64]) -> NDArray[np.float64]:
        tiles = y[:n_bins, :n_frames].reshape(n_bins // _TILE[0], _TILE[0], -1, _TILE[1])
        sums: NDArray[np.float64] = tiles.sum(axis=(1, 3)).ravel()
        return sums

    return pool(product * fader), pool(power * fader**2)


def _likeliest(products: NDArray[np.float64], powers: NDArray[np.float64]) -> Explained:
    """Return the likeliest share of tiles that hold the song, weighted by its power there."""
    absent_variance = _SPREAD * powers
    absent = -(products**2 / absent_variance + np.log(absent_variance)) / 2
    best: dict[float, tuple[float, float]] = {}
    for gain in _GAINS:
        variance = absent_variance + (_UNSTEADY * gain * powers) ** 2
        present = -((products - gain * powers) ** 2 / variance + np.log(variance)) / 2
        higher = np.maximum(present, absent)
        for share in _SHARES:
            one, other = share * np.exp(present - higher), (1 - share) * np.exp(absent - higher)
            likely = float(np.sum(np.log(one + other + 1e-12) + higher))
            if likely > best.get(share, (-np.inf, 0.0))[0]:
                held = one / (one + other + 1e-12)
                best[share] = likely, float(np.sum(powers * held) / powers.sum())
    likely, share = max(best.values())
    whole = max(likely for share, (likely, _) in best.items() if share >= _WHOLE)
    return Explained(share, likely - whole)
