"""`ostinato label`: speech goes out to be labelled, and labels come back and are compared."""

import argparse
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ostinato.choices import FORMATS
from ostinato.cli.agreeing import compared
from ostinato.errors import ParameterError, StudyError
from ostinato.measures import choose_next, draw_sample, labels_needed
from ostinato.pipeline import measure_parameters, measured_with_choice, measured_with_labels
from ostinato.report import (
    TABLE_NAME,
    labels_of,
    taught,
    write_figures,
    write_label_files,
    write_labels,
    write_next,
)
from ostinato.report.wording import bounds, count, number
from ostinato.results import Ratio, Results, read_results, replaced_at_once, write_results
from ostinato.speech import answered, chosen, n_open, read_sample

FOLDER_NAME = "labels"
_NEXT = "next-{}.tsv"
_DEFAULT_WIDTHS = (0.2, 0.1)


def label_command(arguments: argparse.Namespace) -> None:
    """Draw a sample to label or choose what teaches, take labels back, write or compare them."""
    folder: Path = arguments.folder
    results = read_results(folder)
    if not results.speech:
        raise StudyError(
            str(folder), "its results hold no speech", "Analyse the film with the stage speech"
        )
    if arguments.compare is not None:
        print(compared(results, arguments.compare))
    elif arguments.to is not None:
        print(_written(folder, results, arguments.to))
    elif arguments.next_number is not None:
        print(_chosen(folder, results, arguments.next_number))
    elif arguments.labels is None:
        print(_drawn(folder, results, arguments.number))
    elif _is_choice(folder):
        print(_choice_taken_back(folder, results, arguments.labels))
    else:
        print(_taken_back(folder, results, arguments.labels, arguments.width))


def _written(folder: Path, results: Results, path: Path) -> str:
    rows = labels_of(results)
    if not rows:
        raise StudyError(
            str(folder), "it holds no labels", f"Label some with ostinato label {folder}"
        )
    return f"{count(len(rows), 'label')} written to {write_labels(path, rows, results)}."


def _is_choice(folder: Path) -> bool:
    """Tell whether what comes back was chosen: a sample, once drawn, is all that may come back."""
    labels = folder / FOLDER_NAME
    return not (labels / TABLE_NAME).exists() and any(labels.glob(_NEXT.format("*")))


def _chosen(folder: Path, results: Results, n: int) -> str:
    if n < 1:
        raise ParameterError(f"--next {n}", "there is nothing to choose", "Give 1 or more")
    labels = folder / FOLDER_NAME
    if (labels / TABLE_NAME).exists():
        raise StudyError(
            str(labels / TABLE_NAME),
            "a random sample is drawn, and what is chosen now would take from what it stands for",
            "Choose first and draw then, or remove the sample to begin anew",
        )
    number = next(i for i in itertools.count(1) if not (labels / _NEXT.format(i)).exists())
    segments = choose_next(results.speech, n, scenes=results.scenes)
    paths = write_next(labels / _NEXT.format(number), segments, results)
    return "\n".join(
        (
            f"{count(len(segments), 'segment')} of {len(results.speech):,} that teach most:",
            *(f"  {path}" for path in paths),
            "They are chosen, not drawn: they teach the program, and no estimate rests on them.",
            f"Then: ostinato label {folder} --from {paths[0]}",
        )
    )


def _choice_taken_back(folder: Path, results: Results, path: Path) -> str:
    labels = chosen(results.speech, path)
    results = measured_with_choice(results, labels)
    _replace(folder, results)
    film = next(iter(results.teaching), None)
    return "\n".join(
        [
            f"{count(len(labels), 'label')} taken over into {folder}; no estimate rests on them.",
            *([] if film is None else taught(film)),
            f"For an estimate, draw a random sample of the rest: ostinato label {folder}",
        ]
    )


def _replace(folder: Path, results: Results) -> None:
    with replaced_at_once(folder) as staging:
        write_figures(results, staging / "figures", formats=FORMATS)
        write_results(staging, results)


def _drawn(folder: Path, results: Results, n: int) -> str:
    if n < 1:
        raise ParameterError(f"-n {n}", "there is nothing to draw", "Give 1 or more")
    table = folder / FOLDER_NAME / TABLE_NAME
    if table.exists():
        raise StudyError(
            str(table),
            "a sample is drawn already, and a second one would spoil the first",
            f"Take it back with --from {table}, or remove it to begin anew",
        )
    sample = draw_sample(
        results.speech,
        n,
        film_duration_s=results.film.duration_s,
        rng=np.random.default_rng(measure_parameters(results).seed),
    )
    paths = write_label_files(table.parent, sample, results)
    return "\n".join(
        (
            f"{count(len(sample), 'segment')} of {len(results.speech):,} to label:",
            *(f"  {path}" for path in paths),
            "Listen to them in the page, or put a kind in place of each ? in the table, in "
            "Audacity, in ELAN or in Praat.",
            f"Then: ostinato label {folder} --from {table}",
        )
    )


def _taken_back(folder: Path, results: Results, labels: Path, width: float | None) -> str:
    table = folder / FOLDER_NAME / TABLE_NAME
    if not table.exists():
        raise StudyError(
            str(table), "no sample was drawn", f"Draw one with ostinato label {folder}"
        )
    sample = answered(read_sample(table), labels)
    n_to_do = n_open(labels)
    results = measured_with_labels(results, sample)
    _replace(folder, results)
    lines = [f"{count(len(sample) - n_to_do, 'label')} taken over into {folder}."]
    if n_to_do:
        lines.append(
            f"{count(n_to_do, 'segment')} of the sample still without a kind: until then counted "
            "as undetermined, which widens the interval."
        )
    film = next(row for row in results.ratio if row.scope == "film")
    lines += [line for row in results.teaching for line in taught(row)]
    return "\n".join([*lines, *_said(film, len(results.speech), width)])


def _said(film: Ratio, n_segments: int, width: float | None) -> Iterator[str]:
    """Say how wide the interval is, and what a narrower one would take."""
    if film.low is None or film.high is None:
        yield "Nobody speaks in this film."
        return
    now = film.high - film.low
    yield (
        f"Narration's share of narration and dialogue: {number(film.share, '.1%')} "
        f"({bounds(film.low, film.high, '.1%')}), {now * 100:.1f} points wide."
    )
    yield f"Method: {film.method}."
    if film.n_random_labels == 0 or film.estimator in {"range", "all decided"}:
        yield "There are too few labels yet for an estimate."
        return
    for wanted in _DEFAULT_WIDTHS if width is None else (width,):
        if wanted < now:
            n = labels_needed(
                half_width=now / 2,
                n=film.n_random_labels,
                n_segments=n_segments,
                wanted=wanted / 2,
            )
            yield f"About {count(n, 'label')} in all would make it {wanted * 100:g} points wide."
