"""Before and after: the levels of the film, of a song in it, and of what remains without it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ostinato.report.figures.style import INK, RULE, RULE_WIDTH, SOFT_INK, TEXT_SIZE, THIN_WIDTH
from ostinato.results import MomentaryLevel

_HALF_S = 0.2  # of what a level is of
_LOUD_WIDTH = 1.6
_BAND = "0.8"
_DEPTH_LU = 50.0  # below the film's loudest: under it lies the noise of the recording


def draw_before_after(ax: Axes, rows: Sequence[MomentaryLevel]) -> Axes:
    """Draw three levels over film time: a thin line, a thick one with its error, and dots."""
    times_s = np.array([row.start_s + _HALF_S for row in rows])
    film, song, rest = (
        _column([getattr(row, name) for row in rows])
        for name in ("film_lufs", "level_lufs", "remainder_lufs")
    )
    error = np.nan_to_num(_column([row.error_lu for row in rows]))
    ax.fill_between(
        times_s, song - 2 * error, song + 2 * error, color=_BAND, linewidth=0, gid="error"
    )
    ax.plot(times_s, film, color=SOFT_INK, linewidth=THIN_WIDTH, label="film", gid="film")
    ax.plot(times_s, song, color=INK, linewidth=_LOUD_WIDTH, label="song", gid="song")
    ax.plot(
        times_s,
        rest,
        color=INK,
        linestyle="none",
        marker=".",
        markersize=3,
        label="film without the song",
        gid="remainder",
    )
    heard = np.concatenate([film, song, rest])
    highest = float(np.nanmax(heard)) if np.isfinite(heard).any() else 0.0
    ax.set_ylim(highest - _DEPTH_LU, highest + 3)
    ax.set_xlim(rows[0].start_s, rows[-1].start_s + 2 * _HALF_S)
    ax.grid(axis="y", color=RULE, linewidth=RULE_WIDTH)
    ax.tick_params(labelsize=TEXT_SIZE, color=SOFT_INK, length=2.5, width=RULE_WIDTH)
    ax.set_ylabel("momentary loudness, LUFS", fontsize=TEXT_SIZE)
    ax.spines[:].set(linewidth=RULE_WIDTH, color=SOFT_INK)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _column(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], float)
