"""Coverage of a song: how often each second of it is heard in the film."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ostinato.report.answers import song_axis
from ostinato.report.figures.film_axis import points_high, points_wide, set_frame, set_time_ticks
from ostinato.report.figures.layout import (
    PAGE,
    Sheet,
    Slot,
    in_pages,
    name_axis,
    name_upwards,
    stacked,
)
from ostinato.report.figures.map_panels import write_title
from ostinato.report.figures.song_sections import NAMES_HEIGHT, draw_sections_across
from ostinato.report.figures.style import (
    INK,
    POINTS_PER_INCH,
    RULE,
    RULE_WIDTH,
    TEXT_SIZE,
    THIN_WIDTH,
    text_width,
)
from ostinato.report.wording import percent, song_time
from ostinato.results import Repetition, Results

_MARGINS = (0.5, 0.28)
_TITLE, _PANEL, _TICKS, _FOOT = 0.22, 0.62, 0.2, 0.41
_SONGS_ON = {"page": 8, "column": 8, "slide": 3}
_FILL = 0.35  # of the ink, under the line
_TICK_ROOM = 14.0  # points of height for each count
_LIFT = 4.0


def rows_to_draw(results: Results) -> tuple[Repetition, ...]:
    """Return what is known of songs of which some second is heard."""
    known = {song.id for song in results.songs}
    rows = (row for row in results.repetition if row.song_id in known)
    return tuple(row for row in rows if any(row.heard_per_second))


def draw_song_coverage(
    ax: Axes, row: Repetition, *, song_duration_s: float, colour: str = INK
) -> Axes:
    """Draw how often each second of a song is heard, as steps over song time.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x is song time in seconds, y counts.
    row : Repetition
        Of the song.
    song_duration_s : float
        Right end of the axis.
    colour : str, optional
        Of the song.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    counts = row.heard_per_second
    edges_s = [min(float(second), song_duration_s) for second in range(len(counts) + 1)]
    ax.stairs(counts, edges_s, fill=True, color=colour, alpha=_FILL, linewidth=0, gid="heard")
    ax.stairs(counts, edges_s, color=colour, linewidth=THIN_WIDTH, gid="heard-edge")
    set_frame(ax)
    ax.set_xlim(0, song_duration_s)
    ax.set_ylim(0, max(counts, default=0) * 1.08 or 1)
    label = text_width(song_time(song_duration_s), size=TEXT_SIZE)
    set_time_ticks(ax.xaxis, duration_s=song_duration_s, length=points_wide(ax), label=label)
    n_ticks = max(1, int(points_high(ax) / _TICK_ROOM))
    ax.yaxis.set_major_locator(MaxNLocator(n_ticks, integer=True, steps=[1, 2, 5, 10]))
    ax.grid(axis="y", color=RULE, linewidth=RULE_WIDTH)
    return ax


def song_coverage_pages(results: Results, *, sheet: Sheet = PAGE) -> tuple[Figure, ...]:
    """Lay out the coverage of each song that is heard, on as many pages as they need.

    Parameters
    ----------
    results : Results
        With songs of which some second is heard.
    sheet : Sheet, optional
        How wide, and in which colours.

    Returns
    -------
    tuple of matplotlib.figure.Figure
        One or more.
    """
    pages = in_pages(rows_to_draw(results), _SONGS_ON[sheet.name])
    return tuple(_page(results, tuple(rows), sheet) for rows in pages)


def _page(results: Results, rows: tuple[Repetition, ...], sheet: Sheet) -> Figure:
    songs = {song.id: song for song in results.songs}
    colours = sheet.colours_of(results)
    names = [NAMES_HEIGHT if songs[row.song_id].sections else 0.0 for row in rows]
    slots = [
        Slot(_TITLE + above + (_TICKS if index else 0.0), _PANEL)
        for index, above in enumerate(names)
    ]
    page, panels = stacked(sheet, slots, margins=_MARGINS, foot=_FOOT)
    for ax, row, above in zip(panels, rows, names, strict=True):
        song = songs[row.song_id]
        draw_song_coverage(ax, row, song_duration_s=song.duration_s, colour=colours[row.song_id])
        covered = results.coverage_of(row.song_id)
        heard = "" if covered is None else f"{percent(covered.share_of_song)} of it heard"
        draw_sections_across(ax, song)
        write_title(ax, song.title, heard, lift=_LIFT + above * POINTS_PER_INCH)
    name_axis(panels[-1], f"{song_axis(results)} (m:ss)")
    name_upwards(page, panels, "times heard")
    return page.figure
