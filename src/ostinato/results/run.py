"""What produced the results: version, parameters, stages."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How long one stage took, and whether it came from the cache."""

    name: str
    seconds: float
    cached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What produced the results, so that they can be produced again."""

    version: str
    parameters: dict[str, Any]
    stages: tuple[Stage, ...]
    platform: str
    started_at: str
    peak_rss_mb: float | None
