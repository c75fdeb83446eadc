"""What a single argument may be: a place, a number, a length, a list of stages; the glossary."""

import argparse
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from ostinato.cli.output import say

ADDRESS = re.compile(r"(?!file:)[A-Za-z][A-Za-z0-9+.-]+://?[^/\\]")
"""How an address on the network begins, also where a path has lost one of its slashes."""
_FILE_ADDRESS = re.compile(r"file:/", re.IGNORECASE)
_STREAMS = re.compile(r"([+-]?[0-9]{1,9})(?:\+([0-9]{1,9}))?")
_LONGEST_SHIFT_S = 36_000.0
_MOST_GIGABYTES = 1e6
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_FIRST_PORT, _PORTS = 1024, 65536
_LONGEST_EXCERPT_S = 600.0  # three files of each cue, some 100 MB a stereo one


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """Add the option to show no progress."""
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def place(text: str) -> Path:
    """Read the path of a file or a folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty; give a name")
    if "\0" in text:
        raise argparse.ArgumentTypeError("no name holds a NUL; give one without")
    if ADDRESS.match(text):
        raise argparse.ArgumentTypeError(
            f"{text} is an address, and nothing is fetched from a network; download it first, "
            "and give the file"
        )
    if _FILE_ADDRESS.match(text):
        raise argparse.ArgumentTypeError(f"{text} is an address; give the path without file:")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise argparse.ArgumentTypeError(
            f"{text} names the home of a user who is not known; give the whole path"
        ) from error


def port(text: str) -> int:
    """Read the number of a port that a person may use."""
    number = whole(text)
    if not _FIRST_PORT <= number < _PORTS:
        raise argparse.ArgumentTypeError(f"{text} is none; give one from 1024 to 65535")
    return number


def whole(text: str) -> int:
    """Read a whole number."""
    if not _WHOLE.fullmatch(text.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def streams(text: str) -> int | tuple[int, int]:
    """Read which audio streams are meant.

    `text`: ``1``, or ``0+1`` for two mono streams that are left and right.
    """
    found = _STREAMS.fullmatch(text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number nor two, such as 1 or 0+1")
    return int(found[1]) if found[2] is None else (int(found[1]), int(found[2]))


def stage_list(text: str) -> tuple[str, ...]:
    """Read a list of stages."""
    return tuple(dict.fromkeys(stage.strip().lower() for stage in text.split(",")))


def format_list(text: str) -> tuple[str, ...]:
    """Read a list of formats."""
    return tuple(name for name in stage_list(text) if name)


def excerpt_seconds(text: str) -> float:
    """Read how long an excerpt is to be."""
    seconds = _number(text)
    if not 0 < seconds <= _LONGEST_EXCERPT_S:
        raise argparse.ArgumentTypeError(
            f"{text} is no length of an excerpt; give seconds above 0, up to "
            f"{_LONGEST_EXCERPT_S:.0f}"
        )
    return seconds


def shift_seconds(text: str) -> float:
    """Read a shift in time.

    `text`: the argument; a decimal comma is accepted.
    """
    shift_s = _number(text.replace(",", "."))
    if not abs(shift_s) <= _LONGEST_SHIFT_S:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds within ten hours")
    return shift_s


def gigabytes(text: str) -> float:
    """Read how large something may become."""
    size = _number(text)
    if not 0 <= size <= _MOST_GIGABYTES:
        raise argparse.ArgumentTypeError(f"{text} is no size; give gigabytes, such as 20")
    return size


def share(text: str) -> float:
    """Read a share."""
    value = _number(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is no share between 0 and 1")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from error


class ShowGlossary(argparse.Action):
    """Print the glossary and end, as ``--version`` does; nothing else need be given."""

    def __init__(self, option_strings: Sequence[str], dest: str, **named: Any) -> None:  # noqa: ANN401 - as argparse passes them on
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **named)

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002 - an action is called so
        values: object,  # noqa: ARG002
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        """Print it."""
        text = files("ostinato").joinpath("report", "glossary.md").read_text(encoding="utf-8")
        say(text.rstrip())
        parser.exit()
