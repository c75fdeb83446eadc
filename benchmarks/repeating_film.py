"""A film of known truth that repeats songs and nothing else, for `benchmarks/discover.py`."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

from ostinato.media import open_working_copy
from ostinato.simulate import (
    Bed,
    Fade,
    FilmPlan,
    Level,
    PlannedOccurrence,
    PlannedSong,
    PlannedSpeech,
    Radio,
    Step,
    read_room,
)

TIMES_HEARD = {
    "feelings": 8,
    "escape-from-chaosland": 6,
    "metal-madness": 5,
    "war-of-freedom": 4,
    "armygeddon": 3,
    "drascula-1": 1,
    "on-the-run": 1,
}
ROOM = "binaural-s3_r4_bd.wav"
LEVELS_LU = (0.0, -5.0, -10.0)
WINDOW_S = 75.0  # of each song, from which its occurrences are taken
OCCURRENCE_S, ONCE_S = (8.0, 40.0), 60.0
BETWEEN_S = 12.0
N_SPEEDS = 130  # ambience comes again after as many scenes, about 80 minutes
LOOPS = ("storm",)  # this recording repeats itself to the sample
RATE_HZ = 48_000


def repeating_film(
    corpus: Path, duration_s: float, folder: Path, rng: np.random.Generator
) -> tuple[FilmPlan, list[str]]:
    """Draw the film; return its plan and the name of the chain of each occurrence."""
    cache = folder / "cache"
    cut = Fade(in_s=0.01, out_s=0.01)  # no cut clicks
    room = read_room(corpus / "rooms" / ROOM, sample_rate_hz=RATE_HZ, cache_dir=cache)
    chains: dict[str, tuple[Step, ...]] = {
        "clean": (cut,),
        "radio": (cut, Radio()),
        "room": (cut, room),
    }
    songs = tuple(
        PlannedSong(id=f"S{number}", title=name, path=corpus / "songs" / f"{name}.ogg")
        for number, name in enumerate(TIMES_HEARD, start=1)
    )
    conditions = itertools.cycle(itertools.product(LEVELS_LU, chains))
    drawn = []
    for song in songs:
        n_times = TIMES_HEARD[song.title]
        for _ in range(n_times):
            length_s = ONCE_S if n_times == 1 else float(rng.uniform(*OCCURRENCE_S))
            start_s = float(rng.uniform(0, WINDOW_S - length_s))
            drawn.append((song.id, start_s, length_s, *next(conditions)))
    order = [drawn[i] for i in rng.permutation(len(drawn))]
    starts_s = _starts_s([length_s for _, _, length_s, _, _ in order], duration_s, rng)
    plan = FilmPlan(
        duration_s=duration_s,
        songs=songs,
        occurrences=tuple(
            PlannedOccurrence(
                song_id=song_id,
                film_start_s=film_start_s,
                duration_s=length_s,
                song_start_s=start_s,
                level=Level(level, "speech"),
                chain=chains[chain],
            )
            for film_start_s, (song_id, start_s, length_s, level, chain) in zip(
                starts_s, order, strict=True
            )
        ),
        speech=tuple(_speech(corpus / "speech", duration_s, folder, rng)),
        beds=tuple(_beds(corpus / "ambience", duration_s, folder, rng)),
    )
    return plan, [chain for *_, chain in order]


def _starts_s(
    lengths_s: Sequence[float], duration_s: float, rng: np.random.Generator
) -> list[float]:
    """Spread stretches over a film, the free time between them parted at random."""
    taken_s = np.cumsum([BETWEEN_S, *(length_s + BETWEEN_S for length_s in lengths_s)])
    parting_s = np.sort(rng.uniform(0, duration_s - taken_s[-1], len(lengths_s)))
    return [float(s) for s in taken_s[:-1] + parting_s]


def _speech(
    source: Path, duration_s: float, folder: Path, rng: np.random.Generator
) -> Iterator[PlannedSpeech]:
    """Let all speak once, then once more at another speed, which is another sound."""
    now_s, paths = 0.0, sorted(source.glob("*.opus"))
    for speed in (1.0, 1.06, 0.95):
        for path in (paths[i] for i in rng.permutation(len(paths))):
            said = path if speed == 1.0 else _at_speed(path, speed, folder)
            length_s = open_working_copy(said, cache_dir=folder / "cache").duration_s
            if now_s + length_s > duration_s:
                return
            yield PlannedSpeech(path=said, film_start_s=now_s, kind="dialogue", voice=path.stem)
            now_s += length_s + float(rng.uniform(0.2, 0.8))


def _beds(source: Path, duration_s: float, folder: Path, rng: np.random.Generator) -> Iterator[Bed]:
    """Fill the film with ambience, each stretch of it at a speed of its own."""
    found = (*source.glob("*.opus"), *source.glob("*.ogg"))
    now_s, paths = 0.0, sorted(path for path in found if path.stem not in LOOPS)
    for number in itertools.count():
        if now_s >= duration_s:
            return
        path = paths[int(rng.integers(len(paths)))]
        bed = _at_speed(path, 0.8 + 0.0031 * (number % N_SPEEDS), folder)
        length_s = open_working_copy(bed, cache_dir=folder / "cache").duration_s - 0.6
        end_s = min(duration_s, now_s + length_s)
        level = Level(float(rng.uniform(-25.0, -12.0)) - 23.0)  # speech is planned at -23 LUFS
        if end_s - now_s > 1:
            yield Bed(path=bed, film_start_s=now_s, film_end_s=end_s, level=level)
        now_s = end_s


def _at_speed(path: Path, speed: float, folder: Path) -> Path:
    copy = open_working_copy(path, cache_dir=folder / "cache")
    y = soxr.resample(copy.mono(0, copy.n_samples), copy.rate_hz * speed, RATE_HZ)
    out = folder / "speeds" / f"{path.stem}-{speed:.4f}.wav"
    out.parent.mkdir(exist_ok=True)
    sf.write(out, y, RATE_HZ)
    return out
