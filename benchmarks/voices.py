"""How well voices are told apart: films of conversations, from recorded voices, truth from the mix.

    python benchmarks/voices.py [CORPUS] [--films N] [--tuning]

CORPUS holds `index.tsv` and the recordings that it names. Prints tables and asserts nothing. With
`--tuning`, films are of other voices: those on which the numbers in
`ostinato.speech.voices.VoiceParameters` were chosen.

Of casts, only the two leads of *Fish Fillets* are used, whose lines their file names tell apart.
One woman speaks English and Spanish in the corpus: only her Spanish is used.
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import librosa
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from speech_activity import RATE_HZ, analysed, load
from talking_film import CHANNELS, Film, Signal, clips, make_film, through, with_music

from ostinato.media import in_memory
from ostinato.results import SpeechSegment
from ostinato.speech import (
    Network,
    SpeechParameters,
    assign_voices,
    classify,
    load_network,
    print_voices,
    speech_timeline,
)
from ostinato.timeline import Interval, Timeline

TUNING = ("asterisk-it", "asterisk-ru", "fillets-cs-m", "fillets-cs-v", "sonnet")
REPORTED = ("asterisk-es", "asterisk-fr", "festvox-ru", "fillets-nl-m", "fillets-nl-v")
MUSIC = ("feelings.ogg", "flickr.mp3", "big-bad-world-one.mp3", "drascula-30.ogg")
N_TRIED = 16  # clips of each voice
MIN_TRIED_S = 1.5


def main() -> None:
    """Read the corpus and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--films", type=int, default=4)
    parser.add_argument("--tuning", action="store_true")
    arguments = parser.parse_args()
    names = TUNING if arguments.tuning else REPORTED
    cast = {name: list(clips(arguments.corpus, name)) for name in names}
    music = [load(arguments.corpus / "songs" / name)[: 90 * RATE_HZ] for name in MUSIC]
    print_trials(cast, music)
    names = [field.name for field in fields(Score)]
    print("\n| film | " + " | ".join(names) + " |")
    for seed in range(arguments.films):
        film = make_film(cast, music, np.random.default_rng(seed))
        row = score(film, SpeechParameters())
        cells = (getattr(row, name) for name in names)
        texts = (f"{c:.3f}" if isinstance(c, float) else str(c) for c in cells)
        print(f"| {seed} | " + " | ".join(texts) + " |", flush=True)


def print_trials(cast: Mapping[str, Sequence[Signal]], music: Sequence[Signal]) -> None:
    """Print how often two clips of at most 3 s are wrongly held to be of one voice, or of two."""
    rng = np.random.default_rng(0)
    tried = [
        (voice, clip[: 3 * RATE_HZ])
        for voice, own in cast.items()
        for clip in own[:: max(1, len(own) // N_TRIED)][:N_TRIED]
        if clip.size > MIN_TRIED_S * RATE_HZ
    ]
    speakers = np.array([voice for voice, _ in tried])
    network = load_network()
    means = {
        "CAM++, as it comes": lambda y: whole(y, network),
        "mean and deviation of MFCC": cepstral,
    }
    print("| equal-error rate, % | " + " | ".join((*CHANNELS, "music at -5 dB", "all")) + " |")
    heard = [[through(y, channel, rng) for _, y in tried] for channel in CHANNELS]
    heard.append([with_music(y, music, -5, rng) for _, y in tried])
    for name, embed in means.items():
        sets = [np.array([embed(y) for y in some]) for some in heard]
        everything = np.concatenate(sets)
        shift, scale = (0, 1) if embed is not cepstral else (everything.mean(0), everything.std(0))
        sets = [unit((one - shift) / scale) for one in sets]
        rates = [equal_error(one, speakers) for one in sets]
        rates.append(equal_error(np.concatenate(sets), np.tile(speakers, len(sets))))
        print(f"| {name} | " + " | ".join(f"{100 * rate:.1f}" for rate in rates) + " |", flush=True)


def whole(y: Signal, network: Network) -> Signal:
    """Embed a clip by the network."""
    prints = print_voices(
        in_memory(y[np.newaxis], rate_hz=RATE_HZ),
        Timeline((Interval(0.0, y.size / RATE_HZ),)),
        network=network,
        parameters=SpeechParameters().voices,
    )
    return prints.embeddings([slice(None)], network)[0]


def cepstral(y: Signal) -> Signal:
    """Describe a clip as was done before networks, without what only the channel changes."""
    mfcc = librosa.feature.mfcc(y=y, sr=RATE_HZ, n_mfcc=20, n_fft=512, hop_length=160)
    return np.concatenate([mfcc[1:].mean(axis=1), mfcc[1:].std(axis=1)])


def unit(rows: Signal) -> Signal:
    """Scale rows to length 1."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def equal_error(embeddings: Signal, speakers: NDArray[np.str_]) -> float:
    """Rate at which both errors are as frequent, over all pairs."""
    pairs = np.triu_indices(speakers.size, 1)
    likeness = (embeddings @ embeddings.T)[pairs]
    is_same = (speakers[:, np.newaxis] == speakers)[pairs][np.argsort(-likeness)]
    false_alarms = np.cumsum(~is_same) / np.sum(~is_same)
    misses = 1 - np.cumsum(is_same) / np.sum(is_same)
    nearest = int(np.argmin(np.abs(false_alarms - misses)))
    return float(false_alarms[nearest] + misses[nearest]) / 2


@dataclass(frozen=True, slots=True)
class Score:
    """How well one film's voices were told.

    `purity` is the share of each found voice that is one speaker's, `coverage` the share of each
    speaker that is one found voice's. `confused`, `untold` and `missed` are shares of the speech
    that got a wrong voice, none, or was not detected; their sum is a diarization error rate
    without its false alarms. `seconds` is processor time, for each second of speech.
    """

    n_voices: int
    n_found: int
    purity: float
    coverage: float
    confused: float
    untold: float
    missed: float
    seconds: float


def score(film: Film, parameters: SpeechParameters) -> Score:
    """Tell a film's voices, and hold them against who spoke."""
    activity = analysed(film.y)
    stretches = speech_timeline(activity, parameters=parameters)
    segments = classify(stretches, [], activity=activity, parameters=parameters)
    network = load_network()
    start = time.process_time()
    prints = print_voices(
        in_memory(film.y[np.newaxis], rate_hz=RATE_HZ),
        stretches,
        network=network,
        parameters=parameters.voices,
    )
    told, _ = assign_voices(
        segments, prints, known=(), activity=activity, network=network, parameters=parameters.voices
    )
    seconds = time.process_time() - start
    return score_told(film, told, seconds / stretches.duration_s)


def score_told(film: Film, told: Sequence[SpeechSegment], seconds: float) -> Score:
    """Hold what was told against who spoke."""
    true = {v: Timeline.of(i for w, i in film.turns if w == v) for v, _ in film.turns}
    ids = sorted({s.voice for s in told if s.voice is not None})
    found = {v: Timeline.of(s.interval for s in told if s.voice == v) for v in ids}
    shared = np.array([[(a & b).duration_s for b in found.values()] for a in true.values()])
    shared = shared.reshape(len(true), len(found))
    total_s = sum(t.duration_s for t in true.values())
    detected_s = sum((t & Timeline.of(s.interval for s in told)).duration_s for t in true.values())
    told_s = float(shared.sum())
    rows, columns = linear_sum_assignment(-shared)
    return Score(
        n_voices=len(true),
        n_found=len(found),
        purity=float(shared.max(axis=0, initial=0).sum()) / told_s if told_s else 0.0,
        coverage=float(shared.max(axis=1, initial=0).sum()) / total_s,
        confused=(told_s - float(shared[rows, columns].sum())) / total_s,
        untold=(detected_s - told_s) / total_s,
        missed=1 - detected_s / total_s,
        seconds=seconds,
    )


if __name__ == "__main__":
    main()
