"""What chance gives at one place of the film: the same search for a song that cannot be there.

Tones meet tones of the same scale, drums meet drums, and a response of the playback chain that is
fitted to what is heard makes the most of either. How much that comes to depends on the film and the
song, so it is measured where it matters: the song, turned backwards, has the same tones and the
same lengths of notes, and is not in the film. Its best places along a stretch are traced exactly as
the song is, and an extreme-value distribution is laid through what they give.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.tracks import Reference, Track
from ostinato.cues.views import RATE_HZ, likeliest
from ostinato.dsp.correlate import Whole, sliding_power, whole


@dataclass(frozen=True, slots=True)
class Null:
    """Gumbel distribution of the evidence that chance gives at one place of the film, in nats.

    Parameters
    ----------
    location, scale : float
        Of the best of all song positions.
    n_places : float
        Such places in what was searched.
    n_positions : float
        Song positions that each place was held against.
    """

    location: float
    scale: float
    n_places: float
    n_positions: float = 1.0

    def p_value(self, evidence: float) -> float:
        """Return the probability that chance gives as much anywhere in the film.

        At least 1e-13: no film is long enough to tell a tail beyond that.

        References
        ----------
        .. [1] S. Coles, *An Introduction to Statistical Modeling of Extreme Values*, 2001, ch. 3.
        """
        return self._p_value(evidence, self.n_places)

    def p_in_place(self, evidence: float, *, n_places: float) -> float:
        """Return the probability that chance gives as much where the song must go on.

        A map that stands leaves the song one position at each place of the film, and no more than
        `n_places` of them.
        """
        return self._p_value(evidence, n_places / self.n_positions)

    def _p_value(self, evidence: float, n_tries: float) -> float:
        exponent = (evidence - self.location) / self.scale - math.log(n_tries)
        return -math.expm1(-math.exp(-min(max(exponent, -_FURTHEST), _FURTHEST)))


_FURTHEST = 29.9

NOTHING_KNOWN = Null(location=math.inf, scale=1.0, n_places=1.0)
"""Of a line that did not get as far as to be compared: no evidence is beyond chance."""


class Decoy:
    """A song turned backwards, and what is asked of all of it again and again.

    Parameters
    ----------
    reference : Reference
        The song.
    """

    def __init__(self, reference: Reference) -> None:
        self.reference = backwards(reference)
        self._kept: dict[float, tuple[Whole, ...]] = {}
        self._nulls: list[tuple[float, tuple[int, int], Null]] = []
        self._lock = Lock()

    def known_null(self, stretch: tuple[int, int], speed: float, *, evidence: float) -> Null | None:
        """Return what chance gives at a stretch of film if it was asked there, or near enough.

        Many lines of a song that repeats itself lie in the same film, and chance gives them alike.
        Evidence that is far beyond chance need not be compared with it at the very place.

        Parameters
        ----------
        stretch : tuple of int
            Film samples at `RATE_HZ`, start and stop.
        speed : float
            At which the song is looked for.
        evidence : float
            Nats of what is to be compared.

        Returns
        -------
        Null or None
            None if it was not.
        """
        near: list[tuple[int, int, Null]] = []
        for known_speed, known, null in [*self._nulls]:
            if known_speed != speed:
                continue
            if max(abs(a - b) for a, b in zip(known, stretch, strict=True)) <= _SAME_STRETCH:
                return null
            apart = max(known[0] - stretch[1], stretch[0] - known[1])
            if apart <= _REGION and evidence >= _PLAIN * max(null.location, _LEAST_LOCATION):
                near.append((apart, known[1] - known[0], null))
        if not near:
            return None
        _, length, null = min(near, key=lambda one: one[:2])
        n_places = null.n_places * length / max(1, stretch[1] - stretch[0])
        return replace(null, n_places=max(1.0, n_places))

    def keep_null(self, stretch: tuple[int, int], speed: float, null: Null) -> None:
        """Keep what chance gives at a stretch of film."""
        self._nulls.append((speed, stretch, null))

    def heard_in(self, views: tuple[str, ...], speed: float) -> tuple[Whole, ...]:
        """Return for each view of a film what is likeliest heard in it, at a speed.

        Parameters
        ----------
        views : tuple of str
            Of the film.
        speed : float
            Of the song.

        Returns
        -------
        tuple of Whole
            That of the last speed is kept.
        """
        with self._lock:
            if speed not in self._kept:
                self._kept.clear()
                self._kept[speed] = tuple(
                    whole(y, longest=round(_LONGEST_S * RATE_HZ))
                    for y in likeliest(views, self.reference.at(speed))
                )
            return self._kept[speed]


def backwards(reference: Reference) -> Reference:
    """Return the song turned backwards."""
    return Reference(
        {name: y[::-1] for name, y in reference.views.items()},
        reference.sample_rate_hz,
    )


def null_at(
    film: Track,
    decoy: Decoy,
    stretch: tuple[int, int],
    *,
    speed: float,
    n_tries: float,
    evidence_at: Callable[[int], float],
) -> Null:
    """Fit the null at one stretch of film.

    Parameters
    ----------
    film : Track
        The whitened film.
    decoy : Decoy
        The song backwards.
    stretch : tuple of int
        Film samples at `RATE_HZ`, start and stop.
    speed : float
        At which the song is looked for.
    n_tries : float
        How often all places were searched: once for each speed, say.
    evidence_at : callable
        Traces the decoy from a film sample for its first one on; returns its nats in the stretch.

    Returns
    -------
    Null
        Its scale is that of the correlation's tail as tracing sees it, at least that of noise, 1.
    """
    start, stop = stretch
    middle, half = (start + stop) // 2, min(stop - start, round(_LONGEST_S * RATE_HZ)) // 2
    x = film.read(middle - half, middle + half)
    heard = decoy.heard_in(film.views, speed)
    power = np.sum([sliding_power(a, b) for a, b in zip(x, heard, strict=True)], axis=0) / 2
    return fitted_null(
        power,
        pool=round(_POOL_S * RATE_HZ),
        n_places=n_tries * film.n_samples / max(1, stop - start),
        evidence_at=lambda position: evidence_at(middle - half - position),
    )


def fitted_null(
    power: NDArray[np.float64],
    *,
    pool: int,
    n_places: float,
    evidence_at: Callable[[int], float],
) -> Null:
    """Lay an extreme-value distribution through what the best places of a decoy give.

    Parameters
    ----------
    power : ndarray of float64, shape (n_positions,)
        What correlation gives at each place, in nats.
    pool : int
        Positions nearer than this are one place.
    n_places : float
        Such searches in what was searched.
    evidence_at : callable
        Traces the decoy at a position; returns its nats.

    Returns
    -------
    Null
        Its scale is that of the correlation's tail as tracing sees it, at least that of noise, 1.
    """
    best, excess = _tail(power, pool)
    nats = max(evidence_at(int(position)) for position in best)
    # tracing gives less than correlation does where tones meet, and more where it fits a response
    scale = excess * nats / max(1.0, float(power[best].max()))
    return Null(nats, max(1.0, scale), max(1.0, n_places), max(1.0, power.size / pool))


_SAME_STRETCH = RATE_HZ // 4  # samples
_REGION = 120 * RATE_HZ  # samples: a scene or two, of one kind of sound
_PLAIN = 20.0  # times what chance gives: hundreds of nats, where a tail of tens decides
_LEAST_LOCATION = 15.0  # nats: some places give chance next to nothing
_LONGEST_S = 8.0
_N_DECOYS = 4
_POOL_S = 0.1
_TAIL_SHARE = 0.02


def _tail(power: NDArray[np.float64], pool: int) -> tuple[NDArray[np.int64], float]:
    """Return the best positions, and the mean excess of the pools' maxima over a high one."""
    whole = np.pad(power, (0, -power.size % pool)).reshape(-1, pool)
    highest = whole.max(axis=1)
    order = np.argsort(-highest)
    best = order[:_N_DECOYS] * pool + whole[order[:_N_DECOYS]].argmax(axis=1)
    tail = np.sort(highest)[::-1][: max(_LEAST_TAIL, int(_TAIL_SHARE * highest.size))]
    return best, float(np.mean(tail - tail[-1]))


_LEAST_TAIL = 20
