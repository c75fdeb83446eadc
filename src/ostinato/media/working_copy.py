"""The working copy: a film's sound on disk, one file of raw float32 for each channel.

Every block is checked the first time that a process reads it, and never again by it.

Sample `k` is heard at film time ``k / rate_hz``. Arrays are channels first, full scale ±1.
Beside the channels lie `copy.json` with what is known of the whole, and its loudness.
"""

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.loudness import lufs, short_term_energies
from ostinato.errors import DamagedCacheError, ParameterError
from ostinato.legible import as_text
from ostinato.media.channels import Channel
from ostinato.media.container import Clock
from ostinato.media.faults import cache_faults
from ostinato.media.signal import SAMPLE, RawFile
from ostinato.results import Condition, Credits, Film, Song, sync_folder
from ostinato.threads import in_threads
from ostinato.whole_files import read_whole

BLOCK_BYTES = 2**20
_DIGEST_BYTES = 16
DESCRIPTION_NAME = "copy.json"
_ENERGY = np.dtype("<f8")
_PLACES = frozenset({"path", "folder", "checks"})  # of this machine, hence not of the copy
_NAME, _DIGESTS, _SEAL = "name", "digests", "seal"


@dataclass(frozen=True, slots=True)
class Checks:
    """Digests of the files of a working copy, and which blocks of them were checked."""

    folder: Path
    digests: Mapping[str, tuple[str, ...]]
    _seen: set[tuple[str, int]] = field(default_factory=set, compare=False, repr=False)

    def check(self, name: str, start_byte: int, stop_byte: int) -> None:
        """Make sure that what is about to be read is what was written.

        `name`: of a file in the folder; `start_byte`, `stop_byte`: which part of it. Raises
        DamagedCacheError if it is not.
        """
        blocks = range(start_byte // BLOCK_BYTES, -(-stop_byte // BLOCK_BYTES))
        if all((name, block) in self._seen for block in blocks):
            return
        with (self.folder / name).open("rb") as file:
            for block in blocks:
                if (name, block) not in self._seen:
                    file.seek(block * BLOCK_BYTES)
                    self._compare(name, block, file.read(BLOCK_BYTES))

    def check_all(self) -> None:
        """Make sure that every file is what was written; DamagedCacheError if one is not."""
        for name, digests in self.digests.items():
            self.check(name, 0, len(digests) * BLOCK_BYTES)

    def _compare(self, name: str, block: int, content: bytes) -> None:
        known = self.digests.get(name, ())
        if block >= len(known) or _digest(content) != known[block]:
            raise DamagedCacheError(
                str(self.folder),
                f"{name} is not what was written there",
                "Run this again: what is damaged is made anew",
            )
        self._seen.add((name, block))


def digests_of(path: Path) -> tuple[str, ...]:
    """Return the digest of each block of a file, which is brought to the disk as well."""
    digests = []
    with path.open("r+b") as file:
        while content := file.read(BLOCK_BYTES):
            digests.append(_digest(content))
        os.fsync(file.fileno())
    return tuple(digests)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCopy:
    """A film's or a song's sound, decoded once; made by `open_working_copy`.

    Parameters
    ----------
    path, folder : pathlib.Path
        The media file, and where its copy lies.
    stream : int
        Ordinal of the audio stream.
    second_stream : int or None
        That of the right channel, where two mono streams were joined.
    taken_channel : {'left', 'right'} or None
        The one that was taken of two.
    clock : {'player', 'container', 'first-sample'}
        Where film time counts from.
    origin_s : float
        The container's own time at film time zero.
    files : tuple of str
        Names of the files that were read as one.
    rate_hz : int
        That of the stream, 48000 at most.
    channel_names : tuple of str
        ``("mono",)``, or ``("left", "right")`` and, as far as the source has them, ``"centre"``
        and ``"side"``; `ostinato.media.downmix` says what each holds.
    n_source_channels : int
        Of the stream.
    n_samples : int
        Of each channel.
    start_s : float
        Film time at which the stream begins; what lies before it is silence.
    sha256, pcm_sha256 : str
        Of the media file, and of the samples here, as interleaved little-endian float32.
    peak : float
        Largest sample of mono, or of left and right; 1 is full scale, more is possible.
    loudness_lufs : float or None
        BS.1770 integrated loudness of mono, or of left and right; None where all is below the gate.
    condition : Condition
        What is amiss with the file, and what was done about it.
    checks : Checks or None
        Whether what is read is what was written; None while it is being made.
    """

    path: Path
    folder: Path
    stream: int
    second_stream: int | None
    taken_channel: Channel | None
    clock: Clock
    origin_s: float
    files: tuple[str, ...]
    rate_hz: int
    channel_names: tuple[str, ...]
    n_source_channels: int
    n_samples: int
    start_s: float
    sha256: str
    pcm_sha256: str
    peak: float
    loudness_lufs: float | None
    condition: Condition
    checks: Checks | None = field(default=None, compare=False, repr=False)

    @property
    def truncated_at_s(self) -> float | None:
        """Film time at which a file that was cut short ends; None for a whole one."""
        return self.condition.truncated_at_s

    @property
    def n_channels(self) -> int:
        """Of the copy; `n_source_channels` is that of the file."""
        return len(self.channel_names)

    @property
    def duration_s(self) -> float:
        """Length in seconds, from film time zero to the last sample."""
        return self.n_samples / self.rate_hz

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.float32]:
        """Read all channels from `start_sample` up to `stop_sample`.

        `start_sample`, `stop_sample`: at least 0; what lies past the end is left out, as in a
        slice. Returns (n_channels, n_samples).
        """
        return np.stack(
            [self._read(name, start_sample, stop_sample) for name in self.channel_names]
        )

    def mono(self, start_sample: int, stop_sample: int) -> NDArray[np.float32]:
        """Read the mean of left and right, or the one channel of a mono film.

        `start_sample`, `stop_sample`: at least 0; what lies past the end is left out, as in a
        slice. Returns (n_samples,).
        """
        if self.channel_names == ("mono",):
            return self._read("mono", start_sample, stop_sample)
        left = self._read("left", start_sample, stop_sample)
        return (left + self._read("right", start_sample, stop_sample)) * np.float32(0.5)

    def short_term_lufs(self) -> NDArray[np.float64]:
        """Loudness of every 3 s of mono, or of left and right (BS.1770, EBU Tech 3341).

        Returns (n_windows,).
        """
        with cache_faults(self.folder):
            path = loudness_file(self.folder)
            self._check(path, 0, path.stat().st_size)
            slots = np.fromfile(path, dtype=_ENERGY)
        return lufs(short_term_energies(slots[np.newaxis]))

    def channel(self, name: str) -> NDArray[np.float32]:
        """Map one channel from disk, read-only.

        Pages that are touched count as memory of the process until the system wants them back; to
        go through a film, `read` and `blocks` do without.

        Returns (n_samples,).
        """
        path = self._file(name)
        self._check(path, 0, self.n_samples * SAMPLE.itemsize)
        return np.memmap(path, dtype=SAMPLE, mode="r", shape=(self.n_samples,))

    def blocks(self, block_length: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Read the film from beginning to end.

        `block_length`: samples of a block, at least 1; the last block may be shorter. Returns `y`
        (n_channels, n_samples).
        """
        if block_length < 1:
            raise ParameterError("block_length", f"it is {block_length}", "Give at least 1")
        for start in range(0, self.n_samples, block_length):
            yield start, self.read(start, start + block_length)

    def _file(self, name: str) -> Path:
        if name not in self.channel_names:
            raise ParameterError(
                f"channel {name!r}",
                f"the working copy of {self.path.name} has only {', '.join(self.channel_names)}",
                "Name one of these",
            )
        return channel_file(self.folder, name)

    def _read(self, name: str, start_sample: int, stop_sample: int) -> NDArray[np.float32]:
        if not 0 <= start_sample <= stop_sample:
            raise ParameterError(
                f"samples {start_sample} to {stop_sample}",
                "a film is read forwards from sample 0",
                "Give 0 <= start_sample <= stop_sample",
            )
        path = self._file(name)
        first, last = (min(at, self.n_samples) for at in (start_sample, stop_sample))
        with cache_faults(self.folder):
            self._check(path, first * SAMPLE.itemsize, last * SAMPLE.itemsize)
            y: NDArray[np.float32] = RawFile(path, 1, self.n_samples).read(first, last)[0]
            return y

    def _check(self, path: Path, start_byte: int, stop_byte: int) -> None:
        if self.checks is not None:
            self.checks.check(path.name, start_byte, stop_byte)


def channel_file(folder: Path, name: str) -> Path:
    """Return where a channel of the copy in `folder` lies."""
    return folder / f"{name}.f32"


def read_channels(
    folder: Path, names: tuple[str, ...], start_sample: int, n_samples: int
) -> NDArray[np.float32]:
    """Read samples of the copy in `folder`, shape (n_channels, n_samples)."""
    stop_sample = start_sample + n_samples
    files = [RawFile(channel_file(folder, name), 1, stop_sample) for name in names]
    return np.concatenate([file.read(start_sample, stop_sample) for file in files])


def loudness_file(folder: Path) -> Path:
    """Return where the energies lie from which the loudness of the copy in `folder` is told."""
    return folder / "loudness.f64"


def write_loudness(folder: Path, slots: NDArray[np.float64]) -> None:
    """Write K-weighted energies of slots of 100 ms, those of all channels as one.

    `slots` (n_channels, n_slots): from `ostinato.dsp.loudness.slot_energies`.
    """
    loudness_file(folder).write_bytes(slots.sum(axis=0).astype(_ENERGY).data)


def write_description(copy: WorkingCopy, *, name: str) -> None:
    """Write `copy.json`, which makes a folder a working copy, and bring all of it to the disk.

    `name`: what its folder will be called in the cache.
    """
    known: dict[str, object] = {
        one.name: getattr(copy, one.name)
        for one in dataclasses.fields(copy)
        if one.name not in _PLACES
    }
    own = [channel_file(copy.folder, channel) for channel in copy.channel_names]
    known[_NAME] = name
    files = (*own, loudness_file(copy.folder))
    digests = in_threads(digests_of, files)
    known[_DIGESTS] = {file.name: told for file, told in zip(files, digests, strict=True)}
    known = msgspec.to_builtins(known)
    known[_SEAL] = _seal(known)
    description = copy.folder / DESCRIPTION_NAME
    description.write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=1))
    digests_of(description)
    sync_folder(copy.folder)


def reopen(folder: Path, path: Path) -> WorkingCopy | None:
    """Return the working copy in `folder`, None where there is none or it is not whole.

    Parameters
    ----------
    folder : pathlib.Path
        Its place in the cache.
    path : pathlib.Path
        The media file, whose content is that of the copy.

    Returns
    -------
    WorkingCopy or None
        With all its channels on disk. What they hold is checked when it is read. None as well if it
        is a copy of something else that was given this name.
    """
    try:
        known = msgspec.json.decode(read_whole(folder / DESCRIPTION_NAME), type=dict)
        if known.pop(_SEAL, None) != _seal(known) or known[_NAME] != folder.name:
            return None
        digests = msgspec.convert(known[_DIGESTS], dict[str, tuple[str, ...]])
        copy = msgspec.convert({**known, "path": path, "folder": folder}, WorkingCopy)
        sizes = {channel_file(folder, name).stat().st_size for name in copy.channel_names}
        loudness_file(folder).stat()
    except (OSError, msgspec.MsgspecError, KeyError, ValueError):
        return None
    if sizes != {copy.n_samples * SAMPLE.itemsize}:
        return None
    return dataclasses.replace(copy, checks=Checks(folder, digests))


def _seal(known: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def film_record(film: WorkingCopy, *, edition: str | None, named: Credits | None = None) -> Film:
    """Describe a film.

    Parameters
    ----------
    film : WorkingCopy
        Its sound.
    edition : str or None
        Which edition it is, in a person's words.
    named : Credits, optional
        Which film it is, in a person's words.

    Returns
    -------
    Film
        Named after its file.
    """
    return Film(
        name=as_text(film.path.resolve().name),
        edition=edition,
        sha256=film.sha256,
        pcm_sha256=film.pcm_sha256,
        duration_s=film.duration_s,
        start_s=film.start_s,
        sample_rate_hz=film.rate_hz,
        channels=film.n_source_channels,
        stream=film.stream,
        loudness_lufs=film.loudness_lufs,
        truncated_at_s=film.truncated_at_s,
        clock=film.clock,
        origin_s=film.origin_s,
        second_stream=film.second_stream,
        channel=film.taken_channel,
        files=film.files if len(film.files) > 1 else (),
        condition=film.condition,
        **dataclasses.asdict(named or Credits()),
    )


def song_record(song: WorkingCopy, *, song_id: str, title: str) -> Song:
    """Describe a song.

    Parameters
    ----------
    song : WorkingCopy
        Its sound.
    song_id, title : str
        What results call it.

    Returns
    -------
    Song
        With its hashes and its length.
    """
    return Song(
        id=song_id,
        title=title,
        sha256=song.sha256,
        pcm_sha256=song.pcm_sha256,
        duration_s=song.duration_s,
        condition=song.condition,
    )
