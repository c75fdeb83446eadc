"""Sizes that the heads of formats state, against the bytes that there are."""

import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO

from ostinato.media.chains import is_program_cut

__all__ = ["BOXES", "ENDS_STATED", "lacks_bytes"]

_UNKNOWN_32, _UNKNOWN_64 = 2**32 - 1, 2**64 - 1
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_FIXED = 24  # of an object: its name and its size
_MXF_PARTITION = bytes.fromhex("060e2b34020501010d010201")
_NUT_INDEX = bytes.fromhex("4e58dd672f23e64e")
_NUT_MAGIC = b"nut/multimedia container\0"
_OGG_LAST_PAGE = 0x04
_OGG_HEADER_BYTES = 27
_OGG_PAGE_BYTES = 65_307  # at most
_FLV_HEAD_BYTES = 4096
_TS_SYNC = b"G"
_TS_TAIL_PACKETS = 1000
_PACK, _PROGRAM_END, _PACK_BYTES = b"\0\0\x01\xba", b"\0\0\x01\xb9", 2048
_SEGMENT = b"\x18\x53\x80\x67"
BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"styp"})
"""What a file in the family of MP4 begins with, after a size."""
ENDS_STATED = (b"TTA1", b"wvpk", b"MAC ", b"MPCK", b"MP+", b"FLV\x01", b"OggS", b"0&\xb2u")
"""How files begin whose length, as FFmpeg gives it, is one that they state."""


def lacks_bytes(file: BinaryIO, magic: bytes, n_bytes: int) -> bool:
    """Tell whether a file states more bytes than it has.

    `magic`: its first twelve bytes; `n_bytes`: how many it has.
    """
    for begins, check in _CHECKS.items():
        if magic.startswith(begins):
            return check(file, n_bytes)
    if magic[:1] == _TS_SYNC or magic[4:5] == _TS_SYNC:
        return _ts(file, n_bytes)
    return magic[4:8] in BOXES and _mp4(file, n_bytes)


def _at(file: BinaryIO, start: int, form: str) -> int:
    """Return a number, 0 where the file is too short to hold it."""
    file.seek(start)
    content = file.read(struct.calcsize(form))
    if len(content) < struct.calcsize(form):
        return 0
    number = struct.unpack(form, content)[0]
    return int(number)


def _aiff(file: BinaryIO, n_bytes: int) -> bool:
    return n_bytes < _at(file, 4, ">I") + 8


def _au(file: BinaryIO, n_bytes: int) -> bool:
    size = _at(file, 8, ">I")
    return size != _UNKNOWN_32 and n_bytes < _at(file, 4, ">I") + size


def _caf(file: BinaryIO, n_bytes: int) -> bool:
    start = 8
    while start + 12 <= n_bytes:
        size = _at(file, start + 4, ">Q")
        if size == _UNKNOWN_64:
            return False
        start += 12 + size
    return start > n_bytes


def _w64(file: BinaryIO, n_bytes: int) -> bool:
    return 0 < n_bytes < _at(file, 16, "<Q") < _UNKNOWN_64


def _asf(file: BinaryIO, n_bytes: int) -> bool:
    file.seek(0)
    head = file.read(2**16)
    at = head.find(_ASF_PROPERTIES)
    if at < 0:
        return False
    size, n_packets = _at(file, at + _ASF_FIXED + 16, "<Q"), _at(file, at + _ASF_FIXED + 32, "<Q")
    is_live = _at(file, at + _ASF_FIXED + 64, "<I") & 1
    packet_bytes = _at(file, at + _ASF_FIXED + 68, "<I")
    return not is_live and n_bytes < max(size, n_packets * packet_bytes)


def _mxf(file: BinaryIO, n_bytes: int) -> bool:
    file.seek(0)
    at = file.read(2**16).find(_MXF_PARTITION)
    if at < 0:
        return False
    first = _at(file, at + 16, ">B")
    value = at + 17 + (first & 0x7F if first & 0x80 else 0)
    # the footer, behind all sound, holds a partition of its own
    return n_bytes <= _at(file, value + 24, ">Q")


def _flv(file: BinaryIO, n_bytes: int) -> bool:
    file.seek(0)
    head = file.read(_FLV_HEAD_BYTES)
    at = head.find(b"\x00\x08filesize\x00")
    value = head[at + 11 : at + 19]
    return at >= 0 and len(value) == 8 and n_bytes < struct.unpack(">d", value)[0]  # noqa: PLR2004 - a double


def _nut(file: BinaryIO, n_bytes: int) -> bool:
    """Whether the index is missing, which ends a whole file and states its own length."""
    back = _at(file, n_bytes - 12, ">Q")
    if not 0 < back <= n_bytes:
        return True
    file.seek(n_bytes - back)
    return file.read(8) != _NUT_INDEX


def _ogg(file: BinaryIO, n_bytes: int) -> bool:
    """Whether the last page is broken off, or is not marked as the last."""
    file.seek(max(0, n_bytes - 2 * _OGG_PAGE_BYTES))
    tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0 or len(tail) - at < _OGG_HEADER_BYTES:
        return True
    n_segments = tail[at + 26]
    lengths = tail[at + _OGG_HEADER_BYTES : at + _OGG_HEADER_BYTES + n_segments]
    is_whole = len(tail) - at >= _OGG_HEADER_BYTES + n_segments + sum(lengths)
    return not is_whole or not tail[at + 5] & _OGG_LAST_PAGE


def _mp4(file: BinaryIO, n_bytes: int) -> bool:
    return any(start + size > n_bytes for start, size in _boxes(file, n_bytes))


def _boxes(file: BinaryIO, n_bytes: int) -> Iterator[tuple[int, int]]:
    """Yield where the boxes of the outermost level begin, and their sizes."""
    start = 0
    while start + 8 <= n_bytes:
        size = _at(file, start, ">I")
        if size == 1:
            size = _at(file, start + 8, ">Q")
        if size < 8:  # noqa: PLR2004 - 0 is "to the end", and less than a head is none
            return
        yield start, size
        start += size


def _matroska(file: BinaryIO, n_bytes: int) -> bool:
    file.seek(0)
    at = file.read(_FLV_HEAD_BYTES).find(_SEGMENT)
    if at < 0:
        return False
    first = _at(file, at + 4, ">B")
    n_size = 9 - first.bit_length()
    file.seek(at + 4)
    size = int.from_bytes(file.read(n_size), "big") & ((1 << 7 * n_size) - 1)
    is_unknown = size == (1 << 7 * n_size) - 1
    return not is_unknown and n_bytes < at + 4 + n_size + size


def _ts(file: BinaryIO, n_bytes: int) -> bool:
    """Whether the last packets are out of step: a transport stream is whole packets."""
    for length, offset in ((188, 0), (192, 4)):
        file.seek(offset)
        head = file.read(8 * length)
        if head and all(byte == _TS_SYNC[0] for byte in head[::length]):
            n_packets = min(_TS_TAIL_PACKETS, n_bytes // length)
            file.seek(n_bytes - n_bytes % length - n_packets * length + offset)
            tail = file.read()[::length]
            return n_bytes % length != 0 or any(byte != _TS_SYNC[0] for byte in tail)
    return False


def _program(file: BinaryIO, n_bytes: int) -> bool:
    """Whether the last pack of a disc's program stream is broken off."""
    file.seek(_PACK_BYTES)
    is_of_packs = file.read(4) == _PACK
    file.seek(max(0, n_bytes - 4))
    if file.read(4) == _PROGRAM_END:
        return False
    return (is_of_packs and n_bytes % _PACK_BYTES != 0) or is_program_cut(file, n_bytes)


def _dsf(file: BinaryIO, n_bytes: int) -> bool:
    return n_bytes < _at(file, 12, "<Q")


_CHECKS: dict[bytes, Callable[[BinaryIO, int], bool]] = {
    b"FORM": _aiff,
    b".snd": _au,
    b"caff": _caf,
    b"riff\x2e\x91\xcf\x11": _w64,
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": _asf,
    _MXF_PARTITION[:4]: _mxf,
    b"FLV\x01": _flv,
    _NUT_MAGIC[:12]: _nut,
    b"OggS": _ogg,
    b"\x1aE\xdf\xa3": _matroska,
    b"DSD ": _dsf,
    _PACK: _program,
}
