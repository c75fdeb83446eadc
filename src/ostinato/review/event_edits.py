"""Edits of occurrences and of scenes, as they change the rows of results."""

from collections.abc import Callable

from ostinato.results import (
    UNNAMED,
    AsFound,
    Occurrence,
    OccurrenceName,
    OccurrencePlace,
    Scene,
    SongMatch,
    WordOnOccurrence,
    occurrence_of,
)
from ostinato.review.entries import Content, Entry
from ostinato.review.workbench import (
    Misfit,
    Workbench,
    overlap,
    place_occurrence,
    place_scene,
    song_of,
)
from ostinato.timeline import Interval

_LEAST_S = 0.01  # what is shorter is no stretch that anybody hears


def _accept(bench: Workbench, entry: Entry) -> None:
    one = _seen(bench, entry.seen[0])
    bench.replace_occurrences([one], [_accepted(one)])
    bench.touch(entry.sequence, one.id)


def _reject(bench: Workbench, entry: Entry) -> None:
    one = _seen(bench, entry.seen[0])
    bench.replace_occurrences([one], [])
    if one.review == "added":  # nobody found it: it goes as it came
        bench.touched.pop(one.id, None)
        return
    bench.rejected.append(as_program_found(one))
    bench.touch(entry.sequence, one.id)


def _move(bench: Workbench, entry: Entry) -> None:
    one = _seen(bench, entry.seen[0])
    bench.replace_occurrences([one], [_moved(bench, one, entry.becomes[0], name=one.id)])
    bench.touch(entry.sequence, one.id)


def _add(bench: Workbench, entry: Entry) -> None:
    content = entry.becomes[0]
    song = song_of(content, bench.songs)
    if song is None:
        raise Misfit(f"the song {content.song!r} is no longer looked for")
    film = _within_film(bench, content)
    found = place_occurrence(content, bench.occurrences.values(), bench.songs)
    if found is not None:  # by now the program says so too
        bench.replace_occurrences([found], [_accepted(found)])
        bench.touch(entry.sequence, found.id)
        return
    name = bench.new_id("O", _names(bench))
    bench.occurrences[name] = _added(content, film, song_id=song.id, name=name)
    for candidate in list(bench.candidates.values()):
        if candidate.song_id == song.id and overlap(film, candidate.film):
            del bench.candidates[candidate.id]
    bench.touch(entry.sequence, name)


def _split(bench: Workbench, entry: Entry) -> None:
    one = _seen(bench, entry.seen[0])
    first, *rest = entry.becomes
    names = [one.id, *(bench.new_id("O", _names(bench)) for _ in rest)]
    parts = [
        _moved(bench, one, content, name=name)
        for content, name in zip((first, *rest), names, strict=True)
    ]
    bench.replace_occurrences([one], parts)
    bench.touch(entry.sequence, *names, of=[one.id])


def _merge(bench: Workbench, entry: Entry) -> None:
    several = [_seen(bench, content) for content in entry.seen]
    if len({one.id for one in several}) < len(several):
        raise Misfit("two of what is merged are one by now")
    first = several[0]
    whole = _moved(bench, first, entry.becomes[0], name=first.id)
    bench.replace_occurrences(several, [whole])
    bench.touch(entry.sequence, first.id, of=[one.id for one in several])


def as_program_found(one: Occurrence) -> Occurrence:
    """Return an occurrence as the program had it, as far as edges and song time go."""
    before = one.found
    if before is None:
        return one.with_parts(WordOnOccurrence(decided_by=one.decided_by))
    return one.with_parts(before, WordOnOccurrence())


def _seen(bench: Workbench, content: Content) -> Occurrence:
    one = place_occurrence(content, bench.occurrences.values(), bench.songs)
    if one is None:
        if song_of(content, bench.songs) is None:
            raise Misfit(f"the song {content.song!r} is no longer looked for")
        raise Misfit("the song is not found there, at this song time, any more")
    return one


def _names(bench: Workbench) -> list[str]:
    return [*bench.occurrences, *(one.id for one in bench.rejected)]


def _within_film(bench: Workbench, content: Content) -> Interval:
    interval = content.interval
    film = None if interval is None else interval.intersection(Interval(0.0, bench.film_s))
    if film is None or film.duration_s < _LEAST_S:
        raise Misfit("it lies outside the film")
    return film


def _accepted(one: Occurrence) -> Occurrence:
    return (
        one if one.decided_by == "person" else one.with_parts(WordOnOccurrence(review="accepted"))
    )


def _moved(bench: Workbench, one: Occurrence, content: Content, *, name: str) -> Occurrence:
    """Lay an occurrence anew: what was measured over its old stretch is not known of the new."""
    film = _within_film(bench, content)
    fresh = _added(content, film, song_id=one.song_id, name=name)
    if one.review == "added":
        return fresh
    match = SongMatch(pitch=None, score=None, likeness=one.likeness)
    word = WordOnOccurrence(decided_by="person", review="moved", found=one.found or AsFound.of(one))
    return fresh.with_parts(match, word)


def _added(content: Content, film: Interval, *, song_id: str, name: str) -> Occurrence:
    place = OccurrencePlace(
        film_start_s=film.start_s,
        film_end_s=film.end_s,
        song_start_s=content.song_start_s,
        song_end_s=content.song_end_s,
        speed=content.speed,
    )
    named = OccurrenceName(id=name, playing_id=UNNAMED.playing_id)
    return occurrence_of(
        song_id, place, named, WordOnOccurrence(decided_by="person", review="added")
    )


OCCURRENCE_EDITS: dict[tuple[str, str], Callable[[Workbench, Entry], None]] = {
    ("occurrence", "accept"): _accept,
    ("occurrence", "reject"): _reject,
    ("occurrence", "move"): _move,
    ("occurrence", "add"): _add,
    ("occurrence", "split"): _split,
    ("occurrence", "merge"): _merge,
}


def _draw(bench: Workbench, entry: Entry) -> None:
    bench.scenes.append(_scene(bench, entry.becomes[0]))


def _name(bench: Workbench, entry: Entry) -> None:
    one = _seen_scene(bench, entry.seen[0])
    content = entry.becomes[0]
    named = Scene(
        name=content.name or one.name,
        start_s=one.start_s,
        end_s=one.end_s,
        story=content.story,
        day=content.day,
    )
    _exchange(bench, one, named)


def _move_scene(bench: Workbench, entry: Entry) -> None:
    one = _seen_scene(bench, entry.seen[0])
    _exchange(bench, one, _scene(bench, entry.becomes[0], name=one.name))


def _remove(bench: Workbench, entry: Entry) -> None:
    bench.scenes.remove(_seen_scene(bench, entry.seen[0]))


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


def _seen_scene(bench: Workbench, content: Content) -> Scene:
    one = place_scene(content, bench.scenes)
    if one is None:
        raise Misfit("no scene lies there any more")
    return one


SCENE_EDITS: dict[tuple[str, str], Callable[[Workbench, Entry], None]] = {
    ("scene", "draw"): _draw,
    ("scene", "name"): _name,
    ("scene", "move"): _move_scene,
    ("scene", "remove"): _remove,
}
