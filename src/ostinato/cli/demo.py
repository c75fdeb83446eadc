"""`ostinato demo`: make a film of known truth, analyse it, and set one beside the other."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ostinato.cli.analyze import report
from ostinato.cli.output import command, say
from ostinato.errors import StudyError
from ostinato.legible import isolated
from ostinato.measures import MeasureParameters, measured
from ostinato.media import default_cache_dir
from ostinato.pipeline import made_again
from ostinato.results import (
    FILM,
    Ratio,
    Results,
    Transition,
    at_work_in,
    check_writable,
    encode_results,
    read_results,
    result_names,
    write_atomically,
)
from ostinato.simulate import (
    DEMO_NAMES,
    STUDY_NAME,
    TRUTH_NAME,
    Match,
    Score,
    score_occurrences,
    write_demo,
)
from ostinato.study import read_study
from ostinato.timeline import timecode

_SEED = 1994
_NOTHING = "-"


def demo_command(arguments: argparse.Namespace) -> None:
    """Write the demonstration, analyse it, and print what was found beside what is true."""
    out: Path = arguments.out
    check_writable(out)
    with at_work_in(out) as work:
        is_ours = work.manifest.file(TRUTH_NAME) is not None
        if work.earlier is not None and not is_ours:
            raise StudyError(
                str(out), "it holds the results of another film", "Give another folder with --out"
            )
        work.check_places([*DEMO_NAMES, *result_names()])
        with work.replaced(is_whole=False, part="demo") as folder:
            cache = default_cache_dir()
            truth = made_again(
                cache,
                lambda: write_demo(folder, cache_dir=cache, rng=np.random.default_rng(_SEED)),
            )
            study = read_study(folder / STUDY_NAME)
            truth = measured_truth(truth, parameters=study.parameters.measures)
            write_atomically(folder / TRUTH_NAME, encode_results(truth))
    study = read_study(out / STUDY_NAME)
    say(report(study, out, cache_dir=None, is_quiet=arguments.quiet))
    say("")
    say(compare(truth, read_results(out)))
    say("")
    say(f"The truth is in {isolated(str(out / TRUTH_NAME))}; analyse the same film yourself with")
    say(f"  {command('ostinato', 'analyze', '--study', out / STUDY_NAME, '--out', out)}")


def measured_truth(truth: Results, *, parameters: MeasureParameters) -> Results:
    """Return the truth with the measures that an analysis takes, taken of it."""
    return measured(truth, parameters=parameters)


def compare(truth: Results, found: Results) -> str:
    """Set what was found beside what is true.

    Parameters
    ----------
    truth : Results
        From `measured_truth`; songs have the same identifiers as in `found`.
    found : Results
        From an analysis.

    Returns
    -------
    str
        Three tables: occurrences, transitions, narration to dialogue.
    """
    score = score_occurrences(truth.occurrences, found.occurrences)
    return "\n\n".join(
        (
            _occurrences(score),
            _transitions(truth.transitions, found.transitions, score),
            _ratio(_of_film(truth.ratio), _of_film(found.ratio)),
        )
    )


def _occurrences(score: Score) -> str:
    rows = [
        ("song", "true start", "true end", "song time", "found start", "end", "song time", "level"),
        *(_row(match) for match in score.matches),
    ]
    recall, precision = (
        "none" if share is None else f"{share:.1%}" for share in (score.recall, score.precision)
    )
    return "\n".join(
        (
            "Occurrences in film time, with the errors of what was found, in seconds and LU:",
            _table(rows),
            f"{score.n_found} of {len(score.matches)} found, {len(score.false)} false; "
            f"{recall} of the true seconds found, {precision} of the found seconds true.",
            *(
                f"False: {one.song_id} at {timecode(one.film_start_s, decimals=2)} to "
                f"{timecode(one.film_end_s, decimals=2)}, at song time {one.song_start_s:.2f}"
                for one in score.false
            ),
        )
    )


def _row(match: Match) -> tuple[str, ...]:
    truth = match.truth
    levels = [piece.level_lufs for piece in match.found[:1] if piece.level_lufs is not None]
    level_error = levels[0] - truth.level_lufs if levels and truth.level_lufs is not None else None
    return (
        truth.song_id,
        timecode(truth.film_start_s, decimals=2),
        timecode(truth.film_end_s, decimals=2),
        f"{truth.song_start_s:.2f}",
        _signed(match.start_error_s, 3) if match.found else "missed",
        _signed(match.end_error_s, 3),
        _signed(match.song_error_s, 4),
        _signed(level_error, 1),
    )


def _transitions(truth: Sequence[Transition], found: Sequence[Transition], score: Score) -> str:
    found_ids = {match.truth.id: {piece.id for piece in match.found} for match in score.matches}
    rows: list[tuple[str, ...]] = [
        ("song", "from", "to", "true gap", "outcome", "found gap", "outcome")
    ]
    for one in truth:
        same = next(
            (
                other
                for other in found
                if other.from_id in found_ids[one.from_id] and other.to_id in found_ids[one.to_id]
            ),
            None,
        )
        rows.append(
            (
                one.song_id,
                one.from_id,
                one.to_id,
                f"{one.gap_s:+.2f} s",
                one.outcome or _NOTHING,
                _NOTHING if same is None else f"{same.gap_s:+.2f} s",
                _NOTHING if same is None else same.outcome or _NOTHING,
            )
        )
    return f"Transitions; the gap is in song time:\n{_table(rows)}"


def _ratio(truth: Ratio | None, found: Ratio | None) -> str:
    rows: list[tuple[str, ...]] = [
        ("", "narration", "dialogue", "undetermined", "narration : dialogue")
    ]
    for name, one in (("true", truth), ("found", found)):
        if one is not None:
            seconds = (one.narration_s, one.dialogue_s, one.undetermined_s)
            rows.append((name, *(f"{value:.1f} s" for value in seconds), _quotient(one)))
    lines = ["Speech:", _table(rows), *_verdict(truth, found)]
    return "\n".join(lines)


def _quotient(one: Ratio) -> str:
    if one.ratio is not None:
        return f"{one.ratio:.2f}"
    if one.ratio_low is None:
        return _NOTHING
    high = "any" if one.ratio_high is None else f"{one.ratio_high:.2f}"
    return f"{one.ratio_low:.2f} to {high}"


def _verdict(truth: Ratio | None, found: Ratio | None) -> Iterator[str]:
    if truth is None or found is None or None in (truth.share, found.low, found.high):
        return
    share, low, high = truth.share or 0.0, found.low or 0.0, found.high or 0.0
    lies = "lies" if low <= share <= high else "does not lie"
    yield f"The true share of narration, {share:.1%}, {lies} in the range {low:.1%} to {high:.1%}."


def _of_film(rows: Sequence[Ratio]) -> Ratio | None:
    return next((row for row in rows if row.scope == FILM), None)


def _signed(value: float | None, decimals: int) -> str:
    return _NOTHING if value is None else f"{value:+.{decimals}f}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Align the columns: the first to the left, the rest to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  "
        + "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
