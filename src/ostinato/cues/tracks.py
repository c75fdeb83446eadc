"""Film and song as correlation sees them: whitened, at a low rate; the film on disk."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from ostinato.cues.tiles import FRAME_LENGTH, HOP_LENGTH, N_BINS, band_powers
from ostinato.cues.views import RATE_HZ, film_views, likeliest, song_views
from ostinato.dsp.correlate import sliding_power
from ostinato.dsp.playback import song_as_played
from ostinato.dsp.spectra import OVERLAP, Whitening, limit_bursts, whiten, whiten_jointly
from ostinato.media import RawFile, Signal, WorkingCopy, read_padded
from ostinato.threads import in_threads

_WINDOW_LENGTH = 256  # 32 ms
_HOPS_PER_S = RATE_HZ * OVERLAP // _WINDOW_LENGTH
FILM_WHITENING = Whitening(
    window_length=_WINDOW_LENGTH,
    smooth_bins=3,  # 94 Hz at 31 Hz a bin: the nearest odd count to 60 Hz that still smooths
    smooth_frames=7,  # 112 ms: follows speech, so that a masker is divided by itself
)
SONG_WHITENING = Whitening(
    window_length=_WINDOW_LENGTH,
    smooth_bins=1,
    smooth_frames=2 * _HOPS_PER_S + 1,  # 2 s
    floor_db=-60.0,  # a fade to nothing must not be raised to full weight
)
LOW_STEP = 4
"""Samples at `RATE_HZ` that are one of the lower band, which is kept beside a track."""
_LOW_GAIN = np.float32(LOW_STEP**0.5)  # white sound has unit variance in a part of its band too
Views = dict[str, NDArray[np.float32]]
"""One-dimensional signals of one length by the names of the views."""
_MOST_KEPT_S = 1500  # of one view of a song at all speeds that are kept: 48 MB
_SAME_COLOUR = 2e-3  # two speeds as near colour a song alike, by less than a bin
_BURST_S = 0.02
_MOST_BURST_POWER = 8.0  # drums stay below it, by nineteen songs; a click at a file's end does not
_REFERENCE_RATE_HZ = 2 * RATE_HZ


@dataclass(frozen=True, slots=True)
class Track:
    """A film's whitened views in a raw file of float32, sample by sample.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    views : tuple of str
        From `ostinato.cues.views.film_views`.
    n_samples : int
        Its length at `RATE_HZ`.
    """

    path: Path
    views: tuple[str, ...]
    n_samples: int

    @property
    def n_frames(self) -> int:
        """Whole frames of `FRAME_LENGTH`, each `HOP_LENGTH` after the one before."""
        return max(0, 1 + (self.n_samples - FRAME_LENGTH) // HOP_LENGTH)

    @property
    def n_low(self) -> int:
        """Samples of the lower band."""
        return -(-self.n_samples // LOW_STEP)

    @property
    def low_path(self) -> Path:
        """File of the lower band."""
        return self.path.with_suffix(".low")

    def read_low(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples [start, stop) of the lower band; silence outside of the film."""
        return read_padded(RawFile(self.low_path, len(self.views), self.n_low), start, stop)

    @property
    def bands(self) -> RawFile:
        """The film's band powers, frame by frame: `N_BINS` of each view."""
        path = self.path.with_suffix(".bands")
        return RawFile(path, len(self.views) * N_BINS, self.n_frames)

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples [start, stop) of every view; silence outside of the film."""
        file = RawFile(self.path, len(self.views), self.n_samples)
        return read_padded(file, start, max(start, stop))


def write_track(path: Path, film: WorkingCopy) -> Track:
    """Resample and whiten a film into a track, a minute at a time, and write its band powers.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    film : WorkingCopy
        The film.

    Returns
    -------
    Track
        The same film time, at `RATE_HZ`.
    """
    views, sound = film_views(film)
    track = Track(path, views, 0)
    with (
        path.open("wb") as file,
        track.low_path.open("wb") as low_file,
        track.bands.path.open("wb") as bands_file,
    ):
        for whitened, low, powers in in_threads(_seen, _pieces(sound)):
            file.write(whitened.data)
            low_file.write(low.data)
            bands_file.write(powers.data)
            track = replace(track, n_samples=track.n_samples + whitened.shape[0])
    return track


@dataclass(frozen=True, slots=True)
class _Piece:
    """A minute of film at `RATE_HZ`, with what lies around it; which samples are its own."""

    y: NDArray[np.float32]
    own: slice


def _pieces(sound: Signal) -> Iterator[_Piece]:
    rate_hz, n_samples, n_views = sound.rate_hz, sound.n_samples, sound.n_channels
    resampler = soxr.ResampleStream(rate_hz, RATE_HZ, n_views, dtype="float32")
    hops = -(-FILM_WHITENING.context_length // FILM_WHITENING.hop_length)
    # each view is whitened by what those before it leave, which depends on their context in turn,
    # and the lower band is filtered out of that
    context = hops * FILM_WHITENING.hop_length * (n_views + 1)
    pending = np.zeros((n_views, 0), np.float32)
    n_before = 0
    step = 60 * rate_hz
    stops = [*range(step, n_samples, step), n_samples]
    # to read costs half as much as to resample: a thread of its own reads ahead
    read = in_threads(lambda stop: sound.read(max(0, stop - 1) // step * step, stop), stops, most=1)
    for stop, y in zip(stops, read, strict=True):
        is_last = stop == n_samples
        fresh = resampler.resample_chunk(y.T, last=is_last)
        pending = np.concatenate([pending, fresh.reshape(-1, n_views).T], axis=1)
        ready = pending.shape[1] - (0 if is_last else context)
        ready -= 0 if is_last else (ready - n_before) % HOP_LENGTH
        if ready <= n_before:
            continue
        yield _Piece(pending, slice(n_before, ready))
        keep_from = max(0, ready - context)
        pending, n_before = pending[:, keep_from:], ready - keep_from


def _seen(
    piece: _Piece,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return a piece's own whitened samples, one by one, those of the lower band, and powers.

    Powers are those of the frames that begin there. Pieces begin on a frame, and context is longer
    than a frame.
    """
    whitened = np.ascontiguousarray(whiten_jointly(piece.y, FILM_WHITENING).T)
    own = piece.own
    low = _lower(whitened)[own.start // LOW_STEP : -(-own.stop // LOW_STEP)]
    last = own.stop + FRAME_LENGTH - HOP_LENGTH
    return whitened[own], low, band_powers(piece.y[:, own.start : last])


def _lower(whitened: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the lower band of whitened samples, at its own rate; of unit variance as well."""
    n_low = -(-len(whitened) // LOW_STEP)
    low = np.zeros((n_low, *whitened.shape[1:]), np.float32)
    if n_low:
        resampled = soxr.resample(whitened, RATE_HZ, RATE_HZ / LOW_STEP)[:n_low]
        np.multiply(resampled, _LOW_GAIN, out=low[: len(resampled)])
    return low


@dataclass(frozen=True, slots=True)
class Reference:
    """A song as it is searched.

    Parameters
    ----------
    views : dict of str to ndarray of float32, shape (n_samples,)
        From `ostinato.cues.views.song_views`.
    sample_rate_hz : int
        Of these.
    """

    views: Views
    sample_rate_hz: int
    _kept: dict[float, Views] = field(default_factory=dict, repr=False, compare=False)
    _low: dict[float, Views] = field(default_factory=dict, repr=False, compare=False)

    def length_at(self, speed: float) -> int:
        """Return how many samples at `RATE_HZ` the song lasts at a speed."""
        return round(next(iter(self.views.values())).size / self.sample_rate_hz / speed * RATE_HZ)

    def at(self, speed: float) -> Views:
        """Return the views as they sound in a film that plays the song at `speed`, whitened.

        Parameters
        ----------
        speed : float
            Seconds of song per second of film.

        Returns
        -------
        dict of str to ndarray of float32, shape (n,)
            At `RATE_HZ` of film time: sample k is heard ``k / RATE_HZ`` after the song's start.
            Those of the last few speeds are kept.
        """
        if speed not in self._kept:
            length = self.length_at(speed)
            while self._kept and (len(self._kept) + 1) * length > _MOST_KEPT_S * RATE_HZ:
                del self._kept[next(iter(self._kept))]
            whitened = in_threads(lambda y: self._whitened(y, speed, length), self.views.values())
            self._kept[speed] = dict(zip(self.views, whitened, strict=True))
        return self._kept[speed]

    def nearly_at(self, speed: float) -> Views:
        """Return about what `at` returns, from what is kept of the nearest speed.

        Parameters
        ----------
        speed : float
            Seconds of song per second of film.

        Returns
        -------
        dict of str to ndarray of float32, shape (n,)
            As white, and as long; nothing more is kept.
        """
        if speed in self._kept or not self._kept:
            return self.at(speed)
        near = min(self._kept, key=lambda kept: abs(kept / speed - 1))
        length = self.length_at(speed)

        return {name: _replayed(y, speed / near, length) for name, y in self._kept[near].items()}

    def low_at(self, speed: float) -> Views:
        """Return the lower band of about what `at` returns, at the rate of a film's lower band.

        Parameters
        ----------
        speed : float
            Seconds of song per second of film.

        Returns
        -------
        dict of str to ndarray of float32, shape (n,)
            As white; that of one speed is kept, by which those of others are made.
        """
        if not self._low:
            known = speed if speed in self._kept or not self._kept else next(iter(self._kept))
            self._low[known] = {name: _lower(y) for name, y in self.at(known).items()}
        ((near, views),) = self._low.items()
        if near == speed:
            return views
        length = -(-self.length_at(speed) // LOW_STEP)
        return {name: _replayed(y, speed / near, length) for name, y in views.items()}

    def part(self, speed: float, start: int, stop: int) -> Views:
        """Return samples [start, stop) of what `at` returns, without whitening the whole song.

        Parameters
        ----------
        speed : float
            Seconds of song per second of film.
        start, stop : int
            Within the song's length at that speed.

        Returns
        -------
        dict of str to ndarray of float32, shape (stop - start,)
            To a tenth of a sample; from what is kept of a speed that is nearly the same, if any.
            Nothing is kept, so that threads may ask for parts at once.
        """
        if speed in self._kept:
            return {name: y[start:stop] for name, y in self._kept[speed].items()}
        near = min(self._kept, key=lambda kept: abs(kept / speed - 1), default=None)
        if near is not None and abs(near / speed - 1) < _SAME_COLOUR:
            whitened = np.stack([*self._kept[near].values()])
            played = song_as_played(
                whitened,
                song_rate_hz=RATE_HZ,
                song_start_s=start / RATE_HZ * (speed / near),
                speed=speed / near,
                n_samples=stop - start,
                rate_hz=RATE_HZ,
            )
            return dict(zip(self._kept[near], played, strict=True))
        first = max(0, start - SONG_WHITENING.context_length)
        last = stop + SONG_WHITENING.context_length
        begin, end = (round(n / RATE_HZ * speed * self.sample_rate_hz) for n in (first, last))
        return {
            name: self._whitened(y[begin:end], speed, last - first)[start - first : stop - first]
            for name, y in self.views.items()
        }

    def _whitened(self, y: NDArray[np.float32], speed: float, length: int) -> NDArray[np.float32]:
        played = np.ascontiguousarray(y)  # it may be turned backwards
        resampled = soxr.resample(played, self.sample_rate_hz * speed, RATE_HZ)[:length]
        whitened = whiten(resampled.astype(np.float32, copy=False), SONG_WHITENING)
        limited = limit_bursts(
            whitened, burst_length=round(_BURST_S * RATE_HZ), max_power=_MOST_BURST_POWER
        )
        return np.pad(limited, (0, length - limited.size))


def _replayed(y: NDArray[np.float32], speed: float, length: int) -> NDArray[np.float32]:
    """Return what is whitened already at another speed, nearly."""
    resampled = soxr.resample(y, RATE_HZ * speed, RATE_HZ, quality="MQ")[:length]
    return np.pad(resampled, (0, length - resampled.size))


def reference_of(song: WorkingCopy) -> Reference:
    """Return a song as it is searched.

    Parameters
    ----------
    song : WorkingCopy
        Minutes, not hours.

    Returns
    -------
    Reference
        At twice the rate of correlation, or its own if that is lower: all that any speed needs.
    """
    views, rate_hz = song_views(song), song.rate_hz
    if rate_hz <= _REFERENCE_RATE_HZ:
        return Reference(views, rate_hz)
    lower = {name: soxr.resample(y, rate_hz, _REFERENCE_RATE_HZ) for name, y in views.items()}
    return Reference(lower, _REFERENCE_RATE_HZ)


def whitened_reference(views: Views, *, speed: float) -> Reference:
    """Return a reference of what is whitened already, such as a piece of a film's track.

    Parameters
    ----------
    views : dict of str to ndarray of float32, shape (n_samples,)
        At `RATE_HZ`.
    speed : float
        At which they are to be used as they are.

    Returns
    -------
    Reference
        At other speeds it is resampled and whitened again.
    """
    return Reference(views, RATE_HZ, {speed: views})


def nats_near(
    film: Track,
    reference: Reference,
    *,
    speed: float,
    start: int,
    stop: int,
    offset: int,
    reach: int,
) -> tuple[float, int]:
    """Correlate a stretch of film with the song around a place of it.

    Parameters
    ----------
    film, reference : Track, Reference
        Both are whitened.
    speed : float
        At which the song plays.
    start, stop : int
        Film samples at `RATE_HZ`.
    offset : int
        Film sample on which the song's first sample is to fall.
    reach : int
        Samples that are looked at either side of it.

    Returns
    -------
    nats : float
        At the best offset; 0 where the song does not reach over all of the stretch.
    offset : int
        The best one.
    """
    begin = max(0, start - offset - reach)
    end = min(reference.length_at(speed), stop - offset + reach)
    if end - begin < stop - start:
        return 0.0, offset
    heard = likeliest(film.views, reference.part(speed, begin, end))
    x = film.read(start, stop)
    power = np.sum([sliding_power(a, b) for a, b in zip(x, heard, strict=True)], axis=0)
    lag = int(power.argmax())
    return float(power[lag]) / 2, start - begin - lag
