"""How surely subtitles that are out of step, or of another film, are recognised.

    python benchmarks/subtitles.py [CORPUS]

CORPUS holds `index.tsv` with the columns file and kind, and the recordings that it names. Films of
4 to 20 minutes are made of its speech, over ambience and songs, on which no bound was chosen; cues
leave out lines, begin about when they do and linger. Prints what is said of each change of the
times; a move is right if at most 6 % of the cues are more than 0.8 s off. Prints also which share
of the speech under cues has a wrong kind where times are taken as they are, and as they are used;
runs of two to seven lines are narration and dialogue by turns.
"""

import argparse
import csv
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from ostinato.media import in_memory, open_working_copy
from ostinato.speech import (
    Activity,
    Annotation,
    SpeechParameters,
    Synchrony,
    detect_activity,
    synchrony,
)
from ostinato.timeline import Interval

RATE_HZ = 16_000
MINUTES = (4, 6, 8, 13, 10, 20)
FIRST_SEED = 700  # bounds were chosen with 300 to 311
N_CLIPS = 120
RMS = 0.05
OFF_S, MOST_OFF = 0.8, 0.06
STYLES: dict[str, dict[str, float]] = {
    "careful": {"jitter_s": 0.12, "missing": 0.15, "linger_s": 1.2, "silent": 0.05},
    "loose": {"jitter_s": 0.4, "missing": 0.3, "linger_s": 2.0, "silent": 0.15},
}
Array = NDArray[np.float64]
Film = tuple[Array, Activity]
Place = Callable[[Array], Array]


def main() -> None:
    """Make the films and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    arguments = parser.parse_args()
    print_table(list(films(arguments.corpus)))


def print_table(some: list[Film]) -> None:
    """Print what is said of each change, in films, for careful and loose subtitles."""
    print("| cues | change | films | wrong as given | wrong as used |\n|---|---|---|---|---|")
    for style, manner in STYLES.items():
        said: dict[str, Counter[str]] = {}
        wrong: dict[str, list[tuple[float, float | None]]] = {}
        for number, (lines_s, activity) in enumerate(some):
            rng = np.random.default_rng(1000 * number)
            cues_s = cues_of(lines_s, rng, manner)
            others_s = some[(number + 1) % len(some)][0]
            other_s = cues_of(others_s, rng, manner)
            for name, (changed_s, back) in changes(cues_s, other_s, rng).items():
                found = synchrony(as_cues(changed_s), activity, parameters=SpeechParameters())
                word = verdict(found, changed_s, back)
                said.setdefault(name, Counter())[word] += 1
                is_other = name == "another film's"
                kinds = kinds_of(other_s, others_s) if is_other else kinds_of(cues_s, lines_s)
                kinds = kinds[::2] if name == "every second cue" else kinds[: len(changed_s)]
                used_s = changed_s
                if found.is_moved and found.alignment is not None:
                    used_s = found.alignment.film_s(changed_s)
                is_refused = found.verdict in {"unsure", "another film"}
                after = None if is_refused else share_wrong(used_s, kinds, lines_s)
                wrong.setdefault(name, []).append((share_wrong(changed_s, kinds, lines_s), after))
        for name, counts in said.items():
            before = np.mean([one for one, _ in wrong[name]])
            used = [one for _, one in wrong[name] if one is not None]
            after = f"{np.mean(used):.0%}" if used else "none used"
            found_of = ", ".join(f"{v}: {n}" for v, n in sorted(counts.items()))
            print(f"| {style} | {name} | {found_of} | {before:.0%} | {after} |", flush=True)


def kinds_of(cues_s: Array, lines_s: Array) -> NDArray[np.bool_]:
    """Say which cues are narration, by the line that each begins in or before."""
    runs = np.random.default_rng(len(lines_s)).integers(2, 8, len(lines_s))
    narrated = (np.repeat(np.arange(runs.size), runs) % 2 == 0)[: len(lines_s)]
    line = np.searchsorted(lines_s[:, 0], cues_s[:, 0] + 1.0, side="right") - 1
    return np.asarray(narrated[np.maximum(line, 0)])


def share_wrong(cues_s: Array, kinds: NDArray[np.bool_], lines_s: Array) -> float:
    """Return the share of the lines under cues that has the other kind."""
    truth = kinds_of(lines_s, lines_s)
    at_s = [np.arange(a, b, 0.1) for a, b in lines_s]
    true = np.repeat(truth, [one.size for one in at_s])
    times_s = np.concatenate(at_s)
    order = np.argsort(cues_s[:, 0])
    cues_s, kinds = cues_s[order], kinds[order]
    cue = np.maximum(np.searchsorted(cues_s[:, 0], times_s, side="right") - 1, 0)
    under = (times_s >= cues_s[cue, 0]) & (times_s < cues_s[cue, 1])
    return float(np.mean(kinds[cue][under] != true[under])) if under.any() else 0.0


def films(corpus: Path) -> Iterator[Film]:
    """Make films of real speech, with what is detected in them."""
    with (corpus / "index.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    chosen = np.random.default_rng(FIRST_SEED).permutation(len(rows))
    sounds = {
        kind: [load(corpus / row["file"]) for row in of_kind[:N_CLIPS]]
        for kind in ("speech", "ambience", "song")
        if (of_kind := [rows[n] for n in chosen if rows[n]["kind"] == kind])
    }
    for seed, minutes in enumerate(MINUTES, FIRST_SEED):
        rng = np.random.default_rng(seed)
        y = np.zeros(minutes * 60 * RATE_HZ, np.float32)
        lines_s = speak(y, sounds["speech"], rng)
        lay(y, sounds["ambience"], rng, share=1.0, level_db=(-30, -12))
        lay(y, sounds["song"], rng, share=0.4, level_db=(-18, 0))
        yield lines_s, detected(y)


def detected(y: NDArray[np.float32]) -> Activity:
    """Listen to a film."""
    return detect_activity(in_memory(y[None], rate_hz=RATE_HZ))


def load(path: Path) -> NDArray[np.float32]:
    """Decode to mono at the detector's rate and a common level."""
    with tempfile.TemporaryDirectory() as cache:
        copy = open_working_copy(path, cache_dir=Path(cache))
        y = soxr.resample(copy.mono(0, copy.n_samples), copy.rate_hz, RATE_HZ)
    return np.asarray(RMS * y / np.sqrt(np.mean(y**2) + 1e-9), dtype=np.float32)


def speak(
    y: NDArray[np.float32], clips: list[NDArray[np.float32]], rng: np.random.Generator
) -> Array:
    """Set lines into scenes that pauses part; return when they are spoken."""
    duration_s, at_s = y.size / RATE_HZ, rng.uniform(2, 15)
    pause_s = rng.uniform(0.6, 2.0)
    lines: list[tuple[float, float]] = []
    while at_s < duration_s - 15:
        for _ in range(rng.integers(2, 25)):
            clip = clips[rng.integers(len(clips))][: 12 * RATE_HZ]
            end_s = at_s + clip.size / RATE_HZ
            if end_s > duration_s - 3:
                break
            first = int(at_s * RATE_HZ)
            y[first : first + clip.size] += clip * 10 ** (rng.uniform(-8, 4) / 20)
            lines.append((at_s, end_s))
            at_s = end_s + rng.gamma(1.2, pause_s) + 0.15
        at_s += rng.gamma(1.5, 8 * pause_s)
    return np.array(lines)


def lay(
    y: NDArray[np.float32],
    beds: list[NDArray[np.float32]],
    rng: np.random.Generator,
    *,
    share: float,
    level_db: tuple[float, float],
) -> None:
    """Lay beds of one to two minutes under some of the film."""
    first = 0
    while first < y.size:
        n = int(rng.uniform(40, 150)) * RATE_HZ
        if rng.random() < share:
            bed = np.resize(beds[rng.integers(len(beds))], n)[: y.size - first]
            y[first : first + n] += bed * 10 ** (rng.uniform(*level_db) / 20)
        first += n


def cues_of(lines_s: Array, rng: np.random.Generator, manner: dict[str, float]) -> Array:
    """Subtitle lines as a hand does: in pieces, some left out, and some where nobody speaks."""
    cues: list[list[float]] = []
    for start_s, end_s in lines_s:
        if rng.random() < manner["missing"]:
            continue
        edges_s = np.linspace(start_s, end_s, max(1, int(np.ceil((end_s - start_s) / 5.5))) + 1)
        for a_s, b_s in pairwise(edges_s.tolist()):
            linger_s = rng.uniform(0.2, manner["linger_s"])
            cues.append([a_s + rng.normal(-0.05, manner["jitter_s"]), max(b_s + linger_s, a_s + 1)])
    for one, following in pairwise(cues):
        one[1] = min(one[1], following[0] - 0.04)
    for _ in range(int(len(cues) * manner["silent"])):
        at_s = rng.uniform(0, lines_s[-1, 1])
        cues.append([at_s, at_s + 2])
    return np.array(sorted(cue for cue in cues if cue[1] > cue[0] + 0.3 and cue[0] > 0))


def changes(
    cues_s: Array, other_s: Array, rng: np.random.Generator
) -> dict[str, tuple[Array, Place | None]]:
    """Change times, and say how to undo each change; None where nothing does."""
    out: dict[str, tuple[Array, Place | None]] = {"none": (cues_s, lambda t: t)}
    for shift_s in (1.0, 3.0, 5.0, 10.0, 30.0, -3.0, -30.0, 60.0):
        out[f"shift {shift_s:g} s"] = cues_s + shift_s, lambda t, s=shift_s: t - s
    for name, ratio in (
        ("25/24", 25 / 24),
        ("24/25", 24 / 25),
        ("25/23.976", 25 / 23.976),
        ("24/23.976", 24 / 23.976),
    ):
        out[f"speed {name}"] = cues_s * ratio, lambda t, r=ratio: t / r
    out["speed 25/24, shift 7 s"] = cues_s * 25 / 24 + 7, lambda t: (t - 7) * 24 / 25
    out["first half only"] = cues_s[: len(cues_s) // 2], lambda t: t
    out["every second cue"] = cues_s[::2], lambda t: t
    middle = len(cues_s) // 2
    for jump_s in (3.0, 20.0):
        broken_s = cues_s.copy()
        broken_s[middle:] += jump_s
        from_s = broken_s[middle, 0]
        out[f"break of {jump_s:g} s"] = (
            broken_s,
            lambda t, j=jump_s, f=from_s: np.where(t >= f - 0.01, t - j, t),
        )
    order = rng.permutation(len(cues_s))
    gaps_s, lengths_s = np.diff(np.r_[0, cues_s[:, 0]])[order], np.diff(cues_s)[order, 0]
    starts_s = np.cumsum(gaps_s)
    out["shuffled"] = np.column_stack([starts_s, starts_s + lengths_s]), None
    out["another film's"] = other_s, None
    return out


def as_cues(cues_s: Array) -> tuple[Annotation, ...]:
    """Cues as a file would give them."""
    return tuple(
        Annotation(
            interval=Interval(max(0.0, round(a, 3)), round(b, 3)),
            kind=None,
            source="subtitles",
            mark="plain",
        )
        for a, b in cues_s[np.argsort(cues_s[:, 0])].tolist()
        if b > max(0.0, a) + 0.05
    )


def verdict(found: Synchrony, cues_s: Array, back: Place | None) -> str:
    """Say what was said, and of a move whether it is right."""
    if not found.is_moved or found.alignment is None:
        return found.verdict
    if back is None:
        return "moved WRONGLY"
    cues_s = cues_s[np.argsort(cues_s[:, 0])]
    off_s = np.abs(found.alignment.film_s(cues_s)[:, 0] - back(cues_s[:, 0]))
    return "moved" if np.mean(off_s > OFF_S) <= MOST_OFF else "moved WRONGLY"


if __name__ == "__main__":
    main()
