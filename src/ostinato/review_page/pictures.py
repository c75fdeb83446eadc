"""How a film's sound looks: peaks at any width, and how loud each of 64 bands is, over time.

Both are made once for each film, as a stream, and kept in the cache. Peaks are the least and the
largest sample of so many, in 127ths of full scale; a spectrogram has a byte a band, half a decibel
each, up to full scale. What is finer than that is made of the samples when it is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from ostinato.media import WorkingCopy
from ostinato.pipeline import arrays_of_sound

PEAK_SAMPLES = 256
"""Samples of the finest peaks that are kept; each coarser layer joins four."""
COLUMN_SAMPLES = 2048
"""Samples of the finest column that is kept, and of its window; each coarser layer joins four."""
N_BANDS = 64
PEAKS_A_TILE = 1024
COLUMNS_A_TILE = 256
_STEP = 4
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 14_000.0
_BYTES_A_DB = 2.0
_FLOOR_DB = -127.0
_N_COLUMNS_AT_ONCE = 128
_FINEST_COLUMN = 128
_Item = TypeVar("_Item", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Peaks and spectrogram of a whole film.

    Parameters
    ----------
    peaks : dict of int to ndarray of int8, shape (n, 2)
        Least and largest, by how many samples each covers.
    columns : dict of int to ndarray of uint8, shape (n, N_BANDS)
        Loudness, by how many samples each covers.
    """

    peaks: dict[int, NDArray[np.int8]]
    columns: dict[int, NDArray[np.uint8]]


def pictures_of(
    copy: WorkingCopy, cache_dir: Path, *, on_progress: Callable[[float], None] | None = None
) -> Pictures:
    """Return the pictures of a film, made unless they are kept.

    `on_progress`: called with the share that is done.
    """

    def draw() -> dict[str, NDArray[np.generic]]:
        peaks, columns = _drawn(copy, on_progress or (lambda _share: None))
        return {"peaks": peaks, "columns": columns}

    how = (PEAK_SAMPLES, COLUMN_SAMPLES, N_BANDS)
    arrays = arrays_of_sound("picture", copy, draw, cache_dir=cache_dir, how=how)
    return Pictures(
        peaks=_layers(arrays["peaks"], PEAK_SAMPLES, _joined_peaks),
        columns=_layers(arrays["columns"], COLUMN_SAMPLES, _joined_columns),
    )


def peaks_tile(pictures: Pictures, copy: WorkingCopy, samples: int, index: int) -> bytes:
    """Return `PEAKS_A_TILE` peaks of so many samples each, fewer at the film's end.

    `samples`: a power of 4; `index`: of the tile.
    """
    kept = pictures.peaks.get(samples)
    if kept is not None:
        return kept[index * PEAKS_A_TILE : (index + 1) * PEAKS_A_TILE].tobytes()
    first = index * PEAKS_A_TILE * samples
    return _peaks_of(_front(copy, first, first + PEAKS_A_TILE * samples), samples).tobytes()


def columns_tile(pictures: Pictures, copy: WorkingCopy, samples: int, index: int) -> bytes:
    """Return `COLUMNS_A_TILE` columns of so many samples each, fewer at the film's end.

    `samples`: `COLUMN_SAMPLES` times or by a power of 4; `index`: of the tile.
    """
    kept = pictures.columns.get(samples)
    if kept is not None:
        return kept[index * COLUMNS_A_TILE : (index + 1) * COLUMNS_A_TILE].tobytes()
    # as long a window in finer steps: centred on its column
    first = index * COLUMNS_A_TILE * samples
    n = min(COLUMNS_A_TILE, -(-max(0, copy.n_samples - first) // samples))
    before = (COLUMN_SAMPLES - samples) // 2
    start, stop = first - before, first - before + (n - 1) * samples + COLUMN_SAMPLES
    y = np.zeros(max(0, stop - start), np.float32)
    known = _mean(_front(copy, max(0, start), max(0, stop)))
    y[max(0, -start) : max(0, -start) + known.size] = known
    frames = np.lib.stride_tricks.sliding_window_view(y, COLUMN_SAMPLES)[::samples][:n]
    return _columns_of(frames, copy.rate_hz).tobytes()


def peak_layers(n_samples: int) -> tuple[int, ...]:
    """Return how many samples a peak may cover, finest first, of a film of so many."""
    return tuple(_STEP**i for i in range(20) if i == 0 or _STEP**i * PEAKS_A_TILE < 4 * n_samples)


def column_layers(n_samples: int) -> tuple[int, ...]:
    """Return how many samples a column may cover, finest first, of a film of so many."""
    widths = [_FINEST_COLUMN]
    while widths[-1] * COLUMNS_A_TILE < n_samples:
        widths.append(widths[-1] * _STEP)
    return tuple(widths)


def band_edges_hz() -> NDArray[np.float64]:
    """Return where bands begin and the last one ends, lowest first; (N_BANDS + 1,)."""
    return np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, N_BANDS + 1)


def _drawn(
    copy: WorkingCopy, report: Callable[[float], None]
) -> tuple[NDArray[np.int8], NDArray[np.uint8]]:
    """Go through a film once, and draw both of its finest layers."""
    n_peaks = -(-copy.n_samples // PEAK_SAMPLES)
    n_columns = -(-copy.n_samples // COLUMN_SAMPLES)
    peaks = np.zeros((n_peaks, 2), np.int8)
    columns = np.zeros((n_columns, N_BANDS), np.uint8)
    length = _N_COLUMNS_AT_ONCE * COLUMN_SAMPLES
    for start in range(0, copy.n_samples, length):
        y = _front(copy, start, start + length)
        first = start // PEAK_SAMPLES
        some = _peaks_of(y, PEAK_SAMPLES)
        peaks[first : first + len(some)] = some
        mean = _mean(y)
        frames = np.zeros((-(-mean.size // COLUMN_SAMPLES), COLUMN_SAMPLES), np.float32)
        frames.reshape(-1)[: mean.size] = mean
        column = start // COLUMN_SAMPLES
        columns[column : column + len(frames)] = _columns_of(frames, copy.rate_hz)
        report(min(1.0, (start + length) / copy.n_samples))
    return peaks, columns


def _front(copy: WorkingCopy, start: int, stop: int) -> NDArray[np.float32]:
    """Read left and right, or mono; centre and side are in them."""
    return copy.read(start, stop)[:2]


def _mean(y: NDArray[np.float32]) -> NDArray[np.float32]:
    mean: NDArray[np.float32] = y[0] if len(y) == 1 else (y[0] + y[1]) * np.float32(0.5)
    return mean


def _peaks_of(y: NDArray[np.float32], samples: int) -> NDArray[np.int8]:
    """Return the least and the largest of all channels; (n, 2)."""
    n_whole = y.shape[1] // samples * samples
    parts = [y[:, :n_whole].reshape(len(y), -1, samples)]
    if n_whole < y.shape[1]:
        parts.append(y[:, np.newaxis, n_whole:])
    least = np.concatenate([_least(part) for part in parts])
    largest = np.concatenate([_largest(part) for part in parts])
    both = np.stack([np.floor(least * 127), np.ceil(largest * 127)], axis=1)
    peaks: NDArray[np.int8] = both.clip(-127, 127).astype(np.int8)
    return peaks


def _least(part: NDArray[np.float32]) -> NDArray[np.float32]:
    least: NDArray[np.float32] = np.minimum.reduce(part, axis=2).min(axis=0)
    return least


def _largest(part: NDArray[np.float32]) -> NDArray[np.float32]:
    largest: NDArray[np.float32] = np.maximum.reduce(part, axis=2).max(axis=0)
    return largest


def _columns_of(frames: NDArray[np.float32], rate_hz: int) -> NDArray[np.uint8]:
    """Return how loud each band of each frame is; (n, N_BANDS)."""
    if len(frames) == 0:
        return np.zeros((0, N_BANDS), np.uint8)
    window = np.hanning(COLUMN_SAMPLES).astype(np.float32)
    spectra = scipy.fft.rfft(frames * window, axis=1)
    # real and imaginary parts side by side: their squares sum to the power
    squares = spectra.view(np.float32)
    np.multiply(squares, squares, out=squares)
    edges = _edges(rate_hz)
    bands = np.add.reduceat(squares[:, : 2 * edges[-1]], 2 * edges[:-1], axis=1)
    full_scale = float(window.sum()) ** 2 / 4  # of a sine
    per_bin = np.float32(1 / full_scale) / np.diff(edges).astype(np.float32)
    level = np.log2(bands * per_bin + np.float32(1e-13))
    level = (level * np.float32(10 * np.log10(2)) - np.float32(_FLOOR_DB)) * np.float32(_BYTES_A_DB)
    columns = np.zeros((len(frames), N_BANDS), np.uint8)
    columns[:, : level.shape[1]] = level.clip(0, 255)
    return columns


def _edges(rate_hz: int) -> NDArray[np.intp]:
    """Return the bins at which bands begin and the last one ends: as many as the film has."""
    n_bins = COLUMN_SAMPLES // 2 + 1
    wanted = np.rint(band_edges_hz() / rate_hz * COLUMN_SAMPLES).astype(np.intp)
    steps = np.arange(len(wanted))
    # each band has a bin of its own at least
    edges = np.maximum.accumulate(wanted - steps) + steps
    return edges[edges <= n_bins]


def _layers(
    finest: NDArray[_Item], samples: int, join: Callable[[NDArray[_Item]], NDArray[_Item]]
) -> dict[int, NDArray[_Item]]:
    layers = {samples: finest}
    while len(layers[samples]) > _STEP:
        layers[samples * _STEP] = join(layers[samples])
        samples *= _STEP
    return layers


def _joined_peaks(peaks: NDArray[np.int8]) -> NDArray[np.int8]:
    starts = np.arange(0, len(peaks), _STEP)
    least = np.minimum.reduceat(peaks[:, 0], starts)
    return np.stack([least, np.maximum.reduceat(peaks[:, 1], starts)], axis=1)


def _joined_columns(columns: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Keep the loudest of four: what is short stays to be seen from afar."""
    joined: NDArray[np.uint8] = np.maximum.reduceat(columns, np.arange(0, len(columns), _STEP))
    return joined
