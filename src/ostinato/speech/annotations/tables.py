"""Tables that people write: cells parted by tabs, semicolons or commas, ``#`` before remarks."""

import csv
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.speech.annotations.encoding import read_text


def read_rows(path: Path) -> list[tuple[int, list[str]]]:
    """Split a table into cells.

    Parameters
    ----------
    path : pathlib.Path
        A text file in any usual encoding.

    Returns
    -------
    list of (int, list of str)
        The number of each row's line, as an editor shows it, and its cells without outer blanks.

    Raises
    ------
    StudyError
        If the file cannot be read as text, or a cell is longer than any that a person writes.
    """
    lines = read_text(path).split("\n")
    first = next((line for line in lines if _is_content(line)), "")
    delimiter = next((mark for mark in "\t;," if mark in first), "\t")
    return [
        (n, [cell.strip() for cell in _cells(path, n, line, delimiter)])
        for n, line in enumerate(lines, start=1)
        if _is_content(line)
    ]


def _cells(path: Path, n: int, line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error as error:
        raise StudyError(
            f"{path}, row {n}", f"it cannot be split into cells ({error})", "Shorten the row"
        ) from error


def _is_content(line: str) -> bool:
    # a backslash begins the line on which Audacity keeps a label's frequency range
    return bool(line.strip()) and not line.lstrip().startswith(("#", "\\"))
