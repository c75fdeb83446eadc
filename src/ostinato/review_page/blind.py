"""A random sample, judged by ear: nothing of what the program thinks leaves this module.

The order is random, another one for each coder, and the same each time that it is opened.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock, Thread
from typing import TypeVar

import msgspec
import numpy as np

from ostinato.errors import OstinatoError, ParameterError
from ostinato.legible import visible
from ostinato.results import Film
from ostinato.review import Edit, Entry, open_journal, read_journal, state_of, undo
from ostinato.review_page.desk import Stale, Tell
from ostinato.review_page.questions import Questions, answer_of
from ostinato.review_page.shown import Row

CONTEXT_S = 2.0
_STALE = "Another window has answered since, so nothing was done yet:"
_One = TypeVar("_One")


def in_random_order(some: Sequence[_One], film: Film, *, coder: str | None) -> tuple[_One, ...]:
    """Return a sample in the order in which a coder is asked about it.

    `film`: of which it is; `coder`: None for the main one.
    """
    seed = hashlib.sha256(f"{film.sha256} {coder or ''}".encode()).digest()
    return tuple(some[i] for i in np.random.default_rng(list(seed)).permutation(len(some)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What the page sends: the answer about a stretch, or None to take the last answer back."""

    do: str
    last_seen: int
    token: str
    number: int | None = None
    kind: str | None = None


class BlindDesk:
    """A random sample and who judges it.

    Parameters
    ----------
    folder : pathlib.Path
        Of the results.
    film : Film
        That of the results.
    questions : Questions
        What is asked of which stretches; what was answered elsewhere is taken as answered.
    coder : str or None
        Who answers, if it is not the main coder.
    who : str or None, optional
        Their name in the journal; the coder's if left out.
    tell : callable
        Called with what windows should know.
    """

    def __init__(
        self,
        folder: Path,
        film: Film,
        questions: Questions,
        *,
        coder: str | None,
        tell: Tell,
        who: str | None = None,
    ) -> None:
        self.folder, self.questions, self.coder, self._tell = folder, questions, coder, tell
        self._film = film
        self._journal = open_journal(folder, film, coder=coder, who=who)
        self._journal.refresh()
        self._lock = RLock()
        self._outcome: tuple[int, Row] | None = None
        self._counting = -1

    @property
    def answers(self) -> dict[int, str]:
        """What was answered, by the place in the sample."""
        # what the first coder has said is not the second one's
        given = self.questions.answered_elsewhere() if self.coder is None else {}
        return given | self._answers_in(self._journal.state.in_force)

    def state(self) -> Row:
        """Return what the page shows."""
        with self._lock:
            self._journal.refresh()
            return self._state()

    def changed(self, body: bytes) -> Row:
        """Take an answer, or take the last one back.

        Raises Stale if another window has answered since; ParameterError if it is no answer.
        """
        try:
            given = msgspec.json.decode(body, type=_Given)
        except (msgspec.MsgspecError, ValueError) as error:
            raise ParameterError("the answer", f"it is none ({error})", "Use the page") from error
        with self._lock:
            self._journal.refresh()
            if all(one.token != given.token for one in self._journal.entries):
                self._check_seen(given)
                self._journal.append([replace(self._edit(given), token=given.token)])
            self._tell("changed", {"last": self._journal.last})
            return {"state": self._state(), "made": []}

    def _answers_in(self, entries: Sequence[Entry]) -> dict[int, str]:
        said = (answer_of(entry, self.questions) for entry in entries)
        return dict(one for one in said if one is not None)

    def _edit(self, given: _Given) -> Edit:
        if given.do == "undo":
            own = [one for one in self._journal.state.in_force if one.on == self.questions.on]
            if not own:
                raise ParameterError("undo", "there is no answer to take back", "Go on")
            return undo(own[-1])
        number, choices = given.number, self.questions.choices
        n = len(self.questions.intervals)
        if number is None or not 0 <= number < n or given.kind not in choices:
            raise ParameterError(
                "the answer",
                "it is of no stretch of the sample, or none that can be given",
                f"Give one of {', '.join(choices)}",
            )
        return self.questions.edit(number, given.kind)

    def _check_seen(self, given: _Given) -> None:
        between = [one for one in self._journal.entries if one.sequence > given.last_seen]
        if between:
            raise Stale([self._words(one) for one in between], _STALE)

    def _words(self, entry: Entry) -> str:
        if entry.on != self.questions.on:
            return "another entry of the review"
        said = answer_of(entry, self.questions)
        if entry.is_back or said is None:
            return "an answer was taken back"
        number, choice = said
        return f"stretch {number + 1} is {choice}"

    def _state(self) -> Row:
        given, asked = self.answers, self.questions
        return {
            "last": self._journal.last,
            "film": {
                "name": visible(self._film.title or self._film.name),
                "duration_s": self._film.duration_s,
            },
            "coder": self.coder,
            "context_s": CONTEXT_S,
            "on": asked.on,
            "choices": list(asked.choices),
            "songs": list(asked.songs),
            "stretches": [
                {"start": one.start_s, "end": one.end_s, "kind": given.get(i)}
                for i, one in enumerate(asked.intervals)
            ],
            "can_undo": any(one.on == asked.on for one in self._journal.state.in_force),
            "notices": list(self._journal.notices),
            "outcome": self._outcome_of(given) if len(given) == len(asked.intervals) else None,
        }

    def _outcome_of(self, given: dict[int, str]) -> Row:
        """Return what comes of the whole sample, or start to count it."""
        last = self._journal.last
        if self._outcome is not None and self._outcome[0] == last:
            return self._outcome[1]
        if self._counting != last:
            self._counting = last
            Thread(target=self._count, args=(last, dict(given)), daemon=True).start()
        return {"status": "counting"}

    def _count(self, last: int, given: dict[int, str]) -> None:
        other = self._other_answers()
        try:
            outcome: Row = {
                "status": "counted",
                "widths": self.questions.narrowing(given) if self.coder is None else [],
                "agreement": self.questions.agreement(given, other) if other else None,
            }
        except OstinatoError as error:
            outcome = {"status": "failed", "why": str(error)}
        with self._lock:
            self._outcome = (last, outcome)
        self._tell("outcome", outcome)

    def _other_answers(self) -> dict[int, str]:
        """Return what the main coder said, for a second one, who is done; else nothing."""
        if self.coder is None:
            return {}
        kept = read_journal(self.folder)
        entries = () if kept is None else state_of(kept.entries).in_force
        return self.questions.answered_elsewhere() | self._answers_in(entries)
