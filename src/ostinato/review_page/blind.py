"""The random sample, to be labelled by ear: nothing of what the program thinks leaves this module.

The order is random, another one for each coder, and the same each time that it is opened.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock, Thread

import msgspec
import numpy as np

from ostinato.errors import OstinatoError, ParameterError
from ostinato.legible import visible
from ostinato.measures import compare
from ostinato.pipeline import measure_parameters, measured_with_labels
from ostinato.results import LABEL_KINDS, LabelKind, Results, SampledLabel, best_match
from ostinato.review import Edit, Entry, answer, open_journal, read_journal, state_of, undo
from ostinato.review_page.desk import Stale, Tell
from ostinato.review_page.shown import Row
from ostinato.timeline import Interval

CONTEXT_S = 2.0
_MOST_WIDTHS = 8
_STALE = "Another window has answered since, so nothing was done yet:"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What the page sends: the kind of a stretch, or None to take the last answer back."""

    do: str
    last_seen: int
    token: str
    number: int | None = None
    kind: str | None = None


class BlindDesk:
    """A random sample and who labels it.

    Parameters
    ----------
    folder : pathlib.Path
        Of the results.
    results : Results
        From which it was drawn.
    sample : sequence of SampledLabel
        What was drawn; kinds that were given elsewhere are taken as answers already.
    coder : str or None
        Who labels, if it is not the main coder.
    tell : callable
        Called with what windows should know.
    """

    def __init__(
        self,
        folder: Path,
        results: Results,
        sample: Sequence[SampledLabel],
        *,
        coder: str | None,
        tell: Tell,
    ) -> None:
        self.folder, self._results, self.coder, self._tell = folder, results, coder, tell
        seed = hashlib.sha256(f"{results.film.sha256} {coder or ''}".encode()).digest()
        order = np.random.default_rng(list(seed)).permutation(len(sample))
        self.sample = tuple(sample[i] for i in order)
        self._journal = open_journal(folder, results.film, coder=coder)
        self._journal.refresh()
        self._lock = RLock()
        self._outcome: tuple[int, Row] | None = None
        self._counting = -1

    @property
    def answers(self) -> dict[int, LabelKind]:
        """The kinds that were given, by the place in the sample."""
        given = self._given_elsewhere()
        for entry in self._journal.state.in_force:
            number = self._number(entry)
            kind = _known(entry.becomes[0].kind) if entry.becomes else None
            if number is not None and kind is not None:
                given[number] = kind
        return given

    @property
    def labelled(self) -> tuple[SampledLabel, ...]:
        """The sample with what was given, in film order."""
        given = self.answers
        rows = [
            replace(one, kind=given[i], is_open=False) if i in given else one
            for i, one in enumerate(self.sample)
        ]
        return tuple(sorted(rows, key=lambda one: one.start_s))

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

    def _given_elsewhere(self) -> dict[int, LabelKind]:
        if self.coder is not None:  # what the first one has said is not theirs
            return {}
        return {i: one.kind for i, one in enumerate(self.sample) if not one.is_open}

    def _edit(self, given: _Given) -> Edit:
        if given.do == "undo":
            own = [one for one in self._journal.state.in_force if one.on == "label"]
            if not own:
                raise ParameterError("undo", "there is no answer to take back", "Go on")
            return undo(own[-1])
        number, kind = given.number, _known(given.kind)
        if number is None or not 0 <= number < len(self.sample) or kind is None:
            raise ParameterError(
                "the answer",
                "it is of no stretch of the sample, or no kind",
                f"Give one of {', '.join(LABEL_KINDS)}",
            )
        return answer(self.sample[number], kind)

    def _check_seen(self, given: _Given) -> None:
        between = [one for one in self._journal.entries if one.sequence > given.last_seen]
        if between:
            raise Stale([self._words(one) for one in between], _STALE)

    def _words(self, entry: Entry) -> str:
        if entry.on != "label":
            return "another entry of the review"
        number = self._number(entry)
        if entry.is_back or number is None:
            return "an answer was taken back"
        return f"stretch {number + 1} is {entry.becomes[0].kind}"

    def _number(self, entry: Entry) -> int | None:
        """Find the stretch that an entry answers."""
        if entry.on != "label" or not entry.becomes:
            return None
        interval = entry.becomes[0].interval
        return None if interval is None else best_match(interval, self.sample)

    def _state(self) -> Row:
        given = self.answers
        film = self._results.film
        is_done = len(given) == len(self.sample)
        return {
            "last": self._journal.last,
            "film": {"name": visible(film.title or film.name), "duration_s": film.duration_s},
            "coder": self.coder,
            "context_s": CONTEXT_S,
            "stretches": [
                {"start": one.start_s, "end": one.end_s, "kind": given.get(i)}
                for i, one in enumerate(self.sample)
            ],
            "can_undo": any(one.on == "label" for one in self._journal.state.in_force),
            "notices": list(self._journal.notices),
            "outcome": self._outcome_of(given) if is_done else None,
        }

    def _outcome_of(self, given: dict[int, LabelKind]) -> Row:
        """Return what comes of the whole sample, or start to count it."""
        last = self._journal.last
        if self._outcome is not None and self._outcome[0] == last:
            return self._outcome[1]
        if self._counting != last:
            self._counting = last
            Thread(target=self._count, args=(last, dict(given)), daemon=True).start()
        return {"status": "counting"}

    def _count(self, last: int, given: dict[int, LabelKind]) -> None:
        try:
            outcome: Row = {
                "status": "counted",
                "widths": self._widths(given) if self.coder is None else [],
                "agreement": self._agreement(given),
            }
        except OstinatoError as error:
            outcome = {"status": "failed", "why": str(error)}
        with self._lock:
            self._outcome = (last, outcome)
        self._tell("outcome", outcome)

    def _widths(self, given: dict[int, LabelKind]) -> list[Row]:
        """Return how the interval narrowed as answers came, in the order in which they were asked.

        The order is random, so that the first answers are a random sample as well.
        """
        n = len(self.sample)
        counts = sorted({round(n * (i + 1) / _MOST_WIDTHS) for i in range(_MOST_WIDTHS)} - {0})
        rows: list[Row] = []
        for count in counts:
            some = [
                replace(one, kind=given[i], is_open=False)
                if i < count
                else replace(one, kind="undetermined", is_open=True)
                for i, one in enumerate(self.sample)
            ]
            film = measured_with_labels(
                self._results, sorted(some, key=lambda one: one.start_s)
            ).ratio_in()
            if film is not None and film.low is not None and film.high is not None:
                rows.append({"n": count, "low": film.low, "high": film.high, "share": film.share})
        return rows

    def _agreement(self, given: dict[int, LabelKind]) -> Row | None:
        """Compare with the other coder, whose answers are read only now."""
        other = self._other_answers()
        own = [(self.sample[i].interval, kind) for i, kind in sorted(given.items())]
        if not other:
            return None
        said = {"you": own, "the other": other}
        pairs = compare(self._results, said, parameters=measure_parameters(self._results))
        pair = next((one for one in pairs if {one.one, one.other} == set(said)), None)
        if pair is None:
            return None
        kappa = pair.kappa
        return {
            "n": kappa.n,
            "agreed": pair.agreed,
            "kappa": kappa.value,
            "low": kappa.low,
            "high": kappa.high,
        }

    def _other_answers(self) -> list[tuple[Interval, LabelKind]]:
        """Return what the main coder said, for a second one; nothing for the main coder."""
        if self.coder is None:
            return []
        kept = read_journal(self.folder)
        given = {one.interval: one.kind for one in self.sample if not one.is_open}
        for entry in () if kept is None else state_of(kept.entries).in_force:
            content = entry.becomes[0] if entry.becomes else None
            kind = None if content is None else _known(content.kind)
            number = self._number(entry)
            if number is not None and kind is not None:
                given[self.sample[number].interval] = kind
        return list(given.items())


def _known(kind: str | None) -> LabelKind | None:
    return next((one for one in LABEL_KINDS if one == kind), None)
