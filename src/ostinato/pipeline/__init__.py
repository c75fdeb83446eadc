"""The stages in order, from a study to its results; what was done before is not done again."""

from ostinato.pipeline.analysis import analyze
from ostinato.pipeline.cache import (
    Cleared,
    cache_size,
    clear_cache,
    in_use,
    kept_in,
    limit_gb,
    made_again,
    prune,
    set_limit,
    verify,
)
from ostinato.pipeline.classify import (
    Classified,
    as_no_speech,
    kept_labels,
    n_taken_back,
    with_earlier_kinds,
    with_predictions,
)
from ostinato.pipeline.discovery import discover, promote
from ostinato.pipeline.evidence_file import (
    EVIDENCE_NAME,
    Evidence,
    evidence_of,
    keep_evidence,
    read_evidence,
    search_evidence,
)
from ostinato.pipeline.excerpts import write_candidates, write_excerpts
from ostinato.pipeline.exported_rows import keep_export, kept_exports
from ostinato.pipeline.film_sound import arrays_of_sound, opened_again, remainder_again
from ostinato.pipeline.import_plan import ImportedAs, ImportPlan, plan_import
from ostinato.pipeline.inputs import Said, check_double, check_length, read_said
from ostinato.pipeline.memo import Watch, code_sha256
from ostinato.pipeline.notebook import NotebookPage, notebook_progress, show
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
from ostinato.pipeline.remeasure import (
    measure_parameters,
    measured_again,
    measured_with_choice,
    measured_with_labels,
)
from ostinato.pipeline.review_folder import (
    PROGRAM_NAME,
    WrittenDocument,
    drawn_finds,
    drawn_rows,
    program_of,
    program_results,
    take_over_review,
    with_journal,
    write_document,
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
from ostinato.pipeline.tracing import TRACER, followed, trace_added
from ostinato.version import VERSION

__all__ = [
    "EVIDENCE_NAME",
    "PROGRAM_NAME",
    "SPREAD",
    "TRACER",
    "VERSION",
    "Classified",
    "Cleared",
    "Evidence",
    "FilmFile",
    "FoundSongs",
    "ImportPlan",
    "ImportedAs",
    "Lasting",
    "NotebookPage",
    "Rehearsed",
    "Remainder",
    "Said",
    "Speech",
    "TakenOut",
    "Watch",
    "WrittenDocument",
    "analyze",
    "arrays_of_sound",
    "as_no_speech",
    "cache_size",
    "check_double",
    "check_length",
    "check_room",
    "clear_cache",
    "code_sha256",
    "discover",
    "drawn_finds",
    "drawn_rows",
    "evidence_of",
    "expected_discovery_s",
    "expected_stages_s",
    "find",
    "followed",
    "in_use",
    "keep_evidence",
    "keep_export",
    "kept_exports",
    "kept_in",
    "kept_labels",
    "limit_gb",
    "listen",
    "made_again",
    "measure",
    "measure_parameters",
    "measured_again",
    "measured_with_choice",
    "measured_with_labels",
    "n_taken_back",
    "notebook_progress",
    "open_film",
    "open_song",
    "opened_again",
    "plan_import",
    "playable_excerpts",
    "program_of",
    "program_results",
    "promote",
    "prune",
    "read_evidence",
    "read_said",
    "rehearse",
    "remainder_again",
    "room_bytes",
    "search_evidence",
    "set_limit",
    "show",
    "take_out",
    "take_over_review",
    "trace_added",
    "verify",
    "with_earlier_kinds",
    "with_journal",
    "with_predictions",
    "write_candidates",
    "write_document",
    "write_excerpts",
]
