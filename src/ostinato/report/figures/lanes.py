"""The timeline and the voices: what is heard when, each kind in a lane of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ostinato.report.answers import (
    held_against_itself,
    leading_voices,
    listened_for_speech,
    looked_for_songs,
    seconds_of_kinds,
    unknown_voice_s,
    voice_name,
)
from ostinato.report.figures.film_axis import (
    Band,
    bands_of,
    draw_bands,
    points_high,
    points_wide,
    set_film_axis,
    shade_scenes,
)
from ostinato.report.figures.layout import (
    HAIR,
    PAGE,
    TOP,
    X_AXIS,
    Look,
    Sheet,
    Slot,
    draw_legend,
    height_of_legend,
    in_pages,
    name_film_axis,
    note_figure,
    stacked,
)
from ostinato.report.figures.style import (
    INK,
    POINTS_PER_INCH,
    RULE,
    RULE_WIDTH,
    SMALL_SIZE,
    SOFT_INK,
    TEXT_SIZE,
    drawable,
    families,
    text_width,
)
from ostinato.report.wording import count, fold, lasting
from ostinato.results import Kind, Results, SpeechSegment
from ostinato.timeline import Interval

_KINDS: tuple[Kind, ...] = ("narration", "dialogue", "soliloquy", "undetermined")
_BAR_HEIGHT = 0.62
_LANE = 0.28  # inches
_NAME_LINE = 0.12
_MOST_NAME_LINES = 3
_NAME_GAP = 8.0  # points between a lane's name and the lane
_BANDS_TO_LANES = 0.07  # inches
_HEADER = 0.126  # where there are no scenes
_LEAST_LANE = 0.21
_MARGINS = {False: (1.62, 0.80), True: (0.98, 0.70)}  # of a wide sheet and of a narrow one
LOOKS = {
    "singing": Look(INK, INK, ((0.0, 0.22), (0.78, 1.0))),
    "narration": Look("0.2", "0.2"),
    "dialogue": Look("0.6", "0.6"),
    "soliloquy": Look("0.6", "0.6", ((0.0, 0.22), (0.39, 0.61), (0.78, 1.0))),
    "undetermined": Look("1.0", "0.45"),
}
_LOOKS: dict[Kind, Look] = {
    "narration": LOOKS["narration"],
    "dialogue": replace(LOOKS["dialogue"], stripes=((0.22, 0.78),)),
    "soliloquy": replace(LOOKS["soliloquy"], stripes=((0.0, 0.3), (0.7, 1.0))),
    "undetermined": replace(LOOKS["undetermined"], stripes=((0.4, 0.6),)),
}


@dataclass(frozen=True, slots=True)
class Bars:
    """What a lane holds of one kind, and how that is drawn."""

    look: Look
    stretches: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of a timeline: how it is named, what is in it, and the total if known."""

    name: str
    bars: tuple[Bars, ...]
    total_s: float | None


def lanes_of(results: Results, *, sheet: Sheet = PAGE) -> tuple[Lane, ...]:
    """Return the lanes of a timeline, from the top."""
    colours = sheet.colours_of(results)
    songs = (
        [_song_lane(results, song.id, song.title, colours[song.id]) for song in results.songs]
        if looked_for_songs(results)
        else []
    )
    return (*songs, *(_voice_lanes(results) if listened_for_speech(results) else ()))


def draw_timeline(ax: Axes, results: Results, *, sheet: Sheet = PAGE) -> Axes:
    """Draw stories, days, scenes, songs, singing and each kind of speech in lanes over film time.

    At the right stand the totals that the results hold for the film.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x is film time in seconds, lanes count downwards from 0.
    results : Results
        What to draw.
    sheet : Sheet, optional
        In which colours.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    return draw_lanes(ax, results, lanes_of(results, sheet=sheet), sheet=sheet)


def timeline_figure(results: Results, *, sheet: Sheet = PAGE) -> Figure:
    """Lay out the timeline of a film.

    Parameters
    ----------
    results : Results
        What to draw.
    sheet : Sheet, optional
        How wide, and in which colours.

    Returns
    -------
    matplotlib.figure.Figure
        As high as its lanes need.
    """
    return lanes_figure(results, lanes_of(results, sheet=sheet), sheet=sheet)


def timeline_pages(results: Results, *, sheet: Sheet = PAGE) -> tuple[Figure, ...]:
    """Lay out the timeline on as many pages as its lanes need."""
    lanes = lanes_of(results, sheet=sheet)
    room = sheet.most_height - TOP - X_AXIS - _header(_bands(results, sheet))
    pages = in_pages(lanes, max(2, int(room / _LEAST_LANE)))
    return tuple(lanes_figure(results, some, sheet=sheet) for some in pages)


def lanes_figure(
    results: Results,
    lanes: Sequence[Lane],
    *,
    sheet: Sheet,
    legend: Sequence[tuple[Look, str]] = (),
) -> Figure:
    """Lay out lanes over film time, with a legend if they need one."""
    if not lanes:
        none_repeats = "no sound was found that the film repeats"
        nothing = "neither songs nor speech were looked for"
        is_own = held_against_itself(results)
        return note_figure(results, none_repeats if is_own else nothing, sheet=sheet)
    margins = _MARGINS[sheet.is_narrow]
    foot = X_AXIS + height_of_legend(sheet, [name for _, name in legend], left=margins[0])
    slot = Slot(0.0, len(lanes) * _LANE + _header(_bands(results, sheet)))
    page, (ax,) = stacked(sheet, [slot], margins=margins, foot=foot if legend else X_AXIS)
    draw_lanes(ax, results, lanes, sheet=sheet)
    name_film_axis(ax, results)
    draw_legend(page, legend, sheet=sheet)
    return page.figure


def draw_lanes(ax: Axes, results: Results, lanes: Sequence[Lane], *, sheet: Sheet) -> Axes:
    """Draw lanes over film time, the scenes above them and their totals at the right."""
    duration_s = results.film.duration_s
    bands = bands_of(results.scenes, film_duration_s=duration_s, width=points_wide(ax))
    height = points_high(ax) / POINTS_PER_INCH
    lane = max(_LEAST_LANE / 2, (height - _header(bands)) / max(len(lanes), 1))
    top = -0.5 - _header(bands) / lane
    set_film_axis(ax, duration_s=duration_s)
    ax.set_ylim(max(len(lanes), 1) - 0.5, top)
    shade_scenes(ax, results.scenes)
    places = draw_bands(ax, bands, top=top, inch=1 / lane, film_duration_s=duration_s)
    _name_lanes(ax, lanes, places, lane=lane, margin=_MARGINS[sheet.is_narrow][0])
    for index, one in enumerate(lanes):
        for bars in one.bars:
            _draw_bars(ax, bars, index=index)
    _write_totals(ax, lanes, place=-0.5 - _HEADER / lane)
    return ax


def _bands(results: Results, sheet: Sheet) -> tuple[Band, ...]:
    width = (sheet.width - sum(_MARGINS[sheet.is_narrow])) * POINTS_PER_INCH
    return bands_of(results.scenes, film_duration_s=results.film.duration_s, width=width)


def _header(bands: Sequence[Band]) -> float:
    """Return how high what stands above the lanes is, in inches."""
    return sum(band.height for band in bands) + _BANDS_TO_LANES if bands else _HEADER


def _draw_bars(ax: Axes, bars: Bars, *, index: int) -> None:
    for low, high in bars.look.stripes:
        ax.broken_barh(
            [(s.start_s, s.duration_s) for s in bars.stretches],
            (index + (low - 0.5) * _BAR_HEIGHT, (high - low) * _BAR_HEIGHT),
            facecolor=bars.look.face,
            edgecolor=bars.look.edge,
            linewidth=HAIR,
            gid=f"lane-{index}",
        )


def _name_lanes(
    ax: Axes,
    lanes: Sequence[Lane],
    bands: Sequence[tuple[float, str]],
    *,
    lane: float,
    margin: float,
) -> None:
    """Name lanes and bands at the left.

    `lane`: height of one; `margin`: room for names; both in inches.
    """
    n_lines = min(_MOST_NAME_LINES, max(1, int(lane / _NAME_LINE)))
    room = margin * POINTS_PER_INCH - _NAME_GAP
    measure = partial(text_width, size=TEXT_SIZE)
    names = [drawable(fold(one.name, room, max_lines=n_lines, measure=measure)) for one in lanes]
    places = [*range(len(lanes)), *(place for place, _ in bands)]
    names += [name for _, name in bands]
    ax.set_yticks(places, names, parse_math=False, linespacing=1.0)
    ax.tick_params(axis="y", length=0, pad=4, labelfontfamily=families("".join(names)))
    for border in range(1, len(lanes)):
        ax.axhline(border - 0.5, color=RULE, linewidth=RULE_WIDTH, zorder=0.2)
    ax.spines["left"].set_visible(False)


def _write_totals(ax: Axes, lanes: Sequence[Lane], *, place: float) -> None:
    texts = [
        (float(index), lasting(lane.total_s))
        for index, lane in enumerate(lanes)
        if lane.total_s is not None
    ]
    if texts:
        texts.insert(0, (place, "in all"))
    for where, text in texts:
        ax.annotate(
            text,
            (1.0, where),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            ha="left",
            va="center_baseline",
            fontsize=SMALL_SIZE,
            color=SOFT_INK,
            gid="total",
        )


def _song_lane(results: Results, song_id: str, title: str, colour: str) -> Lane:
    covered = results.coverage_of(song_id)
    stretches = tuple(o.film for o in results.occurrences_of(song_id))
    total_s = None if covered is None else covered.heard_s
    return Lane(title, (Bars(Look(colour, colour), stretches),), total_s)


def _voice_lanes(results: Results) -> Iterable[Lane]:
    singing = tuple(v.interval for v in results.songs_voice)
    if singing:  # the caption says where there is none
        yield Lane("singing", (Bars(LOOKS["singing"], singing),), None)
    totals_s = seconds_of_kinds(results)
    for kind in _KINDS:
        stretches = tuple(segment.interval for segment in results.speech_of(kind))
        if stretches or kind != "soliloquy":
            yield Lane(kind, (Bars(LOOKS[kind], stretches),), totals_s.get(kind))


def voice_lanes(results: Results) -> tuple[Lane, ...]:
    """Return a lane for each voice, in the order in which they are first heard."""
    shown = leading_voices(results)
    ids = {voice.id for voice in shown}
    rest = [s for s in results.speech if s.voice is not None and s.voice not in ids]
    lanes = [
        Lane(
            voice_name(voice),
            _bars(s for s in results.speech if s.voice == voice.id),
            voice.speech_s,
        )
        for voice in shown
    ]
    if rest:
        lanes.append(Lane(count(len({s.voice for s in rest}), "other voice"), _bars(rest), None))
    unknown = [s for s in results.speech if s.voice is None]
    if lanes and unknown:
        lanes.append(Lane("voice not known", _bars(unknown), unknown_voice_s(results)))
    return tuple(lanes)


def draw_voices(ax: Axes, results: Results, *, sheet: Sheet = PAGE) -> Axes:
    """Draw who speaks when, and whether it is narration or dialogue.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x is film time in seconds, lanes count downwards from 0.
    results : Results
        What to draw.
    sheet : Sheet, optional
        How wide.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    return draw_lanes(ax, results, voice_lanes(results), sheet=sheet)


def voices_figure(results: Results, *, sheet: Sheet = PAGE) -> Figure:
    """Lay out who speaks when.

    Parameters
    ----------
    results : Results
        With at least one voice.
    sheet : Sheet, optional
        How wide.

    Returns
    -------
    matplotlib.figure.Figure
        As high as its lanes need.
    """
    kinds = [kind for kind in _LOOKS if any(s.kind == kind for s in results.speech)]
    legend = [(_LOOKS[kind], str(kind)) for kind in kinds]
    return lanes_figure(results, voice_lanes(results), sheet=sheet, legend=legend)


def _bars(speech: Iterable[SpeechSegment]) -> tuple[Bars, ...]:
    own = list(speech)
    return tuple(
        Bars(look, tuple(s.interval for s in own if s.kind == kind))
        for kind, look in _LOOKS.items()
    )
