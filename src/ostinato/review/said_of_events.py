"""What a person may say of occurrences and of scenes: what was seen, and what it becomes."""

from collections.abc import Sequence
from dataclasses import replace

from ostinato.errors import ParameterError
from ostinato.results import (
    Candidate,
    Occurrence,
    Results,
    Scene,
    Song,
)
from ostinato.review.entries import Content, Edit, Entry, check_within

_NO_TIME_S = 1e-4
"""Of song time: less than the millisecond to which a person writes times."""


def accept_occurrence(one: Occurrence, results: Results) -> Edit:
    """Confirm by ear that a song is heard as it was found.

    Parameters
    ----------
    one : Occurrence
        An occurrence of the results.
    results : Results
        That the person looks at.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    content = occurrence_content(one, results)
    return Edit(on="occurrence", act="accept", seen=(content,), becomes=(content,))


def reject_occurrence(one: Occurrence, results: Results) -> Edit:
    """Say that a song is not heard where it was found.

    Parameters
    ----------
    one : Occurrence
        An occurrence of the results.
    results : Results
        That the person looks at.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    return Edit(on="occurrence", act="reject", seen=(occurrence_content(one, results),))


def move_occurrence(
    one: Occurrence,
    results: Results,
    *,
    start_s: float,
    end_s: float,
    song_start_s: float | None = None,
) -> Edit:
    """Move the edges of an occurrence, or its song time.

    Parameters
    ----------
    one : Occurrence
        An occurrence of the results.
    results : Results
        That the person looks at.
    start_s : float
        Film time of the start.
    end_s : float
        Film time of the end.
    song_start_s : float, optional
        Song time of the start; None if it is as before, or not known.

    Returns
    -------
    Edit
        To be given to `Journal.append`.

    Raises
    ------
    ParameterError
        If it would begin before the song does, or end after it.
    """
    seen = occurrence_content(one, results)
    becomes = replace(seen, start_s=start_s, end_s=end_s)
    first_s = _song_s(one, start_s) if song_start_s is None else song_start_s
    if first_s is not None:
        last_s = first_s + (end_s - start_s) * (one.speed or 1.0)
        first_s = _within_song(one, results, start_s, first_s, last_s)
        becomes = replace(becomes, song_start_s=first_s, song_end_s=last_s, speed=one.speed or 1.0)
    return Edit(on="occurrence", act="move", seen=(seen,), becomes=(becomes,))


def add_occurrence(
    song: Song,
    start_s: float,
    end_s: float,
    *,
    song_start_s: float | None = None,
    speed: float | None = None,
) -> Edit:
    """Say that a song is heard where it was not found.

    Parameters
    ----------
    song : Song
        That is heard.
    start_s : float
        Film time of the start.
    end_s : float
        Film time of the end.
    song_start_s : float, optional
        Song time of the start; None if it is as before, or not known.
    speed : float, optional
        Seconds of song per second of film; 1 if left out and the song time is known.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    content = Content(
        start_s=start_s,
        end_s=end_s,
        song=song.title,
        song_pcm_sha256=song.pcm_sha256,
        song_start_s=song_start_s,
        song_end_s=None
        if song_start_s is None
        else song_start_s + (end_s - start_s) * (speed or 1.0),
        speed=(speed or 1.0) if song_start_s is not None else None,
    )
    return Edit(on="occurrence", act="add", becomes=(content,))


def promote_candidate(one: Candidate, results: Results) -> Edit:
    """Say that a faint candidate is an occurrence.

    Parameters
    ----------
    one : Candidate
        A candidate of the results.
    results : Results
        That the person looks at.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    return Edit(on="occurrence", act="add", becomes=(occurrence_content(one, results),))


def split_occurrence(one: Occurrence, results: Results, *, at_s: float) -> Edit:
    """Part an occurrence in two, at a film time.

    Parameters
    ----------
    one : Occurrence
        An occurrence of the results.
    results : Results
        That the person looks at.
    at_s : float
        Film time of the cut.

    Returns
    -------
    Edit
        To be given to `Journal.append`.

    Raises
    ------
    ParameterError
        If what would come of it is no such row.
    """
    seen = occurrence_content(one, results)
    check_within(at_s, one.film)
    song_s = _song_s(one, at_s)
    first, second = replace(seen, end_s=at_s), replace(seen, start_s=at_s)
    if song_s is not None:
        first, second = replace(first, song_end_s=song_s), replace(second, song_start_s=song_s)
    return Edit(on="occurrence", act="split", seen=(seen,), becomes=(first, second))


def merge_occurrences(several: Sequence[Occurrence], results: Results) -> Edit:
    """Make one occurrence of several of one song, from the first to the last.

    Parameters
    ----------
    several : sequence of Occurrence
        Two or more, in any order.
    results : Results
        That the person looks at.

    Returns
    -------
    Edit
        To be given to `Journal.append`.

    Raises
    ------
    ParameterError
        If what would come of it is no such row.
    """
    ordered = sorted(several, key=lambda one: one.film_start_s)
    if len(ordered) < 2 or len({one.song_id for one in ordered}) > 1:  # noqa: PLR2004 - a pair
        raise ParameterError(
            "merge", "it takes two occurrences of one song", "Give two or more of one song"
        )
    seen = tuple(occurrence_content(one, results) for one in ordered)
    end_s = max(one.film_end_s for one in ordered)
    whole = replace(seen[0], end_s=end_s)
    song_end_s = _song_s(ordered[0], end_s)
    if song_end_s is not None:
        whole = replace(whole, song_end_s=song_end_s)
    return Edit(on="occurrence", act="merge", seen=seen, becomes=(whole,))


def occurrence_content(one: Occurrence | Candidate, results: Results) -> Content:
    """Say what an occurrence or a candidate is, without its number.

    Parameters
    ----------
    one : Occurrence or Candidate
        An occurrence or a candidate of the results.
    results : Results
        That the person looks at.

    Returns
    -------
    Content
        Without any number of a row.
    """
    song = results.song(one.song_id)
    return Content(
        start_s=one.film_start_s,
        end_s=one.film_end_s,
        song=None if song is None else song.title,
        song_pcm_sha256=None if song is None else song.pcm_sha256,
        song_start_s=one.song_start_s,
        song_end_s=one.song_end_s,
        speed=one.speed,
    )


def _within_song(
    one: Occurrence, results: Results, start_s: float, first_s: float, last_s: float
) -> float:
    """Return the song time of a start, and refuse what lies outside of the song.

    What the program itself had traced beyond its ends may stay.
    """
    speed = one.speed or 1.0
    first_allowed_s = min(0.0, one.song_start_s or 0.0)
    if first_s < first_allowed_s - _NO_TIME_S:
        raise ParameterError(
            f"start at {start_s:.3f} s",
            "it would begin before the song does",
            f"Start it at {start_s + (first_allowed_s - first_s) / speed:.3f} s or later",
        )
    song = results.song(one.song_id)
    if song is not None:
        last_allowed_s = max(song.duration_s, one.song_end_s or 0.0)
        if last_s > last_allowed_s + _NO_TIME_S:
            end_s = start_s + (last_allowed_s - first_s) / speed
            raise ParameterError(
                "end",
                "it would go on after the song has ended",
                f"End it at {end_s:.3f} s or earlier",
            )
    return max(first_s, first_allowed_s)


def _song_s(one: Occurrence, film_s: float) -> float | None:
    return None if one.song_start_s is None else one.time_map.song_s(film_s)


def draw_scene(
    name: str, start_s: float, end_s: float, *, story: str | None = None, day: str | None = None
) -> Edit:
    """Draw a scene.

    Parameters
    ----------
    name : str
        In the words of the person.
    start_s : float
        Film time of the start.
    end_s : float
        Film time of the end.
    story : str, optional
        Of which story the scene is.
    day : str, optional
        Of which day the scene is.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    content = Content(start_s=start_s, end_s=end_s, name=name, story=story, day=day)
    return Edit(on="scene", act="draw", becomes=(content,))


def name_scene(one: Scene, *, name: str, story: str | None = None, day: str | None = None) -> Edit:
    """Name a scene, and say of which story and day it is.

    Parameters
    ----------
    one : Scene
        A scene of the results.
    name : str
        In the words of the person.
    story : str, optional
        Of which story the scene is.
    day : str, optional
        Of which day the scene is.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    becomes = replace(scene_content(one), name=name, story=story, day=day)
    return Edit(on="scene", act="name", seen=(scene_content(one),), becomes=(becomes,))


def move_scene(one: Scene, *, start_s: float, end_s: float) -> Edit:
    """Move the edges of a scene.

    Parameters
    ----------
    one : Scene
        A scene of the results.
    start_s : float
        Film time of the start.
    end_s : float
        Film time of the end.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    becomes = replace(scene_content(one), start_s=start_s, end_s=end_s)
    return Edit(on="scene", act="move", seen=(scene_content(one),), becomes=(becomes,))


def remove_scene(one: Scene) -> Edit:
    """Take a scene away.

    Parameters
    ----------
    one : Scene
        A scene of the results.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    return Edit(on="scene", act="remove", seen=(scene_content(one),))


def undo(entry: Entry) -> Edit:
    """Take an edit back.

    Parameters
    ----------
    entry : Entry
        That is undone.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    return Edit(on=entry.on, act="undo", undoes=entry.sequence)


def redo(entry: Entry) -> Edit:
    """Take an undo back.

    Parameters
    ----------
    entry : Entry
        That is undone.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    return Edit(on=entry.on, act="redo", undoes=entry.sequence)


def scene_content(one: Scene) -> Content:
    """Say what a scene is.

    Parameters
    ----------
    one : Scene
        A scene of the results.

    Returns
    -------
    Content
        Without any number of a row.
    """
    return Content(
        start_s=one.start_s, end_s=one.end_s, name=one.name, story=one.story, day=one.day
    )
