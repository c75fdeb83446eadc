"""The cache of working copies: hash a file, and decode it if that was not done before.

A copy lies in a folder named after the content of the file, the stream and the version of the
decoding, so that a file may be moved and renamed, and a changed one is decoded anew. It is written
beside its place and moved there whole: an interrupted run leaves no half copy, and of two runs at
once the second to finish uses what the first has made.
"""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from ostinato.dsp.loudness import (
    integrated_lufs,
    momentary_energies,
    slot_energies,
    start_loudness,
)
from ostinato.errors import MediaError
from ostinato.media.decode import Decoding, open_decoding
from ostinato.media.faults import cache_faults, check_file, media_faults
from ostinato.media.probe import choose_stream, probe
from ostinato.media.working_copy import (
    WorkingCopy,
    channel_file,
    reopen,
    write_description,
    write_loudness,
)
from ostinato.results import make_scratch, sweep, sync_folder

__all__ = ["default_cache_dir", "open_working_copy"]

FORMAT_VERSION = 1  # raise it whenever the same file would give other samples
SILENCE_PEAK = 2 / 2**15  # the dither of 16 bits stays below it
_HASH_CHUNK_BYTES = 4 * 2**20
_HASH_SHARE = 0.2  # of the time; the rest is decoding
_Progress = Callable[[float], None]


def default_cache_dir() -> Path:
    """Return the folder in which this system keeps what can be made again."""
    return platformdirs.user_cache_path("ostinato")


def open_working_copy(
    path: Path | str,
    *,
    stream: int | None = None,
    cache_dir: Path | str | None = None,
    on_progress: _Progress | None = None,
) -> WorkingCopy:
    """Open the sound of a film or a song, decoding it unless that was done before.

    Parameters
    ----------
    path : path-like
        Any container and codec that FFmpeg reads.
    stream : int, optional
        Ordinal among the audio streams; the first unless given.
    cache_dir : path-like, optional
        Where working copies are kept; the system's cache folder unless given.
    on_progress : callable, optional
        Called with the share that is done, from 0 to 1.

    Returns
    -------
    WorkingCopy
        On the player's clock.

    Raises
    ------
    MediaError
        If the file is missing, empty, encrypted, damaged beyond use, silent or without sound, the
        stream does not exist, or the cache cannot be written.

    Notes
    -----
    A film of 100 minutes takes 2.3 GB in stereo and 4.6 GB in 5.1. Lossy codecs may be decoded
    with other last bits on another processor, so `pcm_sha256` compares copies of one machine.
    """
    path, report = Path(path), on_progress or _unheard
    check_file(path)
    ordinal = choose_stream(probe(path), stream).ordinal
    cache = default_cache_dir() if cache_dir is None else Path(cache_dir)
    sha256 = _file_sha256(path, report)
    folder = cache / f"{sha256}-{ordinal}-v{FORMAT_VERSION}"
    copy = reopen(folder, path)
    if copy is None:
        copy = _decode(path, ordinal, sha256=sha256, folder=folder, report=report)
    report(1.0)
    return copy


def _decode(
    path: Path, ordinal: int, *, sha256: str, folder: Path, report: _Progress
) -> WorkingCopy:
    with cache_faults(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        sweep(folder.parent)
        unfinished = make_scratch(folder.parent, "copy")
    try:
        with open_decoding(path, ordinal) as decoding:
            _check_room(decoding, folder.parent)
            tally = _Tally(decoding)
            with cache_faults(folder.parent):
                _write_channels(decoding, tally, unfinished, report)
                write_loudness(unfinished, tally.slots)
        _check_sound(path, decoding, tally)
        with cache_faults(folder.parent):
            write_description(
                WorkingCopy(
                    path=path,
                    folder=unfinished,
                    stream=ordinal,
                    sample_rate_hz=decoding.sample_rate_hz,
                    channel_names=decoding.channel_names,
                    n_source_channels=decoding.n_source_channels,
                    n_samples=decoding.n_samples,
                    start_s=decoding.start_s or 0.0,
                    sha256=sha256,
                    pcm_sha256=tally.pcm.hexdigest(),
                    peak=tally.peak,
                    loudness_lufs=integrated_lufs(momentary_energies(tally.slots)),
                    truncated_at_s=decoding.truncated_at_s,
                    n_bad_packets=decoding.n_bad_packets,
                ),
                name=folder.name,
            )
            return _publish(unfinished, folder, path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


class _Tally:
    """What is learnt of the whole while its blocks go by."""

    def __init__(self, decoding: Decoding) -> None:
        # centre and side are inside left and right already
        self._n_heard = min(2, len(decoding.channel_names))
        self._meter = start_loudness(
            sample_rate_hz=decoding.sample_rate_hz, n_channels=self._n_heard
        )
        self._slots = [np.zeros((self._n_heard, 0))]
        self.pcm = hashlib.sha256()
        self.peak = 0.0

    def add(self, y: NDArray[np.float32]) -> None:
        self.pcm.update(np.ascontiguousarray(y.T).data)
        heard = y[: self._n_heard]
        self.peak = max(self.peak, float(np.abs(heard).max(initial=0.0)))
        slots, self._meter = slot_energies(heard, self._meter)
        self._slots.append(slots)

    @property
    def slots(self) -> NDArray[np.float64]:
        return np.concatenate(self._slots, axis=1)


def _write_channels(decoding: Decoding, tally: _Tally, folder: Path, report: _Progress) -> None:
    with ExitStack() as stack:
        files = [
            stack.enter_context(channel_file(folder, name).open("wb"))
            for name in decoding.channel_names
        ]
        for y in decoding.blocks():
            little_endian = y.astype("<f4", copy=False)
            tally.add(little_endian)
            for file, channel in zip(files, little_endian, strict=True):
                file.write(np.ascontiguousarray(channel).data)
            report(_HASH_SHARE + (1 - _HASH_SHARE) * decoding.progress)


def _publish(unfinished: Path, folder: Path, path: Path) -> WorkingCopy:
    # another run may have been there first: then moving fails, and what it made is as good
    with suppress(OSError):
        unfinished.rename(folder)
        sync_folder(folder.parent)
    copy = reopen(folder, path)
    if copy is None:
        shutil.rmtree(folder, ignore_errors=True)  # something is there, but not whole
        unfinished.rename(folder)
        copy = reopen(folder, path)
    if copy is None:
        raise MediaError(
            f"cache folder {folder.parent}",
            "what was written there cannot be read back",
            "Choose a cache folder on another disk",
        )
    return copy


def _check_room(decoding: Decoding, cache: Path) -> None:
    if decoding.expected_s is None:
        return
    n_bytes = decoding.expected_s * decoding.sample_rate_hz * 4 * len(decoding.channel_names)
    with cache_faults(cache):
        n_free = shutil.disk_usage(cache).free
    if n_free < n_bytes:
        raise MediaError(
            f"cache folder {cache}",
            f"the working copy takes {n_bytes / 1e9:.1f} GB and {n_free / 1e9:.1f} GB are free",
            "Free some space, or choose a cache folder on another disk",
        )


def _check_sound(path: Path, decoding: Decoding, tally: _Tally) -> None:
    if decoding.n_samples == 0 or decoding.n_bad_packets > decoding.n_good_packets:
        raise MediaError(
            str(path),
            f"{decoding.n_bad_packets} of its "
            f"{decoding.n_bad_packets + decoding.n_good_packets} packets cannot be decoded: it is "
            "damaged, copy-protected or no sound at all",
            "Try it in a player, and fetch or rip it again",
        )
    if tally.peak <= SILENCE_PEAK:
        raise MediaError(
            f"{path}, stream {decoding.ordinal}",
            "it is silent from beginning to end",
            "Choose another stream with --stream, or another copy of the recording",
        )


def _file_sha256(path: Path, report: _Progress) -> str:
    digest, n_done = hashlib.sha256(), 0
    with media_faults(path), path.open("rb") as file:
        n_bytes = path.stat().st_size
        while chunk := file.read(_HASH_CHUNK_BYTES):
            digest.update(chunk)
            n_done += len(chunk)
            report(_HASH_SHARE * min(1.0, n_done / n_bytes))
    return digest.hexdigest()


def _unheard(_share: float) -> None:
    """Report to nobody."""
