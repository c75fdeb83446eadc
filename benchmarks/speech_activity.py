"""How well talk is told from songs: recorded speech mixed into recorded songs, truth from the mix.

    python benchmarks/speech_activity.py [CORPUS]

CORPUS holds `index.tsv` with the columns file, kind and speaker_or_note, and the recordings that it
names. Prints tables and asserts nothing. Truth is where a clip's own level, before it is mixed, is
within 35 dB of its loudest 25 ms, with pauses below 0.3 s filled.
"""

import argparse
import csv
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from ostinato.dsp.activations import ActivationParameters, active_stretches
from ostinato.dsp.frames import FrameClock
from ostinato.media import open_working_copy
from ostinato.speech import (
    MODEL_CLOCK,
    Activity,
    SpeechParameters,
    detect_activity,
    singing_timeline,
    speech_timeline,
)
from ostinato.timeline import Interval, Timeline

RATE_HZ = MODEL_CLOCK.sample_rate_hz
MUSIC_TO_SPEECH_DB = (None, -10, -5, 0, 5)
N_CLIPS = 25  # of each voice or cast: a minute or two of talk
SPEECH_RMS = 0.05
PAUSE_S = 1.0
ROUNDING = 1e-7  # of the model's sums
TRUTH = ActivationParameters(
    smoothing_s=0.0,
    onset=0.5,
    offset=0.5,
    pad_start_s=0.0,
    pad_end_s=0.0,
    min_gap_s=0.3,
    min_duration_s=0.1,
)
PARAMETERS = SpeechParameters()
Signal = NDArray[np.float32]


def main() -> None:
    """Read the corpus and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    corpus = parser.parse_args().corpus
    with (corpus / "index.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    print_receptive_field()
    print_alone(corpus, [row for row in rows if row["kind"] in {"song", "ambience"}])
    print_mixed(corpus, rows)


def print_receptive_field() -> None:
    """Print how many frames away a change of the signal still changes the model's answer."""
    noise = np.random.default_rng(1).standard_normal(20 * RATE_HZ).astype(np.float32)
    y = np.float32(0.05) * noise
    before, after = y.copy(), y.copy()
    before[10 * RATE_HZ :] = 0
    after[: 10 * RATE_HZ] = 0
    whole, before_p, after_p = (analysed(signal).speech for signal in (y, before, after))
    change = 10 * RATE_HZ // MODEL_CLOCK.hop_length
    first = int(np.flatnonzero(np.abs(whole - before_p) > ROUNDING)[0])
    last = int(np.flatnonzero(np.abs(whole - after_p) > ROUNDING)[-1])
    print(f"receptive field: {change - first} frames ahead, {last - change} back\n")


def print_alone(corpus: Path, rows: Sequence[dict[str, str]]) -> None:
    """Print what share of songs and ambiences, in which nobody talks, is taken for talk."""
    kinds: dict[str, list[tuple[float, float, float]]] = {}
    most: dict[str, tuple[float, str]] = {}
    for row in rows:
        activity = analysed(load(corpus / row["file"]))
        talk = speech_timeline(activity, parameters=PARAMETERS).duration_s
        sung = singing_timeline(activity, parameters=PARAMETERS).duration_s
        kind = f"{row['kind']}, {row['speaker_or_note']}".removesuffix(", -")
        kinds.setdefault(kind, []).append((activity.duration_s, talk, sung))
        most[kind] = max(most.get(kind, (0.0, "")), (talk, Path(row["file"]).stem))
    print(f"{'alone':<30}{'files':>6}{'seconds':>9}{'talk %':>8}{'singing %':>11}  most talk in")
    for kind, seconds in sorted(kinds.items()):
        total_s, talk_s, sung_s = np.sum(seconds, axis=0)
        shares = f"{100 * talk_s / total_s:>8.2f}{100 * sung_s / total_s:>11.1f}"
        print(f"{kind:<30}{len(seconds):>6}{total_s:>9.0f}{shares}  {most[kind][1]}")


def print_mixed(corpus: Path, rows: Sequence[dict[str, str]]) -> None:
    """Print how much talk is found under each kind of song at each level."""
    talks = [talk_film(corpus, files) for files in voices(rows)]
    for note in ("instrumental", "sung"):
        files = [corpus / row["file"] for row in rows if row["speaker_or_note"] == note]
        print(f"\n{f'talk under {note} songs':<30}{'recall':>8}{'precision':>11}{'F1':>7}")
        for level_db in MUSIC_TO_SPEECH_DB:
            scores = [
                seconds_found(y, truth, song=load(files[n % len(files)]), level_db=level_db)
                for n, (y, truth) in enumerate(talks)
            ]
            both_s, true_s, found_s = np.sum(scores, axis=0)
            recall, precision = both_s / true_s, both_s / found_s
            f1 = 2 * both_s / (true_s + found_s)
            level = "no song" if level_db is None else f"{level_db:+d} dB"
            print(f"{level:<30}{recall:>8.3f}{precision:>11.3f}{f1:>7.3f}")


def voices(rows: Sequence[dict[str, str]]) -> Iterator[list[str]]:
    """Give the clips of one voice or cast after the other, spread over what there is."""
    spoken: dict[str, list[str]] = {}
    for row in rows:
        if row["kind"] == "speech":
            spoken.setdefault(Path(row["file"]).name[:10], []).append(row["file"])
    for files in spoken.values():
        yield files[:: max(1, len(files) // N_CLIPS)][:N_CLIPS]


def talk_film(corpus: Path, files: Sequence[str]) -> tuple[Signal, Timeline]:
    """Join clips with pauses, each at one level; the signal, and where somebody talks."""
    pieces, truth, now_s = [], Timeline(), 0.0
    for file in files:
        y = load(corpus / file)[: 30 * RATE_HZ]
        for stretch in own_stretches(y):
            moved = Interval(now_s + stretch.start_s, now_s + stretch.end_s)
            truth |= Timeline((moved,))
        pieces += [y * np.float32(SPEECH_RMS / rms(y)), np.zeros(round(PAUSE_S * RATE_HZ), "f4")]
        now_s += y.size / RATE_HZ + PAUSE_S
    return np.concatenate(pieces), truth


def own_stretches(y: Signal) -> Timeline:
    """Where a clip in quiet is loud."""
    clock = FrameClock(sample_rate_hz=RATE_HZ, frame_length=400, hop_length=160)
    starts = clock.hop_length * np.arange(clock.n_frames(y.size))
    energy = np.concatenate([[0.0], np.cumsum(y.astype(np.float64) ** 2)])
    power = energy[starts + clock.frame_length] - energy[starts]
    is_loud = (power > power.max() * 10**-3.5).astype(np.float32)
    return active_stretches(is_loud, clock, duration_s=y.size / RATE_HZ, parameters=TRUTH)


def seconds_found(
    y: Signal, truth: Timeline, *, song: Signal, level_db: float | None
) -> tuple[float, float, float]:
    """Mix a song under talk; seconds found rightly, seconds of talk, seconds found."""
    if level_db is not None:
        music = np.resize(song, y.size)
        # against the level of the talk itself, not of the pauses
        y = y + music * np.float32(SPEECH_RMS * 10 ** (level_db / 20) / rms(music))
    found = speech_timeline(analysed(y), parameters=PARAMETERS)
    return (found & truth).duration_s, truth.duration_s, found.duration_s


def analysed(y: Signal) -> Activity:
    """Run the detector over a signal."""
    return detect_activity(
        lambda start, stop: y[start:stop], n_samples=y.size, sample_rate_hz=RATE_HZ
    )


def load(path: Path) -> Signal:
    """Read a recording as mono at the model's rate."""
    with tempfile.TemporaryDirectory() as cache:
        copy = open_working_copy(path, cache_dir=cache)
        y: Signal = soxr.resample(copy.mono(0, copy.n_samples), copy.sample_rate_hz, RATE_HZ)
    return y


def rms(y: Signal) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(y.astype(np.float64) ** 2)))


if __name__ == "__main__":
    main()
