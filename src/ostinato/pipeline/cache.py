"""What stages found before, kept by what went in: content hashes, parameters and version.

Each entry is one file of arrays, written beside its place and moved into it, so that a run that
was interrupted leaves either a whole entry or none.
"""

import hashlib
import io
import json
import logging
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from ostinato.cues import Cues, Discovery, SongLevel
from ostinato.errors import MediaError
from ostinato.results import Occurrence, write_atomically
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

    def entry(self, stage: str, **ingredients: object) -> Path:
        """Return where the result of a stage with these ingredients belongs."""
        content = json.dumps(msgspec.to_builtins(ingredients), sort_keys=True)
        return self.folder / f"{stage}-{hashlib.sha256(content.encode()).hexdigest()[:32]}.npz"


def load_cues(path: Path) -> Cues | None:
    """Return the cues of an entry, None if there is no readable one."""
    arrays = load_arrays(path)
    return None if arrays is None else _cues(arrays)


def save_cues(path: Path, cues: Cues) -> None:
    """Write the cues of one song as an entry."""
    scalars = [[getattr(level, name) for name in _SCALARS] for level in cues.levels]
    arrays: Arrays = {
        "occurrences": np.frombuffer(msgspec.json.encode(cues.occurrences), np.uint8),
        "levels": np.frombuffer(json.dumps(scalars).encode(), np.uint8),
    }
    for i, level in enumerate(cues.levels):
        arrays |= {f"{name}_{i}": getattr(level, name) for name in _CURVES}
    save_arrays(path, arrays)


def load_discovery(path: Path) -> Discovery | None:
    """Return what a film repeats, as an entry has it; None if there is no readable one."""
    arrays = load_arrays(path)
    if arrays is None:
        return None
    return msgspec.json.decode(arrays["discovery"].tobytes(), type=Discovery)


def save_discovery(path: Path, found: Discovery) -> None:
    """Write what a film repeats as an entry."""
    save_arrays(path, {"discovery": np.frombuffer(msgspec.json.encode(found), np.uint8)})


def load_activity(path: Path, *, duration_s: float) -> Activity | None:
    """Return the activity of an entry, None if there is no readable one."""
    arrays = load_arrays(path)
    if arrays is None:
        return None
    return Activity(
        clock=MODEL_CLOCK,
        duration_s=duration_s,
        speech=arrays["speech"],
        singing=arrays["singing"],
        music=arrays["music"],
    )


def save_activity(path: Path, activity: Activity) -> None:
    """Write a film's activity as an entry."""
    save_arrays(path, {name: getattr(activity, name) for name in ("speech", "singing", "music")})


def load_prints(path: Path) -> VoicePrints | None:
    """Return the prints of an entry, None if there is no readable one."""
    arrays = load_arrays(path)
    return None if arrays is None else VoicePrints(**arrays)


def save_prints(path: Path, prints: VoicePrints) -> None:
    """Write the prints of a film's voices as an entry."""
    names = ("centres_s", "n_frames", "means", "powers")
    save_arrays(path, {name: getattr(prints, name) for name in names})


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
    return Cues(occurrences, tuple(levels))


def load_arrays(path: Path) -> Arrays | None:
    """Return the arrays of an entry, None if there is no readable one."""
    try:
        # from memory: numpy leaves a damaged file open
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as entry:
            return dict(entry)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error, EOFError):
        # damaged: it is made again, and written over
        return None


def save_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays as an entry; if that cannot be, say so and go on."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    try:
        write_atomically(path, buffer.getvalue())
    except MediaError as error:
        # what was found is at hand: hours of it are not thrown away for want of a copy
        logger.warning("%s: %s. This stage will be done anew next time.", error.thing, error.reason)
