"""The lines of a journal: where it lies, and what can be read of it."""

import gc
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ostinato.errors import MediaError, ParameterError, StudyError
from ostinato.results import Film, is_same_film
from ostinato.review.entries import Entry, Header, State, decode_entry, decode_header, state_of
from ostinato.whole_files import read_whole

REVIEW_FOLDER = "review"
JOURNAL_NAME = "journal.jsonl"
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a journal holds.

    Parameters
    ----------
    path : pathlib.Path
        Of the journal.
    header : Header
        Of which film it is, and who writes it.
    entries : tuple of Entry
        In order.
    notices : tuple of str
        What cannot be read in it, in words; it stays where it is.
    n_lines, n_bytes : int
        As far as it was read, in whole lines.
    torn : bytes
        What a killed writer left at its end.
    """

    path: Path
    header: Header
    entries: tuple[Entry, ...] = ()
    notices: tuple[str, ...] = ()
    n_lines: int = 1
    n_bytes: int = 0
    torn: bytes = b""

    @property
    def state(self) -> State:
        """What its entries come to."""
        return state_of(self.entries)

    def state_for(self, film: Film) -> State:
        """Return what its entries come to; nothing if the journal is of another film."""
        return self.state if is_same_film(self.header.film, film) else State()

    @property
    def last(self) -> int:
        """The sequence of its last entry, 0 where there is none."""
        return self.entries[-1].sequence if self.entries else 0


def journal_path(folder: Path, *, coder: str | None = None) -> Path:
    """Return where a journal lies.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.
    coder : str, optional
        A second coder, who has a journal of their own.

    Returns
    -------
    pathlib.Path
        It need not exist.

    Raises
    ------
    ParameterError
        If the name of the coder makes no name of a file.
    """
    if coder is None:
        return folder / REVIEW_FOLDER / JOURNAL_NAME
    name = unicodedata.normalize("NFC", coder.strip())
    plain = "".join(one if one.isalnum() else "-" for one in name)
    if not 0 < len(plain.encode()) <= _LONGEST_NAME or not plain.strip("-"):
        raise ParameterError(
            f"coder {coder!r}", "it makes no name of a file", "Give a short name of letters"
        )
    return folder / REVIEW_FOLDER / f"journal-{plain}.jsonl"


def read_journal(folder: Path, *, coder: str | None = None) -> Kept | None:
    """Read a journal and change nothing.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.
    coder : str, optional
        Whose journal, if it is not the main one.

    Returns
    -------
    Kept or None
        None where there is no journal yet.

    Raises
    ------
    StudyError
        If it does not say of which film it is.
    MediaError
        If it cannot be read.
    """
    path = journal_path(folder, coder=coder)
    try:
        content = read_whole(path)
        return decoded(path, content, default=None) if b"\n" in content else None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise MediaError(
            str(path), f"it cannot be read ({error.strerror})", "Make it readable"
        ) from error


def journals_in(folder: Path) -> tuple[Path, ...]:
    """Find all journals of a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.

    Returns
    -------
    tuple of pathlib.Path
        The main one first.
    """
    review = folder / REVIEW_FOLDER
    own = [review / JOURNAL_NAME] if (review / JOURNAL_NAME).is_file() else []
    return (*own, *sorted(review.glob("journal-*.jsonl")))


def decoded(path: Path, content: bytes, *, default: Header | None) -> Kept:
    """Read all lines; what is unfinished at the end is set apart, what cannot be read is named."""
    first, end, rest = content.partition(b"\n")
    if not end and default is not None:  # no line is whole: no entry was ever acknowledged
        return Kept(path=path, header=default, torn=content)
    try:
        header = decode_header(first)
    except ValueError as error:
        raise StudyError(
            str(path),
            "its first line does not say of which film it is",
            "Put back the line from a copy, or move the file away",
        ) from error
    return read_further(Kept(path=path, header=header, n_bytes=len(first) + 1), rest)


def read_further(kept: Kept, content: bytes) -> Kept:
    """Read lines that follow what was read."""
    *lines, rest = content.split(b"\n")
    entries, notices = list(kept.entries), list(kept.notices)
    before = kept.n_lines
    with _collector_at_rest():
        for number, line in enumerate(lines, start=before + 1):
            entry = _entry(line, after=entries[-1].sequence if entries else 0)
            if entry is None:
                notices.append(f"{kept.path}, line {number}: it is no entry, and is left as it is")
            else:
                entries.append(entry)
    last = _entry(rest, after=entries[-1].sequence if entries else 0) if rest else None
    if last is not None:  # whole but for its end
        entries.append(last)
        rest = b""
    return replace(
        kept,
        entries=tuple(entries),
        notices=tuple(notices),
        n_lines=before + len(lines),
        n_bytes=kept.n_bytes + len(content) - len(rest),
        torn=rest,
    )


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Collect no garbage: all entries stay, and looking at them again takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _entry(line: bytes, *, after: int) -> Entry | None:
    try:
        entry = decode_entry(line)
    except ValueError:
        return None
    return entry if entry.sequence > after else None
