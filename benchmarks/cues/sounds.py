"""Sounds that only this benchmark's films need: a kept pitch, a lossy copy, and effects."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from ostinato.media import open_working_copy
from ostinato.simulate import Place

Sound = NDArray[np.float32]

_EFFECT_S = (0.1, 1.5)
_EFFECT_DB = (-12.0, 6.0)  # of one effect against the others
_ATTACK_S = 0.004
_HITS = 0.4  # share of effects that are hits: doors, steps, shots


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPitch:
    """Gives a copy that plays at another speed its pitch back, as editing programs do.

    The copy is brought back to its own speed and then stretched by overlap and add (FFmpeg's
    ``atempo``), so that what is heard is made of short exact pieces.

    Parameters
    ----------
    speed : float
        At which the occurrence plays, 0.5 to 2.
    """

    speed: float

    def apply(self, y: Sound, place: Place) -> Sound:
        """Return the sound at the same tempo and at the recording's pitch."""
        rate_hz = place.sample_rate_hz
        own = soxr.resample(y.T, rate_hz, rate_hz * self.speed).T
        heard = _at_tempo(own, self.speed, sample_rate_hz=rate_hz)[:, : y.shape[1]]
        return np.pad(heard, ((0, 0), (0, y.shape[1] - heard.shape[1])))

    def gain(self, place: Place) -> Sound:
        """Return ones."""
        return np.ones(place.n_samples, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lossy:
    """Plays an MP3 of the recording, whose decoder takes off the delay of its coder.

    Parameters
    ----------
    compression : float
        From 0, the highest bit rate, to 1, the lowest.
    """

    compression: float

    def apply(self, y: Sound, place: Place) -> Sound:
        """Return what is left of the sound, as long as it was."""
        file = io.BytesIO()
        soundfile.write(
            file,
            y.T,
            place.sample_rate_hz,
            format="MP3",
            subtype="MPEG_LAYER_III",
            compression_level=self.compression,
            bitrate_mode="CONSTANT",
        )
        file.seek(0)
        heard = soundfile.read(file, dtype="float32", always_2d=True)[0].T[:, : y.shape[1]]
        return np.pad(heard, ((0, 0), (0, y.shape[1] - heard.shape[1])))

    def gain(self, place: Place) -> Sound:
        """Return ones."""
        return np.ones(place.n_samples, np.float32)


def write_effects(
    path: Path,
    recordings: Sequence[Path],
    *,
    duration_s: float,
    n_effects: int,
    sample_rate_hz: int,
    cache_dir: Path,
    rng: np.random.Generator,
) -> None:
    """Write a track of effects: hits, and scraps of recordings that die away.

    Parameters
    ----------
    path : pathlib.Path
        Of a sound file in mono.
    recordings : sequence of pathlib.Path
        Sounds to take scraps of.
    duration_s : float
        Of the track.
    n_effects : int
        How many, anywhere in it.
    sample_rate_hz : int
        Of the track.
    cache_dir : pathlib.Path
        For working copies of the recordings.
    rng : numpy.random.Generator
        Draws each effect.
    """
    sources = [_mono(one, sample_rate_hz, cache_dir) for one in recordings]
    track = np.zeros(round(duration_s * sample_rate_hz), np.float32)
    for start_s in np.sort(rng.uniform(0, duration_s - _EFFECT_S[1], n_effects)):
        effect = _effect(sources, sample_rate_hz, rng)
        start = round(start_s * sample_rate_hz)
        track[start : start + effect.size] += effect[: track.size - start]
    peak = float(np.abs(track).max(initial=1e-9))
    soundfile.write(path, 0.9 * track / peak, sample_rate_hz, subtype="PCM_24")


def _mono(path: Path, sample_rate_hz: int, cache_dir: Path) -> Sound:
    copy = open_working_copy(path, cache_dir=cache_dir)
    y = copy.mono(0, copy.n_samples)
    return np.asarray(soxr.resample(y, copy.rate_hz, sample_rate_hz))


def _effect(sources: Sequence[Sound], sample_rate_hz: int, rng: np.random.Generator) -> Sound:
    n_samples = round(float(rng.uniform(*_EFFECT_S)) * sample_rate_hz)
    if rng.random() < _HITS:
        low_hz = float(10 ** rng.uniform(1.8, 3.3))
        band = butter(2, (low_hz, 2.5 * low_hz), "bandpass", fs=sample_rate_hz, output="sos")
        y = sosfilt(band, rng.standard_normal(n_samples))
    else:
        source = sources[int(rng.integers(len(sources)))]
        start = int(rng.integers(max(1, source.size - n_samples)))
        y = source[start : start + n_samples]
    t = np.arange(y.size) / sample_rate_hz
    envelope = np.minimum(1.0, t / _ATTACK_S) * np.exp(-5 * t / (n_samples / sample_rate_hz))
    y = y * envelope
    loudness = float(np.sqrt(np.mean(np.square(y)))) or 1.0
    return (y * (10 ** (float(rng.uniform(*_EFFECT_DB)) / 20) / loudness)).astype(np.float32)


def _at_tempo(y: Sound, tempo: float, *, sample_rate_hz: int) -> Sound:
    n_channels = y.shape[0]
    layout = "mono" if n_channels == 1 else "stereo"
    # packed: atempo takes and gives nothing else, and a filter graph converts without a word
    frame = av.AudioFrame.from_ndarray(y.T.reshape(1, -1).copy(), format="flt", layout=layout)
    frame.sample_rate, frame.pts = sample_rate_hz, 0
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        format="flt", sample_rate=sample_rate_hz, layout=layout, time_base=f"1/{sample_rate_hz}"
    )
    stretch = graph.add("atempo", str(tempo))
    sink = graph.add("abuffersink")
    source.link_to(stretch)
    stretch.link_to(sink)
    graph.configure()
    source.push(frame)
    source.push(None)
    parts = []
    while True:
        try:
            parts.append(sink.pull().to_ndarray().reshape(-1, n_channels).T)
        except (av.error.EOFError, av.error.BlockingIOError):
            return np.concatenate(parts, axis=1)
