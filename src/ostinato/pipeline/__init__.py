"""The stages in order, from a study to its results; what was done before is not done again."""

from ostinato.pipeline.analysis import analyze
from ostinato.pipeline.cache import (
    Cleared,
    cache_size,
    clear_cache,
    kept_in,
    limit_gb,
    made_again,
    prune,
    set_limit,
    verify,
)
from ostinato.pipeline.classify import Classified, as_no_speech, with_predictions
from ostinato.pipeline.discovery import discover, promote
from ostinato.pipeline.excerpts import write_candidates, write_excerpts
from ostinato.pipeline.inputs import Said, read_said
from ostinato.pipeline.playable import playable_excerpts
from ostinato.pipeline.rehearsal import (
    SPREAD,
    Lasting,
    Rehearsed,
    check_room,
    expected_discovery_s,
    expected_stages_s,
    rehearse,
    room_bytes,
)
from ostinato.pipeline.relabel import (
    kept_labels,
    measure_parameters,
    measured_with_choice,
    measured_with_labels,
    n_taken_back,
    with_earlier_kinds,
)
from ostinato.pipeline.step_values import FilmFile, FoundSongs, Remainder, Speech, TakenOut
from ostinato.pipeline.steps import (
    find,
    listen,
    measure,
    open_film,
    open_song,
    take_out,
)
from ostinato.pipeline.stopwatch import Watch
from ostinato.version import VERSION

__all__ = [
    "SPREAD",
    "VERSION",
    "Classified",
    "Cleared",
    "FilmFile",
    "FoundSongs",
    "Lasting",
    "Rehearsed",
    "Remainder",
    "Said",
    "Speech",
    "TakenOut",
    "Watch",
    "analyze",
    "as_no_speech",
    "cache_size",
    "check_room",
    "clear_cache",
    "discover",
    "expected_discovery_s",
    "expected_stages_s",
    "find",
    "kept_in",
    "kept_labels",
    "limit_gb",
    "listen",
    "made_again",
    "measure",
    "measure_parameters",
    "measured_with_choice",
    "measured_with_labels",
    "n_taken_back",
    "open_film",
    "open_song",
    "playable_excerpts",
    "promote",
    "prune",
    "read_said",
    "rehearse",
    "room_bytes",
    "set_limit",
    "take_out",
    "verify",
    "with_earlier_kinds",
    "with_predictions",
    "write_candidates",
    "write_excerpts",
]
