"""Words and turns that others have written down, kept beside the journal to be searched.

They are somebody's work, and stay out of the results, which may be published. A line says when, who
speaks, what is said, and from which file it comes.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.results import write_atomically
from ostinato.speech import ForeignRow
from ostinato.whole_files import read_whole

EVIDENCE_NAME = "evidence.jsonl"
_FOLDER = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is said or who speaks in a stretch of film, and where that was written."""

    start_s: float
    end_s: float
    text: str
    speaker: str
    author: str
    file: str
    sha256: str
    place: str


def evidence_of(rows: Sequence[ForeignRow], path: Path, *, author: str) -> tuple[Evidence, ...]:
    """Return rows of a file as evidence.

    Parameters
    ----------
    rows : sequence of ForeignRow
        Of the file.
    path : pathlib.Path
        The file.
    author : str
        Whose it is.

    Returns
    -------
    tuple of Evidence
        One for each row.
    """
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return tuple(
        Evidence(
            start_s=row.start_s,
            end_s=row.end_s,
            text=row.text,
            speaker=row.speaker,
            author=author,
            file=path.name,
            sha256=sha256,
            place=row.place,
        )
        for row in rows
    )


def keep_evidence(folder: Path, new: Sequence[Evidence]) -> int:
    """Keep evidence in a folder of results, each row once.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.
    new : sequence of Evidence
        What is to be kept.

    Returns
    -------
    int
        How many rows were not there yet.

    Raises
    ------
    StudyError
        If what is there cannot be read.
    MediaError
        If it cannot be written.
    """
    kept = read_evidence(folder)
    known = set(kept)
    added = [one for one in new if one not in known]
    rows = sorted((*kept, *added), key=lambda one: (one.start_s, one.end_s, one.file, one.place))
    if added:
        lines = (json.dumps(_line(one), ensure_ascii=False) + "\n" for one in rows)
        write_atomically(folder / _FOLDER / EVIDENCE_NAME, "".join(lines).encode())
    return len(added)


def read_evidence(folder: Path) -> tuple[Evidence, ...]:
    """Read the evidence of a folder of results.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.

    Returns
    -------
    tuple of Evidence
        In film order; none if nothing was imported.

    Raises
    ------
    StudyError
        If the file is damaged.
    """
    path = folder / _FOLDER / EVIDENCE_NAME
    if not path.exists():
        return ()
    try:
        lines = read_whole(path).decode().splitlines()
        return tuple(Evidence(**json.loads(line)) for line in lines if line)
    except (OSError, ValueError, TypeError) as error:
        raise StudyError(
            str(path), f"it cannot be read ({error})"[:200], "Move it away, and import again"
        ) from error


def search_evidence(folder: Path, words: str) -> tuple[Evidence, ...]:
    """Find evidence by words.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.
    words : str
        All of them must be there, in a text or in the name of its speaker; case does not count.

    Returns
    -------
    tuple of Evidence
        In film order.

    Raises
    ------
    StudyError
        If what is there cannot be read.
    """
    wanted = words.casefold().split()
    return tuple(
        one
        for one in read_evidence(folder)
        if all(word in f"{one.speaker} {one.text}".casefold() for word in wanted)
    )


def _line(one: Evidence) -> dict[str, object]:
    return {name: getattr(one, name) for name in Evidence.__dataclass_fields__}
