"""Stretches of film that look like the song at another tempo or pitch, the strongest first."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from ostinato.cues.lines import Line
from ostinato.cues.null import Null, backwards, fitted_null
from ostinato.cues.path import Stretch, follow
from ostinato.cues.peaks import Progress
from ostinato.cues.song_finds import Found
from ostinato.cues.spectral.alike_lines import alike_lines
from ostinato.cues.spectral.settle import (
    Pitches,
    is_altered,
    is_piece,
    nats_along,
    on_known_map,
    with_altered,
)
from ostinato.cues.spectral.sheets import (
    FRAME_RATE_HZ,
    Read,
    Sheet,
    SongSheet,
    SpectralParameters,
    Variant,
)
from ostinato.cues.spectral.staircase import SAME_S, Staircase
from ostinato.cues.tiles import HOP_LENGTH
from ostinato.cues.tracks import Reference, Track
from ostinato.results import TimeMap
from ostinato.threads import in_threads


class Alike:
    """What looks like a song in a film, at any tempo and pitch nearby.

    Parameters
    ----------
    film : Track
        With its band powers beside it.
    song : Reference
        The song.
    parameters : SpectralParameters
        How.
    on_progress : callable, optional
        Told the fraction done.
    """

    def __init__(
        self,
        film: Track,
        song: Reference,
        *,
        parameters: SpectralParameters,
        on_progress: Progress | None = None,
    ) -> None:
        self._film, self._reference, self._parameters = film, song, parameters
        self._sheet = Sheet(film)
        self._kept: dict[tuple[tuple[float, float], ...], tuple[Found, ...]] = {}
        self._song = SongSheet(song, film.views, pitch_ratio=parameters.pitch_ratio)
        # few songs that are absent look so much like the film that chance is asked
        self._backwards: SongSheet | None = None
        self._lock = Lock()
        self._lines = alike_lines(
            self._sheet, self._song, parameters=parameters, on_progress=on_progress
        )

    def as_played(self, found: Sequence[Found]) -> tuple[Found, ...]:
        """Grade copies moved in pitch, of which the waveform shows no more than attacks.

        Parameters
        ----------
        found : sequence of Found
            By waveform.

        Returns
        -------
        tuple of Found
            The same; such a copy's `likeness` is *spectrum*, and its pitch that of the partials.
        """
        pitches = Pitches(self._sheet, self._song, self._parameters)
        return tuple(in_threads(pitches.as_played, found))

    def whole(self, found: Sequence[Found]) -> tuple[Found, ...]:
        """Return what looks like the song where the waveform has no more than pieces.

        Parameters
        ----------
        found : sequence of Found
            By waveform.

        Returns
        -------
        tuple of Found
            By spectrum, as claimed; pieces may lie in their film.
        """
        exact = [one for one in found if not is_piece(one, parameters=self._parameters)]
        return self._besides(exact)

    def beside(self, found: Sequence[Found]) -> tuple[Found, ...]:
        """Put what looks like the song beside what is known by its waveform.

        Parameters
        ----------
        found : sequence of Found
            By waveform.

        Returns
        -------
        tuple of Found
            All of them, in order of film time, no two in the same film.
        """
        parameters = self._parameters
        # first altered copies, which may be spliced of what was found; then what lies beside that
        exact = [one for one in found if not is_piece(one, parameters=parameters)]
        alike = self._besides(exact)
        altered = [one for one in alike if is_altered(one, parameters=parameters)]
        staircase = Staircase(self._film, self._reference, reach_s=parameters.max_map_error_s)
        witness = _Again(staircase, exact, self._claims, parameters)
        known = with_altered(found, altered, witness=witness, parameters=parameters)
        if known != tuple(exact):
            alike = self._besides(known)
        rest = (on_known_map(one, known, parameters=parameters) for one in alike)
        return tuple(sorted([*known, *rest], key=lambda one: one.start_s))

    def _besides(self, taken: Sequence[Found]) -> tuple[Found, ...]:
        """Return what is alike in the film that is left; the same film is not asked twice."""
        film = tuple((one.start_s, one.end_s) for one in taken)
        if film not in self._kept:
            self._kept[film] = tuple(self._claims(taken).made(self._lines))
        return self._kept[film]

    def _decoy(self) -> SongSheet:
        with self._lock:
            if self._backwards is None:
                self._backwards = SongSheet(
                    backwards(self._reference),
                    self._film.views,
                    pitch_ratio=self._parameters.pitch_ratio,
                )
            return self._backwards

    def _claims(self, taken: Sequence[Found]) -> "_Claims":
        made = _Claims(self._sheet, self._song, self._decoy, self._parameters)
        for one in taken:
            made.take(round(one.start_s * FRAME_RATE_HZ), round(one.end_s * FRAME_RATE_HZ))
        return made


@dataclass(frozen=True, slots=True)
class _Again:
    """Asks the film once more, where two finds speak of it."""

    staircase: Staircase
    exact: Sequence[Found]
    claims: "Callable[[Sequence[Found]], _Claims]"
    parameters: SpectralParameters

    def left(self, one: Found, without: Sequence[Found]) -> Found | None:
        """Return what a find by spectrum is without some film; None if that stands no more."""
        return self.claims([*self.exact, *without]).again(one)

    def is_as_near(self, piece: Found, one: Found) -> bool:
        """Tell whether the waveform fits a piece as well where a copy says that the song is."""
        along = self.staircase.windows(one, piece.pitch, piece.start_s, piece.end_s)
        own = self.staircase.windows(piece, piece.pitch, piece.start_s, piece.end_s, reach_s=SAME_S)
        there = float(np.maximum(along.nats, 0).sum())
        return there >= self.parameters.least_as_near * float(np.maximum(own.nats, 0).sum())

    def placed(self, one: Found, pieces: Sequence[Found]) -> Found:
        """Return a copy with map and edges by its waveform, if it is spliced."""
        return self.staircase.placed(one, pieces)

    def goes_on_beside(self, one: Found, pieces: Sequence[Found]) -> bool:
        """Tell whether the waveform goes along with a copy where no piece of it was found."""
        return self.staircase.goes_on_beside(one, pieces)

    def fits_better(self, one: Found, pieces: Sequence[Found]) -> bool:
        """Tell whether the waveform steps along with a copy within its pieces."""
        return self.staircase.fits_better(one, pieces)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How the film plays the song, and the frame of film on which the song's first would fall."""

    tempo: float
    pitch_step: int
    offset: float
    likeness: float = 0.0


_Start = tuple[tuple[int, int], _Fit]
"""A line's own frames of film, and how it says that the film plays the song."""
_Followed = tuple[tuple[int, int], Found]


class _Claims:
    """Who gets which film."""

    def __init__(
        self,
        sheet: Sheet,
        song: SongSheet,
        decoy: Callable[[], SongSheet],
        parameters: SpectralParameters,
    ) -> None:
        self._sheet, self._song, self._decoy = sheet, song, decoy
        self._parameters = parameters
        self._claimed = np.zeros(sheet.n_frames + 1, np.bool_)
        self._made: list[tuple[int, int]] = []
        self._n_tries = len(parameters.variants())

    def take(self, start: int, stop: int) -> None:
        """Keep frames of film out of what follows."""
        self._claimed[max(0, start) : max(0, stop)] = True

    def made(self, lines: Sequence[tuple[Line, Variant]]) -> Iterator[Found]:
        """Follow lines and claim their film, until too many are followed in vain."""
        n_in_vain = 0
        for one, n_claims, early in in_threads(self._ahead, self._free(lines)):
            if self._is_taken(one):  # since it was followed
                continue
            found = early
            if self._is_claimed_since(n_claims, one[0]):
                found = self._followed(*one)
            if found is not None:
                own, find = found
                self.take(*own)
                self._made.append(own)
                yield find
            n_in_vain += found is None
            if n_in_vain == self._parameters.most_lines:
                return

    def _free(self, lines: Sequence[tuple[Line, Variant]]) -> Iterator[_Start]:
        """Yield lines most of whose film is free."""
        for line, variant in lines:
            own = line.start // HOP_LENGTH, min(line.stop // HOP_LENGTH, self._sheet.n_frames)
            one = own, _Fit(*variant, line.offset / HOP_LENGTH)
            if not self._is_taken(one):
                yield one

    def _ahead(self, one: _Start) -> tuple[_Start, int, _Followed | None]:
        """Follow a line while those before it may still claim film."""
        n_claims = len(self._made)
        return one, n_claims, self._followed(*one)

    def _is_taken(self, one: _Start) -> bool:
        (start, stop), _ = one
        return bool(self._claimed[start:stop].mean() > _MOST_TAKEN)

    def _is_claimed_since(self, n_claims: int, own: tuple[int, int]) -> bool:
        """Tell whether film that following a line reads was claimed after so many claims."""
        return any(
            own[0] - _FAR_FRAMES < stop and start < own[1] + _FAR_FRAMES
            for start, stop in self._made[n_claims:]
        )

    def again(self, one: Found) -> Found | None:
        """Follow a find once more in the film that is left, by the map that it has."""
        pitch_step = round(math.log(one.pitch) / math.log(self._parameters.pitch_ratio))
        fit = _Fit(one.time_map.speed, pitch_step, one.time_map.offset_s * FRAME_RATE_HZ)
        own = round(one.start_s * FRAME_RATE_HZ), round(one.end_s * FRAME_RATE_HZ)
        best = self._best(self._song.read, own, fit)
        if best is None or best.evidence < self._parameters.min_evidence:
            return None
        own = best.start, best.stop
        if own[1] - own[0] < self._parameters.trace.min_duration_s * FRAME_RATE_HZ:
            return None
        p_value = self._null(own, fit).p_value(best.evidence)
        return self._found(best, fit, p_value) if p_value <= self._parameters.max_p_value else None

    def _followed(self, own: tuple[int, int], fit: _Fit) -> _Followed | None:
        """Return a find, and its frames of film; None if the line does not stand."""
        needed = self._parameters.min_evidence
        best = self._best(self._song.read_nearly, own, fit)
        if best is None or best.evidence < _HOPEFUL_SHARE * needed:
            return None
        # the second time by all of the film that the first has found
        for _ in range(2):
            fit = self._fitted(own, fit)
            best = self._best(self._song.read, own, fit)
            if best is None or best.evidence < needed:
                return None
            own = best.start, best.stop
        if own[1] - own[0] < self._parameters.trace.min_duration_s * FRAME_RATE_HZ:
            return None
        p_value = self._null(own, fit).p_value(best.evidence)
        if p_value > self._parameters.max_p_value:
            return None
        return own, self._found(best, fit, p_value)

    def _fitted(self, own: tuple[int, int], fit: _Fit) -> _Fit:
        """Refine tempo, pitch and offset to where film and song look most alike."""
        x = self._sheet.read(*own)
        for tempo_step, pitch_step in _REFINEMENTS:
            moves = [
                (fit.tempo * (1 + i * tempo_step), fit.pitch_step + j)
                for i in (-2, -1, 0, 1, 2)
                for j in (-pitch_step, 0, pitch_step)
            ]
            moved = in_threads(partial(self._moved, x, own, fit), moves)
            fit = max(moved, key=lambda one: one.likeness)
        return fit

    def _moved(
        self,
        x: NDArray[np.float32],
        own: tuple[int, int],
        fit: _Fit,
        move: tuple[float, int],
    ) -> _Fit:
        """Return the best offset for a tempo and pitch, near that which keeps what plays midway."""
        tempo, pitch_step = move
        middle = (own[0] + own[1]) / 2
        offset = middle - (middle - fit.offset) * fit.tempo / tempo
        n_frames = x.shape[1]
        y = self._song.read(
            tempo=tempo,
            pitch_step=pitch_step,
            start=own[0] - offset - _REACH_FRAMES,
            n_frames=n_frames + 2 * _REACH_FRAMES,
        )
        each = [y[:, k : k + n_frames] for k in range(2 * _REACH_FRAMES + 1)]
        likeness = [float(np.vdot(x, one)) / max(float(np.linalg.norm(one)), 1e-9) for one in each]
        best = int(np.argmax(likeness))
        return _Fit(tempo, pitch_step, offset + _REACH_FRAMES - best, likeness[best])

    def _best(self, read: Read, own: tuple[int, int], fit: _Fit) -> Stretch | None:
        """Return the stretch of most evidence that meets a line's own film."""
        first = max(0, own[0] - _MARGIN_FRAMES)
        last = min(self._sheet.n_frames, own[1] + _MARGIN_FRAMES)
        x = self._sheet.read(first, last)
        y = read(
            tempo=fit.tempo,
            pitch_step=fit.pitch_step,
            start=first - fit.offset,
            n_frames=last - first,
        )
        stretches = follow(
            x / np.float32(max(float(x.std()), 1e-6)),
            y,
            start=first,
            claimed=self._claimed,
            parameters=self._parameters.trace,
            rate_hz=FRAME_RATE_HZ,
        )
        near = [one for one in stretches if one.start < own[1] and own[0] < one.stop]
        return max(near, key=lambda one: one.evidence, default=None)

    def _null(self, own: tuple[int, int], fit: _Fit) -> Null:
        """Fit the null at a stretch of film, by the song backwards."""
        middle, half = (own[0] + own[1]) // 2, min(own[1] - own[0], _LONGEST_FRAMES) // 2
        x = self._sheet.read(middle - half, middle + half)
        y = self._decoy().read(tempo=fit.tempo, pitch_step=fit.pitch_step)

        def evidence_at(position: int) -> float:
            decoy = _Fit(fit.tempo, fit.pitch_step, middle - half - position)
            best = self._best(self._decoy().read, own, decoy)
            return 0.0 if best is None else best.evidence

        return fitted_null(
            nats_along(x, y),
            pool=_POOL_FRAMES,
            n_places=self._n_tries * self._sheet.n_frames / max(1, own[1] - own[0]),
            evidence_at=evidence_at,
        )

    def _found(self, stretch: Stretch, fit: _Fit, p_value: float) -> Found:
        # a frame is a window twice as long as its hop: the hop in its middle is its own
        start_s, end_s = ((frame + 0.5) / FRAME_RATE_HZ for frame in (stretch.start, stretch.stop))
        return Found(
            start_s=start_s,
            end_s=end_s,
            time_map=TimeMap(fit.offset / FRAME_RATE_HZ, fit.tempo),
            evidence=stretch.evidence,
            p_value=p_value,
            start_error_s=stretch.start_error_s + 1 / FRAME_RATE_HZ,
            end_error_s=stretch.end_error_s + 1 / FRAME_RATE_HZ,
            rivals_song_s=self._rivals(stretch, fit),
            pitch=self._parameters.pitch_ratio**fit.pitch_step,
            likeness="spectrum",
        )

    def _rivals(self, stretch: Stretch, fit: _Fit) -> tuple[float, ...]:
        """Return other song times that look almost as much like the film from its start on."""
        x = self._sheet.read(stretch.start, stretch.stop)
        y = self._song.read(tempo=fit.tempo, pitch_step=fit.pitch_step)
        nats = nats_along(x, y)
        own = round(stretch.start - fit.offset)
        if not 0 <= own < nats.size:
            return ()
        around = slice(max(0, own - _POOL_FRAMES), own + _POOL_FRAMES + 1)
        least = max(1.0, _RIVAL_SHARE * float(nats[around].max()))
        nats[around] = 0
        is_peak = (nats == maximum_filter1d(nats, 2 * _POOL_FRAMES + 1)) & (nats >= least)
        return tuple(
            round(float(frame) / FRAME_RATE_HZ * fit.tempo, 3) for frame in np.flatnonzero(is_peak)
        )


_RIVAL_SHARE = 0.5  # of the evidence, as of the waveform
_HOPEFUL_SHARE = 0.3  # of the evidence, before tempo and pitch are exact
_MOST_TAKEN = 0.5  # of a line's film
_REFINEMENTS = ((0.004, 4), (0.0015, 2), (0.0005, 1))  # of tempo, and on the lattice of pitches
_REACH_FRAMES = 8  # half a second
_MARGIN_FRAMES = 188  # 12 s
_FAR_FRAMES = 4 * _MARGIN_FRAMES  # a line is followed thrice, from what it was found to be
_LONGEST_FRAMES = 250  # 16 s
_POOL_FRAMES = 8
