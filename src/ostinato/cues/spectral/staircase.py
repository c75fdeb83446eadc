"""Where a copy in another tempo plays, by its waveform in windows along its map.

Such a copy is spliced of pieces of the recording, too short to be found one by one. Along the map
that the spectrum shows, each window of half a second is asked where near the map the waveform fits
best. In a splice it fits as in any recording, a step away from the last; in talk it fits nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ostinato.cues.song_finds import Found
from ostinato.cues.tracks import Reference, Track, nats_near
from ostinato.cues.views import RATE_HZ
from ostinato.results import TimeMap

_WINDOW_S = 0.5
_HOP_S = 0.25
_EDGE_WINDOW_S = 0.1
_EDGE_HOP_S = 0.02
_EDGE_ERROR_S = 0.05  # half such a window
_EDGE_SHARE = _EDGE_WINDOW_S / _WINDOW_S
_FIRM_SHARE = 0.1
_STEP_S = 0.03  # that a splice may be off the map
_MOST_UNHEARD = 3
_BESIDE_S = 3.0  # looked at before and after
_HEARD_NATS = 8.0  # beyond what the best of as many places gives by chance
_MOST_NATS = 30.0  # that one window may speak for
_LEAST_HEARD = 0.6  # of the windows of a copy that is spliced; phase vocoders leave fewer
_LEAST_WINDOWS = 8
_BETTER = 1.2  # cues of their own have a few hundredths more there, from chance
SAME_S = 0.01
"""Of song time: what a piece's own place is good to."""
_SAME_PITCH = 0.006  # what the spectrum leaves uncertain of it


@dataclass(frozen=True, slots=True)
class Windows:
    """Nats beyond chance of windows along a map, and the song time at which each fits best.

    Parameters
    ----------
    start_s, nats, song_s : ndarray of float64, shape (n_windows,)
        Film time at which each begins; song time of its middle.
    length_s : float
        Of each.
    """

    start_s: NDArray[np.float64]
    nats: NDArray[np.float64]
    song_s: NDArray[np.float64]
    length_s: float

    @property
    def heard(self) -> NDArray[np.bool_]:
        """Which windows hold the song."""
        return np.asarray(self.nats >= _HEARD_NATS, np.bool_)

    @property
    def firm_nats(self) -> float:
        """What a window gives that is no chance, beside what the others give."""
        heard = self.nats[self.heard]
        return max(_HEARD_NATS, _FIRM_SHARE * float(np.median(heard))) if heard.size else np.inf

    def part(self, which: "slice | NDArray[np.intp]") -> "Windows":
        """Return some of them."""
        return replace(
            self,
            start_s=self.start_s[which],
            nats=self.nats[which],
            song_s=self.song_s[which],
        )


class Staircase:
    """A film and a song, asked along the map of a copy.

    Parameters
    ----------
    film, song : Track, Reference
        Both are whitened.
    reach_s : float
        Song time that is looked at either side of the map.
    """

    def __init__(self, film: Track, song: Reference, *, reach_s: float) -> None:
        self._film, self._song, self._reach_s = film, song, reach_s

    def placed(self, one: Found, pieces: Sequence[Found]) -> Found:
        """Return a copy with map and edges by its waveform, if it is spliced.

        Parameters
        ----------
        one : Found
            By spectrum.
        pieces : sequence of Found
            By waveform; those in its film tell the speed of its splices.

        Returns
        -------
        Found
            As it was, where the waveform does not go along.
        """
        pitch = _pitch(one, pieces)
        along = self.windows(one, pitch, one.start_s - _BESIDE_S, one.end_s + _BESIDE_S)
        run = _heaviest(np.minimum(along.nats, _MOST_NATS) - _HEARD_NATS)
        inside = along.part(run)
        n_heard = int(np.count_nonzero(inside.heard))
        if n_heard < _LEAST_WINDOWS or n_heard < _LEAST_HEARD * inside.nats.size:
            return one
        # chance gives a window now and then what is little beside that of the copy
        firm = inside.part(np.flatnonzero(inside.nats >= inside.firm_nats))
        first_s, last_s = float(firm.start_s[0]), float(firm.start_s[-1]) + _WINDOW_S
        if min(last_s, one.end_s) - max(first_s, one.start_s) < (one.end_s - one.start_s) / 2:
            return one
        one = replace(one, time_map=_map_of(inside, one.time_map))
        firm_nats = inside.firm_nats * _EDGE_SHARE
        start_s, end_s = (
            self._edge_s(one, pitch, near_s, outwards=outwards, firm_nats=firm_nats)
            for near_s, outwards in ((first_s, -1), (last_s, 1))
        )
        return replace(
            one,
            start_s=start_s,
            end_s=end_s,
            start_error_s=_edge_error_s(firm.nats[:2], one.start_error_s),
            end_error_s=_edge_error_s(firm.nats[-2:], one.end_error_s),
            pitch=pitch,
        )

    def goes_on_beside(self, one: Found, pieces: Sequence[Found]) -> bool:
        """Tell whether the waveform goes along with a copy where no piece of it was found.

        Parameters
        ----------
        one : Found
            By spectrum.
        pieces : sequence of Found
            By waveform, in its film.

        Returns
        -------
        bool
            False also where pieces fill its film.
        """
        along = self.windows(one, _pitch(one, pieces), one.start_s, one.end_s)
        ends_s = along.start_s + along.length_s
        free = np.ones(along.nats.size, np.bool_)
        for piece in pieces:
            free &= (ends_s <= piece.start_s) | (along.start_s >= piece.end_s)
        return bool(free.any() and along.heard[free].mean() >= _LEAST_HEARD)

    def fits_better(self, one: Found, pieces: Sequence[Found]) -> bool:
        """Tell whether the waveform steps along with a copy within what was taken for its pieces.

        Parameters
        ----------
        one : Found
            By spectrum.
        pieces : sequence of Found
            By waveform, in its film. One of them may be several splices, of which the longest told
            where it is.

        Returns
        -------
        bool
            False for cues of their own, which fit best where they are.
        """
        own = along = 0.0
        for piece in pieces:
            film_s = piece.start_s, piece.end_s
            at_its_place = self.windows(piece, piece.pitch, *film_s, reach_s=SAME_S)
            on_the_map = self.windows(one, piece.pitch, *film_s)
            own += float(np.maximum(at_its_place.nats, 0).sum())
            along += float(np.maximum(on_the_map.nats, 0).sum())
        return along > _BETTER * own > 0

    def windows(
        self,
        one: Found,
        speed: float,
        start_s: float,
        end_s: float,
        *,
        length_s: float = _WINDOW_S,
        hop_s: float = _HOP_S,
        reach_s: float | None = None,
    ) -> Windows:
        """Ask windows of film along the map of a find.

        Parameters
        ----------
        one : Found
            Says where in the song to look.
        speed : float
            Of the splices.
        start_s, end_s : float
            Film that is asked.
        length_s, hop_s : float, optional
            Of the windows.
        reach_s : float, optional
            Song time that is looked at either side, if not the usual.

        Returns
        -------
        Windows
            As many as fit in.
        """
        reach = max(1, round((self._reach_s if reach_s is None else reach_s) / speed * RATE_HZ))
        last_s = min(end_s, self._film.n_samples / RATE_HZ) - length_s
        starts_s = np.arange(max(0.0, start_s), max(0.0, last_s) + 1e-9, hop_s)
        nats, song_s = np.zeros(starts_s.size), np.zeros(starts_s.size)
        for k, at_s in enumerate(starts_s.tolist()):
            middle_s = at_s + length_s / 2
            most, offset = nats_near(
                self._film,
                self._song,
                speed=speed,
                start=round(at_s * RATE_HZ),
                stop=round((at_s + length_s) * RATE_HZ),
                offset=round((middle_s - one.time_map.song_s(middle_s) / speed) * RATE_HZ),
                reach=reach,
            )
            nats[k] = most - np.log(2 * reach)
            song_s[k] = (middle_s - offset / RATE_HZ) * speed
        return Windows(starts_s, nats, song_s, length_s)

    def _edge_s(
        self, one: Found, pitch: float, near_s: float, *, outwards: int, firm_nats: float
    ) -> float:
        """Return where the song begins or ends, within the window that is heard at its edge."""
        along = self.windows(
            one,
            pitch,
            near_s - _WINDOW_S,
            near_s + _WINDOW_S,
            length_s=_EDGE_WINDOW_S,
            hop_s=_EDGE_HOP_S,
            reach_s=_STEP_S,
        )
        middle_s = along.start_s + along.length_s / 2
        within = outwards * (middle_s - near_s) < 0
        if not within.any():
            return near_s
        # chance gives one now and then: from the clearest one out, as far as they follow each other
        at = int(np.argmax(np.where(within, along.nats, -np.inf)))
        edge, n_unheard = at, 0
        while 0 <= at < along.nats.size and n_unheard <= _MOST_UNHEARD:
            is_heard = along.nats[at] >= max(_HEARD_NATS, firm_nats)
            edge, n_unheard = (at, 0) if is_heard else (edge, n_unheard + 1)
            at += outwards
        # a window that is half in the song is heard, and none that is less
        return float(middle_s[edge])


def _edge_error_s(outermost_nats: NDArray[np.float64], by_spectrum_s: float) -> float:
    """Return how far an edge may be off, by how clear the windows next to it are.

    Where the song is met so faintly that short windows do not show it, the waveform may be lost
    before the song ends, and the edge is no better than the spectrum's.
    """
    is_clear = float(outermost_nats.max()) * _EDGE_SHARE >= _HEARD_NATS
    return _EDGE_ERROR_S if is_clear else max(_EDGE_ERROR_S, by_spectrum_s)


def _pitch(one: Found, pieces: Sequence[Found]) -> float:
    inside = [p.pitch for p in pieces if p.start_s < one.end_s and one.start_s < p.end_s]
    near = [pitch for pitch in [*inside, 1.0] if abs(pitch / one.pitch - 1) < _SAME_PITCH]
    return float(np.median(near[:-1] or near)) if near else one.pitch


def _heaviest(worth: NDArray[np.float64]) -> slice:
    """Return the run of the highest sum (Kadane)."""
    total = np.concatenate([[0.0], np.cumsum(worth)])
    lowest = np.minimum.accumulate(total)
    last = int(np.argmax(total - lowest))
    first = int(np.argmin(total[: last + 1]))
    return slice(first, last)


def _map_of(inside: Windows, known: TimeMap) -> TimeMap:
    """Return the line through the places of the windows that hold the song."""
    heard = inside.heard
    film_s = inside.start_s[heard] + inside.length_s / 2
    song_s = inside.song_s[heard]
    rough = np.polyfit(film_s, song_s, 1)
    off_s = np.abs(song_s - np.polyval(rough, film_s))
    near = off_s <= max(3 * float(np.median(off_s)), 1e-3)
    speed, intercept = np.polyfit(film_s[near], song_s[near], 1)
    # what a few seconds say of the tempo is no better than what the spectrum does
    if abs(speed / known.speed - 1) > _SAME_PITCH:
        return known
    return TimeMap(float(-intercept / speed), float(speed))
