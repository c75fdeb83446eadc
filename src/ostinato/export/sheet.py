r"""All that a format is made of: the film, its layers, time and places, text on one line.

One rule holds for all: what cannot be seen, and what the format would obey, is written by its
number (``\x7c`` for a bar), and read back as it was.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath

from ostinato.errors import ParameterError
from ostinato.export.layers import Layer, end_of_film_s, layers_of
from ostinato.export.timecode import FrameRate, frame_rate
from ostinato.legible import escaped, unescaped, visible
from ostinato.results import Film, Results

PLACEHOLDER_URL = "https://example.org/"
"""Where identifiers begin until a person says where the files will stand."""
DEFAULT_FPS = "24"
_HTTP = re.compile(r"https?://[^\s/?#<>\"{}|\\^`]+(?:/[^\s?#<>\"{}|\\^`]*)?")
_NO_NAME = re.compile(r"[^\w.-]+", re.ASCII)
NO_TEXT = "\u2013"
"""What stands for a text that is empty, where a format knows no such row."""
_BLANK = re.compile(r"^\s+|\s+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSheet:
    """What goes out of one film.

    Parameters
    ----------
    results : Results
        Of the film.
    layers : tuple of Layer
        In the order in which they are written.
    rate : FrameRate
        How frames are counted, where a format counts them.
    first_frame : int
        The number of the film's first frame.
    base_url : str
        Where the files will stand, with a slash at its end.
    """

    results: Results
    layers: tuple[Layer, ...]
    rate: FrameRate
    first_frame: int = 0
    base_url: str = PLACEHOLDER_URL

    @property
    def film(self) -> Film:
        """The film."""
        return self.results.film

    @property
    def title(self) -> str:
        """How the film is called: by its title, or by its file."""
        return self.film.title or self.film.name

    @property
    def stem(self) -> str:
        """The name of the film's file without its suffix."""
        return PurePath(self.film.name).stem or self.film.name

    @property
    def end_s(self) -> float:
        """When film and rows have ended."""
        return end_of_film_s(self.film, self.layers)

    @property
    def n_frames(self) -> int:
        """Frames until then, one at least."""
        return max(1, -int(-self.end_s * self.rate.frames // 1))

    def frames(self, start_s: float, end_s: float) -> tuple[int, int]:
        """Return the first frame of a stretch, and the one after its last; one at least."""
        first = self.rate.frame(start_s)
        return first, max(first + 1, self.rate.frame(end_s))


def export_sheet(
    results: Results,
    *,
    program: Results | None = None,
    fps: str = DEFAULT_FPS,
    is_drop: bool = False,
    tc_start: str | None = None,
    base_url: str | None = None,
) -> ExportSheet:
    """Prepare what goes out.

    Parameters
    ----------
    results : Results
        Of the film, with what a person has said.
    program : Results or None, optional
        The same without; None where nobody has changed them.
    fps : str, optional
        Frames in a second, such as 24000/1001.
    is_drop : bool, optional
        Whether frame numbers are dropped.
    tc_start : str or None, optional
        Timecode of the film's first frame; 00:00:00:00 by default.
    base_url : str or None, optional
        Where the files will stand.

    Returns
    -------
    ExportSheet
        All that formats are made of.

    Raises
    ------
    ParameterError
        If the rate, the timecode or the address is none.
    """
    rate = frame_rate(fps, is_drop=is_drop)
    return ExportSheet(
        results=results,
        layers=layers_of(results, program=program),
        rate=rate,
        first_frame=0 if tc_start is None else rate.frame_of_timecode(tc_start),
        base_url=PLACEHOLDER_URL if base_url is None else _address(base_url),
    )


def file_name(folder: str, layer: Layer, suffix: str) -> str:
    """Return where the file of one layer stands: formats without layers have a file of each."""
    name = _NO_NAME.sub("-", layer.title.replace("@", "."))
    return f"{folder}/{name}{suffix}"


def _address(text: str) -> str:
    if not _HTTP.fullmatch(text.strip()):
        raise ParameterError(
            f"address {text[:80]!r}",
            "identifiers on the web begin with http:// or https:// and a host",
            "Give --base-url https://example.org/film/",
        )
    return text.strip().rstrip("/") + "/"


def on_line(text: str, *, obeyed: str = "") -> str:
    r"""Write a text on one line.

    Parameters
    ----------
    text : str
        A title, a name.
    obeyed : str, optional
        Characters that the format would take for its own.

    Returns
    -------
    str
        Without such characters and without blanks at its ends; `from_line` gives back the text.

    Examples
    --------
    >>> on_line("two\nlines|"), on_line(" a|b", obeyed="|")
    ('two\\nlines|', '\\x20a\\x7cb')
    """
    if "\\" in obeyed:  # a reader makes a break of what follows one
        bare = visible(text.replace("\\", _number("\\")).replace("\n", _number("\n")))
        return _marked(bare, obeyed.replace("\\", ""))
    line = escaped(text)
    marked = _marked(line, obeyed)
    if marked == line or "\\" not in text:
        return marked
    # a backslash of the text's own must not run into a number
    return _marked(visible(text.replace("\\", "\\\\")), obeyed)


def from_line(line: str) -> str:
    r"""Return the text that `on_line` was given.

    Parameters
    ----------
    line : str
        As it was written.

    Returns
    -------
    str
        The text as it was.

    Examples
    --------
    >>> from_line("\\x20a\\x7cb")
    ' a|b'
    """
    return unescaped(line)


def _marked(line: str, obeyed: str) -> str:
    line = _BLANK.sub(lambda blanks: "".join(map(_number, blanks[0])), line)
    return "".join(_number(c) if c in obeyed else c for c in line)


def _number(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004 - what two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
