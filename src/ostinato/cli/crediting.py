"""Which film it is, said on the command line or to be said still."""

import argparse
import dataclasses
from typing import Any

from ostinato.cli.pairs import readable
from ostinato.results import Credits, Film

_TEXTS = ("title", "director", "country", "distributor")
_NEEDED = ("title", "director", "year", "distributor")


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
