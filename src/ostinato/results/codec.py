"""Results on disk: `results.json`, its JSON Schema, and one TSV for each kind of row.

Files are written beside their place and moved into it, so that a reader never meets half of one.
"""

import dataclasses
import errno
import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from ostinato.errors import MediaError, StudyError
from ostinato.results.document import Results
from ostinato.results.events import (
    SCHEMA,
    Candidate,
    Coverage,
    MomentaryLevel,
    Separation,
    SharedMaterial,
    Transition,
    Voice,
)
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
    Specification,
    Training,
)
from ostinato.results.lock import locked, scratch_name
from ostinato.results.occurrence import Occurrence
from ostinato.results.scope import scope_as_text, scope_from_text, scope_schema
from ostinato.results.sense import check_sense, parse_results
from ostinato.results.speech_segment import SpeechSegment
from ostinato.results.store import (
    RESULTS_NAME,
    check_is_whole,
    is_broken_off,
    read_manifest,
    recover,
)
from ostinato.results.tsv import table_tsv
from ostinato.whole_files import read_whole

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
    "teaching": Training,
    "ratio": Ratio,
    "ratio_curve": RatioCurve,
    "monologue": Monologue,
    "claims": Claim,
    "candidates": Candidate,
    "robustness": Specification,
    "rejected": Occurrence,
}
_FILE_NAMES = {"labels": "sample_labels"}  # labels.tsv is what a person calls their own


def results_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `results.json`.

    Returns
    -------
    dict of str to Any
        As JSON is read.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Ostinato results, {SCHEMA}",
        **msgspec.json.schema(Results, schema_hook=scope_schema),
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
    builtins = msgspec.to_builtins(results, enc_hook=scope_as_text)
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
        results = msgspec.convert(builtins, Results, dec_hook=scope_from_text)
        check_sense(results)
    except (msgspec.MsgspecError, ValueError, OverflowError) as error:
        raise StudyError(name, f"it does not hold results ({error})", mend) from error
    unknown = sorted(set(builtins) - {f.name for f in dataclasses.fields(Results)})
    if unknown:
        raise StudyError(name, f"it has unknown keys {', '.join(unknown)}", mend)
    return results


def read_results(folder: Path | str) -> Results:
    """Read `results.json` from a folder, or another file of results.

    Parameters
    ----------
    folder : pathlib.Path
        What `ostinato analyze --out` was given, or the `results.json` in it; or a file that holds
        results under another name, such as a copy of one.

    Returns
    -------
    Results
        The results of that run.

    Raises
    ------
    StudyError
        If the folder holds no readable results, or they are not as they were written with the rest
        of it.
    """
    folder = Path(folder)
    if folder.name == RESULTS_NAME and folder.is_file():
        folder = folder.parent
    if folder.suffix == ".json" and folder.is_file():  # alone: no folder says what it has to be
        return decode_results(_read(folder), name=str(folder))
    path = folder / RESULTS_NAME
    if is_broken_off(folder):
        _put_back(folder)
    data = _read(path)
    manifest = read_manifest(folder)
    if manifest is not None:
        check_is_whole(folder, manifest)
    return decode_results(data, name=str(path))


def _read(path: Path) -> bytes:
    try:
        return read_whole(path)
    except OSError as error:
        raise StudyError(
            str(path),
            f"it cannot be read ({error.strerror})",
            "Give the folder that `ostinato analyze --out` wrote",
        ) from error


def _put_back(folder: Path) -> None:
    try:
        with locked(folder):
            recover(folder)
    except OSError as error:
        raise StudyError(
            str(folder),
            "a command was broken off while it wrote there, and what it had set aside cannot be "
            f"put back ({error.strerror})",
            "Make the folder writable and run this again",
        ) from error


def generated(results: Results, name: str) -> bytes | None:
    """Return what a file of a folder holds that follows from results alone."""
    return encode_results(results) if name == RESULTS_NAME else _tables(results).get(name)


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
    folder, results = Path(folder), _as_read(results)
    return tuple(
        write_atomically(folder / name, content)
        for name, content in {**_tables(results), RESULTS_NAME: encode_results(results)}.items()
    )


def _as_read(results: Results) -> Results:
    """Return results as a reader has them: a whole number of seconds is written as a length."""
    builtins = msgspec.to_builtins(results, enc_hook=scope_as_text)
    return msgspec.convert(builtins, Results, dec_hook=scope_from_text)


def result_names() -> tuple[str, ...]:
    """Return the names of the files that `write_results` writes.

    Returns
    -------
    tuple of str
        Tables, and `results.json` last.
    """
    return (*(f"{_FILE_NAMES.get(name, name)}.tsv" for name in _TABLES), RESULTS_NAME)


def _tables(results: Results) -> dict[str, bytes]:
    return {
        f"{_FILE_NAMES.get(name, name)}.tsv": table_tsv(
            getattr(results, name), record=record
        ).encode()
        for name, record in _TABLES.items()
    }


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
    draft = path.with_name(scratch_name("draft"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritten(path, error) from error
    return path


def write_new(path: Path, content: bytes) -> Path:
    """Write a file where there is none, whoever else does so at the same moment.

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
    StudyError
        If something is there.
    MediaError
        If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:  # a file may stand in the folder's place
        raise _unwritten(path, error) from error
    try:
        with path.open("xb") as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    except FileExistsError as error:
        raise StudyError(str(path), "it is there already", "Give another name") from error
    except OSError as error:
        raise _unwritten(path, error) from error
    return path


def _unwritten(path: Path, error: OSError) -> MediaError:
    is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return MediaError(
        str(path),
        f"it cannot be written ({error.strerror})",
        "Free some space or give another folder" if is_full else "Give another folder",
    )


def _numbers(value: object, path: str) -> Iterator[tuple[str, float]]:
    if isinstance(value, float):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _numbers(inner, f"{path}[{index}]")
