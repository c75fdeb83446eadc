"""Whether the parts of a file still follow one another as its format says.

FFmpeg looks for the next part that it knows and goes on there; of what lies between it says
nothing. Where packets bear no time of their own, as in AVI, what is lost then is not even missed.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

__all__ = ["avi_notices", "flv_notices", "is_program_cut"]

_FLV_TAGS = frozenset({8, 9, 15, 18})
_FLV_FIRST, _FLV_TAG_BYTES, _FLV_BACK_BYTES = 13, 11, 4
_ENTRY_BYTES, _CHUNK_BYTES = 16, 8
_MOST_ENTRIES = 5000  # looked at, evenly: damage that matters is longer than what lies between
_TAIL_BYTES = 300_000
_START_CODE = b"\0\0\x01"
_PACK, _END = 0xBA, 0xB9
_MPEG2_PACK_BYTES, _MPEG1_PACK_BYTES = 14, 12
_LEAST_FOLLOWING = 3  # packets in a row are no chance
_HEAD = struct.Struct(">3sBH")


def flv_notices(file: BinaryIO, n_bytes: int) -> tuple[str, ...]:
    """Say if the tags of an FLV file do not follow one another.

    `n_bytes`: how many it has.
    """
    at = _FLV_FIRST
    while at + _FLV_TAG_BYTES <= n_bytes:
        file.seek(at)
        tag = file.read(_FLV_TAG_BYTES)
        if tag[0] & 0x1F not in _FLV_TAGS or any(tag[8:]):
            return (f"its parts do not follow one another after byte {at:,}: it is damaged",)
        at += _FLV_TAG_BYTES + int.from_bytes(tag[1:4], "big") + _FLV_BACK_BYTES
    return ()


def avi_notices(file: BinaryIO, movi: int, index: tuple[int, int]) -> tuple[str, ...]:
    """Say if the sounds of an AVI file are not where its index says.

    `movi`: where the name of the list begins in which they are; `index`: where the index begins,
    and its size.
    """
    start, size = index
    file.seek(start)
    entries = list(_entries(file.read(size)))
    n_right = max(_n_right(file, entries, origin) for origin in (movi, 0))
    if n_right in {0, len(entries)}:
        return ()
    share = (len(entries) - n_right) / len(entries)
    return (f"{share:.1%} of it is not where its index says: it is damaged",)


def is_program_cut(file: BinaryIO, n_bytes: int) -> bool:
    """Tell whether the last packet of a program stream is broken off.

    `n_bytes`: how many it has.
    """
    first = max(0, n_bytes - _TAIL_BYTES)
    file.seek(first)
    tail = file.read()
    at = tail.find(_START_CODE)
    while at >= 0:
        end, n_packets = _followed(tail, at)
        if n_packets >= _LEAST_FOLLOWING and end >= len(tail):
            return end > len(tail)
        at = tail.find(_START_CODE, at + 1)
    return False


def _entries(index: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, place and size of what an index names; lists and empty chunks left out."""
    n_entries = len(index) // _ENTRY_BYTES
    for number in range(0, n_entries, max(1, n_entries // _MOST_ENTRIES)):
        name, _, place, size = struct.unpack_from("<4sIII", index, number * _ENTRY_BYTES)
        if name[2:] in {b"wb", b"dc", b"db"} and size:
            yield name, place, size


def _n_right(file: BinaryIO, entries: list[tuple[bytes, int, int]], origin: int) -> int:
    n_right = 0
    for name, place, size in entries:
        file.seek(origin + place)
        n_right += file.read(_CHUNK_BYTES) == name + struct.pack("<I", size)
    return n_right


def _followed(tail: bytes, at: int) -> tuple[int, int]:
    """Follow packets from one to the next: where that ends, and how many there were."""
    n_packets = 0
    while at + _HEAD.size <= len(tail):
        mark, kind, size = _HEAD.unpack_from(tail, at)
        if mark != _START_CODE or kind < _END:
            return at, 0
        n_packets += 1
        if kind == _END:
            return at + 4, n_packets
        at += _pack_bytes(tail, at) if kind == _PACK else _HEAD.size + size
    return at if at >= len(tail) else len(tail) + 1, n_packets


def _pack_bytes(tail: bytes, at: int) -> int:
    if at + _MPEG2_PACK_BYTES > len(tail) or tail[at + 4] >> 6 != 1:
        return _MPEG1_PACK_BYTES
    return _MPEG2_PACK_BYTES + (tail[at + 13] & 7)
