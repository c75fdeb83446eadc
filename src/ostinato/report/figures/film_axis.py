"""The axis of film time: ticks as a player shows them, and stories, days and scenes along it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter

from ostinato.report.figures.style import (
    BAND,
    INK,
    POINTS_PER_INCH,
    RULE_WIDTH,
    SMALL_SIZE,
    SOFT_INK,
    TEXT_SIZE,
    drawable,
    families,
    text_width,
)
from ostinato.report.wording import ELLIPSIS, fold, song_time
from ostinato.results import Scene
from ostinato.timeline import timecode

_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
_HOUR_S = 3600
_BETWEEN = 9.0  # points between two labels of an axis
_APART = 1.12  # of a label, between the middles of the last two
_FEWEST_CHARACTERS = 3  # what is left of a name that is cut further tells nothing
_FIRST_IDEOGRAPH = "\u2e80"
_PADDING = 4.0  # points, both sides of a name together
_MOST_LINES = 3
_LEAST_ROOM = 5.0  # points: of a letter
_GIDS = {"stories": "story", "days": "day", "scenes": "scene"}
_LINE, _ROW_EDGE = 0.118, 0.052  # inches of a line of a scene's name, and of what surrounds lines


@dataclass(frozen=True, slots=True)
class Band:
    """What lies along the film in one respect: stories, days or scenes.

    Stretches in a row do not overlap; a name may take `n_lines`, which is 1 or more.
    """

    name: str
    rows: tuple[tuple[Scene, ...], ...]
    n_lines: int

    @property
    def row_height(self) -> float:
        """Of one row, in inches."""
        return _LINE * self.n_lines + _ROW_EDGE

    @property
    def height(self) -> float:
        """Of all rows, in inches."""
        return self.row_height * len(self.rows)


def bands_of(scenes: Sequence[Scene], *, film_duration_s: float, width: float) -> tuple[Band, ...]:
    """Return stories, days and scenes, as far as the scene table tells them.

    `width`: of the film, in points: it decides how many lines names take.
    """
    inside = [one for one in scenes if one.start_s < film_duration_s]
    layers = {
        "stories": scene_rows(tuple(_runs(inside, "story"))),
        "days": scene_rows(tuple(_runs(inside, "day"))),
        "scenes": scene_rows(inside),
    }
    point_s = film_duration_s / max(width, 1.0)
    return tuple(
        Band(name, tuple(map(tuple, rows)), _n_lines(rows, film_duration_s, point_s))
        for name, rows in layers.items()
        if rows
    )


def _runs(scenes: Sequence[Scene], respect: str) -> Iterator[Scene]:
    """Join scenes of the same story, or day, that follow each other."""
    ordered = sorted(scenes, key=lambda one: (one.start_s, one.end_s, one.name))
    for name, run in groupby(ordered, key=lambda one: getattr(one, respect)):
        parts = list(run)
        if name is not None:
            end_s = max(one.end_s for one in parts)
            yield Scene(name=name, start_s=parts[0].start_s, end_s=end_s)


def _n_lines(rows: Sequence[Sequence[Scene]], film_duration_s: float, point_s: float) -> int:
    """Return the fewest lines with which as many names as can be are whole."""
    boxes = [
        (one.name, (min(one.end_s, film_duration_s) - one.start_s) / point_s - _PADDING)
        for row in rows
        for one in row
    ]
    n_whole = [
        sum(_unspaced(name) == _unspaced(_named(name, room, n)) for name, room in boxes)
        for n in range(1, _MOST_LINES + 1)
    ]
    return 1 + n_whole.index(max(n_whole))


def _unspaced(text: str) -> str:
    return "".join(text.split())


def _named(name: str, room: float, n_lines: int) -> str:
    """Return a name as it stands in its box, empty where nothing of use would be left of it."""
    if room < _LEAST_ROOM:
        return ""
    text = fold(name, room, max_lines=n_lines, measure=partial(text_width, size=SMALL_SIZE))
    *whole, last = text.split("\n")
    head, name = " ".join(whole), " ".join(name.split())
    # a word that is broken anywhere is no word; Chinese may break between any two characters
    is_cut = last.endswith(ELLIPSIS) and not name.endswith(ELLIPSIS)
    is_legible = not is_cut or len(last) > _FEWEST_CHARACTERS
    is_at_words = not whole or name.startswith(f"{head} ") or name[:1] >= _FIRST_IDEOGRAPH
    return text if is_at_words and is_legible else ""


def set_time_ticks(axis: Axis, *, duration_s: float, length: float, label: float) -> None:
    """Mark an axis of seconds at round times and at its end.

    Every round time is written; the end is written as well where it does not run into the last.
    `length`: of the axis, in points; `label`: points that a label takes along it.
    """
    n_most = max(1, int(length / (label + _BETWEEN)))
    places = time_places(duration_s, max_ticks=n_most, room=0.0)
    is_end_written = (duration_s - places[-2]) * length / duration_s >= _APART * label
    axis.set_major_locator(FixedLocator(places))
    write = timecode if duration_s >= _HOUR_S else song_time

    def written(time_s: float, _: object = None) -> str:
        # a reader who pans to before the film finds no time there
        is_shown = time_s >= 0 and (is_end_written or time_s != duration_s)
        return write(time_s) if is_shown else ""

    axis.set_major_formatter(FuncFormatter(written))


def time_places(duration_s: float, *, max_ticks: int, room: float) -> list[float]:
    """Return round times of an axis, and its end.

    `duration_s`: where the axis ends; it begins at 0; `max_ticks`: at most so many steps; `room`:
    between the last multiple and the end, in steps.
    """
    longest_s = _STEPS_S[-1] * max(1, round(duration_s / _STEPS_S[-1] / max_ticks + 0.5))
    step_s = next((s for s in _STEPS_S if duration_s / s <= max_ticks), longest_s)
    places = range(step_s, int(duration_s - room * step_s) + 1, step_s)
    return [0.0, *(place for place in places if place < duration_s), duration_s]


def set_film_axis(ax: Axes, *, duration_s: float) -> None:
    """Make x the axis of film time, and the frame of an axes as light as its ticks."""
    ax.set_xlim(0, duration_s)
    label = text_width(timecode(duration_s) if duration_s >= _HOUR_S else "00:00", size=TEXT_SIZE)
    set_time_ticks(ax.xaxis, duration_s=duration_s, length=points_wide(ax), label=label)
    set_frame(ax)


def set_frame(ax: Axes) -> None:
    """Make the frame of an axes as light as its ticks, at the left and below alone."""
    ax.tick_params(labelsize=TEXT_SIZE, color=SOFT_INK, length=2.5, width=RULE_WIDTH)
    ax.set_axisbelow(True)
    ax.spines[:].set(linewidth=RULE_WIDTH, color=SOFT_INK)
    ax.spines[["top", "right"]].set_visible(False)


def points_wide(ax: Axes) -> float:
    """Return how wide an axes is, in points."""
    return float(ax.bbox.width / ax.figure.dpi * POINTS_PER_INCH)


def points_high(ax: Axes) -> float:
    """Return how high an axes is, in points."""
    return float(ax.bbox.height / ax.figure.dpi * POINTS_PER_INCH)


def time_form(duration_s: float) -> str:
    """Return how `set_time_ticks` writes the times of an axis that long.

    `duration_s`: where the axis ends.
    """
    return "h:mm:ss" if duration_s >= _HOUR_S else "m:ss"


def shade_scenes(ax: Axes, scenes: Sequence[Scene]) -> None:
    """Shade every other scene over the whole height; of scenes that overlap, the first row."""
    for scene in _shaded(scene_rows(scenes)):
        ax.axvspan(scene.start_s, scene.end_s, color=BAND, linewidth=0, zorder=0.1, gid="scene")


def scene_rows(scenes: Sequence[Scene]) -> list[list[Scene]]:
    """Lay scenes into as few rows as keep overlapping ones apart."""
    rows: list[list[Scene]] = []
    for scene in sorted(scenes, key=lambda one: (one.start_s, one.end_s, one.name)):
        row = next((row for row in rows if row[-1].end_s <= scene.start_s), None)
        if row is None:
            rows.append([scene])
        else:
            row.append(scene)
    return rows


def draw_bands(
    ax: Axes, bands: Sequence[Band], *, top: float, inch: float, film_duration_s: float
) -> list[tuple[float, str]]:
    """Draw stories, days and scenes as boxes that bear their names, as far as these fit.

    `top`: where the first row begins; `inch`: how much of the y axis an inch is. Returns the middle
    of each band and its name.
    """
    places = []
    for band in bands:
        for index, row in enumerate(band.rows):
            shaded = _shaded([row]) if index == 0 else []
            for scene in row:
                low = top + index * band.row_height * inch
                box = Rectangle(
                    (scene.start_s, low),
                    min(scene.end_s, film_duration_s) - scene.start_s,
                    band.row_height * inch,
                    facecolor=BAND if scene in shaded else "1.0",
                    edgecolor=SOFT_INK,
                    linewidth=RULE_WIDTH,
                    gid=_GIDS[band.name],
                )
                ax.add_patch(box)
                _write_name(ax, scene.name, box, band, film_duration_s=film_duration_s)
        places.append((top + band.height * inch / 2, band.name))
        top += band.height * inch
    return places


def _write_name(ax: Axes, name: str, box: Rectangle, band: Band, *, film_duration_s: float) -> None:
    room = points_wide(ax) * box.get_width() / film_duration_s - _PADDING
    text = _named(name, room, band.n_lines)
    if text:
        ax.text(
            box.get_x() + box.get_width() / 2,
            box.get_y() + box.get_height() / 2,
            drawable(text),
            ha="center",
            va="center" if "\n" in text else "center_baseline",
            linespacing=1.0,
            fontsize=SMALL_SIZE,
            color=INK,
            family=families(text),
            parse_math=False,
            gid="scene-name",
        )


def _shaded(rows: Sequence[Sequence[Scene]]) -> Sequence[Scene]:
    return rows[0][1::2] if rows else []
