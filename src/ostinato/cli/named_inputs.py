"""Arguments that name a song's file, a cue, or the film that it is."""

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ostinato.cli.arguments import ADDRESS, place
from ostinato.errors import ParameterError
from ostinato.results import Credits, Film
from ostinato.study import SongFile

_TEXTS = ("title", "director", "country", "distributor")
_NEEDED = ("title", "director", "year", "distributor")


def song_file(text: str) -> SongFile:
    """Read ``NAME=FILE``; a bare file takes its own name as the title.

    `text`: the argument. Where a name and a file hold equals signs, the parts meet at the one
    behind which there is a file, or at the last. Raises ParameterError if either side of the equals
    sign is empty, or the file is an address on the network.
    """
    title, path = _parted(text)
    if title is None:
        return SongFile(title=readable(Path(path).stem), path=_place(text, path))
    if not (title.strip() and path.strip()):
        raise ParameterError(
            f"--song {text}", "a title or a file is missing", 'Write --song "TITLE=FILE"'
        )
    # behind an equals sign no shell has replaced the tilde
    return SongFile(title=readable(title.strip()), path=_place(text, path.strip()))


def readable(text: str) -> str:
    r"""Return a name as text: bytes of an argument that are none are written out.

    `text`: as the system gave it.
    """
    return text.encode(errors="backslashreplace").decode()


def promotions(texts: Sequence[str]) -> dict[str, str]:
    """Read every ``CUE=NAME``.

    Raises ParameterError if either side of an equals sign is empty, or a cue or a name is given
    twice.
    """
    names: dict[str, str] = {}
    for text in texts:
        cue_id, _, name = (part.strip() for part in text.partition("="))
        if not (cue_id and name):
            raise ParameterError(
                f"--promote {text}", "a cue or a name is missing", 'Write --promote "D1=NAME"'
            )
        if cue_id in names or name in names.values():
            raise ParameterError(
                f"--promote {text}",
                "this cue or this name is given already",
                "Give each cue once, and a name of its own",
            )
        names[cue_id] = readable(name)
    return names


def _parted(text: str) -> tuple[str | None, str]:
    places = [i for i, character in enumerate(text) if character == "="]
    if not places:
        return None, text
    if ADDRESS.match(text):
        return None, text
    address = next((i for i in places if ADDRESS.match(text[i + 1 :].strip())), None)
    if address is not None:
        return text[:address], text[address + 1 :]
    there = (i for i in places if text[:i].strip() and _is_there(text[i + 1 :]))
    found = next(there, None)
    if found is None and _is_there(text):  # a file whose own name holds the sign
        return None, text
    cut = places[-1] if found is None else found
    return text[:cut], text[cut + 1 :]


def _is_there(path: str) -> bool:
    try:
        return bool(path.strip()) and Path(path.strip()).expanduser().exists()
    except (OSError, ValueError, RuntimeError):
        return False


def _place(text: str, path: str) -> Path:
    try:
        return place(path)
    except argparse.ArgumentTypeError as error:
        reason, _, mend = str(error).partition("; ")
        raise ParameterError(f"--song {text}", reason, mend[:1].upper() + mend[1:]) from error


def with_credits(of_study: Credits, arguments: argparse.Namespace) -> Credits:
    """Put what the command line says of the film in place of what the study says."""
    said = {name: getattr(arguments, name) for name in (*_TEXTS, "year")}
    given: dict[str, Any] = {
        name: readable(value) if isinstance(value, str) else value
        for name, value in said.items()
        if value is not None
    }
    if "director" in given:  # whose family name the study cannot know
        given["director_family"] = None
    return dataclasses.replace(of_study, **given)


def uncredited(film: Film) -> str | None:
    """Say what a reference to the film lacks, and how to mend that."""
    lacking = [name for name in _NEEDED if getattr(film, name) is None]
    if not lacking:
        return None
    what = ", ".join(lacking)
    example = 'title = "…"' if "title" in lacking else f'{lacking[0]} = "…"'
    return (
        f"the references lack {what} of the film. Write {example} under [film] in study.toml, or "
        f"give --{lacking[0]}, and run analyze again into the same folder: finished stages are not "
        "run again"
    )
