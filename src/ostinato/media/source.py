"""Where the bytes of a recording lie: one file, the files of a disc's title, the links of a chain.

A DVD parts a title among several files (`VTS_01_1.VOB`, `VTS_01_2.VOB` …) whose bytes go on from
one to the next. An Ogg file may chain recordings, each with its own channels and rate, which FFmpeg
reads as far as they are alike. Either way a recording is a sequence of parts, each of which is one
container, and a part is a sequence of spans of files.
"""

import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import MediaError
from ostinato.media.faults import check_file, media_faults

__all__ = ["JoinedFile", "Source", "Span", "find_source"]

_CHUNK_BYTES = 4 * 2**20
_OGG = b"OggS"
OGG_HEADER_BYTES = 27
_FIRST_PAGE = 0x02  # of a stream
_TITLE_SET = re.compile(r"VTS_(\d\d)_([1-9])\.VOB", re.IGNORECASE)
_MENU = re.compile(r"(VTS_\d\d_0|VIDEO_TS)\.VOB", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `start` up to `stop` of a file."""

    path: Path
    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A recording: its parts, each one container, and what a person should know of the choice."""

    path: Path
    parts: tuple[tuple[Span, ...], ...]
    notices: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are read, in order."""
        return tuple(dict.fromkeys(span.path for part in self.parts for span in part))

    @property
    def n_bytes(self) -> int:
        """Size of all files together."""
        return sum(span.stop - span.start for part in self.parts for span in part)

    def chunks(self) -> Iterator[bytes]:
        """Read all bytes in order."""
        for path in self.files:
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK_BYTES):
                    yield chunk


class JoinedFile(io.RawIOBase):
    """Spans of files as one file that can be read and sought in.

    Parameters
    ----------
    spans : sequence of Span
        In order.
    patch : tuple of int and bytes or None, optional
        Where bytes stand that are to be read as others, and those.
    """

    def __init__(self, spans: Sequence[Span], *, patch: tuple[int, bytes] | None = None) -> None:
        super().__init__()
        self._spans, self._position, self._patch = spans, 0, patch or (0, b"")
        self._files = [span.path.open("rb") for span in spans]
        self._size = sum(span.stop - span.start for span in spans)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a position, as any file does."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, origin + offset)
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes, of one span at most."""
        first = 0
        for span, file in zip(self._spans, self._files, strict=True):
            n_bytes = span.stop - span.start
            if self._position < first + n_bytes:
                offset = self._position - first
                n_left = n_bytes - offset
                file.seek(span.start + offset)
                content = file.read(n_left if size < 0 else min(size, n_left))
                self._position += len(content)
                return self._patched(content, self._position - len(content))
            first += n_bytes
        return b""

    def _patched(self, content: bytes, start: int) -> bytes:
        at, others = self._patch
        first, stop = max(at, start), min(at + len(others), start + len(content))
        if first >= stop:
            return content
        return content[: first - start] + others[first - at : stop - at] + content[stop - start :]

    def close(self) -> None:
        """Close all files."""
        for file in self._files:
            file.close()
        super().close()


def find_source(path: Path) -> Source:
    """Find the bytes of a recording.

    Raises MediaError if there is nothing, or nothing that can be a recording.
    """
    with media_faults(path):
        if path.is_dir():
            return _title(path)
        check_file(path)
        with path.open("rb") as file:
            starts = _links(file) if file.read(4) == _OGG else [0]
            size = file.seek(0, os.SEEK_END)
        stops = [*starts[1:], size]
        parts = tuple((Span(path, *ends),) for ends in zip(starts, stops, strict=True))
        return Source(path=path, parts=parts, notices=tuple(_siblings(path)))


def _title(folder: Path) -> Source:
    """Return the longest title of a DVD's folder, or all of a folder's VOBs in order."""
    inside = next((one for one in folder.iterdir() if one.name.upper() == "VIDEO_TS"), folder)
    vobs = sorted(p for p in inside.iterdir() if p.suffix.upper() == ".VOB" and p.is_file())
    by_title: dict[str, list[Path]] = {}
    for vob in vobs:
        if (match := _TITLE_SET.fullmatch(vob.name)) and vob.stat().st_size > 0:
            by_title.setdefault(match[1], []).append(vob)
    sizes = {title: sum(p.stat().st_size for p in own) for title, own in by_title.items()}
    others = [p for p in vobs if not _MENU.fullmatch(p.name) and p.stat().st_size > 0]
    notices: tuple[str, ...] = ()
    if by_title:
        title = max(sizes, key=lambda one: (sizes[one], one))
        files = sorted(by_title[title], key=lambda p: p.name.upper())
        if len(by_title) > 1:
            notices = (f"of {len(by_title)} title sets the longest, VTS_{title}, was read",)
    elif others:
        files = sorted(others, key=_in_natural_order)
    else:
        raise MediaError(
            str(folder), "it is a folder, not a recording", "Give one media file inside it"
        )
    spans = tuple(Span(one, 0, one.stat().st_size) for one in files)
    return Source(path=folder, parts=(spans,), notices=notices)


def _in_natural_order(path: Path) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _DIGITS.split(path.name)]


_DIGITS = re.compile(r"(\d+)")


def _siblings(path: Path) -> Iterator[str]:
    """Say that a file is one of several of a disc's title."""
    match = _TITLE_SET.fullmatch(path.name)
    if match is None:
        return
    own = (_TITLE_SET.fullmatch(other.name) for other in path.parent.iterdir())
    n_files = sum(other is not None and other[1] == match[1] for other in own)
    if n_files > 1:
        yield f"it is one of {n_files} files of a DVD's title; the folder gives the whole title"


def _links(file: io.BufferedReader) -> list[int]:
    """Return where the links of a chain begin: at first pages that follow other pages."""
    starts, position, was_first = [0], 0, True
    while True:
        file.seek(position)
        header = file.read(OGG_HEADER_BYTES)
        if len(header) < OGG_HEADER_BYTES or header[:4] != _OGG:
            return starts
        is_first = bool(header[5] & _FIRST_PAGE)
        if is_first and not was_first:
            starts.append(position)
        was_first = is_first
        position += OGG_HEADER_BYTES + header[26] + sum(file.read(header[26]))
