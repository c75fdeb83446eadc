"""What is done to a song before it is mixed into a clip, and to the clip after it."""

from collections.abc import Callable
from dataclasses import dataclass

import librosa
import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import butter, lfilter, sosfilt

from ostinato.simulate import Radio, decaying_room
from ostinato.simulate.chain import Place

RATE_HZ = 48_000
Sound = NDArray[np.float32]
Change = Callable[[Sound, Sound], Sound]
"""Takes the song and the speech that it is mixed with, and gives the song or the mix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One way in which a film may play a song.

    Parameters
    ----------
    name : str
        In the table.
    level_db : float
        Of the song re the speech.
    speed : float
        Seconds of song per second of film.
    tempo : float or None
        The same of a copy that is stretched in `changes`, at the pitch of its `speed`.
    changes : tuple of callable
        What the song goes through, in order, once it is resampled.
    mixed : callable or None
        Gives the gain that is put on the mix.
    codec, bit_rate : str, int
        How the clip is written.
    bar_db : float or None
        What the remainder should reach.
    """

    name: str
    level_db: float = 0.0
    speed: float = 1.0
    tempo: float | None = None
    changes: tuple[Change, ...] = ()
    mixed: Callable[[Sound], Sound] | None = None
    codec: str = "aac"
    bit_rate: int = 192_000
    bar_db: float | None = None


def equalised(song: Sound, _speech: Sound) -> Sound:
    """Raise the treble, lower the bass, and dip the middle, as a mixer might."""
    y = song.astype(np.float64)
    for hertz, gain_db, q in ((180.0, -3.0, 0.7), (1200.0, -2.0, 1.0), (5000.0, 3.0, 0.7)):
        y = lfilter(*_peaking(hertz, gain_db, q), y, axis=1)
    return y.astype(np.float32)


def _peaking(hertz: float, gain_db: float, q: float) -> tuple[list[float], list[float]]:
    """Coefficients after R. Bristow-Johnson's *Cookbook formulae for audio EQ*."""
    height, omega = 10 ** (gain_db / 40), 2 * np.pi * hertz / RATE_HZ
    alpha, middle = np.sin(omega) / (2 * q), -2 * np.cos(omega)
    zeros = [1 + alpha * height, middle, 1 - alpha * height]
    return zeros, [1 + alpha / height, middle, 1 - alpha / height]


def ducked(song: Sound, speech: Sound) -> Sound:
    """Go down by 12 dB within 0.3 s while somebody speaks."""
    window = round(0.05 * RATE_HZ)
    power = uniform_filter1d(np.mean(speech**2, axis=0), window)
    spoken = maximum_filter1d((power > 1e-3 * power.max()).astype(np.float32), 12 * window)
    depth_db = uniform_filter1d(-12 * spoken, round(0.3 * RATE_HZ))
    return song * 10 ** (depth_db / 20).astype(np.float32)


def faded(song: Sound, _speech: Sound) -> Sound:
    """Come in over 6 s, and go out over 10."""
    t_s = np.arange(song.shape[1]) / RATE_HZ
    left_s = t_s[-1] - t_s
    return song * np.minimum(np.minimum(t_s / 6, left_s / 10), 1).astype(np.float32)


def ridden(song: Sound, _speech: Sound) -> Sound:
    """Go up and down by 4 dB as a hand on a fader does."""
    t_s = np.arange(song.shape[1]) / RATE_HZ
    gain_db = 3 * np.sin(2 * np.pi * t_s / 11) + np.sin(2 * np.pi * t_s / 3.1)
    return song * (10 ** (gain_db / 20)).astype(np.float32)


def radio(song: Sound, _speech: Sound) -> Sound:
    """Come out of a small loudspeaker."""
    return Radio(drive=0.0).apply(song, _place(song))


def saturated(song: Sound, _speech: Sound) -> Sound:
    """Come out of a small loudspeaker whose amplifier is driven."""
    return Radio(drive=4.0).apply(song, _place(song))


def in_a_room(song: Sound, _speech: Sound) -> Sound:
    """Come from a loudspeaker across a living room."""
    return _in_room(song, decay_s=0.4, direct_to_reverberant_db=3.0)


def in_a_hall(song: Sound, _speech: Sound) -> Sound:
    """Come from the far end of a bar."""
    return _in_room(song, decay_s=1.2, direct_to_reverberant_db=-3.0)


def _in_room(song: Sound, *, decay_s: float, direct_to_reverberant_db: float) -> Sound:
    room = decaying_room(
        decay_s=decay_s,
        direct_to_reverberant_db=direct_to_reverberant_db,
        sample_rate_hz=RATE_HZ,
        rng=np.random.default_rng(5),
    )
    return room.apply(song, _place(song))[:, : song.shape[1]]


def _place(y: Sound) -> Place:
    return Place(start_s=0.0, n_samples=y.shape[1], sample_rate_hz=RATE_HZ)


def other_master(song: Sound, _speech: Sound) -> Sound:
    """Be mastered anew: treble up, and louder where it was soft."""
    bright = equalised(song, song)
    return bright * _compression(bright, ratio=2.0, below_db=-12.0)


def broadcast(mix: Sound) -> Sound:
    """Return the gain, sample by sample, of the compressor of a broadcaster."""
    return _compression(mix, ratio=2.0, below_db=-10.0)


def _compression(y: Sound, *, ratio: float, below_db: float) -> Sound:
    level = np.sqrt(uniform_filter1d(np.mean(y**2, axis=0), round(0.03 * RATE_HZ)))
    pole = np.exp(-1 / (0.1 * RATE_HZ))
    level = np.maximum(lfilter([1 - pole], [1, -pole], level), 1e-6)
    over_db = np.maximum(20 * np.log10(level / level.max()) - below_db, 0)
    gain: Sound = (10 ** (-over_db * (1 - 1 / ratio) / 20)).astype(np.float32)
    return gain


def wavering(song: Sound, _speech: Sound) -> Sound:
    """Run from a tape whose speed wavers by 0.2 %."""
    fine = soxr.resample(song.T, 1, 4).T
    t = np.arange(song.shape[1])
    moved = t + 0.002 * RATE_HZ / (2 * np.pi * 0.7) * np.sin(2 * np.pi * 0.7 * t / RATE_HZ)
    at = np.clip(4 * moved, 0, fine.shape[1] - 1)
    return np.stack([np.interp(at, np.arange(row.size), row) for row in fine]).astype(np.float32)


def stretched(song: Sound, _speech: Sound) -> Sound:
    """Last 4 % longer at the same pitch."""
    return np.stack([librosa.effects.time_stretch(row, rate=1 / 1.04) for row in song])[
        :, : song.shape[1]
    ]


def cut(song: Sound, _speech: Sound) -> Sound:
    """Leave out 0.15 s in the middle."""
    middle, gap = song.shape[1] // 2, round(0.15 * RATE_HZ)
    joined = np.concatenate([song[:, :middle], song[:, middle + gap :]], axis=1)
    return np.pad(joined, ((0, 0), (0, gap)))


def without_middle(song: Sound, _speech: Sound) -> Sound:
    """Leave out what is alike in both channels: an instrumental, more or less."""
    middle = song.mean(axis=0, keepdims=True)
    sos = butter(2, (250, 6000), "bandpass", fs=RATE_HZ, output="sos")
    return (song - sosfilt(sos, middle, axis=1)).astype(np.float32)


CONDITIONS = (
    Condition(name="+10 dB", level_db=10.0, changes=(equalised,)),
    Condition(name="base", changes=(equalised,), bar_db=24.0),
    Condition(name="−10 dB", level_db=-10.0, changes=(equalised,)),
    Condition(name="−15 dB", level_db=-15.0, changes=(equalised,)),
    Condition(name="ducked", changes=(equalised, ducked), bar_db=22.0),
    Condition(name="faded", changes=(equalised, faded)),
    Condition(name="ridden", changes=(equalised, ridden)),
    Condition(name="PAL", speed=25 / 24, changes=(equalised,), bar_db=23.0),
    Condition(name="room", changes=(in_a_room,), bar_db=18.0),
    Condition(name="hall", changes=(in_a_hall,)),
    Condition(name="radio", changes=(radio,), bar_db=24.0),
    Condition(name="radio in room", changes=(radio, in_a_room)),
    Condition(name="saturated", changes=(saturated,), bar_db=10.0),
    Condition(name="AC-3", changes=(equalised,), codec="ac3"),
    Condition(name="MP3", changes=(equalised,), codec="libmp3lame"),
    Condition(name="AAC 96k", changes=(equalised,), bit_rate=96_000),
    Condition(name="other master", changes=(other_master,)),
    Condition(name="compressed mix", changes=(equalised,), mixed=broadcast),
    Condition(name="cut", changes=(equalised, cut)),
    Condition(name="wow", changes=(equalised, wavering)),
    Condition(name="stretch", tempo=1 / 1.04, changes=(equalised, stretched)),
    Condition(name="instrumental", changes=(equalised, without_middle)),
    Condition(name="wrong song", changes=(equalised,)),
)
