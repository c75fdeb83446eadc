"""Running means of planes of numbers, in single precision and strip by strip."""

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Number = TypeVar("_Number", np.float32, np.complex64)

_STRIP_CELLS = 1 << 16  # a quarter of a megabyte, which stays near the processor


def moving_mean(values: NDArray[_Number], size: tuple[int, int]) -> NDArray[_Number]:
    """Return the mean around each cell.

    Parameters
    ----------
    values : ndarray of float32 or complex64, shape (n_rows, n_columns)
        Beyond its edges stands the nearest cell.
    size : tuple of int
        Rows and columns of which the mean is taken; where one is even, there is one more before
        the cell than behind it.

    Returns
    -------
    ndarray, shape (n_rows, n_columns)
        Of the kind of `values`. No mean of numbers that are >= 0 lies below 0, since nothing is
        ever taken off.
    """
    n_high, n_wide = size
    n_rows, n_columns = values.shape
    out = np.empty_like(values)
    scale = np.float32(1 / (n_high * n_wide))
    for first, stop in _strips(n_rows, n_columns):
        rows = np.arange(first - n_high // 2, stop - n_high // 2 + n_high - 1).clip(0, n_rows - 1)
        is_inside = rows[0] + rows.size - 1 == rows[-1]
        around = values[rows[0] : rows[-1] + 1] if is_inside else values[rows]
        high = _sums(around, n_high)
        before = np.repeat(high[:, :1], n_wide // 2, axis=1)
        behind = np.repeat(high[:, -1:], n_wide - 1 - n_wide // 2, axis=1)
        wide = _sums(np.concatenate([before, high, behind], axis=1).T, n_wide).T
        np.multiply(wide, scale, out=out[first:stop])
    return out


def _strips(n_rows: int, n_columns: int) -> Iterator[tuple[int, int]]:
    n_together = max(1, _STRIP_CELLS // max(1, n_columns))
    for first in range(0, n_rows, n_together):
        yield first, min(first + n_together, n_rows)


def _sums(values: NDArray[_Number], n: int) -> NDArray[_Number]:
    """Return sums of `n` rows that follow each other: of halves that do, and an odd one."""
    if n == 1:
        return values
    halves = _sums(values, n // 2)
    total = halves[: -(n // 2)] + halves[n // 2 :]
    if n % 2:
        total = total[:-1]
        total += values[n - 1 :]
    return total
