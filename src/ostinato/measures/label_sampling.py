"""Which speech a person is asked to label, how many labels it takes, and what labels replace.

Segments are drawn without replacement within strata of predicted kind and third of the film, as
many from each as its share of the speech in seconds, and two at least. All of a stratum are as
likely; the probability is kept with each, so that the sample may be weighed.

References
----------
.. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, sec. 4.2 and 5.5.

They are chosen, not drawn: no estimate may rest on them, and they are never part of a sample.
Segments of which the program is least sure come first [1]_, one of each voice in each scene before
a second of any, since what resembles a label already given adds little. Of segments that are as
doubtful, those under italics come first: some are narration, and labels show how many.

References
----------
.. [1] D. D. Lewis and W. A. Gale, "A sequential algorithm for training text classifiers",
       *SIGIR* 1994, 3-12.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ostinato.dsp.blocks import blocks_of
from ostinato.errors import StudyError
from ostinato.results import (
    Decision,
    Extent,
    SampledLabel,
    Scene,
    SpeechSegment,
    WithoutLabel,
    best_match,
    covered_by,
    segment_key,
    segment_of,
)
from ostinato.timeline import Timeline, in_film_order

_N_THIRDS = 3
_LEAST_OF_STRATUM = 2
_HALF = 0.5


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
        for segment in sorted(speech, key=in_film_order)
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


def choose_next(
    speech: Sequence[SpeechSegment], n: int, *, scenes: Sequence[Scene]
) -> tuple[SpeechSegment, ...]:
    """Choose segments to be labelled so that the program learns.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        With probabilities; what people have decided is not asked again.
    n : int
        How many, if there are as many. At least 1.
    scenes : sequence of Scene
        The scene table; minutes stand in for it.

    Returns
    -------
    tuple of SpeechSegment
        In film order. Of segments of which as little is known, the longer one is chosen.

    Raises
    ------
    StudyError
        If people have decided everything.
    """
    left = [s for s in speech if s.decided_by not in {"label", "subtitles"}]
    if not left:
        raise StudyError("the speech", "people have decided all of it", "Label another film")
    middles_s = np.array([(s.start_s + s.end_s) / 2 for s in left])
    blocks, _ = blocks_of(middles_s, middles_s, [scene.interval for scene in scenes])
    by_doubt = sorted(
        range(len(left)),
        key=lambda i: (_sureness(left[i]), -_italics(left[i]), -_length_s(left[i]), i),
    )
    n_before: dict[tuple[int, str | None, float], int] = {}
    turns = {}
    for i in by_doubt:
        place = int(blocks[i]), left[i].voice, _italics(left[i])
        turns[i] = n_before.get(place, 0)
        n_before[place] = turns[i] + 1
    first = sorted(by_doubt, key=lambda i: turns[i])[:n]
    return tuple(left[i] for i in sorted(first, key=lambda i: left[i].interval))


def _sureness(segment: SpeechSegment) -> float:
    return 0.0 if segment.p_narration is None else abs(segment.p_narration - 0.5)


def _italics(segment: SpeechSegment) -> float:
    return float(segment.evidence.get("italic_share", 0.0) > _HALF)


def _length_s(segment: SpeechSegment) -> float:
    return segment.interval.duration_s


def take_over(
    speech: Sequence[SpeechSegment], sample: Sequence[SampledLabel]
) -> tuple[SpeechSegment, ...]:
    """Let labels of a sample win over what was said of the speech before; both are kept.

    Rows are matched by how far they overlap, never by equal times. Speech never comes to overlap,
    and there is as much of it as before, but for what is called no speech, or was and is no longer.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        From which it was drawn, never overlapping; other labels of the same sample may have been
        taken over before.
    sample : sequence of SampledLabel
        With kinds; *undetermined* where nobody could say. Rows that are open change nothing.

    Returns
    -------
    tuple of SpeechSegment
        In film order, without what turned out to be no speech. What a label leaves undetermined is
        as it was predicted.
    """
    ordered = sorted(speech, key=in_film_order)
    rows: dict[int, SampledLabel] = {}
    lost: list[SampledLabel] = []
    for one in sample:
        if one.is_open:
            continue
        own = _own(ordered, one)
        for index in own:
            rows.setdefault(index, one)
        if not own:
            lost.append(one)
    out = [
        part
        for index, segment in enumerate(ordered)
        for part in _labelled(segment, rows.get(index))
    ]
    for one in lost:
        out += _come_back(out, one)
    return tuple(sorted(out, key=in_film_order))


def _own(speech: Sequence[SpeechSegment], one: SampledLabel) -> list[int]:
    """Find what a row speaks of: all that it covers, or else what it shares most with."""
    own = covered_by(one.interval, speech)
    if own:
        return own
    index = best_match(one.interval, speech)
    return [] if index is None else [index]


def _labelled(segment: SpeechSegment, one: SampledLabel | None) -> Iterator[SpeechSegment]:
    if one is None:
        yield segment
        return
    if "none" in {one.kind, one.predicted}:
        return
    before = _before(segment, one)
    if one.kind == "undetermined" or one.kind == "none":  # noqa: PLR1714 - mypy narrows this
        yield before
        return
    yield before.with_parts(
        Decision.by_people(one.kind),
        WithoutLabel(predicted=before.kind, predicted_by=before.decided_by),
    )


def _come_back(speech: Sequence[SpeechSegment], one: SampledLabel) -> Iterator[SpeechSegment]:
    """Yield a segment of what an earlier label had taken for no speech, as far as there is room."""
    free = Timeline((one.interval,)) - Timeline.of(s.interval for s in speech)
    room = max(free, key=lambda i: i.duration_s, default=None)
    if room is None or room.duration_s < one.interval.duration_s / 2:
        return
    ids = {segment.id for segment in speech}
    name = next(name for n in range(1, len(ids) + 2) if (name := f"L{n}") not in ids)
    extent = Extent(id=name, start_s=room.start_s, end_s=room.end_s)
    segment = segment_of(extent, Decision.by_people("undetermined"))
    yield from _labelled(segment, one)


def _before(segment: SpeechSegment, one: SampledLabel) -> SpeechSegment:
    """Return a segment as it is without its label."""
    if segment.decided_by != "label":
        return segment
    kind = segment.predicted or (one.predicted if one.predicted != "none" else "undetermined")
    by = segment.predicted_by
    if by is None and kind != "undetermined":
        by = "subtitles"  # of results that do not say who predicted
    return segment.with_parts(Decision.by_people(kind, by), WithoutLabel())
