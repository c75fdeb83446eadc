"""What a person may say of scenes, and of what was said before."""

from dataclasses import replace

from ostinato.results import (
    Scene,
)
from ostinato.review.entries import Content, Edit, Entry


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
