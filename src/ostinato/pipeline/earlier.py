"""Labels that were taken back into a folder stay with its film when that is analysed again."""

import dataclasses
from collections.abc import Sequence

from ostinato.errors import StudyError
from ostinato.media import film_record
from ostinato.pipeline.opening import Opened
from ostinato.results import Results, SampledLabel, best_match, is_same_film
from ostinato.speech import Annotation, labels_of_sample
from ostinato.timeline import timecode


def n_taken_back(results: Results) -> int:
    """Count the labels that results hold since somebody took them back.

    Parameters
    ----------
    results : Results
        Of any film.

    Returns
    -------
    int
        Of a random sample, and of what was chosen.
    """
    return sum(not one.is_open for one in (*results.labels, *results.chosen))


def with_earlier_labels(opened: Opened, earlier: Results | None) -> Opened:
    """Add the labels that were taken back before to what people say of a film.

    Parameters
    ----------
    opened : Opened
        The film, and what is said of it now.
    earlier : Results or None
        What the folder holds into which the results will go.

    Returns
    -------
    Opened
        As it was if there are none, or they are of another film.

    Raises
    ------
    StudyError
        If what is said now contradicts them, or is another random sample.
    """
    film = film_record(opened.film, edition=None)
    if earlier is None or n_taken_back(earlier) == 0 or not is_same_film(earlier.film, film):
        return opened
    sample = earlier.labels
    if opened.sample:
        _check_is_whole(opened.sample, sample)
        sample = with_earlier_kinds(opened.sample, sample)
    said = [one for one in opened.annotations if one.source == "label"]
    cues = [one for one in opened.annotations if one.source != "label"]
    if opened.sample:
        said = list(labels_of_sample(sample))
    kept = (
        *(labels_of_sample(sample) if not opened.sample else ()),
        *labels_of_sample(earlier.chosen),
    )
    labels = [*said, *(one for one in kept if not _is_said(one, said))]
    return dataclasses.replace(
        opened,
        annotations=(*sorted(labels, key=lambda one: one.interval), *cues),
        sample=sample,
        chosen=earlier.chosen,
    )


def with_earlier_kinds(
    sample: Sequence[SampledLabel], earlier: Sequence[SampledLabel]
) -> tuple[SampledLabel, ...]:
    """Give rows that are open the kinds that they had before.

    Parameters
    ----------
    sample : sequence of SampledLabel
        Some may be open.
    earlier : sequence of SampledLabel
        Of the same sample.

    Returns
    -------
    tuple of SampledLabel
        In the same order.
    """
    return tuple(_with_kind_of(one, earlier) if one.is_open else one for one in sample)


def joined(
    earlier: Sequence[SampledLabel], later: Sequence[SampledLabel]
) -> tuple[SampledLabel, ...]:
    """Join two sets of labels, of which the later one wins.

    Parameters
    ----------
    earlier, later : sequence of SampledLabel
        Of one film; what is open is left out.

    Returns
    -------
    tuple of SampledLabel
        In film order.
    """
    new = [one for one in later if not one.is_open]
    kept = [one for one in earlier if best_match(one.interval, new) is None]
    return tuple(sorted([*kept, *new], key=lambda one: one.start_s))


def _with_kind_of(one: SampledLabel, earlier: Sequence[SampledLabel]) -> SampledLabel:
    index = best_match(one.interval, earlier)
    if index is None or earlier[index].is_open:
        return one
    return dataclasses.replace(one, kind=earlier[index].kind, is_open=False)


def _check_is_whole(sample: Sequence[SampledLabel], earlier: Sequence[SampledLabel]) -> None:
    for one in earlier:
        if not one.is_open and best_match(one.interval, sample) is None:
            raise StudyError(
                "the labels",
                f"they are of another sample than the one that was taken back: "
                f"{timecode(one.start_s)} is not in it",
                "Leave out --labels to keep what was taken back, or give another folder with --out",
            )


def _is_said(label: Annotation, said: Sequence[Annotation]) -> bool:
    """Tell whether something is said of a stretch already; two words for it are refused."""
    for one in said:
        if one.interval.intersection(label.interval) is None:
            continue
        if one.kind != label.kind:
            raise StudyError(
                f"the label at {timecode(one.interval.start_s)}",
                f"it says {one.kind}, and what was taken back says {label.kind} of "
                f"{timecode(label.interval.start_s)}",
                "Keep one of them, or give another folder with --out",
            )
        if best_match(label.interval, [one]) is not None:
            return True
    return False
