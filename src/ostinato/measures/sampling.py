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
from ostinato.results import SampledLabel, SpeechSegment, segment_key

_N_THIRDS = 3
_LEAST_OF_STRATUM = 2


def sampling_frame(
    speech: Sequence[SpeechSegment], *, film_duration_s: float, film_sha256: str
) -> tuple[SampledLabel, ...]:
    """List all that may be drawn, each in its stratum.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        What a label has decided already is not asked again.
    film_duration_s : float
        Length of the film, > 0.
    film_sha256 : str
        Of the film's file, which is part of each segment's identity.

    Returns
    -------
    tuple of SampledLabel
        In film order, all of them open; nothing is drawn yet.

    Raises
    ------
    StudyError
        If there is nothing to label.
    """
    frame = tuple(
        SampledLabel(
            start_s=segment.start_s,
            end_s=segment.end_s,
            predicted=segment.kind,
            kind="undetermined",
            stratum=f"{segment.kind}, third {_third(segment, film_duration_s)}",
            p_inclusion=1.0,
            segment=segment_key(film_sha256, segment.interval),
            is_open=True,
        )
        for segment in sorted(speech, key=lambda s: s.interval)
        if segment.decided_by != "label"
    )
    if not frame:
        raise StudyError(
            "the speech", "there is no segment that is not labelled", "Label another film"
        )
    return frame


def draw(
    frame: Sequence[SampledLabel],
    n: int,
    *,
    rng: np.random.Generator,
    drawn: Sequence[SampledLabel] = (),
) -> tuple[SampledLabel, ...]:
    """Draw a sample, or more of one: what was drawn stays, within the same strata.

    Parameters
    ----------
    frame : sequence of SampledLabel
        From `sampling_frame`.
    n : int
        How many in all; fewer if there are no more, and two of each stratum at least.
    rng : numpy.random.Generator
        Source of the draw; another one each time.
    drawn : sequence of SampledLabel, optional
        What was drawn of this frame before.

    Returns
    -------
    tuple of SampledLabel
        In film order, old and new, each with the probability of being in a sample of this size: a
        draw from what a first draw has left makes, with it, one draw of both.
    """
    before = {one.segment for one in drawn}
    strata: dict[str, list[SampledLabel]] = {}
    for one in frame:
        strata.setdefault(one.stratum, []).append(one)
    n_before = {name: sum(m.segment in before for m in rows) for name, rows in strata.items()}
    wanted = _allocation(strata, n, n_before)
    out: list[SampledLabel] = []
    for name, members in strata.items():
        left = [one for one in members if one.segment not in before]
        picked = rng.choice(len(left), wanted[name] - n_before[name], replace=False)
        own = [one for one in members if one.segment in before] + [left[i] for i in picked]
        out += [replace(one, p_inclusion=wanted[name] / len(members)) for one in own]
    return tuple(sorted(out, key=lambda one: one.start_s))


def draw_sample(
    speech: Sequence[SpeechSegment],
    n: int,
    *,
    film_duration_s: float,
    rng: np.random.Generator,
    film_sha256: str = "",
) -> tuple[SampledLabel, ...]:
    """Draw segments to be labelled.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        What a label has decided already is not asked again.
    n : int
        How many, if there are as many. At least 1; two of each stratum are drawn anyway.
    film_duration_s : float
        Length of the film, > 0.
    rng : numpy.random.Generator
        Source of the draw.
    film_sha256 : str, optional
        Of the film's file.

    Returns
    -------
    tuple of SampledLabel
        In film order; their kind is still open.

    Raises
    ------
    StudyError
        If there is nothing to label.
    """
    frame = sampling_frame(speech, film_duration_s=film_duration_s, film_sha256=film_sha256)
    return draw(frame, n, rng=rng)


def _third(segment: SpeechSegment, film_duration_s: float) -> int:
    return min(_N_THIRDS, 1 + int(_N_THIRDS * segment.start_s / film_duration_s))


def _allocation(
    strata: dict[str, list[SampledLabel]], n: int, n_before: dict[str, int]
) -> dict[str, int]:
    """How many of each stratum: by its share of the speech, and none of what was drawn is lost."""
    seconds = {name: sum(m.interval.duration_s for m in rows) for name, rows in strata.items()}
    all_s = sum(seconds.values())
    wanted = {
        name: max(n_before[name], min(_LEAST_OF_STRATUM, len(rows)))
        for name, rows in strata.items()
    }
    for _ in range(sum(wanted.values()), n):
        open_strata = [name for name, rows in strata.items() if wanted[name] < len(rows)]
        if not open_strata:
            break
        most = max(open_strata, key=lambda name: n * seconds[name] / all_s - wanted[name])
        wanted[most] += 1
    return wanted


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
