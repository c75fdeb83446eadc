"""How much of a song is heard where it is found, or whether only what another song shares with it.

Another arrangement, a remix, or the next track of one composer holds some of the song's samples and
not the rest. Whatever lies over a song (talk, effects, other music) adds to it and leaves its gain
alone. Of a song that is heard in part the gain is high where the part plays alone, low where the
rest should be heard too, and none where only the rest should. So the gain is asked in small tiles,
and how much it varies says what share of the song is heard.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter, uniform_filter1d

from ostinato.cues.overlaid import as_heard
from ostinato.cues.path import TraceParameters
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.short_time import frame_spectra, hann, squared
from ostinato.ranges import Height, Share, SomeSeconds, check_ranges

Pair = tuple[NDArray[np.float32], NDArray[np.float32]]
_Spectrum = NDArray[np.complex64]
_Complex = NDArray[np.complex128]
_Reals = NDArray[np.float64]
_N_FFT = 1024  # 128 ms: partials of a note lie in bins of their own
_HOP = _N_FFT // 2
_LEAST_FRAMES = 12
_LOWEST_BIN = 8  # 62 Hz
_AROUND = (5, 5)  # bins and frames: 39 Hz and a third of a second
_FADER_FRAMES = 8  # half a second: faders, ducking, compressors, and a tape that wavers
_THIRD = 2 ** (1 / 6)  # half a third of an octave to either side
_WIDE = 2 ** (1 / 3)
_LEAST_BINS = 4  # to either side
_TILE_BINS = 4  # 31 Hz, in one frame
_LEAST_POWER = 0.05  # of a tile, over the film's
_LEAST_STANDING_OUT = 250.0  # power of tiles each second; noise gave up to 140
_DROPOUT = 0.2  # of the usual gain
_SHIFTS = (-13, -9, -7, 7, 9, 13)  # frames: by as much the song is not heard where it is compared
_N_PARTS = 8
_HALF_OCTAVES_HZ = tuple((62.0 * 2 ** (np.arange(13) / 2)).tolist())
_CLEAR = 0.4  # coherence of the half-octave in which a song is heard best
_GONE_DB = -15.0  # a half-octave's gain, against that of the best one
_AS_LOUD_DB = -10.0  # of the film, against the song at the gain of the best one
_QUIET = 0.2  # share of frames in which the film is quieter


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedParameters:
    """How the share is told; recorded verbatim under `run.parameters`."""

    longest_s: SomeSeconds = 16.0
    """Of film that is looked at: the share is known long before."""
    least_share: Share = 0.75
    """Below it, by more than its error, a find is shared material, perhaps. Of 125 songs under
    talk, effects or other music, through rooms, radios, codecs and compressors, it was below it in
    one where the constants were chosen, and in one of 125 that they were not chosen on."""
    whole_share: Share = 0.9
    """From here on the share is stated; between the two it is undetermined, since rooms, codecs of
    few bits and a tape that wavers give as much."""
    most_error: Share = 0.15
    """Of a share that is stated."""
    most_replaced_octaves: Height = 1.0
    """Above those in which the song is heard, in which something else is heard in its place. More
    of them, and it cannot be told whether a wall or another arrangement has taken the song away."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True)
class Explained:
    """The share of a song that is heard, its standard error, and what is heard in its place.

    `replaced_octaves` are those above the ones in which the song is heard.
    """

    share: float
    error: float
    replaced_octaves: float = 0.0


def explained_share(
    pairs: Iterable[Pair], *, parameters: ExplainedParameters, trace: TraceParameters
) -> Explained | None:
    """Share of a song's sound that is heard in the film.

    The gain of the song is smoothed over a third of an octave and, for all bands alike, over half a
    second. What it leaves over is multiplied with the song, tile by tile. In a film that plays the
    whole song this is no more than with the song half a second to a second off, which gives
    chance. What is beyond chance is the variance of the gain. If a part of the song is heard, whose
    power is a share of the whole, the gain's mean squared over its mean square is that share.

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
    .. [1] J. Bendat and A. Piersol, *Random Data*, 4th ed., 2010, ch. 6 (coherence).
    .. [2] B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7(1),
       1979.
    """
    columns, replaced = [], []
    for film_y, song_y in _short(pairs, parameters.longest_s):
        heard_y = as_heard(film_y, song_y, trace)
        film, song, heard = (_spectrum(y) for y in (film_y, song_y, heard_y))
        noise = _around(film)
        columns.append(_columns(film, heard, noise))
        replaced.append((film_y.size, _replaced_octaves(film, song, heard, noise)))
    if not columns:
        return None
    own = np.concatenate(columns, axis=2)
    seconds = own.shape[2] * _HOP / RATE_HZ
    if float(own[0, _POWER].sum()) < _LEAST_STANDING_OUT * seconds:
        return None
    return Explained(_share(own), _error(own), max(replaced)[1])


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
    return one is not None and one.share + one.error < parameters.least_share


def stated_share(one: Explained | None, *, parameters: ExplainedParameters) -> float | None:
    """Return the share that may be stated.

    Parameters
    ----------
    one : Explained or None
        From `explained_share`.
    parameters : ExplainedParameters
        When it may.

    Returns
    -------
    float or None
        None where it is undetermined: a room or a codec may give as much, and so may a remix.
    """
    if one is None:
        return None
    is_low = is_shared(one, parameters=parameters)
    is_whole = one.share >= parameters.whole_share and one.error <= parameters.most_error
    is_replaced = one.replaced_octaves > parameters.most_replaced_octaves
    return round(one.share, 3) if is_low or (is_whole and not is_replaced) else None


def _short(pairs: Iterable[Pair], longest_s: SomeSeconds) -> Iterable[Pair]:
    left, least = round(longest_s * RATE_HZ), _HOP * (_LEAST_FRAMES + 1)
    for film_y, song_y in pairs:
        if left >= least and film_y.size >= least:
            yield film_y[:left], song_y[:left]
        left -= film_y.size


def _spectrum(y: NDArray[np.float32]) -> _Spectrum:
    """Return the spectrum, shape (n_bins, n_frames)."""
    return frame_spectra(y, window=hann(_N_FFT), hop_length=_HOP).T[_LOWEST_BIN:]


_VARIANCE, _COUNT, _POWER = range(3)


def _columns(film: _Spectrum, heard: _Spectrum, noise: NDArray[np.float32]) -> _Reals:
    """Return for each frame, of the song and of each shift, what `_share` adds up.

    Of the tiles that count: squares of their products over their powers, their number, and their
    powers; shape (1 + n_shifts, 3, n_frames).
    """
    predicted = _predicted(film, heard, noise)
    # a hole in the film would weigh more than all the rest
    noise = np.maximum(noise, uniform_filter(squared(predicted), _AROUND, mode="nearest"))
    predicted = _predicted(film, heard, noise)
    left = film - predicted
    shifted = (np.roll(predicted, shift, axis=1) for shift in (0, *_SHIFTS))
    return np.stack([_products(left, song, noise) for song in shifted])


def _around(film: _Spectrum) -> NDArray[np.float32]:
    around = uniform_filter(squared(film), _AROUND, mode="nearest")
    return np.maximum(around, max(1e-9 * float(around.max(initial=0.0)), 1e-30))


def _predicted(film: _Spectrum, heard: _Spectrum, noise: NDArray[np.float32]) -> _Spectrum:
    """Return the song at the gains of the bands and of the fader; nothing in dropouts."""
    cross = np.asarray(film * heard.conj() / noise, np.complex128)
    turned = _turned(_sums(_steady(cross), _WIDE))
    cross = cross * turned.conj()
    gain = _chain(cross.sum(axis=1), np.sum(squared(heard) / noise, axis=1))
    song = np.asarray(heard * turned * gain[:, np.newaxis], np.complex64)
    product = np.sum((film * song.conj()).real / noise, axis=0, dtype=np.float64)
    power = np.sum(squared(song) / noise, axis=0, dtype=np.float64)
    both = _steady(np.asarray(product + 1j * power, np.complex128))
    fader = np.clip(both.real / np.maximum(both.imag, 1e-9), 0.0, 4.0)
    is_heard = fader > _DROPOUT * np.median(fader)
    return np.asarray(song * (fader * is_heard), np.complex64)


def _chain(cross: _Complex, power: _Reals) -> _Complex:
    """Return the chain's gain in each bin, no finer than a third of an octave.

    A finer one would learn which partials are absent, instead of telling them.
    """
    turned = _turned(uniform_filter1d(cross.real, 5) + 1j * uniform_filter1d(cross.imag, 5))
    along = np.asarray((cross * turned.conj()).real, np.complex128)
    both = _sums(along + 1j * power, _THIRD)  # one pass for the two of them
    return np.asarray(np.maximum(both.real / np.maximum(both.imag, 1e-20), 0) * turned)


def _turned(y: _Complex) -> _Complex:
    turned: _Complex = y / np.maximum(np.abs(y), 1e-30)
    return turned


def _steady(y: _Complex) -> _Complex:
    """Return the mean over half a second."""
    real, imag = (uniform_filter1d(one, _FADER_FRAMES, axis=-1) for one in (y.real, y.imag))
    steady: _Complex = real + 1j * imag
    return steady


def _sums(y: _Complex, factor: float) -> _Complex:
    """Return the sum over the bins around each one, up to a factor of its frequency."""
    bins = np.arange(len(y)) + _LOWEST_BIN
    low = np.minimum(bins - _LEAST_BINS, np.floor(bins / factor)).astype(np.int64)
    high = np.maximum(bins + _LEAST_BINS, np.ceil(bins * factor)).astype(np.int64) + 1
    total = np.concatenate([np.zeros_like(y[:1]), np.cumsum(y, axis=0)])
    first, last = (np.clip(edge - _LOWEST_BIN, 0, len(y)) for edge in (low, high))
    sums: _Complex = total[last] - total[first]
    return sums


def _products(left: _Spectrum, song: _Spectrum, noise: NDArray[np.float32]) -> _Reals:
    product = _tiles(2 * (left * song.conj()).real / noise)
    power = _tiles(2 * squared(song) / noise)
    counts = power > _LEAST_POWER
    squares = np.where(counts, product**2 / np.maximum(power, _LEAST_POWER), 0.0)
    return np.stack([one.sum(axis=0) for one in (squares, counts, np.where(counts, power, 0.0))])


def _tiles(y: NDArray[np.float32]) -> _Reals:
    n_bins = y.shape[0] - y.shape[0] % _TILE_BINS
    sums = y[:n_bins].reshape(-1, _TILE_BINS, y.shape[1]).sum(axis=1)
    return np.asarray(sums, np.float64)


def _share(columns: _Reals) -> float:
    """Return one over one and the relative variance of the gain, chance taken away."""
    squares, counts, powers = columns.sum(axis=2).T
    chance = float(np.median(squares[1:] / np.maximum(counts[1:], 1)))
    variance = (squares[0] - chance * counts[0]) / max(float(powers[0]), 1e-9)
    return float(1 / (1 + max(0.0, variance)))


def _error(columns: _Reals) -> float:
    """Return the standard error of the share, by leaving out each part of the frames (Ref. 2)."""
    n_frames = columns.shape[2]
    part = np.arange(n_frames) * _N_PARTS // n_frames
    without = np.array([_share(columns[:, :, part != one]) for one in range(_N_PARTS)])
    return float(np.sqrt((_N_PARTS - 1) * np.mean((without - without.mean()) ** 2)))


def _replaced_octaves(
    film: _Spectrum, song: _Spectrum, heard: _Spectrum, noise: NDArray[np.float32]
) -> float:
    """Return how many octaves hold something else, above those in which the song is heard.

    There the song is played much more softly than in its best half-octave, if at all, and the film
    is as loud as the song would be there, even where the film is quiet.
    """
    bands = [band for band in _half_octaves(film, song, heard, noise) if band is not None]
    if not bands:
        return 0.0
    best = max(range(len(bands)), key=lambda n: bands[n][0])
    coherence, usual_db, _ = bands[best]
    if coherence < _CLEAR:
        return 0.0
    replaced = sum(
        gain_db - usual_db < _GONE_DB and quiet_db - usual_db > _AS_LOUD_DB
        for _, gain_db, quiet_db in bands[best + 1 :]
    )
    return replaced / 2


def _half_octaves(
    film: _Spectrum, song: _Spectrum, heard: _Spectrum, noise: NDArray[np.float32]
) -> Sequence[tuple[float, float, float] | None]:
    """Return of each band coherence, the gain in dB, and the level of the quiet film in dB."""
    cross = np.abs(np.sum(film * heard.conj() / noise, axis=1))
    power = np.sum(squared(heard) / noise, axis=1)
    bands = np.searchsorted(
        _HALF_OCTAVES_HZ, (np.arange(len(film)) + _LOWEST_BIN) * RATE_HZ / _N_FFT, side="right"
    )
    return [
        _band(film[which], song[which], heard[which], (cross[which], power[which], noise[which]))
        for which in (bands == number for number in range(1, len(_HALF_OCTAVES_HZ)))
    ]


def _band(
    film: _Spectrum,
    song: _Spectrum,
    heard: _Spectrum,
    weighted: tuple[_Reals, _Reals, NDArray[np.float32]],
) -> tuple[float, float, float] | None:
    cross, power, noise = weighted
    recorded = squared(song).sum(axis=0)
    level = float(recorded.mean()) if len(song) else 0.0
    if level <= 0 or float(power.sum()) <= 0:
        return None
    explained = np.sum(cross**2 / np.maximum(power, 1e-20))
    coherence = float(explained / np.sum(squared(film) / noise))
    gain = float(cross.sum() / power.sum()) ** 2 * float(squared(heard).sum(axis=0).mean()) / level
    ratio = squared(film).sum(axis=0) / np.maximum(recorded, 1e-3 * level)
    return coherence, _db(gain), _db(float(np.quantile(ratio, _QUIET)))


def _db(power: float) -> float:
    return 10 * float(np.log10(max(power, 1e-12)))
