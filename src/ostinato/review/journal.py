"""The journal: a file to which a person's edits are added, line by line, and from which none goes.

An entry is on the disk before it is acknowledged. One writer at a time has the file, for as long as
a line takes; whoever has not seen the last entry is told what came between. A line that a killed
writer left unfinished is kept beside the journal and named.

The lock is the system's own (`flock`, or a byte far behind the end on Windows), so that nothing is
left behind by a process that was killed.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Literal

from ostinato.errors import MediaError, ParameterError, StudyError
from ostinato.results import Film, is_same_film, sync_folder, write_new
from ostinato.review.entries import (
    Edit,
    Entry,
    Header,
    JournalFilm,
    State,
    encode_line,
    state_of,
    undone_of,
)
from ostinato.review.journal_lines import Kept, decoded, journal_path, read_further
from ostinato.version import VERSION

_NOBODY = "somebody"
_N_SHOWN = 3
_EDIT_FIELDS = tuple(field.name for field in fields(Edit))
_WAIT_S = 0.01
_LONGEST_WAIT_S = 20.0
_BYTE = 0x7FFFFFF0  # behind the end of any journal: what is locked on Windows cannot be read


class Conflict(StudyError):  # noqa: N818 - what happened, not what is wrong
    """Others wrote entries that the writer has not seen; `between` are these."""

    def __init__(self, thing: str, reason: str, mend: str, between: tuple[Entry, ...] = ()) -> None:
        super().__init__(thing, reason, mend)
        self.between = between


class Journal:
    """A journal that is read, and to which entries are added; made by `open_journal`.

    Parameters
    ----------
    path : pathlib.Path
        Of the file; made with the first entry.
    header : Header
        What its first line is, if it is made.
    who : str
        Who writes.
    """

    def __init__(self, path: Path, header: Header, *, who: str) -> None:
        self.path, self.who = path, who
        self.notices: tuple[str, ...] = ()
        self._header = header
        self._kept = Kept(path=path, header=header)
        self._content = b""

    @property
    def header(self) -> Header:
        """Its first line."""
        return self._kept.header

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries that were read so far."""
        return self._kept.entries

    @property
    def last(self) -> int:
        """The sequence of the last entry that was read, 0 where there is none."""
        return self._kept.last

    @property
    def state(self) -> State:
        """What the entries come to."""
        return state_of(self.entries)

    def refresh(self) -> tuple[Entry, ...]:
        """Read what others have written since, and return it."""
        before = self.last
        if self.path.exists():
            with _opened(self.path, "rb") as file:
                self._read_on(file)
        return tuple(one for one in self.entries if one.sequence > before)

    def append(self, edits: Sequence[Edit], *, last_seen: int | None = None) -> tuple[Entry, ...]:
        """Add entries; they are on the disk, all of them, when this returns.

        Parameters
        ----------
        edits : sequence of Edit
            What is done, in order. One whose token is in the journal already is not written again.
        last_seen : int, optional
            The sequence of the last entry that the writer has seen; not asked if left out.

        Returns
        -------
        tuple of Entry
            As they stand in the journal.

        Raises
        ------
        Conflict
            If others have written since.
        ParameterError
            If it undoes what is not there, or is undone already.
        MediaError
            If it cannot be written; then the journal is as it was.
        """
        is_new = not self.path.exists()
        with _opened(self.path, "a+b") as file:
            self._read_on(file)
            tokens = {edit.token for edit in edits} - {None}
            done = {one.token: one for one in self.entries if one.token in tokens}
            to_do = [edit for edit in edits if edit.token not in done]
            if to_do:
                self._check_seen(last_seen, tokens)
                new = iter(self._write(file, self._numbered(to_do)))
            else:
                new = iter(())
            if is_new:
                sync_folder(self.path.parent)
                sync_folder(self.path.parent.parent)
        return tuple(done[edit.token] if edit.token in done else next(new) for edit in edits)

    def _check_seen(self, last_seen: int | None, tokens: set[str | None]) -> None:
        """Refuse to write over what others wrote; what the same sender had sent is no news."""
        between = tuple(
            one
            for one in self.entries
            if last_seen is not None and one.sequence > last_seen and one.token not in tokens
        )
        if not between:
            return
        shown = [f"{one.who}: {one.act} {one.on}" for one in between[:_N_SHOWN]]
        rest = len(between) - len(shown)
        said = ", ".join([*shown, *([f"and {rest:,} more"] if rest else [])])
        raise Conflict(
            str(self.path),
            f"{len(between):,} entries were written that you have not seen ({said})",
            "Look at them, and do it again if it is still right",
            between,
        )

    def _numbered(self, edits: Sequence[Edit]) -> tuple[Entry, ...]:
        when = _now()
        new: list[Entry] = []
        for sequence, edit in enumerate(edits, start=self.last + 1):
            if edit.undoes is not None:
                _check_undoes(edit, (*self.entries, *new))
            values = {name: getattr(edit, name) for name in _EDIT_FIELDS}
            new.append(Entry(sequence=sequence, when=when, who=self.who, **values))
        return tuple(new)

    def _write(self, file: FileIO, new: tuple[Entry, ...]) -> tuple[Entry, ...]:
        self._keep_torn(file)
        start = file.seek(0, os.SEEK_END)
        head = encode_line(self.header) if start == 0 else b""
        ending = b"\n" if start and self._content[-1:] != b"\n" else b""
        lines = ending + head + b"".join(map(encode_line, new))
        try:
            rest = memoryview(lines)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(start)
            raise
        self._content += lines
        self._kept = replace(
            self._kept, entries=(*self.entries, *new), n_bytes=len(self._content), torn=b""
        )
        return new

    def _read_on(self, file: FileIO) -> None:
        """Read what was written since; all of it if the file is not the one that was read."""
        file.seek(0)
        content = file.readall() or b""
        if content == self._content:
            return
        known = self._content
        if known and not self._kept.torn and known[-1:] == b"\n" and content.startswith(known):
            self._kept = read_further(self._kept, content[len(known) :])
        elif content:
            self._kept = decoded(self.path, content, default=self.header)
            _check_is_of(self._kept, self._header)
        else:
            self._kept = Kept(path=self.path, header=self._header)
        self._content = content
        self.notices = tuple(dict.fromkeys((*self.notices, *self._kept.notices)))

    def _keep_torn(self, file: FileIO) -> None:
        """Move what a killed writer left at the end into a file of its own."""
        torn = self._kept.torn
        if not torn:
            return
        number = 1
        while (aside := self.path.with_name(f"{self.path.name}.torn{number}")).exists():
            number += 1
        write_new(aside, torn)
        file.truncate(self._kept.n_bytes)
        self._content = self._content[: self._kept.n_bytes]
        said = f"{self.path}: its last line was not finished; it is kept in {aside.name}"
        self.notices = (*self.notices, said)


def open_journal(
    folder: Path, film: Film, *, coder: str | None = None, who: str | None = None
) -> Journal:
    """Open a journal to read it and to add to it; nothing is made before the first entry.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.
    film : Film
        That of the results.
    coder : str, optional
        A second coder, who has a journal of their own.
    who : str, optional
        Who writes; the coder if left out.

    Returns
    -------
    Journal
        With what it holds.

    Raises
    ------
    StudyError
        If it is a journal of another film, or of another coder.
    MediaError
        If it cannot be read.
    """
    header = Header(
        film=JournalFilm(name=film.name, sha256=film.sha256, pcm_sha256=film.pcm_sha256),
        version=VERSION,
        coder=coder,
        begun=_now(),
    )
    journal = Journal(journal_path(folder, coder=coder), header, who=who or coder or _NOBODY)
    journal.refresh()
    return journal


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _check_undoes(edit: Edit, entries: Sequence[Entry]) -> None:
    wanted = next((one for one in entries if one.sequence == edit.undoes), None)
    kind = {"undo": "edit", "redo": "undo"}[edit.act]
    is_of_kind = wanted is not None and (
        wanted.act == "undo" if kind == "undo" else not wanted.is_back
    )
    if not is_of_kind or edit.undoes in undone_of(entries):
        raise ParameterError(
            f"{edit.act} of entry {edit.undoes}",
            f"there is no such {kind}, or it is undone already",
            f"Give the sequence of an {kind} that holds",
        )


@contextmanager
def _opened(path: Path, mode: Literal["rb", "a+b"]) -> Iterator[FileIO]:
    """Open a journal and have it alone; say of it what the system says."""
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise MediaError(str(path), "it is no file", "Move it away, and do it again")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            with path.open(mode, buffering=0) as file, exclusive(file, path):
                if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    yield file
                    return
    except OSError as error:
        if isinstance(error, MediaError):
            raise
        raise MediaError(
            str(path),
            f"it cannot be written to ({error.strerror})",
            "Free some space, or make the folder writable, and do it again",
        ) from error


def _check_is_of(kept: Kept, header: Header) -> None:
    if not is_same_film(kept.header.film, header.film):
        raise StudyError(
            str(kept.path),
            f"it is of another film, {kept.header.film.name}",
            "Move it away, or review that film in a folder of its own",
        )
    if kept.header.coder != header.coder:
        raise StudyError(
            str(kept.path),
            f"it is of another coder, {kept.header.coder}",
            "Give a name that differs from that one in more than signs",
        )


if sys.platform == "win32":
    import msvcrt

    def _take(file: FileIO) -> None:
        file.seek(_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _give_back(file: FileIO) -> None:
        file.seek(_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(file: FileIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give_back(file: FileIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)


@contextmanager
def exclusive(file: FileIO, path: Path) -> Iterator[None]:
    """Have an open file alone; wait for others, who need milliseconds.

    Raises MediaError if somebody keeps it for long, or the disk knows no locks.
    """
    began_s = time.monotonic()
    while True:
        try:
            _take(file)
            break
        except (BlockingIOError, PermissionError) as error:
            if time.monotonic() - began_s > _LONGEST_WAIT_S:
                raise MediaError(
                    str(path), "another program keeps it", "End that program and do it again"
                ) from error
            time.sleep(_WAIT_S)
        except OSError as error:
            raise MediaError(
                str(path),
                f"its disk lets nobody have a file alone ({error.strerror})",
                "Keep the folder on a disk of this computer",
            ) from error
    try:
        yield
    finally:
        _give_back(file)
