"""What a room exports has a whole docstring, after numpydoc; within a room a sentence does."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest
from numpydoc.validate import validate

import ostinato

ROOT = Path(ostinato.__file__).parent
LEFT_OUT = {"ES01", "EX01", "SA01", "SA04", "RT02", "SS05", "PR08", "PR09"}
"""No extended summary, example or cross reference is asked for, nor names of what is returned; and
a description may begin with a name."""


def exported():
    rooms = [path.parent.name for path in ROOT.glob("*/__init__.py")]
    for room in rooms:
        module = importlib.import_module(f"ostinato.{room}")
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            if inspect.isfunction(value):
                yield f"{value.__module__}.{value.__qualname__}"
    # these modules are doors themselves
    alone = [f"ostinato.{one.name}" for one in pkgutil.iter_modules([str(ROOT)]) if not one.ispkg]
    within = [f"ostinato.dsp.{one.name}" for one in pkgutil.iter_modules([str(ROOT / "dsp")])]
    for name in (*alone, *within):
        if name == "ostinato.__main__":
            continue
        module = importlib.import_module(name)
        for own, value in vars(module).items():
            is_own = inspect.isfunction(value) and value.__module__ == name
            if is_own and not own.startswith("_"):
                yield f"{name}.{own}"


@pytest.mark.parametrize("name", sorted(set(exported())))
def test_what_a_room_exports_has_a_whole_docstring(name):
    found = [error for error in validate(name)["errors"] if error[0] not in LEFT_OUT]
    assert not found
