"""Every segment is predicted, by its evidence, by a model fitted to other parts of the film.

Blocks are dealt out to folds, and what is said of a fold comes from a model fitted to the labels of
all others [1]_: of a segment with a label and of one without alike. So predictions of labelled
segments err as those of the others do, which is what makes a count of the others right by them.

References
----------
.. [1] T. Zrnic and E. J. Candès, "Cross-prediction-powered inference", *PNAS* 121 (2024),
       e2322083121.

Columns are the values that sound and turns give, and italics of subtitles, unless the study takes
these for narration. What else subtitles show is left out: where they give the labels, a model that
sees them fits nothing else. Language, sex and words are no evidence here. Each column is centred on
the film's median and scaled by its spread, so that a value says how a segment differs from the
others of its film. Beside each value stands its mean over the talk nearby, weighed by length and
nearness: kinds come in runs, and a short line says little by itself.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.blocks import blocks_of
from ostinato.results import (
    WITHOUT_LABEL,
    DecidedBy,
    Decision,
    Kind,
    SegmentEvidence,
    SpeechSegment,
    WithoutLabel,
)
from ostinato.speech.classifier.fit import Model, TrainingSet, fit, folds
from ostinato.speech.speech_parameters import ClassifierParameters
from ostinato.timeline import Interval

NARRATOR_VOICE = "narrator_voice_share"
_KINDS: dict[int, Kind] = {1: "narration", -1: "dialogue", 0: "undetermined"}
_BY_PEOPLE = ("label", "subtitles")
_AS_IT_IS = (
    "late_decay_db_s",
    "slow_decay_db_s",
    "decay_spread_db_s",
    "noise_floor_re_speech_db",
    "ambience_re_speech_db",
    "noise_floor_step_db",
    "noise_floor_likeness",
    "foreground_spread_db",
    "tilt_db_octave",
    "low_end_db",
    "level_re_film_db",
    "level_spread_db",
    "side_to_mid_db",
    "surround_side_to_mid_db",
    "centre_to_front_db",
    "is_answered",
    "music_activity",
    "song_share",
    "italic_share",
)
_LOGARITHMS = ("bandwidth_hz", "foreground_per_min", "run_s", "gap_before_s", "gap_after_s")
"""Of these it is ratios that count."""
COLUMNS = (*_AS_IT_IS, *_LOGARITHMS)
_FURTHEST = 3.0  # spreads from the median; what lies further out is a mismeasurement or as clear
_NEARNESS_S = 4.0
_OTHER_VOICE = 0.25  # what another voice's neighbouring line says of this one
_SPREAD_OF_NORMAL = 1.349  # between quartiles, in standard deviations


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
    parameters : ClassifierParameters
        How.

    Returns
    -------
    tuple of SpeechSegment
        What labels and subtitles decided stays; labelled segments have in `predicted` what would
        have been said without their block's labels, unless subtitles say it. The rest has a
        probability, by *prior* where too few labels of either kind are known, else by
        *classifier*, and a kind where held-out labels show that such a probability decides.
    """
    training = _training_set(speech, scenes)
    fold_of = folds(training.blocks, parameters.n_folds)
    models = [
        fit(training, training.is_labelled & (fold_of != fold), parameters)
        for fold in range(parameters.n_folds)
    ]
    kinds = [None if model is None else model.kinds().tolist() for model in models]
    return tuple(
        _predicted(segment, i, models[fold], kinds[fold], parameters)
        for i, (segment, fold) in enumerate(zip(speech, fold_of.tolist(), strict=True))
    )


def _training_set(speech: Sequence[SpeechSegment], scenes: Sequence[Interval]) -> TrainingSet:
    middles_s = np.array([(s.start_s + s.end_s) / 2 for s in speech])
    is_labelled = np.array([_is_example(s) for s in speech], dtype=bool)
    _, blocks = blocks_of(middles_s[is_labelled], middles_s, scenes)
    names = sorted({s.voice for s in speech if s.voice is not None})
    voices: NDArray[np.int64] = np.array(
        [-1 if s.voice is None else names.index(s.voice) for s in speech], dtype=np.int64
    )
    return TrainingSet(
        x=features(speech),
        is_narration=np.array([s.kind == "narration" for s in speech], dtype=bool),
        is_labelled=is_labelled,
        blocks=blocks,
        voices=voices,
    )


def _is_example(segment: SpeechSegment) -> bool:
    return segment.decided_by in _BY_PEOPLE and segment.kind != "undetermined"


def _predicted(
    segment: SpeechSegment,
    i: int,
    model: Model | None,
    kinds: Sequence[int] | None,
    parameters: ClassifierParameters,
) -> SpeechSegment:
    p_narration = parameters.prior_narration if model is None else float(model.p_narration[i])
    kind = "undetermined" if kinds is None else _KINDS[kinds[i]]
    by: DecidedBy = "prior" if model is None else "classifier"
    evidence = {
        name: value
        for name, value in segment.evidence.items()
        if name not in {WITHOUT_LABEL, NARRATOR_VOICE}
    }
    if model is not None and segment.voice is not None:
        evidence[NARRATOR_VOICE] = float(model.voice_share[i])
    if segment.decided_by == "subtitles":
        return segment.with_parts(SegmentEvidence(evidence=evidence))
    if segment.decided_by == "label":
        if segment.predicted_by == "subtitles" or segment.predicted is None:
            return segment.with_parts(SegmentEvidence(evidence=evidence))
        evidence[WITHOUT_LABEL] = p_narration
        without = WithoutLabel(predicted=kind, predicted_by=by)
        return segment.with_parts(without, SegmentEvidence(evidence=evidence))
    decision = Decision(kind=kind, p_narration=p_narration, decided_by=by)
    return segment.with_parts(decision, SegmentEvidence(evidence=evidence))


def features(speech: Sequence[SpeechSegment]) -> NDArray[np.float64]:
    """Columns for each segment of a film.

    Returns (n_segments, 2 * n_columns).
    """
    if not speech:
        return np.zeros((0, 2 * len(COLUMNS)))
    if _italics_decide(speech):
        speech = [_without_italics(s) for s in speech]
    raw = np.array([[s.evidence.get(name, np.nan) for name in COLUMNS] for s in speech])
    n_plain = len(_AS_IT_IS)
    raw[:, n_plain:] = np.log1p(np.maximum(raw[:, n_plain:], 0))
    known = ~np.isnan(raw)
    own = np.zeros_like(raw)
    for column in np.flatnonzero(known.any(axis=0)):
        values = raw[known[:, column], column]
        own[known[:, column], column] = _standard(values)
    return np.hstack([own, _nearby(speech) @ own])


def _italics_decide(speech: Sequence[SpeechSegment]) -> bool:
    """Tell whether subtitles have decided narration where there is no tag, by italics."""
    return any(
        s.decided_by == "subtitles"
        and s.kind == "narration"
        and s.evidence.get("italic_share", 0.0) > s.evidence.get("narrator_tag_share", 0.0)
        for s in speech
    )


def _without_italics(segment: SpeechSegment) -> SpeechSegment:
    evidence = {name: x for name, x in segment.evidence.items() if name != "italic_share"}
    return segment.with_parts(SegmentEvidence(evidence=evidence))


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, middle, high = np.percentile(values, [25, 50, 75])
    spread = max((high - low) / _SPREAD_OF_NORMAL, float(values.std()) / 2)
    if spread == 0:
        return np.zeros_like(values)
    return np.asarray(np.clip((values - middle) / spread, -_FURTHEST, _FURTHEST))


def _nearby(speech: Sequence[SpeechSegment]) -> NDArray[np.float64]:
    """Weights of a mean over the talk nearby, each row summing to 1."""
    starts_s = np.array([s.start_s for s in speech])
    ends_s = np.array([s.end_s for s in speech])
    gaps_s = np.maximum(starts_s[None] - ends_s[:, None], starts_s[:, None] - ends_s[None])
    weights = (ends_s - starts_s)[None] * np.exp(-np.maximum(gaps_s, 0) / _NEARNESS_S)
    names = {name: number for number, name in enumerate({s.voice for s in speech} - {None})}
    # numbers, since a comparison of so many texts takes most of the time
    voices = np.array([-1 if s.voice is None else names[s.voice] for s in speech])
    is_known = voices >= 0
    differs = (voices[:, None] != voices[None]) & is_known[:, None] & is_known[None]
    weights = weights * np.where(differs, _OTHER_VOICE, 1.0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
