"""Edits of scenes: drawn, named, moved, taken away."""

from collections.abc import Callable

from ostinato.results import Scene
from ostinato.review.entries import Content, Entry
from ostinato.review.placing import place_scene
from ostinato.review.workbench import Misfit, Workbench
from ostinato.timeline import Interval


def _draw(bench: Workbench, entry: Entry) -> None:
    bench.scenes.append(_scene(bench, entry.becomes[0]))


def _name(bench: Workbench, entry: Entry) -> None:
    one = _seen(bench, entry.seen[0])
    content = entry.becomes[0]
    named = Scene(
        name=content.name or one.name,
        start_s=one.start_s,
        end_s=one.end_s,
        story=content.story,
        day=content.day,
    )
    _exchange(bench, one, named)


def _move(bench: Workbench, entry: Entry) -> None:
    one = _seen(bench, entry.seen[0])
    _exchange(bench, one, _scene(bench, entry.becomes[0], name=one.name))


def _remove(bench: Workbench, entry: Entry) -> None:
    bench.scenes.remove(_seen(bench, entry.seen[0]))


def _exchange(bench: Workbench, old: Scene, new: Scene) -> None:
    bench.scenes[bench.scenes.index(old)] = new


def _scene(bench: Workbench, content: Content, *, name: str | None = None) -> Scene:
    interval = content.interval
    film = None if interval is None else interval.intersection(Interval(0.0, bench.film_s))
    if film is None:
        raise Misfit("it lies outside the film")
    named = content.name or name
    if not named:
        raise Misfit("it has no name")
    return Scene(
        name=named,
        start_s=film.start_s,
        end_s=film.end_s,
        story=content.story,
        day=content.day,
    )


def _seen(bench: Workbench, content: Content) -> Scene:
    one = place_scene(content, bench.scenes)
    if one is None:
        raise Misfit("no scene lies there any more")
    return one


SCENE_EDITS: dict[tuple[str, str], Callable[[Workbench, Entry], None]] = {
    ("scene", "draw"): _draw,
    ("scene", "name"): _name,
    ("scene", "move"): _move,
    ("scene", "remove"): _remove,
}
