"""How well talk is told from songs: recorded speech mixed into recorded songs, truth from the mix.

Talk is in the middle, songs are in stereo as they were published; then all is mixed to mono.

    python benchmarks/speech_activity.py [CORPUS] [--tuning]

CORPUS holds `index.tsv` with the columns file, kind and speaker_or_note, and the recordings that it
names. Prints tables and asserts nothing. Truth is where a clip's own level, before it is mixed, is
within 35 dB of its loudest 25 ms, with pauses below 0.3 s filled. Every second song is kept for the
tables; with ``--tuning`` they show the others, on which numbers may be chosen.
"""

import argparse
import csv
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from ostinato.dsp.activations import ActivationParameters, active_stretches
from ostinato.dsp.frames import FrameClock
from ostinato.media import in_memory, open_working_copy
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
SPEECH_TO_MUSIC_DB = (5, 0, -5)
N_CLIPS = 12  # of each voice or cast: about a minute of talk
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
    parser.add_argument("--tuning", action="store_true", help="show the songs numbers may see")
    arguments = parser.parse_args()
    with (arguments.corpus / "index.tsv").open(encoding="utf-8") as file:
        rows = [
            {**row, "file": str(arguments.corpus / row["file"])}
            for row in csv.DictReader(file, delimiter="\t")
        ]
    songs: dict[str, list[str]] = {}
    for row in rows:
        if row["kind"] == "song":
            songs.setdefault(row["speaker_or_note"], []).append(row["file"])
    songs = {note: files[not arguments.tuning :: 2] for note, files in songs.items()}
    print_receptive_field()
    print_alone(songs | {"ambience": [r["file"] for r in rows if r["kind"] == "ambience"]})
    talks = {cast: talk_film(files) for cast, files in voices(rows).items()}
    print_quiet(talks)
    for note in ("instrumental", "sung"):
        tracks = [load(Path(file)) for file in songs[note]]
        print_mixed(talks, tracks, note=f"{note} songs")
        print_mixed(talks, [in_mono(one) for one in tracks], note=f"{note} songs in mono")


def print_receptive_field() -> None:
    """Print how many frames away a change of the signal still changes the model's answer."""
    noise = np.random.default_rng(1).standard_normal(20 * RATE_HZ).astype(np.float32)
    y = np.float32(0.05) * noise
    before, after = y.copy(), y.copy()
    before[10 * RATE_HZ :] = 0
    after[: 10 * RATE_HZ] = 0
    whole, before_p, after_p = (
        analysed(signal[np.newaxis]).speech for signal in (y, before, after)
    )
    change = 10 * RATE_HZ // MODEL_CLOCK.hop_length
    first = int(np.flatnonzero(np.abs(whole - before_p) > ROUNDING)[0])
    last = int(np.flatnonzero(np.abs(whole - after_p) > ROUNDING)[-1])
    print(f"receptive field: {change - first} frames ahead, {last - change} back\n")


def print_alone(kinds: Mapping[str, Sequence[str]]) -> None:
    """Print what share of songs and ambiences, in which nobody talks, is taken for talk."""
    print(f"{'alone':<18}{'files':>6}{'seconds':>9}{'talk %':>8}{'singing %':>11}  most talk in")
    for kind, files in kinds.items():
        seconds = []
        for file in files:
            activity = analysed(load(Path(file)))
            talk_s = speech_timeline(activity, parameters=PARAMETERS).duration_s
            sung_s = singing_timeline(activity, parameters=PARAMETERS).duration_s
            seconds.append((activity.duration_s, talk_s, sung_s))
        total_s, talk_s, sung_s = np.sum(seconds, axis=0)
        most = max(range(len(files)), key=lambda n: seconds[n][1])
        shares = f"{100 * talk_s / total_s:>8.2f}{100 * sung_s / total_s:>11.1f}"
        name = f"{Path(files[most]).stem} ({seconds[most][1]:.0f} s)"
        print(f"{kind:<18}{len(files):>6}{total_s:>9.0f}{shares}  {name}")


def print_quiet(talks: Mapping[str, tuple[Signal, Timeline]]) -> None:
    """Print how much of the talk of each voice or cast is found where nothing else is heard."""
    print(f"\n{'talk alone':<30}{'recall':>8}{'precision':>11}{'F1':>7}")
    scores = {cast: seconds_found(y[np.newaxis], truth) for cast, (y, truth) in talks.items()}
    for cast, score in scores.items():
        print_score(cast, [score])
    print_score("all", list(scores.values()))


def print_mixed(
    talks: Mapping[str, tuple[Signal, Timeline]], songs: Sequence[Signal], *, note: str
) -> None:
    """Print how much talk is found under one kind of song at each level."""
    print(f"\n{f'talk re {note}':<30}{'recall':>8}{'precision':>11}{'F1':>7}")
    for level_db in SPEECH_TO_MUSIC_DB:
        scores = []
        for n, (y, truth) in enumerate(talks.values()):
            song = songs[n % len(songs)]
            music = np.stack([np.resize(channel, y.size) for channel in song])
            # against the level of the talk itself, not of the pauses
            gain = SPEECH_RMS * 10 ** (-level_db / 20) / rms(music.mean(axis=0))
            scores.append(seconds_found(y + music * np.float32(gain), truth))
        print_score(f"{level_db:+d} dB", scores)


def print_score(name: str, scores: Sequence[tuple[float, float, float]]) -> None:
    """Print recall, precision and F1 of seconds found rightly, of talk, and found."""
    both_s, true_s, found_s = np.sum(scores, axis=0)
    f1 = 2 * both_s / (true_s + found_s)
    print(f"{name:<30}{both_s / true_s:>8.3f}{both_s / found_s:>11.3f}{f1:>7.3f}", flush=True)


def voices(rows: Sequence[dict[str, str]]) -> dict[str, list[str]]:
    """Give the clips of each voice or cast, spread over what there is."""
    spoken: dict[str, list[str]] = {}
    for row in rows:
        if row["kind"] == "speech":
            cast = row["speaker_or_note"].split()[0].rstrip(",")
            spoken.setdefault(cast, []).append(row["file"])
    return {
        cast: files[:: max(1, len(files) // N_CLIPS)][:N_CLIPS] for cast, files in spoken.items()
    }


def talk_film(files: Sequence[str]) -> tuple[Signal, Timeline]:
    """Join clips with pauses, each at one level; the signal, and where somebody talks."""
    pieces, truth, now_s = [], Timeline(), 0.0
    for file in files:
        y = in_mono(load(Path(file)))[0, : 30 * RATE_HZ]
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


def seconds_found(y: Signal, truth: Timeline) -> tuple[float, float, float]:
    """Seconds found rightly, seconds of talk, seconds found."""
    found = speech_timeline(analysed(y), parameters=PARAMETERS)
    return (found & truth).duration_s, truth.duration_s, found.duration_s


def analysed(y: Signal) -> Activity:
    """Run the detector over a signal."""
    return detect_activity(in_memory(y, rate_hz=RATE_HZ))


def load(path: Path) -> Signal:
    """Read a recording's two channels, or its one, at the model's rate."""
    with tempfile.TemporaryDirectory() as cache:
        copy = open_working_copy(path, cache_dir=cache)
        y: Signal = soxr.resample(copy.read(0, copy.n_samples)[:2].T, copy.rate_hz, RATE_HZ)
    return y.reshape(y.shape[0], -1).T


def in_mono(y: Signal) -> Signal:
    """Mix two channels to one."""
    return y.mean(axis=0, keepdims=True)


def rms(y: Signal) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(y.astype(np.float64) ** 2)))


if __name__ == "__main__":
    main()
