"""How a line is followed: the numbers that fit, response and path share."""

from dataclasses import dataclass

from ostinato.ranges import (
    Deviation,
    Height,
    Inside,
    Seconds,
    Share,
    SomeSeconds,
    Window,
    check_ranges,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceParameters:
    """How a line is followed; recorded verbatim under `run.parameters`."""

    max_speed_error: Deviation = 8e-4
    """Around each listed speed; neighbours of the list are 1e-3 apart."""
    lag_block_s: Window = 1.0
    """Block for the fit: 800 ppm smears it by less than a millisecond."""
    max_lag_s: Window = 0.04
    """Searched either side of the line: a room's early arrivals and the drift of a short line."""
    response_s: Window = 0.2
    """Reach of the playback chain's response, either side: an echo chamber answers after 0.15 s."""
    frame_s: Window = 0.02
    """Frame of the path."""
    gains: tuple[Inside, ...] = (0.03, 0.06, 0.12, 0.25, 0.5, 0.9)
    """Share of the whitened film's amplitude that is song, from all but masked to alone."""
    entry_cost: Height = 8.0
    """Nats to enter or to leave the song: keeps words and hits from cutting it."""
    step_cost: Height = 1.0
    """Nats for each rung of gain that is climbed at once."""
    min_duration_s: SomeSeconds = 1.0
    """Shorter stretches are not claimed."""
    min_evidence: Height = 10.0
    """Nats beyond what chance gives in noise, for a line's best stretch."""
    max_p_value: Share = 1e-4
    """Of chance giving as much anywhere in the film, by the song turned backwards."""
    min_held_out_evidence: Height = 20.0
    """Nats by a response of the playback chain that is read off other parts of the stretch. Chance
    gave at most 15 where it gave 25 to 54 by a response read off the same (three songs against 100
    minutes); a true copy keeps most of what it has."""
    held_out_part_s: Window = 0.75
    """Length of such parts: longer than a note."""
    min_companion_evidence: Height = 30.0
    """Nats for a further stretch on a line that stands."""
    max_dropout_s: Seconds = 2.0
    """Stretches of one line nearer than this are one occurrence."""
    max_masked_s: Seconds = 64.0
    """How far from its own film a line is followed for further stretches."""

    def __post_init__(self) -> None:
        check_ranges(self)


DECOY_SHIFTS_S = (-1.31, -0.83, -0.57, -0.29, 0.23, 0.47, 0.71, 1.13)
"""Lags at which a song is not heard: what correlates there anyhow is what chance gives."""
