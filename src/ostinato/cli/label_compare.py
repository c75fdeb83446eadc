"""`ostinato label --compare`: how far people agree, and the program with each."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ostinato.errors import ParameterError, StudyError
from ostinato.measures import COMPARED, Comparison, alpha_of_all, compare, share_if_wrong
from ostinato.pipeline import measure_parameters
from ostinato.report import bounds, number, percent, said_by_people
from ostinato.results import Film, LabelKind, Ratio, Results
from ostinato.speech import read_labels_and_sample
from ostinato.timeline import Interval

_OF_RESULTS = "the labels of these results"
_Said = list[tuple[Interval, LabelKind]]


def compared(results: Results, paths: Sequence[Path]) -> str:
    """Compare label files with each other, or one with the labels that results hold.

    Raises ParameterError if one is given twice. Raises StudyError if one cannot be read, or there
    are no labels to compare.
    """
    if len(set(paths)) < len(paths):
        raise ParameterError(
            "--compare", f"{_twice(paths)} is given twice", "Give one for each person"
        )
    said: dict[str, _Said] = {}
    if len(paths) == 1:
        said[_OF_RESULTS] = said_by_people(results)
    said |= {str(path): _of_file(path, results.film) for path in paths}
    for name, labels in said.items():
        if not labels:
            raise StudyError(name, "there are none", "Give two label files")
    pairs = compare(results, said, parameters=measure_parameters(results))
    row = results.ratio_in()
    parts = ["\n".join([*_lines(pair), *_errors(pair, row)]) for pair in pairs]
    if len(said) > 2:  # noqa: PLR2004 - of two, kappa says it
        alpha = number(alpha_of_all(results, said), ".2f")
        parts.insert(0, f"All {len(said)} people together:\n  Krippendorff's alpha {alpha}")
    return "\n\n".join(parts)


def _twice(paths: Sequence[Path]) -> Path:
    return next(path for i, path in enumerate(paths) if path in paths[:i])


def _of_file(path: Path, film: Film) -> _Said:
    # what is still open has nothing to compare, and what `--labels` refuses is refused here
    labels, _ = read_labels_and_sample(path, film=film, film_name=film.name)
    return [(one.interval, one.kind) for one in labels if one.kind is not None]


def _lines(pair: Comparison) -> Iterator[str]:
    kappa = pair.kappa
    yield f"{pair.one} and {pair.other}:"
    yield (
        f"  of {kappa.n:,} segments both say what they are; they agree on "
        f"{number(pair.agreed, '.1%')}"
    )
    yield (
        f"  Cohen's kappa {number(kappa.value, '.2f')} "
        f"({kappa.level:.0%} interval {bounds(kappa.low, kappa.high, '.2f')})"
    )
    if pair.gamma is not None:
        yield f"  gamma {number(pair.gamma, '.2f')}, of their labels with where they begin and end"
    if pair.n_undecided:
        yield f"  {pair.n_undecided:,} more are undetermined to one of them or both"
    width = max(map(len, COMPARED))
    yield f"  {'':<{width}}" + "".join(f"{kind:>{width + 2}}" for kind in COMPARED)
    for kind, row in zip(COMPARED, pair.counts, strict=True):
        yield f"  {kind:<{width}}" + "".join(f"{n:>{width + 2},}" for n in row)


def _errors(pair: Comparison, row: Ratio | None) -> Iterator[str]:
    """Say how many labels are wrong for two people to disagree so, and what that would do."""
    if not pair.wrong:  # nor is there anything to say where they agree on all
        return
    yield (
        f"  They disagree as two people do of whose labels {percent(pair.wrong)} are wrong, if "
        "both err as often and not in the same places."
    )
    moved = None if row is None else share_if_wrong(row, pair.wrong)
    if moved is not None:
        share, low, high = map(percent, moved)
        yield f"  Narration's share would then be {share}, the interval widened to {low} to {high}."
