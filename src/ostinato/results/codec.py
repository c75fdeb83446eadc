"""Results on disk: `results.json`, its JSON Schema, and one TSV for each kind of row.

Files are written beside their place and moved into it, so that a reader never meets half of one.
"""

import dataclasses
import json
import math
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from ostinato.errors import MediaError, StudyError
from ostinato.results.findings import (
    Claim,
    Continuation,
    Loudness,
    Monologue,
    Overlap,
    Ratio,
    RatioCurve,
    Repetition,
    SampledLabel,
    Teaching,
)
from ostinato.results.records import (
    SCHEMA,
    Coverage,
    Occurrence,
    Results,
    SharedMaterial,
    SpeechSegment,
    Transition,
)
from ostinato.results.sense import check_sense, parse_results
from ostinato.results.separation import MomentaryLevel, Separation
from ostinato.results.tables import table_tsv
from ostinato.results.voices import Voice

RESULTS_NAME = "results.json"
_TABLES: dict[str, type] = {
    "occurrences": Occurrence,
    "transitions": Transition,
    "shared_material": SharedMaterial,
    "separations": Separation,
    "song_levels": MomentaryLevel,
    "coverage": Coverage,
    "repetition": Repetition,
    "overlap": Overlap,
    "continuation": Continuation,
    "loudness": Loudness,
    "speech": SpeechSegment,
    "voices": Voice,
    "labels": SampledLabel,
    "teaching": Teaching,
    "ratio": Ratio,
    "ratio_curve": RatioCurve,
    "monologue": Monologue,
    "claims": Claim,
}


def results_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `results.json`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Ostinato results, {SCHEMA}",
        **msgspec.json.schema(Results),
    }


def encode_results(results: Results) -> bytes:
    """Encode results as indented UTF-8 JSON, keys in the order of the contract.

    Parameters
    ----------
    results : Results
        Finite throughout: a NaN or an infinity is a defect of the stage that made it.

    Returns
    -------
    bytes
        The content of `results.json`, ending in a newline.

    Raises
    ------
    ParameterError
        Never for records built by the package; `ValueError` if a number is not finite.
    """
    builtins = msgspec.to_builtins(results)
    for path, number in _numbers(builtins, "$"):
        if not math.isfinite(number):
            raise ValueError(f"{path} is {number}: a record holds None for what is unknown")
    return json.dumps(builtins, indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def decode_results(data: bytes, *, name: str = RESULTS_NAME) -> Results:
    """Decode the content of a `results.json`.

    Parameters
    ----------
    data : bytes
        UTF-8 JSON.
    name : str, optional
        What to call it in an error.

    Returns
    -------
    Results
        The same value that was encoded.

    Raises
    ------
    StudyError
        If it is not JSON, of another schema, a field is missing, unknown or of a wrong type, or it
        makes no sense: see `check_sense`.
    """
    mend = "Run `ostinato analyze` again into this folder, or take the version that wrote it"
    try:
        builtins = parse_results(data)
        results = msgspec.convert(builtins, Results)
        check_sense(results)
    except (msgspec.MsgspecError, ValueError, OverflowError) as error:
        raise StudyError(name, f"it does not hold results ({error})", mend) from error
    unknown = sorted(set(builtins) - {f.name for f in dataclasses.fields(Results)})
    if unknown:
        raise StudyError(name, f"it has unknown keys {', '.join(unknown)}", mend)
    return results


def read_results(folder: Path) -> Results:
    """Read `results.json` from a folder.

    Parameters
    ----------
    folder : pathlib.Path
        What `ostinato analyze --out` was given.

    Returns
    -------
    Results
        The results of that run.

    Raises
    ------
    StudyError
        If the folder holds no readable results.
    """
    path = Path(folder) / RESULTS_NAME
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StudyError(
            str(path),
            f"it cannot be read ({error.strerror})",
            "Give the folder that `ostinato analyze --out` wrote",
        ) from error
    return decode_results(data, name=str(path))


def write_results(folder: Path, results: Results) -> tuple[Path, ...]:
    """Write `results.json` and the TSVs, each at once or not at all.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it does not exist.
    results : Results
        What to write.

    Returns
    -------
    tuple of pathlib.Path
        The files written, `results.json` last, so that it never promises a table that is not there.

    Raises
    ------
    MediaError
        If the folder is read-only or full.
    """
    folder = Path(folder)
    tables = {
        f"{name}.tsv": table_tsv(getattr(results, name), record=record).encode()
        for name, record in _TABLES.items()
    }
    return tuple(
        write_atomically(folder / name, content)
        for name, content in {**tables, RESULTS_NAME: encode_results(results)}.items()
    )


def write_atomically(path: Path, content: bytes) -> Path:
    """Write a file so that its place holds either the old content or all of the new.

    Parameters
    ----------
    path : pathlib.Path
        Where; its folder is made if needed.
    content : bytes
        What.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    MediaError
        If the folder cannot be made or written to.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise MediaError(
            str(path),
            f"it cannot be written ({error.strerror})",
            "Free some space or give another folder with --out",
        ) from error
    return path


def _numbers(value: object, path: str) -> Iterator[tuple[str, float]]:
    if isinstance(value, float):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _numbers(inner, f"{path}[{index}]")
