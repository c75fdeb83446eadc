"""How much of a find is met at a place of the song, by its waveform or by its tiles."""

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from ostinato.cues.found import Found
from ostinato.cues.nearness import nats_near
from ostinato.cues.track import Reference, Track
from ostinato.cues.views import RATE_HZ
from ostinato.dsp.correlate import MAD_PER_SIGMA


def waveform_nats(
    film: Track, song: Reference, piece: Found, *, shift_s: float, reach_s: float
) -> float:
    """Correlate a piece of film with the song around a place of it.

    Parameters
    ----------
    film, song : Track, Reference
        Both are whitened.
    piece : Found
        By waveform.
    shift_s : float
        Song time of the place, less the song time at which the piece is.
    reach_s : float
        Looked at either side of it, in seconds of song.

    Returns
    -------
    float
        Nats at the best lag there.
    """
    speed = piece.time_map.speed
    nats, _ = nats_near(
        film,
        song,
        speed=speed,
        start=round(piece.start_s * RATE_HZ),
        stop=round(piece.end_s * RATE_HZ),
        offset=round((piece.time_map.offset_s - shift_s / speed) * RATE_HZ),
        reach=max(1, round(reach_s / speed * RATE_HZ)),
    )
    return nats


def nats_along(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return half the squared height, in sigmas, of tiles' likeness to each place of others.

    Parameters
    ----------
    x, y : ndarray of float32, shape (n_dims, n_frames)
        Tiles.

    Returns
    -------
    ndarray of float64, shape (n_positions,)
        In nats.
    """
    n_fft = scipy.fft.next_fast_len(y.shape[1] + x.shape[1], real=True)
    spectrum = np.conj(scipy.fft.rfft(x, n_fft, axis=1)) * scipy.fft.rfft(y, n_fft, axis=1)
    r = scipy.fft.irfft(spectrum.sum(axis=0), n_fft)[: max(1, y.shape[1] - x.shape[1] + 1)]
    return in_nats(r)


def in_nats(r: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return half the squared height of a correlation over its own scale.

    Parameters
    ----------
    r : ndarray of float32, shape (n_positions,)
        By which two are alike.

    Returns
    -------
    ndarray of float64, shape (n_positions,)
        In nats; 0 where they are unlike.
    """
    sigma = max(float(np.median(np.abs(r))) / MAD_PER_SIGMA, 1e-9)
    nats: NDArray[np.float64] = np.maximum(r.astype(np.float64), 0) ** 2 / sigma**2 / 2
    return nats
