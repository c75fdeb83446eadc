"""Every number that a study may set has a range, and what lies outside is refused."""

import dataclasses
import inspect
import math
import pkgutil
import re
from importlib import import_module
from typing import get_type_hints

import pytest

import ostinato
from ostinato.errors import ParameterError, StudyError
from ostinato.ranges import ranges_of
from ostinato.study import Parameters, read_study


def classes_of_parameters():
    """Every class whose name ends in Parameters, and what such a class is made of."""
    found = set()
    for module in pkgutil.walk_packages(ostinato.__path__, "ostinato."):
        if "__main__" in module.name or ".simulate" in module.name:
            continue
        for _, one in inspect.getmembers(import_module(module.name), inspect.isclass):
            if one.__name__.endswith(("Parameters", "Scale", "Calibration")) and (
                one.__module__.startswith("ostinato")
            ):
                found.add(one)
    return sorted(found, key=lambda one: one.__qualname__)


CLASSES = classes_of_parameters()
NUMBERS = (int, float, tuple[float, ...], tuple[int, ...])
FIELDS = [
    (one, field.name)
    for one in CLASSES
    for field in dataclasses.fields(one)
    if get_type_hints(one)[field.name] in NUMBERS
]


def an_example(one):
    needed = {
        "ActivationParameters": {
            "smoothing_s": 0.0,
            "onset": 0.5,
            "offset": 0.5,
            "pad_start_s": 0.0,
            "pad_end_s": 0.0,
            "min_gap_s": 0.0,
            "min_duration_s": 0.0,
        },
        "Scale": {"block_s": 2.0, "hop_s": 1.0},
        "Calibration": {
            "n_narration": 2,
            "n_narration_found": 1,
            "n_dialogue": 2,
            "n_dialogue_found": 1,
        },
    }
    return one(**needed.get(one.__name__, {}))


@pytest.mark.parametrize(("one", "name"), FIELDS, ids=lambda x: getattr(x, "__name__", x))
def test_every_field_has_a_range_and_nothing_outside_is_taken(one, name):
    allowed = ranges_of(one)[name]
    assert math.isfinite(allowed.low)
    assert math.isfinite(allowed.high)
    example = an_example(one)
    is_tuple = isinstance(getattr(example, name), tuple)
    for bad in (-1, math.inf, -math.inf, math.nan, 10 * allowed.high + 1, 10**400):
        value = (bad,) if is_tuple else bad
        with pytest.raises((ParameterError, StudyError)):
            dataclasses.replace(example, **{name: value})


@pytest.mark.parametrize(("one", "name"), FIELDS, ids=lambda x: getattr(x, "__name__", x))
def test_what_is_no_number_is_refused_by_the_name_of_its_field(one, name):
    example = an_example(one)
    for bad in ([], (), "2", None, True, [None], {}):
        with pytest.raises((ParameterError, StudyError)) as refused:
            dataclasses.replace(example, **{name: bad})
        assert str(refused.value).startswith(name)


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.__name__)
def test_every_number_is_explained_beside_its_field_or_at_the_head_of_its_class(one):
    lines = inspect.getsource(one).splitlines()
    for name in ranges_of(one):
        (at,) = (i for i, line in enumerate(lines) if re.match(rf"    {name}: ", line))
        after = next(line for line in lines[at + 1 :] if line.strip() not in {")", "]"})
        beside = (lines[at], lines[at - 1] if lines[at - 1].lstrip().startswith("#") else "", after)
        is_beside = "#" in beside[0] or beside[1] or '"""' in after
        assert is_beside or re.search(rf"\b{name}\b", one.__doc__), name


def test_all_parameters_of_a_study_are_walked():
    walked = {one for one, _ in FIELDS}

    def inside(one):
        for hint in get_type_hints(one).values():
            if dataclasses.is_dataclass(hint):
                yield hint
                yield from inside(hint)

    of_numbers = {one for one in inside(Parameters) if any(o is one for o in CLASSES)}
    assert len(of_numbers) >= 15
    assert of_numbers - walked <= {one for one in of_numbers if not ranges_of(one)}


def numbers_of_a_study():
    def walk(one, path):
        for field in dataclasses.fields(one):
            value = getattr(one, field.name)
            if dataclasses.is_dataclass(value):
                yield from walk(value, [*path, field.name])
            elif not isinstance(value, str):
                yield [*path, field.name], isinstance(value, tuple)

    return list(walk(Parameters(), []))


@pytest.mark.parametrize("bad", ["-1", "inf", "nan", "1e300"])
def test_a_study_with_any_number_out_of_range_is_refused_when_it_is_read(tmp_path, bad):
    numbers = numbers_of_a_study()
    assert len(numbers) > 100
    taken = []
    for path, is_tuple in numbers:
        value = f"[{bad}]" if is_tuple else bad
        text = f'[film]\npath = "f"\n[parameters.{".".join(path[:-1])}]\n{path[-1]} = {value}\n'
        (tmp_path / "study.toml").write_text(text)
        try:
            read_study(tmp_path / "study.toml")
        except StudyError:
            continue
        taken.append(".".join(path))
    assert taken == []
