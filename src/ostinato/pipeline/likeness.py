"""Whether two files hold one recording, whatever their formats, levels and first milliseconds."""

import numpy as np
import scipy.fft
import soxr
from numpy.typing import NDArray

from ostinato.media import WorkingCopy

MAX_DIFFERENCE_S = 1.0  # encoders add and players cut less than this at either end
_RATE_HZ = 8_000
_PIECE_S = 2.0
_N_PIECES = 24
_MIN_LIKENESS = 0.9  # codecs leave .97 and more below 4 kHz; speech 6 dB below a song leaves .9
_MIN_SHARE = 0.9  # of the pieces: a scratch or a dropout makes no other recording
_SILENCE_RMS = 1e-3  # -60 dB of full scale: there codecs differ


def is_same_recording(one: WorkingCopy, other: WorkingCopy) -> bool:
    """Tell whether two files hold the same recording from beginning to end.

    Parameters
    ----------
    one, other : WorkingCopy
        Of two films, of two songs, or of a film and a song.

    Returns
    -------
    bool
        True also if one of them is a transcoded copy of the other.
    """
    if one.sha256 == other.sha256 or one.pcm_sha256 == other.pcm_sha256:
        return True
    if abs(one.duration_s - other.duration_s) > MAX_DIFFERENCE_S:
        return False
    last_s = max(0.0, min(one.duration_s, other.duration_s) - _PIECE_S)
    pieces = (_likeness(one, other, start_s) for start_s in np.linspace(0.0, last_s, _N_PIECES))
    known = [likeness for likeness in pieces if likeness is not None]
    return bool(known) and float(np.mean(np.array(known) > _MIN_LIKENESS)) >= _MIN_SHARE


def _likeness(one: WorkingCopy, other: WorkingCopy, start_s: float) -> float | None:
    """Height of the normalised correlation of a piece with its surroundings in the other."""
    x = _read(one, start_s, start_s + _PIECE_S)
    y = _read(other, start_s - MAX_DIFFERENCE_S, start_s + _PIECE_S + MAX_DIFFERENCE_S)
    if x.size == 0 or float(np.sqrt(np.mean(x**2))) < _SILENCE_RMS:
        return None
    n_fft = scipy.fft.next_fast_len(x.size + y.size, real=True)
    product = scipy.fft.irfft(scipy.fft.rfft(y, n_fft) * np.conj(scipy.fft.rfft(x, n_fft)), n_fft)
    n_lags = max(1, y.size - x.size + 1)
    energy = np.concatenate([[0.0], np.cumsum(y.astype(np.float64) ** 2)])
    stops = np.minimum(np.arange(n_lags) + x.size, y.size)
    local = (energy[stops] - energy[:n_lags]) * float(np.sum(x.astype(np.float64) ** 2))
    return float(np.max(np.abs(product[:n_lags]) / np.sqrt(np.maximum(local, 1e-12))))


def _read(copy: WorkingCopy, start_s: float, stop_s: float) -> NDArray[np.float32]:
    start, stop = (max(0, round(at_s * copy.sample_rate_hz)) for at_s in (start_s, stop_s))
    y: NDArray[np.float32] = soxr.resample(copy.mono(start, stop), copy.sample_rate_hz, _RATE_HZ)
    return y
