"""Slow, obvious versions of what the package does fast: timelines as sets of ticks, loops."""

from ostinato.timeline import Interval, Timeline

TICKS_PER_S = 8  # the strategies give times in eighths of a second


def ticks(timeline):
    """Eighths of a second that lie in a timeline, as a set."""
    return {
        n
        for interval in timeline
        for n in range(round(interval.start_s * TICKS_PER_S), round(interval.end_s * TICKS_PER_S))
    }


def active_stretches_by_loops(curve, clock, *, duration_s, parameters):
    """Smooth, find stretches, move their bounds, fill gaps, drop: one frame at a time."""
    hop_s = clock.hop_length / clock.sample_rate_hz
    n_half = max(0, round(parameters.smoothing_s / hop_s / 2 - 0.5))
    last = len(curve) - 1
    smooth = [
        sum(curve[min(max(k + d, 0), last)] for d in range(-n_half, n_half + 1)) / (2 * n_half + 1)
        for k in range(len(curve))
    ]
    first_edge_s = (clock.frame_length - clock.hop_length) / (2 * clock.sample_rate_hz)
    stretches, start = [], None
    for k, value in enumerate([*smooth, -1.0]):
        if value >= parameters.offset and start is None:
            start = k
        if value < parameters.offset and start is not None:
            if max(smooth[start:k]) >= parameters.onset:
                start_s = first_edge_s + start * hop_s - parameters.pad_start_s
                end_s = first_edge_s + k * hop_s + parameters.pad_end_s
                stretches.append([max(start_s, 0.0), min(end_s, duration_s)])
            start = None
    filled = []
    for start_s, end_s in stretches:
        if start_s >= end_s:
            continue
        if filled and start_s - filled[-1][1] < parameters.min_gap_s:
            filled[-1][1] = max(end_s, filled[-1][1])
        else:
            filled.append([start_s, end_s])
    return Timeline.of(Interval(a, b) for a, b in filled if b - a >= parameters.min_duration_s)
