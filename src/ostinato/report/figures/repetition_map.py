"""The repetition map: where in the film which part of a song is heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes

from ostinato.report.figures.film_axis import set_film_axis, set_time_ticks, shade_scenes
from ostinato.report.figures.style import (
    INK,
    POINTS_PER_INCH,
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

Look = dict[str, Any]
STROKE: Look = {"color": INK, "linewidth": STROKE_WIDTH, "solid_capstyle": "butt"}
ALIKE: Look = {"color": INK, "linewidth": STROKE_WIDTH, "linestyle": (0, (1.2, 0.5))}
MASKED: Look = {"color": INK, "linewidth": THIN_WIDTH, "solid_capstyle": "butt"}
GOES_ON: Look = {"color": SOFT_INK, "linewidth": 0.9, "linestyle": (0, (1, 1.6))}
STOPS: Look = {"marker": "o", "markersize": 3.4, "color": INK, "markerfacecolor": "1.0"}
STARTS: Look = {"marker": "o", "markersize": 3.4, "color": INK, "markerfacecolor": INK}
RIVAL: Look = {"marker": "D", "markersize": 2.6, "color": SOFT_INK, "markerfacecolor": "1.0"}
_MARK: Look = {"linestyle": "none", "markeredgewidth": 0.7, "zorder": 3.0, "clip_on": False}
_TICK_ROOM = 0.25  # inches of height for each tick of song time
_MOST_TICKS = 6
_LIFT = 3.0  # points from the map up to the identifiers


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
) -> Axes:
    """Draw one song's occurrences: film time across, song time up.

    Each occurrence is a stroke. Occurrences of one playing are joined by a thin line, since the
    record kept turning behind what masks it. Where a playing goes on where the one before it had
    stopped, a dotted line leads from an open circle to a full one; a song that stops at its end and
    goes on at its beginning leaves through the top and comes back from below. A small diamond
    marks another song time that fits the start of an occurrence as well. A stroke is broken where
    only the song's spectrum is met. Identifiers stand above.

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

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    own = sorted((o for o in occurrences if o.song_id == song.id), key=lambda o: (o.film, o.id))
    _set_axes(ax, song_duration_s=song.duration_s, film_duration_s=film_duration_s)
    shade_scenes(ax, scenes)
    _draw_playings(ax, own)
    _draw_goings_on(ax, own, transitions, song_duration_s=song.duration_s)
    for one in own:
        look = STROKE if one.likeness == "waveform" else ALIKE
        ax.plot(*_ends(one), **look, gid=one.id, zorder=2.5)
        for rival_s in one.rivals_song_s:
            ax.plot([one.film_start_s], [rival_s], **RIVAL, **_MARK, gid=f"{one.id}-rival")
    _write_identifiers(ax, own, film_duration_s=film_duration_s)
    return ax


def _set_axes(ax: Axes, *, song_duration_s: float, film_duration_s: float) -> None:
    set_film_axis(ax, duration_s=film_duration_s, max_ticks=8)
    ax.set_ylim(0, song_duration_s)
    n_places = min(_MOST_TICKS, max(1, int(ax.bbox.height / ax.figure.dpi / _TICK_ROOM)))
    set_time_ticks(ax.yaxis, duration_s=song_duration_s, max_ticks=n_places, room=0.5)
    ax.grid(visible=True, axis="y", color=RULE, linewidth=RULE_WIDTH)
    ax.spines["top"].set(visible=True, color=RULE)  # where the song ends


def _ends(one: Occurrence) -> tuple[list[float], list[float]]:
    return [one.film_start_s, one.film_end_s], [one.song_start_s, one.song_end_s]


def _draw_playings(ax: Axes, own: Sequence[Occurrence]) -> None:
    """Join what one playing consists of."""
    for playing_id in dict.fromkeys(o.playing_id for o in own):
        parts = [o for o in own if o.playing_id == playing_id]
        for before, after in pairwise(parts):
            film_s = [before.film_end_s, after.film_start_s]
            song_s = [before.song_end_s, after.song_start_s]
            ax.plot(film_s, song_s, **MASKED, gid=f"{before.id}-{after.id}-masked")


def _draw_goings_on(
    ax: Axes,
    own: Sequence[Occurrence],
    transitions: Sequence[Transition],
    *,
    song_duration_s: float,
) -> None:
    by_id = {o.id: o for o in own}
    for move in transitions:
        before, after = by_id.get(move.from_id), by_id.get(move.to_id)
        if not move.continues or before is None or after is None:
            continue
        name = f"{move.from_id}-{move.to_id}"
        film_s = [before.film_end_s, after.film_start_s]
        unwrapped_s = before.song_end_s + move.gap_s
        # the song is a ring: over its end the line leaves at the top and comes in at the bottom
        n_turns = round((unwrapped_s - after.song_start_s) / song_duration_s)
        for turned_s in (n * song_duration_s for n in sorted({0, n_turns})):
            song_s = [before.song_end_s - turned_s, unwrapped_s - turned_s]
            ax.plot(film_s, song_s, **GOES_ON, gid=f"{name}-goes-on")
        ax.plot(film_s[:1], [before.song_end_s], **STOPS, **_MARK, gid=f"{name}-stops")
        ax.plot(film_s[1:], [after.song_start_s], **STARTS, **_MARK, gid=f"{name}-starts")


def _write_identifiers(ax: Axes, own: Sequence[Occurrence], *, film_duration_s: float) -> None:
    """Write identifiers in a row over the map; those that would collide share a place."""
    point_s = film_duration_s / (ax.bbox.width / ax.figure.dpi * POINTS_PER_INCH)
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
