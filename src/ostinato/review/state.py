"""What of a journal is in force: an entry that was undone is not, unless its undo was undone."""

from collections.abc import Sequence
from dataclasses import dataclass

from ostinato.review.entries import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a person's entries come to.

    `in_force` are the edits that hold, in the order in which they were made. `next_undo` is what an
    undo would take back, `next_redo` the undo that a redo would take back; None where there is
    nothing. `last` is the sequence of the last entry, 0 where there is none.
    """

    in_force: tuple[Entry, ...] = ()
    next_undo: Entry | None = None
    next_redo: Entry | None = None
    last: int = 0


def state_of(entries: Sequence[Entry]) -> State:
    """Replay a journal.

    Parameters
    ----------
    entries : sequence of Entry
        In the order of their sequence.

    Returns
    -------
    State
        What holds.
    """
    undone = undone_of(entries)
    in_force = tuple(one for one in entries if not one.is_back and one.sequence not in undone)
    return State(
        in_force=in_force,
        next_undo=in_force[-1] if in_force else None,
        next_redo=_next_redo(entries, undone),
        last=entries[-1].sequence if entries else 0,
    )


def undone_of(entries: Sequence[Entry]) -> set[int]:
    """Return the sequences of the entries that are undone."""
    undone: set[int] = set()
    for entry in reversed(entries):  # the later one is decided first, and decides on the earlier
        if entry.undoes is not None and entry.sequence not in undone:
            undone.add(entry.undoes)
    return undone


def _next_redo(entries: Sequence[Entry], undone: set[int]) -> Entry | None:
    """Return the last undo that holds, unless something new was done after it."""
    for entry in reversed(entries):
        if not entry.is_back:
            return None
        if entry.act == "undo" and entry.sequence not in undone:
            return entry
    return None
