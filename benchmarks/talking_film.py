"""Films of conversations, from recorded voices: who speaks when is known from the mix."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt
from speech_activity import RATE_HZ, load, own_stretches, rms

from ostinato.simulate import Place, decaying_room
from ostinato.timeline import Interval

CHANNELS = ("dry", "room", "hall", "radio")
MUSIC_TO_SPEECH_DB = (None, -10, -5, 0)
SPEECH_RMS = 0.05
MAX_CLIP_S = 8.0
N_SCENES = 16
N_TURNS = 9
NARRATED_EACH = 5  # scenes
IN_TURN = 0.8  # of the turns; otherwise anybody goes on
Signal = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Film:
    """A mix, and who speaks when in it."""

    y: Signal
    turns: tuple[tuple[str, Interval], ...]
    scenes: tuple[tuple[Interval, str, int | None], ...]


def clips(corpus: Path, name: str) -> Iterator[Signal]:
    """Give what one voice says, without silence at its ends, each at one level."""
    pattern = re.compile(
        rf"fillets-{name.split('-')[1]}-[a-z0-9]+-{name[-1]}-.*"
        if name.startswith("fillets")
        else rf"{name}.*"
    )
    for path in sorted((corpus / "speech").iterdir()):
        if pattern.fullmatch(path.stem):
            y = load(path)
            extent = own_stretches(y).extent
            if extent is None:
                continue
            y = y[round(extent.start_s * RATE_HZ) : round(extent.end_s * RATE_HZ)]
            for start in range(0, y.size, round(MAX_CLIP_S * RATE_HZ)):
                part = y[start : start + round(MAX_CLIP_S * RATE_HZ)]
                if part.size > 0.5 * RATE_HZ:
                    yield part * np.float32(SPEECH_RMS / rms(part))


def make_film(
    cast: Mapping[str, Sequence[Signal]], music: Sequence[Signal], rng: np.random.Generator
) -> Film:
    """Let two or three voices talk in each scene, and one of them narrate others."""
    decks: dict[str, list[int]] = {name: [] for name in cast}
    pieces, turns, scenes, now_s = [], [], [], 0.0
    for scene in range(N_SCENES):
        channel = CHANNELS[scene % len(CHANNELS)]
        n_voices = 1 if scene % NARRATED_EACH == 0 else int(rng.integers(2, 4))
        voices = rng.permutation(sorted(cast))[:n_voices].tolist()
        y, here = talk(voices, cast, decks, rng)
        y = through(y, channel, rng)
        level_db = MUSIC_TO_SPEECH_DB[int(rng.integers(len(MUSIC_TO_SPEECH_DB)))]
        if level_db is not None:
            y = with_music(y, music, level_db, rng)
        y = y + np.float32(SPEECH_RMS * 10 ** (rng.uniform(-45, -25) / 20)) * rng.standard_normal(
            y.size
        ).astype(np.float32)
        turns += [(v, Interval(now_s + i.start_s, now_s + i.end_s)) for v, i in here]
        end_s = now_s + y.size / RATE_HZ
        scenes.append((Interval(now_s, end_s), channel, level_db))
        pieces.append(y)
        now_s = end_s
    return Film(np.concatenate(pieces), tuple(turns), tuple(scenes))


def talk(
    voices: Sequence[str],
    cast: Mapping[str, Sequence[Signal]],
    decks: dict[str, list[int]],
    rng: np.random.Generator,
) -> tuple[Signal, list[tuple[str, Interval]]]:
    """Take turns, now at once and now after a pause; nobody says a thing twice before all else."""
    y, turns, now_s = [np.zeros(RATE_HZ, np.float32)], [], 1.0
    for turn in range(N_TURNS):
        voice = voices[turn % len(voices)] if rng.random() < IN_TURN else str(rng.choice(voices))
        if not decks[voice]:
            decks[voice] = rng.permutation(len(cast[voice])).tolist()
        clip = cast[voice][decks[voice].pop()]
        turns += [
            (voice, Interval(now_s + stretch.start_s, now_s + stretch.end_s))
            for stretch in own_stretches(clip)
        ]
        gap_s = float(rng.choice([0.05, 0.15, 0.3, 0.6, 1.5]))
        y += [clip, np.zeros(round(gap_s * RATE_HZ), np.float32)]
        now_s += (clip.size + y[-1].size) / RATE_HZ
    return np.concatenate(y), turns


def through(y: Signal, channel: str, rng: np.random.Generator) -> Signal:
    """Say it in a room or over a radio, at the level that it had."""
    if channel == "dry":
        return y
    if channel == "radio":
        sos = butter(2, (300, 3400), "bandpass", fs=RATE_HZ, output="sos")
        heard = sosfilt(sos, y)
    else:
        decay_s = rng.uniform(0.15, 0.35) if channel == "room" else rng.uniform(0.35, 0.6)
        room = decaying_room(
            decay_s=float(decay_s),
            direct_to_reverberant_db=float(rng.uniform(-2, 6)),
            sample_rate_hz=RATE_HZ,
            rng=rng,
        )
        place = Place(start_s=0.0, n_samples=y.size, sample_rate_hz=RATE_HZ)
        heard = room.apply(y[np.newaxis], place)[0, : y.size]
    return (heard * (rms(y) / rms(heard))).astype(np.float32)


def with_music(
    y: Signal, music: Sequence[Signal], level_db: float, rng: np.random.Generator
) -> Signal:
    """Play a song under the talk."""
    song = music[int(rng.integers(len(music)))]
    start = int(rng.integers(max(1, song.size - y.size)))
    under = np.resize(song[start:], y.size)
    return y + under * np.float32(SPEECH_RMS * 10 ** (level_db / 20) / rms(under))
