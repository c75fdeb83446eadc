"""What docs say of the structure is what the linter holds."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 450  # lines
LONGEST_FUNCTION = 40  # without its docstring
DOC = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def contracts():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return project["tool"]["importlinter"]["contracts"]


def rooms():
    return {path.parent.name for path in (ROOT / "src" / "ostinato").glob("*/__init__.py")}


def test_the_layers_of_the_docs_are_those_of_the_linter():
    (layers,) = (one["layers"] for one in contracts() if one["type"] == "layers")
    printed = re.search(r"```\n(__main__\n.*?)```", DOC, flags=re.DOTALL)[1].splitlines()
    assert printed == [re.sub(r"[()]", "", layer) for layer in layers]


def test_every_room_has_its_idea_in_the_docs():
    told = set(re.findall(r"^\| `(\w+)` \|", DOC, flags=re.MULTILINE))
    assert told == rooms()


def test_every_room_that_has_a_door_is_entered_by_it():
    kept = {
        one["allowed_importers"][0].removeprefix("ostinato.")
        for one in contracts()
        if one["type"] == "protected"
    }
    # the modules of dsp are its doors, and nobody but __main__ enters the command
    assert kept == rooms() - {"dsp", "cli"}


def modules():
    package = ROOT / "src" / "ostinato"
    return sorted(path for path in package.rglob("*.py") if not path.name.startswith("__"))


def test_no_module_has_the_name_of_something_that_its_room_exports():
    for path in modules():
        door = path.parent / "__init__.py"
        assert f'    "{path.stem}",\n' not in door.read_text(encoding="utf-8"), path


def test_no_file_is_longer_than_a_reader_holds():
    assert not [path for path in modules() if len(path.read_bytes().splitlines()) > LONGEST]


def lines_of(function):
    own = function.end_lineno - function.lineno + 1
    has_words = ast.get_docstring(function, clean=False) is not None
    words = function.body[0] if has_words else None
    return own if words is None else own - (words.end_lineno - words.lineno + 1)


def test_no_function_is_longer_than_a_reader_sees():
    functions = (
        (path, node)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    long = [(path, one.name) for path, one in functions if lines_of(one) > LONGEST_FUNCTION]
    assert not long


@pytest.mark.parametrize(
    ("record", "place"), [("Occurrence", "occurrence"), ("SpeechSegment", "speech_segment")]
)
def test_rows_are_put_together_in_one_place(record, place):
    made = {
        path.stem
        for path in modules()
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == record
    }
    assert made == {place}


def entered(first):
    """The modules of its own room that a module needs, itself among them."""
    package, seen, todo = ROOT / "src" / "ostinato", set(), [first]
    while todo:
        module = todo.pop()
        if module in seen:
            continue
        seen.add(module)
        room = module.partition(".")[0]
        source = (package / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
        todo += re.findall(rf"^from ostinato\.({room}\.\w+) import", source, flags=re.MULTILINE)
    return {module.partition(".")[2] for module in seen}


@pytest.mark.parametrize(("first", "most"), [("pipeline.analysis", 9), ("measures.summary", 16)])
def test_the_walk_enters_the_files_that_the_docs_name(first, most):
    walk = DOC.split("## The walk")[1].split("\n## ")[0]
    files = entered(first)
    assert files <= set(re.findall(r"`(\w+)`", walk))
    assert len(files) <= most


def test_what_is_to_be_changed_is_in_a_file_that_exists():
    table = DOC.split("## Where to change what")[1].split("\n## ")[0]
    named = re.findall(r"`([\w/]+(?:\.\w+|/))`", table)
    assert len(named) > 30
    assert [one for one in named if not (ROOT / "src" / "ostinato" / one).exists()] == []
