"""A person's edits upon results: each is placed by what was seen, in the order in which they came.

What no longer fits is set apart with a reason, and the rest goes on. Nothing is measured here: rows
change, and measures are another's work.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ostinato.results import Occurrence, Results
from ostinato.review.entries import Entry, State
from ostinato.review.event_edits import OCCURRENCE_EDITS, SCENE_EDITS
from ostinato.review.speech_edits import SPEECH_EDITS, VOICE_EDITS, counted_voices
from ostinato.review.workbench import Misfit, Workbench

_EDITS: dict[tuple[str, str], Callable[[Workbench, Entry], None]] = {
    **OCCURRENCE_EDITS,
    **SPEECH_EDITS,
    **VOICE_EDITS,
    **SCENE_EDITS,
}
_BLIND = frozenset({"label", "find"})
"""What answers questions and changes no row by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """An entry that holds and that no longer fits what was found; it stays in the journal."""

    entry: Entry
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Results with a person's edits, before anything is measured.

    `rejected` are the occurrences that count nowhere; `unplaced` the entries that found no place;
    `touched` the sequences of the entries that have made a row what it is, by its identifier.
    """

    results: Results
    unplaced: tuple[Unplaced, ...] = ()
    touched: dict[str, tuple[int, ...]]

    @property
    def rejected(self) -> tuple[Occurrence, ...]:
        """The occurrences that a person has rejected."""
        return self.results.rejected


def edited(results: Results, state: State) -> Edited:
    """Apply what a person has said.

    Parameters
    ----------
    results : Results
        What the program found, without any edit.
    state : State
        The entries that hold.

    Returns
    -------
    Edited
        Identifiers of rows that stay are as they were; new rows have the next free ones.
    """
    bench = Workbench(results)
    unplaced = []
    for entry in state.in_force:
        if entry.on in _BLIND:
            continue
        try:
            _EDITS[entry.on, entry.act](bench, entry)
        except Misfit as misfit:
            unplaced.append(Unplaced(entry=entry, reason=misfit.reason))
    return Edited(
        results=replace(
            results,
            occurrences=bench.sorted_occurrences(),
            rejected=bench.sorted_rejected(),
            speech=bench.sorted_speech(),
            voices=counted_voices(bench) if _changes_speech(state) else results.voices,
            scenes=tuple(sorted(bench.scenes, key=lambda one: (one.start_s, one.end_s))),
            candidates=tuple(bench.candidates.values()),
        ),
        unplaced=tuple(unplaced),
        touched={name: tuple(sequences) for name, sequences in bench.touched.items()},
    )


def _changes_speech(state: State) -> bool:
    return any(entry.on in {"speech", "voice"} for entry in state.in_force)
