"""Copies at another tempo or pitch: ``python benchmarks/cues/altered.py [CORPUS] [--minutes N]``.

A film with talk and ambience throughout plays songs whose tempo was changed under a kept pitch by
FFmpeg's splices, whose pitch was moved under a kept tempo, or that a turntable lets waver. Of each
kind and level the table gives how many occurrences are found by the public command, how many of
these by their spectrum alone, and medians of errors. Then the same film is mixed to mono. Nothing
is asserted.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from random_plans import Recordings, random_plan
from scipy.interpolate import CubicSpline
from sounds import KeptPitch

from ostinato.media import open_working_copy
from ostinato.pipeline import analyze
from ostinato.results import Results
from ostinato.simulate import (
    Fade,
    FilmPlan,
    Match,
    Place,
    PlannedOccurrence,
    PlannedSong,
    Step,
    make_film,
    score_occurrences,
)
from ostinato.study import SongFile, Study

SONGS = ("chiron-beta-prime.mp3", "drascula-2.ogg", "not-about-you.mp3")
LEVELS_LU = (0.0, -5.0, -10.0, -15.0)
RATIOS = (0.93, 0.96, 1.03, 1.06)
KINDS = ("tempo", "pitch", "wow")
OCCURRENCE_S = (6.0, 20.0)
_MAX_SONG_ERROR_S = 0.3
_CUT = Fade(in_s=0.01, out_s=0.01)  # no cut clicks


@dataclass(frozen=True, slots=True, kw_only=True)
class Wow:
    """Lets the speed waver around 1, as a record whose hole is off its middle."""

    depth: float
    rate_hz: float

    def apply(self, y: NDArray[np.float32], place: Place) -> NDArray[np.float32]:
        """Return the sound read at the wavering places."""
        t = np.arange(y.shape[1]) / place.sample_rate_hz
        turn = 2 * np.pi * self.rate_hz
        read_at = t + self.depth / turn * (1 - np.cos(turn * t))
        wavering = CubicSpline(t, y, axis=1)(np.minimum(read_at, t[-1]))
        return np.asarray(wavering, np.float32)

    def gain(self, place: Place) -> NDArray[np.float32]:
        """Return ones."""
        return np.ones(place.n_samples, np.float32)


def main() -> None:
    """Mix the film, analyse it in stereo and in mono, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--minutes", type=float, default=20.0, help="of the film, 15 or more")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan, kinds = _plan(arguments, folder / "cache")
        truth = make_film(plan, folder / "film.mka", cache_dir=folder / "cache")
        songs = tuple(SongFile(title=song.title, path=song.path) for song in plan.songs)
        for film in _stereo_and_mono(folder):
            study = Study(film=film, songs=songs, stages=("cues",))
            found = analyze(study, cache_dir=folder / "cache")
            print(f"{arguments.minutes:g} minutes in {film.stem}")
            _print_table(plan, kinds, truth, found)


def _plan(arguments: argparse.Namespace, cache: Path) -> tuple[FilmPlan, tuple[str, ...]]:
    recordings = Recordings(
        songs=tuple(
            PlannedSong(id=f"S{n}", title=name, path=arguments.corpus / "songs" / name)
            for n, name in enumerate(SONGS, start=1)
        ),
        speech=tuple(sorted((arguments.corpus / "speech").glob("*.opus"))),
        ambience=tuple(sorted((arguments.corpus / "ambience").glob("*.o*"))),
    )
    rng = np.random.default_rng(arguments.seed)
    plan, kinds = random_plan(
        recordings,
        duration_s=60 * arguments.minutes,
        levels_lu=LEVELS_LU,
        chains=dict.fromkeys(KINDS, ()),
        occurrence_s=OCCURRENCE_S,
        cache_dir=cache,
        rng=rng,
        per_condition=max(1, int(arguments.minutes / 5)),
    )
    altered = (_altered(one, kind, rng) for one, kind in zip(plan.occurrences, kinds, strict=True))
    return replace(plan, occurrences=tuple(altered)), kinds


def _altered(one: PlannedOccurrence, kind: str, rng: np.random.Generator) -> PlannedOccurrence:
    ratio = float(rng.choice(RATIOS))
    steps: dict[str, Step] = {
        "tempo": KeptPitch(speed=ratio),
        "pitch": KeptPitch(speed=1 / ratio),  # a copy at its own speed is given another pitch
        "wow": Wow(depth=float(rng.choice((0.001, 0.003, 0.006))), rate_hz=0.555),  # 33 1/3
    }
    return replace(one, speed=ratio if kind == "tempo" else 1.0, chain=(steps[kind], _CUT))


def _stereo_and_mono(folder: Path) -> Iterator[Path]:
    film = open_working_copy(folder / "film.mka", cache_dir=folder / "cache")
    for name, y in (("stereo", film.read), ("mono", film.mono)):
        path = folder / f"{name}.flac"
        soundfile.write(path, y(0, film.n_samples).T, film.rate_hz, subtype="PCM_24")
        yield path


def _print_table(plan: FilmPlan, kinds: Sequence[str], truth: Results, found: Results) -> None:
    score = score_occurrences(
        truth.occurrences, found.occurrences, max_song_error_s=_MAX_SONG_ERROR_S
    )
    conditions = [(k, one.level.value) for k, one in zip(kinds, plan.occurrences, strict=True)]
    print("kind   level    found  spectrum  start, s  end, s  song, s  speed, %")
    for kind in KINDS:
        for level in LEVELS_LU:
            matches = [
                match
                for condition, match in zip(conditions, score.matches, strict=True)
                if condition == (kind, level)
            ]
            if matches:
                _print_row(f"{kind:6} {level:+5.0f}", matches)
    shares = [f"{share:.1%}" for share in (score.recall, score.precision) if share is not None]
    print(f"false: {len(score.false)}; seconds found, and true: {', '.join(shares)}")


def _print_row(name: str, matches: Sequence[Match]) -> None:
    hits = [match for match in matches if match.found]
    n_alike = sum(match.found[0].likeness == "spectrum" for match in hits)
    errors = (
        [abs(match.start_error_s or 0.0) for match in hits],
        [abs(match.end_error_s or 0.0) for match in hits],
        [abs(match.song_error_s or 0.0) for match in hits],
        [100 * abs(match.found[0].speed / match.truth.speed - 1) for match in hits],
    )
    medians = [f"{np.median(values):.2f}" if values else "-" for values in errors]
    cells = "".join(f"{cell:>{width}}" for cell, width in zip(medians, (10, 8, 9, 10), strict=True))
    print(f"{name} {len(hits):>5}/{len(matches)} {n_alike:>9}{cells}")


if __name__ == "__main__":
    main()
