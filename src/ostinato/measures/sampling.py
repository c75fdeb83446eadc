"""Which segments a person is asked to label, and how many labels an answer needs.

Segments are drawn without replacement within strata of predicted kind and third of the film, as
many from each as its share of the speech in seconds, and two at least. All of a stratum are as
likely; the probability is kept with each, so that the sample may be weighed.

References
----------
.. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, sec. 4.2 and 5.5.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ostinato.errors import StudyError
from ostinato.results import SampledLabel, SpeechSegment

_N_THIRDS = 3
_LEAST_OF_STRATUM = 2


def draw_sample(
    speech: Sequence[SpeechSegment],
    n: int,
    *,
    film_duration_s: float,
    rng: np.random.Generator,
) -> tuple[SampledLabel, ...]:
    """Draw segments to be labelled.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        What a label has decided already is not asked again.
    n : int
        How many, about: strata are rounded, and there may be fewer segments. At least 1.
    film_duration_s : float
        Length of the film, > 0.
    rng : numpy.random.Generator
        Source of the draw.

    Returns
    -------
    tuple of SampledLabel
        In film order; their kind is still *undetermined*.

    Raises
    ------
    StudyError
        If there is nothing to label.
    """
    open_segments = [s for s in speech if s.decided_by != "label"]
    if not open_segments:
        raise StudyError(
            "the speech", "there is no segment that is not labelled", "Label another film"
        )
    strata: dict[str, list[SpeechSegment]] = {}
    for segment in sorted(open_segments, key=lambda s: s.interval):
        third = min(_N_THIRDS, 1 + int(_N_THIRDS * segment.start_s / film_duration_s))
        strata.setdefault(f"{segment.kind}, third {third}", []).append(segment)
    all_s = sum(s.interval.duration_s for s in open_segments)
    drawn: list[SampledLabel] = []
    for name, members in strata.items():
        wanted = round(n * sum(s.interval.duration_s for s in members) / all_s)
        n_here = min(len(members), max(_LEAST_OF_STRATUM, wanted))
        for i in rng.choice(len(members), n_here, replace=False):
            segment = members[i]
            drawn.append(
                SampledLabel(
                    start_s=segment.start_s,
                    end_s=segment.end_s,
                    predicted=segment.kind,
                    kind="undetermined",
                    stratum=name,
                    p_inclusion=n_here / len(members),
                )
            )
    return tuple(sorted(drawn, key=lambda one: one.start_s))


def labels_needed(*, half_width: float, n: int, n_segments: int, wanted: float) -> int:
    """Return how many labels narrow an interval to a wanted half width.

    Parameters
    ----------
    half_width : float
        Half of the interval that `n` labels give, > 0.
    n : int
        Labels so far, > 0.
    n_segments : int
        Segments in all; labels of all of them leave no doubt.
    wanted : float
        Half width that is wanted, > 0.

    Returns
    -------
    int
        At most `n_segments`. A half width goes with the root of ``1/n - 1/n_segments`` [1]_ of the
        module.
    """
    if wanted >= half_width or n >= n_segments:
        return n
    scale = half_width**2 / (1 / n - 1 / n_segments)
    return min(n_segments, int(np.ceil(1 / (wanted**2 / scale + 1 / n_segments))))


def take_over(
    speech: Sequence[SpeechSegment], sample: Sequence[SampledLabel]
) -> tuple[SpeechSegment, ...]:
    """Let labels of a sample win over what was said of the speech before; both are kept.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        From which it was drawn; other labels of the same sample may have been taken over before.
    sample : sequence of SampledLabel
        With kinds; *undetermined* where nobody could say, or has yet.

    Returns
    -------
    tuple of SpeechSegment
        In film order, without what turned out to be no speech. What a label leaves undetermined is
        as it was predicted.
    """
    by_start = {segment.start_s: segment for segment in speech}
    out = [s for s in speech if s.start_s not in {one.start_s for one in sample}]
    for number, one in enumerate(sample, start=1):
        if one.kind == "none" or one.predicted == "none":
            continue
        before = _before(by_start.get(one.start_s) or _segment(f"L{number}", one), one)
        if one.kind == "undetermined":
            out.append(before)
            continue
        out.append(
            replace(
                before,
                kind=one.kind,
                p_narration=float(one.kind == "narration"),
                decided_by="label",
                predicted=before.kind,
                predicted_by=before.decided_by,
            )
        )
    return tuple(sorted(out, key=lambda s: s.interval))


def _segment(name: str, one: SampledLabel) -> SpeechSegment:
    """Make a segment of one that an earlier label had taken for no speech."""
    return SpeechSegment(
        id=name,
        start_s=one.start_s,
        end_s=one.end_s,
        kind="undetermined",
        p_narration=None,
        decided_by="label",
        voice=None,
    )


def _before(segment: SpeechSegment, one: SampledLabel) -> SpeechSegment:
    """Return a segment as it is without its label."""
    if segment.decided_by != "label":
        return segment
    kind = segment.predicted or (one.predicted if one.predicted != "none" else "undetermined")
    by = segment.predicted_by
    if by is None and kind != "undetermined":
        by = "subtitles"  # of results that do not say who predicted
    return replace(
        segment,
        kind=kind,
        p_narration=None if kind == "undetermined" else float(kind == "narration"),
        decided_by=by,
        predicted=None,
        predicted_by=None,
    )
