"""What a person may say of speech and voices: what was seen, and what it becomes."""

from collections.abc import Sequence
from dataclasses import replace

from ostinato.errors import ParameterError
from ostinato.results import (
    LabelKind,
    Results,
    SampledLabel,
    SpeechSegment,
    Voice,
)
from ostinato.review.entries import Content, Edit, check_within

_MOST_STRETCHES = 40  # enough to know a voice again


def give_kind(one: SpeechSegment, kind: LabelKind) -> Edit:
    """Say of what kind a segment is; *none* says that nobody speaks there.

    Parameters
    ----------
    one : SpeechSegment
        A segment of the results.
    kind : str
        What is spoken there.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    seen = speech_content(one)
    return Edit(on="speech", act="kind", seen=(seen,), becomes=(replace(seen, kind=kind),))


def move_speech(one: SpeechSegment, *, start_s: float, end_s: float) -> Edit:
    """Move the edges of a segment.

    Parameters
    ----------
    one : SpeechSegment
        A segment of the results.
    start_s : float
        Film time of the start.
    end_s : float
        Film time of the end.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    seen = speech_content(one)
    becomes = replace(seen, start_s=start_s, end_s=end_s)
    return Edit(on="speech", act="move", seen=(seen,), becomes=(becomes,))


def split_speech(one: SpeechSegment, *, at_s: float) -> Edit:
    """Part a segment in two, at a film time.

    Parameters
    ----------
    one : SpeechSegment
        A segment of the results.
    at_s : float
        Film time of the cut.

    Returns
    -------
    Edit
        To be given to `Journal.append`.

    Raises
    ------
    ParameterError
        If what would come of it is no such row.
    """
    check_within(at_s, one.interval)
    seen = speech_content(one)
    parts = (replace(seen, end_s=at_s), replace(seen, start_s=at_s))
    return Edit(on="speech", act="split", seen=(seen,), becomes=parts)


def merge_speech(several: Sequence[SpeechSegment]) -> Edit:
    """Make one segment of several, of the kind of the longest.

    Parameters
    ----------
    several : sequence of SpeechSegment
        Two or more, in any order.

    Returns
    -------
    Edit
        To be given to `Journal.append`.

    Raises
    ------
    ParameterError
        If what would come of it is no such row.
    """
    ordered = sorted(several, key=lambda one: one.interval)
    if len(ordered) < 2:  # noqa: PLR2004 - a pair
        raise ParameterError("merge", "it takes two segments", "Give two or more")
    longest = max(ordered, key=lambda one: one.interval.duration_s)
    whole = Content(
        start_s=ordered[0].start_s, end_s=max(one.end_s for one in ordered), kind=longest.kind
    )
    seen = tuple(map(speech_content, ordered))
    return Edit(on="speech", act="merge", seen=seen, becomes=(whole,))


def add_speech(start_s: float, end_s: float, kind: LabelKind) -> Edit:
    """Say that somebody speaks where nothing was detected.

    Parameters
    ----------
    start_s : float
        Film time of the start.
    end_s : float
        Film time of the end.
    kind : str
        What is spoken there.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    return Edit(on="speech", act="add", becomes=(Content(start_s=start_s, end_s=end_s, kind=kind),))


def remove_speech(one: SpeechSegment) -> Edit:
    """Say that nobody speaks where something was detected.

    Parameters
    ----------
    one : SpeechSegment
        A segment of the results.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    return Edit(on="speech", act="remove", seen=(speech_content(one),))


def give_voice(segment: SpeechSegment, voice: Voice | None, results: Results) -> Edit:
    """Say whose voice a segment is; None says that it is nobody's that is known.

    Parameters
    ----------
    segment : SpeechSegment
        A segment of the results.
    voice : Voice or None
        Whose it is; None for a voice that is not known.
    results : Results
        That the person looks at.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    seen = speech_content(segment)
    stretches = () if voice is None else voice_content(voice, results).stretches
    becomes = replace(seen, name=None if voice is None else voice.name, stretches=stretches)
    return Edit(on="speech", act="voice", seen=(seen,), becomes=(becomes,))


def name_voice(
    one: Voice, results: Results, *, name: str | None, narrates: bool | None = None
) -> Edit:
    """Name a voice, and say whether it narrates.

    Parameters
    ----------
    one : Voice
        A voice of the results.
    results : Results
        That the person looks at.
    name : str or None
        In the words of the person.
    narrates : bool, optional
        Whether it is ever a voice-over; None where that is not said.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    seen = voice_content(one, results)
    becomes = replace(seen, name=name, narrates=narrates)
    return Edit(on="voice", act="name", seen=(seen,), becomes=(becomes,))


def merge_voices(several: Sequence[Voice], results: Results, *, name: str | None = None) -> Edit:
    """Say that several voices are one speaker's.

    Parameters
    ----------
    several : sequence of Voice
        Two or more, in any order.
    results : Results
        That the person looks at.
    name : str, optional
        In the words of the person.

    Returns
    -------
    Edit
        To be given to `Journal.append`.

    Raises
    ------
    ParameterError
        If what would come of it is no such row.
    """
    if len(several) < 2:  # noqa: PLR2004 - a pair
        raise ParameterError("merge", "it takes two voices", "Give two or more")
    seen = tuple(voice_content(one, results) for one in several)
    stretches = tuple(sorted(pair for one in seen for pair in one.stretches))
    named = name if name is not None else several[0].name
    return Edit(
        on="voice", act="merge", seen=seen, becomes=(Content(name=named, stretches=stretches),)
    )


def part_voice(one: Voice, results: Results, segments: Sequence[SpeechSegment]) -> Edit:
    """Say that some segments of a voice are another speaker's.

    Parameters
    ----------
    one : Voice
        A voice of the results.
    results : Results
        That the person looks at.
    segments : sequence of SpeechSegment
        Those of the voice that are another speaker's.

    Returns
    -------
    Edit
        To be given to `Journal.append`.

    Raises
    ------
    ParameterError
        If what would come of it is no such row.
    """
    own = [segment for segment in results.speech if segment.voice == one.id]
    ids = {segment.id for segment in segments}
    rest = [segment for segment in own if segment.id not in ids]
    others = [segment for segment in own if segment.id in ids]
    if not rest or not others:
        raise ParameterError(
            f"voice {one.id}", "one of its two parts is empty", "Give some of its segments"
        )
    stretches = tuple((segment.start_s, segment.end_s) for segment in others)
    becomes = (_voice(one.name, rest), Content(stretches=stretches))
    return Edit(on="voice", act="part", seen=(voice_content(one, results),), becomes=becomes)


def answer(one: SampledLabel, kind: LabelKind) -> Edit:
    """Say of what kind a segment of the random sample is, without having seen an opinion.

    Parameters
    ----------
    one : SampledLabel
        A row of the random sample.
    kind : str
        What is spoken there.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    seen = Content(start_s=one.start_s, end_s=one.end_s)
    return Edit(
        on="label", act="kind", seen=(seen,), becomes=(replace(seen, kind=kind),), blind=True
    )


def speech_content(one: SpeechSegment) -> Content:
    """Say what a segment of speech is, without its number.

    Parameters
    ----------
    one : SpeechSegment
        A segment of the results.

    Returns
    -------
    Content
        Without any number of a row.
    """
    return Content(start_s=one.start_s, end_s=one.end_s, kind=one.kind)


def voice_content(one: Voice, results: Results) -> Content:
    """Say which voice it is, by the longest of its segments.

    Parameters
    ----------
    one : Voice
        A voice of the results.
    results : Results
        That the person looks at.

    Returns
    -------
    Content
        Without any number of a row.
    """
    own = [segment for segment in results.speech if segment.voice == one.id]
    return _voice(one.name or one.id, own)


def _voice(
    name: str | None, own: Sequence[SpeechSegment], *, narrates: bool | None = None
) -> Content:
    longest = sorted(own, key=lambda segment: -segment.interval.duration_s)[:_MOST_STRETCHES]
    stretches = sorted((segment.start_s, segment.end_s) for segment in longest)
    return Content(name=name, narrates=narrates, stretches=tuple(stretches))
