"""How much of the speech is said to nobody, from a random sample of labels and from voices.

A person's label says whether a stretch is said to somebody (dialogue) or to nobody who is there
(soliloquy, narration). Voices predict it for all speech: what no other voice answers. The share is
estimated as that of narration is, by `ostinato.measures.prediction`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.prediction import prediction_powered
from ostinato.measures.resampling import Estimate
from ostinato.measures.speakers import Stretch, clipped, frame, stretches
from ostinato.results import LabelKind, SampledLabel, Scope, SpeechSegment
from ostinato.timeline import Timeline

# columns of the estimator, which knows narration and dialogue alone
_TO_NOBODY: LabelKind = "narration"
_TO_SOMEBODY: LabelKind = "dialogue"
_ADDRESSED: Mapping[LabelKind, LabelKind] = {
    "soliloquy": _TO_NOBODY,
    "narration": _TO_NOBODY,
    "dialogue": _TO_SOMEBODY,
}


def said_to_nobody(
    speech: Sequence[SpeechSegment],
    unanswered: Iterable[SpeechSegment],
    sample: Sequence[SampledLabel],
    named: Mapping[Scope, Timeline],
    *,
    parameters: MeasureParameters,
) -> dict[Scope, Estimate]:
    """Estimate the share of speech that is said to nobody who is there.

    `unanswered`: those of it that no other voice answers; `named`: parts of the film by their
    scopes.
    """
    if not sample:
        return {}
    alone = Timeline.of(segment.interval for segment in unanswered)
    rows = [_as_addressed(row, alone) for row in stretches(speech, sample)]
    found = {}
    for scope, within in named.items():
        sampled = frame(clipped(rows, within))
        if sampled.is_enough:
            found[scope] = prediction_powered(sampled, level=parameters.level)
    return found


def _as_addressed(row: Stretch, alone: Timeline) -> Stretch:
    is_alone = (alone & Timeline((row.interval,))).duration_s > row.interval.duration_s / 2
    return replace(
        row,
        predicted=_TO_NOBODY if is_alone else _TO_SOMEBODY,
        label=None if row.label is None else _ADDRESSED.get(row.label, row.label),
    )
