"""How far people agree, and the program with each, on the speech of a film.

What is compared are the segments of the speech, each by the label that covers most of it. Kinds are
those of the ratio: soliloquy counts as dialogue. Where somebody could or would not say there is
nothing to agree on, and the segment is left out and counted.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.blocks import blocks_of
from ostinato.measures.agreement import agreement
from ostinato.measures.krippendorff import krippendorffs_alpha
from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.resampling import Estimate
from ostinato.measures.unitising import gamma_of_pair
from ostinato.results import LabelKind, Results, Scene
from ostinato.timeline import Interval

COMPARED: tuple[LabelKind, ...] = ("narration", "dialogue", "none")
Said = Sequence[tuple[Interval, LabelKind]]
_LEAST_COVER = 0.5
_BY_CHANCE = 0.5
_AS: Mapping[LabelKind, int] = {"narration": 0, "dialogue": 1, "soliloquy": 1, "none": 2}


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
