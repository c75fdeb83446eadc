"""Sections of a song, as a table names them: every other one is shaded, each bears its name."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from matplotlib.axes import Axes

from ostinato.report.figures.film_axis import points_high, points_wide
from ostinato.report.figures.style import (
    INK,
    POINTS_PER_INCH,
    SMALL_SIZE,
    SOFT_INK,
    drawable,
    families,
    text_width,
)
from ostinato.report.wording import ELLIPSIS, shorten
from ostinato.results import Song, SongSection

NAMES_HEIGHT = 0.15
"""Inches that names take above a panel whose song time runs across."""
_GAP = 3.0  # points from a panel to a name, and between two names
_LINE = 7.6  # points that a name takes upwards
_MOST_WIDTH = 58.0  # points of the names beside a panel
_GID = "song-section"


def names_width(songs: Sequence[Song]) -> float:
    """Return how wide the names of sections are beside a panel, in inches; 0 if there are none."""
    names = [section.name for song in songs for section in song.sections]
    widest = max((text_width(name, size=SMALL_SIZE) for name in names), default=0.0)
    return (min(widest, _MOST_WIDTH) + _GAP) / POINTS_PER_INCH if names else 0.0


def draw_sections_upwards(ax: Axes, song: Song) -> None:
    """Shade sections of a song whose time runs up an axes, and write their names at its right."""
    point_s = song.duration_s / points_high(ax)
    taken_s = 0.0  # up to where names stand already
    for index, section in enumerate(_inside(song)):
        if index % 2:
            ax.axhspan(section.start_s, section.end_s, **_SHADE)
        middle_s = (section.start_s + section.end_s) / 2
        if middle_s - _LINE / 2 * point_s < taken_s:
            continue
        taken_s = middle_s + _LINE / 2 * point_s
        _write(ax, section.name, (1.0, middle_s), room=_MOST_WIDTH, is_upwards=True)


def draw_sections_across(ax: Axes, song: Song) -> None:
    """Shade sections of a song whose time runs across an axes, and write their names above it."""
    point_s = song.duration_s / points_wide(ax)
    taken_s = 0.0
    for index, section in enumerate(_inside(song)):
        if index % 2:
            ax.axvspan(section.start_s, section.end_s, **_SHADE)
        start_s = max(section.start_s, taken_s)
        room = (section.end_s - start_s) / point_s - _GAP
        if _write(ax, section.name, (start_s, 1.0), room=room, is_upwards=False):
            taken_s = section.end_s


def _inside(song: Song) -> list[SongSection]:
    sections = (one for one in song.sections if one.start_s < song.duration_s)
    return sorted(sections, key=lambda one: (one.start_s, one.end_s, one.name))


def _write(
    ax: Axes, name: str, place: tuple[float, float], *, room: float, is_upwards: bool
) -> bool:
    """Write a name outside of an axes, and return whether enough of it has room."""
    text = shorten(name, room, measure=partial(text_width, size=SMALL_SIZE))
    if room <= 0 or text in {"", ELLIPSIS}:
        return False
    ax.annotate(
        drawable(text),
        place,
        xycoords=("axes fraction", "data") if is_upwards else ("data", "axes fraction"),
        xytext=(_GAP, 0) if is_upwards else (0, _GAP),
        textcoords="offset points",
        ha="left",
        va="center_baseline" if is_upwards else "baseline",
        fontsize=SMALL_SIZE,
        color=SOFT_INK,
        family=families(text),
        parse_math=False,
        gid=_GID,
    )
    return True


# a section that crosses a shaded scene is darker than both
_SHADE: dict[str, Any] = {"color": INK, "alpha": 0.055, "linewidth": 0, "zorder": 0.15, "gid": _GID}
