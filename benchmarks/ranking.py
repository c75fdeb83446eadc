"""Does a first look lose a song that is heard? ``python benchmarks/ranking.py [CORPUS]``.

All songs of the corpus are ranked in films of talk without end, in each of which every other song
is heard once: for 6, 12 or 30 seconds, at 10 or 20 LU below the speech. Half of all pairs are true,
and none of them may be left out; of the others it is said how many are let through in vain, and
what a first look costs beside the search of a song that is absent.
"""

import argparse
import itertools
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ostinato.cues import CueParameters, Track, find_occurrences, rank_song, write_track
from ostinato.media import WorkingCopy, open_working_copy
from ostinato.simulate import (
    Encoding,
    Fade,
    FilmPlan,
    Level,
    PlannedOccurrence,
    PlannedSong,
    make_film,
)
from ostinato.threads import at_most_threads, one_thread_a_product

sys.path.insert(0, str(Path(__file__).parent / "cues"))
from random_plans import endless_beds, endless_speech

DURATIONS_S, LEVELS_LU = (6.0, 12.0, 30.0), (-10.0, -20.0)
BETWEEN_S = 10.0
SPEECH_LUFS = -23.0  # as each voice is planned
ENCODING = Encoding(codec="ac3", bit_rate=192_000)


@dataclass(frozen=True)
class Ranked:
    """What a first look says of a pair, and what it takes."""

    is_true: bool
    nats: float
    cpu_s: float


def main() -> int:
    """Mix the films, rank all songs in each, and print what is lost; 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--songs", type=int, default=18)
    parser.add_argument("--speed", type=float, default=1.0, help="of the film's copies")
    parser.add_argument("--searches", type=int, default=3, help="absent songs searched in full")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    paths = sorted((arguments.corpus / "songs").glob("*.*"))[: arguments.songs]
    songs = tuple(
        PlannedSong(id=f"S{number}", title=path.stem, path=path)
        for number, path in enumerate(paths, start=1)
    )
    rng = np.random.default_rng(arguments.seed)
    ranked: list[Ranked] = []
    with tempfile.TemporaryDirectory() as name, at_most_threads(1), one_thread_a_product():
        bench = Bench(Path(name), arguments.corpus, songs, arguments.speed, rng)
        for duration_s, level_lu in itertools.product(DURATIONS_S, LEVELS_LU):
            new = [one for half in (0, 1) for one in bench.ranked(half, duration_s, level_lu)]
            print(f"{duration_s:g} s at {level_lu:g} LU: {_said(new)}", flush=True)
            ranked += new
        search_s = bench.search_s(arguments.searches)
    print(f"all: {_said(ranked)}")
    look_s = float(np.mean([one.cpu_s for one in ranked if not one.is_true]))
    print(f"an absent song: first look {look_s:.2f} CPU s, search {search_s:.2f} CPU s")
    return int(any(one.is_true and one.nats == 0 for one in ranked))


@dataclass
class Bench:
    """Where films are mixed, and of what; the last film is kept, to be searched in full."""

    folder: Path
    corpus: Path
    songs: tuple[PlannedSong, ...]
    speed: float
    rng: np.random.Generator
    last: tuple[WorkingCopy, Track, int] | None = None

    def ranked(self, half: int, duration_s: float, level_lu: float) -> list[Ranked]:
        """Rank all songs in a film in which every other one is heard."""
        film = self.folder / "film.mka"
        make_film(
            self._plan(half, duration_s, level_lu), film, cache_dir=self._cache, encoding=ENCODING
        )
        copy = open_working_copy(film, cache_dir=self._cache)
        track = write_track(self.folder / "track.f32", copy)
        self.last = copy, track, half
        out = []
        for number, song in enumerate(self.songs):
            sound = open_working_copy(song.path, cache_dir=self._cache)
            start_s = time.process_time()
            nats = rank_song(track, sound, parameters=CueParameters())
            out.append(Ranked(number % 2 == half, nats, time.process_time() - start_s))
        return out

    def search_s(self, n: int) -> float:
        """Return the CPU seconds of a search for a song that is absent, in the last film."""
        if self.last is None:
            raise RuntimeError
        copy, track, half = self.last
        seconds = []
        for song in self.songs[1 - half :: 2][:n]:
            sound = open_working_copy(song.path, cache_dir=self._cache)
            start_s = time.process_time()
            find_occurrences(copy, track, sound, song_id=song.id, parameters=CueParameters())
            seconds.append(time.process_time() - start_s)
        return float(np.mean(seconds))

    @property
    def _cache(self) -> Path:
        return self.folder / "cache"

    def _plan(self, half: int, duration_s: float, level_lu: float) -> FilmPlan:
        heard = self.songs[half::2]
        film_s = len(heard) * (duration_s + BETWEEN_S) + BETWEEN_S
        speech = tuple(sorted((self.corpus / "speech").glob("*.opus")))
        beds = tuple(sorted((self.corpus / "ambience").glob("*.opus")))
        occurrences = tuple(
            PlannedOccurrence(
                song_id=song.id,
                film_start_s=BETWEEN_S + number * (duration_s + BETWEEN_S),
                duration_s=duration_s,
                song_start_s=self._start_s(song, duration_s * self.speed),
                level=Level(SPEECH_LUFS + level_lu),
                speed=self.speed,
                chain=(Fade(in_s=0.01, out_s=0.01),),
            )
            for number, song in enumerate(heard)
        )
        return FilmPlan(
            duration_s=film_s,
            songs=self.songs,
            occurrences=occurrences,
            speech=endless_speech(speech, film_s, self._cache, self.rng),
            beds=endless_beds(beds, film_s, self.rng),
        )

    def _start_s(self, song: PlannedSong, length_s: float) -> float:
        whole_s = open_working_copy(song.path, cache_dir=self._cache).duration_s
        # no silence at either end, as far as a fade in or out goes
        return float(self.rng.uniform(10.0, whole_s - length_s - 10.0))


def _said(ranked: list[Ranked]) -> str:
    true = [one.nats for one in ranked if one.is_true]
    false = [one.nats for one in ranked if not one.is_true]
    return (
        f"{sum(nats == 0 for nats in true)} of {len(true)} true pairs lost, the faintest at "
        f"{min(true):.0f} nats; {sum(nats > 0 for nats in false)} of {len(false)} others let "
        f"through, the loudest at {max(false):.0f} nats"
    )


if __name__ == "__main__":
    sys.exit(main())
