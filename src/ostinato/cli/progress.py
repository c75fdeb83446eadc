"""How far a run is, on a terminal and in a log.

The share is that of the whole run. Stages weigh what they are expected to take; time left follows
from how fast those went that had work to do, since what comes from the cache takes none.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from ostinato.cli.output import tell
from ostinato.pipeline import Watch
from ostinato.report import song_time

_FIRST_LINE_S = 10.0  # a run that is shorter has nothing to say
_LINE_EVERY_S = 10.0
_PRIOR_S = 20.0  # of expected work, before the pace of this machine is believed
_CACHED_SHARE = 0.1  # of what a stage is expected to take: if faster, it had nothing to do


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
