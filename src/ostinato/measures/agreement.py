"""How far labels agree with what was said without them, or two people with each other.

Agreement beyond chance is Cohen's kappa [1]_. Its interval is that of draws from the posterior of
the table of both raters [2]_. Segments of one scene err alike, so that the table counts for as
many segments as would tell as much if each stood for itself [3]_. How alike they are is not shown
by few scenes, so that a usual likeness counts as two scenes more. Resampled scenes cover too seldom
where they are few, where a kind is rare or agreement is nearly perfect: what nobody disagreed on
has no scatter to resample.

References
----------
.. [1] J. Cohen, "A coefficient of agreement for nominal scales", *Educational and Psychological
       Measurement* 20 (1960), 37-46.
.. [2] W. Perks, "Some observations on inverse probability including a new indifference rule",
       *Journal of the Institute of Actuaries* 73 (1947), 285-334.
.. [3] E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with small expected
       number of positive counts estimated from survey data", *Survey Methodology* 24 (1998),
       193-201.
.. [4] J. L. Fleiss, J. Cohen and B. S. Everitt, "Large sample standard errors of kappa and weighted
       kappa", *Psychological Bulletin* 72 (1969), 323-327.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ostinato.dsp.blocks import LIKENESS_IN_BLOCK, blocks_of
from ostinato.measures.scopes import DIALOGUE, NARRATION
from ostinato.measures.statistics import Estimate
from ostinato.measures.verdicts import MeasureParameters
from ostinato.results import WITHOUT_LABEL, SampledLabel, Scene, SpeechSegment, Training

LEAST_HELD_OUT = 10
"""Fewer decisions on held-out labels give no figure of accuracy."""
_LEAST_BLOCKS = 3
_SCENES_BEFORE = 2.0  # how many scenes that likeness counts for
_NO_PULL = 1e-9
_N_BINS = 5


def cohens_kappa(
    one: NDArray[np.int64], other: NDArray[np.int64], weights: NDArray[np.float64]
) -> float | None:
    """Agreement of two raters beyond chance.

    `one`, `other` (n,): what each says of each item; `weights` (n,): how much each item counts, >=
    0.
    """
    total = weights.sum()
    if total <= 0:
        return None
    agreed = float(weights[one == other].sum() / total)
    kinds = np.union1d(one, other)
    chance = sum(
        float(weights[one == kind].sum() * weights[other == kind].sum()) / float(total) ** 2
        for kind in kinds
    )
    return None if chance >= 1 else (agreed - chance) / (1 - chance)


def agreement(
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    *,
    blocks: NDArray[np.int64],
    parameters: MeasureParameters,
) -> Estimate:
    """Agreement beyond chance, and how sure one can be of it.

    `one`, `other` (n,): what each rater says of each item; `blocks` (n,): items that resemble each
    other.
    """
    value = cohens_kappa(one, other, np.ones(one.size))
    n_blocks = np.unique(blocks).size
    low = high = None
    if value is not None and n_blocks >= _LEAST_BLOCKS:
        table = _table(one, other)
        n_telling = one.size / _design_effect(table, one, other, blocks)
        drawn = _kappas(
            np.random.default_rng(parameters.seed).dirichlet(
                (table * n_telling + 1 / table.size).ravel(), parameters.n_resamples
            ),
            n_kinds=len(table),
        )
        tail = (1 - parameters.level) / 2
        low, high = (float(q) for q in np.quantile(drawn, [tail, 1 - tail]))
        low, high = min(low, value), max(high, value)
    return Estimate(
        value=value,
        low=low,
        high=high,
        n=int(one.size),
        level=parameters.level,
        method=f"Cohen's kappa of {one.size} segments in {n_blocks} blocks, posterior of its table",
    )


def _table(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    """Shares of what both say, rows by the one and columns by the other."""
    kinds, codes = np.unique(np.concatenate([one, other]), return_inverse=True)
    table = np.zeros((kinds.size, kinds.size))
    np.add.at(table, (codes[: one.size], codes[one.size :]), 1 / one.size)
    return table


def _kappas(tables: NDArray[np.float64], *, n_kinds: int) -> NDArray[np.float64]:
    shares = tables.reshape(-1, n_kinds, n_kinds)
    agreed = np.trace(shares, axis1=1, axis2=2)
    chance = (shares.sum(axis=1) * shares.sum(axis=2)).sum(axis=1)
    return np.asarray((agreed - chance) / np.maximum(1 - chance, 1e-12))


def _design_effect(
    table: NDArray[np.float64],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    blocks: NDArray[np.int64],
) -> float:
    """How many segments tell no more than one would by itself, at least 1.

    Each segment pulls kappa [4]_; pulls of a block add up. That blocks are few is made up for by
    Student's t, as in [3]_.
    """
    _, block_of, sizes = np.unique(blocks, return_inverse=True, return_counts=True)
    _, codes = np.unique(np.concatenate([one, other]), return_inverse=True)
    first, second = codes[: one.size], codes[one.size :]
    of_one, of_other = table.sum(axis=1), table.sum(axis=0)
    chance = float(of_one @ of_other)
    agreed = float(np.trace(table))
    left = (1 - agreed) / (1 - chance)  # 1 - kappa
    pulls = (first == second) - agreed - left * (of_other[first] + of_one[second] - 2 * chance)
    alone = float(np.square(pulls).sum())
    scale = sizes.size / (sizes.size - 1)
    squares = np.square(np.bincount(block_of, pulls))
    together = scale * float(squares.sum())
    alike = 1 + (float(np.square(sizes).sum()) / one.size - 1) * LIKENESS_IN_BLOCK
    effect = together / alone if alone > _NO_PULL else alike
    seen = sizes.size - 1
    effect = (seen * effect + _SCENES_BEFORE * alike) / (seen + _SCENES_BEFORE)
    few = float(stats.t.ppf(0.975, _freedom(squares)) / stats.t.ppf(0.975, one.size - 1))
    return max(1.0, effect * few**2)


def _freedom(squares: NDArray[np.float64]) -> float:
    """Degrees of freedom of a sum of squares, by how unequal these are: few scenes may hold all."""
    total, n = float(squares.sum()), squares.size
    spread = float(np.square(squares).sum()) - total**2 / n
    most = n - 1.0
    return most if spread * most <= 2 * total**2 else max(2.0, 2 * total**2 / spread)


def training_rows(
    speech: Sequence[SpeechSegment],
    sample: Sequence[SampledLabel],
    scenes: Sequence[Scene],
    *,
    parameters: MeasureParameters,
) -> tuple[Training, ...]:
    """Say on what the classifier was trained, and how right it is where a label can tell."""
    labelled = [s for s in speech if s.decided_by in {"label", "subtitles"} and _is_decided(s)]
    if not labelled:
        return ()
    starts_s = {one.start_s for one in sample}
    tried = [s for s in labelled if s.evidence.get(WITHOUT_LABEL) is not None and _is_program(s)]
    random = [s for s in tried if s.start_s in starts_s]
    basis = "random labels" if random else "chosen labels" if tried else None
    row = _row(speech, labelled, random or tried, scenes=scenes, parameters=parameters)
    return (replace(row, basis=basis),)


def _is_decided(segment: SpeechSegment) -> bool:
    return segment.kind in NARRATION | DIALOGUE


def _is_program(segment: SpeechSegment) -> bool:
    return segment.decided_by == "label" and segment.predicted_by == "classifier"


def _row(
    speech: Sequence[SpeechSegment],
    labelled: Sequence[SpeechSegment],
    tried: Sequence[SpeechSegment],
    *,
    scenes: Sequence[Scene],
    parameters: MeasureParameters,
) -> Training:
    truth, said = (
        np.array([_code(kind) for kind in kinds], dtype=np.int64)
        for kinds in ([s.kind for s in tried], [s.predicted or "undetermined" for s in tried])
    )
    p = np.array([s.evidence[WITHOUT_LABEL] for s in tried])
    middles_s = np.array([(s.start_s + s.end_s) / 2 for s in tried])
    blocks, _ = blocks_of(middles_s, middles_s, [scene.interval for scene in scenes])
    decided = said != 0
    kappa = agreement(truth[decided], said[decided], blocks=blocks[decided], parameters=parameters)
    is_enough = int(decided.sum()) >= LEAST_HELD_OUT
    own = [s for s in speech if s.decided_by == "classifier"]
    return Training(
        taught_by=", ".join(
            f"{n} {name}"
            for name, by in (("labels", "label"), ("segments with subtitles", "subtitles"))
            if (n := sum(s.decided_by == by for s in labelled))
        ),
        n_narration=sum(s.kind in NARRATION for s in labelled),
        n_dialogue=sum(s.kind in DIALOGUE for s in labelled),
        n_decided_narration=sum(s.kind == "narration" for s in own),
        n_decided_dialogue=sum(s.kind == "dialogue" for s in own),
        n_undetermined=sum(s.kind == "undetermined" for s in speech),
        basis=None,
        n_tried=len(tried),
        abstained=float(1 - decided.mean()) if tried else None,
        balanced_accuracy=_balanced(truth[decided], said[decided]) if is_enough else None,
        kappa=kappa.value if is_enough else None,
        kappa_low=kappa.low if is_enough else None,
        kappa_high=kappa.high if is_enough else None,
        calibration_error=_calibration_error(p, truth > 0),
    )


def _code(kind: str) -> int:
    return int(kind in NARRATION) - int(kind in DIALOGUE)


def _balanced(truth: NDArray[np.int64], said: NDArray[np.int64]) -> float | None:
    rates = [(said[truth == kind] == kind).mean() for kind in (1, -1) if (truth == kind).any()]
    return float(np.mean(rates)) if len(rates) == 2 else None  # noqa: PLR2004 - of both kinds


def _calibration_error(p: NDArray[np.float64], is_narration: NDArray[np.bool_]) -> float | None:
    """Mean distance of probabilities from what came true, in five groups of as many segments."""
    if p.size < 2 * _N_BINS:
        return None
    groups = np.array_split(np.argsort(p, kind="stable"), _N_BINS)
    return float(sum(g.size * abs(p[g].mean() - is_narration[g].mean()) for g in groups) / p.size)
