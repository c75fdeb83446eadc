"""What produced the results: version, parameters, stages."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How long one stage took, and whether it came from the cache."""

    name: str
    seconds: float
    cached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """By which rules claims were decided, and whether these were set before looking.

    `set_by` is *defaults* if every parameter is the program's own, *study* if the study has changed
    some, *plan* if a dated plan lay beside it: `was_before_looking` says whether that was there
    before the first run into the folder, `deviations` in what the study has departed from it.
    """

    set_by: Literal["defaults", "study", "plan"]
    plan_sha256: str | None = None
    planned_at: str | None = None
    was_before_looking: bool | None = None
    deviations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What produced the results, so that they can be produced again.

    `first_started_at` is when the film was first analysed into the same folder; `code_sha256` is
    the hash of the program's code and models as far as they decide results, since code may change
    under one version.
    """

    version: str
    parameters: dict[str, Any]
    stages: tuple[Stage, ...]
    platform: str
    started_at: str
    peak_rss_mb: float | None
    first_started_at: str | None = None
    rules: Rules | None = None
    code_sha256: str | None = None
