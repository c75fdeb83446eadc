"""What is done of one film: a task whose only output is files, and what became of it.

A task reads paths and writes into the shared cache, or the results of one film. What became of it
is a file too, so that whoever carries tasks to machines carries paths and statuses, and nothing is
lost with them. Its name is a hash of all that the task reads and of the code: a task that is done
is not done again, and one whose film has changed is another task.
"""

import hashlib
import json
import logging
import os
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from ostinato.corpus.remote import Source, fetch, is_fetched
from ostinato.errors import OstinatoError
from ostinato.legible import as_text
from ostinato.memory import peak_mb, start_peak
from ostinato.pipeline import (
    analyze,
    code_sha256,
    decode_film,
    keep_track,
    rank_songs,
    search_songs,
)
from ostinato.results import Results, encode_results, read_results, write_atomically
from ostinato.study import SongFile, Study
from ostinato.system_errors import in_words
from ostinato.threads import at_most_threads
from ostinato.whole_files import read_whole

Step = Literal["song", "decode", "track", "rank", "find", "finish"]
FILMS, TASKS, RANKS = "films", "tasks", "ranks"
_RESULTS = "results.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One step of one film, or of one song.

    `song` makes the working copy of a song, `decode` that of a film; `track` whitens the film for
    those that search it; `rank` looks at it for every song, and `find` searches it for a block of
    those that this lets through. `finish` does all else: it takes from the cache what the others
    have put there. `subject` names the film or the song; `part` counts the blocks of songs.
    `tracks` is where the run keeps tracks; `left_out` are titles of songs that `rank` did not let
    through; `source` is where the film is fetched from.
    """

    kind: Step
    subject: str
    study: Study
    part: int = 0
    cache_dir: Path
    out: Path
    n_threads: int = 1
    tracks: Path | None = None
    left_out: tuple[str, ...] = ()
    source: Source | None = None
    _kept_key: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def thing(self) -> str:
        """How messages call its film."""
        return str(self.study.film) if self.source is None else self.source.url

    @property
    def key(self) -> str:
        """What differs wherever what the task reads does, as that was when it was first asked."""
        if not self._kept_key:
            self._kept_key.append(self._key())
        return self._kept_key[0]

    def _key(self) -> str:
        study = self.study
        what = [
            *(self.kind, self.subject, self.part, str(self.cache_dir), code_sha256()),
            *self.left_out,
            *(_stamp(path) for path in study.files if not is_fetched(path)),
            msgspec.json.encode(study, enc_hook=as_text).decode(),
        ]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:24]

    @property
    def name(self) -> tuple[str, str, int]:
        """What tells it from the other tasks of a corpus."""
        return self.subject, self.kind, self.part

    @property
    def place(self) -> Path:
        """Where it says what became of it."""
        return self.out / TASKS / f"{self.subject}-{self.kind}-{self.part}.json"

    @property
    def track_place(self) -> Path:
        """Where the track of its film is kept while the run needs it."""
        return (self.tracks or self.out) / self.subject

    @property
    def ranking_place(self) -> Path:
        """Where it is written down what speaks for each song in its film."""
        return self.out / RANKS / f"{self.subject}.json"

    @property
    def results_place(self) -> Path:
        """Where the results of its film are written."""
        return results_of(self.out, self.subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a task: `thing`, `reason` and `mend` say why it failed, if it did.

    `peak_mb` is the most memory that the process held while it was at it, None where the system
    does not say; `n_lost` counts the workers that were lost with it.
    """

    key: str
    kind: Step
    subject: str
    part: int
    is_done: bool
    seconds: float = 0.0
    cpu_s: float = 0.0
    peak_mb: float | None = None
    n_lost: int = 0
    thing: str | None = None
    reason: str | None = None
    mend: str | None = None

    @property
    def name(self) -> tuple[str, str, int]:
        """What tells its task from the others of a corpus."""
        return self.subject, self.kind, self.part


def results_of(out: Path, film_id: str) -> Path:
    """Return where the results of a film are, or will be."""
    return out / FILMS / film_id / _RESULTS


def run_task(task: Task) -> Outcome:
    """Do a task, and write down what became of it; an error is an outcome, not an exception.

    Parameters
    ----------
    task : Task
        Of a film or a song.

    Returns
    -------
    Outcome
        What its file says too.

    Raises
    ------
    MediaError
        If what became of it cannot be written down.
    """
    start_peak()
    key = task.key  # of the files as they were before they were read
    wall, cpu = time.perf_counter(), time.process_time()
    failure: OstinatoError | None = None
    try:
        with at_most_threads(task.n_threads), _quiet():
            if task.source is not None:
                fetch(task.source, task.cache_dir)
            _WORK[task.kind](task)
    except Exception as error:  # noqa: BLE001 - a defect in one film must not cost the others
        failure = _failure(task, error)
    outcome = Outcome(
        key=key,
        kind=task.kind,
        subject=task.subject,
        part=task.part,
        is_done=True,
        seconds=round(time.perf_counter() - wall, 3),
        cpu_s=round(time.process_time() - cpu, 3),
        peak_mb=peak_mb(),
    )
    if failure is not None:
        outcome = failed(outcome, failure)
    write_outcome(task, outcome)
    return outcome


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep off the terminal what is to be known of one film: a row says it, for any number."""
    logger = logging.getLogger("ostinato")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def lost(task: Task, n_lost: int) -> Outcome:
    """Return the outcome of a task with which every worker was lost that took it."""
    outcome = Outcome(
        key=task.key,
        kind=task.kind,
        subject=task.subject,
        part=task.part,
        is_done=False,
        n_lost=n_lost,
    )
    why = OstinatoError(
        task.thing,
        f"{n_lost} workers were killed while they were at it, by the system for want of memory or "
        "by a person",
        "Give it more memory, or fewer workers and threads, and run this again",
    )
    return failed(outcome, why)


def failed(outcome: Outcome, why: OstinatoError) -> Outcome:
    """Return the outcome of a task that was not done; names of files need not be text."""
    return replace(
        outcome,
        is_done=False,
        thing=as_text(why.thing),
        reason=as_text(why.reason),
        mend=as_text(why.mend),
    )


def write_outcome(task: Task, outcome: Outcome) -> None:
    """Write down what became of a task; its place holds the old or the new, and never half."""
    write_atomically(task.place, msgspec.json.format(msgspec.json.encode(outcome)) + b"\n")


def earlier_outcome(task: Task) -> Outcome | None:
    """Return what became of this very task before, None if it was not done or has changed."""
    try:
        outcome = msgspec.json.decode(read_whole(task.place), type=Outcome)
    except (OSError, msgspec.MsgspecError, ValueError):
        return None
    left = {"finish": task.results_place, "rank": task.ranking_place}.get(task.kind)
    is_there = left is None or left.exists()
    return outcome if outcome.key == task.key and is_there else None


def is_done(task: Task) -> bool:
    """Tell whether this very task was done before."""
    outcome = earlier_outcome(task)
    return outcome is not None and outcome.is_done


def _decode(task: Task) -> None:
    decode_film(task.study, cache_dir=task.cache_dir)


def _track(task: Task) -> None:
    keep_track(task.study, task.track_place, cache_dir=task.cache_dir)


def _rank(task: Task) -> None:
    rank_songs(task.study, task.track_place, task.ranking_place, cache_dir=task.cache_dir)


def _find(task: Task) -> None:
    search_songs(task.study, task.track_place, cache_dir=task.cache_dir)


def _finish(task: Task) -> None:
    place = task.results_place
    results = analyze(
        task.study, cache_dir=task.cache_dir, earlier=_earlier(place), left_out=task.left_out
    )
    write_atomically(place, encode_results(results))


def _earlier(place: Path) -> Results | None:
    """Return the results that stand there, whose labels are kept."""
    return read_results(place) if place.exists() else None


_WORK: dict[str, Callable[[Task], None]] = {
    "song": _decode,
    "decode": _decode,
    "track": _track,
    "rank": _rank,
    "find": _find,
    "finish": _finish,
}


def song_task_study(song: SongFile) -> Study:
    """Return a study whose film is a song: to decode either is the same."""
    return replace(_any_film(), film=song.path)


@cache
def _any_film() -> Study:
    """Return a study whose parameters are checked: that takes as long as a task may."""
    return Study(film=Path(), stages=())


def _stamp(path: Path) -> tuple[str, int, int] | str:
    """Return what changes when a file does."""
    try:
        found = os.stat(path)  # noqa: PTH116 - of all songs for each task: three times as quick
    except OSError:
        return str(path)
    return str(path), found.st_size, found.st_mtime_ns


def _failure(task: Task, error: Exception) -> OstinatoError:
    words = in_words(error)
    if words is None:
        return _defect(task, error)
    if words is error:
        return words
    # the machine's own errors do not say at which film it was
    return OstinatoError(f"{task.thing}, {words.thing}", words.reason, words.mend)


def _defect(task: Task, error: Exception) -> OstinatoError:
    place = task.place.with_suffix(".traceback.txt")
    write_atomically(place, "".join(traceback.format_exception(error)).encode())
    return OstinatoError(
        task.thing,
        f"a defect of this program ended it ({type(error).__name__}: {error})",
        f"Report it with {place}",
    )
