"""Files that name other files: they are refused before anything is opened.

A list (HLS, DASH, ffconcat, SDP …) makes FFmpeg read whatever it names, for as long as it says.
What a film holds must be in the film's own file, whose bytes are hashed.
"""

import re
from functools import cache
from pathlib import Path

import av.format

from ostinato.errors import MediaError

__all__ = ["check_no_list", "format_whitelist", "of_no_kind"]

_HEAD_BYTES = 4096
# read other files, the network or a device
_OPEN_OTHERS = frozenset(
    {"hls", "concat", "dash", "sdp", "rtsp", "rtp", "rtp_mpegts", "sap", "image2", "vobsub"}
    | {
        "webm_dash_manifest",
        "imf",
        "mlv",
        "svg_pipe",
        "hds",
        "smoothstreaming",
        "avisynth",
        "vapoursynth",
        "sbg",
    }
    | {"lavfi", "alsa", "oss", "pulse", "jack", "sndio", "openal", "fbdev", "kmsgrab", "x11grab"}
    | {"video4linux2,v4l2", "xcbgrab", "avfoundation", "dshow", "gdigrab", "decklink", "dvdvideo"}
)
_LIST = re.compile(
    rb"\s*(?:#EXTM3U|ffconcat\s|\[playlist\]|<asx\b|<smil\b|#\s*VobSub index file"
    rb"|(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:MPD|CompositionPlaylist|playlist|SmoothStreaming)"
    rb"|v=0\s+o=)",
    re.IGNORECASE | re.DOTALL,
)


@cache
def format_whitelist() -> str:
    """Return the demuxers that read nothing but their own file, as FFmpeg's option takes them."""
    return ",".join(sorted(av.format.formats_available - _OPEN_OTHERS))


def check_no_list(path: Path) -> None:
    """Refuse a list of files.

    Raises MediaError if it names other files in place of holding sound.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            head = head[2:].decode(encoding, "ignore").encode()
    if _LIST.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise MediaError(
            str(path), "it is a list of files", "Join them into one first, and give that one"
        )


def of_no_kind(path: Path) -> MediaError:
    """Return the error for a file that FFmpeg would read by opening others."""
    return MediaError(
        str(path),
        "it is a picture, or a list of files",
        "Give the file that holds the sound; where sound is in several, join them into one first",
    )
