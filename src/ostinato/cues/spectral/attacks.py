"""Whether a find by waveform is the recording, or a copy moved in pitch of which attacks are left.

A phase vocoder keeps attacks where they are, so that the waveform of a drum is met although every
note is a semitone off. The partials tell: they are alike at the pitch at which the copy is played.
"""

import math
from dataclasses import replace

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from ostinato.cues.found import Found
from ostinato.cues.spectral.nearness import in_nats
from ostinato.cues.spectral.parameters import SpectralParameters
from ostinato.cues.spectral.sheet import FRAME_RATE_HZ, Sheet, SongSheet


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
        self._kept: dict[tuple[float, int], tuple[NDArray[np.complex64], int]] = {}

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

        def nats(pitch_step: int) -> float:
            along = self._nats(spectrum, x.shape[1], tempo, own_step + pitch_step)
            return float(np.max(along[around], initial=0.0))

        # neighbours on the lattice are blurred into each other
        steps = [k * parameters.pitch_step for k in range(2, parameters.pitch_steps + 1)]
        own = nats(0)
        others = ((nats(sign * step), sign * step) for step in steps for sign in (-1, 1))
        other, step = max(others, default=(0.0, 0))
        if other < max(parameters.pitch_factor * own, own + parameters.pitch_nats):
            return one
        pitch = parameters.pitch_ratio ** (own_step + step)
        return replace(one, pitch=pitch, likeness="spectrum")

    def _nats(
        self, film: NDArray[np.complex64], length: int, tempo: float, pitch_step: int
    ) -> NDArray[np.float64]:
        spectrum, n_frames = self._spectrum(tempo, pitch_step)
        products = np.einsum("df,df->f", film, spectrum)
        r = scipy.fft.irfft(products, self._n_fft(n_frames))
        return in_nats(r[: max(1, n_frames - length + 1)])

    def _spectrum(self, tempo: float, pitch_step: int) -> tuple[NDArray[np.complex64], int]:
        key = tempo, pitch_step
        if key not in self._kept:
            while len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            y = self._song.read(tempo=tempo, pitch_step=pitch_step)
            spectrum = scipy.fft.rfft(y, self._n_fft(y.shape[1]), axis=1)
            self._kept[key] = spectrum, y.shape[1]
        return self._kept[key]

    def _n_fft(self, n_frames: int) -> int:
        return int(scipy.fft.next_fast_len(n_frames + self._longest, real=True))


_REACH_FRAMES = 3
_MOST_KEPT = 16  # of a song of five minutes, 2 MB each and view
