"""How long each stage took, how far it is, and how much memory the process has held."""

import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from ostinato.results import Run, Stage
from ostinato.version import VERSION

Watch = Callable[[str, float], None]
"""Told the name of a stage and the fraction of it that is done."""


@dataclass(slots=True)
class Stopwatch:
    """Times stages as they run and tells a watcher of them.

    Parameters
    ----------
    watch : callable or None
        Whom to tell.
    """

    watch: Watch | None
    stages: list[Stage] = field(default_factory=list)
    started_at: str = field(
        default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"), init=False
    )

    @contextmanager
    def stage(self, name: str) -> Iterator["Running"]:
        """Time one stage; it counts as cached unless it says that it worked."""
        running = Running(name, self.watch)
        running.tell(0.0)
        start = time.perf_counter()
        yield running
        seconds = round(time.perf_counter() - start, 3)
        self.stages.append(Stage(name=name, seconds=seconds, cached=not running.has_worked))
        running.tell(1.0)

    def run(self, parameters: dict[str, Any], *, code_sha256: str) -> Run:
        """Return what is known of the run once its stages are done."""
        return Run(
            version=VERSION,
            code_sha256=code_sha256,
            # as they are read back: JSON has lists for tuples
            parameters=msgspec.json.decode(msgspec.json.encode(parameters)),
            stages=tuple(self.stages),
            platform=_platform(),
            started_at=self.started_at,
            peak_rss_mb=peak_rss_mb(),
        )


@dataclass(slots=True)
class Running:
    """A stage under way.

    Parameters
    ----------
    name : str
        Of the stage.
    watch : callable or None
        Whom to tell.
    """

    name: str
    watch: Watch | None
    has_worked: bool = False

    def tell(self, fraction: float) -> None:
        """Tell how much of the stage is done."""
        if self.watch is not None:
            self.watch(self.name, fraction)

    def part(self, index: int, n_parts: int) -> Callable[[float], None]:
        """Return a callback for one of several equal parts of the stage."""
        return lambda fraction: self.tell((index + fraction) / n_parts)


def _platform() -> str:
    """Name the system and Python, and nothing by which a machine could be known."""
    system = {"Darwin": "macOS"}.get(platform.system(), platform.system())
    return f"{system} {platform.machine()}, Python {platform.python_version()}"


def peak_rss_mb() -> float | None:
    """Return the most memory the process has held, in MB; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    n_bytes = peak if sys.platform == "darwin" else peak * 1024
    return round(n_bytes / 1e6, 1)
