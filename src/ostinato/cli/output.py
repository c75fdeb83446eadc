"""What reaches a terminal or a pipe: texts, refusals, and commands to be copied."""

import io
import os
import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from ostinato.legible import escaped_lines, visible

Shell = Literal["posix", "cmd", "powershell"]
_PLAIN = re.compile(r"[\w./:\\+=,-]+", re.ASCII)
_PLAIN_IN_POWERSHELL = re.compile(r"[\w./:\\+=-]+", re.ASCII)  # a comma makes a list there
_FOR_CMD = re.compile(r'([()%!^"<>&|])')
_SINGLE_QUOTES = re.compile("(['\u2018-\u201b])")  # PowerShell takes curly ones for quotes too


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


def command(*words: str | Path, quotes: Shell | None = None) -> str:
    """Write a command so that the shell gives the program these words.

    `words`: the program and its arguments. A path that begins with a dash gets ``./`` before it; an
    option whose value may begin with one is given as `option` makes it; `quotes`: those of which
    shell; of that at hand unless given.

    Examples
    --------
    >>> command("ostinato", "cite", Path("my results"), quotes="posix")
    "ostinato cite 'my results'"
    """
    quote = _QUOTES[quotes or shell_at_hand()]
    return " ".join(quote(_word(word)) for word in words)


def option(name: str, value: str | Path) -> tuple[str, ...]:
    """Return an option and its value as words for `command`.

    `value`: what it is given.
    """
    text = str(value)
    return (f"{name}={text}",) if text.startswith("-") else (name, text)


def shell_at_hand(
    environment: Mapping[str, str] = os.environ, *, platform: str = sys.platform
) -> Shell:
    """Tell which shell's quoting a person needs.

    `environment`: that of the process; `platform`: as `sys.platform` names it.
    """
    if platform != "win32" or "SHELL" in environment or "MSYSTEM" in environment:
        return "posix"
    modules = environment.get("PSModulePath", "").lower()
    is_powershell = "\\documents\\" in modules or "\\powershell\\7" in modules
    return "powershell" if is_powershell else "cmd"


def _word(word: str | Path) -> str:
    text = str(word)
    return f".{os.sep}{text}" if isinstance(word, Path) and text.startswith("-") else text


def _posix(text: str) -> str:
    if visible(text) == text:
        return shlex.quote(text)
    return f"$'{''.join(map(_spelt, text))}'"


def _spelt(character: str) -> str:
    if visible(character) != character:
        # octal has always three digits: what follows cannot lengthen it
        return "".join(f"\\{code:03o}" for code in character.encode(errors="surrogateescape"))
    return f"\\{character}" if character in "'\\" else character


def _cmd(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    # as the C library takes arguments apart: backslashes count before a quote only
    inner = re.sub(r'(\\*)"', r'\1\1\\"', text)
    quoted = '"' + re.sub(r"(\\+)$", r"\1\1", inner) + '"'
    if '"' in text or "%" in text:
        # cmd reads %NAME% within quotes too, and loses count of escaped ones
        quoted = _FOR_CMD.sub(r"^\1", quoted)
    return visible(quoted)


def _powershell(text: str) -> str:
    if _PLAIN_IN_POWERSHELL.fullmatch(text):
        return text
    return visible("'" + _SINGLE_QUOTES.sub(r"\1\1", text) + "'")


_QUOTES = {"posix": _posix, "cmd": _cmd, "powershell": _powershell}
