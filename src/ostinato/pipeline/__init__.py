"""The stages in order, from a study to its results; what was done before is not done again."""

from ostinato.pipeline.again import (
    measure_parameters,
    measured_with_choice,
    measured_with_labels,
)
from ostinato.pipeline.clearing import Cleared, cache_size, clear_cache
from ostinato.pipeline.clock import Watch
from ostinato.pipeline.discovery import discover, promote
from ostinato.pipeline.estimate import (
    SPREAD,
    Lasting,
    expected_discovery_s,
    expected_stages_s,
    room_bytes,
)
from ostinato.pipeline.excerpts import write_excerpts
from ostinato.pipeline.rehearsal import Rehearsed, check_room, rehearse
from ostinato.pipeline.stages import analyze
from ostinato.pipeline.telling import Told, as_ghost, teach
from ostinato.version import VERSION

__all__ = [
    "SPREAD",
    "VERSION",
    "Cleared",
    "Lasting",
    "Rehearsed",
    "Told",
    "Watch",
    "analyze",
    "as_ghost",
    "cache_size",
    "check_room",
    "clear_cache",
    "discover",
    "expected_discovery_s",
    "expected_stages_s",
    "measure_parameters",
    "measured_with_choice",
    "measured_with_labels",
    "promote",
    "rehearse",
    "room_bytes",
    "teach",
    "write_excerpts",
]
