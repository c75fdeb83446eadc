"""The stretches of film that measures are given for: the film, its stories, days and scenes."""

from collections.abc import Iterable, Sequence

from ostinato.errors import ParameterError
from ostinato.results import Scene
from ostinato.timeline import Interval, Timeline


def scopes(scenes: Sequence[Scene], *, film_duration_s: float) -> dict[str, Timeline]:
    """Name every stretch that a measure is given for.

    Parameters
    ----------
    scenes : sequence of Scene
        In any order; scenes of one name are one scope.
    film_duration_s : float
        Length of the film; scopes end there at the latest.

    Returns
    -------
    dict of str to Timeline
        ``film``, then each ``story: NAME``, each ``day: NAME`` and each scene by its name, in the
        order of the scene table. None is empty.

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
    stories = _grouped((f"story: {s.story}", s) for s in scenes if s.story is not None)
    days = _grouped((f"day: {s.day}", s) for s in scenes if s.day is not None)
    named = _grouped((s.name, s) for s in scenes)
    groups = {**stories, **days, **named}
    return {"film": film} | {name: timeline & film for name, timeline in groups.items()}


def _grouped(named_scenes: Iterable[tuple[str, Scene]]) -> dict[str, Timeline]:
    groups: dict[str, Timeline] = {}
    for name, scene in named_scenes:
        groups[name] = groups.get(name, Timeline()) | Timeline((scene.interval,))
    return groups
