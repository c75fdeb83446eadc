"""A network that looks at a spectrum at six scales, run forwards with numpy alone.

References
----------
.. [1] O. Ronneberger et al., "U-Net: convolutional networks for biomedical image segmentation",
       MICCAI 2015.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from weights import Weights

Image = NDArray[np.float32]
"""Shape (n_channels, n_frames, n_bins)."""

_KERNEL, _STRIDE = 5, 2
_BATCH_EPSILON = np.float32(1e-3)
_DEPTH = 6


def unet(image: Image, weights: Weights) -> Image:
    """Return the magnitude that one network hears in an image.

    Parameters
    ----------
    image : ndarray of float32, shape (2, n_frames, n_bins)
        Magnitudes; both sizes are multiples of 64.
    weights : dict of str to ndarray
        Of its layers.

    Returns
    -------
    ndarray of float32, shape (2, n_frames, n_bins)
        Never more than the image.
    """
    downs = []
    seen = image
    for depth in range(1, _DEPTH + 1):
        downs.append(down(seen, *_layer(weights, f"down{depth}_conv.1")))
        normal = _normalised(downs[-1], weights, f"down{depth}_act.0")
        seen = np.maximum(normal, np.float32(0.2) * normal)
    seen = downs.pop()
    for depth in range(1, _DEPTH + 1):
        raised = np.maximum(up(seen, *_layer(weights, f"up{depth}.0")), 0)
        seen = _normalised(raised, weights, f"up{depth}.3")
        if downs:
            seen = np.concatenate([downs.pop(), seen])
    return _mask(seen, weights) * image


def down(image: Image, kernel: NDArray[np.float32], bias: NDArray[np.float32]) -> Image:
    """Convolve every other cell with a kernel of five by five.

    Parameters
    ----------
    image : ndarray of float32, shape (n_in, n_frames, n_bins)
        Of even sizes.
    kernel : ndarray of float32, shape (n_out, n_in, 5, 5)
        Weights.
    bias : ndarray of float32, shape (n_out,)
        Added to each channel.

    Returns
    -------
    ndarray of float32, shape (n_out, n_frames / 2, n_bins / 2)
        Half as fine.
    """
    padded = np.pad(image, ((0, 0), (1, 2), (1, 2)))
    n_rows, n_columns = image.shape[1] // _STRIDE, image.shape[2] // _STRIDE
    # one product for all shifts of the kernel: (n_out, n_in * 25) @ (n_in * 25, n_cells)
    shifts = [
        padded[:, i : i + _STRIDE * n_rows : _STRIDE, j : j + _STRIDE * n_columns : _STRIDE]
        for i in range(_KERNEL)
        for j in range(_KERNEL)
    ]
    columns = np.stack(shifts, axis=1).reshape(-1, n_rows * n_columns)
    out = kernel.reshape(kernel.shape[0], -1) @ columns + bias[:, np.newaxis]
    return out.reshape(-1, n_rows, n_columns)


def up(image: Image, kernel: NDArray[np.float32], bias: NDArray[np.float32]) -> Image:
    """Lay a kernel of five by five down at each cell, two cells apart: the adjoint of `down`.

    Parameters
    ----------
    image : ndarray of float32, shape (n_in, n_frames, n_bins)
        Of any sizes.
    kernel : ndarray of float32, shape (n_in, n_out, 5, 5)
        Weights.
    bias : ndarray of float32, shape (n_out,)
        Added to each channel.

    Returns
    -------
    ndarray of float32, shape (n_out, 2 * n_frames, 2 * n_bins)
        Twice as fine.
    """
    _, n_rows, n_columns = image.shape
    n_out = kernel.shape[1]
    out = np.zeros((n_out, _STRIDE * n_rows + 3, _STRIDE * n_columns + 3), np.float32)
    cells = image.reshape(image.shape[0], -1)
    for i in range(_KERNEL):
        for j in range(_KERNEL):
            rows = slice(i, i + _STRIDE * n_rows, _STRIDE)
            columns = slice(j, j + _STRIDE * n_columns, _STRIDE)
            laid = kernel[:, :, i, j].T @ cells
            out[:, rows, columns] += laid.reshape(n_out, n_rows, n_columns)
    return out[:, 1:-2, 1:-2] + bias[:, np.newaxis, np.newaxis]


def _normalised(image: Image, weights: Weights, name: str) -> Image:
    """Apply what the batches of its training had in common."""
    mean, variance, scale, shift = (
        weights[f"{name}.{part}"][:, np.newaxis, np.newaxis]
        for part in ("running_mean", "running_var", "weight", "bias")
    )
    factor = scale / np.sqrt(variance + _BATCH_EPSILON)
    return np.asarray(image * factor + (shift - mean * factor), np.float32)


def _mask(image: Image, weights: Weights) -> Image:
    """Convolve with a kernel of four by four whose cells lie two apart; between 0 and 1."""
    kernel, bias = _layer(weights, "up7.0")
    padded = np.pad(image, ((0, 0), (3, 3), (3, 3)))
    _, n_rows, n_columns = image.shape
    out = np.zeros((kernel.shape[0], n_rows, n_columns), np.float32)
    for i in range(kernel.shape[2]):
        for j in range(kernel.shape[3]):
            part = padded[:, 2 * i : 2 * i + n_rows, 2 * j : 2 * j + n_columns]
            out += np.tensordot(kernel[:, :, i, j], part, axes=1)
    return np.asarray(expit(out + bias[:, np.newaxis, np.newaxis]), np.float32)


def _layer(weights: Weights, name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]
