"""Rows of other programs' files, and what of a file could not be read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ostinato.errors import StudyError

About = Literal["anything", "words", "speakers"]
"""What a format's rows are: words that are spoken, who speaks, or anything."""
MOST_ROWS = 200_000  # a row every 70 ms of a film of four hours
_LATEST_S = 1e6  # eleven days


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRow:
    """A stretch of film and what a file says of it.

    Parameters
    ----------
    place : str
        Where in the file.
    start_s, end_s : float
        Film time; 0 or more, and the end not before the start.
    text : str
        What stands there.
    speaker : str
        Who speaks, if the file says so.
    details : dict of str to str
        What else a table says, by its columns.
    """

    place: str
    start_s: float
    end_s: float
    text: str
    speaker: str = ""
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignLayer:
    """A tier, track or timeline of a file; its name is empty where the format has none."""

    name: str
    rows: tuple[ForeignRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFile:
    """What was read of a file, and what was not.

    Parameters
    ----------
    format : str
        As people call it.
    about : str
        What its rows are.
    layers : tuple of ForeignLayer
        Those that have rows.
    n_unread : int
        Rows without a time, or with none that is possible.
    first_unread : str or None
        Where the first of them stands.
    notes : tuple of str
        What else a person should know.
    """

    format: str
    about: About
    layers: tuple[ForeignLayer, ...]
    n_unread: int = 0
    first_unread: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        """How many rows were read."""
        return sum(len(layer.rows) for layer in self.layers)


@dataclass(slots=True)
class Collector:
    """Gathers rows by layer while a file is read, and counts those that are none."""

    path: Path
    n_unread: int = 0
    first_unread: str | None = None
    _layers: dict[str, list[ForeignRow]] = field(default_factory=dict)
    _n: int = 0

    def take(
        self,
        layer: str,
        place: str,
        times_s: tuple[object, object],
        text: str,
        *,
        speaker: str = "",
        details: dict[str, str] | None = None,
    ) -> None:
        """Take a row if its times are possible."""
        stretch = _stretch(*times_s)
        if stretch is None:
            self.miss(place)
            return
        self._n += 1
        if self._n > MOST_ROWS:
            raise too_many(self.path)
        row = ForeignRow(
            place=place,
            start_s=stretch[0],
            end_s=stretch[1],
            text=text,
            speaker=speaker,
            details=details or {},
        )
        self._layers.setdefault(layer, []).append(row)

    def miss(self, place: str) -> None:
        """Count a row that could not be read."""
        self.n_unread += 1
        if self.first_unread is None:
            self.first_unread = place

    def found(self, name: str, about: About, notes: Iterable[str] = ()) -> ForeignFile:
        """Return what was gathered; StudyError if that is nothing."""
        layers = tuple(
            ForeignLayer(name=layer, rows=tuple(rows)) for layer, rows in self._layers.items()
        )
        if not layers:
            unread = f"; {self.n_unread:,} could not be read" if self.n_unread else ""
            first = f", the first at {self.first_unread}" if self.first_unread else ""
            raise StudyError(
                str(self.path),
                f"it holds no row with a start and an end ({name}){unread}{first}",
                "Export it again, with times in seconds or as h:mm:ss",
            )
        return ForeignFile(
            format=name,
            about=about,
            layers=layers,
            n_unread=self.n_unread,
            first_unread=self.first_unread,
            notes=tuple(notes),
        )


def _stretch(start_s: object, end_s: object) -> tuple[float, float] | None:
    """Return two values if they are times of a film, the second not before the first."""
    if isinstance(start_s, bool) or isinstance(end_s, bool):
        return None
    if not (isinstance(start_s, int | float) and isinstance(end_s, int | float)):
        return None
    if not 0 <= start_s <= end_s <= _LATEST_S:  # no NaN either
        return None
    return float(start_s), float(end_s)


def too_many(path: Path) -> StudyError:
    """Return the error for a file that is no annotation of a film."""
    return StudyError(
        str(path),
        f"it has more than {MOST_ROWS:,} rows, and no film is annotated so closely",
        "Give a part of it, or rows that say more than a frame",
    )


def numbered(texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Count lines from 1, as editors do."""
    return enumerate(texts, start=1)
