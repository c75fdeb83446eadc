"""Where a song repeats itself to the sample."""

from pathlib import Path

import numpy as np
from scipy.signal import correlate

from ostinato.media import open_working_copy

_LEAST_CORRELATION = 0.9
_LONGEST_S = 5.0  # of what is compared
_SEARCH_S = 0.3  # around the place that a tool names


class Sameness:
    """Tells whether two places of a song hold the same samples.

    Parameters
    ----------
    songs : dict of str to pathlib.Path
        By name.
    cache_dir : pathlib.Path
        For working copies.
    """

    def __init__(self, songs: dict[str, Path], cache_dir: Path) -> None:
        self._songs, self._cache_dir = songs, cache_dir

    def __call__(self, song: str, one_s: float, other_s: float, length_s: float) -> bool:
        """Compare the seconds around two song times."""
        copy = open_working_copy(self._songs[song], cache_dir=self._cache_dir)
        half_s = min(length_s, _LONGEST_S) / 2
        rate_hz = copy.rate_hz

        def part(middle_s: float, reach_s: float) -> np.ndarray:
            start, stop = (round((middle_s + s) * rate_hz) for s in (-reach_s, reach_s))
            return copy.mono(max(0, start), min(copy.n_samples, stop)).astype(np.float64)

        a, b = part(one_s, half_s), part(other_s, half_s + _SEARCH_S)
        if a.size < 2 or b.size <= a.size:  # noqa: PLR2004
            return False
        products = correlate(b, a, mode="valid", method="fft")
        energies = np.cumsum(np.concatenate([[0.0], b**2]))
        energies = energies[a.size :] - energies[: -a.size]
        norms = np.sqrt(np.maximum(energies, 1e-12) * float(np.sum(a**2)))
        return bool(np.max(np.abs(products) / np.maximum(norms, 1e-12)) >= _LEAST_CORRELATION)
