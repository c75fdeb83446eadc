"""How many bytes a frame of a raw stream takes, by its own head: a shorter one is broken off."""

__all__ = ["states_more"]

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
