"""What reaches a terminal or a pipe: texts, commands to be copied, and how far a run is.

The share is that of the whole run. Stages weigh what they are expected to take; time left follows
from how fast those went that had work to do, since what comes from the cache takes none.
"""

import io
import os
import re
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from ostinato.legible import escaped_lines, visible
from ostinato.pipeline import Watch
from ostinato.report import song_time

Shell = Literal["posix", "cmd", "powershell"]
_PLAIN = re.compile(r"[\w./:\\+=,-]+", re.ASCII)
_PLAIN_IN_POWERSHELL = re.compile(r"[\w./:\\+=-]+", re.ASCII)  # a comma makes a list there
_FOR_CMD = re.compile(r'([()%!^"<>&|])')
_SINGLE_QUOTES = re.compile("(['\u2018-\u201b])")  # PowerShell takes curly ones for quotes too
_FIRST_LINE_S = 10.0  # a run that is shorter has nothing to say
_LINE_EVERY_S = 10.0
_PRIOR_S = 20.0  # of expected work, before the pace of this machine is believed
_CACHED_SHARE = 0.1  # of what a stage is expected to take: if faster, it had nothing to do


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


@dataclass(slots=True)
class Course:
    """Where a run stands.

    Parameters
    ----------
    expected_s : mapping of str to float
        What each stage is expected to take, in their order.
    now : callable
        A clock, in seconds.
    """

    expected_s: Mapping[str, float]
    now: Callable[[], float] = time.monotonic
    stage: str = field(default="", init=False)
    _share: float = field(default=0.0, init=False)
    _start_s: float = field(default=0.0, init=False)
    _worked_s: float = field(default=0.0, init=False)
    _work_s: float = field(default=0.0, init=False)
    _done_s: float = field(default=0.0, init=False)

    def take(self, stage: str, share: float) -> None:
        """Take note of what is done of a stage."""
        if stage != self.stage:
            self._finish()
            self.stage, self._share, self._start_s = stage, 0.0, self.now()
        self._share = max(self._share, min(1.0, share))

    def _finish(self) -> None:
        expected_s = self.expected_s.get(self.stage, 0.0)
        took_s = self.now() - self._start_s
        self._done_s += expected_s
        if self.stage and took_s > _CACHED_SHARE * expected_s:
            self._worked_s += took_s
            self._work_s += expected_s

    @property
    def share(self) -> float:
        """Share of the whole run that is done, from 0 to 1."""
        whole_s = sum(self.expected_s.values())
        here_s = self._share * self.expected_s.get(self.stage, 0.0)
        return min(1.0, (self._done_s + here_s) / whole_s) if whole_s else 0.0

    @property
    def left_s(self) -> float:
        """Seconds that are left, by the pace so far."""
        expected_s = self.expected_s.get(self.stage, 0.0)
        here_s = self._share * expected_s
        worked_s, work_s = self._worked_s, self._work_s
        if here_s:
            worked_s, work_s = worked_s + self.now() - self._start_s, work_s + here_s
        pace = (worked_s + _PRIOR_S) / (work_s + _PRIOR_S)
        return pace * max(0.0, sum(self.expected_s.values()) - self._done_s - here_s)

    def __str__(self) -> str:
        names = list(self.expected_s)
        of_all = f", stage {names.index(self.stage) + 1} of {len(names)}"
        where = f"{self.stage}{of_all if self.stage in names else ''}"
        return f"{self.share:.0%} of the whole ({where}), about {song_time(self.left_s)} left"


@contextmanager
def progress(expected_s: Mapping[str, float], *, is_quiet: bool) -> Iterator[Watch | None]:
    """Yield a callback that says on stderr how far a run is.

    `expected_s`: what each stage is expected to take, in their order; `is_quiet`: whether nothing
    is to be said.
    """
    if is_quiet:
        yield None
        return
    course = Course(expected_s)
    # asked of the stream itself: FORCE_COLOR makes rich take any file for a terminal
    if sys.stderr.isatty() and os.environ.get("TERM") not in {"dumb", "unknown"}:
        with _bar(course) as watch:
            yield watch
    else:
        yield plain_lines(course, tell)


def plain_lines(course: Course, write: Callable[[str], None]) -> Watch:
    """Return a callback that writes a line when there has been none for a while."""
    started_s = course.now()
    due_s = started_s + _FIRST_LINE_S

    def watch(stage: str, share: float) -> None:
        nonlocal due_s
        course.take(stage, share)
        if course.now() >= due_s:
            due_s = course.now() + _LINE_EVERY_S
            write(f"ostinato: {course}")

    return watch


@contextmanager
def _bar(course: Course) -> Iterator[Watch]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=Console(stderr=True), expand=True) as bar:
        task = bar.add_task("", total=1.0, left="")

        def watch(stage: str, share: float) -> None:
            is_new = stage != course.stage
            course.take(stage, share)
            left = f"about {song_time(course.left_s)} left"
            bar.update(task, description=stage, completed=course.share, left=left)
            if is_new:  # however short it is, it is seen
                bar.refresh()

        yield watch
