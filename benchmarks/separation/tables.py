"""Scores on disk, one row each as it comes, and the tables that they make."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import fmean

from chains import CONDITIONS
from clips import CLIP_S
from scoring import Score

OWN = "Ostinato"
_TEXT = ("grade",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The score of one method on one clip."""

    method: str
    song: str
    condition: str
    score: Score

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is the score of."""
        return self.method, self.song, self.condition


def read_rows(path: Path) -> list[Row]:
    """Read what an earlier run has left; nothing if there is no such file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [_row(one) for one in csv.DictReader(file, delimiter="\t")]


def append_row(path: Path, row: Row) -> None:
    """Add one row, under a head if it is the first."""
    cells = {"method": row.method, "song": row.song, "condition": row.condition}
    cells |= {
        name: "" if value is None else value if name in _TEXT else f"{value:.4f}"
        for name, value in asdict(row.score).items()
    }
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, cells, delimiter="\t", lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerow(cells)


def _row(cells: dict[str, str]) -> Row:
    values = {
        one.name: None
        if cells[one.name] == ""
        else cells[one.name]
        if one.name in _TEXT
        else float(cells[one.name])
        for one in fields(Score)
    }
    return Row(
        method=cells["method"],
        song=cells["song"],
        condition=cells["condition"],
        score=Score(**values),  # type: ignore[arg-type]
    )


def own_table(rows: Sequence[Row]) -> str:
    """Tabulate the means of each condition, in Markdown."""
    lines = [
        "| condition | aim | songs | mix | ceiling | remainder | worst song | stem "
        "| level error, LU | stated | AUC mix | AUC | grades |",
        "|" + "---|" * 13,
    ]
    for condition in CONDITIONS:
        scores = [r.score for r in rows if r.method == OWN and r.condition == condition.name]
        if not scores:
            continue
        aim = "" if condition.bar_db is None else f"{condition.bar_db:.0f}"
        cells = [condition.name, aim, str(len(scores))]
        cells += [_mean(scores, name, 1) for name in ("mix_db", "ceiling_db", "speech_db")]
        cells += [
            f"{min(one.speech_db for one in scores):.1f}".replace("-", "−"),
            _mean(scores, "song_db", 1),
        ]
        cells += [_mean(scores, name, 2) for name in ("level_lu", "error_lu", "mix_auc", "auc")]
        grades = Counter(one.grade for one in scores)
        cells.append(", ".join(f"{n} {grade}" for grade, n in sorted(grades.items(), key=str)))
        lines.append("| " + " | ".join(cells) + " |")
    own = [row.score for row in rows if row.method == OWN]
    if own:
        cpu_s = 60 / CLIP_S * _means(own, "cpu_s")
        lines += ["", f"Processor time a minute of cue: {cpu_s:.1f} s."]
    return "\n".join(lines)


def coverage_table(rows: Sequence[Row]) -> str:
    """Tabulate how often the level of a cancelled song is as near as it is said to be."""
    lines = [
        "| condition | songs | error, LU | stated | within it | within twice |",
        "|" + "---|" * 6,
    ]
    for condition in CONDITIONS:
        scores = [
            row.score
            for row in rows
            if row.method == OWN
            and row.condition == condition.name
            and row.score.within_one is not None
        ]
        if scores:
            cells = [condition.name, str(len(scores))]
            names = ("level_lu", "error_lu", "within_one", "within_two")
            cells += [_mean(scores, name, 2) for name in names]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def peers_table(rows: Sequence[Row]) -> str:
    """Tabulate all methods on the clips that every one of them was run on."""
    methods = list(dict.fromkeys(row.method for row in rows))
    if len(methods) == 1:
        return ""
    clips = [{row.key[1:] for row in rows if row.method == one} for one in methods]
    shared = set.intersection(*clips) if clips else set()
    lines = ["| condition | songs | method | speech | AUC |", "|" + "---|" * 5]
    for condition in CONDITIONS:
        songs = {song for song, name in shared if name == condition.name}
        own = [
            row.score
            for row in rows
            if row.method == OWN and row.condition == condition.name and row.song in songs
        ]
        if not songs:
            continue
        head = f"| {condition.name} | {len(songs)} |"
        lines.append(f"{head} the mix | {_mean(own, 'mix_db', 1)} | {_mean(own, 'mix_auc', 2)} |")
        for method in methods:
            scores = [
                row.score
                for row in rows
                if row.method == method and row.condition == condition.name and row.song in songs
            ]
            lines.append(
                f"{head} {method} | {_mean(scores, 'speech_db', 1)} | {_mean(scores, 'auc', 2)} |"
            )
    return "\n".join(lines)


def _mean(scores: Sequence[Score], name: str, n_digits: int) -> str:
    known = [one for one in scores if getattr(one, name) is not None]
    return f"{_means(known, name):.{n_digits}f}".replace("-", "−") if known else ""


def _means(scores: Sequence[Score], name: str) -> float:
    return fmean(getattr(one, name) for one in scores)
