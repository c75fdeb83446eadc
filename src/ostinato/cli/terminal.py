"""What reaches a person's terminal or a pipe: UTF-8 on every system, and nothing that acts."""

import io
import sys

from ostinato.legible import escaped_lines, visible


def open_streams() -> None:
    """Have both streams write UTF-8, whatever the system's locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # names of files need be no text: what is none of theirs is written as \udc..
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(text: str) -> None:
    """Print lines that a person asked for.

    `text`: what it quotes of files is made visible.
    """
    print(escaped_lines(text), flush=True)


def tell(text: str) -> None:
    """Print lines beside what was asked for: a message, or what is under way.

    Parameters
    ----------
    text : str
        What it quotes of files is made visible.
    """
    print(escaped_lines(text), file=sys.stderr)


def refuse(error: Exception, *, command_has_out: bool) -> None:
    """Print why something cannot be, on one line whatever is quoted in it.

    `command_has_out`: whether the command takes ``--out``; if not, it is not advised.
    """
    text = str(error) if command_has_out else str(error).replace(" with --out", "")
    tell(f"ostinato: {visible(text)}")
