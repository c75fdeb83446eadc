"""Whether a folder can take results, and how files take their places in it as a whole.

What is there is moved aside first, `results.json` before all else, and comes back if anything
fails. A journal beside it says how far that went, so that the next command puts back what a killed
one has left; the manifest, moved last, is what makes the new files count.

It tells what results wrote from what a person did, and one run's files from another's.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Literal

import msgspec

from ostinato.errors import MediaError, StudyError
from ostinato.legible import as_text
from ostinato.results.lock import (
    UNFINISHED,
    abandoned,
    is_scratch,
    remove_scratch,
)
from ostinato.results.records import read_record
from ostinato.whole_files import read_whole

_MEND = "Free some space or give another folder with --out"
_LEAST_FREE_BYTES = 4 * 2**20  # figures in three formats and tables of a film of two hours
NEW, _OLD = "new", "old"
_JOURNAL = "journal.json"
RESULTS_NAME = "results.json"
MANIFEST_NAME = "ostinato-manifest.json"
_STORE_MEND = "Take the whole folder as it was written, or run `ostinato analyze` again"
_EARLIER = "earlier-results"
LABELS_FOLDER, CUES_FOLDER = "labels", "cues"
_PARTS = {f"{LABELS_FOLDER}/": "labels", f"{CUES_FOLDER}/": "cues"}
"""What a person works with, and is no part of one run."""


def check_writable(folder: Path) -> None:
    """Make sure, before hours are spent, that results will find their place; make nothing.

    Parameters
    ----------
    folder : pathlib.Path
        Need not exist.

    Raises
    ------
    MediaError
        If it is no folder, cannot be written to, or lies on a full disk.
    """
    _check_link(folder)
    try:
        # the nearest that is there: what is refused later on must not leave an empty folder
        nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        with tempfile.TemporaryFile(dir=nearest):
            free = shutil.disk_usage(nearest).free
    except OSError as error:  # nearest being a file, among others
        raise unwritable(folder, error) from error
    if free < _LEAST_FREE_BYTES:
        raise MediaError(str(folder), f"only {free / 1e6:.1f} MB are free there", _MEND)


def _check_link(folder: Path) -> None:
    """Refuse a link that leads nowhere: no folder can be made in its place, nor beside it."""
    lost = next((one for one in (folder, *folder.parents) if _leads_nowhere(one)), None)
    if lost is not None:
        raise MediaError(
            str(lost),
            f"it is a link to {lost.readlink()}, which is not there",
            "Give another folder with --out, or make the one that it leads to",
        )


def _leads_nowhere(place: Path) -> bool:
    return place.is_symlink() and not place.exists()


def unwritable(folder: Path, error: OSError) -> MediaError:
    """Say of a folder that it cannot be written to, and why."""
    reason = error.reason if isinstance(error, MediaError) else None
    return MediaError(
        str(folder), reason or f"it cannot be written to ({error.strerror or error})", _MEND
    )


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
class _Journal:
    new: tuple[WrittenFile, ...]
    removed: tuple[str, ...]
    manifest_sha256: str


def exchange(
    folder: Path, scratch: Path, new: Sequence[WrittenFile], *, removed: Iterable[str]
) -> None:
    """Put new files into their places and take others away.

    `scratch`: A folder in it; the new files and the manifest lie in its folder `NEW`; `removed`:
    names of files that are taken away. Raises MediaError if a file cannot be replaced. Then all are
    as they were. Raises OSError if anything else fails. Then all are as they were, or will be once
    the next command runs.
    """
    manifest = scratch / NEW / MANIFEST_NAME
    for one in new:
        _sync(scratch / NEW / one.name)
    _sync(manifest)
    journal = _Journal(new=tuple(new), removed=tuple(removed), manifest_sha256=sha256_of(manifest))
    draft = scratch / f"{_JOURNAL}.draft"
    draft.write_bytes(msgspec.json.encode(journal))
    _sync(draft)
    draft.replace(scratch / _JOURNAL)
    sync_folder(scratch)
    try:
        _set_aside(folder, scratch, journal)
        _put_in_place(folder, scratch, journal)
        manifest.replace(folder / MANIFEST_NAME)
    except BaseException:
        _put_back(folder, scratch, journal)
        raise
    sync_folder(folder)
    for name in journal.removed:
        _remove_if_empty((folder / name).parent, folder)


def recover(folder: Path) -> None:
    """Put back what commands that were killed had set aside, and remove what they have left.

    Raises StudyError if something else took the place of what is to come back. Raises OSError if it
    cannot be put back.
    """
    for scratch in abandoned(folder):
        journal = _journal_of(scratch)
        if journal is not None and not _is_committed(folder, journal):
            _put_back(folder, scratch, journal)
        remove_scratch(scratch)
    for left in folder.glob(f"{UNFINISHED}*"):
        if not is_scratch(left):  # of an earlier version, which knew no owners
            shutil.rmtree(left, ignore_errors=True)


def discard(scratch: Path) -> None:
    """Remove a scratch folder, unless something in it waits to come back.

    `scratch`: of an exchange that failed, or that never began.
    """
    old = scratch / _OLD
    if not (old.exists() and any(path.is_file() for path in old.rglob("*"))):
        shutil.rmtree(scratch, ignore_errors=True)


def is_broken_off(folder: Path) -> bool:
    """Tell whether a command was killed while it put files into their places."""
    return any(
        is_scratch(scratch) and (scratch / _JOURNAL).exists() for scratch in abandoned(folder)
    )


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk.

    Parameters
    ----------
    folder : pathlib.Path
        Any.
    """
    if os.name == "nt":  # where folders cannot be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _set_aside(folder: Path, scratch: Path, journal: _Journal) -> None:
    names = {one.name for one in journal.new} | set(journal.removed)
    for name in sorted(names, key=_results_first):
        place, aside = folder / name, scratch / _OLD / name
        if not os.path.lexists(place):
            continue
        aside.parent.mkdir(parents=True, exist_ok=True)
        try:
            place.rename(aside)
        except OSError as error:
            raise MediaError(
                str(place),
                f"it cannot be replaced ({error.strerror or error})",
                "Close the program that has it open, and run this again",
            ) from error


def _put_in_place(folder: Path, scratch: Path, journal: _Journal) -> None:
    parents = {folder}
    # results last, so that they never promise a table or a figure that is not there
    for one in sorted(journal.new, key=lambda one: (one.name == RESULTS_NAME, one.name)):
        place = folder / one.name
        place.parent.mkdir(parents=True, exist_ok=True)
        (scratch / NEW / one.name).rename(place)
        parents.add(place.parent)
    for parent in sorted(parents):
        sync_folder(parent)


def _put_back(folder: Path, scratch: Path, journal: _Journal) -> None:
    for one in sorted(journal.new, key=lambda one: _results_first(one.name)):
        place, draft = folder / one.name, scratch / NEW / one.name
        if not draft.exists() and one.is_as_written(folder):
            place.rename(draft)
    old = scratch / _OLD
    asides = [path for path in old.rglob("*") if path.is_file()] if old.exists() else []
    for aside in sorted(asides, key=lambda path: (path.name == RESULTS_NAME, path)):
        place = folder / aside.relative_to(old)
        if os.path.lexists(place):
            raise StudyError(
                str(place),
                f"it took the place of a file that waits in {aside} to come back",
                "Move one of them elsewhere",
            )
        place.parent.mkdir(parents=True, exist_ok=True)
        aside.rename(place)
    for one in journal.new:
        _remove_if_empty((folder / one.name).parent, folder)
    sync_folder(folder)


def _remove_if_empty(place: Path, folder: Path) -> None:
    if place != folder:
        with suppress(OSError):
            place.rmdir()


def _is_committed(folder: Path, journal: _Journal) -> bool:
    manifest = folder / MANIFEST_NAME
    return manifest.exists() and sha256_of(manifest) == journal.manifest_sha256


def _journal_of(scratch: Path) -> _Journal | None:
    try:
        return msgspec.json.decode(read_whole(scratch / _JOURNAL), type=_Journal)
    except (OSError, msgspec.MsgspecError, ValueError):
        return None  # nothing was moved yet


def _results_first(name: str) -> tuple[bool, str]:
    return name != RESULTS_NAME, name


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


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
    return read_record(
        folder / MANIFEST_NAME,
        Manifest,
        lacks="it does not say what was written here",
        mend="Move it away, and run `ostinato analyze` again into another folder",
    )


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
                _STORE_MEND,
            )


def _is_readable_as_written(one: WrittenFile, folder: Path) -> bool:
    try:
        return one.is_as_written(folder)
    except OSError:
        return False


def _is_table(one: WrittenFile) -> bool:
    return one.part == "run" and "/" not in one.name and one.name.endswith(".tsv")


def keep_copies(folder: Path, names: Sequence[str]) -> Path:
    """Keep what an earlier version may have written and a person may have changed."""
    number = 1
    while (place := folder / (_EARLIER if number == 1 else f"{_EARLIER}-{number}")).exists():
        number += 1
    for name in names:
        copy = place / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(folder / name, copy)
        except OSError:  # no links there
            shutil.copy2(folder / name, copy)
    return place


def places_from(folder: Path, paths: Sequence[Path]) -> Iterator[str]:
    """Write where files are as seen from a folder, so that both may move together."""
    for path in paths:
        try:
            place = Path(os.path.relpath(path.absolute(), folder.absolute()))
        except ValueError:  # on another drive
            place = path.absolute()
        yield as_text(place.as_posix())


def _files_in(draft: Path, part: str) -> Iterator[WrittenFile]:
    names = sorted(p.relative_to(draft).as_posix() for p in draft.rglob("*") if p.is_file())
    for name in names:
        own = next((value for start, value in _PARTS.items() if name.startswith(start)), part)
        yield written_file(draft, name, part=own)


def _is_same_file(place: Path, other: Path) -> bool:
    try:
        return place.samefile(other)
    except OSError:
        return False
