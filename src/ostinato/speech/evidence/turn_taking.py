"""Who answers, and how long a voice goes on: the course of the talk around each segment."""

from collections.abc import Sequence
from dataclasses import dataclass

from ostinato.results import SpeechSegment

ANSWER_S = 2.0
"""Within this time another voice answers; a pause of a run is no longer."""
_LONGEST_GAP_S = 60.0  # who has been silent for a minute is silent


@dataclass(frozen=True, slots=True)
class Turn:
    """A segment's place in the talk.

    `is_answered` says whether another voice speaks within 2 s of it, before or after, None where
    voices are not known. `run_s` is the length of the run that it is part of: speech of one voice,
    or of any where voices are not known, with pauses of 2 s at most. Gaps are to the speech before
    and after, a minute at most; at the film's ends they count as a minute.
    """

    is_answered: bool | None
    run_s: float
    gap_before_s: float
    gap_after_s: float


def turns(speech: Sequence[SpeechSegment]) -> tuple[Turn, ...]:
    """Describe the course of the talk."""
    run_of = runs(speech)
    bounds: dict[int, tuple[float, float]] = {}
    for segment, run in zip(speech, run_of, strict=True):
        start_s, _ = bounds.get(run, (segment.start_s, 0.0))
        bounds[run] = (start_s, segment.end_s)
    out = []
    for i, segment in enumerate(speech):
        before_s = segment.start_s - speech[i - 1].end_s if i else _LONGEST_GAP_S
        after_s = speech[i + 1].start_s - segment.end_s if i + 1 < len(speech) else _LONGEST_GAP_S
        neighbours = [
            speech[j].voice
            for j, gap_s in ((i - 1, before_s), (i + 1, after_s))
            if 0 <= j < len(speech) and gap_s <= ANSWER_S
        ]
        start_s, end_s = bounds[run_of[i]]
        out.append(
            Turn(
                is_answered=_is_answered(segment.voice, neighbours),
                run_s=end_s - start_s,
                gap_before_s=min(before_s, _LONGEST_GAP_S),
                gap_after_s=min(after_s, _LONGEST_GAP_S),
            )
        )
    return tuple(out)


def runs(speech: Sequence[SpeechSegment]) -> tuple[int, ...]:
    """Give each segment the number of its run.

    A run is speech of one voice without a pause of more than 2 s.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        In film order.

    Returns
    -------
    tuple of int
        The run of each segment, from 0. Segments whose voice is not known share runs with each
        other.
    """
    numbers: list[int] = []
    for i, segment in enumerate(speech):
        before = speech[i - 1] if i else None
        goes_on = (
            before is not None
            and segment.start_s - before.end_s <= ANSWER_S
            and segment.voice == before.voice
        )
        numbers.append(numbers[-1] + (not goes_on) if numbers else 0)
    return tuple(numbers)


def _is_answered(voice: str | None, neighbours: Sequence[str | None]) -> bool | None:
    if voice is None or any(other is None for other in neighbours):
        return None
    return any(other != voice for other in neighbours)
