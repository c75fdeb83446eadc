"""The table as Markdown, and where in the repository the table and the figure are shown."""

import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from hearing import Answers, Chosen
from repertoire import SETS
from tables import ALL, FalseAlarms, Row
from tools import PEERS

_ROOT = Path(__file__).parents[2]
_BEGIN, _END = "<!-- cues: begin -->\n", "<!-- cues: end -->\n"
_HEAD = (
    "| set | tool | found | rival | misplaced | precision | recall | F1 "
    "| start, s | end, s | song, s |\n",
    f"|{'---|' * 11}\n",
)
_TOOLS_HEAD = (
    "| tool | setting | false detections | false seconds | seconds per minute of film |\n",
    f"|{'---|' * 5}\n",
)


def markdown(
    rows: Sequence[Row], alarms: Sequence[FalseAlarms], answers: Answers, *, provenance: str
) -> str:
    """Write the tables that the README shows.

    Parameters
    ----------
    rows : sequence of Row
        Of every tool and set.
    alarms : sequence of FalseAlarms
        One for each tool.
    answers : Answers
        How long the tools took, how the peers were set, and which were absent.
    provenance : str
        When this was run, and of which state of the program.

    Returns
    -------
    str
        Markdown.
    """
    whole = [row for row in rows if (row.level_lu, row.chain, row.length_s) == (ALL, ALL, ALL)]
    lines = [
        _line(row)
        for of_set in SETS
        for row in sorted(whole, key=lambda row: -(row.f1 or 0.0))
        if row.of_set == of_set
    ]
    lines += ["\n", *_TOOLS_HEAD]
    for alarm in alarms:
        cells = [
            alarm.tool,
            _setting(answers.settings.get(alarm.tool)),
            str(alarm.n_detections),
            f"{alarm.seconds:.1f}",
            f"{answers.seconds[alarm.tool]:.1f}",
        ]
        lines.append(_joined(cells))
    absent = [f"{tool} ({why})" for tool, why in answers.absent.items()]
    if absent:
        lines.append(f"\nAbsent: {'; '.join(absent)}.\n")
    remarks = [f"{p.name}: {p.remark}" for p in PEERS if p.remark and p.name in answers.found]
    if remarks:
        lines.append(f"\n{'; '.join(remarks)}.\n")
    lines.append(f"\n{provenance}\n")
    return "".join([*_HEAD, *lines])


def provenance(root: Path = _ROOT) -> str:
    """Say when this runs, and of which state of the program.

    Parameters
    ----------
    root : pathlib.Path, optional
        Of the repository; this one by default.

    Returns
    -------
    str
        A sentence.
    """
    commit, changes = (
        subprocess.run(  # noqa: S603 - our own words
            ["git", "-C", str(root), *words],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for words in (("rev-parse", "--short", "HEAD"), ("status", "--porcelain", "src"))
    )
    state = f"{commit}, with changes" if changes else commit
    return f"Ostinato at {state}, run on {datetime.now(UTC):%Y-%m-%d}."


def publish(table: str, folder: Path, figures: Sequence[Path], *, root: Path = _ROOT) -> None:
    """Put the table between its marks in ``benchmarks/README.md``, and copy the rest.

    Parameters
    ----------
    table : str
        Markdown.
    folder : pathlib.Path
        Where ``results.tsv`` lies.
    figures : sequence of pathlib.Path
        To be copied into ``figures/``.
    root : pathlib.Path, optional
        Of the repository; this one by default.
    """
    readme = root / "benchmarks" / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    readme.write_text(before + _BEGIN + table + _END + after, encoding="utf-8")
    shutil.copy(folder / "results.tsv", root / "benchmarks" / "cues" / "results.tsv")
    for path in figures:
        shutil.copy(path, root / "figures" / path.name)


def _line(row: Row) -> str:
    cells = [
        row.of_set,
        row.tool,
        f"{row.found} of {row.n_events}",
        str(row.rival),
        str(row.misplaced),
        *(_share(value) for value in (row.precision, row.recall, row.f1)),
        *(_error(value) for value in (row.start_error_s, row.end_error_s, row.song_error_s)),
    ]
    return _joined(cells)


def _joined(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _setting(chosen: Chosen | None) -> str:
    if chosen is None:
        return "as it comes"
    setting = chosen.setting
    return (
        f"{chosen.version}; windows of {setting.window_s:g} s, {setting.score.replace('_', ' ')} "
        f"{setting.min_score:g}, {setting.min_hits} hits"
    )


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _error(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
