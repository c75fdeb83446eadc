"""Write the pages of the reference that are made from the code: the command, and the fields.

    .venv/bin/python docs/make_reference.py

A test holds that they are as this would write them.
"""

import argparse
import csv
import dataclasses
import inspect
import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from ostinato.cli.main import COMMANDS
from ostinato.cli.parser import parsers
from ostinato.results import Results

HERE = Path(__file__).parent
UNITS = {
    "s": "seconds",
    "hz": "hertz",
    "lufs": "LUFS",
    "lu": "LU",
    "db": "dB",
    "mb": "megabytes",
    "ppm": "parts per million",
}
WORDS = {str: "text", float: "number", int: "whole number", bool: "true or false", dict: "object"}
MADE = "<!-- written by docs/make_reference.py -->"


def commands_page() -> str:
    """Return the page of the command, from its parser."""
    lines = [
        "# The command",
        "",
        MADE,
        "",
        "`ostinato COMMAND --help` prints the same. Results go to the standard output or into",
        "a folder, progress and messages to the standard error. The exit status is 0 if all was",
        "done, 2 if something given cannot be used, 130 if it was interrupted, and 1 for a defect",
        "of ours.",
        "",
        "| command | what it does |",
        "|---|---|",
    ]
    _, of_command = parsers({name: lambda _: None for name in COMMANDS})
    lines += [
        f"| [`{name}`](#ostinato-{name}) | {_cell((one.description or '').rstrip('.'))} |"
        for name, one in of_command.items()
    ]
    for name, one in of_command.items():
        lines += ["", f"## ostinato {name}", "", str(one.description), ""]
        lines += ["| argument | what it is |", "|---|---|", *_arguments(one)]
        lines += ["", "```text", *(one.epilog or "").rstrip().splitlines(), "```"]
    return "\n".join(lines) + "\n"


def _arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if "--help" in action.option_strings:
            continue
        metavar = action.metavar or ("|".join(map(str, action.choices)) if action.choices else "")
        shown = f"{metavar}" if action.nargs != 0 else ""
        names = ", ".join(action.option_strings) or shown or action.dest
        value = f" {shown}" if action.option_strings and shown else ""
        needed = " (required)" if action.option_strings and action.required else ""
        again = " …" if action.nargs == "+" else ""
        said = action.help or _default(action)
        yield f"| `{_cell(names + value + again)}` | {_cell(said)}{needed} |"


def _default(action: argparse.Action) -> str:
    return f"`{action.default}` by default" if action.default is not None else ""


def fields_page() -> str:
    """Return the data dictionary, from the records."""
    lines = [
        "# Data dictionary",
        "",
        MADE,
        "",
        "Every field of `results.json`, and so every column of its tables.",
        "[results.json](results.md) says in whole sentences what matters; the JSON Schema is",
        "{download}`schema.json <../src/ostinato/results/schema.json>`. What is not known is",
        "`null`, and an empty cell in a table.",
    ]
    for record in _records(Results, []):
        summary = _summary(record)
        lines += ["", f"## {record.__name__}", "", summary, ""]
        lines += ["| field | type | unit | may be unknown | meaning |", "|---|---|---|---|---|"]
        lines += list(_rows(record))
    return "\n".join(lines) + "\n"


def _records(record: type, seen: list[type]) -> list[type]:
    """List a record, and those that it holds, each once."""
    if record in seen:
        return seen
    seen.append(record)
    for hint in get_type_hints(record).values():
        for one in _types(hint):
            if dataclasses.is_dataclass(one):
                _records(one, seen)
    return seen


def _types(hint: Any) -> Iterator[Any]:
    yield hint
    for inner in get_args(hint):
        yield from _types(inner)


def _summary(record: type) -> str:
    return " ".join((inspect.getdoc(record) or "").partition("\n\n")[0].split())


def _rows(record: type) -> Iterator[str]:
    hints = get_type_hints(record)
    for one in dataclasses.fields(record):
        hint = hints[one.name]
        is_open = type(None) in get_args(hint)
        cells = (
            f"`{one.name}`",
            _kind(hint),
            _unit(one.name),
            "yes" if is_open else "",
            meaning(record, one.name),
        )
        yield f"| {' | '.join(map(_cell, cells))} |"


def _unit(name: str) -> str:
    return UNITS.get(name.rpartition("_")[2], "") if "_" in name else ""


def _kind(hint: Any) -> str:
    """Name a type as a person would."""
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(_kind(one) for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is Literal:
        return ", ".join(f"*{one}*" for one in get_args(hint))
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        return f"list of {_kind(inner[0])}" if inner[-1] is Ellipsis else "pair of numbers"
    if get_origin(hint) is dict:
        return "object"
    if dataclasses.is_dataclass(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return WORDS.get(hint, "text")


def meaning(record: type, name: str) -> str:
    """Say what a field means: the sentence of the docstring that names it, else the table's."""
    own = _MEANINGS.get(f"{record.__name__}.{name}")
    said = own or _of_docstring(inspect.getdoc(record) or "", name) or _MEANINGS.get(name, "")
    said = said.removesuffix(".")
    return said[:1].lower() + said[1:]


def _of_docstring(text: str, name: str) -> str:
    listed = re.search(rf"^(?:\w+, )*{name}(?:, \w+)* : .*\n((?:    .*\n?)+)", text, re.MULTILINE)
    if listed:
        return " ".join(listed[1].split())
    prose = " ".join(text.split())
    for sentence in re.split(r"(?<=[.;])\s+", prose):
        if f"`{name}`" in sentence:
            return sentence.rstrip(";.")
    return ""


def _read_meanings() -> dict[str, str]:
    with (HERE / "field-meanings.tsv").open(encoding="utf-8", newline="") as file:
        return {row["field"]: row["meaning"] for row in csv.DictReader(file, dialect="excel-tab")}


_MEANINGS = _read_meanings()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


PAGES = {"commands.md": commands_page, "data-dictionary.md": fields_page}


def main() -> None:
    """Write them."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
