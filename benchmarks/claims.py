"""Whether statistics keep what they promise: ``python benchmarks/claims.py [--films N]``.

Films are simulated as events, without sound. Intervals of narration's share: how often they hold
the truth, how far the estimate leans, how wide they are; scenes are of unequal shares, and of
unequal errors, and labels are drawn as the program draws them. The test of continuation: how often
it is significant when songs mostly go on, and under each model by which they do not. Nothing is
asserted.
"""

import argparse
import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ostinato.measures import MeasureParameters, draw_sample
from ostinato.measures.continuation import nulls, statistic_of
from ostinato.measures.scopes import frame, stretches
from ostinato.measures.survey import labels_only, prediction_powered
from ostinato.measures.transitions import outcomes, playings_of, positions
from ostinato.results import Occurrence, SampledLabel, Song, SpeechSegment

N_SCENES, N_SEGMENTS, STEP_S = (5, 12, 75), 900, 6.7
SENSITIVITY, SPECIFICITY = 0.85, 0.9
LIKENESS = 0.2  # correlation within a scene, of kinds and of errors
GOES_ON_SHARE = 0.8
N_HEARD = (4, 5, 6, 12)
SONG = Song(id="S1", title="song", sha256="", pcm_sha256="", duration_s=162.0)
NextStart = Callable[[np.random.Generator, float, float, float], float]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--films", type=int, default=400, help="simulated for each row")
    n_films = parser.parse_args().films
    print("| share | scenes | labels | bias | coverage | width | labels alone | naive bias |")
    print("|---|---|---|---|---|---|---|---|")
    for share in (0.03, 0.05, 0.2, 0.5, 0.8):
        for n in (20, 60, 200):
            for n_scenes in N_SCENES:
                print(_share_row(share, n, n_scenes, n_films), flush=True)
    print()
    print("| song | playings | uniform starts | any order | both, p <= .05 | both, p <= .01 |")
    print("|---|---|---|---|---|---|")
    for name in MODELS:
        for n in N_HEARD:
            print(_continuation_row(name, n, n_films), flush=True)


def _share_row(share: float, n: int, n_scenes: int, n_films: int) -> str:
    rows = []
    for film in range(n_films):
        rng = np.random.default_rng([film, n, round(100 * share)])
        speech, truth = _speech(share, n_scenes, rng)
        sample = _segments(speech, truth, n, rng)
        given = frame(stretches(speech, sample))
        if not given.is_enough:
            continue
        powered = prediction_powered(given, level=0.95)
        alone = labels_only(given, level=0.95)
        lengths_s = np.array([s.interval.duration_s for s in speech])
        true = _share(lengths_s, truth)
        naive = _share(lengths_s, np.array([s.kind for s in speech]))
        rows.append(
            (
                powered.value - true,
                powered.low <= true <= powered.high,
                powered.high - powered.low,
                alone.low <= true <= alone.high,
                naive - true,
            )
        )
    bias, coverage, width, coverage_alone, naive_bias = np.mean(np.array(rows, float), axis=0)
    return (
        f"| {share} | {n_scenes} | {n} | {bias:+.4f} | {coverage:.3f} | {width:.3f} "
        f"| {coverage_alone:.3f} | {naive_bias:+.3f} |"
    )


def _speech(
    share: float, n_scenes: int, rng: np.random.Generator
) -> tuple[list[SpeechSegment], NDArray[np.str_]]:
    """Predicted segments, and what each truly is."""
    odds = (1 - LIKENESS) / LIKENESS
    narrates, hears_narration, hears_dialogue = (
        rng.beta(odds * p, odds * (1 - p), (n_scenes, 1)) for p in (share, SENSITIVITY, SPECIFICITY)
    )
    shape = (n_scenes, N_SEGMENTS // n_scenes)
    is_narration = rng.random(shape) < narrates
    is_right = rng.random(shape) < np.where(is_narration, hears_narration, hears_dialogue)
    names = np.array(["dialogue", "narration"])
    truth, predicted = (
        names[kinds.astype(int).ravel()] for kinds in (is_narration, is_narration == is_right)
    )
    step_s = STEP_S
    speech = [
        SpeechSegment(
            id=str(i),
            start_s=step_s * i,
            end_s=step_s * i + float(rng.uniform(1, step_s)),
            kind=str(kind),
            p_narration=None,
            decided_by="subtitles",
            voice=None,
        )
        for i, kind in enumerate(predicted)
    ]
    return speech, truth


def _segments(
    speech: list[SpeechSegment], truth: NDArray[np.str_], n: int, rng: np.random.Generator
) -> list[SampledLabel]:
    """Draw as `ostinato label` does."""
    kinds = {s.start_s: str(kind) for s, kind in zip(speech, truth, strict=True)}
    drawn = draw_sample(speech, n, film_duration_s=STEP_S * N_SEGMENTS, rng=rng)
    return [_label(one.start_s, one.end_s, one.predicted, kinds[one.start_s], one.p_inclusion)
            for one in drawn]  # fmt: skip


def _label(
    start_s: float, end_s: float, predicted: str, kind: str, p_inclusion: float
) -> SampledLabel:
    return SampledLabel(
        start_s=start_s,
        end_s=end_s,
        predicted=predicted,
        kind=kind,
        stratum="",
        p_inclusion=p_inclusion,
    )


def _share(lengths_s: NDArray[np.float64], kinds: NDArray[np.str_]) -> float:
    return float(lengths_s[kinds == "narration"].sum() / lengths_s.sum())


def _mostly_goes_on(
    rng: np.random.Generator, stopped_s: float, gap_s: float, length_s: float
) -> float:
    if rng.uniform() < GOES_ON_SHARE:
        return stopped_s + rng.normal(0, 1.5)
    return _anywhere(rng, stopped_s, gap_s, length_s)


def _anywhere(rng: np.random.Generator, _stopped_s: float, _gap_s: float, length_s: float) -> float:
    return rng.uniform(0, SONG.duration_s - length_s)


MODELS: dict[str, NextStart] = {
    "mostly goes on": _mostly_goes_on,
    "starts anywhere": _anywhere,
    "restarts": lambda rng, *_: abs(rng.normal(0, 1.0)),
    "restarts at its chorus": lambda rng, *_: 62.0 + rng.normal(0, 1.0),
    "ran on unheard, and round": lambda rng, stopped_s, gap_s, _: (
        stopped_s + gap_s + rng.normal(0, 0.05)
    ),
    "is cut at its sections": _anywhere,  # see `_starts`
    "is always played in full": _anywhere,
}
ALPHAS = (0.05, 0.05, 0.05, 0.01)
SECTIONS_S = np.array([0.0, 16.0, 32.0, 62.0, 78.0, 94.0, 124.0, 162.0])


def _continuation_row(name: str, n: int, n_films: int) -> str:
    """Share of films in which each null, and both, are rejected at .05, and both at .01."""
    parameters = MeasureParameters()
    p_values = []
    for film in range(n_films):
        rng = np.random.default_rng([film, n, zlib.crc32(name.encode())])
        playings = playings_of(_heard(n, name, rng), SONG.id)
        places = positions(playings, song_duration_s=SONG.duration_s)
        told = outcomes(playings, places, within_s=parameters.continuation_s)
        under = nulls(places, parameters=parameters, rng=rng)
        p_values.append(under.p_values(statistic_of(places, n_go_on=told.count("goes on"))))
    uniform, order = np.array(p_values).T
    both = np.maximum(uniform, order)
    tests = zip((uniform, order, both, both), ALPHAS, strict=True)
    shares = [np.mean(p <= alpha) for p, alpha in tests]
    return f"| {name} | {n} | {' | '.join(f'{share:.3f}' for share in shares)} |"


def _starts(n: int, name: str, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Start, length and film time to the next, of each playing."""
    rows: list[tuple[float, float, float]] = []
    for _ in range(n):
        length_s, gap_s = rng.uniform(5, 40), rng.uniform(20, 600)
        start_s = _anywhere(rng, 0.0, 0.0, length_s)
        if name == "is cut at its sections":
            section = rng.integers(SECTIONS_S.size - 1)
            start_s, length_s = SECTIONS_S[section], np.diff(SECTIONS_S)[section]
        elif name == "is always played in full":
            start_s, length_s = 0.0, SONG.duration_s
        elif rows:
            before_s, before_length_s, before_gap_s = rows[-1]
            stopped_s = before_s + before_length_s
            start_s = MODELS[name](rng, stopped_s, before_gap_s, length_s) % SONG.duration_s
        rows.append((start_s, length_s, gap_s))
    return rows


def _heard(n: int, name: str, rng: np.random.Generator) -> list[Occurrence]:
    out: list[Occurrence] = []
    film_s = 100.0
    for i, (song_s, length_s, gap_s) in enumerate(_starts(n, name, rng)):
        out.append(
            Occurrence(
                id=f"O{i}",
                song_id="S1",
                playing_id=f"P{i}",
                film_start_s=film_s,
                film_end_s=film_s + length_s,
                song_start_s=song_s,
                song_end_s=song_s + length_s,
                speed=1.0,
                pitch=1.0,
                score=20.0,
                p_value=None,
                level_lufs=None,
                level_re_speech_lu=None,
                low_hz=None,
                high_hz=None,
            )
        )
        film_s += length_s + gap_s
    return out


if __name__ == "__main__":
    main()
