"""What stages found before, kept by what went in: content hashes, parameters and version.

Each entry is one file of arrays, written beside its place and moved into it, so that a run that
was interrupted leaves either a whole entry or none.
"""

import io
import json
import logging
import os
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from ostinato.cues import Cues, Discovery, SongLevel
from ostinato.errors import MediaError
from ostinato.pipeline.entries import Entry, encode_entry, entry_in, payload_of
from ostinato.results import Candidate, Occurrence, write_atomically
from ostinato.speech import MODEL_CLOCK, Activity, VoicePrints

logger = logging.getLogger(__name__)

Arrays = dict[str, NDArray[Any]]
_SCALARS = ("level_lufs", "low_hz", "high_hz")
_CURVES = ("times_s", "song_power", "other_power")


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of entries.

    Parameters
    ----------
    folder : pathlib.Path
        Made when the first entry is written.
    """

    folder: Path

    def entry(self, stage: str, **ingredients: object) -> Entry:
        """Return where the result of a stage with these ingredients belongs."""
        return entry_in(self.folder, stage, ingredients)


def load_cues(entry: Entry) -> Cues | None:
    """Return the cues of an entry, None if there is no readable one."""
    return load_as(entry, _cues)


def save_cues(entry: Entry, cues: Cues) -> None:
    """Write the cues of one song as an entry."""
    scalars = [[getattr(level, name) for name in _SCALARS] for level in cues.levels]
    arrays: Arrays = {
        "occurrences": np.frombuffer(msgspec.json.encode(cues.occurrences), np.uint8),
        "levels": np.frombuffer(json.dumps(scalars).encode(), np.uint8),
        "candidates": np.frombuffer(msgspec.json.encode(cues.candidates), np.uint8),
    }
    for i, level in enumerate(cues.levels):
        arrays |= {f"{name}_{i}": getattr(level, name) for name in _CURVES}
    save_arrays(entry, arrays)


def load_discovery(entry: Entry) -> Discovery | None:
    """Return what a film repeats, as an entry has it; None if there is no readable one."""
    return load_as(
        entry, lambda arrays: msgspec.json.decode(arrays["discovery"].tobytes(), type=Discovery)
    )


def save_discovery(entry: Entry, found: Discovery) -> None:
    """Write what a film repeats as an entry."""
    save_arrays(entry, {"discovery": np.frombuffer(msgspec.json.encode(found), np.uint8)})


def load_activity(entry: Entry, *, duration_s: float) -> Activity | None:
    """Return the activity of an entry, None if there is no readable one."""
    return load_as(
        entry,
        lambda arrays: Activity(
            clock=MODEL_CLOCK,
            duration_s=duration_s,
            speech=arrays["speech"],
            singing=arrays["singing"],
            music=arrays["music"],
        ),
    )


def save_activity(entry: Entry, activity: Activity) -> None:
    """Write a film's activity as an entry."""
    save_arrays(entry, {name: getattr(activity, name) for name in ("speech", "singing", "music")})


def load_prints(entry: Entry) -> VoicePrints | None:
    """Return the prints of an entry, None if there is no readable one."""
    return load_as(entry, lambda arrays: VoicePrints(**arrays))


def save_prints(entry: Entry, prints: VoicePrints) -> None:
    """Write the prints of a film's voices as an entry."""
    names = ("centres_s", "n_frames", "means", "powers")
    save_arrays(entry, {name: getattr(prints, name) for name in names})


def _cues(arrays: Arrays) -> Cues:
    occurrences = msgspec.json.decode(arrays["occurrences"].tobytes(), type=tuple[Occurrence, ...])
    scalars = json.loads(arrays["levels"].tobytes())
    levels = (
        SongLevel(
            arrays[f"times_s_{i}"],
            arrays[f"song_power_{i}"],
            arrays[f"other_power_{i}"],
            *numbers,
        )
        for i, numbers in enumerate(scalars)
    )
    candidates = msgspec.json.decode(arrays["candidates"].tobytes(), type=tuple[Candidate, ...])
    return Cues(occurrences, tuple(levels), candidates)


_Found = TypeVar("_Found")


def load_as(entry: Entry, made_of: Callable[[Arrays], _Found]) -> _Found | None:
    """Return what is made of the arrays of an entry, None if there is none that can be used."""
    arrays = load_arrays(entry)
    if arrays is None:
        return None
    try:
        return made_of(arrays)
    except (LookupError, TypeError, ValueError, msgspec.MsgspecError):
        return None  # it is made again, and written over


def load_arrays(entry: Entry) -> Arrays | None:
    """Return the arrays of an entry, None if there is no readable one."""
    try:
        payload = payload_of(entry.path.read_bytes(), entry=entry)
        if payload is None:
            return None
        # from memory: numpy leaves a damaged file open
        with np.load(io.BytesIO(payload), allow_pickle=False) as arrays:
            found = dict(arrays)
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error, EOFError):
        # not there, or damaged: it is made again, and written over
        return None
    note_use(entry.path)
    return found


def note_use(path: Path) -> None:
    """Remember when something was used last, since what was not for longest leaves first."""
    with suppress(OSError):  # a cache that may only be read is one as well
        os.utime(path)


def save_arrays(entry: Entry, arrays: Arrays) -> None:
    """Write arrays as an entry; if that cannot be, say so and go on."""
    buffer = io.BytesIO()
    # without the keyword for pickles, which numpy 2.0 would keep as one more array
    named: dict[str, Any] = {**arrays}
    np.savez_compressed(buffer, **named)
    try:
        write_atomically(entry.path, encode_entry(entry, buffer.getvalue()))
    except MediaError as error:
        # what was found is at hand: hours of it are not thrown away for want of a copy
        logger.warning("%s: %s. This stage will be done anew next time.", error.thing, error.reason)
