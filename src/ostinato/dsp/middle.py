"""What two loudspeakers play alike, and what they play differently."""

import numpy as np
from numpy.typing import NDArray


def mid_side(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the middle and the side of two channels.

    Parameters
    ----------
    y : ndarray of float32, shape (n_channels, n_samples)
        Left and right; further channels are left out.

    Returns
    -------
    ndarray of float32, shape (2, n_samples)
        Half their sum, and half their difference.
    """
    views = np.empty_like(y[:2])
    np.add(y[0], y[1], out=views[0])
    np.subtract(y[0], y[1], out=views[1])
    views *= np.float32(0.5)
    return views
