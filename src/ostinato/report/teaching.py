"""What taught the program to tell narration, and how right it is, in sentences."""

from collections.abc import Iterator

from ostinato.report.wording import bounds, count, number
from ostinato.results import Teaching


def taught(row: Teaching) -> Iterator[str]:
    """Say what the program was taught by, what it decided and how it stands up to labels.

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
    kinds = f"{row.n_narration:,} narration and {row.n_dialogue:,} dialogue"
    if n_decided == 0:
        yield (
            f"Taught by {row.taught_by} ({kinds}), the program decided nothing: these labels do "
            "not show that less than one decision in five would be wrong."
        )
    else:
        yield _decided(row, kinds)
    if row.n_tried == 0:
        yield "No label tells how right that is."
        return
    basis = row.basis or "labels"
    if row.balanced_accuracy is None:
        yield (
            f"Of {row.n_tried:,} {basis} that it had not seen it decided too few, or only one "
            "kind: they do not show how often it is right."
        )
        return
    yield (
        f"Tried on {row.n_tried:,} {basis} that it had not seen, it abstained from "
        f"{number(row.abstained, '.0%')} and had {number(row.balanced_accuracy, '.0%')} of the "
        f"rest right, mean of narration and dialogue (kappa {number(row.kappa, '.2f')}, "
        f"{bounds(row.kappa_low, row.kappa_high, '.2f')}); its probabilities are off by "
        f"{number(row.calibration_error, '.2f')} on average."
    )
    if row.basis == "chosen labels":
        yield "Labels that were chosen speak for themselves, and not for the film."


def _decided(row: Teaching, kinds: str) -> str:
    n_decided = row.n_decided_narration + row.n_decided_dialogue
    return (
        f"Taught by {row.taught_by} ({kinds}), the program decided {count(n_decided, 'segment')} "
        f"more, {row.n_decided_narration:,} as narration and {row.n_decided_dialogue:,} as "
        f"dialogue; {row.n_undetermined:,} are left undetermined."
    )
