"""What a search costs: ``python benchmarks/speed.py [CORPUS] [--minutes N …] [--songs N …]``.

A film of ten minutes is mixed from a folder of recordings, with one song heard now and then under
talk, and played over and over until it is as long as asked. Each film is analysed by the public
command in a process of its own: the table gives the seconds of each stage and the peak of memory.
Then one film is searched for more and more songs. Nothing is asserted.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from ostinato.media import open_working_copy
from ostinato.simulate import Fade, PlannedSong, Recordings, make_film, random_plan

SONG = "fantasma.mp3"  # of 2:46
PIECE_MINUTES = 10


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
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--minutes", type=int, nargs="+", default=[10, 30, 100, 300])
    parser.add_argument("--songs", type=int, nargs="+", default=[1, 5, 18])
    parser.add_argument("--minutes-for-songs", type=int, default=30)
    return parser.parse_args()


def _piece(corpus: Path, folder: Path) -> Path:
    recordings = Recordings(
        songs=(PlannedSong(id="S1", title=SONG, path=corpus / "songs" / SONG),),
        speech=tuple(sorted((corpus / "speech").glob("*.opus"))),
        ambience=tuple(sorted((corpus / "ambience").glob("*.opus"))),
    )
    plan, _ = random_plan(
        recordings,
        duration_s=60.0 * PIECE_MINUTES,
        levels_lu=(0.0, -10.0),
        chains={"clean": (Fade(in_s=0.01, out_s=0.01),)},
        occurrence_s=(6.0, 20.0),
        cache_dir=folder / "cache",
        rng=np.random.default_rng(0),
        per_condition=1,
    )
    make_film(plan, folder / "piece.mka", cache_dir=folder / "cache")
    return folder / "piece.mka"


def _film(piece: Path, minutes: int, folder: Path) -> Path:
    copy = open_working_copy(piece, cache_dir=folder / "cache")
    path = folder / f"{minutes}.flac"
    with soundfile.SoundFile(path, "w", copy.sample_rate_hz, len(copy.channel_names)) as file:
        for _ in range(minutes // PIECE_MINUTES):
            for _, y in copy.blocks(copy.sample_rate_hz * 60):
                file.write(y.T)
    return path


def _measure(film: Path, songs: Sequence[Path], folder: Path) -> None:
    out = folder / "out"
    named = [argument for song in songs for argument in ("--song", f"{song.stem}={song}")]
    command = [
        *(str(Path(sys.executable).with_name("ostinato")), "analyze", str(film), *named),
        *("--stages", "cues"),
        *("--cache", tempfile.mkdtemp(dir=folder), "--out", str(out)),
    ]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
    run = json.loads((out / "results.json").read_text("utf-8"))["run"]
    seconds = {stage["name"]: stage["seconds"] for stage in run["stages"]}
    print(
        f"{film.stem:>7} {len(songs):5} {seconds['media']:7.1f} {seconds['cues']:7.1f} "
        f"{run['peak_rss_mb']:8.0f}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
