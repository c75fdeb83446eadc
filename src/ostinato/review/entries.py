"""An entry of a journal: what a person saw, what it becomes, its line; and which are in force.

What was seen is kept as content (a song's title, film time, song time, a kind) and never as a
number of a row: rows are numbered anew in each run. An entry is a line of JSON; a field that is
None, False or empty is left out.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from ostinato.errors import ParameterError
from ostinato.results import SCHEMA, Hashes
from ostinato.timeline import LATEST_S, Interval

JOURNAL_SCHEMA = "ostinato-journal/1"
On = Literal["occurrence", "speech", "voice", "scene", "label", "find"]
Act = Literal[
    "accept",
    "reject",
    "move",
    "add",
    "split",
    "merge",
    "kind",
    "remove",
    "voice",
    "name",
    "part",
    "draw",
    "judge",
    "undo",
    "redo",
]
ACTS: dict[On, frozenset[str]] = {
    "occurrence": frozenset({"accept", "reject", "move", "add", "split", "merge"}),
    "speech": frozenset({"kind", "move", "split", "merge", "add", "remove", "voice"}),
    "voice": frozenset({"name", "merge", "part"}),
    "scene": frozenset({"draw", "name", "move", "remove"}),
    "label": frozenset({"kind"}),
    "find": frozenset({"judge"}),
}
_BACK = frozenset({"undo", "redo"})
_LONGEST_TEXT = 10_000
_LONGEST_TOKEN = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What something is, for whoever looks for it again in other results.

    `start_s` and `end_s` are film time. A song is known by the hash of its sound, or else by its
    title. `stretches` are the segments of a voice, in film time. `kind` is that of speech, or a
    verdict on a find. Whatever does not belong to a thing is None.
    """

    start_s: float | None = None
    end_s: float | None = None
    song: str | None = None
    song_pcm_sha256: str | None = None
    song_start_s: float | None = None
    song_end_s: float | None = None
    speed: float | None = None
    kind: str | None = None
    voice: str | None = None
    name: str | None = None
    narrates: bool | None = None
    story: str | None = None
    day: str | None = None
    stretches: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        _check_stretch(self.start_s, self.end_s)
        for start_s, end_s in self.stretches:
            _check_stretch(start_s, end_s)
        if self.song_start_s is not None or self.song_end_s is not None:
            _check_stretch(self.song_start_s, self.song_end_s)
        if self.speed is not None and not 0 < self.speed < math.inf:
            raise ParameterError(f"speed {self.speed}", "it is no speed", "Give speed > 0")

    @property
    def interval(self) -> Interval | None:
        """Film time; None where there is none."""
        if self.start_s is None or self.end_s is None:
            return None
        return Interval(self.start_s, self.end_s)


def _check_stretch(start_s: float | None, end_s: float | None) -> None:
    if start_s is None or end_s is None:
        if start_s is not end_s:
            raise ParameterError(
                "an entry", "a stretch in it has one end alone", "Give both of its ends, in seconds"
            )
    elif not -LATEST_S < start_s < end_s < LATEST_S:  # NaN is in no order
        raise ParameterError(
            f"the stretch from {start_s} s to {end_s} s",
            "it ends at or before its start, or is no film time",
            "Give two times in seconds, the earlier one first",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a person does, before it is an entry; `token` lets a sender send it again safely.

    Raises ParameterError if it is no edit.
    """

    on: On
    act: Act
    seen: tuple[Content, ...] = ()
    becomes: tuple[Content, ...] = ()
    blind: bool = False
    undoes: int | None = None
    token: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.act not in ACTS[self.on] | _BACK:
            allowed = ", ".join(sorted(ACTS[self.on]))
            raise ParameterError(
                f"{self.act} of {self.on}", "there is no such edit", f"Give one of {allowed}"
            )
        if (self.undoes is not None) != (self.act in _BACK):
            raise ParameterError(
                f"{self.act} of {self.on}",
                "undo and redo name the entry that they undo, and nothing else does",
                "Give the sequence of that entry with undo or redo alone",
            )
        if len(self.token or "") > _LONGEST_TOKEN or len(self.note or "") > _LONGEST_TEXT:
            raise ParameterError(
                f"{self.act} of {self.on}",
                "its token or note is too long",
                f"Give {_LONGEST_TOKEN} and {_LONGEST_TEXT:,} letters at most",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a journal: who said what, and when.

    `sequence` counts from 1; `when` is UTC; `undoes` is the sequence of the entry that this one
    undoes, which may be an undo itself.
    """

    sequence: int
    when: str
    who: str
    on: On
    act: Act
    seen: tuple[Content, ...] = ()
    becomes: tuple[Content, ...] = ()
    blind: bool = False
    undoes: int | None = None
    token: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.sequence < 1 or (self.undoes is not None and not 0 < self.undoes < self.sequence):
            raise ValueError(f"entry {self.sequence} undoes {self.undoes}")

    @property
    def is_back(self) -> bool:
        """Whether it undoes or redoes."""
        return self.undoes is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFilm:
    """The film of which a journal speaks."""

    name: str
    sha256: str
    pcm_sha256: str

    @property
    def hashes(self) -> Hashes:
        """By which it is recognised."""
        return Hashes(sha256=self.sha256, pcm_sha256=self.pcm_sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line of a journal: its film, who writes it, and what program began it."""

    schema: Literal["ostinato-journal/1"] = "ostinato-journal/1"
    film: JournalFilm
    version: str
    coder: str | None = None
    begun: str
    results_schema: str = SCHEMA


def check_within(at_s: float, interval: Interval) -> None:
    """Refuse a cut that does not lie within a stretch."""
    if not interval.start_s < at_s < interval.end_s:
        raise ParameterError(
            f"split at {at_s} s",
            f"it does not lie within {interval.start_s} s to {interval.end_s} s",
            "Give a film time between its edges",
        )


def encode_line(value: Header | Entry) -> bytes:
    """Encode a header or an entry as one line."""
    plain = _without_empty(msgspec.to_builtins(value))
    return json.dumps(plain, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def decode_entry(line: bytes) -> Entry:
    """Decode a line. Raises ValueError (or a msgspec error, which is one) if it is no entry."""
    return _ENTRY.decode(line)


def decode_header(line: bytes) -> Header:
    """Decode the first line. Raises ValueError if it is no header."""
    return _HEADER.decode(line)


_ENTRY = msgspec.json.Decoder(Entry)
_HEADER = msgspec.json.Decoder(Header)


def _without_empty(plain: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(plain, dict):
        kept = {key: _without_empty(value) for key, value in plain.items()}
        return {
            key: value
            for key, value in kept.items()
            if value is not None and value != [] and (key, value) != ("blind", False)
        }
    return [_without_empty(one) for one in plain] if isinstance(plain, list) else plain


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a person's entries come to.

    `in_force` are the edits that hold, in the order in which they were made. `next_undo` is what an
    undo would take back, `next_redo` the undo that a redo would take back; None where there is
    nothing. `last` is the sequence of the last entry, 0 where there is none.
    """

    in_force: tuple[Entry, ...] = ()
    next_undo: Entry | None = None
    next_redo: Entry | None = None
    last: int = 0


def state_of(entries: Sequence[Entry]) -> State:
    """Replay a journal.

    Parameters
    ----------
    entries : sequence of Entry
        In the order of their sequence.

    Returns
    -------
    State
        What holds.
    """
    undone = undone_of(entries)
    in_force = tuple(one for one in entries if not one.is_back and one.sequence not in undone)
    return State(
        in_force=in_force,
        next_undo=in_force[-1] if in_force else None,
        next_redo=_next_redo(entries, undone),
        last=entries[-1].sequence if entries else 0,
    )


def undone_of(entries: Sequence[Entry]) -> set[int]:
    """Return the sequences of the entries that are undone."""
    undone: set[int] = set()
    for entry in reversed(entries):  # the later one is decided first, and decides on the earlier
        if entry.undoes is not None and entry.sequence not in undone:
            undone.add(entry.undoes)
    return undone


def _next_redo(entries: Sequence[Entry], undone: set[int]) -> Entry | None:
    """Return the last undo that holds, unless something new was done after it."""
    for entry in reversed(entries):
        if not entry.is_back:
            return None
        if entry.act == "undo" and entry.sequence not in undone:
            return entry
    return None
