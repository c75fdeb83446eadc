"""The cache of working copies: hash a file, and decode it if that was not done before.

A copy lies in a folder named after the content of the file, the stream and the version of the
decoding, so that a file may be moved and renamed, and a changed one is decoded anew. It is written
beside its place and moved there whole: an interrupted run leaves no half copy, and of two runs at
once the second to finish uses what the first has made.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

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
from ostinato.legible import as_text
from ostinato.media.channels import (
    Channel,
    Choice,
    PhaseMeter,
    Streams,
    chosen_blocks,
    chosen_names,
    turned,
)
from ostinato.media.container import Clock, last_codec
from ostinato.media.decode import BLOCK_LENGTH, Decoding, open_decoding
from ostinato.media.faults import cache_faults, media_faults
from ostinato.media.inspection import choose_streams, notices_of, probe
from ostinato.media.source import Source, find_source
from ostinato.media.working_copy import (
    WorkingCopy,
    channel_file,
    read_channels,
    reopen,
    write_description,
    write_loudness,
)
from ostinato.results import Condition, Flip, make_scratch, sweep, sync_folder
from ostinato.threads import in_threads
from ostinato.timeline import timecode

FORMAT_VERSION = 2  # raise it whenever the same file would give other samples
RESERVE_BYTES = 100 * 10**6  # a system whose disk is full does worse than stop
MAX_EXTRA_S = 1.0  # padding is less
MIN_EARLIER_S = 0.1  # priming is less
_CHECKED_EVERY = 2**24  # samples
SILENCE_PEAK = 2 / 2**15  # the dither of 16 bits stays below it
MIN_BYTES_PER_S = 100  # of any sound: Codec 2 for radio takes as much
_HASH_SHARE = 0.2  # of the time; the rest is decoding
_Progress = Callable[[float], None]


def default_cache_dir() -> Path:
    """Return the folder in which this system keeps what can be made again.

    Returns
    -------
    pathlib.Path
        That may not be there yet.
    """
    return platformdirs.user_cache_path("ostinato")


def open_working_copy(
    path: Path | str,
    *,
    stream: Streams | None = None,
    channel: Channel | None = None,
    clock: Clock = "player",
    cache_dir: Path | str | None = None,
    on_progress: _Progress | None = None,
) -> WorkingCopy:
    """Open the sound of a film or a song, decoding it unless that was done before.

    Parameters
    ----------
    path : path-like
        Any container and codec that FFmpeg reads, or the folder of a DVD's title.
    stream : int or tuple of int, optional
        Ordinal among the audio streams, or those of two mono streams that are left and right; the
        one that the file marks as its main one unless given.
    channel : {'left', 'right'}, optional
        The one to take of two, where each is a sound track of its own.
    clock : {'player', 'container', 'first-sample'}, optional
        Where film time counts from.
    cache_dir : path-like, optional
        Where working copies are kept; the system's cache folder unless given.
    on_progress : callable, optional
        Called with the share that is done, from 0 to 1.

    Returns
    -------
    WorkingCopy
        On the clock that was chosen.

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
    source = find_source(path)
    asked = (stream,) if isinstance(stream, int) else stream
    streams = tuple(one.ordinal for one in choose_streams(probe(path), asked))
    choice = Choice(streams=streams, channel=channel, clock=clock)
    cache = default_cache_dir() if cache_dir is None else Path(cache_dir)
    sha256 = _sha256(source, report)
    folder = cache / f"{sha256}-{choice.name}-v{FORMAT_VERSION}"
    copy = reopen(folder, path)
    if copy is None:
        copy = _decode(source, choice, sha256=sha256, folder=folder, report=report)
    report(1.0)
    return copy


def _decode(
    source: Source, choice: Choice, *, sha256: str, folder: Path, report: _Progress
) -> WorkingCopy:
    with cache_faults(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        sweep(folder.parent)
        unfinished = make_scratch(folder.parent, "copy")
    try:
        with ExitStack() as stack:
            decodings = [
                stack.enter_context(open_decoding(source.path, stream, clock=choice.clock))
                for stream in choice.streams or (0,)
            ]
            _check_room(decodings, folder.parent)
            tally = _Tally(chosen_names(decodings, choice), decodings[0].sample_rate_hz)
            with cache_faults(folder.parent):
                blocks = chosen_blocks(decodings, choice)
                _write(_with_progress(blocks, decodings, report), tally, unfinished)
        with cache_faults(folder.parent):
            flips = tally.phase.flips()
            if flips:
                tally = _turn(unfinished, tally, flips)
        _check_sound(source.path, decodings, tally)
        with cache_faults(folder.parent):
            write_loudness(unfinished, tally.slots)
            copy = WorkingCopy(
                path=source.path,
                folder=unfinished,
                taken_channel=choice.channel,
                clock=choice.clock,
                files=tuple(as_text(file.name) for file in source.files),
                sha256=sha256,
                condition=_condition(source, decodings, flips),
                **_streams_of(decodings),
                **_sound_of(tally),
            )
            write_description(copy, name=folder.name)
            return _publish(unfinished, folder, source.path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _streams_of(decodings: Sequence[Decoding]) -> dict[str, Any]:
    """Describe the streams that are read, as a working copy does."""
    return {
        "stream": decodings[0].ordinal,
        "second_stream": None if len(decodings) == 1 else decodings[1].ordinal,
        "origin_s": decodings[0].origin_s,
        "n_source_channels": sum(one.n_source_channels for one in decodings),
        "start_s": min(one.start_s or 0.0 for one in decodings),
    }


def _sound_of(tally: "_Tally") -> dict[str, Any]:
    """Describe the sound that was written, as a working copy does."""
    return {
        "rate_hz": tally.sample_rate_hz,
        "channel_names": tally.channel_names,
        "n_samples": tally.n_samples,
        "pcm_sha256": tally.pcm.hexdigest(),
        "peak": tally.peak,
        "loudness_lufs": integrated_lufs(momentary_energies(tally.slots)),
    }


def _condition(source: Source, decodings: Sequence[Decoding], flips: tuple[Flip, ...]) -> Condition:
    """Say what is amiss with a recording, its streams together."""
    ends_s = [one.truncated_at_s for one in decodings if one.truncated_at_s is not None]
    return Condition(
        truncated_at_s=min(ends_s, default=None),
        n_damaged=sum(one.n_bad_packets for one in decodings),
        silenced_s=sum(one.silenced_s for one in decodings),
        trimmed_s=sum(one.trimmed_s for one in decodings),
        gaps=tuple(gap for one in decodings for gap in one.gaps),
        jumps=tuple(jump for one in decodings for jump in one.jumps),
        flips=flips,
        notices=(*notices_of(source), *_longer(decodings), *_earlier(decodings)),
    )


def _longer(decodings: Sequence[Decoding]) -> Iterator[str]:
    """Say where there is more sound than the file states, as where a part stands in it twice."""
    for one in decodings:
        end_s = one.n_samples / one.sample_rate_hz
        if one.declared_end_s is not None and end_s > one.declared_end_s + MAX_EXTRA_S:
            stated = timecode(max(0.0, one.declared_end_s))
            yield f"it states a length of {stated} and holds {timecode(end_s)}: all of it was read"


def _earlier(decodings: Sequence[Decoding]) -> Iterator[str]:
    """Say where there is sound before the file's own zero."""
    for one in decodings:
        if one.before_zero_s >= MIN_EARLIER_S:
            yield (
                f"{one.before_zero_s:.3f} s of its sound lie before the file's zero and were left "
                "out: some players show them, and --clock first-sample counts from there"
            )


class _Tally:
    """What is learnt of the whole while its blocks go by."""

    def __init__(self, channel_names: tuple[str, ...], sample_rate_hz: int) -> None:
        self.channel_names, self.sample_rate_hz = channel_names, sample_rate_hz
        # centre and side are inside left and right already
        self._n_heard = min(2, len(channel_names))
        self._meter = start_loudness(sample_rate_hz=sample_rate_hz, n_channels=self._n_heard)
        self._slots = [np.zeros((self._n_heard, 0))]
        self.phase = PhaseMeter(sample_rate_hz=sample_rate_hz, channel_names=channel_names)
        self.pcm = hashlib.sha256()
        self.n_samples = 0
        self.peak = 0.0

    def add(self, y: NDArray[np.float32]) -> None:
        self.pcm.update(np.ascontiguousarray(y.T).data)
        self.n_samples += y.shape[1]
        self.phase.add(y)
        heard = y[: self._n_heard]
        self.peak = float(max(self.peak, heard.max(initial=0.0), -heard.min(initial=0.0)))
        slots, self._meter = slot_energies(heard, self._meter)
        self._slots.append(slots)

    @property
    def slots(self) -> NDArray[np.float64]:
        return np.concatenate(self._slots, axis=1)


def _with_progress(
    blocks: Iterator[NDArray[np.float32]], decodings: Sequence[Decoding], report: _Progress
) -> Iterator[NDArray[np.float32]]:
    """Report progress as blocks go by."""
    for y in blocks:
        yield y
        report(_HASH_SHARE + (1 - _HASH_SHARE) * decodings[0].progress)


def _write(blocks: Iterator[NDArray[np.float32]], tally: _Tally, folder: Path) -> None:
    with ExitStack() as stack:
        files = [
            stack.enter_context(channel_file(folder, name).open("wb"))
            for name in tally.channel_names
        ]
        n_until_checked = 0

        def keep(y: NDArray[np.float32]) -> None:
            nonlocal n_until_checked
            n_until_checked -= y.size
            if n_until_checked <= 0:
                _check_reserve(folder)
                n_until_checked = _CHECKED_EVERY
            little_endian = y.astype("<f4", copy=False)
            tally.add(little_endian)
            for file, channel in zip(files, little_endian, strict=True):
                file.write(np.ascontiguousarray(channel).data)

        # one block is kept while the next is decoded, each of which takes as long
        for _ in in_threads(keep, blocks, most=1):
            pass


def _check_reserve(folder: Path) -> None:
    n_free = shutil.disk_usage(folder).free
    if n_free < RESERVE_BYTES:
        raise MediaError(
            f"cache folder {folder.parent}",
            f"the disk is nearly full: {n_free / 1e6:.0f} MB are free, and the system needs some",
            "Free some space, or choose a cache folder on another disk",
        )


def _turn(folder: Path, tally: _Tally, flips: tuple[Flip, ...]) -> _Tally:
    """Write all channels anew, with one of them flipped where channels cancel each other."""
    names, n_samples = tally.channel_names, tally.n_samples
    after = _Tally(names, tally.sample_rate_hz)
    blocks = (
        turned(
            read_channels(folder, names, start, min(BLOCK_LENGTH, n_samples - start)),
            flips,
            start_sample=start,
            n_samples=n_samples,
            sample_rate_hz=tally.sample_rate_hz,
            channel_names=names,
        )
        for start in range(0, n_samples, BLOCK_LENGTH)
    )
    with tempfile.TemporaryDirectory(dir=folder) as place:
        _write(blocks, after, Path(place))
        for name in names:
            channel_file(Path(place), name).replace(channel_file(folder, name))
    return after


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


def _check_room(decodings: Sequence[Decoding], cache: Path) -> None:
    first = decodings[0]
    if first.expected_s is None:
        return
    if first.expected_s > first.n_bytes / MIN_BYTES_PER_S:
        return  # a length that the file cannot hold; the room is watched while it is written
    n_channels = sum(len(one.channel_names) for one in decodings)
    n_bytes = first.expected_s * first.sample_rate_hz * 4 * n_channels
    with cache_faults(cache):
        n_free = shutil.disk_usage(cache).free
    if n_free < n_bytes:
        raise MediaError(
            f"cache folder {cache}",
            f"the working copy takes {n_bytes / 1e9:.1f} GB and {n_free / 1e9:.1f} GB are free",
            "Free some space, or choose a cache folder on another disk",
        )


def _check_sound(path: Path, decodings: Sequence[Decoding], tally: _Tally) -> None:
    n_bad = sum(one.n_bad_packets for one in decodings)
    n_good = sum(one.n_good_packets for one in decodings)
    if tally.n_samples == 0 and n_bad == 0:
        raise MediaError(
            str(path),
            "it holds no sound: there is a head, and no samples after it",
            "Export it again, or fetch it again",
        )
    if tally.n_samples == 0 or n_bad > n_good:
        last = last_codec(find_source(path), decodings[0].ordinal)
        if last not in {None, decodings[0].codec}:
            raise MediaError(
                str(path),
                f"its codec changes on the way, from {decodings[0].codec} to {last}",
                "Cut it where it changes, convert each part to FLAC or WAV, and join those",
            )
        raise MediaError(
            str(path),
            f"{n_bad} of its {n_bad + n_good} packets cannot be decoded: it is "
            "damaged, copy-protected or no sound at all",
            "Try it in a player, and fetch or rip it again",
        )
    if tally.peak <= SILENCE_PEAK:
        raise MediaError(
            f"{path}, stream {decodings[0].ordinal}",
            "it is silent from beginning to end",
            "Choose another stream with --stream, or another copy of the recording",
        )


def _sha256(source: Source, report: _Progress) -> str:
    digest, n_done, n_bytes = hashlib.sha256(), 0, source.n_bytes
    with media_faults(source.path):
        for chunk in source.chunks():
            digest.update(chunk)
            n_done += len(chunk)
            report(_HASH_SHARE * min(1.0, n_done / n_bytes))
    return digest.hexdigest()


def _unheard(_share: float) -> None:
    """Report to nobody."""


def kept_copy(cache: Path, *, sha256: str, pcm_sha256: str) -> WorkingCopy | None:
    """Return the copy of a recording that was analysed, None if it is no longer kept.

    Parameters
    ----------
    cache : pathlib.Path
        Where working copies are kept; need not exist.
    sha256, pcm_sha256 : str
        Of the media file, and of its samples.

    Returns
    -------
    WorkingCopy or None
        Whose `path` is its folder, since nobody knows where the file is.
    """
    for folder in sorted(cache.glob(f"{sha256}-*")):
        copy = reopen(folder, folder)
        if copy is not None and copy.pcm_sha256 == pcm_sha256:
            return copy
    return None
