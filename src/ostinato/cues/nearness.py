"""How much of a song is met by its waveform at a place of the film, near where it should be."""

import numpy as np

from ostinato.cues.track import Reference, Track
from ostinato.cues.views import likeliest
from ostinato.dsp.correlate import sliding_power


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
