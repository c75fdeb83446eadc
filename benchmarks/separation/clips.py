"""Clips of known truth: speech and a song, mixed, coded and decoded, with a coded reference."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from chains import RATE_HZ, Condition, Sound

from ostinato.dsp.playback import song_as_played
from ostinato.media import open_working_copy
from ostinato.simulate import Encoding
from ostinato.simulate.encode import write_encoded

CLIP_S = 40.0
SONG_START_S = 20.0 + 0.37 / RATE_HZ  # no whole sample
_MOST_SPEED = 1.05
_LEAD_S = 2.0  # of the song that is coded before what is heard of it
_SPEECH_RMS = 0.05
_PAUSE_S = 0.7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clip:
    """A mix and what is in it.

    Parameters
    ----------
    film, speech, song : ndarray of float32, shape (2, n_samples)
        What was decoded; what was said; what was played, at the level at which it was mixed.
    reference : ndarray of float32, shape (2, any)
        The recording as a scholar has it.
    song_start_s : float
        Its song time at the first sample of the film.
    speed, pitch : float
        Seconds of song per second of film, and the pitch of the film's copy.
    """

    film: Sound
    speech: Sound
    song: Sound
    reference: Sound
    song_start_s: float
    speed: float
    pitch: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """A song and the recording of it that a scholar has: coded, and cut to what clips need.

    Parameters
    ----------
    song, reference : ndarray of float32, shape (2, any)
        As the film's makers had it; as an MP3 file.
    start_s : float
        Song time of the reference's first sample.
    """

    song: Sound
    reference: Sound
    start_s: float


def make_track(song: Sound) -> Track:
    """Code the part of a song that clips need."""
    first = round((SONG_START_S - _LEAD_S) * RATE_HZ)
    part = song[:, first : first + round((CLIP_S * _MOST_SPEED + 2 * _LEAD_S) * RATE_HZ)]
    reference = _coded(part, Encoding(codec="libmp3lame", bit_rate=192_000))
    return Track(song=song, reference=reference, start_s=first / RATE_HZ)


def make_clip(track: Track, speech: Sound, condition: Condition, *, other: Track) -> Clip:
    """Mix one clip.

    Parameters
    ----------
    track, other : Track
        The song, and the one that is taken for it in the condition "wrong song".
    speech : ndarray of float32, shape (2, n_samples)
        From `talk`.
    condition : Condition
        How.

    Returns
    -------
    Clip
        With its truth.
    """
    played = song_as_played(
        track.song,
        song_rate_hz=RATE_HZ,
        song_start_s=SONG_START_S,
        speed=condition.speed,
        n_samples=speech.shape[1],
        rate_hz=RATE_HZ,
    )
    colour, *faders = condition.changes
    played = colour(played * np.float32(_SPEECH_RMS / rms(played)), speech)
    played = played * np.float32(_SPEECH_RMS * 10 ** (condition.level_db / 20) / rms(played))
    for change in faders:
        played = change(played, speech)
    if condition.mixed is not None:
        gain = condition.mixed(played + speech)
        played, speech = played * gain, speech * gain
    scale = np.float32(min(1.0, 0.9 / np.abs(played + speech).max()))
    played, speech = played * scale, speech * scale
    encoding = Encoding(codec=condition.codec, bit_rate=condition.bit_rate)
    source = other if condition.name == "wrong song" else track
    return Clip(
        film=_coded(played + speech, encoding),
        speech=speech,
        song=played,
        reference=source.reference,
        song_start_s=SONG_START_S - source.start_s,
        speed=condition.tempo or condition.speed,
        pitch=condition.speed,
    )


def talk(files: list[Path], *, cache: Path) -> Sound:
    """Join clips of speech with pauses into two channels, as long as a clip."""
    n_samples = round(CLIP_S * RATE_HZ)
    parts = [np.zeros(round(_PAUSE_S * RATE_HZ), np.float32)]
    while sum(part.size for part in parts) < n_samples:
        y = load(files[len(parts) // 2 % len(files)], cache=cache).mean(axis=0)
        parts += [y / rms(y), np.zeros(round(_PAUSE_S * RATE_HZ), np.float32)]
    mono = np.concatenate(parts)[:n_samples]
    return np.tile(mono * np.float32(_SPEECH_RMS / rms(mono)), (2, 1))


def load(path: Path, *, cache: Path) -> Sound:
    """Read a recording as two channels at 48 kHz."""
    copy = open_working_copy(path, cache_dir=cache)
    y = soxr.resample(copy.read(0, copy.n_samples)[:2].T, copy.rate_hz, RATE_HZ).T
    return np.ascontiguousarray(np.broadcast_to(y, (2, y.shape[1])))


def rms(y: Sound) -> np.float32:
    """Root mean square."""
    return np.float32(np.sqrt(np.mean(np.square(y, dtype=np.float64))))


def _coded(y: Sound, encoding: Encoding) -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mka"
        write_encoded(path, [y], n_channels=2, sample_rate_hz=RATE_HZ, encoding=encoding)
        copy = open_working_copy(path, cache_dir=Path(folder))
        decoded = copy.read(0, copy.n_samples)[:2]
    missing = max(0, y.shape[1] - decoded.shape[1])
    return np.pad(decoded, ((0, 0), (0, missing)))[:, : y.shape[1]]
