"""Who is at work: one command at a time on a folder of results, and whose a scratch folder is.

An owner is a process: its host, its number, and when it started, since numbers are given again. Of
a process on another host nobody can tell here whether it still runs: it is taken to. A folder has
a lock file; a scratch folder carries its owner in its name, so that it never is without one. That
of another host is given up once nobody has renewed it for a day.
"""

import hashlib
import json
import os
import platform
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from ostinato.errors import StudyError
from ostinato.results.heartbeat import keep_young
from ostinato.whole_files import read_whole

LOCK_NAME = ".ostinato-lock"
UNFINISHED = ".unfinished-"
_SCRATCH = re.compile(
    re.escape(UNFINISHED) + r"[a-z]+-(?P<host>[0-9a-f]{8})-(?P<pid>\d+)-(?P<start>[0-9a-f.]+)-\w+"
)
_UNREADABLE_AFTER_S = 10.0  # between the making of a lock file and its content lies a moment
_ABANDONED_AFTER_S = 24 * 3600.0  # a hundred beats were missed; clocks may differ by hours
_N_TRIES = 50
_PROC = Path("/proc")
_N_BEFORE_START = 19  # fields of /proc/PID/stat from the state to the start, proc(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process that works, or worked, on a folder; `started` is "0" where it is not known."""

    host: str
    pid: int
    started: str
    since: str

    @property
    def is_at_work(self) -> bool:
        """Whether it still runs, as far as can be told."""
        return self.host != host_name() or is_running(self.pid, started=self.started)


@dataclass(frozen=True, slots=True)
class Lock:
    """A folder that this process has to itself."""

    place: Path
    owner: Owner

    @property
    def is_held(self) -> bool:
        """Whether it is still there: not if somebody removed the folder meanwhile."""
        return _owner_of(self.place) == self.owner


@contextmanager
def locked(folder: Path) -> Iterator[Lock]:
    """Have a folder for as long as one works in it.

    Raises StudyError if another command is at work in it. Raises OSError if the lock cannot be
    written.
    """
    place = folder / LOCK_NAME
    lock = Lock(place, _this_process())
    _take(lock, folder)
    try:
        yield lock
    finally:
        with suppress(OSError):  # then the next command finds that its owner no longer runs
            if lock.is_held:
                place.unlink(missing_ok=True)


def unheld(folder: Path) -> Lock:
    """Return the lock of a folder that nobody has taken."""
    return Lock(folder / LOCK_NAME, _this_process())


def check_free(folder: Path) -> None:
    """Refuse a folder in which another command is at work.

    Raises StudyError naming who that is.
    """
    owner = owner_at_work(folder)
    if owner is not None:
        raise _busy(folder, owner)


def owner_at_work(folder: Path) -> Owner | None:
    """Return who is at work in a folder, None if nobody is."""
    owner = _owner_of(folder / LOCK_NAME)
    return owner if owner is not None and owner.is_at_work else None


def make_scratch(folder: Path, kind: str) -> Path:
    """Make a folder for what is not finished, whose name says who works on it.

    Parameters
    ----------
    folder : pathlib.Path
        In which; exists.
    kind : str
        Small letters that say what it is for.

    Returns
    -------
    pathlib.Path
        The empty folder.
    """
    place = folder / scratch_name(kind)
    place.mkdir()
    keep_young(place)
    return place


def scratch_name(kind: str) -> str:
    """Return a name for what is not finished, that says who works on it.

    Parameters
    ----------
    kind : str
        Small letters that say what it is for.

    Returns
    -------
    str
        Another one each time.
    """
    me = _this_process()
    return f"{UNFINISHED}{kind}-{_short(me.host)}-{me.pid}-{me.started}-{secrets.token_hex(4)}"


@contextmanager
def scratch_in(folder: Path, kind: str) -> Iterator[Path]:
    """Give a scratch folder for as long as it is needed.

    Parameters
    ----------
    folder : pathlib.Path
        In which; exists.
    kind : str
        As for `make_scratch`.

    Yields
    ------
    pathlib.Path
        The empty folder.
    """
    place = make_scratch(folder, kind)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def abandoned(folder: Path) -> tuple[Path, ...]:
    """Find the scratch folders whose owners no longer run.

    Parameters
    ----------
    folder : pathlib.Path
        In which.

    Returns
    -------
    tuple of pathlib.Path
        In order of their names. Those of other hosts count once nobody has renewed them for a
        day; those that do not say whose they are, as of earlier versions, once nothing in them has
        changed for a day.
    """
    try:
        places = sorted(folder.glob(f"{UNFINISHED}*"))
    except OSError:  # whoever reads or writes there will say why
        return ()
    return tuple(place for place in places if _is_abandoned(place))


def sweep(folder: Path) -> None:
    """Remove what processes have left that no longer run, which may be gigabytes.

    Parameters
    ----------
    folder : pathlib.Path
        In which.
    """
    for place in abandoned(folder):
        remove_scratch(place)


def remove_scratch(place: Path) -> None:
    """Remove a file or a folder that is not finished; what cannot be removed stays.

    `place`: from `abandoned`, or one's own.
    """
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
    else:
        with suppress(OSError):
            place.unlink(missing_ok=True)


def is_scratch(place: Path) -> bool:
    """Tell whether a folder is scratch that says whose it is.

    Parameters
    ----------
    place : pathlib.Path
        Any.

    Returns
    -------
    bool
        By its name.
    """
    return _SCRATCH.fullmatch(place.name) is not None


def _is_abandoned(place: Path) -> bool:
    found = _SCRATCH.fullmatch(place.name)
    if found is not None:
        if found["host"] == _short(host_name()):
            return not is_running(int(found["pid"]), started=found["start"])
        try:
            return time.time() - place.stat().st_mtime > _ABANDONED_AFTER_S
        except OSError:
            return False
    if not place.is_dir():
        return False
    try:
        newest_s = max(file.stat().st_mtime for file in (place, *place.rglob("*")))
    except OSError:  # its own run has finished with it
        return False
    return time.time() - newest_s > _ABANDONED_AFTER_S


def _this_process() -> Owner:
    return Owner(
        host=host_name(),
        pid=os.getpid(),
        started=start_of(os.getpid()) or "0",
        since=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _take(lock: Lock, folder: Path) -> None:
    for _ in range(_N_TRIES):
        if _is_made(lock):
            return
        owner = _owner_of(lock.place)
        if owner is None:
            if _is_young(lock.place):
                time.sleep(0.05)
                continue
        elif owner.is_at_work:
            break
        _remove_dead(lock.place, owner)
    raise _busy(folder, _owner_of(lock.place))


def _is_made(lock: Lock) -> bool:
    """Make the lock file with its content at once; where the system cannot, one after the other."""
    content = json.dumps(asdict(lock.owner)).encode()
    draft = lock.place.with_name(scratch_name("lock"))
    try:
        draft.write_bytes(content)
        try:
            os.link(draft, lock.place)
        except FileExistsError:
            return False
        except OSError:  # no links there
            return _is_written(lock.place, content)
    finally:
        draft.unlink(missing_ok=True)
    return True


def _is_written(place: Path, content: bytes) -> bool:
    try:
        with place.open("xb") as file:
            file.write(content)
    except FileExistsError:
        return False
    return True


def _remove_dead(place: Path, owner: Owner | None) -> None:
    """Remove a dead owner's lock, and no other that took its place this moment."""
    aside = place.with_name(scratch_name("lock"))
    with suppress(FileNotFoundError):
        place.rename(aside)
        if _owner_of(aside) != owner:
            with suppress(OSError):
                os.link(aside, place)
        aside.unlink(missing_ok=True)


def _owner_of(place: Path) -> Owner | None:
    try:
        return msgspec.json.decode(read_whole(place), type=Owner)
    except (OSError, msgspec.MsgspecError, ValueError):
        return None


def _is_young(place: Path) -> bool:
    try:
        return time.time() - place.stat().st_mtime < _UNREADABLE_AFTER_S
    except OSError:
        return True  # gone: try again


def _busy(folder: Path, owner: Owner | None) -> StudyError:
    who = "another command"
    if owner is not None:
        who += f" (process {owner.pid} on {owner.host.partition('/')[0]}, since {owner.since})"
    return StudyError(
        str(folder),
        f"{who} is at work on it",
        "Wait until it has ended, or give another folder; if it no longer runs, remove "
        f"{folder / LOCK_NAME}",
    )


def _short(host: str) -> str:
    return hashlib.sha256(host.encode()).hexdigest()[:8]


def host_name() -> str:
    """Return what tells this host from others, and its containers from each other."""
    try:
        space = _PROC.joinpath("self", "ns", "pid").readlink()
    except OSError:
        return platform.node()
    return f"{platform.node()}/{space}"


def start_of(pid: int) -> str | None:
    """Return when a process started, in a form that only compares.

    Parameters
    ----------
    pid : int
        Of a process of this machine.

    Returns
    -------
    str or None
        None where the system does not say.
    """
    if sys.platform == "win32":
        return _start_on_windows(pid)
    if _PROC.joinpath("self", "stat").exists():
        fields = _stat(pid)
        return None if fields is None else f"{_boot()}.{fields[_N_BEFORE_START]}"
    said = _ps(pid)
    return None if said is None else sha256(said.encode()).hexdigest()[:12]


def is_running(pid: int, *, started: str) -> bool:
    """Tell whether a process that started at that time still runs.

    Parameters
    ----------
    pid : int
        Of a process of this machine; another may have it by now.
    started : str
        From `start_of`; "0" where it is not known.

    Returns
    -------
    bool
        True where the system does not say.
    """
    if not _is_there(pid):
        return False
    now = start_of(pid)
    return now is None or started in {now, "0"}


def _is_there(pid: int) -> bool:
    if pid <= 0:
        return False
    if sys.platform == "win32":
        return _start_on_windows(pid) is not None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return pid < 2**31  # another person's
    fields = _stat(pid)
    return fields is None or fields[0] not in {"Z", "X"}  # dead, and not yet asked about


def _stat(pid: int) -> list[str] | None:
    try:
        # the name, in brackets, may hold anything
        return _PROC.joinpath(str(pid), "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _boot() -> str:
    try:
        return _PROC.joinpath("sys/kernel/random/boot_id").read_text().strip().replace("-", "")[:8]
    except OSError:
        return "0"


def _ps(pid: int) -> str | None:
    command = ["/bin/ps", "-o", "lstart=", "-p", str(pid)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None


def _start_on_windows(pid: int) -> str | None:
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - not elsewhere

        kernel = ctypes.windll.kernel32
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = kernel.OpenProcess(0x1000, False, pid)  # noqa: FBT003 - may be asked about
        if not handle:
            return None
        times = [ctypes.c_ulonglong() for _ in range(4)]
        is_told = kernel.GetProcessTimes(ctypes.c_void_p(handle), *map(ctypes.byref, times))
        kernel.CloseHandle(ctypes.c_void_p(handle))
        has_ended = times[1].value != 0
        return f"{times[0].value:x}" if is_told and not has_ended else None
    return None
