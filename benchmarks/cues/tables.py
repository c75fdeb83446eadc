"""From scores to rows: one for each set, tool, level, chain and length, and sums over them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import product
from pathlib import Path

import numpy as np
from scoring import EventScore, Seconds

ALL = "all"
_LENGTH_EDGES_S = (0.0, 2.0, 5.0, 10.0, 25.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How a tool did on some events; errors are medians of magnitudes over those found.

    `recall` is that of seconds. `precision` and `f1` are known for whole sets only, since a false
    second has no level, chain or length.
    """

    of_set: str
    tool: str
    level_lu: str
    chain: str
    length_s: str
    n_events: int
    found: int
    rival: int
    misplaced: int
    missed: int
    recall: float | None
    precision: float | None
    f1: float | None
    start_error_s: float | None
    end_error_s: float | None
    song_error_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseAlarms:
    """What a tool found in films without the songs."""

    tool: str
    n_detections: int
    seconds: float
    hours: float
    """Of film times song that were searched."""


def length_band(duration_s: float) -> str:
    """Return the band of lengths in which a duration lies."""
    edges = _LENGTH_EDGES_S
    which = int(np.searchsorted(edges, duration_s, side="right")) - 1
    which = min(which, len(edges) - 2)
    return f"{edges[which]:g} to {edges[which + 1]:g}"


def rows_of(
    tool: str, of_set: str, scores: Sequence[EventScore], seconds: Seconds
) -> Iterable[Row]:
    """Give the rows of one tool on one set: over all, by each condition, by all of them at once.

    Parameters
    ----------
    tool, of_set : str
        Whose.
    scores : sequence of EventScore
        Of every event of the set.
    seconds : Seconds
        Of the set's films together.

    Yields
    ------
    Row
        Only those that hold an event.
    """
    labelled = [(_labels(score), score) for score in scores]
    kinds = [sorted({labels[i] for labels, _ in labelled}, key=_order) for i in range(3)]
    everything = (ALL, ALL, ALL)
    conditions = [everything]
    conditions += [(level, ALL, ALL) for level in kinds[0]]
    conditions += [(ALL, chain, ALL) for chain in kinds[1]]
    conditions += [(ALL, ALL, length) for length in kinds[2]]
    conditions += list(product(*kinds))
    for condition in conditions:
        own = [s for labels, s in labelled if _fits(labels, condition)]
        if own:
            yield _row(tool, of_set, condition, own, seconds if condition == everything else None)


def write_rows(path: Path, rows: Iterable[Row | FalseAlarms | Mapping[str, object]]) -> None:
    """Write rows of one kind as a table with tabs; what is unknown is empty."""
    records = [
        row
        if isinstance(row, Mapping)
        else {field.name: getattr(row, field.name) for field in fields(row)}
        for row in rows
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(records[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: _cell(v) for k, v in record.items()} for record in records)


def event_cells(score: EventScore) -> dict[str, object]:
    """Describe an event and how it fared."""
    event = score.event
    return {
        "set": event.of_set,
        "film": event.film,
        "song": event.song,
        "level_lu": event.level_lu,
        "chain": event.chain,
        "length_s": event.end_s - event.start_s,
        "film_start_s": event.start_s,
        "song_start_s": event.song_start_s,
        "speed": event.speed,
        "outcome": score.outcome,
        "heard_s": score.heard_s,
        "start_error_s": score.start_error_s,
        "end_error_s": score.end_error_s,
        "song_error_s": score.song_error_s,
    }


def _labels(score: EventScore) -> tuple[str, str, str]:
    event = score.event
    return f"{event.level_lu:g}", event.chain, length_band(event.end_s - event.start_s)


def _order(label: str) -> tuple[float, str]:
    first = label.split(maxsplit=1)[0]
    return (-float(first), "") if first.lstrip("-").isdigit() else (0.0, label)


def _fits(labels: tuple[str, str, str], condition: tuple[str, str, str]) -> bool:
    return all(want in (ALL, label) for label, want in zip(labels, condition, strict=True))


def _row(
    tool: str,
    of_set: str,
    condition: tuple[str, str, str],
    scores: Sequence[EventScore],
    seconds: Seconds | None,
) -> Row:
    counts = {
        outcome: sum(score.outcome == outcome for score in scores)
        for outcome in ("found", "rival", "misplaced", "missed")
    }
    true_s = sum(score.event.end_s - score.event.start_s for score in scores)
    level_lu, chain, length_s = condition
    return Row(
        of_set=of_set,
        tool=tool,
        level_lu=level_lu,
        chain=chain,
        length_s=length_s,
        n_events=len(scores),
        **counts,
        recall=sum(score.heard_s for score in scores) / true_s,
        precision=seconds.precision if seconds else None,
        f1=seconds.f1 if seconds else None,
        start_error_s=_median(score.start_error_s for score in scores),
        end_error_s=_median(score.end_error_s for score in scores),
        song_error_s=_median(score.song_error_s for score in scores),
    )


def _median(errors: Iterable[float | None]) -> float | None:
    known = [abs(error) for error in errors if error is not None]
    return float(np.median(known)) if known else None


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else value
