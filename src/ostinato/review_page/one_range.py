"""Which bytes a request wants: one range, as RFC 9110 writes it, of something of a known size."""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"\s*bytes\s*=\s*(?:(\d{1,19})\s*-\s*(\d{0,19})|-\s*(\d{1,19}))\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes from `start` up to `stop`."""

    start: int
    stop: int


def wanted_bytes(header: str | None, n_bytes: int) -> Stretch | str:
    """Return the bytes that a request wants, or why it cannot have them.

    `header`: its Range, None for all of them; `n_bytes`: how many there are.
    """
    if header is None or not header.strip().lower().startswith("bytes"):
        return Stretch(0, n_bytes)  # a unit that is not known is passed over
    if "," in header:
        return "several ranges are asked for at once, and one is given"
    found = _RANGE.fullmatch(header.lower())
    if found is None:
        return "it is no range of bytes"
    first, last, tail = found.groups()
    if tail is not None:
        stretch = Stretch(max(0, n_bytes - int(tail)), n_bytes)
    else:
        stretch = Stretch(int(first), min(n_bytes, int(last) + 1) if last else n_bytes)
    if stretch.start >= stretch.stop:
        return f"it lies outside of the {n_bytes:,} bytes that there are"
    return stretch
