"""Where the versions of PyAV differ: what opens a file for reading, whichever is installed."""

import io
from typing import Any

import av
from av.container import InputContainer

__all__ = ["open_for_reading"]

_FIRST_WITHOUT_METADATA_ERRORS = 19
"""From this version on, damaged text in tags is replaced anyway, and cannot be asked for."""


def open_for_reading(file: str | io.RawIOBase, *, options: dict[str, str]) -> InputContainer:
    """Open a container; tags that are not UTF-8 do not make it unreadable."""
    more: dict[str, Any] = {}
    if _major(av.__version__) < _FIRST_WITHOUT_METADATA_ERRORS:
        more["metadata_errors"] = "replace"
    container: InputContainer = av.open(file, mode="r", options=options, **more)
    return container


def _major(version: str) -> int:
    return int(version.partition(".")[0])
