"""What a film repeats: ``python benchmarks/discover.py [CORPUS] [--minutes N] [--seed S]``.

A film is mixed in which speech never ends and no word is said twice, and five songs come back three
to eight times, from different places, at three levels against the speech, each clean, from a small
radio, and in a room. Two other songs are heard once, for a minute. Ambience comes back after some
80 minutes, 12 to 25 LU below the speech, and not before. Each part of a song that is heard at least
twice is there to be found. Nothing is asserted.

CORPUS holds ``songs/``, ``speech/``, ``ambience/`` and ``rooms/``. A film of 100 minutes needs
about 8 GB of disk in the folder for temporary files, which ``TMPDIR`` chooses.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from repeating_film import repeating_film

from ostinato.results import Occurrence, Results, read_results
from ostinato.simulate import Bed, Encoding, FilmPlan, make_film
from ostinato.timeline import Interval, Timeline

LEAST_S = 3.0  # shorter repetitions are not looked for
MAX_ERROR_S = 0.1


@dataclass(frozen=True)
class Condition:
    """How one planned occurrence is heard, and which stretches of it are heard elsewhere too."""

    chain: str
    level_lu: float
    truth: Occurrence
    repeated: Timeline


def main() -> int:
    """Mix the film, hold it against itself, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--minutes", type=float, default=100.0, help="of the film, 25 or more")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    if not (arguments.corpus / "songs").is_dir():
        print(f"{arguments.corpus} holds no songs/: give a folder of recordings", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        _run(arguments, Path(folder))
    return 0


def _run(arguments: argparse.Namespace, folder: Path) -> None:
    cache, film = folder / "cache", folder / "film.mka"
    started = time.perf_counter()
    rng = np.random.default_rng(arguments.seed)
    plan, chains = repeating_film(arguments.corpus, 60 * arguments.minutes, folder, rng)
    truth = make_film(plan, film, cache_dir=cache, encoding=Encoding(codec="ac3", bit_rate=192_000))
    mixed = time.perf_counter()
    # a process of its own, so that the memory is that of the command
    script = "import sys; from ostinato.cli import main; sys.exit(main())"
    given = ["discover", film, "--out", folder / "out", "--cache", cache]
    subprocess.run(  # noqa: S603
        [sys.executable, "-c", script, *map(str, given)], check=True, stdout=subprocess.DEVNULL
    )
    ended = time.perf_counter()
    found = read_results(folder / "out")
    print(f"{arguments.minutes:g} minutes, seed {arguments.seed}")
    _print_tables(_conditions(plan, chains, truth), plan, found)
    print(f"mixed in {mixed - started:.0f} s, discovered in {ended - mixed:.0f} s:")
    print("  " + ", ".join(f"{stage.name} {stage.seconds:.0f} s" for stage in found.run.stages))
    print(f"peak memory: {found.run.peak_rss_mb} MB")


def _conditions(plan: FilmPlan, chains: Sequence[str], truth: Results) -> list[Condition]:
    out = []
    for planned, chain in zip(plan.occurrences, chains, strict=True):
        one = min(truth.occurrences, key=lambda o: abs(o.film_start_s - planned.film_start_s))
        elsewhere = Timeline.of(
            Interval(other.song_start_s, other.song_end_s)
            for other in truth.occurrences
            if other.song_id == one.song_id and other is not one
        )
        shared = Timeline((Interval(one.song_start_s, one.song_end_s),)) & elsewhere
        repeated = Timeline.of(
            Interval(one.time_map.film_s(part.start_s), one.time_map.film_s(part.end_s))
            for part in shared
            if part.duration_s >= LEAST_S
        )
        out.append(Condition(chain, planned.level.value, one, repeated))
    return out


def _print_tables(conditions: Sequence[Condition], plan: FilmPlan, found: Results) -> None:
    places = {
        one.id: place
        for one in found.occurrences
        if (place := _true_place(one, conditions, plan.beds)) is not None
    }
    axes = _axes(found, places)
    right = [
        one
        for one in found.occurrences
        if one.id in places and _fits(places[one.id], axes.get(one.song_id))
    ]
    print(f"{'chain':6} {'level, LU':>9} {'found':>7} {'of its seconds':>15} {'song, ms':>15}")
    for chain, level_lu in sorted(
        {(c.chain, c.level_lu) for c in conditions}, key=lambda key: (key[0], -key[1])
    ):
        rows = [c for c in conditions if (c.chain, c.level_lu) == (chain, level_lu)]
        _print_row(
            f"{chain:6} {level_lu:+9.0f}", [c for c in rows if c.repeated.intervals], right, axes
        )
    titles = {song.id: song.title for song in plan.songs}
    for song in found.songs:
        own = [one for one in found.occurrences if one.song_id == song.id]
        name = axes[song.id][0] if song.id in axes else "nothing planned"
        name = titles.get(name, f"ambience, {Path(name).stem}")
        heard_s = sum(one.film.duration_s for one in own)
        print(f"{song.id}: {name}, {len(own)} times, {heard_s:.0f} s")
    wrong = [one for one in found.occurrences if one not in right]
    n_unplanned = sum(one.id not in places for one in wrong)
    print(
        f"false: {len(wrong)} of {len(found.occurrences)} occurrences, "
        f"{sum(one.film.duration_s for one in wrong):.0f} s, of which {n_unplanned} where nothing "
        "is planned; the rest at another place of what is heard"
    )
    for one in wrong:
        print(
            f"  {one.song_id} {one.film_start_s:.1f}-{one.film_end_s:.1f} at {one.song_start_s:.1f}"
            f", z {one.score:.0f}"
        )


def _true_place(
    one: Occurrence, conditions: Sequence[Condition], beds: Sequence[Bed] = ()
) -> tuple[str, float] | None:
    """Return the song that is heard and its time at the cue's zero; else those of the ambience."""
    middle_s = (one.film_start_s + one.film_end_s) / 2
    cue_s = one.time_map.song_s(middle_s)
    for condition in conditions:
        truth = condition.truth
        if truth.film_start_s <= middle_s <= truth.film_end_s:
            return truth.song_id, truth.time_map.song_s(middle_s) - cue_s
    for bed in beds:
        if bed.film_start_s <= middle_s <= bed.film_end_s:
            return str(bed.path), middle_s - bed.film_start_s - cue_s
    return None


def _axes(found: Results, places: dict[str, tuple[str, float]]) -> dict[str, tuple[str, float]]:
    """Return, for each cue, the song and the place of its zero on which most seconds agree."""
    axes = {}
    for song in found.songs:
        votes: Counter[tuple[str, float]] = Counter()
        own = [o for o in found.occurrences if o.song_id == song.id and o.id in places]
        for one in own:
            for other in own:
                if _fits(places[other.id], places[one.id]):
                    votes[places[one.id]] += round(1000 * other.film.duration_s)
        if votes:
            axes[song.id] = votes.most_common(1)[0][0]
    return axes


def _fits(place: tuple[str, float], axis: tuple[str, float] | None) -> bool:
    return axis is not None and place[0] == axis[0] and abs(place[1] - axis[1]) <= MAX_ERROR_S


def _print_row(
    name: str,
    conditions: Sequence[Condition],
    right: Sequence[Occurrence],
    axes: dict[str, tuple[str, float]],
) -> None:
    n_found, found_s, errors_ms = 0, 0.0, []
    for condition in conditions:
        own = [one for one in right if one.film.intersection(condition.truth.film) is not None]
        n_found += bool(own)
        found_s += (Timeline.of(one.film for one in own) & condition.repeated).duration_s
        for one in own:
            place = _true_place(one, [condition])
            if place is not None:
                errors_ms.append(1000 * abs(place[1] - axes[one.song_id][1]))
    all_s = sum(condition.repeated.duration_s for condition in conditions)
    share = f"{found_s / all_s:.1%}" if all_s else "-"
    spread = f"{np.median(errors_ms):.2f}, {max(errors_ms):.2f}" if errors_ms else "-"
    print(f"{name} {f'{n_found}/{len(conditions)}':>7} {share:>15} {spread:>15}")


if __name__ == "__main__":
    sys.exit(main())
