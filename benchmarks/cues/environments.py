"""Each peer's own environment: made by ``python -m venv`` and pip from its list of packages.

Peers forbid each other's packages, so none can share. A list is complete and installed as it
stands, without asking what else its packages demand, so that an environment made again is the same.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

_LISTS = Path(__file__).parent / "peers" / "requirements"
_STAMP = "requirements.sha256"


def interpreter_of(environment: str, home: Path) -> Path:
    """Return the interpreter of an environment, which is made if it is not there.

    Parameters
    ----------
    environment : str
        Name of its list in `peers/requirements`.
    home : pathlib.Path
        Folder of all environments; what is there is used again unless the list has changed.

    Returns
    -------
    pathlib.Path
        To run adapters with.

    Raises
    ------
    subprocess.CalledProcessError
        If it cannot be made.
    """
    packages = _LISTS / f"{environment}.txt"
    digest = hashlib.sha256(packages.read_bytes()).hexdigest()
    folder = home / environment
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / _STAMP
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
        _run(Path(sys.executable), "-m", "venv", "--clear", str(folder))
        _run(python, *("-m", "pip", "install", "--quiet", "--no-deps", "-r", str(packages)))
        stamp.write_text(digest, encoding="utf-8")
    return python


def _run(python: Path, *arguments: str) -> None:
    subprocess.run([str(python), *arguments], check=True)  # noqa: S603 - our own list
