"""Every segment is predicted by a model that was fitted to other parts of the film.

Blocks are dealt out to folds, and what is said of a fold was learnt from the labels of all others
[1]_: of a segment with a label and of one without alike. So the opinions on labelled segments err
as those on the others do, which is what makes a count of the others right by them.

References
----------
.. [1] T. Zrnic and E. J. Candès, "Cross-prediction-powered inference", *PNAS* 121 (2024),
       e2322083121.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.blocks import blocks_of
from ostinato.results import WITHOUT_LABEL, DecidedBy, Kind, SpeechSegment
from ostinato.speech.classifier.features import features
from ostinato.speech.classifier.fit import Model, TrainingSet, fit, folds
from ostinato.speech.speech_parameters import ClassifierParameters
from ostinato.timeline import Interval

NARRATOR_VOICE = "narrator_voice_share"
_KINDS: dict[int, Kind] = {1: "narration", -1: "dialogue", 0: "undetermined"}
_BY_PEOPLE = ("label", "subtitles")


def predict(
    speech: Sequence[SpeechSegment],
    *,
    scenes: Sequence[Interval],
    parameters: ClassifierParameters,
) -> tuple[SpeechSegment, ...]:
    """Decide what people left open, as far as a classifier trained on theirs can.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        In film order, with evidence; kinds that this function gave before are given anew.
    scenes : sequence of Interval
        The scene table; minutes stand in for it.
    parameters : TeachingParameters
        How.

    Returns
    -------
    tuple of SpeechSegment
        What labels and subtitles decided stays; labelled segments have in `predicted` what would
        have been said without their block's labels, unless subtitles say it. The rest has a
        probability, by *prior* where too few labels of either kind are known, else by
        *classifier*, and a kind where held-out labels show that such a probability decides.
    """
    pupils = _pupils(speech, scenes)
    fold_of = folds(pupils.blocks, parameters.n_folds)
    lessons = [
        fit(pupils, pupils.is_taught & (fold_of != fold), parameters)
        for fold in range(parameters.n_folds)
    ]
    return tuple(
        _told(segment, i, lessons[fold], parameters)
        for i, (segment, fold) in enumerate(zip(speech, fold_of.tolist(), strict=True))
    )


def _pupils(speech: Sequence[SpeechSegment], scenes: Sequence[Interval]) -> TrainingSet:
    middles_s = np.array([(s.start_s + s.end_s) / 2 for s in speech])
    is_taught = np.array([_teaches(s) for s in speech], dtype=bool)
    _, blocks = blocks_of(middles_s[is_taught], middles_s, scenes)
    names = sorted({s.voice for s in speech if s.voice is not None})
    voices: NDArray[np.int64] = np.array(
        [-1 if s.voice is None else names.index(s.voice) for s in speech], dtype=np.int64
    )
    return TrainingSet(
        x=features(speech),
        is_narration=np.array([s.kind == "narration" for s in speech], dtype=bool),
        is_taught=is_taught,
        blocks=blocks,
        voices=voices,
    )


def _teaches(segment: SpeechSegment) -> bool:
    return segment.decided_by in _BY_PEOPLE and segment.kind != "undetermined"


def _told(
    segment: SpeechSegment, i: int, lesson: Model | None, parameters: ClassifierParameters
) -> SpeechSegment:
    p_narration = parameters.prior_narration if lesson is None else float(lesson.p_narration[i])
    kind = "undetermined" if lesson is None else _KINDS[int(lesson.kinds()[i])]
    by: DecidedBy = "prior" if lesson is None else "classifier"
    evidence = {
        name: value
        for name, value in segment.evidence.items()
        if name not in {WITHOUT_LABEL, NARRATOR_VOICE}
    }
    if lesson is not None and segment.voice is not None:
        evidence[NARRATOR_VOICE] = float(lesson.voice_share[i])
    if segment.decided_by == "subtitles":
        return replace(segment, evidence=evidence)
    if segment.decided_by == "label":
        if segment.predicted_by == "subtitles" or segment.predicted is None:
            return replace(segment, evidence=evidence)
        evidence[WITHOUT_LABEL] = p_narration
        return replace(segment, predicted=kind, predicted_by=by, evidence=evidence)
    return replace(segment, kind=kind, p_narration=p_narration, decided_by=by, evidence=evidence)
