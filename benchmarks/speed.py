"""What a search costs: ``python benchmarks/speed.py [CORPUS] [--minutes N …] [--before SRC]``.

A film of ten minutes is mixed from a folder of recordings, with one song heard now and then under
talk, and played over and over until it is as long as asked. Each film is searched by the public
command in a process of its own for that song, for one that is absent, and for both: the table gives
the seconds and the processor time of it, and the peak of memory. Then one film is searched for more
and more songs.

A dense film plays a song of five minutes for nearly half of its time. It is searched for that song
and for one of about that length that is absent, so that processor time tells what a second that is
searched costs, and how much more one in which the song is heard; then it is analysed whole, stage
by stage.

``--before`` names the folder ``src`` of another state of the program, which is run in turn with
this one on the same films; ratios are its processor time over ours. Nothing is asserted.
"""

import argparse
import json
import math
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from ostinato.media import open_working_copy
from ostinato.simulate import Fade, PlannedSong, make_film

sys.path.insert(0, str(Path(__file__).parent / "cues"))
from random_plans import Recordings, random_plan

SONG = "fantasma.mp3"  # of 2:46
PIECE_MINUTES = 10
DENSE_SONG, ABSENT_SONG = "feelings.ogg", "on-the-run.ogg"  # of 4:48 each
LEVELS_LU = (0.0, -10.0)
OCCURRENCES_A_MINUTE = 1.25  # of 20 s: for 42 of 100 minutes


def main() -> int:
    """Make the films, analyse them, and print the tables."""
    arguments = _arguments()
    songs = sorted((arguments.corpus / "songs").glob("*.*"), key=lambda path: path.name != SONG)
    if not songs or songs[0].name != SONG:
        print(
            f"{arguments.corpus} holds no songs/{SONG}: give a folder of recordings",
            file=sys.stderr,
        )
        return 2
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), arguments.before, arguments.rounds)
        print("minutes  searched for            cues, s   CPU s   peak MB   CPU s before   ratio")
        if arguments.minutes or arguments.songs:
            piece = _piece(arguments.corpus, bench.folder)
            for minutes in arguments.minutes:
                _measure_film(_film(piece, minutes, bench.folder), arguments.corpus, bench)
            for n_songs in arguments.songs:
                film = _film(piece, arguments.minutes_for_songs, bench.folder)
                bench.row(film, songs[:n_songs], f"{n_songs} songs")
        if arguments.dense:
            _measure_dense(arguments.corpus, arguments.dense, bench)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--minutes", type=int, nargs="*", default=[10, 30, 100])
    parser.add_argument("--songs", type=int, nargs="*", default=[])
    parser.add_argument("--dense", type=int, default=10, help="minutes of the dense film; 0: none")
    parser.add_argument("--minutes-for-songs", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=1, help="medians are of so many runs")
    parser.add_argument("--before", type=Path, help="folder src of another state, run in turn")
    return parser.parse_args()


@dataclass(frozen=True)
class Run:
    """One run of the public command."""

    cpu_s: float
    results: dict[str, Any]

    @property
    def stages(self) -> dict[str, float]:
        """Seconds of each stage."""
        return {stage["name"]: stage["seconds"] for stage in self.results["run"]["stages"]}

    @property
    def heard_s(self) -> float:
        """Seconds of film in which a song is heard."""
        return float(sum(o["film_end_s"] - o["film_start_s"] for o in self.results["occurrences"]))


@dataclass(frozen=True)
class Bench:
    """Where films are made, what is compared, and how often it is run."""

    folder: Path
    before: Path | None
    n_rounds: int

    def row(
        self, film: Path, songs: Sequence[Path], name: str, *, stages: Sequence[str] = ("cues",)
    ) -> Run:
        """Run both states in turn, print a row, and return the median run of this one."""
        ours, theirs = [], []
        for _ in range(self.n_rounds):
            ours.append(self._run(film, songs, stages, None))
            if self.before is not None:
                theirs.append(self._run(film, songs, stages, self.before))
        run = sorted(ours, key=lambda one: one.cpu_s)[len(ours) // 2]
        row = (
            f"{film.stem:>7}  {name:22} {run.stages['cues']:8.1f} {run.cpu_s:7.1f} "
            f"{run.results['run']['peak_rss_mb']:9.0f}"
        )
        if theirs:
            before = statistics.median(one.cpu_s for one in theirs)
            row += f" {before:14.1f} {before / run.cpu_s:7.2f}"
        print(row, flush=True)
        return run

    def _run(
        self, film: Path, songs: Sequence[Path], stages: Sequence[str], source: Path | None
    ) -> Run:
        """Search a film by the public command in a process of its own, with nothing kept before."""
        out = Path(tempfile.mkdtemp(dir=self.folder))
        named = [argument for song in songs for argument in ("--song", f"{song.stem}={song}")]
        command = [
            *(str(Path(sys.executable).with_name("ostinato")), "analyze", str(film), *named),
            *("--cache", str(out / "cache"), "--out", str(out / "found")),
            *(("--stages", ",".join(stages)) if stages else ()),
        ]
        environment = dict(os.environ)
        if source is not None:
            environment["PYTHONPATH"] = str(source.resolve())
        before = _children_s()
        subprocess.run(  # noqa: S603 - our own command
            command, check=True, capture_output=True, env=environment
        )
        cpu_s = _children_s() - before
        results: dict[str, Any] = json.loads((out / "found" / "results.json").read_text("utf-8"))
        shutil.rmtree(out)
        return Run(cpu_s, results)


def _children_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _measure_film(film: Path, corpus: Path, bench: Bench) -> None:
    heard, absent = (corpus / "songs" / name for name in (SONG, ABSENT_SONG))
    bench.row(film, [heard], "a song that is heard")
    bench.row(film, [absent], "one that is absent")
    bench.row(film, [heard, absent], "both")


def _measure_dense(corpus: Path, minutes: int, bench: Bench) -> None:
    film = _dense_film(corpus, minutes, bench.folder)
    songs = [corpus / "songs" / name for name in (DENSE_SONG, ABSENT_SONG)]
    heard = bench.row(film, songs[:1], "a song heard often")
    absent = bench.row(film, songs[1:], "one that is absent")
    whole = bench.row(film, songs[:1], "whole analysis", stages=())
    print(
        f"dense film of {minutes} minutes, {heard.heard_s:.0f} s heard; a second that is searched: "
        f"{1000 * absent.cpu_s / minutes / 60:.1f} ms of a processor, one in which the song is "
        f"heard: {1000 * (heard.cpu_s - absent.cpu_s) / max(1.0, heard.heard_s):.1f} ms more"
    )
    seconds = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in whole.stages.items())
    print(f"whole analysis: {seconds}")


def _piece(corpus: Path, folder: Path) -> Path:
    return _mixed(
        corpus,
        folder / "piece.mka",
        song=SONG,
        minutes=PIECE_MINUTES,
        occurrence_s=(6.0, 20.0),
        per_condition=1,
    )


def _dense_film(corpus: Path, minutes: int, folder: Path) -> Path:
    return _mixed(
        corpus,
        folder / "dense.mka",
        song=DENSE_SONG,
        minutes=minutes,
        occurrence_s=(15.0, 25.0),
        per_condition=max(1, math.ceil(minutes * OCCURRENCES_A_MINUTE / len(LEVELS_LU))),
    )


def _mixed(
    corpus: Path,
    film: Path,
    *,
    song: str,
    minutes: int,
    occurrence_s: tuple[float, float],
    per_condition: int,
) -> Path:
    cache = film.parent / "cache"
    recordings = Recordings(
        songs=(PlannedSong(id="S1", title=song, path=corpus / "songs" / song),),
        speech=tuple(sorted((corpus / "speech").glob("*.opus"))),
        ambience=tuple(sorted((corpus / "ambience").glob("*.opus"))),
    )
    plan, _ = random_plan(
        recordings,
        duration_s=60.0 * minutes,
        levels_lu=LEVELS_LU,
        chains={"clean": (Fade(in_s=0.01, out_s=0.01),)},
        occurrence_s=occurrence_s,
        cache_dir=cache,
        rng=np.random.default_rng(0),
        per_condition=per_condition,
    )
    make_film(plan, film, cache_dir=cache)
    return film


def _film(piece: Path, minutes: int, folder: Path) -> Path:
    copy = open_working_copy(piece, cache_dir=folder / "cache")
    path = folder / f"{minutes}.flac"
    with soundfile.SoundFile(path, "w", copy.rate_hz, len(copy.channel_names)) as file:
        for _ in range(minutes // PIECE_MINUTES):
            for _, y in copy.blocks(copy.rate_hz * 60):
                file.write(y.T)
    return path


if __name__ == "__main__":
    sys.exit(main())
