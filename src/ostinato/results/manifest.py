"""The manifest: what was written into a folder of results, by name, size and SHA-256.

It tells what results wrote from what a person did, and one run's files from another's.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Literal

import msgspec

from ostinato.errors import StudyError
from ostinato.whole_files import read_whole

RESULTS_NAME = "results.json"
MANIFEST_NAME = "ostinato-manifest.json"
_MEND = "Take the whole folder as it was written, or run `ostinato analyze` again"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file as it was written; `name` is its path in the folder, with slashes.

    `part` is what it is a part of: a *run*, of which nothing stays when another takes its place, or
    what people work with: *labels*, *cues*, *demo*.
    """

    name: str
    n_bytes: int
    sha256: str
    part: str = "run"

    def __post_init__(self) -> None:
        is_plain = (
            not PureWindowsPath(self.name).drive
            and not PurePosixPath(self.name).is_absolute()
            and "\\" not in self.name
            and all(part not in {"", ".", ".."} for part in self.name.split("/"))
        )
        if not is_plain:
            raise ValueError(f"{self.name!r} is no place in a folder")

    def is_as_written(self, folder: Path) -> bool:
        """Tell whether a folder holds it as it was written; OSError if that cannot be read."""
        path = folder / self.name
        return (
            path.is_file()
            and path.stat().st_size == self.n_bytes
            and sha256_of(path) == self.sha256
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All that was written into a folder, sorted by name.

    `exports` are the hashes of label files that were written elsewhere; `read` where the files were
    that the run has read, as seen from the folder.
    """

    schema: Literal["ostinato-manifest/1"]
    files: tuple[WrittenFile, ...] = ()
    exports: tuple[str, ...] = ()
    read: tuple[str, ...] = ()

    def file(self, name: str) -> WrittenFile | None:
        """Return the file of a name, None if it was not written."""
        return next((one for one in self.files if one.name == name), None)


NO_MANIFEST = Manifest(schema="ostinato-manifest/1")
"""Of a folder into which nothing was written."""


def written_file(folder: Path, name: str, *, part: str) -> WrittenFile:
    """Describe a file as it is now.

    `name`: its path in there, with slashes; `part`: what it is a part of.
    """
    path = folder / name
    return WrittenFile(name=name, n_bytes=path.stat().st_size, sha256=sha256_of(path), part=part)


def sha256_of(path: Path) -> str:
    """Return the hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def encode_manifest(manifest: Manifest) -> bytes:
    """Encode a manifest."""
    files = sorted(manifest.files, key=lambda one: one.name)
    ordered = replace(manifest, files=tuple(files))
    return json.dumps(msgspec.to_builtins(ordered), indent=1, ensure_ascii=False).encode() + b"\n"


def read_manifest(folder: Path) -> Manifest | None:
    """Read the manifest of a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.

    Returns
    -------
    Manifest or None
        None where there is none, as in folders of earlier versions.

    Raises
    ------
    StudyError
        If it is damaged.
    """
    path = folder / MANIFEST_NAME
    try:
        return msgspec.json.decode(read_whole(path), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise StudyError(
            str(path),
            f"it does not say what was written here ({error})",
            "Move it away, and run `ostinato analyze` again into another folder",
        ) from error


def check_is_whole(folder: Path, manifest: Manifest) -> None:
    """Make sure that results and tables are those that were written together.

    Raises StudyError if `results.json` or a table was changed since, or is another run's. A table
    that was removed is nobody's loss.
    """
    known = {one.name: one for one in manifest.files}
    if RESULTS_NAME not in known:  # they are of an earlier version, which kept no manifest
        return
    for name in (RESULTS_NAME, *(one.name for one in manifest.files if _is_table(one))):
        one, path = known[name], folder / name
        if name != RESULTS_NAME and not path.exists():
            continue
        if not _is_readable_as_written(one, folder):
            raise StudyError(
                str(path),
                "it is not as it was written with the rest of this folder: it was changed since, "
                "or is of other results",
                _MEND,
            )


def _is_readable_as_written(one: WrittenFile, folder: Path) -> bool:
    try:
        return one.is_as_written(folder)
    except OSError:
        return False


def _is_table(one: WrittenFile) -> bool:
    return one.part == "run" and "/" not in one.name and one.name.endswith(".tsv")
