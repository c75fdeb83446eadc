"""What a search costs: ``python benchmarks/speed.py [CORPUS] [--minutes N …] [--dense N]``.

A film of ten minutes is mixed from a folder of recordings, with one song heard now and then under
talk, and played over and over until it is as long as asked. Each film is analysed by the public
command in a process of its own: the table gives the seconds of each stage and the peak of memory.
Then one film is searched for more and more songs.

A dense film plays a song of five minutes for half of its time. It is searched for that song and for
one of about that length that is absent, in turn, a few times: medians of processor time tell what a
second that is searched costs, and how much more one in which the song is heard. Nothing is
asserted.
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from ostinato.media import open_working_copy
from ostinato.simulate import Fade, PlannedSong, Recordings, make_film, random_plan

SONG = "fantasma.mp3"  # of 2:46
PIECE_MINUTES = 10
DENSE_SONG, ABSENT_SONG = "feelings.ogg", "on-the-run.ogg"  # of 4:48 each
LEVELS_LU = (0.0, -10.0)
OCCURRENCES_A_MINUTE = 1.4
ROUNDS = 3


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
        folder = Path(name)
        piece = _piece(arguments.corpus, folder)
        print("minutes songs   media    cues  peak MB")
        for minutes in arguments.minutes:
            _measure(_film(piece, minutes, folder), songs[:1], folder)
        film = _film(piece, arguments.minutes_for_songs, folder)
        for n_songs in arguments.songs:
            _measure(film, songs[:n_songs], folder)
        if arguments.dense:
            _measure_dense(arguments.corpus, arguments.dense, folder)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--minutes", type=int, nargs="*", default=[10, 30, 100, 300])
    parser.add_argument("--songs", type=int, nargs="*", default=[1, 5, 18])
    parser.add_argument("--dense", type=int, default=25, help="minutes of the dense film; 0: none")
    parser.add_argument("--minutes-for-songs", type=int, default=30)
    return parser.parse_args()


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
        per_condition=max(1, round(minutes * OCCURRENCES_A_MINUTE / len(LEVELS_LU))),
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


def _measure_dense(corpus: Path, minutes: int, folder: Path) -> None:
    film = _dense_film(corpus, minutes, folder)
    spent: dict[str, list[float]] = {DENSE_SONG: [], ABSENT_SONG: []}
    heard_s = 0.0
    for _ in range(ROUNDS):
        for name, cpu_s in spent.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            out = _analysed(film, [corpus / "songs" / name], folder)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu_s.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
            found = out["occurrences"]
            heard_s = max(heard_s, sum(o["film_end_s"] - o["film_start_s"] for o in found))
    heard, absent = (statistics.median(cpu_s) for cpu_s in spent.values())
    print(
        f"dense film of {minutes} minutes, {heard_s:.0f} s heard; processor time, decoding included"
    )
    print(f"song heard {heard:.1f} s, absent {absent:.1f} s")
    print(f"a second that is searched {1000 * absent / minutes / 60:.1f} ms", end=", ")
    print(
        f"one in which the song is heard {1000 * (heard - absent) / max(1.0, heard_s):.1f} ms more"
    )


def _film(piece: Path, minutes: int, folder: Path) -> Path:
    copy = open_working_copy(piece, cache_dir=folder / "cache")
    path = folder / f"{minutes}.flac"
    with soundfile.SoundFile(path, "w", copy.sample_rate_hz, len(copy.channel_names)) as file:
        for _ in range(minutes // PIECE_MINUTES):
            for _, y in copy.blocks(copy.sample_rate_hz * 60):
                file.write(y.T)
    return path


def _measure(film: Path, songs: Sequence[Path], folder: Path) -> None:
    run = _analysed(film, songs, folder)["run"]
    seconds = {stage["name"]: stage["seconds"] for stage in run["stages"]}
    print(
        f"{film.stem:>7} {len(songs):5} {seconds['media']:7.1f} {seconds['cues']:7.1f} "
        f"{run['peak_rss_mb']:8.0f}",
        flush=True,
    )


def _analysed(film: Path, songs: Sequence[Path], folder: Path) -> dict[str, Any]:
    """Search a film by the public command in a process of its own, with nothing kept before."""
    out = Path(tempfile.mkdtemp(dir=folder))
    named = [argument for song in songs for argument in ("--song", f"{song.stem}={song}")]
    command = [
        *(str(Path(sys.executable).with_name("ostinato")), "analyze", str(film), *named),
        *("--stages", "cues", "--cache", str(out / "cache"), "--out", str(out / "found")),
    ]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
    results: dict[str, Any] = json.loads((out / "found" / "results.json").read_text("utf-8"))
    shutil.rmtree(out)
    return results


if __name__ == "__main__":
    sys.exit(main())
