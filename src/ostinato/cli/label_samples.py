"""The random samples of a folder: what was drawn, filled in and judged by ear."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ostinato.cli.output import command, say
from ostinato.cli.review_command import finds_by_ear, is_by_ear
from ostinato.errors import ParameterError, StudyError
from ostinato.legible import isolated
from ostinato.measures import COMPARED, Comparison, alpha_of_all, compare, share_if_wrong
from ostinato.pipeline import (
    drawn_finds,
    measure_parameters,
    program_results,
    take_over_review,
    with_journal,
)
from ostinato.report import (
    TABLE_NAME,
    bounds,
    count,
    heard_by_ear,
    number,
    percent,
    said_by_people,
    sample_names,
)
from ostinato.results import (
    LABELS_FOLDER,
    DrawnFinds,
    DrawnSample,
    Film,
    LabelKind,
    Ratio,
    Results,
    ResultsFolder,
    SampledLabel,
    at_work_in,
    best_match,
    read_drawn,
)
from ostinato.speech import check_film_of_labels, read_labels_and_sample, read_sample
from ostinato.timeline import Interval

Rows = Sequence[SampledLabel]
_OF_RESULTS = "the labels of these results"
_Said = list[tuple[Interval, LabelKind]]
_DEFAULT_N = 100
_PORT = "8765"


@dataclass(frozen=True, slots=True)
class OpenSample:
    """A sample that was drawn; `record` is None if an earlier version drew it.

    `film_sha256` is of the file that it was drawn from, whose sound the film's own may share.
    """

    rows: tuple[SampledLabel, ...]
    record: DrawnSample | None
    film_sha256: str


def open_sample(labels: Path, results: Results) -> OpenSample | None:
    """Return the sample that was drawn from results, None if none was.

    `labels`: the folder of label files. Raises StudyError if it was drawn from another film.
    """
    record = read_drawn(labels)
    table = labels / TABLE_NAME
    if record is None:
        if not table.exists():
            return None
        return OpenSample(_read_drawn(table, results), None, results.film.sha256)
    if not record.is_of(results.film):
        raise StudyError(
            str(labels), "its sample was drawn from another film", "Move it away to begin anew"
        )
    return OpenSample(record.sample, record, record.film_sha256)


def _read_drawn(table: Path, results: Results) -> tuple[SampledLabel, ...]:
    rows = read_sample(table)  # what is wrong with it is told before whose it is
    try:
        check_film_of_labels(table, results.film)
    except StudyError as error:
        raise StudyError(
            str(table), "it was drawn from another film", f"Move {table} away to begin anew"
        ) from error
    return rows


def frame_to_extend(
    before: OpenSample, results: Results, labels: Path, n: int | None
) -> tuple[SampledLabel, ...]:
    """Return what a sample may be extended from, and refuse where it may not.

    `labels`: the folder of label files; `n`: how many are wanted in all. Raises StudyError if no
    more are wanted than were drawn, or the speech is no longer what it was drawn from.
    """
    table = labels / TABLE_NAME
    if n is None or before.record is None or n <= len(before.rows):
        raise StudyError(
            str(table),
            f"a sample is drawn already, of {len(before.rows):,}, and a second one would spoil the "
            "first",
            f"Take it back with --from {table}; extend it with -n and more than "
            f"{len(before.rows):,}; or move {labels} away to begin anew",
        )
    drawn = set(before.record.drawn)
    for one in before.record.frame:
        if one.segment not in drawn and best_match(one.interval, results.speech) is None:
            raise StudyError(
                str(table),
                "the speech that it was drawn from has changed since, so that it cannot be "
                "extended",
                f"Take it back with --from {table}, or move {labels} away to begin anew",
            )
    return before.record.frame


def kinds_filled_in(work: ResultsFolder) -> tuple[SampledLabel, ...]:
    """Return the kinds that a person has put into the tables of a sample, taken back or not."""
    labels = work.path / LABELS_FOLDER
    out: list[SampledLabel] = []
    for index in range(1, set_of_files(work) + 1):
        table = labels / sample_names(index)[0]
        with suppress(StudyError):
            if table.exists():
                out += [one for one in read_sample(table) if not one.is_open]
    return tuple(out)


def set_of_files(work: ResultsFolder) -> int:
    """Return the number of the set of files that a sample may be written into."""
    number = 1
    while not all(_is_free(work, name) for name in sample_names(number)):
        number += 1
    return number


def _is_free(work: ResultsFolder, name: str) -> bool:
    own = f"{LABELS_FOLDER}/{name}"
    listed = work.manifest.file(own)
    return not (work.path / own).exists() or (listed is not None and work.holds(listed))


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
    yield f"  Segments by kind: a row is what {pair.one} says, a column what {pair.other} says."
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
        yield f"  Narration's share would then be {share}, in a range from {low} to {high}."


def finds_command(arguments: argparse.Namespace) -> None:
    """Draw pieces of the film at random, serve them, and take the verdicts over."""
    folder: Path = arguments.folder
    drawn = _drawn(folder, arguments.number)
    if not is_by_ear(arguments):
        n = len(drawn.drawn)
        by_ear = command("ostinato", "label", folder, "--finds", "--port", _PORT)
        say(f"{count(n, 'piece')} of the film to listen to for songs.\nBy ear: {by_ear}")
        return
    n_judged = finds_by_ear(arguments, drawn)
    if arguments.coder is None and n_judged:
        say("\n".join(_taken_over(folder, n_judged)))


def _drawn(folder: Path, n: int | None) -> DrawnFinds:
    with at_work_in(folder):
        drawn = drawn_finds(folder, n=_DEFAULT_N if n is None else n)
    there = len(drawn.drawn)
    if n is not None and there < n and there < len(drawn.strata):
        raise ParameterError(
            f"-n {n}",
            f"{count(there, 'piece')} are drawn already, and more would not be as random",
            f"Leave it out, or move {folder / 'review' / 'finds.json'} away to draw anew",
        )
    return drawn


def _taken_over(folder: Path, n_judged: int) -> Iterator[str]:
    results = with_journal(folder, program_results(folder))
    take_over_review(folder, results, figures="later")  # none shows them
    yield f"{count(n_judged, 'verdict')} taken over into {isolated(str(folder))}."
    yield from heard_by_ear(results)
