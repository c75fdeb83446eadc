"""Axes of time: ticks at round times, written as a player shows them."""

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter

from ostinato.report.figures.style import RULE_WIDTH, SOFT_INK, TEXT_SIZE
from ostinato.report.wording import song_time
from ostinato.timeline import timecode

_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
_HOUR_S = 3600
_ROOM = 0.7  # of a step, between the last multiple and the end: labels stand side by side


def set_time_ticks(axis: Axis, *, duration_s: float, max_ticks: int, room: float) -> None:
    """Mark an axis of seconds at its end, and at multiples of a round step that leaves room.

    `duration_s`: where the axis ends; it begins at 0; `max_ticks`: at most so many steps; `room`:
    between the last multiple and the end, in steps.
    """
    places = time_places(duration_s, max_ticks=max_ticks, room=room)
    axis.set_major_locator(FixedLocator(places))
    write = timecode if duration_s >= _HOUR_S else song_time
    # a reader who pans to before the film finds no time there
    axis.set_major_formatter(FuncFormatter(lambda time_s, _: write(time_s) if time_s >= 0 else ""))


def time_places(duration_s: float, *, max_ticks: int, room: float) -> list[float]:
    """Return round times of an axis, and its end.

    `duration_s`: where the axis ends; it begins at 0; `max_ticks`: at most so many steps; `room`:
    between the last multiple and the end, in steps.
    """
    longest_s = _STEPS_S[-1] * max(1, round(duration_s / _STEPS_S[-1] / max_ticks + 0.5))
    step_s = next((s for s in _STEPS_S if duration_s / s <= max_ticks), longest_s)
    places = range(0, int(duration_s - room * step_s) + 1, step_s)
    return [0.0, *places[1:], duration_s]


def set_film_axis(ax: Axes, *, duration_s: float, max_ticks: int) -> None:
    """Make x the axis of film time, and the frame of an axes as light as its ticks.

    `max_ticks`: at most so many steps.
    """
    ax.set_xlim(0, duration_s)
    set_time_ticks(ax.xaxis, duration_s=duration_s, max_ticks=max_ticks, room=_ROOM)
    ax.tick_params(labelsize=TEXT_SIZE, color=SOFT_INK, length=2.5, width=RULE_WIDTH)
    ax.set_axisbelow(True)
    ax.spines[:].set(linewidth=RULE_WIDTH, color=SOFT_INK)
    ax.spines[["top", "right"]].set_visible(False)


def time_form(duration_s: float) -> str:
    """Return how `set_time_ticks` writes the times of an axis that long.

    `duration_s`: where the axis ends.
    """
    return "h:mm:ss" if duration_s >= _HOUR_S else "m:ss"
