"""A film's speech alone, as another program has made it: whether it is in step with the film.

Where somebody speaks, the film is the stem and something else. So loud pieces of the stem are
looked for in the film around the same time. Pieces that are found agree on one lag; in a stem of
something else none is found.
"""

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from ostinato.dsp.piece_place import best_place
from ostinato.media import WorkingCopy

_RATE_HZ = 8_000
_PIECE_S = 4.0
_MAX_LAG_S = 5.0
_N_LOOKED_AT = 200  # over the film; the loudest of them are compared
_N_COMPARED = 12
_SILENCE_RMS = 1e-3  # -60 dB of full scale: what a separator leaves where nobody speaks
_MIN_LIKENESS = 0.4  # speech 7 dB below the rest; by chance 32,000 samples give .05
_MIN_PIECES = 3
_SAME_LAG_S = 0.02
_NEVER_ALIKE = 0.15  # of no piece more: the stem is of something else


@dataclass(frozen=True, slots=True, kw_only=True)
class StemStep:
    """How a stem lies to its film.

    `lag_s` is by how much the stem is later, None where too little of it was found in the film;
    `is_of_film` is False where loud pieces were compared, and none is in the film at all.
    """

    lag_s: float | None
    is_of_film: bool


def step_of_stem(stem: WorkingCopy, film: WorkingCopy) -> StemStep:
    """Compare a stem with the film that it is said to be of.

    Parameters
    ----------
    stem : WorkingCopy
        As long as the film, at any rate.
    film : WorkingCopy
        The film.

    Returns
    -------
    StemStep
        How it lies; unknown where the stem is silent.
    """
    lags_s, heights = [], []
    for start_s in _loud_pieces(stem):
        piece = _read(stem, start_s, start_s + _PIECE_S)
        first_s = max(0.0, start_s - _MAX_LAG_S)
        around = _read(film, first_s, start_s + _PIECE_S + _MAX_LAG_S)
        if around.size < piece.size:
            continue
        height, lag = best_place(piece, around)
        heights.append(height)
        if height >= _MIN_LIKENESS:
            lags_s.append(start_s - first_s - lag / _RATE_HZ)
    is_of_film = len(heights) < _MIN_PIECES or max(heights) >= _NEVER_ALIKE
    if len(lags_s) < _MIN_PIECES:
        return StemStep(lag_s=None, is_of_film=is_of_film)
    lag_s = float(np.median(lags_s))
    n_agree = sum(abs(one - lag_s) <= _SAME_LAG_S for one in lags_s)
    return StemStep(lag_s=lag_s if 2 * n_agree > len(lags_s) else None, is_of_film=is_of_film)


def _loud_pieces(stem: WorkingCopy) -> list[float]:
    """Return where the loudest pieces begin, in film order; none of them is silence."""
    last_s = max(0.0, stem.duration_s - _PIECE_S)
    n = min(_N_LOOKED_AT, 1 + int(2 * last_s / _PIECE_S))  # of a short film they lap over
    starts_s = np.linspace(0.0, last_s, n)
    levels = []
    for start_s in starts_s:
        first, stop = (round(at_s * stem.rate_hz) for at_s in (start_s, start_s + _PIECE_S))
        levels.append(float(np.sqrt(np.mean(stem.mono(first, stop) ** 2))))
    loudest = np.argsort(levels, kind="stable")[::-1][:_N_COMPARED]
    return sorted(float(starts_s[k]) for k in loudest if levels[k] > _SILENCE_RMS)


def _read(copy: WorkingCopy, start_s: float, stop_s: float) -> NDArray[np.float32]:
    start, stop = (round(at_s * copy.rate_hz) for at_s in (start_s, stop_s))
    y: NDArray[np.float32] = soxr.resample(copy.mono(start, stop), copy.rate_hz, _RATE_HZ)
    return y
