"""What is the same: the same film, and the same stretch of it, found again.

An identity says the film and the times, to the microsecond, in a form that spreadsheets leave
alone; times by themselves come back rounded, and are never compared for equality.
"""

import dataclasses
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from ostinato.errors import StudyError
from ostinato.results.findings import SampledLabel
from ostinato.results.records import encode_record, read_record
from ostinato.results.store import RESULTS_NAME
from ostinato.timeline import Interval

_KEY = re.compile(r"s(\d{1,12})-(\d{1,12})-([0-9a-f]{8})")
_MICROSECONDS = 1_000_000
DRAWN_NAME = "drawn.json"
_LABELS_FOLDER = "labels"


class HasInterval(Protocol):
    """Anything that lies somewhere in a film."""

    @property
    def interval(self) -> Interval:
        """Film time."""


def segment_key(film_sha256: str, interval: Interval) -> str:
    """Return the identity of a stretch of a film.

    Parameters
    ----------
    film_sha256 : str
        Of the film's file.
    interval : Interval
        Film time.

    Returns
    -------
    str
        Begins with a letter, so that nothing takes it for a number.
    """
    start, end = (round(bound * _MICROSECONDS) for bound in (interval.start_s, interval.end_s))
    return f"s{start}-{end}-{_mark(film_sha256, start, end)}"


def occurrence_key(film_sha256: str, song: str, interval: Interval) -> str:
    """Return the identity of an occurrence.

    `song`: the hash of the song's sound, or else its title.
    """
    start, end = (round(bound * _MICROSECONDS) for bound in (interval.start_s, interval.end_s))
    return f"o{start}-{end}-{_mark(f'{film_sha256} {song}', start, end)}"


def interval_of_key(key: str, film_sha256: str | None) -> Interval | None:
    """Return the stretch that an identity names.

    Parameters
    ----------
    key : str
        From `segment_key`, or anything else.
    film_sha256 : str or None
        The film that it should be of; None if any will do.

    Returns
    -------
    Interval or None
        To the microsecond; None if it is no identity, or one of another film.
    """
    found = _KEY.fullmatch(key.strip())
    if found is None or int(found[1]) >= int(found[2]):
        return None
    start, end = int(found[1]), int(found[2])
    if film_sha256 is not None and found[3] != _mark(film_sha256, start, end):
        return None
    return Interval(start / _MICROSECONDS, end / _MICROSECONDS)


def best_match(interval: Interval, others: Sequence[HasInterval]) -> int | None:
    """Find the one of several stretches that is most likely the same.

    Parameters
    ----------
    interval : Interval
        Film time, roughly.
    others : sequence
        Each with an `interval`; in any order.

    Returns
    -------
    int or None
        Index of the one that shares most with it, if that is half of the shorter one at least.
    """
    best, best_share = None, 0.0
    for index, other in enumerate(others):
        shared = other.interval.intersection(interval)
        if shared is None:
            continue
        both_s = interval.duration_s + other.interval.duration_s - shared.duration_s
        shorter_s = min(interval.duration_s, other.interval.duration_s)
        if shared.duration_s >= shorter_s / 2 and shared.duration_s / both_s > best_share:
            best, best_share = index, shared.duration_s / both_s
    return best


def covered_by(interval: Interval, others: Sequence[HasInterval]) -> list[int]:
    """Find the stretches of which half or more lies within an interval.

    Parameters
    ----------
    interval : Interval
        Film time.
    others : sequence
        Each with an `interval`.

    Returns
    -------
    list of int
        Their indices.
    """
    out = []
    for index, other in enumerate(others):
        shared = other.interval.intersection(interval)
        if shared is not None and shared.duration_s >= other.interval.duration_s / 2:
            out.append(index)
    return out


def _mark(film_sha256: str, start: int, end: int) -> str:
    return hashlib.sha256(f"{film_sha256} {start} {end}".encode()).hexdigest()[:8]


class Recording(Protocol):
    """A film that is told by its hashes; that of its sound may not be known yet."""

    @property
    def sha256(self) -> str:
        """Of the file."""

    @property
    def pcm_sha256(self) -> str | None:
        """Of the sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashes:
    """All that is known of a film before it is decoded, or beside what was made of it."""

    sha256: str
    pcm_sha256: str | None = None


def is_same_film(one: Recording, other: Recording) -> bool:
    """Tell whether two films are the same, by the file or by the sound.

    Parameters
    ----------
    one, other : Recording
        Of results, or about to be analysed.

    Returns
    -------
    bool
        By hash.
    """
    same_sound = one.pcm_sha256 is not None and one.pcm_sha256 == other.pcm_sha256
    return same_sound or one.sha256 == other.sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSample:
    """A random sample: `frame` is all that could be drawn, `drawn` the identities that were.

    `film_pcm_sha256` is of the film's sound, which another file may hold as well; None where an
    earlier version drew.
    """

    schema: Literal["ostinato-sample/1"] = "ostinato-sample/1"
    film_sha256: str
    frame: tuple[SampledLabel, ...]
    drawn: tuple[str, ...]
    film_pcm_sha256: str | None = None

    def is_of(self, film: Recording) -> bool:
        """Tell whether it was drawn from a film: the file, or another one of the same sound."""
        return is_same_film(self.film, film)

    @property
    def film(self) -> Hashes:
        """From which it was drawn."""
        return Hashes(sha256=self.film_sha256, pcm_sha256=self.film_pcm_sha256)

    @property
    def sample(self) -> tuple[SampledLabel, ...]:
        """What was drawn, each with the probability with which it was; all are open."""
        names = set(self.drawn)
        of_stratum = Counter(one.stratum for one in self.frame)
        n_drawn = Counter(one.stratum for one in self.frame if one.segment in names)
        return tuple(
            dataclasses.replace(one, p_inclusion=n_drawn[one.stratum] / of_stratum[one.stratum])
            for one in self.frame
            if one.segment in names
        )


def encode_drawn(drawn: DrawnSample) -> bytes:
    """Encode what was drawn.

    Parameters
    ----------
    drawn : DrawnSample
        A sample.

    Returns
    -------
    bytes
        UTF-8 JSON.
    """
    return encode_record(drawn)


def read_drawn(folder: Path) -> DrawnSample | None:
    """Read what was drawn.

    Parameters
    ----------
    folder : pathlib.Path
        Of the files that went out.

    Returns
    -------
    DrawnSample or None
        None if nothing was, or by an earlier version.

    Raises
    ------
    StudyError
        If it is damaged.
    """
    return read_record(
        folder / DRAWN_NAME,
        DrawnSample,
        lacks="it does not say what was drawn",
        mend=f"Move {folder} away and draw anew",
    )


class _Of(msgspec.Struct):
    film: Hashes


def files_of_same_sound(table: Path, film: Recording) -> frozenset[str]:
    """Find the files that hold the sound of a film, by what lies beside a table.

    Parameters
    ----------
    table : pathlib.Path
        Of labels, beside what was drawn or beside results.
    film : Recording
        That is analysed.

    Returns
    -------
    frozenset of str
        Hashes of files, that of the film's own among them. Where the sound of the film is not
        known yet, all that it may turn out to be.
    """
    found = [film]
    for folder in (table.parent, table.parent / _LABELS_FOLDER):
        drawn = _drawn(folder)
        if drawn is not None:
            found.append(drawn)
    for folder in (table.parent, table.parent.parent):
        results = _results(folder)
        if results is not None:
            found.append(results)
    return frozenset(
        one.sha256
        for one in found
        if is_same_film(one, film) or (film.pcm_sha256 is None and one.pcm_sha256 is not None)
    )


def _drawn(folder: Path) -> Recording | None:
    try:
        record = read_drawn(folder)
    except StudyError:  # what is damaged bears no witness
        return None
    return None if record is None else record.film


def _results(folder: Path) -> Recording | None:
    try:
        return msgspec.json.decode((folder / RESULTS_NAME).read_bytes(), type=_Of).film
    except (OSError, msgspec.MsgspecError, ValueError):
        return None
