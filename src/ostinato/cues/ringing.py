"""How a chain rings on, and what that leaves uncertain of the edges and song times of a find.

A room comes up after its song has started and plays on after it has stopped, so that an edge, the
end above all, is found late; and a direct sound below what answers it may go unnoticed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ostinato.cues.found import Found
from ostinato.cues.part_responses import Pair, odd, part_responses
from ostinato.ranges import Height, Inside, Seconds, Share, Window, check_ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class RingingParameters:
    """How ringing is told, and its errors; recorded verbatim under `run.parameters`.

    The errors are calibrated by `benchmarks/cues/errors.py --seeds 1-5`.
    """

    window_s: Window = 2.048
    """Window of the fit, and least length of the parts that must agree."""
    reach_s: Window = 0.7
    """Looked at after the direct sound."""
    nothing_s: Window = 0.75
    """Nothing arrives so long before it."""
    smoothing_s: Window = 0.01
    """Over which the energy of a response is smoothed."""
    chance_factor: Height = 2.0
    """Energy counts where it exceeds the most of chance by this factor."""
    direct_s: Window = 0.01
    """What arrives within this of the direct sound is part of it."""
    least_share: Inside = 0.05
    """Of the energy, that arrives later in a chain that rings: dry ones have 0.01, rooms 0.15."""
    end_s: Seconds = 0.02
    """An end in a chain that rings is late by so much,"""
    end_share: Share = 0.7
    """and by this share of what its own evidence leaves open."""
    end_error_s: Seconds = 0.045
    """Of a chain that rings on."""
    start_error_s: Seconds = 0.035
    """Of a chain all of whose energy comes late."""
    song_error_share: Share = 0.2
    """Of the centre time: a direct sound may be too faint to be told."""
    spliced_song_error_s: Seconds = 0.032
    """Of a find by spectrum, or by pieces of a copy that was stretched."""
    shortest_s: Seconds = 1.0
    """No find is made shorter than this."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """The response of a chain after the direct sound, as far as it stands out of noise.

    `centre_time_s` is from the direct sound to the centre of all energy [1]_, and `late_share` the
    share of it that is not the direct sound.

    References
    ----------
    .. [1] ISO 3382-1:2009, A.2.3.
    """

    centre_time_s: float
    late_share: float


def ringing_of(
    pairs: Iterable[Pair], *, sample_rate_hz: int, parameters: RingingParameters
) -> Ringing | None:
    """Measure how a chain rings on.

    Parameters
    ----------
    pairs : iterable of (ndarray, ndarray), each of shape (n_samples,)
        Film and song over stretches of one find, aligned by the direct sound.
    sample_rate_hz : int
        Of both.
    parameters : RingingParameters
        Windows and thresholds.

    Returns
    -------
    Ringing or None
        None where the stretches are too short, or nothing stands out.
    """
    found = part_responses(
        [*pairs],
        sample_rate_hz=sample_rate_hz,
        window_s=parameters.window_s,
        part_s=parameters.window_s,
    )
    if found is None:
        return None
    shared = found.shared(odd(parameters.smoothing_s * sample_rate_hz))
    middle = shared.size // 2
    nothing, direct, reach = (
        round(s * sample_rate_hz)
        for s in (parameters.nothing_s, parameters.direct_s, parameters.reach_s)
    )
    chance = float(np.abs(shared[: middle - nothing]).max())
    after = shared[middle - direct : middle + reach]
    heard = np.where(after > parameters.chance_factor * chance, after, 0.0)
    total = float(heard.sum())
    if total <= 0:
        return None
    lags_s = (np.arange(heard.size) - direct) / sample_rate_hz
    return Ringing(
        centre_time_s=max(0.0, float(np.average(lags_s, weights=heard))),
        late_share=float(heard[2 * direct + 1 :].sum()) / total,
    )


def with_ringing(one: Found, ringing: Ringing | None, *, parameters: RingingParameters) -> Found:
    """Return a find whose end and errors allow for the ringing of its chain.

    Parameters
    ----------
    one : Found
        By the waveform.
    ringing : Ringing or None
        Of its chain.
    parameters : RingingParameters
        By how much.

    Returns
    -------
    Found
        The same where the chain does not ring, or that is not known.
    """
    if ringing is None or ringing.late_share < parameters.least_share:
        return one
    late_s = parameters.end_s + parameters.end_share * _EDGE_REACH * one.end_error_s
    end_s = max(one.end_s - late_s, min(one.end_s, one.start_s + parameters.shortest_s))
    song_error_s = one.song_error_s
    if song_error_s is not None:
        further_s = parameters.song_error_share * ringing.centre_time_s
        song_error_s = float(np.hypot(song_error_s, further_s))
    return replace(
        one.until(end_s),
        start_error_s=one.start_error_s + parameters.start_error_s * ringing.late_share,
        end_error_s=one.end_error_s + parameters.end_error_s,
        song_error_s=song_error_s,
    )


_EDGE_REACH = 8**0.5  # standard errors that an edge may be off before four nats speak against it
