"""Files that lie at an address such as s3://bucket/film.mkv: listed, and fetched when needed.

A file is fetched into the cache, under a name that follows from its address, since a decoder reads
a file many times. What changes when it does is taken from the listing, so that nobody has to ask
for it again.
"""

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

from ostinato.errors import MediaError, OstinatoError, StudyError
from ostinato.media import cache_faults
from ostinato.results import scratch_in

FETCHED = "fetched"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_PATTERN = re.compile(r"[*?\[]")
_CHANGES = ("size", "mtime", "created", "LastModified", "last_modified", "ETag", "etag", "md5Hash")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a file comes from: its address, and what changes there when it does."""

    url: str
    stamp: str

    def place(self, cache_dir: Path) -> Path:
        """Return where it is fetched to: elsewhere once it has changed."""
        digest = hashlib.sha256(f"{self.url} {self.stamp}".encode()).hexdigest()[:16]
        return cache_dir / FETCHED / digest / PurePosixPath(self.url).name


def is_fetched(path: Path) -> bool:
    """Tell whether a file is one that was fetched: its path says all that decides its content."""
    return path.parts[-3:-2] == (FETCHED,)


def is_address(text: str) -> bool:
    """Tell an address from the path of a file."""
    return _ADDRESS.match(text) is not None


def sources_at(url: str) -> list[Source]:
    """Return the files at an address: a file, a folder, or a pattern of addresses.

    Raises
    ------
    StudyError
        If fsspec, or what it needs for this kind of address, is not installed.
    MediaError
        If the place does not answer.
    """
    with _in_words(url):
        files, path = import_module("fsspec").core.url_to_fs(url)
        if _PATTERN.search(path):
            found = [*files.glob(path, detail=True).values()]
        elif files.isdir(path):
            found = files.ls(path, detail=True)
        else:
            found = [files.info(path)] if files.exists(path) else []
    return [
        Source(url=files.unstrip_protocol(one["name"]), stamp=_stamp(one))
        for one in found
        if one["type"] == "file" and not PurePosixPath(one["name"]).name.startswith(".")
    ]


def fetch(source: Source, cache_dir: Path) -> Path:
    """Fetch a file unless it is there; whoever else fetches it meanwhile does no harm.

    Raises
    ------
    MediaError
        If it cannot be read there, or not be written here.
    """
    place = source.place(cache_dir)
    if place.exists():
        return place
    with cache_faults(cache_dir):
        place.parent.mkdir(parents=True, exist_ok=True)
        with scratch_in(place.parent, "fetch") as scratch:
            draft = scratch / place.name
            with _in_words(source.url):
                _read(source.url, draft)
            draft.replace(place)
    return place


def forget(source: Source, cache_dir: Path) -> None:
    """Remove a file that was fetched; what was decoded of it stays."""
    shutil.rmtree(source.place(cache_dir).parent, ignore_errors=True)


def _read(url: str, draft: Path) -> None:
    with import_module("fsspec").open(url, "rb") as there, draft.open("wb") as here:
        shutil.copyfileobj(there, here, 2**20)


def _stamp(one: dict[str, Any]) -> str:
    return ", ".join(f"{name} {one[name]}" for name in _CHANGES if one.get(name) is not None)


@contextmanager
def _in_words(url: str) -> Iterator[None]:
    """Translate what fsspec and the packages behind it may raise; they have no errors in common."""
    try:
        yield
    except OstinatoError:
        raise
    except ImportError as error:
        raise StudyError(
            url,
            f"a package that reads such addresses is not installed ({error})",
            "Install it: pip install 'ostinato[remote]', and for s3:// s3fs, for gs:// gcsfs",
        ) from error
    except Exception as error:
        reason = str(error) or type(error).__name__
        raise MediaError(
            url,
            f"it cannot be read there ({reason})",
            "See whether the address is right and you may read it; then give the command again",
        ) from error
