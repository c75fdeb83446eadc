"""The picture of a cue before and after its song was taken out, made while its stem is at hand."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ostinato.media import Signal, WorkingCopy, front
from ostinato.pipeline.excerpts import busiest
from ostinato.pipeline.memo import Arrays, Codec, Memo, keep, recall
from ostinato.pipeline.separation import Piece, Separated
from ostinato.results import CuePicture, SpeechSegment
from ostinato.timeline import Interval, Timeline

_LONGEST_S = 40.0  # a syllable is then two points wide on a page
_FRAME_S = 0.043  # a harmonic of a voice is told from the next
_N_BANDS, _MOST_FRAMES = 112, 560  # 125 kB for both
_LOW_HZ, _HIGH_HZ = 70.0, 12000.0
_NYQUIST_SHARE = 0.98
_DEPTH_DB = 60.0
_SILENCE = 1e-14


def picture_of(
    film: WorkingCopy, separated: Separated, speech: Sequence[SpeechSegment], *, memo: Memo
) -> CuePicture | None:
    """Return a picture of a cue that was cancelled, None if none was.

    It is of the cue under which people talk longest, the longest where nobody does, and of the
    seconds in which the softer of song and remainder is loudest.
    """
    piece = _with_most_talk(separated, speech)
    if piece is None:
        return None
    stretch = busiest(piece.song_levels, duration_s=_LONGEST_S)
    if stretch is None:
        return None
    first, stop = (
        min(film.n_samples, round(time_s * film.rate_hz))
        for time_s in (stretch.start_s, min(stretch.end_s, piece.occurrence.film_end_s))
    )
    if stop - first < _frame_length(film.rate_hz):
        return None
    entry = memo.entry("picture", keys=separated.keys_in(first, stop), first=first, stop=stop)
    levels = recall(entry, _CODEC)
    if levels is None:
        levels = _levels(front(film), separated, film, first, stop)
        keep(entry, _CODEC, levels)
    ends = Interval(first / film.rate_hz, stop / film.rate_hz)
    return _picture(piece, ends, film.rate_hz, levels)


def _with_most_talk(separated: Separated, speech: Sequence[SpeechSegment]) -> Piece | None:
    talk = Timeline.of(one.interval for one in speech)
    cancelled = [
        one
        for one in separated.pieces
        if one.grade == "cancelled" and any(row.film_lufs is not None for row in one.song_levels)
    ]

    def rank(one: Piece) -> tuple[float, float, float]:
        film = one.occurrence.film
        shared_s = (talk & Timeline.of([film])).duration_s
        return min(shared_s, _LONGEST_S), film.duration_s, -film.start_s

    return max(cancelled, key=rank, default=None)


def _picture(
    piece: Piece, ends: Interval, rate_hz: int, levels: tuple[NDArray[np.float32], ...]
) -> CuePicture:
    loudest_db = float(max(one.max() for one in levels))
    film, remainder = (
        np.clip(np.round(255 * (1 + (one - loudest_db) / _DEPTH_DB)), 0, 255).astype(np.uint8)
        for one in levels
    )
    return CuePicture(
        occurrence_id=piece.id,
        start_s=ends.start_s,
        end_s=ends.end_s,
        low_hz=_LOW_HZ,
        high_hz=_high_hz(rate_hz),
        n_bands=film.shape[0],
        n_frames=film.shape[1],
        loudest_db=round(loudest_db, 2),
        depth_db=_DEPTH_DB,
        film=film.tobytes(),
        remainder=remainder.tobytes(),
    )


def _levels(
    mix: Signal, separated: Separated, film: WorkingCopy, first: int, stop: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    rest = separated.without_songs(film)
    before, after = (_bands_db(one.read(first, stop), mix.rate_hz) for one in (mix, rest))
    return before, after


def _bands_db(y: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """Return the level of each band in each frame, shape (n_bands, n_frames), in dB."""
    length = _frame_length(rate_hz)
    mono = y.mean(axis=0)
    hop = length // 2
    n_frames = 1 + (mono.size - length) // hop
    window = np.hanning(length).astype(np.float32)
    edges_hz = np.geomspace(_LOW_HZ, _high_hz(rate_hz), _N_BANDS + 1)
    edges = edges_hz * length / rate_hz
    power = np.empty((n_frames, _N_BANDS))
    for frame in range(n_frames):
        cut = mono[frame * hop : frame * hop + length]
        spectrum = np.abs(np.fft.rfft(cut * window)) ** 2 / window.sum() ** 2
        # what lies between two edges, which may be nearer than two bins
        sums = np.interp(edges, np.arange(spectrum.size + 1) - 0.5, np.append(0, spectrum.cumsum()))
        power[frame] = np.diff(sums) / np.diff(edges)
    n_columns = min(_MOST_FRAMES, n_frames)
    starts = np.linspace(0, n_frames, n_columns, endpoint=False).astype(int)
    counts = np.diff(np.append(starts, n_frames))
    means = np.add.reduceat(power, starts, axis=0) / counts[:, None]
    return (10 * np.log10(means.T + _SILENCE)).astype(np.float32)


def _frame_length(rate_hz: int) -> int:
    return 2 * round(_FRAME_S * rate_hz / 2)


def _high_hz(rate_hz: int) -> float:
    return min(_HIGH_HZ, _NYQUIST_SHARE * rate_hz / 2)


def _arrays_of(levels: tuple[NDArray[np.float32], ...]) -> Arrays:
    return dict(zip(("film", "remainder"), levels, strict=True))


_CODEC: Codec[tuple[NDArray[np.float32], ...]] = Codec(
    _arrays_of, lambda arrays: (arrays["film"], arrays["remainder"])
)
