"""Before and after: the longest cue of which the song was taken out, as spectrograms or levels."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import NDArray

from ostinato.report.figures.film_axis import points_high, points_wide, set_frame
from ostinato.report.figures.lanes import LOOKS
from ostinato.report.figures.layout import (
    HAIR,
    PAGE,
    X_AXIS,
    Look,
    Sheet,
    Slot,
    draw_legend,
    height_of_legend,
    name_axis,
    note_figure,
    stacked,
)
from ostinato.report.figures.map_panels import write_title
from ostinato.report.figures.style import (
    INK,
    RULE,
    RULE_WIDTH,
    TEXT_SIZE,
    THIN_WIDTH,
    text_width,
)
from ostinato.results import CuePicture, MomentaryLevel, Results, SpeechSegment
from ostinato.timeline import timecode

_MARGINS = {False: (0.64, 0.28), True: (0.58, 0.2)}
_LEVELS, _SPECTROGRAM, _TALK = 2.2, 1.25, 0.14  # inches
_TITLE, _TALK_TITLE = 0.22, 0.07
_LIFT = 4.0
_HALF_S = 0.2  # of what a level is of
_LOUD_WIDTH = 1.8
_SONG_BAND, _FILM_FILL = "0.72", "0.9"
_MOST_DEPTH_LU, _ROOM_LU = 50.0, 2.0
_RARE = 2  # per cent of levels that may lie below the axis
_TICKS_HZ = (100, 200, 500, 1000, 2000, 5000, 10000)
_TICK_ROOM = 13.0  # points of height
_WITHIN_S = 0.5  # of an occurrence's edges


def pictured(results: Results, picture: CuePicture | None) -> CuePicture | None:
    """Return a picture if it is of these results, None otherwise."""
    one = None if picture is None else _cue_of(results, picture)
    return None if one is None else picture


def _cue_of(results: Results, picture: CuePicture) -> str | None:
    """Return the title of the song that a picture is of."""
    for one in results.occurrences:
        if one.id == picture.occurrence_id and one.separation == "cancelled":
            is_within = (
                one.film_start_s - _WITHIN_S <= picture.start_s
                and picture.end_s <= one.film_end_s + _WITHIN_S
            )
            return results.title_of(one.song_id) if is_within else None
    return None


def draw_spectrogram(ax: Axes, picture: CuePicture, levels: bytes) -> Axes:
    """Draw levels in bands of frequency over film time; the darker, the louder.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x is film time in seconds, y frequency in Hz on a logarithmic axis.
    picture : CuePicture
        What says of which bands and times the levels are.
    levels : bytes
        Its `film` or its `remainder`.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    grid = np.frombuffer(levels, np.uint8).reshape(picture.n_bands, picture.n_frames)
    low, high = np.log10(picture.low_hz), np.log10(picture.high_hz)
    ax.imshow(
        grid,
        aspect="auto",
        origin="lower",
        cmap="gray_r",
        vmin=0,
        vmax=255,
        extent=(picture.start_s, picture.end_s, low, high),
        interpolation="nearest",
        gid="levels",
    )
    set_frame(ax)
    n_most = max(1, int(points_high(ax) / _TICK_ROOM))
    ticks = [hz for hz in _TICKS_HZ if picture.low_hz <= hz <= picture.high_hz]
    ticks = ticks if len(ticks) <= n_most else [hz for hz in ticks if f"{hz}".startswith("1")]
    ax.yaxis.set_major_locator(FixedLocator([float(np.log10(hz)) for hz in ticks]))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: _kilohertz(10**y)))
    _mark_times(ax, picture.start_s, picture.end_s)
    return ax


def _kilohertz(hz: float) -> str:
    return f"{hz / 1000:.3g}"


def _mark_times(ax: Axes, start_s: float, end_s: float) -> None:
    ax.set_xlim(start_s, end_s)
    n_ticks = max(1, int(points_wide(ax) / (text_width("0:00:00", size=TEXT_SIZE) + 12.0)))
    ax.xaxis.set_major_locator(MaxNLocator(min(n_ticks, 6), steps=[1, 2, 3, 6, 10], integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda time_s, _: timecode(max(0.0, time_s))))


def draw_talk(ax: Axes, speech: Sequence[SpeechSegment], *, start_s: float, end_s: float) -> Axes:
    """Draw where somebody talks, each kind in its grey.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x is film time in seconds.
    speech : sequence of SpeechSegment
        Of the film.
    start_s, end_s : float
        Ends of the axis.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    for one in speech:
        if one.start_s < end_s and one.end_s > start_s:
            _draw_bar(ax, one, LOOKS[one.kind])
    ax.set_xlim(start_s, end_s)
    ax.set_ylim(0, 1)
    ax.set_xticks([])
    ax.set_yticks([0.5], ["talk"])
    ax.tick_params(labelsize=TEXT_SIZE, length=0)
    ax.spines[:].set_visible(False)
    return ax


def _draw_bar(ax: Axes, one: SpeechSegment, look: Look) -> None:
    for low, high in look.stripes:
        ax.broken_barh(
            [(one.start_s, one.end_s - one.start_s)],
            (low, high - low),
            facecolor=look.face,
            edgecolor=look.edge,
            linewidth=HAIR,
            gid=one.id,
        )


def draw_before_after(ax: Axes, rows: Sequence[MomentaryLevel], *, colour: str = INK) -> Axes:
    """Draw three levels over film time: the film as a ground, the song thick, the rest dotted.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x is film time in seconds, y momentary loudness in LUFS.
    rows : sequence of MomentaryLevel
        Of one occurrence.
    colour : str, optional
        Of the song.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    times_s = np.array([row.start_s + _HALF_S for row in rows])
    film, song, rest = (
        _column([getattr(row, name) for row in rows])
        for name in ("film_lufs", "level_lufs", "remainder_lufs")
    )
    error = np.nan_to_num(_column([row.error_lu for row in rows]))
    low, high = _reach(np.concatenate([film, song, rest]))
    ax.fill_between(times_s, np.full(film.size, low), film, color=_FILM_FILL, linewidth=0)
    ax.fill_between(
        times_s, song - 2 * error, song + 2 * error, color=_SONG_BAND, linewidth=0, gid="error"
    )
    ax.plot(times_s, song, color=colour, linewidth=_LOUD_WIDTH, label="song", gid="song")
    # where the two are one line, the thinner one is still seen above the song
    rim = withStroke(linewidth=THIN_WIDTH + 1.0, foreground="1.0")
    ax.plot(
        times_s,
        film,
        color=INK,
        linewidth=THIN_WIDTH,
        label="film",
        gid="film",
        path_effects=[rim],
    )
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
    ax.set_ylim(low, high)
    set_frame(ax)
    _mark_times(ax, rows[0].start_s, rows[-1].start_s + 2 * _HALF_S)
    ax.grid(axis="y", color=RULE, linewidth=RULE_WIDTH)
    ax.set_ylabel("loudness (LUFS)", fontsize=TEXT_SIZE)
    return ax


def _reach(levels: NDArray[np.float64]) -> tuple[float, float]:
    """Return an axis on which nearly all levels lie, and no silence of a recording."""
    known = levels[np.isfinite(levels)]
    if known.size == 0:
        return -_MOST_DEPTH_LU, 0.0
    high = float(known.max())
    low = max(float(np.percentile(known, _RARE)), high - _MOST_DEPTH_LU)
    return low - _ROOM_LU, high + _ROOM_LU


def before_after_figure(
    results: Results, *, sheet: Sheet = PAGE, picture: CuePicture | None = None
) -> Figure:
    """Lay out the longest cue that was cancelled, before and after.

    Parameters
    ----------
    results : Results
        What to draw.
    sheet : Sheet, optional
        How wide, and in which colours.
    picture : CuePicture, optional
        Of the cue; without one of these results, levels are drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Two spectrograms with the talk below, or levels.
    """
    known = pictured(results, picture)
    if known is not None:
        return _spectrograms(results, known, sheet)
    cue = results.longest_cancelled()
    if cue is None:
        return note_figure(results, "no song was cancelled", sheet=sheet)
    colour = sheet.colours_of(results)[cue[0].song_id]
    margins = _MARGINS[sheet.is_narrow]
    labels = ("song", "film", "film without the song")
    foot = X_AXIS + height_of_legend(sheet, labels, left=margins[0])
    page, (ax,) = stacked(sheet, [Slot(0.0, _LEVELS)], margins=margins, foot=foot)
    draw_before_after(ax, cue[1], colour=colour)
    name_axis(ax, "film time (h:mm:ss)")
    handles, names = ax.get_legend_handles_labels()
    draw_legend(page, list(zip(handles, names, strict=True)), sheet=sheet)
    return page.figure


def _spectrograms(results: Results, picture: CuePicture, sheet: Sheet) -> Figure:
    margins = _MARGINS[sheet.is_narrow]
    kinds = _kinds(results, picture)
    foot = X_AXIS + height_of_legend(sheet, [name for _, name in kinds], left=margins[0])
    slots = [
        Slot(_TITLE, _SPECTROGRAM),
        Slot(_TITLE, _SPECTROGRAM),
        *([Slot(_TALK_TITLE, _TALK, is_elastic=False)] if kinds else []),
    ]
    page, panels = stacked(sheet, slots, margins=margins, foot=foot)
    title = _cue_of(results, picture) or ""
    for ax, levels, name, beside in (
        (panels[0], picture.film, "Before: the film", f"{picture.occurrence_id}: {title}"),
        (panels[1], picture.remainder, "After: without the song", ""),
    ):
        draw_spectrogram(ax, picture, levels)
        ax.set_ylabel("kHz", fontsize=TEXT_SIZE, labelpad=2)
        write_title(ax, name, "" if sheet.is_narrow else beside, lift=_LIFT)
    for ax in panels[:-1]:
        ax.tick_params(labelbottom=False)
    if kinds:
        draw_talk(panels[-1], results.speech, start_s=picture.start_s, end_s=picture.end_s)
        _mark_times(panels[-1], picture.start_s, picture.end_s)
        panels[-1].tick_params(axis="x", labelsize=TEXT_SIZE, length=2.5, width=RULE_WIDTH)
        panels[-1].spines["bottom"].set(visible=True, linewidth=RULE_WIDTH)
    name_axis(panels[-1], "film time (h:mm:ss)")
    draw_legend(page, kinds, sheet=sheet)
    return page.figure


def _kinds(results: Results, picture: CuePicture) -> list[tuple[Look, str]]:
    there = {
        one.kind
        for one in results.speech
        if one.start_s < picture.end_s and one.end_s > picture.start_s
    }
    return [(look, kind) for kind, look in LOOKS.items() if kind in there]


def _column(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], float)
