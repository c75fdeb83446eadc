"""Finds by waveform and finds by spectrum become one account of the film.

The waveform is the better witness: where both speak of the same film, the spectrum is heard only
about what the waveform does not explain. Pieces of a few seconds are the exception. A copy whose
tempo was changed is spliced together from such pieces, which agree with the spectrum about where
in the song each is: they are part of one occurrence, whose tempo and edges the spectrum tells.

A phase vocoder keeps attacks where they are, so that the waveform of a drum is met although every
note is a semitone off. The partials tell: they are alike at the pitch at which the copy is played.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from threading import Lock
from typing import Protocol

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from ostinato.cues.song_finds import Found, pitch_of
from ostinato.cues.spectral.sheets import FRAME_RATE_HZ, Read, Sheet, SongSheet, SpectralParameters
from ostinato.dsp.correlate import MAD_PER_SIGMA

_REACH_FRAMES = 3
_HOPEFUL_SHARE = 0.6  # of what another pitch needs, by bands that are moved and not played faster
_MOST_KEPT = 18  # of a song of five minutes, 2 MB each and view


def is_piece(found: Found, *, parameters: SpectralParameters) -> bool:
    """Tell whether a find by waveform may be part of a copy that the spectrum shows whole.

    Parameters
    ----------
    found : Found
        By waveform.
    parameters : SpectralParameters
        The longest such piece.

    Returns
    -------
    bool
        Whether it is that short.
    """
    return found.end_s - found.start_s < parameters.longest_piece_s


def is_altered(one: Found, *, parameters: SpectralParameters) -> bool:
    """Tell whether a copy's tempo and pitch differ by more than a few seconds leave uncertain.

    Parameters
    ----------
    one : Found
        By spectrum.
    parameters : SpectralParameters
        The least difference.

    Returns
    -------
    bool
        Whether they do.
    """
    return abs(one.time_map.speed / one.pitch - 1) >= parameters.least_change


class Witness(Protocol):
    """Looks at the film again, for what two finds say of it."""

    def left(self, one: Found, without: Sequence[Found]) -> Found | None:
        """Return what a find by spectrum is without some film; None if that stands no more."""

    def is_as_near(self, piece: Found, one: Found) -> bool:
        """Tell whether the waveform fits a piece as well where a copy says that the song is."""

    def placed(self, one: Found, pieces: Sequence[Found]) -> Found:
        """Return a copy with map and edges by its waveform, if it is spliced."""

    def goes_on_beside(self, one: Found, pieces: Sequence[Found]) -> bool:
        """Tell whether the waveform goes along with a copy where no piece of it was found."""

    def fits_better(self, one: Found, pieces: Sequence[Found]) -> bool:
        """Tell whether the waveform steps along with a copy within its pieces."""


def with_altered(
    found: Sequence[Found],
    altered: Sequence[Found],
    *,
    witness: Witness,
    parameters: SpectralParameters,
) -> tuple[Found, ...]:
    """Put altered copies in the place of the pieces of waveform that are part of them.

    Parameters
    ----------
    found : sequence of Found
        By waveform; none but pieces lies in the film of `altered`.
    altered : sequence of Found
        By spectrum.
    witness : Witness
        Decides by the film.
    parameters : SpectralParameters
        When a find by waveform is part of a copy.

    Returns
    -------
    tuple of Found
        In order of film time; no instant of film is in two of them.
    """
    kept = list(found)
    for shown in altered:
        one = witness.placed(shown, kept)
        inside = [other for other in kept if _gap_s(other, one) < 0]
        # waveform that is exact beats any spectrum of the same film
        apart = [other for other in inside if not _is_part(other, one, witness, parameters)]
        rest = witness.left(one, apart) if apart else one
        if rest is None:
            continue
        if apart:
            rest = witness.placed(rest, kept)
        whole, pieces = _grown(rest, kept, apart, witness, parameters)
        if pieces and not _goes_on_between(whole, pieces, apart, witness, parameters):
            continue
        kept = [other for other in kept if other not in pieces]
        kept.append(_made_of(whole, _where_it_is(whole, pieces, parameters), parameters))
    return tuple(sorted(kept, key=lambda one: one.start_s))


def _is_part(piece: Found, one: Found, witness: Witness, parameters: SpectralParameters) -> bool:
    """Tell whether a piece of waveform may be a splice of a copy."""
    return _agree(piece, one, parameters) or witness.is_as_near(piece, one)


def on_known_map(one: Found, found: Sequence[Found], *, parameters: SpectralParameters) -> Found:
    """Give a find by spectrum the exact map of one by waveform nearby that says the same.

    Parameters
    ----------
    one : Found
        By spectrum.
    found : sequence of Found
        By waveform.
    parameters : SpectralParameters
        When two maps are one.

    Returns
    -------
    Found
        As it was, if no map is near.
    """
    middle_s = (one.start_s + one.end_s) / 2
    for exact in sorted(found, key=lambda other: -other.evidence):
        time_map = exact.time_map
        if (
            exact.likeness == "waveform"
            and not exact.pieces
            and _gap_s(exact, one) <= parameters.longest_gap_s
            and abs(one.time_map.speed / time_map.speed - 1) < parameters.least_change
            and abs(time_map.song_s(middle_s) - one.time_map.song_s(middle_s))
            < parameters.max_map_error_s
        ):
            return replace(one, time_map=time_map, pitch=exact.pitch)
    return one


def _gap_s(one: Found, other: Found) -> float:
    """Return the seconds between two finds, below 0 if they overlap."""
    return max(one.start_s, other.start_s) - min(one.end_s, other.end_s)


def _agree(piece: Found, one: Found, parameters: SpectralParameters) -> bool:
    """Tell whether a piece, or a rival of it, is where the spectrum says the song is."""
    middle_s = (piece.start_s + piece.end_s) / 2
    played_s = (middle_s - piece.start_s) * piece.time_map.speed
    starts_s = (piece.time_map.song_s(piece.start_s), *piece.rivals_song_s)
    # it crosses the copy's line somewhere within it
    slope = abs(piece.time_map.speed - one.time_map.speed)
    allowed_s = parameters.max_map_error_s + slope * (piece.end_s - piece.start_s) / 2
    expected_s = one.time_map.song_s(middle_s)
    return any(abs(at_s + played_s - expected_s) < allowed_s for at_s in starts_s)


def _goes_on_between(
    one: Found,
    pieces: Sequence[Found],
    apart: Sequence[Found],
    witness: Witness,
    parameters: SpectralParameters,
) -> bool:
    """Tell whether a copy is heard between its pieces: cues that happen to lie on a line are not.

    If there are several, and too little film between them to ask, they speak for themselves.
    """
    between_s = one.end_s - one.start_s - sum(p.end_s - p.start_s for p in pieces)
    is_whole = between_s < parameters.trace.min_duration_s and not apart
    if is_whole and len(pieces) >= parameters.least_pieces:
        return True
    beside = [*apart, *pieces]
    return (
        witness.goes_on_beside(one, beside)
        or witness.fits_better(one, pieces)
        or witness.left(one, beside) is not None
    )


def _grown(
    one: Found,
    found: Sequence[Found],
    apart: Sequence[Found],
    witness: Witness,
    parameters: SpectralParameters,
) -> tuple[Found, list[Found]]:
    """Return a copy with the pieces that carry it on, and all pieces that are part of it."""
    pieces: list[Found] = []
    while True:
        more = [
            piece
            for piece in found
            if piece not in pieces
            and piece not in apart
            and is_piece(piece, parameters=parameters)
            and _gap_s(piece, one) <= parameters.longest_gap_s
            and (
                _agree(piece, one, parameters)
                or (_gap_s(piece, one) < 0 and witness.is_as_near(piece, one))
            )
        ]
        if not more:
            return one, sorted(pieces, key=lambda piece: piece.start_s)
        pieces += more
        first, last = (min(more, key=lambda p: p.start_s), max(more, key=lambda p: p.end_s))
        if first.start_s < one.start_s:
            one = replace(one, start_s=first.start_s, start_error_s=first.start_error_s)
        if last.end_s > one.end_s:
            one = replace(one, end_s=last.end_s, end_error_s=last.end_error_s)


def _where_it_is(
    one: Found, pieces: Sequence[Found], parameters: SpectralParameters
) -> list[Found]:
    """Leave out pieces that were met at another passage, as a beat or a loop is."""
    return [piece for piece in pieces if _agree(piece, one, parameters)]


def _made_of(one: Found, pieces: Sequence[Found], parameters: SpectralParameters) -> Found:
    """Let a copy be known by the waveform if it was met in several places."""
    if len(pieces) < parameters.least_pieces:
        return one
    return replace(
        one,
        evidence=max(one.evidence, sum(piece.evidence for piece in pieces)),
        p_value=min(piece.p_value for piece in pieces),
        pitch=pitch_of(pieces),
        pieces=tuple(pieces),
        likeness="waveform",
    )


def nats_along(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return half the squared height, in sigmas, of tiles' likeness to each place of others.

    Parameters
    ----------
    x, y : ndarray of float32, shape (n_dims, n_frames)
        Tiles.

    Returns
    -------
    ndarray of float64, shape (n_positions,)
        In nats.
    """
    n_fft = scipy.fft.next_fast_len(y.shape[1] + x.shape[1], real=True)
    spectrum = np.conj(scipy.fft.rfft(x, n_fft, axis=1)) * scipy.fft.rfft(y, n_fft, axis=1)
    r = scipy.fft.irfft(spectrum.sum(axis=0), n_fft)[: max(1, y.shape[1] - x.shape[1] + 1)]
    return in_nats(r)


def in_nats(r: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return half the squared height of a correlation over its own scale.

    Parameters
    ----------
    r : ndarray of float32, shape (n_positions,)
        By which two are alike.

    Returns
    -------
    ndarray of float64, shape (n_positions,)
        In nats; 0 where they are unlike.
    """
    sigma = max(float(np.median(np.abs(r))) / MAD_PER_SIGMA, 1e-9)
    nats: NDArray[np.float64] = np.maximum(r.astype(np.float64), 0) ** 2 / sigma**2 / 2
    return nats


class Pitches:
    """A song's tiles at the pitches nearby, ready to be held against a film.

    Parameters
    ----------
    sheet, song : Sheet, SongSheet
        Tiles of the film and of the song.
    parameters : SpectralParameters
        Pitches to try, and by how much one must be better.
    """

    def __init__(self, sheet: Sheet, song: SongSheet, parameters: SpectralParameters) -> None:
        self._sheet, self._song, self._parameters = sheet, song, parameters
        self._longest = round(parameters.longest_pitch_s * FRAME_RATE_HZ)
        self._kept: dict[tuple[Read, float, int], tuple[NDArray[np.complex64], int]] = {}
        self._lock = Lock()  # finds are graded by several threads

    def as_played(self, one: Found) -> Found:
        """Grade a find by waveform lower if the spectrum fits clearly better at another pitch.

        Parameters
        ----------
        one : Found
            By waveform.

        Returns
        -------
        Found
            As it was, if it is the recording itself, however loud the talk over it.
        """
        parameters = self._parameters
        start, stop = (round(at_s * FRAME_RATE_HZ) for at_s in (one.start_s, one.end_s))
        x = self._sheet.read(start, min(stop, start + self._longest))
        own_step = round(math.log(one.pitch) / math.log(parameters.pitch_ratio))
        # a tempo within a frame of the find's own over all of it will do
        tempo = round(one.time_map.speed, 3)
        at = round(one.time_map.song_s(one.start_s) / tempo * FRAME_RATE_HZ)
        around = slice(max(0, at - _REACH_FRAMES), max(0, at + _REACH_FRAMES + 1))

        spectrum = np.conj(scipy.fft.rfft(x, self._n_fft(self._song.n_frames(tempo)), axis=1))

        def nats(pitch_step: int, *, read: Read = self._song.read) -> float:
            along = self._nats(spectrum, x.shape[1], read, tempo, own_step + pitch_step)
            return float(np.max(along[around], initial=0.0))

        # neighbours on the lattice are blurred into each other
        steps = [k * parameters.pitch_step for k in range(2, parameters.pitch_steps + 1)]
        own = nats(0)
        needed = max(parameters.pitch_factor * own, own + parameters.pitch_nats)
        nearly = self._song.read_nearly
        hopeful = (
            step
            for step in (sign * step for step in steps for sign in (-1, 1))
            if nats(step, read=nearly) >= _HOPEFUL_SHARE * needed
        )
        other, step = max(((nats(step), step) for step in hopeful), default=(0.0, 0))
        if other < needed:
            return one
        pitch = parameters.pitch_ratio ** (own_step + step)
        return replace(one, pitch=pitch, likeness="spectrum")

    def _nats(
        self,
        film: NDArray[np.complex64],
        length: int,
        read: Read,
        tempo: float,
        pitch_step: int,
    ) -> NDArray[np.float64]:
        with self._lock:
            spectrum, n_frames = self._spectrum(read, tempo, pitch_step)
        products = np.einsum("df,df->f", film, spectrum)
        r = scipy.fft.irfft(products, self._n_fft(n_frames))
        return in_nats(r[: max(1, n_frames - length + 1)])

    def _spectrum(
        self, read: Read, tempo: float, pitch_step: int
    ) -> tuple[NDArray[np.complex64], int]:
        key = read, tempo, pitch_step
        if key not in self._kept:
            while len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            y = read(tempo=tempo, pitch_step=pitch_step)
            spectrum = scipy.fft.rfft(y, self._n_fft(y.shape[1]), axis=1)
            self._kept[key] = spectrum, y.shape[1]
        return self._kept[key]

    def _n_fft(self, n_frames: int) -> int:
        return int(scipy.fft.next_fast_len(n_frames + self._longest, real=True))
