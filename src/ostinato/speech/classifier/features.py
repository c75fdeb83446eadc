"""The evidence as columns of numbers, each relative to the film.

Columns are the values that sound and turns give, and italics of subtitles, unless the study takes
these for narration. What else subtitles show is left out, since subtitles may be the teacher, and a
pupil that sees the answer learns nothing else. Language, sex and words
are no evidence here. Each column is centred on the film's median and scaled by its spread, so that
a value says how a segment differs from the others of its film. Beside each value stands its mean
over the talk nearby, weighed by length and nearness: kinds come in runs, and a short line says
little by itself.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ostinato.results import SpeechSegment

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


def features(speech: Sequence[SpeechSegment]) -> NDArray[np.float64]:
    """Columns for each segment of a film.

    Returns (n_segments, 2 * n_columns).
    """
    if not speech:
        return np.zeros((0, 2 * len(COLUMNS)))
    if _is_taught_by_italics(speech):
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


def _is_taught_by_italics(speech: Sequence[SpeechSegment]) -> bool:
    """Tell whether subtitles have decided narration where there is no tag, by italics."""
    return any(
        s.decided_by == "subtitles"
        and s.kind == "narration"
        and s.evidence.get("italic_share", 0.0) > s.evidence.get("narrator_tag_share", 0.0)
        for s in speech
    )


def _without_italics(segment: SpeechSegment) -> SpeechSegment:
    evidence = {name: x for name, x in segment.evidence.items() if name != "italic_share"}
    return replace(segment, evidence=evidence)


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
