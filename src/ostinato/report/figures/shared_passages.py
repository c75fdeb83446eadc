"""Shared passages: which playings of a song have what in common, as arcs over the film."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from ostinato.report.figures.film_axis import set_film_axis, shade_scenes
from ostinato.report.figures.layout import (
    PAGE,
    X_AXIS,
    Sheet,
    Slot,
    draw_legend,
    height_of_legend,
    in_pages,
    name_film_axis,
    stacked,
)
from ostinato.report.figures.map_panels import write_title
from ostinato.report.figures.style import INK, STROKE_WIDTH
from ostinato.report.wording import count
from ostinato.results import Occurrence, Overlap, Results

_MARGINS = (0.28, 0.28)
_TITLE, _PANEL = 0.24, 0.85
_SONGS_ON = {"page": 8, "column": 8, "slide": 3}
_LIFT = 4.0
_LEAST_WIDTH, _MOST_WIDTH = 1.0, 2.8  # points, for nothing and for all in common
_LEAST_ALPHA = 0.5
_CROWD = 30  # arcs from which on they are thinner and paler
_FLOOR = -0.09  # of the height, for the playings
_KEY_SHARES = (0.25, 0.5, 1.0)


def shared_by_song(results: Results) -> dict[str, tuple[Overlap, ...]]:
    """Return the pairs of playings that share some of their song, by song."""
    rows = {
        song.id: tuple(
            row for row in results.overlap if row.song_id == song.id and row.overlap_s > 0
        )
        for song in results.songs
    }
    return {song_id: own for song_id, own in rows.items() if own}


def draw_shared_passages(
    ax: Axes,
    rows: Sequence[Overlap],
    occurrences: Sequence[Occurrence],
    *,
    film_duration_s: float,
    colour: str = INK,
) -> Axes:
    """Draw an arc between every two playings that share a part of the song.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x is film time in seconds, y has no unit.
    rows : sequence of Overlap
        Of one song; an arc is as wide as the share that two playings have in common.
    occurrences : sequence of Occurrence
        Of the same song.
    film_duration_s : float
        Right end of the film's axis.
    colour : str, optional
        Of the song.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    set_film_axis(ax, duration_s=film_duration_s)
    middles_s = _middles_s(occurrences)
    longest_s = max(
        (abs(middles_s[row.to_id] - middles_s[row.from_id]) for row in _known(rows, middles_s)),
        default=1.0,
    )
    crowd = min(1.0, (_CROWD / max(len(rows), 1)) ** 0.5)
    for row in sorted(_known(rows, middles_s), key=lambda one: one.share):
        from_s, to_s = middles_s[row.from_id], middles_s[row.to_id]
        patch = _arc(from_s, to_s, height=(abs(to_s - from_s) / longest_s) ** 0.5)
        patch.set(**_look(row.share, colour, crowd=crowd), gid=f"{row.from_id}-{row.to_id}")
        ax.add_patch(patch)
    for one in occurrences:
        x = [one.film_start_s, one.film_end_s]
        ax.plot(x, [0, 0], color=colour, linewidth=STROKE_WIDTH * 2, solid_capstyle="butt")
    ax.set_ylim(_FLOOR, 1.05)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    return ax


def shared_passages_pages(results: Results, *, sheet: Sheet = PAGE) -> tuple[Figure, ...]:
    """Lay out the shared passages of each song, on as many pages as they need.

    Parameters
    ----------
    results : Results
        In which some playings of a song overlap.
    sheet : Sheet, optional
        How wide, and in which colours.

    Returns
    -------
    tuple of matplotlib.figure.Figure
        One or more.
    """
    songs = list(shared_by_song(results))
    return tuple(_page(results, some, sheet) for some in in_pages(songs, _SONGS_ON[sheet.name]))


def _page(results: Results, song_ids: Sequence[str], sheet: Sheet) -> Figure:
    rows, colours = shared_by_song(results), sheet.colours_of(results)
    legend = [
        (Line2D([], [], **_look(share, INK, crowd=1.0)), f"{share:.0%} in common")
        for share in _KEY_SHARES
    ]
    foot = X_AXIS + height_of_legend(sheet, [name for _, name in legend], left=_MARGINS[0])
    slots = [Slot(_TITLE, _PANEL) for _ in song_ids]
    page, panels = stacked(sheet, slots, margins=_MARGINS, foot=foot)
    for ax, song_id in zip(panels, song_ids, strict=True):
        own = results.occurrences_of(song_id)
        draw_shared_passages(
            ax,
            rows[song_id],
            own,
            film_duration_s=results.film.duration_s,
            colour=colours[song_id],
        )
        shade_scenes(ax, results.scenes)
        write_title(ax, results.title_of(song_id), _pairs(len(rows[song_id]), sheet), lift=_LIFT)
    for ax in panels[:-1]:
        ax.tick_params(labelbottom=False)
    name_film_axis(panels[-1], results)
    draw_legend(page, legend, sheet=sheet)
    return page.figure


def _pairs(n: int, sheet: Sheet) -> str:
    return count(n, "pair") if sheet.is_narrow else f"{count(n, 'pair')} of playings"


def _known(rows: Sequence[Overlap], middles_s: dict[str, float]) -> list[Overlap]:
    return [row for row in rows if row.from_id in middles_s and row.to_id in middles_s]


def _middles_s(occurrences: Sequence[Occurrence]) -> dict[str, float]:
    """Return the middle of each playing in film time, by the playing and by its occurrences."""
    places: dict[str, float] = {}
    for playing_id in dict.fromkeys(one.playing_id for one in occurrences):
        own = [one for one in occurrences if one.playing_id == playing_id]
        middle_s = (min(o.film_start_s for o in own) + max(o.film_end_s for o in own)) / 2
        places |= {playing_id: middle_s, **{one.id: middle_s for one in own}}
    return places


def _look(share: float, colour: str, *, crowd: float) -> dict[str, Any]:
    width = _LEAST_WIDTH + (_MOST_WIDTH - _LEAST_WIDTH) * share
    alpha = _LEAST_ALPHA + (1 - _LEAST_ALPHA) * share
    return {"linewidth": max(_LEAST_WIDTH, width * crowd), "color": colour, "alpha": alpha * crowd}


def _arc(from_s: float, to_s: float, *, height: float) -> PathPatch:
    middle_s, half_s = (from_s + to_s) / 2, abs(to_s - from_s) / 2
    arc = Path.arc(0, 180)
    points = [(middle_s + half_s * x, height * y) for x, y in np.asarray(arc.vertices).tolist()]
    return PathPatch(Path(points, arc.codes), fill=False)
