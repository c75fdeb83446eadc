"""`ostinato label`: speech goes out to be labelled, and labels come back and are compared."""

import argparse
import hashlib
import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ostinato.cli.label_samples import (
    Rows,
    compared,
    finds_command,
    frame_to_extend,
    kinds_filled_in,
    open_sample,
    set_of_files,
)
from ostinato.cli.output import command, say
from ostinato.cli.review_command import by_ear, is_by_ear
from ostinato.errors import ParameterError, StudyError
from ostinato.export import encode_labels, labels_of
from ostinato.legible import isolated
from ostinato.measures import choose_next, draw, labels_needed, sampling_frame
from ostinato.pipeline import (
    measure_parameters,
    measured_with_choice,
    measured_with_labels,
    program_of,
    with_earlier_kinds,
    with_journal,
    write_document,
)
from ostinato.report import (
    bounds,
    count,
    number,
    training_sentences,
    write_label_files,
    write_next,
)
from ostinato.results import (
    DRAWN_NAME,
    LABELS_FOLDER,
    DrawnSample,
    Ratio,
    Results,
    ResultsFolder,
    at_work_in,
    encode_drawn,
    read_picture,
    read_results,
    set_aside,
    write_atomically,
    write_new,
)
from ostinato.speech import answered, chosen

_NEXT = "next-{}.tsv"
_DEFAULT_N = 100
_PORT = "8765"
_DEFAULT_WIDTHS = (0.2, 0.1)


def label_command(arguments: argparse.Namespace) -> None:
    """Draw a sample or choose what to train on, take labels back, write or compare them."""
    folder: Path = arguments.folder
    if arguments.finds:
        finds_command(arguments)
        return
    if arguments.compare is not None:
        say(compared(_spoken(folder), arguments.compare))
        return
    read_results(folder)  # so that no folder is made of a name that is wrong
    read = () if arguments.labels is None else (arguments.labels,)
    doing = (arguments.labels, arguments.next_number, arguments.to)
    if is_by_ear(arguments) and all(one is None for one in doing):
        _by_ear(arguments)
        return
    with at_work_in(folder, inputs=read) as work:
        say(_done(work, _spoken(folder), arguments))


def _by_ear(arguments: argparse.Namespace) -> None:
    """Draw a sample, or extend it, as far as that was not done, and serve it."""
    folder: Path = arguments.folder
    with at_work_in(folder) as work:
        results = _spoken(folder)
        before = open_sample(folder / LABELS_FOLDER, results)
        n = arguments.number
        if before is None or (n is not None and n > len(before.rows)):
            say(_drawn(work, results, n))
        known = with_earlier_kinds(_sample(folder, results), kinds_filled_in(work))
        sample = with_earlier_kinds(known, results.labels)
    answered_rows = by_ear(arguments, sample)
    given = sum(not one.is_open for one in answered_rows)
    if arguments.coder is not None or given == 0:
        return
    with at_work_in(folder) as work:
        results = _taken_over(work, program_of(_spoken(folder), folder))
        taken = f"{count(given, 'label')} taken over into {isolated(str(folder))}."
        say("\n".join([taken, *_what_labels_say(results, arguments.width)]))


def _sample(folder: Path, results: Results) -> Rows:
    drawn = open_sample(folder / LABELS_FOLDER, results)
    return () if drawn is None else drawn.rows


def _spoken(folder: Path) -> Results:
    results = read_results(folder)
    if not results.speech:
        raise StudyError(
            str(folder), "its results hold no speech", "Analyse the film with the stage speech"
        )
    return results


def _done(work: ResultsFolder, results: Results, arguments: argparse.Namespace) -> str:
    if arguments.to is not None:
        return _written(work, results, arguments.to)
    if arguments.next_number is not None:
        return _chosen(work, results, arguments.next_number)
    if arguments.labels is None:
        return _drawn(work, results, arguments.number)
    if _is_choice(work, results):
        return _choice_taken_back(work, results, arguments.labels)
    return _taken_back(work, results, arguments.labels, arguments.width)


def _written(work: ResultsFolder, results: Results, path: Path) -> str:
    rows = labels_of(results)
    if not rows:
        raise StudyError(
            str(work.path),
            "it holds no labels",
            f"Label some with {command('ostinato', 'label', work.path)}",
        )
    content = encode_labels(path, rows, results)
    said = f"{count(len(rows), 'label')} written to {isolated(str(path))}."
    if os.path.lexists(path):
        backup = _replaced(work, path)
        said += f" What was there is in {isolated(str(backup))}."
    write_new(path, content)
    work.note_export(hashlib.sha256(content).hexdigest())
    return said


def _replaced(work: ResultsFolder, path: Path) -> Path:
    """Set a label file aside that we have written and nobody has changed; refuse others."""
    is_ours = (
        path.is_file()
        and not path.is_symlink()
        and hashlib.sha256(path.read_bytes()).hexdigest() in work.manifest.exports
    )
    if not is_ours:
        raise StudyError(
            str(path),
            "it is there already, and is not as ostinato label --to wrote it",
            "Give another name, or move it away",
        )
    return set_aside(path)


def _is_choice(work: ResultsFolder, results: Results) -> bool:
    """Tell whether what comes back was chosen: a sample, once drawn, is all that may come back."""
    labels = work.path / LABELS_FOLDER
    return open_sample(labels, results) is None and any(labels.glob(_NEXT.format("*")))


def _chosen(work: ResultsFolder, results: Results, n: int) -> str:
    if n < 1:
        raise ParameterError(f"--next {n}", "there is nothing to choose", "Give 1 or more")
    labels = work.path / LABELS_FOLDER
    if open_sample(labels, results) is not None:
        raise StudyError(
            str(labels),
            "a random sample is drawn already, and choosing more would spoil it",
            f"Choose first and draw then; to begin anew, move {labels} away",
        )
    number = next(i for i in itertools.count(1) if not any(labels.glob(f"next-{i}.*")))
    segments = choose_next(results.speech, n, scenes=results.scenes)
    with work.replaced(is_whole=False, part="labels") as staging:
        written = write_next(staging / LABELS_FOLDER / _NEXT.format(number), segments, results)
    paths = [labels / path.name for path in written]
    return "\n".join(
        (
            f"{count(len(segments), 'segment')} of {len(results.speech):,} that train best:",
            *(f"  {isolated(str(path))}" for path in paths),
            "They were chosen and not drawn: a classifier is trained on them, and no estimate "
            "rests on them.",
            f"Then: {command('ostinato', 'label', work.path, '--from', paths[0])}",
        )
    )


def _choice_taken_back(work: ResultsFolder, results: Results, path: Path) -> str:
    back = chosen(results.speech, path, film_sha256=results.film.sha256)
    n_given = len(back.rows) - back.n_open
    if n_given == 0:
        return _nothing_given(path, len(back.rows))
    results = program_of(results, work.path)
    results = measured_with_choice(results, [row for row in back.rows if not row.is_open])
    results = _taken_over(work, results)
    film = next(iter(results.teaching), None)
    return "\n".join(
        [
            f"{count(n_given, 'label')} taken over into {isolated(str(work.path))}; no estimate "
            "rests on them.",
            *_how_many(n_given, len(back.rows), path),
            *([] if film is None else training_sentences(film)),
            "For an estimate, draw a random sample of the rest: "
            f"{command('ostinato', 'label', work.path)}",
        ]
    )


def _how_many(n_given: int, n: int, path: Path) -> Iterator[str]:
    if n_given < n:
        yield f"{n_given:,} of {n:,} labelled in {isolated(str(path))}."


def _nothing_given(path: Path, n: int) -> str:
    return (
        f"0 of {n:,} labelled in {isolated(str(path))}: nothing was changed. "
        "Put a kind in place of each ?, and take it back again."
    )


def _taken_over(work: ResultsFolder, program: Results) -> Results:
    """Write what the program found with labels, and with what else a person has said."""
    results = with_journal(work.path, program)
    with work.replaced(is_whole=False) as staging:
        write_document(staging, program, results, picture=read_picture(work.path))
    return results


def _drawn(work: ResultsFolder, results: Results, n: int | None) -> str:
    labels = work.path / LABELS_FOLDER
    if n is not None and n < 1:
        raise ParameterError(f"-n {n}", "there is nothing to draw", "Give 1 or more")
    before = open_sample(labels, results)
    wanted = _DEFAULT_N if n is None else n
    frame = _new_frame(results) if before is None else frame_to_extend(before, results, labels, n)
    rows = () if before is None else before.rows
    sample = draw(
        frame,
        wanted,
        rng=np.random.default_rng([measure_parameters(results).seed, len(rows)]),
        drawn=rows,
    )
    film_sha256 = results.film.sha256 if before is None else before.film_sha256
    record = DrawnSample(
        film_sha256=film_sha256,
        film_pcm_sha256=results.film.pcm_sha256,
        frame=tuple(frame),
        drawn=tuple(one.segment for one in sample if one.segment is not None),
    )
    known = with_earlier_kinds(with_earlier_kinds(sample, kinds_filled_in(work)), results.labels)
    number_of_set = set_of_files(work)
    # its rows stay those of the file that it was drawn from, though another has the same sound
    of_file = replace(results, film=replace(results.film, sha256=film_sha256))
    with work.replaced(is_whole=False, part="labels") as staging:
        written = write_label_files(staging / LABELS_FOLDER, known, of_file, number=number_of_set)
        write_atomically(staging / LABELS_FOLDER / DRAWN_NAME, encode_drawn(record))
    return "\n".join(
        (
            *_more_than_wanted(len(sample), wanted),
            *_how_to_label(work, [labels / p.name for p in written], len(frame), known, rows),
        )
    )


def _new_frame(results: Results) -> Rows:
    film = results.film
    return sampling_frame(results.speech, film_duration_s=film.duration_s, film_sha256=film.sha256)


def _more_than_wanted(n: int, wanted: int) -> Iterator[str]:
    if n > wanted:
        yield (
            f"{n:,} in place of {wanted:,}: two of each kind in each third of the film, or all "
            "there are, stand for the rest."
        )


def _how_to_label(
    work: ResultsFolder,
    paths: list[Path],
    n_frame: int,
    sample: Rows,
    before: Rows,
) -> Iterator[str]:
    yield f"{count(len(sample), 'segment')} of {n_frame:,} to label:"
    if before:
        n_known = sum(not one.is_open for one in sample)
        yield (
            f"{len(before):,} were drawn before and {len(sample) - len(before):,} came to them; "
            f"{n_known:,} have their kinds."
        )
    yield from (f"  {isolated(str(path))}" for path in paths)
    yield (
        "Label them by ear on a page in your browser, or put a kind in place of each ? in the "
        "table, in Audacity, in ELAN or in Praat."
    )
    yield f"By ear: {command('ostinato', 'label', work.path, '--port', _PORT)}"
    yield f"From a file: {command('ostinato', 'label', work.path, '--from', paths[0])}"


def _taken_back(work: ResultsFolder, results: Results, labels: Path, width: float | None) -> str:
    drawn = open_sample(work.path / LABELS_FOLDER, results)
    if drawn is None:
        raise StudyError(
            str(work.path / LABELS_FOLDER),
            "no sample was drawn",
            f"Draw one with {command('ostinato', 'label', work.path)}",
        )
    back = answered(drawn.rows, labels, film_sha256=drawn.film_sha256)
    n_given = len(back.rows) - back.n_open
    if n_given == 0:
        return _nothing_given(labels, len(back.rows))
    results = measured_with_labels(program_of(results, work.path), back.rows)
    results = _taken_over(work, results)
    lines = [
        f"{count(n_given, 'label')} taken over into {isolated(str(work.path))}.",
        *_how_many(n_given, len(back.rows), labels),
    ]
    if back.n_missing:
        lines.append(f"{count(back.n_missing, 'row')} of the sample not in it: kept as before.")
    return "\n".join([*lines, *_what_labels_say(results, width)])


def _what_labels_say(results: Results, width: float | None) -> Iterator[str]:
    n_to_do = sum(one.is_open for one in results.labels)
    if n_to_do:
        yield (
            f"{count(n_to_do, 'segment')} of the sample still without a kind: until then counted "
            "as undetermined, which widens the interval."
        )
    for row in results.teaching:
        yield from training_sentences(row)
    yield from _said(results.ratio_in(), len(results.speech), width)


def _said(film: Ratio | None, n_segments: int, width: float | None) -> Iterator[str]:
    """Say how wide the interval is, and what a narrower one would take."""
    if film is None or film.low is None or film.high is None:
        yield "Nobody speaks in this film."
        return
    now = film.high - film.low
    share = "Narration's share of narration and dialogue"
    if now > 0:
        value = "" if film.share is None else f"{number(film.share, '.1%')}, "
        between = bounds(film.low, film.high, ".1%")
        yield f"{share}: {value}between {between}, {now * 100:.1f} points wide."
    else:
        yield f"{share}: {number(film.share, '.1%')}."
    yield f"Method: {film.method}."
    if 0 < n_segments <= film.n_labels:
        yield f"All {count(n_segments, 'segment')} are labelled: more labels would change nothing."
    elif film.n_random_labels == 0 or film.estimator in {"range", "all decided"}:
        yield "There are too few labels yet for an estimate."
    else:
        yield from _labels_for(film, n_segments, (width,) if width else _DEFAULT_WIDTHS)


def _labels_for(film: Ratio, n_segments: int, widths: Sequence[float]) -> Iterator[str]:
    """Say how many labels would make the interval as narrow as is wanted."""
    now = (film.high or 0.0) - (film.low or 0.0)
    for wanted in widths:
        if wanted >= now:
            enough = count(film.n_random_labels, "label")
            yield f"It is no wider than {wanted * 100:g} points already: {enough} are enough."
        else:
            n = labels_needed(
                half_width=now / 2,
                n=film.n_random_labels,
                n_segments=n_segments,
                wanted=wanted / 2,
            )
            yield f"About {count(n, 'label')} in all would make it {wanted * 100:g} points wide."
