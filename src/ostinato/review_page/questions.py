"""What a blind sample asks, and what comes of its answers: of the speech, or of the songs.

Nothing of what the program thinks leaves this module.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, get_args

from ostinato.legible import visible
from ostinato.measures import compare, compare_verdicts, find_sample
from ostinato.pipeline import measure_parameters, measured_with_labels
from ostinato.results import DrawnFinds, FindPiece, LabelKind, Results, SampledLabel, best_match
from ostinato.review import Edit, Entry, Verdict, answer, judge
from ostinato.review_page.shown import Row
from ostinato.timeline import Interval

_KINDS: tuple[LabelKind, ...] = get_args(LabelKind)
_VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_MOST_WIDTHS = 8


class Questions(Protocol):
    """A random sample of stretches, in the order in which they are asked about."""

    @property
    def on(self) -> str:
        """What entries of the journal with its answers are about."""

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be answered."""

    @property
    def songs(self) -> tuple[str, ...]:
        """The titles of the songs to listen for."""

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """The stretches."""

    @abstractmethod
    def answered_elsewhere(self) -> dict[int, str]:
        """Return what was answered in a file, by the place of the stretch."""

    @abstractmethod
    def edit(self, number: int, choice: str) -> Edit:
        """Return an answer as an edit of the journal."""

    @abstractmethod
    def number(self, interval: Interval) -> int | None:
        """Find the stretch that an answer is about."""

    @abstractmethod
    def narrowing(self, given: Mapping[int, str]) -> list[Row]:
        """Return how each interval narrowed as answers came, in the order of the questions.

        The order is random, so that the first answers are a random sample as well.
        """

    @abstractmethod
    def agreement(self, given: Mapping[int, str], other: Mapping[int, str]) -> Row | None:
        """Compare the answers of two coders; None if there is nothing to compare."""


def answer_of(entry: Entry, questions: Questions) -> tuple[int, str] | None:
    """Return the place of the stretch that an entry answers, and the answer; None for others."""
    if entry.on != questions.on or not entry.becomes:
        return None
    content = entry.becomes[0]
    number = None if content.interval is None else questions.number(content.interval)
    if number is None or content.kind not in questions.choices:
        return None
    return number, content.kind


@dataclass(frozen=True, slots=True)
class SpeechQuestions:
    """Which kind of speech each stretch of a sample is."""

    results: Results
    sample: tuple[SampledLabel, ...]
    on: str = "label"
    choices: tuple[str, ...] = _KINDS
    songs: tuple[str, ...] = ()

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """The stretches."""
        return tuple(one.interval for one in self.sample)

    def answered_elsewhere(self) -> dict[int, str]:
        """Return the kinds that were given in a file."""
        return {i: one.kind for i, one in enumerate(self.sample) if not one.is_open}

    def edit(self, number: int, choice: str) -> Edit:
        """Return a kind as an edit of the journal."""
        return answer(self.sample[number], _kind(choice))

    def number(self, interval: Interval) -> int | None:
        """Find the segment that lies there, whose edges may be another run's."""
        return best_match(interval, self.sample)

    def labelled(self, given: Mapping[int, str]) -> tuple[SampledLabel, ...]:
        """Return the sample with what was given, in film order."""
        rows = [
            replace(one, kind=_kind(given[i]), is_open=False)
            if i in given
            else replace(one, kind="undetermined", is_open=True)
            for i, one in enumerate(self.sample)
        ]
        return tuple(sorted(rows, key=lambda one: one.start_s))

    def narrowing(self, given: Mapping[int, str]) -> list[Row]:
        """Return how the interval of narration's share narrowed."""
        rows: list[Row] = []
        for first in _first_answers(given):
            film = measured_with_labels(self.results, self.labelled(first)).ratio_in()
            if film is not None and film.low is not None and film.high is not None:
                rows.append(_width(len(first), film.low, film.high))
        return [{"of": "narration's share", "rows": rows}]

    def agreement(self, given: Mapping[int, str], other: Mapping[int, str]) -> Row | None:
        """Compare what two coders say where both say a kind."""
        said = {
            name: [(self.sample[i].interval, _kind(kind)) for i, kind in sorted(some.items())]
            for name, some in (("you", given), ("the other", other))
        }
        pairs = compare(self.results, said, parameters=measure_parameters(self.results))
        pair = next((one for one in pairs if {one.one, one.other} == set(said)), None)
        if pair is None:
            return None
        kappa = pair.kappa
        return _agreed(kappa.n, pair.agreed, kappa.value, kappa.low, kappa.high)


@dataclass(frozen=True, slots=True)
class SongQuestions:
    """Whether any of the songs is heard in each piece of a sample of the film."""

    results: Results
    drawn: DrawnFinds
    pieces: tuple[FindPiece, ...]
    on: str = "find"
    choices: tuple[str, ...] = _VERDICTS

    @property
    def songs(self) -> tuple[str, ...]:
        """The titles of the songs, as a person reads them."""
        return tuple(visible(song.title) for song in self.results.songs)

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """The pieces."""
        return tuple(one.interval for one in self.pieces)

    def answered_elsewhere(self) -> dict[int, str]:
        """Return nothing: there are no files of these."""
        return {}

    def edit(self, number: int, choice: str) -> Edit:
        """Return a verdict as an edit of the journal."""
        return judge(self.pieces[number], _verdict(choice))

    def number(self, interval: Interval) -> int | None:
        """Find the piece that begins there."""
        starts = [round(one.start_s, 3) for one in self.pieces]
        start_s = round(interval.start_s, 3)
        return starts.index(start_s) if start_s in starts else None

    def narrowing(self, given: Mapping[int, str]) -> list[Row]:
        """Return how the intervals of precision and recall narrowed."""
        precision: list[Row] = []
        recall: list[Row] = []
        for first in _first_answers(given):
            verdicts = {self.pieces[i]: _verdict(said) for i, said in first.items()}
            level = measure_parameters(self.results).level
            now = find_sample(self.results, self.drawn, verdicts, level=level)
            for rows, low, high in (
                (precision, now.precision_low, now.precision_high),
                (recall, now.recall_low, now.recall_high),
            ):
                if low is not None and high is not None:
                    rows.append(_width(len(first), low, high))
        return [{"of": "precision", "rows": precision}, {"of": "recall", "rows": recall}]

    def agreement(self, given: Mapping[int, str], other: Mapping[int, str]) -> Row | None:
        """Compare what two coders say where both can tell."""
        both = sorted(given.keys() & other.keys())
        kappa = compare_verdicts(
            [_verdict(given[i]) for i in both],
            [_verdict(other[i]) for i in both],
            parameters=measure_parameters(self.results),
        )
        clear = [i for i in both if "cannot tell" not in {given[i], other[i]}]
        agreed = sum(given[i] == other[i] for i in clear) / len(clear) if clear else None
        return _agreed(len(clear), agreed, kappa.value, kappa.low, kappa.high)


def _first_answers(given: Mapping[int, str]) -> Iterator[dict[int, str]]:
    """Yield more and more of the answers, by the order in which they were asked for."""
    n = len(given)
    counts = {round(n * (i + 1) / _MOST_WIDTHS) for i in range(_MOST_WIDTHS)} - {0}
    for count in sorted(counts):
        yield {i: said for i, said in given.items() if i < count}


def _width(n: int, low: float, high: float) -> Row:
    return {"n": n, "low": low, "high": high}


def _agreed(
    n: int, agreed: float | None, kappa: float | None, low: float | None, high: float | None
) -> Row:
    return {"n": n, "agreed": agreed, "kappa": kappa, "low": low, "high": high}


def _kind(choice: str) -> LabelKind:
    return _KINDS[_KINDS.index(choice)]


def _verdict(choice: str) -> Verdict:
    return _VERDICTS[_VERDICTS.index(choice)]
