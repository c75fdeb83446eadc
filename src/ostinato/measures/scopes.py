"""The stretches of film that measures are given for: the film, its stories, days and scenes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ostinato.errors import ParameterError
from ostinato.results import FILM, Occurrence, Scene, Scope, Side, SpeechSegment
from ostinato.timeline import Interval, Timeline

BEGINNINGS_PERCENT = (10, 20, 33)
_SIDES: tuple[Side, Side] = ("first", "after")


def scopes_of(scenes: Sequence[Scene], *, film_duration_s: float) -> dict[Scope, Timeline]:
    """Name every stretch that a measure is given for.

    Parameters
    ----------
    scenes : sequence of Scene
        In any order; scenes of one name are one scope.
    film_duration_s : float
        Length of the film; scopes end there at the latest.

    Returns
    -------
    dict of Scope to Timeline
        The film, then each story, each day and each scene, in the order of the scene table. None is
        empty.

    Raises
    ------
    ParameterError
        If the film has no length, or a scene begins after it has ended.
    """
    film = Timeline((Interval(0.0, film_duration_s),))
    for scene in scenes:
        if scene.start_s >= film_duration_s:
            raise ParameterError(
                f"scene {scene.name!r}",
                f"it begins at {scene.start_s:.0f} s and the film ends at {film_duration_s:.0f} s",
                "Take the scene's times from the edition that is analysed",
            )
    stories = _grouped((Scope.story(s.story), s) for s in scenes if s.story is not None)
    days = _grouped((Scope.day(s.day), s) for s in scenes if s.day is not None)
    named = _grouped((Scope.scene(s.name), s) for s in scenes)
    groups = {**stories, **days, **named}
    return {FILM: film} | {name: timeline & film for name, timeline in groups.items()}


def beginnings(scenes: Sequence[Scene], *, film_duration_s: float) -> dict[Scope, Timeline]:
    """Name what comes before and after the first tenth, fifth and third of film and stories.

    `film_duration_s`: length of the film. Raises ParameterError if the film has no length, or a
    scene begins after it has ended.
    """
    named = scopes_of(scenes, film_duration_s=film_duration_s)
    return {
        scope.part(side, percent): part
        for scope, within in named.items()
        if scope.kind in {"film", "story"}
        for percent in BEGINNINGS_PERCENT
        for side, part in zip(
            _SIDES, _parted(within, within.duration_s * percent / 100), strict=True
        )
    }


def voice_scopes(speech: Sequence[SpeechSegment]) -> dict[Scope, Timeline]:
    """Name the speech of each voice."""
    heard: dict[Scope, list[Interval]] = {}
    for segment in speech:
        if segment.voice is not None:
            heard.setdefault(Scope.voice(segment.voice), []).append(segment.interval)
    return {scope: Timeline.of(own) for scope, own in heard.items()}


def name_scenes(
    occurrences: Sequence[Occurrence], scenes: Sequence[Scene]
) -> tuple[Occurrence, ...]:
    """Give each occurrence the scene in which most of it is heard.

    Parameters
    ----------
    occurrences : sequence of Occurrence
        In any order.
    scenes : sequence of Scene
        May overlap; of two that hold as much of an occurrence, the shorter is named.

    Returns
    -------
    tuple of Occurrence
        In the same order; `scene` is None where no scene is marked.
    """
    return tuple(replace(one, scene=_scene_of(one, scenes)) for one in occurrences)


def _parted(timeline: Timeline, first_s: float) -> tuple[Timeline, Timeline]:
    """Part a timeline after as many of its seconds."""
    before: list[Interval] = []
    for interval in timeline:
        left_s = first_s - sum(i.duration_s for i in before)
        end_s = min(interval.end_s, interval.start_s + left_s)
        if end_s <= interval.start_s:  # what is left may be too little to move a float
            break
        before.append(Interval(interval.start_s, end_s))
    first = Timeline(tuple(before))
    return first, timeline - first


def _scene_of(occurrence: Occurrence, scenes: Sequence[Scene]) -> str | None:
    shared = [(scene.interval.intersection(occurrence.film), scene) for scene in scenes]
    held = [
        (part.duration_s, -scene.interval.duration_s, -scene.start_s, scene.name)
        for part, scene in shared
        if part is not None
    ]
    return max(held)[-1] if held else None


def _grouped(named_scenes: Iterable[tuple[Scope, Scene]]) -> dict[Scope, Timeline]:
    groups: dict[Scope, Timeline] = {}
    for name, scene in named_scenes:
        groups[name] = groups.get(name, Timeline()) | Timeline((scene.interval,))
    return groups
