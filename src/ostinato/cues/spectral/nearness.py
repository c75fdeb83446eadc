"""How much of a find's waveform is met at a place of the song."""

import numpy as np

from ostinato.cues.found import Found
from ostinato.cues.track import Reference, Track
from ostinato.cues.views import RATE_HZ, likeliest
from ostinato.dsp.correlate import sliding_power


def waveform_nats(
    film: Track, song: Reference, piece: Found, *, shift_s: float, reach_s: float
) -> float:
    """Correlate a piece of film with the song around a place of it.

    Parameters
    ----------
    film, song : Track, Reference
        Both are whitened.
    piece : Found
        By waveform.
    shift_s : float
        Song time of the place, less the song time at which the piece is.
    reach_s : float
        Looked at either side of it, in seconds of song.

    Returns
    -------
    float
        Nats at the best lag there.
    """
    speed = piece.time_map.speed
    start, stop = round(piece.start_s * RATE_HZ), round(piece.end_s * RATE_HZ)
    offset = round((piece.time_map.offset_s - shift_s / speed) * RATE_HZ)
    reach = max(1, round(reach_s / speed * RATE_HZ))
    first, last = start - offset - reach, stop - offset + reach
    inside = max(0, first), min(song.length_at(speed), last)
    if inside[1] - inside[0] < stop - start:
        return 0.0
    heard = likeliest(film.views, song.part(speed, *inside))
    x = film.read(start, stop)
    power = np.sum([sliding_power(a, b) for a, b in zip(x, heard, strict=True)], axis=0)
    return float(power.max()) / 2
