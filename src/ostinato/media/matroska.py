"""What the head of a Matroska file says that FFmpeg does not pass on.

References
----------
.. [1] RFC 9559, *Matroska Media Container Format Specification*, 2024.
"""

from collections.abc import Iterator
from typing import BinaryIO

__all__ = ["matroska_notices", "states_duration"]

_SEGMENT, _INFO, _CLUSTER = 0x18538067, 0x1549A966, 0x1F43B675
_DURATION = 0x4489
_LINKS = {0x3CB923: "before", 0x3EB923: "after"}  # PrevUUID, NextUUID
_CHAPTERS, _EDITION, _ORDERED, _ATOM = 0x1043A770, 0x45B9, 0x45DD, 0xB6
_LINKED_SEGMENT = 0x6E67  # ChapterSegmentUUID: a chapter that lies in another file
_MAX_ELEMENTS = 10_000
_MAX_HEAD_BYTES = 2**24


def states_duration(file: BinaryIO) -> bool:
    """Tell whether a Matroska file states its length."""
    return any(
        name == _DURATION
        for info, start, size in _heads(file)
        if info == _INFO
        for name, _, _ in _elements(file, start, start + size)
    )


def matroska_notices(file: BinaryIO) -> tuple[str, ...]:
    """Say which chapters or links of a Matroska file a player may follow."""
    found: dict[str, None] = {}
    for name, start, size in _heads(file):
        if name == _INFO:
            for inner, _, _ in _elements(file, start, start + size):
                if inner in _LINKS:
                    found[
                        f"it is linked to a file that comes {_LINKS[inner]} it, which some "
                        "players play with it: this file alone was read"
                    ] = None
        if name == _CHAPTERS:
            found.update(dict.fromkeys(_of_chapters(file, start, start + size)))
    return tuple(found)


def _of_chapters(file: BinaryIO, start: int, stop: int) -> Iterator[str]:
    for edition, first, size in _elements(file, start, stop):
        inside = list(_elements(file, first, first + size)) if edition == _EDITION else []
        if any(name == _ORDERED and _number(file, at, n) == 1 for name, at, n in inside):
            yield (
                "its chapters are ordered, so that some players play them in another order than "
                "the file has them: the file was read from beginning to end"
            )
        atoms = [(at, n) for name, at, n in inside if name == _ATOM]
        if any(
            name == _LINKED_SEGMENT for at, n in atoms for name, _, _ in _elements(file, at, at + n)
        ):
            yield "some of its chapters lie in other files, which were not read"


def _heads(file: BinaryIO) -> Iterator[tuple[int, int, int]]:
    """Yield the elements of the first segment, clusters passed over."""
    stop = file.seek(0, 2)
    for name, start, size in _elements(file, 0, stop):
        if name == _SEGMENT:
            yield from _elements(file, start, min(stop, start + size))
            return


def _elements(file: BinaryIO, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Yield identifier, first byte and size of the elements of one level."""
    for _ in range(_MAX_ELEMENTS):
        if start >= stop:
            return
        file.seek(start)
        head = file.read(12)
        id_length = _length(head[:1])
        size_length = _length(head[id_length : id_length + 1])
        if not 1 <= id_length <= 4 or not 1 <= size_length <= 8:  # noqa: PLR2004 - of EBML
            return
        name = int.from_bytes(head[:id_length], "big")
        value = int.from_bytes(head[id_length : id_length + size_length], "big")
        size = value & ((1 << 7 * size_length) - 1)
        first = start + id_length + size_length
        if size == (1 << 7 * size_length) - 1:  # unknown, as of a live recording
            size = stop - first
            if name == _CLUSTER:
                return
        yield name, first, size
        start = first + size


def _length(first: bytes) -> int:
    """Return how many bytes a number takes, by the zeros that it begins with."""
    return 9 - first[0].bit_length() if first else 0


def _number(file: BinaryIO, start: int, size: int) -> int:
    file.seek(start)
    return int.from_bytes(file.read(min(size, 8)), "big")
