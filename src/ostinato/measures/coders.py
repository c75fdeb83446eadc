"""How far people agree, and the program with each, on the speech of a film.

What is compared are the segments of the speech, each by the label that covers most of it. Kinds are
those of the ratio: soliloquy counts as dialogue. Where somebody could or would not say there is
nothing to agree on, and the segment is left out and counted.

References
----------
.. [1] K. Krippendorff, *Content Analysis*, 4th ed., 2019, ch. 12.

Two units differ by place, the square of how far their ends lie apart over their lengths together,
and by kind, 0 or 1; a unit that the other has not costs 1. Units are paired as cheaply as can be.
Gamma is 1 less that cost over its mean where one of both is moved in a circle by chance.

References
----------
.. [1] Y. Mathet, A. Widlöcher and J.-P. Métivier, "The unified and holistic method gamma for
       inter-annotator agreement measure and alignment", *Computational Linguistics* 41 (2015),
       437-479.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ostinato.dsp.blocks import blocks_of
from ostinato.measures.agreement import agreement
from ostinato.measures.statistics import Estimate
from ostinato.measures.verdicts import MeasureParameters
from ostinato.results import LabelKind, Results, Scene
from ostinato.timeline import Interval

COMPARED: tuple[LabelKind, ...] = ("narration", "dialogue", "none")
Said = Sequence[tuple[Interval, LabelKind]]
_LEAST_COVER = 0.5
_BY_CHANCE = 0.5
_AS: Mapping[LabelKind, int] = {"narration": 0, "dialogue": 1, "soliloquy": 1, "none": 2}
_N_CHANCE = 30
Units = Sequence[tuple[Interval, LabelKind]]
_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two say of the same segments.

    `counts[i][j]` segments are `COMPARED[i]` to the one and `COMPARED[j]` to the other; of
    `n_undecided` one of them has an opinion and the other leaves them undetermined. `gamma` is how
    far two people agree on the extent of their labels too; None with the program.
    """

    one: str
    other: str
    counts: tuple[tuple[int, ...], ...]
    n_undecided: int
    kappa: Estimate
    gamma: float | None = None

    @property
    def agreed(self) -> float | None:
        """Share of the segments of which both say the same; None if there are none."""
        n = sum(map(sum, self.counts))
        return sum(row[i] for i, row in enumerate(self.counts)) / n if n else None

    @property
    def wrong(self) -> float | None:
        """Share of labels that are wrong if both err as often, each by chance, between two kinds.

        None with the program, which is no person, or where they disagree on half or more.
        """
        if self.gamma is None or self.agreed is None or self.agreed <= _BY_CHANCE:
            return None
        return (1 - math.sqrt(2 * self.agreed - 1)) / 2


def compare(
    results: Results,
    said: Mapping[str, Said],
    *,
    parameters: MeasureParameters,
) -> tuple[Comparison, ...]:
    """Compare what people say with each other, and with what the program says without their labels.

    Parameters
    ----------
    results : Results
        Of the film, with all that was detected as speech.
    said : mapping of str to sequence of (Interval, kind)
        Who says what of which stretch; two people or more.
    parameters : MeasureParameters
        Seed, number of resamples and level of the intervals.

    Returns
    -------
    tuple of Comparison
        Each pair of people, then each of them with the program where it says anything.
    """
    intervals = _compared_intervals(results)
    opinions = {name: _opinions(intervals, labels) for name, labels in said.items()}
    program = np.array([_code(kind) for kind in _of_program(results)], dtype=np.int64)
    pairs = [
        (one, other, opinions[one], opinions[other]) for one, other in combinations(opinions, 2)
    ]
    if (program >= 0).any():
        pairs += [(name, "the program", opinions[name], program) for name in opinions]
    rows = [
        _compared(*pair, intervals=intervals, scenes=results.scenes, parameters=parameters)
        for pair in pairs
    ]
    return tuple(_with_gamma(row, said, parameters) for row in rows)


def _with_gamma(
    row: Comparison, said: Mapping[str, Said], parameters: MeasureParameters
) -> Comparison:
    if row.one not in said or row.other not in said:
        return row
    one, other = ([unit for unit in said[name] if unit[1] in _AS] for name in (row.one, row.other))
    rng = np.random.default_rng(parameters.seed)
    return replace(row, gamma=gamma_of_pair(one, other, rng=rng))


def alpha_of_all(results: Results, said: Mapping[str, Said]) -> float | None:
    """Agreement of all people beyond chance, as Krippendorff's alpha.

    Parameters
    ----------
    results : Results
        Of the film, with all that was detected as speech.
    said : mapping of str to sequence of (Interval, kind)
        Who says what of which stretch.

    Returns
    -------
    float or None
        None where it is not defined.
    """
    intervals = _compared_intervals(results)
    return krippendorffs_alpha(np.array([_opinions(intervals, one) for one in said.values()]))


def _compared_intervals(results: Results) -> list[Interval]:
    intervals = [s.interval for s in results.speech]
    return intervals + [Interval(s.start_s, s.end_s) for s in results.labels if s.kind == "none"]


def _of_program(results: Results) -> list[LabelKind | None]:
    kinds: list[LabelKind | None] = [
        s.predicted or (None if s.decided_by == "label" else s.kind) for s in results.speech
    ]
    return kinds + [s.predicted for s in results.labels if s.kind == "none"]


def _opinions(intervals: Sequence[Interval], labels: Said) -> NDArray[np.int64]:
    """Code of the kind that covers most of each segment: -1 undetermined, -2 not labelled."""
    out = np.full(len(intervals), -2)
    for i, interval in enumerate(intervals):
        covered: dict[LabelKind, float] = {}
        for stretch, kind in labels:
            shared = stretch.intersection(interval)
            if shared is not None:
                covered[kind] = covered.get(kind, 0.0) + shared.duration_s
        most = max(covered, key=lambda kind: covered[kind], default=None)
        if most is not None and covered[most] >= _LEAST_COVER * interval.duration_s:
            out[i] = _code(most)
    return out


def _code(kind: LabelKind | None) -> int:
    return -2 if kind is None else _AS.get(kind, -1)


def _compared(
    one: str,
    other: str,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    *,
    intervals: Sequence[Interval],
    scenes: Sequence[Scene],
    parameters: MeasureParameters,
) -> Comparison:
    both = (first >= 0) & (second >= 0)
    middles_s = np.array([(part.start_s + part.end_s) / 2 for part in intervals])[both]
    blocks, _ = blocks_of(middles_s, middles_s, [scene.interval for scene in scenes])
    counts = np.zeros((len(COMPARED), len(COMPARED)), np.int64)
    np.add.at(counts, (first[both], second[both]), 1)
    return Comparison(
        one=one,
        other=other,
        counts=tuple(tuple(row) for row in counts.tolist()),
        n_undecided=int(((first >= -1) & (second >= -1) & ~both).sum()),
        kappa=agreement(first[both], second[both], blocks=blocks, parameters=parameters),
    )


def krippendorffs_alpha(codes: NDArray[np.int64]) -> float | None:
    """Agreement of several coders beyond chance.

    `codes` (n_coders, n_items): what each says of each item; negative where it says nothing.
    """
    kinds = np.unique(codes[codes >= 0])
    counts = (codes[None] == kinds[:, None, None]).sum(axis=1).astype(float)
    n_codes = counts.sum(axis=0)
    counts, n_codes = counts[:, n_codes > 1], n_codes[n_codes > 1]
    of_kind = counts.sum(axis=1)
    n = float(n_codes.sum())
    by_chance = (n**2 - float(np.square(of_kind).sum())) / (n - 1) if n > 1 else 0.0
    if by_chance <= 0:
        return None
    # pairs within an item that differ, each item weighed by its number of codes
    differing = (np.square(n_codes) - np.square(counts).sum(axis=0)) / (n_codes - 1)
    return 1 - float(differing.sum()) / by_chance


def gamma_of_pair(one: Units, other: Units, *, rng: np.random.Generator) -> float | None:
    """Agreement of two people on units, places and kinds together."""
    if not one or not other:
        return None
    names = sorted({kind for _, kind in (*one, *other)})
    first, second = (
        np.array([(part.start_s, part.end_s, names.index(kind)) for part, kind in units])
        for units in (one, other)
    )
    start_s = float(min(first[:, 0].min(), second[:, 0].min()))
    span_s = float(max(first[:, 1].max(), second[:, 1].max())) - start_s
    people = (first, second)
    by_chance = []
    for _ in range(_N_CHANCE):
        drawn = [people[int(i)] for i in rng.integers(2, size=2)]
        moves_s = rng.uniform(0, span_s, 2)
        moved = [
            _moved(units, by_s, start_s, span_s) for units, by_s in zip(drawn, moves_s, strict=True)
        ]
        by_chance.append(disorder(*moved))
    return 1 - disorder(first, second) / float(np.mean(by_chance))


def disorder(one: _Array, other: _Array) -> float:
    """Cost of the cheapest alignment, over the mean number of units.

    `one`, `other` (n_units, 3): start, end and number of the kind.
    """
    ends = np.abs(one[:, None, :2] - other[None, :, :2]).sum(axis=2)
    lengths = (one[:, 1] - one[:, 0])[:, None] + (other[:, 1] - other[:, 0])[None]
    costs = (ends / lengths) ** 2 + (one[:, None, 2] != other[None, :, 2])
    # a pair that costs more than both left alone is never made
    saved = np.minimum(costs - 2.0, 0.0)
    rows, columns = linear_sum_assignment(saved)
    total = float(saved[rows, columns].sum()) + len(one) + len(other)
    return 2 * total / (len(one) + len(other))


def _moved(units: _Array, by_s: float, start_s: float, span_s: float) -> _Array:
    starts_s = start_s + (units[:, 0] - start_s + by_s) % span_s
    return np.column_stack([starts_s, starts_s + units[:, 1] - units[:, 0], units[:, 2]])
