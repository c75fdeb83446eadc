"""The repetition map: where in the film which part of a song is heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes

from ostinato.report.figures.film_axis import (
    points_high,
    points_wide,
    set_film_axis,
    set_time_ticks,
    shade_scenes,
)
from ostinato.report.figures.style import (
    INK,
    RULE,
    RULE_WIDTH,
    SMALL_SIZE,
    SOFT_INK,
    STROKE_WIDTH,
    THIN_WIDTH,
    families,
    text_width,
)
from ostinato.report.wording import id_ranges
from ostinato.results import Occurrence, Scene, Song, Transition

_LINE = 9.2  # points that a label of song time takes upwards
_LIFT = 3.0  # points from the map up to the identifiers
_ROOMY = 12.0  # points of film for each occurrence, from which on marks have their full size
_LEAST_SHARE = 0.42  # of the full size
_MARK = 3.4


@dataclass(frozen=True, slots=True)
class Marks:
    """How one song's map is drawn: in one colour, and as heavy as so many occurrences allow.

    `scale` is 1 where there is room, and less where marks would cover strokes.
    """

    colour: str = INK
    scale: float = 1.0

    @property
    def heard(self) -> dict[str, Any]:
        """Of an occurrence."""
        return {"color": self.colour, "linewidth": self._wide, "solid_capstyle": "butt"}

    @property
    def alike(self) -> dict[str, Any]:
        """Of an occurrence of the lower grade."""
        return {"color": self.colour, "linewidth": self._wide, "linestyle": (0, (1.2, 0.5))}

    @property
    def masked(self) -> dict[str, Any]:
        """Of what lies between occurrences of one playing."""
        return {"color": self.colour, "linewidth": THIN_WIDTH, "solid_capstyle": "butt"}

    @property
    def goes_on(self) -> dict[str, Any]:
        """Of what lies between a playing and the next, which goes on."""
        return {"color": SOFT_INK, "linewidth": 0.9 * self.scale, "linestyle": (0, (1, 1.6))}

    @property
    def stops(self) -> dict[str, Any]:
        """Of where a playing stops that the next one takes up."""
        return self._circle("1.0")

    @property
    def starts(self) -> dict[str, Any]:
        """Of where a playing takes up the one before."""
        return self._circle(self.colour)

    @property
    def rival(self) -> dict[str, Any]:
        """Of another song time that fits a start."""
        size = 2.6 * self.scale
        return {"marker": "D", "markersize": size, "color": SOFT_INK, "markerfacecolor": "1.0"}

    @property
    def _wide(self) -> float:
        return STROKE_WIDTH * self.scale

    def _circle(self, face: str) -> dict[str, Any]:
        size = _MARK * self.scale
        return {"marker": "o", "markersize": size, "color": self.colour, "markerfacecolor": face}


@dataclass(frozen=True, slots=True)
class _Group:
    """Occurrences that share one place for their identifiers."""

    ids: tuple[str, ...]
    start_s: float
    end_s: float

    @property
    def name(self) -> str:
        return id_ranges(self.ids)

    def reach(self, point_s: float) -> tuple[float, float]:
        """Return the film times between which the name stands, with room to its neighbours."""
        middle_s = (self.start_s + self.end_s) / 2
        half_s = (text_width(self.name, size=SMALL_SIZE) / 2 + 1.5) * point_s
        return middle_s - half_s, middle_s + half_s


def draw_repetition_map(
    ax: Axes,
    occurrences: Sequence[Occurrence],
    *,
    song: Song,
    film_duration_s: float,
    transitions: Sequence[Transition] = (),
    scenes: Sequence[Scene] = (),
    colour: str = INK,
) -> Axes:
    """Draw one song's occurrences: film time across, song time up.

    Each occurrence is a stroke. Occurrences of one playing are joined by a thin line, since the
    record kept turning behind what masks it. Where a playing goes on where the one before it had
    stopped, a dotted line leads from an open circle to a full one; a song that stops at its end and
    goes on at its beginning leaves through the top and comes back from below. A small diamond
    marks another song time that fits the start of an occurrence as well. A stroke is broken where
    only the song's spectrum is met. Identifiers stand above. Where occurrences are dense, strokes
    and marks are thinner, so that none covers another.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; both axes are in seconds.
    occurrences : sequence of Occurrence
        Of any songs, in any order; those of `song` are drawn.
    song : Song
        Whose map it is.
    film_duration_s : float
        Right end of the film's axis, so that maps of one film compare.
    transitions : sequence of Transition, optional
        Of any songs.
    scenes : sequence of Scene, optional
        Every other one is shaded.
    colour : str, optional
        Of the song.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    of_song = (o for o in occurrences if o.song_id == song.id and o.is_timed)
    own = sorted(of_song, key=lambda o: (o.film, o.id))
    marks = Marks(colour, scale_of(len(own), width=points_wide(ax)))
    _set_axes(ax, song_duration_s=song.duration_s, film_duration_s=film_duration_s)
    shade_scenes(ax, scenes)
    _draw_playings(ax, own, marks)
    _draw_goings_on(ax, own, transitions, song_duration_s=song.duration_s, marks=marks)
    for one in own:
        look = marks.heard if one.likeness == "waveform" else marks.alike
        ax.plot(*_ends(one), **look, gid=one.id, zorder=2.5)
        for rival_s in one.rivals_song_s:
            name = f"{one.id}-rival"
            ax.plot([one.film_start_s], [rival_s], **marks.rival, **_placed(marks), gid=name)
    _write_identifiers(ax, own, film_duration_s=film_duration_s)
    return ax


def scale_of(n_occurrences: int, *, width: float) -> float:
    """Return how large marks of so many occurrences are, from less than 1 to 1.

    `width`: of the map, in points.
    """
    return min(1.0, max(_LEAST_SHARE, width / max(n_occurrences, 1) / _ROOMY))


def _placed(marks: Marks) -> dict[str, Any]:
    edge = 0.7 * marks.scale
    return {"linestyle": "none", "markeredgewidth": edge, "zorder": 3.0, "clip_on": False}


def _set_axes(ax: Axes, *, song_duration_s: float, film_duration_s: float) -> None:
    set_film_axis(ax, duration_s=film_duration_s)
    ax.set_ylim(0, song_duration_s)
    set_time_ticks(ax.yaxis, duration_s=song_duration_s, length=points_high(ax), label=_LINE)
    ax.grid(visible=True, axis="y", color=RULE, linewidth=RULE_WIDTH)
    ax.spines["top"].set(visible=True, color=RULE)  # where the song ends


def _ends(one: Occurrence) -> tuple[list[float], list[float]]:
    return [one.film_start_s, one.film_end_s], [one.song.start_s, one.song.end_s]


def _draw_playings(ax: Axes, own: Sequence[Occurrence], marks: Marks) -> None:
    """Join what one playing consists of."""
    for playing_id in dict.fromkeys(o.playing_id for o in own):
        parts = [o for o in own if o.playing_id == playing_id]
        for before, after in pairwise(parts):
            film_s = [before.film_end_s, after.film_start_s]
            song_s = [before.song.end_s, after.song.start_s]
            ax.plot(film_s, song_s, **marks.masked, gid=f"{before.id}-{after.id}-masked")


def _draw_goings_on(
    ax: Axes,
    own: Sequence[Occurrence],
    transitions: Sequence[Transition],
    *,
    song_duration_s: float,
    marks: Marks,
) -> None:
    by_id = {o.id: o for o in own}
    for move in transitions:
        before, after = by_id.get(move.from_id), by_id.get(move.to_id)
        if not move.continues or before is None or after is None:
            continue
        name = f"{move.from_id}-{move.to_id}"
        film_s = [before.film_end_s, after.film_start_s]
        unwrapped_s = before.song.end_s + move.gap_s
        # the song is a ring: over its end the line leaves at the top and comes in at the bottom
        n_turns = round((unwrapped_s - after.song.start_s) / song_duration_s)
        for turned_s in (n * song_duration_s for n in sorted({0, n_turns})):
            song_s = [before.song.end_s - turned_s, unwrapped_s - turned_s]
            ax.plot(film_s, song_s, **marks.goes_on, gid=f"{name}-goes-on")
        ax.plot(
            film_s[:1], [before.song.end_s], **marks.stops, **_placed(marks), gid=f"{name}-stops"
        )
        ax.plot(
            film_s[1:], [after.song.start_s], **marks.starts, **_placed(marks), gid=f"{name}-starts"
        )


def _write_identifiers(ax: Axes, own: Sequence[Occurrence], *, film_duration_s: float) -> None:
    """Write identifiers in a row over the map; those that would collide share a place."""
    point_s = film_duration_s / points_wide(ax)
    groups: list[_Group] = []
    for one in own:
        groups.append(_Group((one.id,), one.film_start_s, one.film_end_s))
        while len(groups) > 1 and groups[-2].reach(point_s)[1] > groups[-1].reach(point_s)[0]:
            before, after = groups[-2:]
            groups[-2:] = [_Group(before.ids + after.ids, before.start_s, after.end_s)]
    for group in groups:
        ax.annotate(
            group.name,
            (min(max((group.start_s + group.end_s) / 2, 0.0), film_duration_s), 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, _LIFT),
            textcoords="offset points",
            ha="center",
            va="baseline",
            fontsize=SMALL_SIZE,
            color=SOFT_INK,
            family=families(),
            gid="identifier",
        )
