"""How well songs are found: ``python benchmarks/accuracy.py [CORPUS] [--minutes N] [--seed S]``.

A film is mixed from a folder of recordings, with speech and ambience throughout, and a song of five
minutes comes in at three levels against the speech, each clean, from a small radio, and in a room.
Two other songs are looked for and never occur. Of each condition the table gives how many
occurrences were found, and the errors of what was found. With ``--others`` every other song of the
folder is looked for too, each alone, and what is found of them is printed. Nothing is asserted.

CORPUS holds ``songs/``, ``speech/``, ``ambience/`` and ``rooms/``. A film of 100 minutes needs
about 8 GB of disk in the folder for temporary files, which ``TMPDIR`` chooses.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ostinato.pipeline import analyze
from ostinato.results import Results
from ostinato.simulate import (
    Encoding,
    Fade,
    FilmPlan,
    Match,
    PlannedSong,
    Radio,
    Step,
    make_film,
    read_room,
    score_occurrences,
)
from ostinato.study import SongFile, Study

sys.path.insert(0, str(Path(__file__).parent / "cues"))
from random_plans import Recordings, random_plan

SONG, *OTHERS = "feelings", "armygeddon", "drascula-1"
ROOM = "binaural-s3_r4_bd.wav"
LEVELS_LU = (0.0, -5.0, -10.0)
OCCURRENCE_S = (6.0, 20.0)
MINUTES_PER_ROUND = 12.5  # nine conditions and what lies between them fill three minutes of it


def main() -> int:
    """Mix the film, analyse it, and print the table."""
    arguments = _arguments()
    if not (arguments.corpus / "songs").is_dir():
        print(f"{arguments.corpus} holds no songs/: give a folder of recordings", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        _run(arguments, Path(folder))
    return 0


def _run(arguments: argparse.Namespace, folder: Path) -> None:
    cache = folder / "cache"
    started = time.perf_counter()
    plan, chains = _plan(arguments, cache)
    film = folder / "film.mka"
    truth = make_film(plan, film, cache_dir=cache, encoding=Encoding(codec="ac3", bit_rate=192_000))
    mixed = time.perf_counter()
    songs = tuple(SongFile(title=song.title, path=song.path) for song in plan.songs)
    found = analyze(Study(film=film, songs=songs, stages=("cues",)), cache_dir=cache)
    analysed = time.perf_counter()
    print(f"{arguments.minutes:g} minutes, seed {arguments.seed}, {len(plan.songs)} songs")
    _print_table(plan, chains, truth, found)
    print(f"mixed in {mixed - started:.0f} s, analysed in {analysed - mixed:.0f} s:")
    print("  " + ", ".join(f"{stage.name} {stage.seconds:.0f} s" for stage in found.run.stages))
    if arguments.others:
        known = {song.path for song in plan.songs}
        others = (p for p in sorted((arguments.corpus / "songs").glob("*.*")) if p not in known)
        _print_others(film, [SongFile(title=path.stem, path=path) for path in others], cache)


def _print_others(film: Path, songs: Sequence[SongFile], cache: Path) -> None:
    """Look for songs that are not in the film, each alone: none may hide as shared material."""
    searched_s = n_false = 0.0
    for song in songs:
        found = analyze(Study(film=film, songs=(song,), stages=("cues",)), cache_dir=cache)
        searched_s += found.film.duration_s
        n_false += len(found.occurrences)
        for one in found.occurrences:
            where = f"{one.film_start_s:.1f} to {one.film_end_s:.1f} s, by {one.likeness}"
            print(f"  false: {song.title} at {where}, p {one.p_value:.0e}", flush=True)
    print(f"other songs: {len(songs)}, {searched_s / 3600:.1f} hours searched, {n_false:g} false")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--minutes", type=float, default=100.0, help="of the film, 10 or more")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--others", action="store_true", help="look for all other songs as well")
    return parser.parse_args()


def _plan(arguments: argparse.Namespace, cache: Path) -> tuple[FilmPlan, tuple[str, ...]]:
    corpus = arguments.corpus
    cut = Fade(in_s=0.01, out_s=0.01)  # no cut clicks
    room = read_room(corpus / "rooms" / ROOM, sample_rate_hz=48_000, cache_dir=cache)
    chains: dict[str, tuple[Step, ...]] = {
        "clean": (cut,),
        "radio": (cut, Radio()),
        "room": (cut, room),
    }
    songs = tuple(
        PlannedSong(id=f"S{number}", title=name, path=corpus / "songs" / f"{name}.ogg")
        for number, name in enumerate((SONG, *OTHERS), start=1)
    )
    recordings = Recordings(
        songs=songs,
        speech=tuple(sorted((corpus / "speech").glob("*.opus"))),
        ambience=tuple(sorted((corpus / "ambience").glob("*.opus"))),
    )
    return random_plan(
        recordings,
        duration_s=60 * arguments.minutes,
        levels_lu=LEVELS_LU,
        chains=chains,
        occurrence_s=OCCURRENCE_S,
        cache_dir=cache,
        rng=np.random.default_rng(arguments.seed),
        per_condition=max(1, int(arguments.minutes / MINUTES_PER_ROUND)),
    )


def _print_table(plan: FilmPlan, chains: Sequence[str], truth: Results, found: Results) -> None:
    score = score_occurrences(truth.occurrences, found.occurrences)
    print(f"{'chain':6} {'level':>6} {'found':>7} {'start, s':>15} {'end, s':>15} {'song, ms':>15}")
    print(f"{'':6} {'LU':>6} {'':>7} {'median, worst':>15} {'median, worst':>15} {'':>15}")
    conditions = [
        (name, one.level.value) for name, one in zip(chains, plan.occurrences, strict=True)
    ]
    for chain, level in sorted(set(conditions), key=lambda c: (c[0], -c[1])):
        matches = [
            match
            for condition, match in zip(conditions, score.matches, strict=True)
            if condition == (chain, level)
        ]
        _print_row(f"{chain:6} {level:+6.0f}", matches)
    others = sum(one.song_id != plan.songs[0].id for one in score.false)
    print(f"false: {len(score.false)}, of which {others} of songs that are not in the film")
    shares = [f"{share:.1%}" for share in (score.recall, score.precision) if share is not None]
    print(f"share of true seconds found, and of found seconds true: {', '.join(shares)}")


def _print_row(name: str, matches: Sequence[Match]) -> None:
    hits = [match for match in matches if match.found]
    cells = (
        _spread([abs(match.start_error_s or 0.0) for match in hits], 3),
        _spread([abs(match.end_error_s or 0.0) for match in hits], 3),
        _spread([1000 * abs(match.song_error_s or 0.0) for match in hits], 2),
    )
    share = f"{len(hits)}/{len(matches)}"
    print(f"{name} {share:>7} " + " ".join(f"{cell:>15}" for cell in cells))


def _spread(values: Sequence[float], decimals: int) -> str:
    if not values:
        return "-"
    return f"{np.median(values):.{decimals}f}, {max(values):.{decimals}f}"


if __name__ == "__main__":
    sys.exit(main())
