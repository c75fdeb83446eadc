"""One bar a stage on a terminal, and silence elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ostinato.pipeline import Watch


@contextmanager
def progress_bars() -> Iterator[Watch | None]:
    """Yield a callback that draws a bar for each stage on stderr, or None off a terminal."""
    console = Console(stderr=True)
    # asked of the stream itself: FORCE_COLOR makes rich take any file for a terminal
    if not sys.stderr.isatty():
        yield None
        return
    tasks: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description:<10}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:

        def watch(stage: str, fraction: float) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=1.0)
            progress.update(tasks[stage], completed=fraction)

        yield watch
