"""A film's sound in frames of 20 ms every 10 ms: what the evidence for narration is taken from.

Levels are dB re full scale, in bands about as wide as those of hearing [1]_, of the mean of left
and right. They are kept as half floats, exact to 0.03 dB: half an hour takes 9 MB.

References
----------
.. [1] E. Zwicker, "Subdivision of the audible frequency range into critical bands", *J. Acoust.
       Soc. Am.* 33 (1961), 248; the lowest bands halved, as far as frames of 20 ms tell them.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from ostinato.dsp.activations import frame_slice
from ostinato.dsp.frames import FrameClock
from ostinato.errors import ParameterError
from ostinato.media import Signal
from ostinato.threads import in_threads
from ostinato.timeline import Interval

_LOW_EDGES_HZ = (50, 100, 150, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000)
_HIGH_EDGES_HZ = (2320, 2700, 3150, 3700, 4400, 5300, 6400, 7700, 9500, 12000, 15500, 20000)
EDGES_HZ = np.array((*_LOW_EDGES_HZ, *_HIGH_EDGES_HZ), dtype=np.float64)
"""Where one band ends and the next begins; what lies above half the film's rate is silent."""
CENTRES_HZ = np.sqrt(EDGES_HZ[:-1] * EDGES_HZ[1:])
SILENCE_DB = -120.0
"""Nothing is lower: below the dither of any 16-bit transfer."""
_FRAMES_PER_S = 100
_FRAMES_PER_BLOCK = 2000  # 20 s: 40 MB while it is worked on; longer is no faster
_MOST_AT_ONCE = 4
_Db = NDArray[np.float16]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile:
    """Levels of a film, frame by frame.

    Parameters
    ----------
    clock : FrameClock
        When each frame is.
    bands_db : ndarray of float16, shape (n_frames, n_bands)
        Of the mean of left and right, or of the one channel.
    side_db : ndarray of float16, shape (n_frames,), or None
        Of half the difference of left and right, 100 Hz to 8 kHz; None in a mono film.
    centre_db, rest_db : ndarray of float16, shape (n_frames,), or None
        Of the centre channel, and of left and right without what it adds to them, in the same
        band; None where the film has no centre channel.
    """

    clock: FrameClock
    bands_db: _Db
    side_db: _Db | None = None
    centre_db: _Db | None = None
    rest_db: _Db | None = None

    @property
    def n_frames(self) -> int:
        """How many frames there are."""
        return int(self.bands_db.shape[0])

    def frames(self, interval: Interval) -> slice:
        """Frames whose centre is inside an interval."""
        return frame_slice(interval, self.clock, n_frames=self.n_frames)


def profile_clock(sample_rate_hz: int) -> FrameClock:
    """Return the clock of a profile: frames of 20 ms every 10 ms, to the whole sample.

    Parameters
    ----------
    sample_rate_hz : int
        The film's own.

    Returns
    -------
    FrameClock
        At that rate.
    """
    hop_length = sample_rate_hz // _FRAMES_PER_S
    return FrameClock(
        sample_rate_hz=sample_rate_hz, frame_length=2 * hop_length, hop_length=hop_length
    )


def profile_film(sound: Signal, *, channel_names: tuple[str, ...]) -> Profile:
    """Measure a film's levels, some seconds at a time.

    Parameters
    ----------
    sound : Signal
        The film, at 8000 Hz or more.
    channel_names : tuple of str
        What each channel is: ``mono``, or ``left`` and ``right`` first, then perhaps ``centre``.

    Returns
    -------
    Profile
        The same to the bit however long blocks are.

    Raises
    ------
    ParameterError
        If the channels are neither mono nor left and right.
    """
    if channel_names[:2] not in {("mono",), ("left", "right")}:
        raise ParameterError(
            "channel_names", f"they are {channel_names}", "Give mono, or left and right first"
        )
    clock = profile_clock(sound.rate_hz)
    n_frames = clock.n_frames(sound.n_samples)
    centre = channel_names.index("centre") if "centre" in channel_names else None
    columns: dict[str, _Db] = {
        "bands_db": np.full((n_frames, CENTRES_HZ.size), SILENCE_DB, np.float16)
    }
    if channel_names != ("mono",):
        columns["side_db"] = np.full(n_frames, SILENCE_DB, np.float16)
    if centre is not None:
        columns |= {
            name: np.full(n_frames, SILENCE_DB, np.float16) for name in ("centre_db", "rest_db")
        }

    def measured(block: tuple[slice, slice]) -> tuple[slice, dict[str, NDArray[np.float32]]]:
        samples, frames = block
        return frames, _levels(sound.read(samples.start, samples.stop), clock, centre)

    blocks = clock.blocks(sound.n_samples, frames_per_block=_FRAMES_PER_BLOCK)
    for frames, levels in in_threads(measured, blocks, most=_MOST_AT_ONCE):
        for name, levels_db in levels.items():
            columns[name][frames] = levels_db
    return Profile(clock=clock, **columns)


def _levels(
    y: NDArray[np.float32], clock: FrameClock, centre: int | None
) -> dict[str, NDArray[np.float32]]:
    levels = {"bands_db": _decibels(_in_bands(_power(y[:2].mean(axis=0), clock), clock))}
    if y.shape[0] > 1:
        levels["side_db"] = _voiced_db((y[0] - y[1]) / 2, clock)
    if centre is not None:
        # the working copy's left and right hold the centre at -3 dB
        shared = y[centre] * np.float32(np.sqrt(0.5))
        levels["centre_db"] = _voiced_db(y[centre], clock)
        rest = [_voiced_power(channel - shared, clock) for channel in y[:2]]
        levels["rest_db"] = _decibels(rest[0] + rest[1])
    return levels


def _power(y: NDArray[np.float32], clock: FrameClock) -> NDArray[np.float32]:
    """Power of each bin, so that a full-scale sine has 0 dB in the sum of its bins."""
    window = np.hanning(clock.frame_length + 1)[:-1].astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(y, clock.frame_length)[:: clock.hop_length]
    spectra = scipy.fft.rfft(frames * window, axis=1)
    scale = np.float32(4 / (clock.frame_length * np.square(window).sum()))
    power: NDArray[np.float32] = (spectra.real**2 + spectra.imag**2) * scale
    return power


def _in_bands(power: NDArray[np.float32], clock: FrameClock) -> NDArray[np.float32]:
    bin_hz = clock.sample_rate_hz / clock.frame_length
    edges = np.ceil(EDGES_HZ / bin_hz).astype(int)
    total = np.zeros((power.shape[0], CENTRES_HZ.size), np.float32)
    for band, (first, stop) in enumerate(pairwise(edges)):
        total[:, band] = power[:, first:stop].sum(axis=1)
    return total


def _voiced_power(y: NDArray[np.float32], clock: FrameClock) -> NDArray[np.float32]:
    """Power from 100 Hz to 8 kHz, where voices are."""
    bin_hz = clock.sample_rate_hz / clock.frame_length
    voiced = slice(int(np.ceil(100 / bin_hz)), int(np.ceil(8000 / bin_hz)))
    power: NDArray[np.float32] = _power(y, clock)[:, voiced].sum(axis=1)
    return power


def _voiced_db(y: NDArray[np.float32], clock: FrameClock) -> NDArray[np.float32]:
    return _decibels(_voiced_power(y, clock))


def _decibels(power: NDArray[np.float32]) -> NDArray[np.float32]:
    floor = np.float32(10 ** (SILENCE_DB / 10))
    decibels: NDArray[np.float32] = 10 * np.log10(np.maximum(power, floor))
    return decibels
