"""The repetition maps of all songs of a film, one panel a song, on as many pages as they need."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ostinato.report.answers import held_against_itself, looked_for_songs, n_playings, song_axis
from ostinato.report.figures.film_axis import Band, bands_of, points_wide
from ostinato.report.figures.layout import (
    PAGE,
    TOP,
    X_AXIS,
    Sheet,
    Slot,
    draw_legend,
    draw_strip,
    height_of_legend,
    in_pages,
    name_film_axis,
    name_upwards,
    note_figure,
    points_across,
    stacked,
)
from ostinato.report.figures.repetition_map import Marks, draw_repetition_map
from ostinato.report.figures.song_sections import draw_sections_upwards, names_width
from ostinato.report.figures.style import (
    INK,
    SOFT_INK,
    TEXT_SIZE,
    TITLE_SIZE,
    drawable,
    families,
    text_width,
)
from ostinato.report.wording import count, shorten
from ostinato.results import Occurrence, Results, Song

_MARGINS = {False: (0.64, 0.28), True: (0.58, 0.2)}  # of a wide sheet and of a narrow one
_SONGS_ON = {"page": 8, "column": 8, "slide": 3}
_HEIGHTS = {1: 2.4, 2: 1.8, 3: 1.5, 4: 1.3, 5: 1.1, 6: 1.0}
_LOW = 0.8  # of more
_TITLE, _EMPTY_TITLE = 0.43, 0.3  # the title of a panel, and the identifiers below it if any
_EMPTY_PANEL = 0.08
_EDGE = 0.06  # inches between the names of sections and the sheet's edge
_TITLE_LIFT, _EMPTY_TITLE_LIFT = 14.0, 5.0  # points from a panel up to its title
_TITLE_GAP = 8.0  # points between a title and what was found
_LEAST_TITLE = 0.5  # of the width


def repetition_map_figure(
    results: Results, *, sheet: Sheet = PAGE, songs: Sequence[Song] | None = None
) -> Figure:
    """Lay out the repetition maps of songs of a film, one panel a song.

    Parameters
    ----------
    results : Results
        What to draw.
    sheet : Sheet, optional
        How wide, in which colours, and whether a second is as long on every map.
    songs : sequence of Song, optional
        Which songs; all by default.

    Returns
    -------
    matplotlib.figure.Figure
        As high as its panels need; a song that was not detected has a flat one.
    """
    drawn = results.songs if songs is None else songs
    if not drawn or not looked_for_songs(results):
        return note_figure(results, _no_songs(results), sheet=sheet)
    legend = _legend(results, sheet)
    margins = _margins(drawn, sheet)
    bands = _bands(results, margins, sheet)
    bands_height = sum(band.height for band in bands)
    page, panels = stacked(
        sheet,
        _slots(results, drawn, sheet),
        margins=margins,
        head=TOP + bands_height,
        foot=X_AXIS + height_of_legend(sheet, [name for _, name in legend], left=margins[0]),
    )
    if bands:
        draw_strip(page.axes(top=TOP, height=bands_height), results, bands)
    for panel, song in zip(panels, drawn, strict=True):
        _draw_panel(panel, results, song, sheet=sheet)
    for panel in panels[:-1]:
        panel.tick_params(labelbottom=False)
    name_film_axis(panels[-1], results)
    with_ticks = [ax for ax in panels if len(ax.get_yticks())]
    name_upwards(page, with_ticks, f"{song_axis(results)} (m:ss)")
    draw_legend(page, legend, sheet=sheet)
    return page.figure


def repetition_map_pages(results: Results, *, sheet: Sheet = PAGE) -> tuple[Figure, ...]:
    """Lay out the repetition maps on as many pages as the songs need."""
    pages = in_pages(results.songs, _SONGS_ON[sheet.name])
    return tuple(repetition_map_figure(results, sheet=sheet, songs=some) for some in pages)


def _no_songs(results: Results) -> str:
    repeats = held_against_itself(results)
    return "no sound was found that the film repeats" if repeats else "no song was looked for"


def _margins(songs: Sequence[Song], sheet: Sheet) -> tuple[float, float]:
    """Return the left margin, and the right one with room for the names of songs' sections."""
    left, right = _MARGINS[sheet.is_narrow]
    return left, max(right, names_width(songs) + _EDGE)


def _bands(results: Results, margins: tuple[float, float], sheet: Sheet) -> tuple[Band, ...]:
    left, right = margins
    width = points_across(sheet, left=left, right=right)
    return bands_of(results.scenes, film_duration_s=results.film.duration_s, width=width)


def _slots(results: Results, songs: Sequence[Song], sheet: Sheet) -> list[Slot]:
    """Return the places of panels: few songs get room to read positions from."""
    heard = {o.song_id for o in results.occurrences}
    durations_s = [song.duration_s for song in songs if song.id in heard]
    height = _HEIGHTS.get(len(durations_s), _LOW)
    whole_s = sum(durations_s)
    slots = []
    for song in songs:
        if song.id not in heard:
            slots.append(Slot(_EMPTY_TITLE, _EMPTY_PANEL, is_elastic=False))
        elif sheet.has_equal_slopes:
            share = song.duration_s / whole_s
            slots.append(Slot(_TITLE, height * len(durations_s) * share))
        else:
            slots.append(Slot(_TITLE, height))
    return slots


def _draw_panel(ax: Axes, results: Results, song: Song, *, sheet: Sheet) -> None:
    draw_repetition_map(
        ax,
        results.occurrences,
        song=song,
        film_duration_s=results.film.duration_s,
        transitions=results.transitions,
        scenes=results.scenes,
        colour=sheet.colours_of(results)[song.id],
    )
    own = results.occurrences_of(song.id)
    if own:
        draw_sections_upwards(ax, song)
    else:
        ax.set_yticks([])
        ax.spines[["left", "top"]].set_visible(False)
    write_title(ax, song.title, _found(own, sheet), lift=_TITLE_LIFT if own else _EMPTY_TITLE_LIFT)


def _found(own: Sequence[Occurrence], sheet: Sheet) -> str:
    if not own:
        return "not detected"
    playings = count(n_playings(own), "playing")
    occurrences = f"{len(own):,}" if sheet.is_narrow else count(len(own), "occurrence")
    return f"{occurrences} in {playings}"


def write_title(ax: Axes, title: str, beside: str, *, lift: float) -> None:
    """Write what a panel is of at its left, and what was found at its right.

    `lift`: points from the panel up to the line.
    """
    width = points_wide(ax)
    taken = text_width(beside, size=TEXT_SIZE) + _TITLE_GAP if beside else 0.0
    room = max(_LEAST_TITLE * width, width - taken)
    text = drawable(shorten(title, room, measure=partial(text_width, size=TITLE_SIZE)))
    write = partial(
        ax.annotate,
        xycoords="axes fraction",
        xytext=(0, lift),
        textcoords="offset points",
        va="baseline",
        parse_math=False,
    )
    write(text, (0, 1), ha="left", fontsize=TITLE_SIZE, color=INK, family=families(text))
    if beside:
        write(beside, (1, 1), ha="right", fontsize=TEXT_SIZE, color=SOFT_INK, family=families())


def _legend(results: Results, sheet: Sheet) -> list[tuple[Any, str]]:
    """Return a handle and a label for each mark that the maps bear."""
    n_of_playing: dict[str, int] = {}
    for one in results.occurrences:
        n_of_playing[one.playing_id] = n_of_playing.get(one.playing_id, 0) + 1
    marks = Marks(INK if sheet.palette == "grey" or len(results.songs) > 1 else sheet.colour(0))
    goes_on = (_mark(marks.stops), Line2D([], [], **marks.goes_on), _mark(marks.starts))
    entries: Iterable[tuple[bool, Any, str]] = (
        (bool(results.occurrences), Line2D([], [], **marks.heard), "heard"),
        (
            any(o.likeness != "waveform" for o in results.occurrences),
            Line2D([], [], **marks.alike),
            _lower(results),
        ),
        (
            max(n_of_playing.values(), default=0) > 1,
            Line2D([], [], **marks.masked),
            "masked, same playing",
        ),
        (any(t.continues for t in results.transitions), goes_on, "goes on where it had stopped"),
        (
            any(o.rivals_song_s for o in results.occurrences),
            _mark(marks.rival),
            "its start fits here too",
        ),
    )
    return [(handle, label) for is_there, handle, label in entries if is_there]


def _lower(results: Results) -> str:
    """Name the lower grade by what there is of it."""
    names = {"spectrum": "by spectrum", "shared material?": "shared material?"}
    there = {one.likeness for one in results.occurrences}
    return ", ".join(name for likeness, name in names.items() if likeness in there)


def _mark(look: dict[str, Any]) -> Line2D:
    return Line2D([], [], linestyle="none", markeredgewidth=0.7, **look)
