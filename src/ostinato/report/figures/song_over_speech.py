"""Song level against speech: by how much each occurrence is louder than the speech in it."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ostinato.report.figures.film_axis import points_wide, set_frame
from ostinato.report.figures.layout import PAGE, X_AXIS, Sheet, Slot, in_pages, name_axis, stacked
from ostinato.report.figures.style import (
    INK,
    POINTS_PER_INCH,
    RULE,
    RULE_WIDTH,
    SOFT_INK,
    TEXT_SIZE,
    THIN_WIDTH,
    drawable,
    families,
    text_width,
)
from ostinato.report.wording import fold
from ostinato.results import Loudness, Results, Song

_MARGINS = {False: (1.62, 0.28), True: (0.98, 0.2)}  # of a wide sheet and of a narrow one
_LANE, _NOTE = 0.36, 0.16  # inches
_SONGS_ON = {"page": 20, "column": 20, "slide": 8}
_NAME_GAP, _LEAST_SPAN_LU = 8.0, 3.0
_TICK_ROOM = 34.0
_SPREAD = 0.26  # of a lane, over which circles are spread so that none hides another


def songs_over_speech(results: Results) -> tuple[Song, ...]:
    """Return the songs of which some occurrence was compared with speech."""
    known = {o.song_id for o in results.occurrences if o.level_re_speech_lu is not None}
    return tuple(song for song in results.songs if song.id in known)


def draw_song_over_speech(
    ax: Axes, results: Results, songs: tuple[Song, ...], *, sheet: Sheet = PAGE
) -> Axes:
    """Draw a circle for each occurrence, and the centre of each song with its interval.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x is LU above the speech, lanes count downwards from 0.
    results : Results
        What to draw.
    songs : tuple of Song
        One lane each.
    sheet : Sheet, optional
        In which colours.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    colours, centres = sheet.colours_of(results), {row.song_id: row for row in results.loudness}
    ax.axvline(0.0, color=INK, linewidth=THIN_WIDTH, gid="as-loud")
    levels_lu = [0.0]
    for lane, song in enumerate(songs):
        own = [
            o.level_re_speech_lu
            for o in results.occurrences_of(song.id)
            if o.level_re_speech_lu is not None
        ]
        ax.plot(
            own,
            [lane + _SPREAD * (i % 3 - 1) / 2 for i in range(len(own))],
            linestyle="none",
            marker="o",
            markersize=4.0,
            markerfacecolor="none",
            markeredgecolor=colours[song.id],
            markeredgewidth=0.9,
            gid=song.id,
        )
        levels_lu += own + _draw_centre(ax, centres.get(song.id), lane)
    low, high = min(levels_lu), max(levels_lu)
    room = max(0.06 * (high - low), (_LEAST_SPAN_LU - (high - low)) / 2, 0.3)
    ax.set_xlim(low - room, high + room)
    _set_axes(ax, n_lanes=len(songs))
    return ax


def _draw_centre(ax: Axes, row: Loudness | None, lane: int) -> list[float]:
    """Draw a song's Hodges-Lehmann estimate and interval; return the levels that it reaches."""
    if row is None or row.median_lu is None:
        return []
    known = [row.median_lu]
    if row.low_lu is not None and row.high_lu is not None:
        ax.plot([row.low_lu, row.high_lu], [lane, lane], color=INK, linewidth=1.4, gid="interval")
        known += [row.low_lu, row.high_lu]
    ax.plot([row.median_lu] * 2, [lane - 0.3, lane + 0.3], color=INK, linewidth=2.2, gid="centre")
    return known


def _set_axes(ax: Axes, *, n_lanes: int) -> None:
    set_frame(ax)
    ax.set_ylim(n_lanes - 0.4, -0.6)
    n_ticks = max(2, int(points_wide(ax) / _TICK_ROOM))
    ax.xaxis.set_major_locator(MaxNLocator(min(n_ticks, 9), steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(lambda lu, _: f"{lu:+g}".replace("-", "−") if lu else "0")
    ax.grid(axis="x", color=RULE, linewidth=RULE_WIDTH)
    for border in range(1, n_lanes):
        ax.axhline(border - 0.5, color=RULE, linewidth=RULE_WIDTH, zorder=0.2)
    ax.spines["left"].set_visible(False)


def song_over_speech_pages(results: Results, *, sheet: Sheet = PAGE) -> tuple[Figure, ...]:
    """Lay out the level of each song against the speech in it.

    Parameters
    ----------
    results : Results
        In which some occurrence was compared with speech.
    sheet : Sheet, optional
        How wide, and in which colours.

    Returns
    -------
    tuple of matplotlib.figure.Figure
        One or more.
    """
    songs = songs_over_speech(results)
    return tuple(
        _page(results, tuple(some), sheet) for some in in_pages(songs, _SONGS_ON[sheet.name])
    )


def _page(results: Results, songs: tuple[Song, ...], sheet: Sheet) -> Figure:
    margins = _MARGINS[sheet.is_narrow]
    page, (ax,) = stacked(
        sheet, [Slot(_NOTE, len(songs) * _LANE + 0.1)], margins=margins, foot=X_AXIS
    )
    draw_song_over_speech(ax, results, songs, sheet=sheet)
    room = margins[0] * POINTS_PER_INCH - _NAME_GAP
    names = [
        drawable(
            fold(song.title, room, max_lines=2, measure=lambda t: text_width(t, size=TEXT_SIZE))
        )
        for song in songs
    ]
    ax.set_yticks(range(len(songs)), names, parse_math=False, linespacing=1.0)
    ax.tick_params(axis="y", length=0, pad=4, labelfontfamily=families("".join(names)))
    for side, text in (("left", "speech is louder"), ("right", "song is louder")):
        x = 0.0 if side == "left" else 1.0
        ax.annotate(
            text,
            (x, 1.0),
            xycoords="axes fraction",
            xytext=(0, 3),
            textcoords="offset points",
            ha=side,
            fontsize=TEXT_SIZE,
            color=SOFT_INK,
        )
    name_axis(ax, "song level less speech level (LU)")
    return page.figure
