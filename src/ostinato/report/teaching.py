"""What a classifier was trained on, and how often it is right, in sentences."""

from collections.abc import Iterator

from ostinato.report.wording import bounds_in_words, count, number, percent
from ostinato.results import Teaching

FEWEST_HELD_OUT = 10
"""From fewer labels no accuracy is stated: one more or less would move it by a tenth."""


def taught(row: Teaching) -> Iterator[str]:
    """Say what the classifier was trained on, what it decided and how it does on held-out labels.

    Parameters
    ----------
    row : Teaching
        From results.

    Yields
    ------
    str
        Sentences, with the limits of each number.
    """
    n_decided = row.n_decided_narration + row.n_decided_dialogue
    if n_decided == 0 and row.n_tried == 0:
        return
    kinds = f"{row.n_narration:,} narration, {row.n_dialogue:,} dialogue"
    yield f"The classifier was trained on {row.taught_by} ({kinds})."
    yield _decided(row, n_decided)
    yield from _held_out(row)


def _decided(row: Teaching, n_decided: int) -> str:
    left = f"; {row.n_undetermined:,} stay undetermined" if row.n_undetermined else ""
    if n_decided == 0:
        return (
            "It decided no further segment: these labels do not show that less than one decision "
            f"in five would be wrong{left}."
        )
    parts = [
        f"{n:,} as {kind}"
        for n, kind in (
            (row.n_decided_narration, "narration"),
            (row.n_decided_dialogue, "dialogue"),
        )
        if n
    ]
    return f"It decided {count(n_decided, 'further segment')}, {' and '.join(parts)}{left}."


def _held_out(row: Teaching) -> Iterator[str]:
    if row.n_tried == 0:
        yield "No held-out label says how often that is right."
        return
    basis = row.basis or "labels"
    n_decided = round(row.n_tried * (1 - (row.abstained or 0.0)))
    if n_decided < FEWEST_HELD_OUT:
        yield (
            f"It decided {n_decided} of {count(row.n_tried, 'held-out label')}, which are too few "
            "to state an accuracy."
        )
        return
    yield (
        f"It was tested on {row.n_tried:,} {basis}, each held out with its scene, and decided "
        f"{n_decided:,} of them."
    )
    if row.balanced_accuracy is None:
        yield "All of these are of one kind, so that no accuracy is stated."
        return
    yield (
        f"Of these, {percent(row.balanced_accuracy)} are right, as the mean of narration and "
        f"dialogue{_kappa(row)}."
    )
    if row.calibration_error is not None:
        yield f"Its probabilities are off by {number(row.calibration_error, '.2f')} on average."
    if row.basis == "chosen labels":
        yield "These labels were chosen and not drawn, so this is no accuracy for the whole film."


def _kappa(row: Teaching) -> str:
    if row.kappa is None:
        return ""
    interval = bounds_in_words(row.kappa_low, row.kappa_high, 2)
    return f" (kappa {number(row.kappa, '.2f')}{f', {interval}' if interval else ''})"
