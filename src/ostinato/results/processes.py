"""Processes of this system: whether one still runs, and when it started."""

import os
import platform
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

_PROC = Path("/proc")
_N_BEFORE_START = 19  # fields of /proc/PID/stat from the state to the start, proc(5)


def host_name() -> str:
    """Return what tells this host from others, and its containers from each other."""
    try:
        space = _PROC.joinpath("self", "ns", "pid").readlink()
    except OSError:
        return platform.node()
    return f"{platform.node()}/{space}"


def start_of(pid: int) -> str | None:
    """Return when a process started, in a form that only compares."""
    if sys.platform == "win32":
        return _start_on_windows(pid)
    if _PROC.joinpath("self", "stat").exists():
        fields = _stat(pid)
        return None if fields is None else f"{_boot()}.{fields[_N_BEFORE_START]}"
    said = _ps(pid)
    return None if said is None else sha256(said.encode()).hexdigest()[:12]


def is_running(pid: int, *, started: str) -> bool:
    """Tell whether a process that started at that time still runs.

    `started`: from `start_of`; "0" where it is not known.
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
