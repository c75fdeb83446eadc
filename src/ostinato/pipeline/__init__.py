"""The stages in order, from a study to its results; what was done before is not done again."""

from ostinato.pipeline.again import (
    measure_parameters,
    measured_with_choice,
    measured_with_labels,
)
from ostinato.pipeline.clearing import clear_cache
from ostinato.pipeline.clock import VERSION, Watch
from ostinato.pipeline.discovery import discover, promote
from ostinato.pipeline.earlier import n_taken_back, with_earlier_kinds
from ostinato.pipeline.excerpts import write_excerpts
from ostinato.pipeline.keeping import (
    kept_in,
    limit_gb,
    made_again,
    prune,
    set_limit,
    verify,
)
from ostinato.pipeline.stages import analyze
from ostinato.pipeline.telling import Told, as_ghost, teach

__all__ = [
    "VERSION",
    "Told",
    "Watch",
    "analyze",
    "as_ghost",
    "clear_cache",
    "discover",
    "kept_in",
    "limit_gb",
    "made_again",
    "measure_parameters",
    "measured_with_choice",
    "measured_with_labels",
    "n_taken_back",
    "promote",
    "prune",
    "set_limit",
    "teach",
    "verify",
    "with_earlier_kinds",
    "write_excerpts",
]
