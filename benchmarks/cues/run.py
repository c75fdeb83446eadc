"""How well songs are found in films, beside other tools: ``python benchmarks/cues/run.py``.

Makes the films, asks every tool, chooses the peers' settings, and writes ``results.tsv``,
``events.tsv``, ``table.md`` and ``cues-benchmark.{png,svg}`` into OUT. What is in OUT already is
not made again. ``--publish`` puts the table and the figure where the README shows them.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from figure import write_figure
from films import Studio, draw_calibration, draw_films
from hearing import Answers, Found, Hearing
from making import MadeFilm, make_films
from publish import markdown, provenance, publish
from repertoire import NEGATIVE, SETS
from sameness import Sameness
from scoring import Seconds, count_seconds, score_event
from tables import FalseAlarms, Row, event_cells, rows_of, write_rows
from tools import OSTINATO, PEERS

_LEAST_MINUTES = 5.0  # a song that is longer than the film is refused


def main() -> int:
    """Run what has not been run, and write the tables and the figure."""
    arguments = _arguments()
    if not (arguments.corpus / "songs").is_dir():
        print(f"{arguments.corpus} holds no songs/: give a folder of recordings", file=sys.stderr)
        return 2
    studio = _studio(arguments)
    calibration = make_films(
        lambda: draw_calibration(studio, seed=arguments.seed),
        studio.folder / "calibration.json",
        studio,
    )
    films = make_films(
        lambda: draw_films(studio, seed=arguments.seed, n_films=arguments.films),
        studio.folder / "films.json",
        studio,
    )
    hearing = Hearing(
        studio=studio,
        home=None if arguments.peers_home is None else arguments.peers_home.resolve(),
        only=arguments.only,
    )
    answers = hearing.ask_all(calibration, films)
    rows = _write_scores(studio, films, answers)
    alarms = [_alarms(tool, own, films) for tool, own in answers.found.items()]
    write_rows(studio.folder / "false-alarms.tsv", alarms)
    table = markdown(rows, alarms, answers, provenance=provenance())
    (studio.folder / "table.md").write_text(table, encoding="utf-8")
    figures = write_figure(rows, studio.folder)
    print(table)
    if arguments.publish:
        publish(table, studio.folder, figures)
    return 0


def _arguments() -> argparse.Namespace:
    tools = [OSTINATO, *(peer.name for peer in PEERS)]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--out", type=Path, default=Path("build/cues"), help="kept between runs")
    parser.add_argument(
        "--peers-home",
        type=Path,
        metavar="DIR",
        help="where the peers' environments are made and kept",
    )
    parser.add_argument("--minutes", type=float, default=5.0, help="of each film, 5 or more")
    parser.add_argument("--films", type=int, default=3, choices=(1, 2, 3), help="of each set")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--only",
        metavar="TOOL",
        type=lambda name: next((t for t in tools if t.casefold() == name.casefold()), name),
        choices=tools,
        help="ask this tool again and take what the others said from OUT",
    )
    parser.add_argument("--publish", action="store_true", help="write into the repository")
    arguments = parser.parse_args()
    if arguments.minutes < _LEAST_MINUTES:
        parser.error(f"--minutes: the longest song lasts {_LEAST_MINUTES:g} minutes; give more")
    return arguments


def _studio(arguments: argparse.Namespace) -> Studio:
    name = f"seed-{arguments.seed}-{arguments.films}x{arguments.minutes:g}-min"
    folder = (arguments.out / name).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return Studio(
        corpus=arguments.corpus.resolve(),
        folder=folder,
        cache_dir=(arguments.out / "cache").resolve(),
        minutes=arguments.minutes,
    )


def _write_scores(studio: Studio, films: Sequence[MadeFilm], answers: Answers) -> list[Row]:
    """Score every event of every set and tool, write them, and return the rows of the table."""
    is_same = Sameness(
        {name: path for film in films for name, path in film.songs.items()}, studio.cache_dir
    )
    rows: list[Row] = []
    events: list[dict[str, object]] = []
    for tool, own in answers.found.items():
        for of_set in SETS:
            in_set = [film for film in films if film.of_set == of_set]
            scores = [
                score_event(event, own[film.name], is_same=is_same)
                for film in in_set
                for event in film.events
            ]
            total = sum((count_seconds(f.events, own[f.name]) for f in in_set), Seconds())
            rows += rows_of(tool, of_set, scores, total)
            events += [{"tool": tool, **event_cells(score)} for score in scores]
    write_rows(studio.folder / "results.tsv", rows)
    write_rows(studio.folder / "events.tsv", events)
    return rows


def _alarms(tool: str, own: Found, films: Sequence[MadeFilm]) -> FalseAlarms:
    without = [film for film in films if film.of_set == NEGATIVE]
    return FalseAlarms(
        tool=tool,
        n_detections=sum(len(own[film.name]) for film in without),
        seconds=sum(count_seconds((), own[film.name]).found_s for film in without),
        hours=sum(film.duration_s * len(film.songs) for film in without) / 3600,
    )


if __name__ == "__main__":
    sys.exit(main())
