"""Whether a file breaks off: sizes that its heads state, and parts that should follow one another.

FFmpeg looks for the next part that it knows and goes on there; of what lies between it says
nothing. Where packets bear no time of their own, as in AVI, what is lost then is not even missed.
"""

import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO

from ostinato.media.source import OGG_HEADER_BYTES

_UNKNOWN_32, _UNKNOWN_64 = 2**32 - 1, 2**64 - 1
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_FIXED = 24  # of an object: its name and its size
_MXF_PARTITION = bytes.fromhex("060e2b34020501010d010201")
_NUT_INDEX = bytes.fromhex("4e58dd672f23e64e")
_NUT_MAGIC = b"nut/multimedia container\0"
_OGG_LAST_PAGE = 0x04
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
_FLV_TAGS = frozenset({8, 9, 15, 18})
_FLV_FIRST, _FLV_TAG_BYTES, _FLV_BACK_BYTES = 13, 11, 4
_ENTRY_BYTES, _CHUNK_BYTES = 16, 8
_MOST_ENTRIES = 5000  # looked at, evenly: damage that matters is longer than what lies between
_TAIL_BYTES = 300_000
_START_CODE = b"\0\0\x01"
_PACK_START, _END = 0xBA, 0xB9
_MPEG2_PACK_BYTES, _MPEG1_PACK_BYTES = 14, 12
_LEAST_FOLLOWING = 3  # packets in a row are no chance
_HEAD = struct.Struct(">3sBH")
_AC3_KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)
_AC3_HZ = (48_000, 44_100, 32_000)
_AC3_SAMPLES, _MAX_AC3_BSID = 1536, 10
_MPEG_HZ = (44_100, 48_000, 32_000)
_MPEG_KBPS = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HEAD_BYTES = 8


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
    if at < 0 or len(tail) - at < OGG_HEADER_BYTES:
        return True
    n_segments = tail[at + 26]
    lengths = tail[at + OGG_HEADER_BYTES : at + OGG_HEADER_BYTES + n_segments]
    is_whole = len(tail) - at >= OGG_HEADER_BYTES + n_segments + sum(lengths)
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
        at += _pack_bytes(tail, at) if kind == _PACK_START else _HEAD.size + size
    return at if at >= len(tail) else len(tail) + 1, n_packets


def _pack_bytes(tail: bytes, at: int) -> int:
    if at + _MPEG2_PACK_BYTES > len(tail) or tail[at + 4] >> 6 != 1:
        return _MPEG1_PACK_BYTES
    return _MPEG2_PACK_BYTES + (tail[at + 13] & 7)


def states_more(frame: bytes) -> bool:
    """Tell whether a frame states more bytes than it has.

    `frame`: of AC-3, E-AC-3, DTS, MPEG audio or AAC in ADTS.
    """
    if len(frame) < _HEAD_BYTES:
        return len(frame) > 0
    if frame[:2] == b"\x0bw":
        return len(frame) < _dolby(frame)
    if frame[:4] == b"\x7f\xfe\x80\x01":
        return len(frame) < (((frame[5] & 3) << 12) | (frame[6] << 4) | (frame[7] >> 4)) + 1
    if frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0:  # noqa: PLR2004 - eleven ones
        return False
    if frame[1] & 0xF6 == 0xF0:  # noqa: PLR2004 - ADTS says layer 0
        return len(frame) < ((frame[3] & 3) << 11 | frame[4] << 3 | frame[5] >> 5)
    return len(frame) < _mpeg(frame)


def _dolby(frame: bytes) -> int:
    if frame[5] >> 3 > _MAX_AC3_BSID:
        return 2 * (((frame[2] & 7) << 8 | frame[3]) + 1)
    rate, size = frame[4] >> 6, frame[4] & 0x3F
    if rate >= len(_AC3_HZ) or size // 2 >= len(_AC3_KBPS):
        return 0
    bits = _AC3_KBPS[size // 2] * 1000 * _AC3_SAMPLES // _AC3_HZ[rate]
    return bits // 16 * 2


def _mpeg(frame: bytes) -> int:
    version = {3: 1, 2: 2, 0: 4}.get(frame[1] >> 3 & 3)  # 4 stands for 2.5
    layer, rate, kbps = 4 - (frame[1] >> 1 & 3), frame[2] >> 2 & 3, frame[2] >> 4
    if version is None or layer > 3 or rate > 2 or not 1 <= kbps <= 14:  # noqa: PLR2004 - reserved
        return 0
    table = _MPEG_KBPS[min(version, 2), layer if version == 1 else min(layer, 2)]
    bits_per_s, hz = table[kbps - 1] * 1000, _MPEG_HZ[rate] // version
    if layer == 1:
        return 12 * bits_per_s // hz * 4
    is_short = version > 1 and layer == 3  # noqa: PLR2004 - layer III halves its frames there
    return (72 if is_short else 144) * bits_per_s // hz
