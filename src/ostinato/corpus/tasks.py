"""What is done of one film: a task whose only output is files, and what became of it.

A task reads paths and writes into the shared cache, or the results of one film. What became of it
is a file too, so that whoever carries tasks to machines carries paths and statuses, and nothing is
lost with them. Its name is a hash of all that the task reads and of the code: a task that is done
is not done again, and one whose film has changed is another task.
"""

import hashlib
import json
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec

from ostinato.errors import OstinatoError
from ostinato.media import open_working_copy
from ostinato.memory import peak_mb, shortage, start_peak
from ostinato.pipeline import analyze, code_sha256
from ostinato.results import Results, encode_results, read_results, write_atomically
from ostinato.study import SongFile, Study
from ostinato.threads import at_most_threads
from ostinato.whole_files import read_whole

Step = Literal["song", "decode", "find", "finish"]
FILMS, TASKS = "films", "tasks"
_RESULTS = "results.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One step of one film, or of one song.

    `song` makes the working copy of a song, `decode` that of a film; `find` looks for a block of
    songs in a film, and `finish` does all else: it takes from the cache what the others have put
    there. `subject` names the film or the song; `part` counts the blocks of songs.
    """

    kind: Step
    subject: str
    study: Study
    part: int = 0
    cache_dir: Path
    out: Path
    n_threads: int = 1

    @property
    def key(self) -> str:
        """What differs wherever what the task reads does."""
        study = self.study
        what = [
            *(self.kind, self.subject, self.part, str(self.cache_dir), code_sha256()),
            *(_stamp(path) for path in study.files),
            msgspec.json.encode(study, enc_hook=str).decode(),
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
        with at_most_threads(task.n_threads):
            _WORK[task.kind](task)
    except (OstinatoError, OSError, MemoryError) as error:
        failure = _in_words(task, error)
    except Exception as error:  # noqa: BLE001 - a defect in one film must not cost the others
        failure = _defect(task, error)
    outcome = Outcome(
        key=key,
        kind=task.kind,
        subject=task.subject,
        part=task.part,
        is_done=failure is None,
        seconds=round(time.perf_counter() - wall, 3),
        cpu_s=round(time.process_time() - cpu, 3),
        peak_mb=peak_mb(),
        thing=None if failure is None else failure.thing,
        reason=None if failure is None else failure.reason,
        mend=None if failure is None else failure.mend,
    )
    write_outcome(task, outcome)
    return outcome


def lost(task: Task, n_lost: int) -> Outcome:
    """Return the outcome of a task with which every worker was lost that took it."""
    return Outcome(
        key=task.key,
        kind=task.kind,
        subject=task.subject,
        part=task.part,
        is_done=False,
        n_lost=n_lost,
        thing=str(task.study.film),
        reason=f"{n_lost} workers were killed while they were at it, by the system for want of "
        "memory or by a person",
        mend="Give it more memory, or fewer workers and threads, and run this again",
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
    is_there = task.kind != "finish" or task.results_place.exists()
    return outcome if outcome.key == task.key and is_there else None


def _decode(task: Task) -> None:
    study = task.study
    open_working_copy(
        study.film,
        stream=study.stream,
        channel=study.channel,
        clock=study.clock,
        cache_dir=task.cache_dir,
    )


def _find(task: Task) -> None:
    analyze(replace(task.study, stages=("cues",)), cache_dir=task.cache_dir)


def _finish(task: Task) -> None:
    place = task.results_place
    results = analyze(task.study, cache_dir=task.cache_dir, earlier=_earlier(place))
    write_atomically(place, encode_results(results))


def _earlier(place: Path) -> Results | None:
    """Return the results that stand there, whose labels are kept."""
    return read_results(place) if place.exists() else None


_WORK: dict[str, Callable[[Task], None]] = {
    "song": _decode,
    "decode": _decode,
    "find": _find,
    "finish": _finish,
}


def song_task_study(song: SongFile) -> Study:
    """Return a study whose film is a song: to decode either is the same."""
    return Study(film=song.path, stages=())


def _stamp(path: Path) -> tuple[str, int, int] | str:
    """Return what changes when a file does."""
    try:
        found = path.stat()
    except OSError:
        return str(path)
    return str(path), found.st_size, found.st_mtime_ns


def _in_words(task: Task, error: Exception) -> OstinatoError:
    if isinstance(error, OstinatoError):
        return error
    if isinstance(error, MemoryError):
        mend = "Give fewer workers and threads, and run this again"
        return OstinatoError(str(task.study.film), shortage(error), mend)
    reason = getattr(error, "strerror", None) or str(error)
    return OstinatoError(
        str(getattr(error, "filename", None) or task.study.film),
        f"it cannot be read or written ({reason})",
        "Mend that, and run this again: what was done is kept",
    )


def _defect(task: Task, error: Exception) -> OstinatoError:
    place = task.place.with_suffix(".traceback.txt")
    write_atomically(place, "".join(traceback.format_exception(error)).encode())
    return OstinatoError(
        str(task.study.film),
        f"a defect of this program ended it ({type(error).__name__}: {error})",
        f"Report it with {place}",
    )
