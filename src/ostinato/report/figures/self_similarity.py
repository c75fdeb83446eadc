"""The film against itself: every two moments at which the same moment of a song is heard.

References
----------
.. [1] J. Foote, "Visualizing music and audio using self-similarity", *ACM Multimedia* (1999): the
       plot. Here similarity is not measured again: it is known from where songs were found.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from ostinato.report.figures.film_axis import points_high, set_film_axis, time_form
from ostinato.report.figures.layout import (
    PAGE,
    X_AXIS,
    Sheet,
    Slot,
    draw_legend,
    height_of_legend,
    name_film_axis,
    points_across,
    stacked,
)
from ostinato.report.figures.map_panels import write_title
from ostinato.report.figures.repetition_map import scale_of
from ostinato.report.figures.style import (
    INK,
    RULE,
    RULE_WIDTH,
    STROKE_WIDTH,
    TEXT_SIZE,
    text_width,
)
from ostinato.report.wording import count, shorten
from ostinato.results import Occurrence, Results, Song

_LEFT, _EDGE = 0.76, 0.28
_TITLE = 0.28
_MOST_SIDE = 5.2
_LIFT = 5.0
_TITLE_ROOM = 0.45  # of the sheet, for a song's title in the legend
_Line = tuple[tuple[float, float], tuple[float, float]]


def repeated_songs(results: Results) -> tuple[Song, ...]:
    """Return the songs of which some moment is heard in two occurrences."""
    return tuple(s for s in results.songs if any(_same(results.occurrences_of(s.id))))


def draw_self_similarity(
    ax: Axes,
    occurrences: Sequence[Occurrence],
    *,
    film_duration_s: float,
    colour: str = INK,
    width: float = STROKE_WIDTH,
) -> Axes:
    """Draw where a film repeats a song: a line wherever two stretches hold the same part of it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; both axes are film time in seconds.
    occurrences : sequence of Occurrence
        Of one song.
    film_duration_s : float
        End of both axes.
    colour : str, optional
        Of the song.
    width : float, optional
        Of its strokes, in points, where they are few.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    set_film_axis(ax, duration_s=film_duration_s)
    ax.set_ylim(0, film_duration_s)
    ax.yaxis.set_major_locator(ax.xaxis.get_major_locator())
    ax.yaxis.set_major_formatter(ax.xaxis.get_major_formatter())
    ax.grid(visible=True, color=RULE, linewidth=RULE_WIDTH)
    scale = scale_of(len(occurrences), width=points_high(ax))
    look: dict[str, Any] = {"color": colour, "linewidth": width * scale}
    whole_s = [0, film_duration_s]
    ax.plot(whole_s, whole_s, color=RULE, linewidth=RULE_WIDTH, zorder=1, gid="diagonal")
    for one in occurrences:
        ends_s = [one.film_start_s, one.film_end_s]
        ax.plot(ends_s, ends_s, **look, solid_capstyle="projecting", gid=one.id)
    again = [line for x, y in _same(occurrences) for line in ((x, y), (y, x))]
    if again:
        ax.add_artist(_strokes(again, **look))  # both axes have their ends already
    return ax


def _strokes(lines: Sequence[_Line], **look: Any) -> PathPatch:  # noqa: ANN401 - of Matplotlib
    """Return many strokes as one mark: of a jingle heard 200 times there are 40,000."""
    vertices = np.array([[(x[k], y[k]) for k in (0, 1)] for x, y in lines]).reshape(-1, 2)
    path = Path(vertices, [Path.MOVETO, Path.LINETO] * len(lines))
    return PathPatch(path, fill=False, capstyle="projecting", gid="heard-again", **look)


def _looks(results: Results, songs: Sequence[Song], sheet: Sheet) -> list[tuple[str, float]]:
    """Return colour and width of each song's strokes; all lie in one square, in grey as well."""
    if sheet.palette == "colour":
        colours = sheet.colours_of(results)
        return [(colours[song.id], STROKE_WIDTH) for song in songs]
    widths = (STROKE_WIDTH, _THINNER * STROKE_WIDTH)
    looks = [(grey, width) for grey in (INK, _LIGHTER) for width in widths]
    return [looks[index % len(looks)] for index in range(len(songs))]


_THINNER = 0.4
_LIGHTER = "0.6"


def self_similarity_figure(results: Results, *, sheet: Sheet = PAGE) -> Figure:
    """Lay out the film against itself, all songs in one square.

    Parameters
    ----------
    results : Results
        In which some moment of a song is heard twice.
    sheet : Sheet, optional
        How wide, and in which colours.

    Returns
    -------
    matplotlib.figure.Figure
        Its panel is a square.
    """
    songs = repeated_songs(results)
    looks = _looks(results, songs, sheet)
    room = points_across(sheet, left=0, right=0) * _TITLE_ROOM
    legend = [
        (
            Line2D([], [], color=colour, linewidth=width),
            shorten(song.title, room, measure=lambda text: text_width(text, size=TEXT_SIZE)),
        )
        for song, (colour, width) in zip(songs, looks, strict=True)
    ]
    foot = X_AXIS + height_of_legend(sheet, [title for _, title in legend], left=_LEFT)
    side = min(_MOST_SIDE, sheet.width - _LEFT - _EDGE)
    if sheet.height is not None:
        side = min(side, sheet.height - foot - 2 * _TITLE)
    left = _LEFT if sheet.height is None else (sheet.width - side) / 2
    margins = (left, sheet.width - left - side)
    page, (ax,) = stacked(sheet, [Slot(_TITLE, side, is_elastic=False)], margins=margins, foot=foot)
    for song, (colour, width) in zip(songs, looks, strict=True):
        draw_self_similarity(
            ax,
            results.occurrences_of(song.id),
            film_duration_s=results.film.duration_s,
            colour=colour,
            width=width,
        )
    n_pairs = sum(1 for song in songs for _ in _same(results.occurrences_of(song.id)))
    write_title(ax, "The film against itself", count(n_pairs, "pair"), lift=_LIFT)
    name_film_axis(ax, results)
    form = time_form(results.film.duration_s)
    ax.set_ylabel(f"film time ({form})", fontsize=TEXT_SIZE, color=INK, labelpad=3)
    draw_legend(page, legend, sheet=sheet)
    return page.figure


def _same(occurrences: Sequence[Occurrence]) -> Iterator[_Line]:
    """Return the film times at which two occurrences hold the same part of their song."""
    timed = [one for one in occurrences if one.is_timed]
    for a, b in combinations(timed, 2):
        start_s = max(a.song.start_s, b.song.start_s)
        end_s = min(a.song.end_s, b.song.end_s)
        if start_s < end_s:
            x, y = (_film_s(one, start_s, end_s) for one in (a, b))
            yield x, y


def _film_s(one: Occurrence, *song_s: float) -> tuple[float, float]:
    """Return the film times of two moments of the song, along the stroke that the map draws."""
    share = (one.film_end_s - one.film_start_s) / (one.song.end_s - one.song.start_s)
    start_s, end_s = (one.film_start_s + (at_s - one.song.start_s) * share for at_s in song_s)
    return start_s, end_s
