"""Whether stated errors are standard errors: ``benchmarks/cues/errors.py [CORPUS] --out DIR``.

Films of three minutes, each of another seed, song and set of rooms, play their song twelve times:
clean, from a small radio, in a room, with an echo that is louder than the direct sound, at another
tempo or pitch, and from a lossy copy. The table gives, by chain, which shares of the true starts,
ends and song times lie within one stated error and within two; `--each` adds every occurrence.
Of a normal error it is .68 and .95. Films are kept in DIR and made once. Nothing is asserted.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from random_plans import Recordings, random_plan
from sounds import KeptPitch, Lossy

from ostinato.media import open_working_copy
from ostinato.pipeline import analyze
from ostinato.results import Occurrence
from ostinato.simulate import (
    Encoding,
    Fade,
    FilmPlan,
    Level,
    Match,
    PlannedOccurrence,
    PlannedSong,
    Radio,
    Room,
    Step,
    decaying_room,
    make_film,
    read_room,
    score_occurrences,
)
from ostinato.study import SongFile, Study

MINUTES = 3.0
LEVELS_LU = (0.0, -8.0)
OCCURRENCE_S = (5.0, 9.0)
ROOMS = ("binaural-s3_r4_bd.wav", "cardiod-35-10-spread.wav", "cardiod-rear-35-10.wav")
RATIOS = (0.93, 0.96, 1.03, 1.06)
EDGES = ("start", "end", "song")
_RATE_HZ = 48_000
_SPEECH_LUFS = -23.0  # at which `simulate` mixes speech
_QUIETEST_DB = -15.0  # re the whole song
_EDGE_S = 0.25
_MAX_SONG_ERROR_S = 1.0  # an echo that is taken for the direct sound is an error, not another find
_CUT = Fade(in_s=0.01, out_s=0.01)  # no cut clicks


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """How far off one edge is, found less true, and how far it is said to be off at most."""

    error_s: float
    stated_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A true occurrence, how it was played, and what was found of it."""

    seed: int
    chain: str
    match: Match

    def edge(self, name: str) -> Edge | None:
        """Return one of `EDGES`; None where nothing was found."""
        match = self.match
        if not match.found:
            return None
        first, last = match.found[0], max(match.found, key=lambda one: one.film_end_s)
        stated = {"start": first.start_error_s, "end": last.end_error_s, "song": _song(match)}
        error = {
            "start": match.start_error_s,
            "end": match.end_error_s,
            "song": match.song_error_s,
        }
        return Edge(error_s=float(error[name] or 0.0), stated_s=stated[name])


def _song(match: Match) -> float | None:
    """Return the stated error of the piece whose song time is farthest off."""

    def off_s(one: Occurrence) -> float:
        return abs(Match(truth=match.truth, found=(one,)).song_error_s or 0.0)

    return max(match.found, key=off_s).song_error_s


def main() -> None:
    """Mix the films, analyse them, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--out", type=Path, required=True, help="folder of the films")
    parser.add_argument("--seeds", default="101-112", help="the first and the last")
    parser.add_argument("--each", action="store_true", help="print every occurrence as well")
    arguments = parser.parse_args()
    first, last = (int(seed) for seed in arguments.seeds.split("-"))
    events: list[Event] = []
    for seed in range(first, last + 1):
        for event in _events(arguments.corpus, arguments.out, seed):
            events.append(event)
            if arguments.each:
                print(_line(event), flush=True)
    _print_table(events)


def _events(corpus: Path, out: Path, seed: int) -> Iterator[Event]:
    cache = out / "cache"
    plan, chains = _plan(corpus, cache, seed)
    path = out / f"film-{seed}.mka"
    encoding = Encoding(codec="ac3", bit_rate=192_000)
    truth = make_film(plan, path, cache_dir=cache, encoding=encoding)
    song = SongFile(title=plan.songs[0].title, path=plan.songs[0].path)
    found = analyze(Study(film=path, songs=(song,), stages=("cues",)), cache_dir=cache)
    score = score_occurrences(
        truth.occurrences, found.occurrences, max_song_error_s=_MAX_SONG_ERROR_S
    )
    for chain, match in zip(chains, score.matches, strict=True):
        yield Event(seed=seed, chain=chain, match=match)
    for one in score.false:
        print(f"false in film {seed}: {one.film_start_s:.2f} to {one.film_end_s:.2f} s")


def _plan(corpus: Path, cache: Path, seed: int) -> tuple[FilmPlan, tuple[str, ...]]:
    rng = np.random.default_rng(seed)
    songs = sorted((corpus / "songs").glob("*.*"))
    path = songs[int(rng.integers(len(songs)))]
    recordings = Recordings(
        songs=(PlannedSong(id="S1", title=path.stem, path=path),),
        speech=tuple(sorted((corpus / "speech").glob("*.opus"))),
        ambience=tuple(sorted((corpus / "ambience").glob("*.o*"))),
    )
    ratio = float(rng.choice(RATIOS))
    is_tempo = bool(rng.integers(2))
    chains: dict[str, tuple[Step, ...]] = {
        "clean": (),
        "radio": (Radio(),),
        "room": (_room(corpus, cache, rng),),
        "echo": (_echo(corpus, cache, rng),),
        # a copy at its own speed is given another pitch
        "stretched": (KeptPitch(speed=ratio if is_tempo else 1 / ratio),),
        "mp3": (Lossy(compression=0.7),),
    }
    plan, names = random_plan(
        recordings,
        duration_s=60 * MINUTES,
        levels_lu=LEVELS_LU,
        chains={name: (*(_CUT,), *steps) for name, steps in chains.items()},
        occurrence_s=OCCURRENCE_S,
        cache_dir=cache,
        rng=rng,
        per_condition=1,
    )
    loud = _Loud(path, cache, rng)
    occurrences = [
        _placed(one, ratio if name == "stretched" and is_tempo else 1.0, loud)
        for name, one in zip(names, plan.occurrences, strict=True)
    ]
    return replace(plan, occurrences=tuple(occurrences)), names


class _Loud:
    """Draws places of a song that sound from the first moment to the last: an edge is heard."""

    def __init__(self, path: Path, cache: Path, rng: np.random.Generator) -> None:
        copy = open_working_copy(path, cache_dir=cache)
        y = copy.mono(0, copy.n_samples)
        n_frames = int(copy.duration_s / _EDGE_S)
        frames = y[: n_frames * (y.size // n_frames)].reshape(n_frames, -1)
        power = np.mean(np.square(frames, dtype=np.float64), axis=1)
        self._is_loud = power >= np.mean(power) * 10 ** (_QUIETEST_DB / 10)
        self._duration_s, self._rng = copy.duration_s, rng

    def start_s(self, length_s: float) -> float:
        """Draw where such a stretch may start."""
        while True:
            start_s = float(self._rng.uniform(0, self._duration_s - length_s - _EDGE_S))
            edges_s = np.add.outer([start_s, start_s + length_s], [-_EDGE_S, 0.0, _EDGE_S])
            frames = np.clip(edges_s / _EDGE_S, 0, self._is_loud.size - 1).astype(np.int64)
            if self._is_loud[frames].all():
                return start_s


def _placed(one: PlannedOccurrence, speed: float, loud: _Loud) -> PlannedOccurrence:
    """Return an occurrence at a speed and at another place of the song."""
    return replace(
        one,
        speed=speed,
        song_start_s=loud.start_s(one.duration_s * speed),
        level=Level(_SPEECH_LUFS + one.level.value),  # speech pauses for longer than some last
    )


def _room(corpus: Path, cache: Path, rng: np.random.Generator) -> Room:
    """Draw a measured room, or one that is built from its decay."""
    which = int(rng.integers(len(ROOMS) + 2))
    if which < len(ROOMS):
        return read_room(corpus / "rooms" / ROOMS[which], sample_rate_hz=_RATE_HZ, cache_dir=cache)
    return decaying_room(
        decay_s=float(rng.uniform(0.4, 2.5)),
        direct_to_reverberant_db=float(rng.uniform(-6, 3)),
        sample_rate_hz=_RATE_HZ,
        rng=rng,
    )


def _echo(corpus: Path, cache: Path, rng: np.random.Generator) -> Room:
    """Draw the measured echo chamber, or an answer that is louder than the direct sound."""
    if rng.integers(2):
        path = corpus / "rooms" / "echo-chamber.wav"
        return read_room(path, sample_rate_hz=_RATE_HZ, cache_dir=cache)
    late = round(float(rng.uniform(0.15, 0.65)) * _RATE_HZ)
    response = np.zeros(late + _RATE_HZ, np.float64)
    response[0] = 1.0
    response[late:] = _group(rng) * float(rng.uniform(1.2, 2.5))
    return Room(response=response)


def _group(rng: np.random.Generator) -> NDArray[np.float64]:
    """Return an arrival that dies away over a second, its highest sample 1."""
    t = np.arange(_RATE_HZ) / _RATE_HZ
    noise = rng.standard_normal(_RATE_HZ) * 10 ** (-3 * t / float(rng.uniform(0.05, 0.8)))
    noise[0] = 3 * np.abs(noise).max()
    return np.asarray(noise / noise[0])


def _line(event: Event) -> str:
    cells = [f"{event.seed} {event.chain:9} {event.match.truth.film_start_s:7.2f}"]
    for name in EDGES:
        edge = event.edge(name)
        if edge is None:
            return f"{cells[0]} missed"
        stated = "-" if edge.stated_s is None else f"{edge.stated_s:.4f}"
        cells.append(f"{name} {edge.error_s:+.4f} of {stated}")
    return "  ".join([*cells, event.match.found[0].likeness])


def _print_table(events: Sequence[Event]) -> None:
    print("| chain | found | start: within 1, 2 | end: within 1, 2 | song time: within 1, 2 |")
    print("|---|---|---|---|---|")
    for chain in (*dict.fromkeys(event.chain for event in sorted(events, key=_order)), "all"):
        some = [event for event in events if chain in {event.chain, "all"}]
        found = [event for event in some if event.match.found]
        cells = [f"{len(found)} of {len(some)}", *(_shares(found, name) for name in EDGES)]
        print(f"| {chain} | {' | '.join(cells)} |")


def _order(event: Event) -> int:
    return ("clean", "radio", "room", "echo", "stretched", "mp3").index(event.chain)


def _shares(events: Sequence[Event], name: str) -> str:
    edges = [edge for event in events if (edge := event.edge(name)) is not None]
    stated = [(abs(edge.error_s), edge.stated_s) for edge in edges if edge.stated_s is not None]
    if not stated:
        return "-"
    shares = (np.mean([error <= n * own for error, own in stated]) for n in (1, 2))
    worst = f"median error {np.median([error for error, _ in stated]):.4f}"
    return f"{', '.join(f'{share:.2f}' for share in shares)} ({worst})"


if __name__ == "__main__":
    main()
