"""The stages in order, from a study to its results; what was done before is not done again."""

from ostinato.pipeline.again import (
    measure_parameters,
    measured_with_choice,
    measured_with_labels,
)
from ostinato.pipeline.clearing import Cleared, cache_size, clear_cache
from ostinato.pipeline.clock import Watch
from ostinato.pipeline.discovery import discover, promote
from ostinato.pipeline.earlier import kept_labels, n_taken_back, with_earlier_kinds
from ostinato.pipeline.estimate import (
    SPREAD,
    Lasting,
    expected_discovery_s,
    expected_stages_s,
    room_bytes,
)
from ostinato.pipeline.excerpts import write_candidates, write_excerpts
from ostinato.pipeline.keeping import (
    kept_in,
    limit_gb,
    made_again,
    prune,
    set_limit,
    verify,
)
from ostinato.pipeline.rehearsal import Rehearsed, check_room, rehearse
from ostinato.pipeline.said import Said, read_said
from ostinato.pipeline.stages import analyze
from ostinato.pipeline.telling import Told, as_ghost, teach
from ostinato.version import VERSION

__all__ = [
    "SPREAD",
    "VERSION",
    "Cleared",
    "Lasting",
    "Rehearsed",
    "Said",
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
    "kept_in",
    "kept_labels",
    "limit_gb",
    "made_again",
    "measure_parameters",
    "measured_with_choice",
    "measured_with_labels",
    "n_taken_back",
    "promote",
    "prune",
    "read_said",
    "rehearse",
    "room_bytes",
    "set_limit",
    "teach",
    "verify",
    "with_earlier_kinds",
    "write_candidates",
    "write_excerpts",
]
