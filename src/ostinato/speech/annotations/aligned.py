"""Times of annotations that have none of their own, as ELAN shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

Times = tuple[float, float] | None
"""Start and end in seconds; None where they are not known."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Which of equal parts of another's time an annotation has: part `number`, from 0, of `n`."""

    number: int
    n: int

    def of(self, whole: tuple[float, float]) -> tuple[float, float]:
        """Return the part of a stretch."""
        start_s, end_s = whole
        if self.n == 1:
            return whole
        step_s = (end_s - start_s) / self.n
        return start_s + self.number * step_s, start_s + (self.number + 1) * step_s


def times_of_chain(slots: Sequence[tuple[str, str]], slots_s: dict[str, float]) -> list[Times]:
    """Find the times of a tier's annotations by their slots, of which some have no time.

    Annotations that share slots without a time form a chain between two slots that have one; they
    share the time between these evenly.

    `slots`: start and end of each annotation; `slots_s`: seconds of the slots that have a time.
    """
    times: list[Times] = [None] * len(slots)
    next_one = {start: i for i, (start, _) in enumerate(slots) if start not in slots_s}
    for first, (start, _) in enumerate(slots):
        if start not in slots_s:
            continue
        chain = [first]
        while (end := slots[chain[-1]][1]) not in slots_s and end in next_one:
            chain.append(next_one.pop(end))  # once only: a chain that bites its tail ends
        if end not in slots_s:
            continue
        whole = slots_s[start], slots_s[end]
        for k, i in enumerate(chain):
            times[i] = Pieces(k, len(chain)).of(whole)
    return times


def pieces_of(annotations: Sequence[tuple[str, str | None, str | None]]) -> list[Pieces]:
    """Find which part of its parent's time each annotation of a tier has.

    `annotations`: of each its identifier, to which it refers, and which one it follows within the
    same parent.
    """
    groups: dict[str | None, list[int]] = {}
    for i, (_, parent, _) in enumerate(annotations):
        groups.setdefault(parent, []).append(i)
    pieces = [Pieces(0, 1)] * len(annotations)
    for members in groups.values():
        if any(annotations[i][2] is not None for i in members):
            for number, i in enumerate(_in_order(annotations, members)):
                pieces[i] = Pieces(number, len(members))
    return pieces


def _in_order(
    annotations: Sequence[tuple[str, str | None, str | None]], members: Sequence[int]
) -> list[int]:
    """Follow the references from each to the one after it; what they do not reach comes last."""
    after = {annotations[i][2]: i for i in members if annotations[i][2] is not None}
    first = [i for i in members if annotations[i][2] is None]
    ordered: dict[int, None] = {}
    for i in (*first, *members):
        at: int | None = i
        while at is not None and at not in ordered:
            ordered[at] = None
            at = after.get(annotations[at][0])
    return list(ordered)
