"""Other ways to hear the speech of a clip, for the sake of comparison."""

from collections.abc import Callable

import numpy as np
from blind import harmonic_percussive, repeating
from chains import RATE_HZ, Sound
from clips import Clip
from spleeter import spleeter2

from ostinato.dsp.short_time import frame_centres, spectrum, waveform
from ostinato.errors import MediaError
from ostinato.media import in_memory
from ostinato.results import TimeMap
from ostinato.separation import reference_in_step
from ostinato.separation.canceller import normal, predict
from ostinato.separation.mask import mask, power_at

_N_FFT = 4096


def least_squares(clip: Clip) -> Sound:
    """Subtract what a plain filter for each bin makes of the recording, whose place is known."""
    x, y = (spectrum(one, n_fft=_N_FFT) for one in (clip.film, _aligned(clip)))
    weight = np.ones((x.shape[0], x.shape[2]), np.float32)
    song = predict(normal(x, y, weight).solved(), y)
    return clip.film - waveform(song, n_fft=_N_FFT, n_samples=clip.film.shape[1])


def masked(clip: Clip) -> Sound:
    """Part the film by the recording's magnitudes, whose place is known."""
    song = _aligned(clip)
    centres = frame_centres(song.shape[1], n_fft=_N_FFT)
    return clip.film - mask(clip.film, power_at(song, centres, n_fft=_N_FFT), n_fft=_N_FFT).song


def _aligned(clip: Clip) -> Sound:
    song = in_memory(clip.reference, rate_hz=RATE_HZ)
    time_map = TimeMap(-clip.song_start_s / clip.speed, clip.speed)
    return reference_in_step(song, time_map, 0, clip.film.shape[1], rate_hz=RATE_HZ)


def spleeter(clip: Clip) -> Sound | None:
    """Keep the voices of Spleeter's two stems; None where its weights are not installed."""
    try:
        return spleeter2(clip.film, rate_hz=RATE_HZ).rest
    except MediaError:
        return None


PEERS: dict[str, Callable[[Clip], Sound | None]] = {
    "HPSS": lambda clip: harmonic_percussive(clip.film, rate_hz=RATE_HZ).rest,
    "REPET-SIM": lambda clip: repeating(clip.film, rate_hz=RATE_HZ).rest,
    "mask": masked,
    "least squares": least_squares,
    "Spleeter": spleeter,
}
