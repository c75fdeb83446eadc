"""Ranges of parameters: what a field may hold stands in its type, and is checked when it is made.

A field is annotated with one of the types below; a class of parameters calls `check_ranges` from
its ``__post_init__``. No range takes NaN or infinity.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real
from typing import Annotated, Any, get_args, get_type_hints

from ostinato.errors import ParameterError


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`; `is_open` leaves the bounds themselves out."""

    low: float
    high: float
    is_open: bool = False

    def __contains__(self, value: float) -> bool:
        # NaN fails each comparison, and infinity one of them
        if self.is_open:
            return self.low < value < self.high
        return self.low <= value <= self.high

    def __str__(self) -> str:
        if self.is_open:
            return f"more than {self.low:g} and less than {self.high:g}"
        return f"{self.low:g} to {self.high:g}"


Seconds = Annotated[float, Range(0, 36_000)]
"""Up to ten hours, the length of the longest films."""
SomeSeconds = Annotated[float, Range(0, 36_000, is_open=True)]
Window = Annotated[float, Range(1e-3, 120)]
"""Seconds of sound that are looked at together, and held in memory."""
Trim = Annotated[float, Range(-0.5, 10)]
"""Seconds added at a bound; less than 0 takes some away."""
Share = Annotated[float, Range(0, 1)]
Threshold = Annotated[float, Range(0, 2)]
"""Of a curve of probabilities; above 1 it is never reached."""
Inside = Annotated[float, Range(0, 1, is_open=True)]
"""A share or a probability that is neither none nor all."""
Deviation = Annotated[float, Range(0, 0.5)]
"""Of a speed, a tempo or a slope from what it should be."""
Height = Annotated[float, Range(0, 1e6)]
"""Evidence in nats, deviations from chance, factors and costs."""
Decibels = Annotated[float, Range(0, 200)]
Speed = Annotated[float, Range(0.25, 4)]
Amount = Annotated[float, Range(0, 1e7)]
"""Seconds or segments that were counted."""
Count = Annotated[int, Range(1, 100_000)]
Steps = Annotated[int, Range(0, 1_000)]
Folds = Annotated[int, Range(2, 100)]
"""Parts into which labels are dealt out."""
Penalty = Annotated[float, Range(1e-6, 1e6)]


def check_ranges(parameters: Any) -> None:  # noqa: ANN401 - any dataclass
    """Refuse a value that is outside its field's range.

    Parameters
    ----------
    parameters : dataclass
        Whose fields are annotated with ranges; tuples and lists are checked value by value.

    Raises
    ------
    ParameterError
        That names the field, its value and its range.
    """
    for name, allowed in ranges_of(type(parameters)).items():
        value = getattr(parameters, name)
        values = value if isinstance(value, tuple | list) else (value,)
        if not values:
            raise ParameterError(name, "it is empty", f"Give numbers from {allowed}")
        for one in values:
            if not _is_number(one) or one not in allowed:
                raise ParameterError(name, f"it is {str(one)[:40]}", f"Give {allowed}")


def ranges_of(kind: type[Any]) -> dict[str, Range]:
    """List the ranges of a class of parameters.

    Parameters
    ----------
    kind : type
        A dataclass.

    Returns
    -------
    dict of str to Range
        By the names of its fields; fields without a range are left out.
    """
    hints = get_type_hints(kind, include_extras=True)
    names = [one.name for one in dataclasses.fields(kind)]
    found = {name: next(_ranges(hints[name]), None) for name in names}
    return {name: allowed for name, allowed in found.items() if allowed is not None}


def _is_number(value: Any) -> bool:  # noqa: ANN401 - what somebody has given
    # a bool is an int, and no length
    return type(value) is not bool and isinstance(value, Real)


def _ranges(hint: Any) -> Iterator[Range]:  # noqa: ANN401 - a type
    """Ranges in a type, be it of the value or of a tuple's values."""
    for part in get_args(hint):
        if isinstance(part, Range):
            yield part
        else:
            yield from _ranges(part)
