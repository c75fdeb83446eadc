"""How far labels agree with what was said without them, or two people with each other.

Agreement beyond chance is Cohen's kappa [1]_; intervals come from resampling whole scenes, or
minutes where scenes are not marked.

References
----------
.. [1] J. Cohen, "A coefficient of agreement for nominal scales", *Educational and Psychological
       Measurement* 20 (1960), 37-46.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.blocks import blocks_of
from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.resampling import Estimate, block_multiplicities
from ostinato.measures.speakers import DIALOGUE, NARRATION
from ostinato.results import SampledLabel, Scene, SpeechSegment, Teaching

_LEAST_BLOCKS = 3
_N_BINS = 5
_WITHOUT_LABEL = "p_narration_without_label"


def cohens_kappa(
    one: NDArray[np.int64], other: NDArray[np.int64], weights: NDArray[np.float64]
) -> float | None:
    """Agreement of two raters beyond chance.

    Parameters
    ----------
    one, other : ndarray of int, shape (n,)
        What each says of each item.
    weights : ndarray, shape (n,)
        How much each item counts, >= 0.

    Returns
    -------
    float or None
        1 for perfect agreement, 0 for what chance gives; None where both only ever say one thing.
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

    Parameters
    ----------
    one, other : ndarray of int, shape (n,)
        What each rater says of each item.
    blocks : ndarray of int, shape (n,)
        Items that resemble each other.
    parameters : MeasureParameters
        Seed, number of resamples and level.

    Returns
    -------
    Estimate
        Without an interval where there are fewer than three blocks.
    """
    value = cohens_kappa(one, other, np.ones(one.size))
    n_blocks = np.unique(blocks).size
    low = high = None
    if value is not None and n_blocks >= _LEAST_BLOCKS:
        times = block_multiplicities(
            blocks,
            np.zeros_like(blocks),
            rng=np.random.default_rng(parameters.seed),
            n_resamples=parameters.n_resamples,
        )
        drawn = [k for row in times if (k := cohens_kappa(one, other, row)) is not None]
        tail = (1 - parameters.level) / 2
        if drawn:
            low, high = (float(q) for q in np.quantile(drawn, [tail, 1 - tail]))
    return Estimate(
        value=value,
        low=low,
        high=high,
        n=int(one.size),
        level=parameters.level,
        method=f"Cohen's kappa of {one.size} segments, resampled in {n_blocks} blocks",
    )


def teaching(
    speech: Sequence[SpeechSegment],
    sample: Sequence[SampledLabel],
    scenes: Sequence[Scene],
    *,
    parameters: MeasureParameters,
) -> tuple[Teaching, ...]:
    """Say what taught the program, and how right it is where a label can tell.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        With `predicted` beside labels: learnt from labels of other parts of the film.
    sample : sequence of SampledLabel
        Labels of speech drawn at random: where there are any, only they are tried.
    scenes : sequence of Scene
        The scene table.
    parameters : MeasureParameters
        Of the interval.

    Returns
    -------
    tuple of Teaching
        One row, or none where people have decided nothing.
    """
    taught = [s for s in speech if s.decided_by in {"label", "subtitles"} and _is_decided(s)]
    if not taught:
        return ()
    starts_s = {one.start_s for one in sample}
    tried = [s for s in taught if s.evidence.get(_WITHOUT_LABEL) is not None and _is_program(s)]
    random = [s for s in tried if s.start_s in starts_s]
    basis = "random labels" if random else "chosen labels" if tried else None
    row = _row(speech, taught, random or tried, scenes=scenes, parameters=parameters)
    return (replace(row, basis=basis),)


def _is_decided(segment: SpeechSegment) -> bool:
    return segment.kind in NARRATION | DIALOGUE


def _is_program(segment: SpeechSegment) -> bool:
    return segment.decided_by == "label" and segment.predicted_by == "classifier"


def _row(
    speech: Sequence[SpeechSegment],
    taught: Sequence[SpeechSegment],
    tried: Sequence[SpeechSegment],
    *,
    scenes: Sequence[Scene],
    parameters: MeasureParameters,
) -> Teaching:
    truth, said = (
        np.array([_code(kind) for kind in kinds], dtype=np.int64)
        for kinds in ([s.kind for s in tried], [s.predicted or "undetermined" for s in tried])
    )
    p = np.array([s.evidence[_WITHOUT_LABEL] for s in tried])
    middles_s = np.array([(s.start_s + s.end_s) / 2 for s in tried])
    blocks, _ = blocks_of(middles_s, middles_s, [scene.interval for scene in scenes])
    decided = said != 0
    kappa = agreement(truth[decided], said[decided], blocks=blocks[decided], parameters=parameters)
    own = [s for s in speech if s.decided_by == "classifier"]
    return Teaching(
        taught_by=", ".join(
            f"{n} {name}"
            for name, by in (("labels", "label"), ("segments with subtitles", "subtitles"))
            if (n := sum(s.decided_by == by for s in taught))
        ),
        n_narration=sum(s.kind in NARRATION for s in taught),
        n_dialogue=sum(s.kind in DIALOGUE for s in taught),
        n_decided_narration=sum(s.kind == "narration" for s in own),
        n_decided_dialogue=sum(s.kind == "dialogue" for s in own),
        n_undetermined=sum(s.kind == "undetermined" for s in speech),
        basis=None,
        n_tried=len(tried),
        abstained=float(1 - decided.mean()) if tried else None,
        balanced_accuracy=_balanced(truth[decided], said[decided]),
        kappa=kappa.value,
        kappa_low=kappa.low,
        kappa_high=kappa.high,
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
