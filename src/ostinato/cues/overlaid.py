"""How much of one song is left in a film once another song is taken out of it.

Two tracks made of one set of samples share a drum here and a chord there, each at its own tempo.
Where the one plays, the other is met for the length of a bar. Over the whole of it the recordings
are unlike; but all that is met of the one is in what is heard of the other.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from ostinato.cues.path import TraceParameters
from ostinato.cues.playback_chain import heard_through, playback_response
from ostinato.cues.tracks import FILM_WHITENING, SONG_WHITENING
from ostinato.cues.views import RATE_HZ, Aligned
from ostinato.dsp.short_time import frame_spectra, hann, squared
from ostinato.dsp.spectra import whiten
from ostinato.media import WorkingCopy
from ostinato.results import Occurrence
from ostinato.timeline import Interval

_N_FFT = 512  # 64 ms
_LOWEST_BIN = 4  # 62 Hz
_AROUND = (3, 7)  # frames and bins: what a cell of the film is weighed against
_GAIN_AROUND = (31, 5)  # a second and 80 Hz, over which the playback's gain holds
_LEAST_S = 0.5
_LONGEST_S = 30.0
Sound = NDArray[np.float32]


class Overlaid:
    """Songs of a film, of which one may be met in what is heard of another.

    Parameters
    ----------
    film : WorkingCopy
        The film.
    recordings : mapping of str to WorkingCopy
        The reference of each song, by its identifier.
    trace : TraceParameters
        How the response of the playback chain is read off.
    """

    def __init__(
        self, film: WorkingCopy, recordings: Mapping[str, WorkingCopy], *, trace: TraceParameters
    ) -> None:
        self._film, self._recordings, self._trace = film, recordings, trace
        self._aligned: dict[str, Aligned] = {}

    def share_left(self, one: Occurrence, other: Occurrence) -> float | None:
        """Return the share of a song's gain in its film that another song does not explain.

        Parameters
        ----------
        one, other : Occurrence
            Of two songs.

        Returns
        -------
        float or None
            See `share_left`; None also where they have hardly any film in common.
        """
        film = Interval(one.film_start_s, min(one.film_end_s, one.film_start_s + _LONGEST_S))
        common = film.intersection(other.film)
        if common is None or common.duration_s < _LEAST_S:
            return None
        film_y, song_y = self._in_film(one, film)
        _, other_y = self._in_film(other, film)
        first, last = (
            round((at_s - film.start_s) * RATE_HZ) for at_s in (common.start_s, common.end_s)
        )
        played = other_y[first:last], as_heard(film_y[first:last], other_y[first:last], self._trace)
        beside = first, max(0, film_y.size - last)
        return share_left(
            film_y,
            as_heard(film_y, song_y, self._trace),
            others=[np.pad(y, beside)[: film_y.size] for y in played],
        )

    def _in_film(self, one: Occurrence, film: Interval) -> tuple[Sound, Sound]:
        if one.song_id not in self._aligned:
            self._aligned[one.song_id] = Aligned(self._film, self._recordings[one.song_id])
        return next(self._aligned[one.song_id](film, one.time_map))


def share_left(film_y: Sound, song_y: Sound, *, others: Sequence[Sound]) -> float | None:
    """Return the share of a song's gain in a film that another song does not explain.

    Parameters
    ----------
    film_y, song_y : ndarray of float32, shape (n_samples,)
        Aligned, at `RATE_HZ`.
    others : sequence of ndarray of float32, shape (n_samples,)
        Accounts of the other song, silent where it does not play: as recorded, and as heard, say.
        The one that explains most of the film counts.

    Returns
    -------
    float or None
        About 1 where both play at once, about 0 where the song is met in the other alone; None
        where nothing is met of it.

    References
    ----------
    .. [1] J. Bendat and A. Piersol, *Random Data*, 4th ed., 2010, ch. 7 (conditioned spectra).
    """
    film, song = _spectra(film_y), _spectra(song_y)
    around = uniform_filter(squared(film), _AROUND, mode="nearest")
    least = 1e-9 * float(around.max(initial=1e-20))
    weight = np.asarray(1 / np.maximum(around, least), np.float32)

    def without(other: NDArray[np.complex64]) -> NDArray[np.complex64]:
        rest: NDArray[np.complex64] = film - _gain(film, other, weight) * other
        return rest

    rest = min(
        (without(_spectra(y)) for y in others),
        key=lambda one: float(np.sum(squared(one) * weight)),
        default=film,
    )
    met, left = (float(np.sum((y * song.conj()).real * weight)) for y in (film, rest))
    return left / met if met > 0 else None


def as_heard(film_y: Sound, song_y: Sound, trace: TraceParameters) -> Sound:
    """Return a song through the response that the whitened film shows of the chain.

    Parameters
    ----------
    film_y, song_y : ndarray of float32, shape (n_samples,)
        Aligned, at `RATE_HZ`.
    trace : TraceParameters
        How the response of the playback chain is read off.

    Returns
    -------
    ndarray of float32, shape (n_samples,)
        As the film has it, but for its level.
    """
    whitened = {"mid": whiten(song_y, SONG_WHITENING)}
    response = playback_response(
        whiten(film_y, FILM_WHITENING)[np.newaxis],
        whitened,
        ((0, "mid"),),
        reach_s=trace.response_s,
        parameters=trace,
    )
    (heard,) = heard_through(response, {"mid": song_y})
    return np.asarray(heard, np.float32)


def _spectra(y: Sound) -> NDArray[np.complex64]:
    return frame_spectra(y, window=hann(_N_FFT), hop_length=_N_FFT // 2)[:, _LOWEST_BIN:]


def _gain(
    film: NDArray[np.complex64], other: NDArray[np.complex64], weight: NDArray[np.float32]
) -> NDArray[np.complex64]:
    """Return the gain at which a song is played, which moves with faders and from band to band."""
    cross = film * other.conj() * weight
    power = uniform_filter(squared(other) * weight, _GAIN_AROUND, mode="nearest")
    smooth = [
        uniform_filter(part, _GAIN_AROUND, mode="nearest") for part in (cross.real, cross.imag)
    ]
    least = max(1e-6 * float(power.max(initial=0.0)), 1e-30)
    return np.asarray((smooth[0] + 1j * smooth[1]) / np.maximum(power, least), np.complex64)
