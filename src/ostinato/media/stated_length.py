"""What a file itself states of its length, as bytes; an estimate is no statement.

FFmpeg gives a length for every file, and where the file has none it divides its size by a bit rate.
Here the headers are read, so that only what a file states and does not hold counts as cut short.

References
----------
.. [1] RFC 9559, *Matroska Media Container Format Specification*, 2024.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ostinato.media.faults import media_faults
from ostinato.media.truncation import BOXES, ENDS_STATED, avi_notices, flv_notices, lacks_bytes

_UNKNOWN_SIZES = frozenset({0, 2**32 - 1})  # written to a pipe
_WRAP = 2**32
_XING_FRAMES, _XING_BYTES = 1, 2
_XING_WITHIN = 64  # bytes of a frame before the header that states the length
_MP3_SLACK_BYTES = 4096  # tags at the end, and the last frames of one second at most
_CHUNK_HEADER_BYTES = 8
_SIZE_BYTES = 4
_MOST_INDEX_BYTES = 2**26
_MAX_JUNK = 2**16  # between the size that a header states and what can be the next chunk
_SEGMENT, _INFO, _CLUSTER = 0x18538067, 0x1549A966, 0x1F43B675
_DURATION = 0x4489
_LINKS = {0x3CB923: "before", 0x3EB923: "after"}  # PrevUUID, NextUUID
_CHAPTERS, _EDITION, _ORDERED, _ATOM = 0x1043A770, 0x45B9, 0x45DD, 0xB6
_LINKED_SEGMENT = 0x6E67  # ChapterSegmentUUID: a chapter that lies in another file
_MAX_ELEMENTS = 10_000
_MAX_HEAD_BYTES = 2**24


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a file states of its length.

    Parameters
    ----------
    is_cut : bool
        Whether it states more bytes than there are.
    states_end : bool
        Whether the length that FFmpeg gives is one that the file states.
    size_at : int or None
        Where in the file a size stands that is to be passed over, so that all bytes are read.
    notices : tuple of str
        What a person should know of that.
    """

    is_cut: bool = False
    states_end: bool = False
    size_at: int | None = None
    notices: tuple[str, ...] = ()


def read_statement(path: Path) -> Statement:
    """Read what a media file states of its length."""
    with media_faults(path), path.open("rb") as file:
        n_bytes = file.seek(0, os.SEEK_END)
        file.seek(0)
        magic = file.read(12)
        if magic[:4] in {b"RIFF", b"RF64", b"BW64"}:
            return _riff(file, magic, n_bytes)
        is_cut = lacks_bytes(file, magic, n_bytes)
        if magic[:4] == b"fLaC":
            return Statement(states_end=_flac_samples(file) > 0)
        if magic[:4] == b"\x1aE\xdf\xa3":
            return Statement(is_cut=is_cut, states_end=states_duration(file))
        states_end = magic[4:8] in BOXES or magic.startswith(ENDS_STATED)
        if is_cut or states_end:
            notices = flv_notices(file, n_bytes) if magic[:4] == b"FLV\x01" else ()
            return Statement(is_cut=is_cut, states_end=states_end, notices=notices)
        return _mp3(file, n_bytes)


def _riff(file: BinaryIO, magic: bytes, n_bytes: int) -> Statement:
    if magic[:4] != b"RIFF":
        return _rf64(file, n_bytes)
    if magic[8:12] == b"WAVE":
        return _wave(file, n_bytes)
    is_avi = magic[8:12] == b"AVI "
    return Statement(
        is_cut=_lacks_riff(file, n_bytes),
        states_end=is_avi,
        notices=_avi(file, n_bytes) if is_avi else (),
    )


def _avi(file: BinaryIO, n_bytes: int) -> tuple[str, ...]:
    movi = index = None
    for name, first, size in _chunks(file, 12, n_bytes):
        if name == b"LIST" and movi is None and file.read(4) == b"movi":
            movi = first
            if size not in _UNKNOWN_SIZES and not _is_name(file, first + size + size % 2, n_bytes):
                return ("nothing follows where its sound is said to end: it is damaged",)
        if name == b"idx1" and index is None:
            index = first, min(size, _MOST_INDEX_BYTES)
    return () if movi is None or index is None else avi_notices(file, movi, index)


def _is_name(file: BinaryIO, at: int, n_bytes: int) -> bool:
    """Whether a chunk, or nothing at all, begins at a place."""
    file.seek(at)
    return at + _CHUNK_HEADER_BYTES > n_bytes or all(0x20 <= byte < 0x7F for byte in file.read(4))  # noqa: PLR2004 - ASCII


def _lacks_riff(file: BinaryIO, n_bytes: int) -> bool:
    """Whether any part of an AVI file, of which long ones have several, is broken off."""
    parts = [(first, size) for name, first, size in _chunks(file, 0, n_bytes) if name == b"RIFF"]
    return any(size not in _UNKNOWN_SIZES and first + size > n_bytes for first, size in parts)


def _is_short(header: bytes, n_bytes: int) -> bool:
    stated = int.from_bytes(header[4:8], "little")
    return stated not in _UNKNOWN_SIZES and n_bytes < stated + 8


def _rf64(file: BinaryIO, n_bytes: int) -> Statement:
    file.seek(12)
    header = file.read(16)
    stated = int.from_bytes(header[8:16], "little") if header[:4] == b"ds64" else 0
    return Statement(is_cut=stated not in _UNKNOWN_SIZES and n_bytes < stated + 8)


def _wave(file: BinaryIO, n_bytes: int) -> Statement:
    """Compare the size of a WAV file's sound with that of the file.

    Sizes have 32 bits: those of a file beyond 4 GB wrap, and what a program wrote that was stopped
    lies too. Then no chunk follows where the sound is said to end.
    """
    file.seek(4)
    is_cut = _is_short(b"RIFF" + file.read(4), n_bytes)
    data = next((chunk for chunk in _chunks(file, 12, n_bytes) if chunk[0] == b"data"), None)
    if data is None:
        return Statement(is_cut=is_cut)
    _, start, size = data
    rest = n_bytes - start - size
    is_unknown = size in _UNKNOWN_SIZES
    if is_unknown or rest <= 0 or _ends_well(file, start + size + size % 2, n_bytes):
        return Statement(is_cut=is_cut and not (is_unknown and n_bytes - start > _WRAP))
    return Statement(
        size_at=start - _SIZE_BYTES,
        notices=(
            f"its header says that its sound takes {size:,} bytes and the file holds "
            f"{n_bytes - start:,}: all of them were read",
        ),
    )


def _chunks(file: BinaryIO, start: int, n_bytes: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, first byte and size of each chunk of a RIFF file."""
    while start + 8 <= n_bytes:
        file.seek(start)
        name, size = struct.unpack("<4sI", file.read(8))
        yield name, start + 8, size
        start += 8 + size + size % 2


def _ends_well(file: BinaryIO, start: int, n_bytes: int) -> bool:
    """Whether chunks, a tag or a little padding follow from here to the end of the file."""
    file.seek(start)
    if n_bytes - start < _CHUNK_HEADER_BYTES or file.read(3) in {b"TAG", b"ID3"}:
        return True
    stop = start
    for name, first, size in _chunks(file, start, n_bytes):
        if not all(0x20 <= byte < 0x7F for byte in name) or first + size > n_bytes + 1:  # noqa: PLR2004 - ASCII
            break
        stop = first + size
    if stop > start and n_bytes - stop < _MAX_JUNK:
        return True
    # silence after the place where a size has wrapped is no padding
    return n_bytes < _WRAP and _is_empty(file, stop)


def _is_empty(file: BinaryIO, start: int) -> bool:
    """Whether there is nothing but zeros from here to the end of a file."""
    file.seek(start)
    while content := file.read(_MAX_JUNK):
        if any(content):
            return False
    return True


def _flac_samples(file: BinaryIO) -> int:
    """Return how many samples the header of a FLAC file states; 0 where it does not know."""
    file.seek(8)
    header = file.read(34)
    return int.from_bytes(header[13:18], "big") & (2**36 - 1) if len(header) >= 18 else 0  # noqa: PLR2004 - where the number ends


def _mp3(file: BinaryIO, n_bytes: int) -> Statement:
    """Compare the bytes that a Xing or Info header states with those that there are.

    It states frames as well, but those may be another version's: where files were joined, or cut
    by a program that kept the header, only bytes that are missing prove that sound is.
    """
    file.seek(0)
    header = file.read(10)
    start = 0
    if header[:3] == b"ID3":
        start = 10 + sum((byte & 0x7F) << 7 * place for place, byte in enumerate(header[9:5:-1]))
    file.seek(start)
    frame = file.read(_XING_WITHIN + 16)
    found = [at for tag in (b"Xing", b"Info") if (at := frame[:_XING_WITHIN].find(tag)) >= 0]
    if not found or len(frame) < found[0] + 16:
        return Statement()
    flags, first, second = struct.unpack(">III", frame[found[0] + 4 : found[0] + 16])
    if flags & (_XING_FRAMES | _XING_BYTES) != _XING_FRAMES | _XING_BYTES or first == 0:
        return Statement()
    n_missing = second - (n_bytes - start)
    # a second of it is as much as its share of the frames
    frame_bytes = second / first
    return Statement(is_cut=n_missing > max(_MP3_SLACK_BYTES, 40 * frame_bytes))


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
