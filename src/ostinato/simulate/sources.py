"""Recordings, decoded once by the media room and brought to the film's rate and channels."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from ostinato.errors import ParameterError
from ostinato.media import WorkingCopy, open_working_copy

__all__ = ["as_channels", "read_part", "read_song", "read_talk", "repeated"]

Sound = NDArray[np.float32]
_TALK_DB = (
    -30.0
)  # of the loudest 20 ms: a reader breathes below it; dry prompts do not tell -25 from -40
_TALK_FRAME_S = 0.02
_PAUSE_S = 0.3  # the ear hears no pause in less
_SEAM_S = 0.5  # long enough that no ear marks where rain begins again


def read_song(
    copy: WorkingCopy,
    *,
    song_start_s: float,
    n_samples: int,
    speed: float,
    sample_rate_hz: int,
    n_channels: int,
) -> tuple[Sound, float]:
    """Read a stretch of a song as a film plays it.

    `song_start_s`: where the stretch starts; moved to the nearest sample of the song; `n_samples`:
    length in the film; `speed`: seconds of song per second of film. Returns `y` (n_channels,
    n_samples). Raises ParameterError if the song is over before the stretch is.
    """
    rate_hz = copy.rate_hz
    start = round(song_start_s * rate_hz)
    n_played = n_samples / sample_rate_hz * speed * rate_hz
    if start + n_played > copy.n_samples + 1:
        raise ParameterError(
            f"occurrence of {copy.path.name} from {song_start_s} s on",
            f"the song ends at {copy.duration_s:.2f} s, before the occurrence does",
            "Start earlier in the song, or make the occurrence shorter",
        )
    # the resampler needs to hear beyond the cut, or its last samples fade
    reach = round(0.05 * rate_hz)
    y = _front(copy, start, start + int(np.ceil(n_played)) + reach)
    played = soxr.resample(y.T, rate_hz * speed, sample_rate_hz).T[:, :n_samples]
    padded = np.pad(played, ((0, 0), (0, n_samples - played.shape[1])))
    return as_channels(padded, n_channels), start / rate_hz


def read_talk(
    path: Path, *, start_s: float, end_s: float | None, sample_rate_hz: int, cache_dir: Path
) -> tuple[Sound, tuple[tuple[int, int], ...]]:
    """Read one voice, without the silence around it, and where in it there is no pause.

    `start_s`, `end_s`: its part; None for the end. Returns `y` (1, n_samples). Raises
    ParameterError if nobody speaks.
    """
    y = read_part(
        path, start_s=start_s, end_s=end_s, sample_rate_hz=sample_rate_hz, cache_dir=cache_dir
    ).mean(axis=0, keepdims=True)
    frame_length = round(_TALK_FRAME_S * sample_rate_hz)
    n_frames = y.shape[1] // frame_length
    power = np.square(y[0, : n_frames * frame_length], dtype=np.float64)
    rms = np.sqrt(power.reshape(n_frames, frame_length).mean(axis=1))
    talking = np.flatnonzero(rms > rms.max(initial=0.0) * 10 ** (_TALK_DB / 20))
    if talking.size == 0:
        raise ParameterError(f"speech of {path.name}", "nobody speaks in it", "Choose another part")
    breaks = np.flatnonzero(np.diff(talking) - 1 >= round(_PAUSE_S / _TALK_FRAME_S))
    firsts = talking[np.concatenate([[0], breaks + 1])] - talking[0]
    ends = talking[np.concatenate([breaks, [-1]])] + 1 - talking[0]
    phrases = tuple(
        (int(first) * frame_length, int(end) * frame_length)
        for first, end in zip(firsts, ends, strict=True)
    )
    start = int(talking[0]) * frame_length
    return np.asarray(y[:, start : start + phrases[-1][1]]), phrases


def read_part(
    path: Path, *, start_s: float, end_s: float | None, sample_rate_hz: int, cache_dir: Path
) -> Sound:
    """Read part of a recording at the film's rate.

    `start_s`, `end_s`: its part; None for the end. Returns (1 or 2, n_samples). Raises
    ParameterError if the part lies beyond the recording.
    """
    copy = open_working_copy(path, cache_dir=cache_dir)
    stop = copy.n_samples if end_s is None else round(end_s * copy.rate_hz)
    start = round(start_s * copy.rate_hz)
    if not start < stop <= copy.n_samples:
        raise ParameterError(
            f"{path.name} from {start_s} to {end_s} s",
            f"the recording ends at {copy.duration_s:.2f} s",
            "Choose a part within it",
        )
    y = _front(copy, start, stop)
    return np.asarray(soxr.resample(y.T, copy.rate_hz, sample_rate_hz).T)


def repeated(y: Sound, *, n_samples: int, sample_rate_hz: int, n_channels: int) -> Iterator[Sound]:
    """Repeat a recording as long as need be, each time faded into the next.

    `y` (1 or 2, any): the recording; `n_samples`: how much is wanted. Returns (n_channels, any).
    """
    y = as_channels(y, n_channels)
    seam = min(round(_SEAM_S * sample_rate_hz), y.shape[1] // 2)
    rise = np.sin(np.linspace(0, np.pi / 2, seam, dtype=np.float32))  # equal power
    joint = y[:, :seam] * rise + y[:, y.shape[1] - seam :] * rise[::-1]
    parts = [y[:, :seam], y[:, seam : y.shape[1] - seam]]
    while n_samples > 0:
        for part in parts:
            yield part[:, :n_samples]
            n_samples = max(0, n_samples - part.shape[1])
        parts = [joint, y[:, seam : y.shape[1] - seam]]


def _front(copy: WorkingCopy, start: int, stop: int) -> Sound:
    """Return mono, or left and right: centre and side are in these already."""
    return copy.read(start, stop)[:2]


def as_channels(y: Sound, n_channels: int) -> Sound:
    """Mix to one channel, or give each loudspeaker the one there is."""
    if y.shape[0] == n_channels:
        return y
    if n_channels == 1:
        return np.asarray(y.mean(axis=0, keepdims=True, dtype=np.float32))
    return np.repeat(y, n_channels, axis=0)
