"""Whether subtitles belong to a film, and whether they are in step with it.

What is compared are the cues of speech and the talk that was detected. A file that fits as it is
stays as it is, to the millisecond. One that plainly fits with another shift, speed, or a break is
moved. Where a right file would have been recognised and this one is not, it is refused, as another
film's only if a right one would also have been found at some shift. Where the film has too little
speech, or the file too few cues, to know, it is taken as it is, and that is said. The bounds were
chosen on films of real speech (`benchmarks/subtitles.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from scipy.special import ndtr

from ostinato.dsp.activations import active_stretches
from ostinato.speech.activity import Activity
from ostinato.speech.annotations import Annotation
from ostinato.speech.speech_parameters import SpeechParameters
from ostinato.speech.sync.shifts import (
    BIN_S,
    SUBTITLE_SPEEDS,
    Alignment,
    Array,
    Correlation,
    correlate,
    heard,
    in_pieces,
    refined,
    unevenness,
)

Verdict = Literal["fits", "moved", "unknown", "unsure", "another film"]

_LEAST_CUES = 12  # a dozen lines are alike in many a film
_ENOUGH_CUES = 20  # to refuse a file, whatever is found
_SURE = 5.5  # of 500 files of other films one reaches 5.1 at the best of all shifts and speeds
_MORE_FOR_BREAK = 2.2  # and 7.1 with a break
_LIKELY = 4.8  # too good for another film's file
_FITS = 3.8  # at no shift: none of them exceeds 3.4
_NOT_THIS = 2.4  # right files with a break, one of whose parts is in step, score more
_SHARE_IF_IN_STEP = 0.5  # of what the film's own talk as cues scores; loose right files have .6
_SHARE_ANYWHERE = 0.32  # right files whose two halves need two shifts have more at one of them
_TELLS = 4.5  # which must do so well itself
_RIVAL = 2.0  # a better shift must be so much better than none
_OTHER_SPEED = 1.0  # and another speed than the film's own
_PLAINER = 0.06  # of a score, which pieces and speeds raise by following chance within a second
_UNEVEN = 3.2
_UNEVEN_IF_WEAK = 2.0
_COST_OF_BREAK = 1.0
_UNTOUCHED_S = 0.5
_NEAR_S = 0.7  # cues are drawn early by up to half a second, since they linger
_LONGEST_CUE_S = 5.0
_LINGER_S = 0.7
_JITTER_S = 0.25
_PER_SECOND = 2  # shifts that are independent of each other
_MOST_CERTAIN = 0.9999


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchrony:
    """What is known of subtitles beside a film.

    `alignment` is the best that was found, whether or not it is used; None where nothing was
    compared. `certainty` is the probability that chance does not bring as good a fit. `score` is
    that of the alignment and `score_of_none` that of the cues as they are, in standard deviations.
    """

    verdict: Verdict
    alignment: Alignment | None = None
    certainty: float | None = None
    score: float | None = None
    score_of_none: float | None = None

    @property
    def is_moved(self) -> bool:
        """Whether the cues are to be moved."""
        return self.verdict == "moved"


def synchrony(
    cues: Sequence[Annotation], activity: Activity, *, parameters: SpeechParameters
) -> Synchrony:
    """Compare cues of speech with the talk that was detected.

    Parameters
    ----------
    cues : sequence of Annotation
        Of subtitles; lyrics, signs and descriptions of sounds are not counted.
    activity : Activity
        Of the film.
    parameters : SpeechParameters
        How talk is found.

    Returns
    -------
    Synchrony
        What is known.
    """
    cues_s = _cues_s(cues)
    talk = heard(activity.speech, round(BIN_S / _frame_s(activity)))
    if len(cues_s) < _LEAST_CUES:
        return Synchrony(verdict="unknown")
    found = {speed: correlate(talk, cues_s * speed) for speed in SUBTITLE_SPEEDS}
    alignment, score = _best(talk, cues_s, found)
    of_none = found[1.0].near(0.0, _NEAR_S)
    uneven = unevenness(talk, cues_s, found[alignment.speed], alignment)
    alignment = refined(activity.speech, _frame_s(activity), cues_s, alignment)
    n_shifts = sum(one.shifts_s.size for one in found.values()) * BIN_S * _PER_SECOND

    def known(verdict: Verdict, z: float, n_tried: float) -> Synchrony:
        certainty = min(_MOST_CERTAIN, 1 - min(1.0, n_tried * float(ndtr(-z))))
        return Synchrony(
            verdict=verdict,
            alignment=alignment,
            certainty=round(certainty, 4),
            score=round(score, 2),
            score_of_none=round(of_none, 2) if np.isfinite(of_none) else None,
        )

    is_rival = score >= of_none + _RIVAL
    if _is_sure(alignment, score, of_none) and uneven < _UNEVEN:
        is_near = _furthest_s(alignment, cues_s) <= _UNTOUCHED_S + _doubt_s(
            activity, cues_s, alignment
        )
        return known("fits" if is_near else "moved", score, n_shifts)
    identity = Alignment()
    fits = of_none >= _FITS and not is_rival
    if fits and unevenness(talk, cues_s, found[1.0], identity) < _UNEVEN_IF_WEAK:
        alignment = refined(activity.speech, _frame_s(activity), cues_s, identity)
        return known("fits", of_none, 2 * _NEAR_S * _PER_SECOND)
    if len(cues_s) < _ENOUGH_CUES:
        return known("unknown", score, n_shifts)
    of_own = _of_own(talk, activity, cues_s, parameters)
    at_best = max(one.best()[0] for one in found.values())
    return known(_of_unplaced(of_own, of_none, at_best, is_rival=is_rival), score, n_shifts)


def _of_unplaced(of_own: float, of_none: float, at_best: float, *, is_rival: bool) -> Verdict:
    """Judge cues that neither fit nor can be moved."""
    if of_own < _TELLS:
        return "unknown"
    if of_none >= min(_FITS, _SHARE_IF_IN_STEP * of_own):
        return "unsure" if is_rival else "unknown"
    fits_nowhere = at_best < min(_LIKELY, _SHARE_ANYWHERE * of_own)
    return "another film" if fits_nowhere and of_none < _NOT_THIS else "unsure"


def _is_sure(alignment: Alignment, score: float, of_none: float) -> bool:
    """Whether chance does not bring such a score, of all shifts or where some cues are in step."""
    n_breaks = len(alignment.shifts_s) - 1
    some_fit = n_breaks == 1 and min(map(abs, alignment.shifts_s)) <= _NEAR_S
    if some_fit and of_none >= _FITS and score >= of_none + _RIVAL:
        return True
    return score >= _SURE + _MORE_FOR_BREAK * n_breaks


def moved(cues: Sequence[Annotation], alignment: Alignment) -> tuple[Annotation, ...]:
    """Move cues to where an alignment says; those that would end before the film are left out.

    Parameters
    ----------
    cues : sequence of Annotation
        Of subtitles, in order.
    alignment : Alignment
        Where to.

    Returns
    -------
    tuple of Annotation
        In film order, to the millisecond.
    """
    if not cues:
        return ()
    bounds_s = np.array([(cue.interval.start_s, cue.interval.end_s) for cue in cues])
    film_s = np.round(alignment.film_s(bounds_s), 3)
    placed = [
        cue.at(max(0.0, start_s), end_s)
        for cue, (start_s, end_s) in zip(cues, film_s.tolist(), strict=True)
        if end_s > max(0.0, start_s)
    ]
    return tuple(sorted(placed, key=lambda a: (a.interval, a.kind or "")))


def _frame_s(activity: Activity) -> float:
    return activity.clock.hop_length / activity.clock.sample_rate_hz


def _cues_s(cues: Sequence[Annotation]) -> Array:
    """Cues of speech, those that begin together being one, shape (n, 2)."""
    spoken = [cue.interval for cue in cues if cue.mark != "nothing"]
    rows: list[list[float]] = []
    for one in sorted(spoken):
        if rows and abs(one.start_s - rows[-1][0]) < _SAME_CUE_S:
            rows[-1][1] = max(rows[-1][1], one.end_s)
        else:
            rows.append([one.start_s, one.end_s])
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


_SAME_CUE_S = 0.001


def _best(talk: Array, cues_s: Array, found: dict[float, Correlation]) -> tuple[Alignment, float]:
    """Return the best alignment and its score, less what its freedom costs."""
    tops = {speed: correlation.best() for speed, correlation in found.items()}
    likely = sorted(tops, key=lambda speed: -tops[speed][0])[:_N_SPEEDS]
    tried = []
    for speed in dict.fromkeys((1.0, *likely)):
        top, shift_s = tops[speed]
        if not np.isfinite(top):
            continue
        alignment, in_all = in_pieces(talk, cues_s, found[speed], speed, shift_s)
        n_breaks = len(alignment.shifts_s) - 1
        score = in_all - _COST_OF_BREAK * n_breaks
        is_other = speed != 1.0
        handicap = _OTHER_SPEED * is_other + _PLAINER * in_all * (n_breaks + is_other)
        tried.append((score - handicap, score, alignment))
    if not tried:
        return Alignment(), 0.0
    _, score, alignment = max(tried, key=lambda one: one[0])
    return alignment, score


_N_SPEEDS = 2


def _furthest_s(alignment: Alignment, cues_s: Array) -> float:
    return float(np.abs(alignment.film_s(cues_s) - cues_s)[:, 0].max())


def _doubt_s(activity: Activity, cues_s: Array, alignment: Alignment) -> float:
    """How far halves of the cues differ in the shift that they ask for."""
    if len(alignment.shifts_s) > 1 or alignment.speed != 1.0:
        return 0.0
    halves = [
        refined(activity.speech, _frame_s(activity), cues_s[n::2], alignment).shifts_s[0]
        for n in range(2)
    ]
    return abs(halves[0] - halves[1])


def _of_own(talk: Array, activity: Activity, cues_s: Array, parameters: SpeechParameters) -> float:
    """Return what cues would score that were made of this film's own talk, as many in as long."""
    stretches = active_stretches(
        activity.speech,
        activity.clock,
        duration_s=activity.duration_s,
        parameters=parameters.speech,
    )
    span_s = float(cues_s[:, 1].max() - cues_s[0, 0])
    first_s = max(0.0, min(float(cues_s[0, 0]), activity.duration_s - span_s))
    bounds = []
    for one in stretches:
        if first_s <= one.start_s < first_s + span_s:
            n = int(np.ceil(one.duration_s / _LONGEST_CUE_S))
            edges_s = np.linspace(one.start_s, one.end_s, n + 1)
            bounds += list(pairwise(edges_s.tolist()))
    own_s = np.array(bounds).reshape(-1, 2)
    rng = np.random.default_rng(_SEED)  # of a yardstick, not of a result
    if len(own_s) > len(cues_s):
        own_s = own_s[np.sort(rng.choice(len(own_s), len(cues_s), replace=False))]
    own_s = own_s + rng.normal(0.0, _JITTER_S, (len(own_s), 1))
    own_s[:, 1] += _LINGER_S
    if len(own_s) < _LEAST_CUES:
        return 0.0
    return correlate(talk, own_s[np.argsort(own_s[:, 0])]).near(0.0, _NEAR_S)


_SEED = 1994
