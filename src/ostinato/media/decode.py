"""The sound of a media file as blocks of float samples on the player's clock.

Stamps are followed to within 5 ms, whatever the length of the film, unless they take back within
10 s what they say: gaps become silence, overlaps are left out. Where stamps start anew (files that
were joined, a broadcast whose counter wraps) the film goes on without a gap, and the leap is kept
to be named. Packets that cannot be decoded become silence of their length.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from functools import cache
from itertools import groupby, tee
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from ostinato.dsp.loudness import MIN_SAMPLE_RATE_HZ
from ostinato.errors import MediaError
from ostinato.media.container import (
    US_PER_S,
    Clock,
    codec_name,
    codec_of,
    demuxed,
    has_free_stamps,
    open_part,
    origin_s,
    seconds,
)
from ostinato.media.downmix import floats, kept_channels, mix, mixing_matrix, resampled
from ostinato.media.faults import encrypted
from ostinato.media.source import Source, find_source
from ostinato.media.stamps import ClockRules, Placement, Stamp, place
from ostinato.media.stated_length import Statement, read_statement
from ostinato.media.truncation import states_more
from ostinato.results import Leap
from ostinato.timeline import timecode

__all__ = ["BLOCK_LENGTH", "Decoding", "open_decoding"]

BLOCK_LENGTH = 65_536  # 1.4 s at 48 kHz: long enough for numpy, short enough for any memory
MAX_SAMPLE_RATE_HZ = 48_000  # above it there is nothing to hear, only to store
TOLERANCE_S = 0.005  # above Matroska's millisecond, below the 10 ms that film time is good for
HORIZON_S = 10.0  # longer than a page of Ogg, whose stamps may all be wrong by 10 ms
MAX_OVERLAP_S = 1.0
MAX_GAP_S = 3600.0  # in a broadcast a longer leap is a new beginning, elsewhere damage
MIN_NAMED_GAP_S = 1.0
MAX_NAMED = 200  # gaps and leaps; a file has more only if it is damaged
MAX_GAP_PAST_END_S = 60.0
MIN_MISSING_S = 0.01
MAX_MISSING_S = 0.5  # of a whole file, whose last frames may be missing or padding
MAX_PEAK = 4.0  # 12 dB above full scale: a codec says so only of damaged packets
MAX_STORED_PEAK = 64.0  # 36 dB: more is no level, whatever program wrote it
WRONG_AROUND = 1024  # samples, half a frame of most codecs: what was damaged is not loud throughout
MAX_SILENCE_S = 3600.0  # in all, or twice what was heard by then


_FRAMES_ALONE = frozenset({"ac3", "eac3", "dts", "aac", "mp3", "truehd", "mlp", "loas"})
_CHECKED = frozenset({"wavpack", "tta"})  # FFmpeg passes over their check sums unless it is told
_MAX_TAG_BYTES = 160  # ID3v1, and the head of an empty APE tag


class _Kind(NamedTuple):
    """What frames must share to be joined without conversion."""

    sample_rate_hz: int
    sample_format: str
    speakers: tuple[str, ...]
    part: int  # of the recording: each counts anew


def _check_rate(path: Path, rate_hz: int) -> None:
    if rate_hz < MIN_SAMPLE_RATE_HZ:
        raise MediaError(
            str(path),
            f"its sample rate is {rate_hz} Hz, below the {MIN_SAMPLE_RATE_HZ} Hz of a telephone",
            "Give a better copy of the recording",
        )


class Decoding:
    """One audio stream that is being decoded; what it says of the whole is true at the end.

    `n_samples` counts what `blocks` has given, `n_bad_packets` what could not be decoded and was
    replaced by silence, `before_zero_s` what lies before film time zero and is left out, and
    `truncated_at_s` says where a file that was cut short stopped.

    Parameters
    ----------
    source : Source
        The recording.
    container : av.container.InputContainer
        Its first part, open at its beginning.
    ordinal : int
        Which of its audio streams.
    clock : {'player', 'container', 'first-sample'}
        Where film time counts from.
    """

    def __init__(
        self, source: Source, container: InputContainer, ordinal: int, clock: Clock
    ) -> None:
        stream = container.streams.audio[ordinal]
        _check_rate(source.path, stream.sample_rate)
        self._source, self._clock, self._is_begun = source, clock, False
        self._codec = codec_name(codec_of(stream))
        self._follow(container, stream, 0)
        self._origin_s = origin_s(container, stream, clock)
        self._packets_end_s = 0.0
        self._guessed_s = None if container.duration is None else container.duration / US_PER_S
        is_one_file = len(source.files) == len(source.parts) == 1
        statement = read_statement(source.path) if is_one_file else Statement()
        self._is_cut = statement.is_cut
        # FLAC states its samples to the last one
        is_exact = container.format.name == "flac"
        self._most_missing_s = MIN_MISSING_S if is_exact else MAX_MISSING_S
        speakers = _speakers(stream.layout.name) if stream.layout.nb_channels else ()
        if not speakers:
            raise MediaError(
                str(source.path),
                "its sound has no channels: its header is damaged",
                "Copy or download it again",
            )
        self.ordinal = ordinal
        self.sample_rate_hz: int = min(stream.sample_rate, MAX_SAMPLE_RATE_HZ)
        self.channel_names: tuple[str, ...] = kept_channels(speakers)
        self.n_source_channels: int = len(speakers)
        self.declared_end_s: float | None = (
            _stated_end_s(container, stream, self._origin_s) if statement.states_end else None
        )
        self.start_s: float | None = None
        self.n_samples = 0
        self.n_good_packets = 0
        self.n_bad_packets = 0
        self.silenced_s = 0.0
        self.trimmed_s = 0.0
        self.before_zero_s = 0.0
        self.gaps: list[Leap] = []
        self.jumps: list[Leap] = []

    @property
    def path(self) -> Path:
        """The recording, for messages."""
        return self._source.path

    @property
    def codec(self) -> str:
        """Name of the codec with which it begins."""
        return self._codec

    @property
    def n_bytes(self) -> int:
        """Size of the recording."""
        return self._source.n_bytes

    @property
    def origin_s(self) -> float:
        """The container's own time at film time zero."""
        return float(self._origin_s)

    @property
    def expected_s(self) -> float | None:
        """Length that is stated or guessed at; None where there is nothing to go by."""
        return self._guessed_s if self.declared_end_s is None else self.declared_end_s

    @property
    def progress(self) -> float:
        """Share that is decoded, from 0 to 1; 0 throughout where the length is unknown."""
        if not self.expected_s:
            return 0.0
        return min(1.0, self.n_samples / self.sample_rate_hz / self.expected_s)

    @property
    def truncated_at_s(self) -> float | None:
        """Film time at which a file that was cut short ends; None for a whole one."""
        end_s = self.n_samples / self.sample_rate_hz
        if self._is_cut:
            return end_s
        if self.declared_end_s is None:
            return None
        # a film's picture may outlast its sound, so any stream that gets there will do
        missing_s = self.declared_end_s - max(end_s, self._packets_end_s)
        return end_s if missing_s > self._most_missing_s else None

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """Decode the stream; shape (n_channels, any), together the film from time zero."""
        frames = groupby(self._frames(), key=lambda frame: _kind(frame, self._part))
        for kind, of_kind in frames:
            matrix = mixing_matrix(kind.speakers, self.channel_names)
            kept = (mix(piece, matrix) for piece in self._placed(kind, of_kind))
            for block in resampled(
                kept,
                from_hz=kind.sample_rate_hz,
                to_hz=self.sample_rate_hz,
                n_channels=len(self.channel_names),
            ):
                self.n_samples += block.shape[1]
                yield block

    def _frames(self) -> Iterator[av.AudioFrame]:
        yield from self._decoded()
        for number, spans in enumerate(self._source.parts[1:], start=1):
            with ExitStack() as stack:
                try:
                    container = stack.enter_context(open_part(self._source, spans))
                except MediaError:  # a link without sound, or a broken one
                    self.n_bad_packets += 1
                    continue
                streams = container.streams.audio
                self._follow(container, streams[min(self.ordinal, len(streams) - 1)], number)
                yield from self._decoded()

    def _follow(self, container: InputContainer, stream: AudioStream, part: int) -> None:
        """Go on with a stream of a part, of which what is needed outlives its container."""
        self._container, self._stream, self._part = container, stream, part
        self._time_base = stream.time_base or Fraction(0)
        self._part_start_s = origin_s(container, stream, "first-sample")
        self._has_free_stamps = has_free_stamps(container)
        if stream.codec_context.name in _CHECKED:
            stream.codec_context.options = {"err_detect": "crccheck+explode"}
        self._is_stored_float = stream.codec_context.name.startswith("pcm_f")

    def _decoded(self) -> Iterator[av.AudioFrame]:
        for packet in self._packets():
            # a locked packet fails, except that the first may happen to look like sound
            if self.n_good_packets == 0 and packet.has_sidedata("encryption_info"):
                raise encrypted(self.path)
            is_flush = packet.size == 0  # the end, which some decoders refuse to hear of twice
            try:
                frames = self._stream.decode(packet)
            except av.FFmpegError:
                self.n_bad_packets += not is_flush
                continue
            self.n_good_packets += not is_flush
            yield from (frame for frame in frames if frame.samples > 0)

    def _packets(self) -> "Iterator[av.Packet[Any]]":
        zero_s = float(self._origin_s)
        unread = _Unread(self._container)
        ticks_s = [float(stream.time_base or 0) for stream in self._container.streams]
        try:
            for packet in demuxed(self._container):
                # a disc may bring up streams after its beginning: they have no entry
                if packet.pts is not None and packet.stream_index < len(ticks_s):
                    end = packet.pts + (packet.duration or 0)
                    end_s = end * ticks_s[packet.stream_index] - zero_s
                    self._packets_end_s = max(self._packets_end_s, end_s)
                if packet.stream_index == self._stream.index:
                    unread.add(packet)
                    yield packet
        except av.FFmpegError:
            self._is_cut = True  # what came before it stands
        self.n_bad_packets += unread.is_anything(self._source.n_bytes)

    def _placed(
        self, kind: _Kind, frames: Iterator[av.AudioFrame]
    ) -> Iterator[NDArray[np.float32]]:
        """Join the frames of one kind, in source channels at the source's rate."""
        position = self.n_samples * kind.sample_rate_hz // self.sample_rate_hz
        ahead, frames = tee(frames)
        stamps = self._stamps(ahead, kind, position)
        placements = place(stamps, self._rules(kind), start=position)
        fifo = av.AudioFifo()  # joins thousands of short frames without a trip through Python
        for frame, placement in zip(frames, placements, strict=True):
            n_silence, n_trimmed = placement.n_silence, placement.n_trimmed
            self._note(placement, at=position, rate_hz=kind.sample_rate_hz)
            if n_silence or n_trimmed or fifo.samples >= BLOCK_LENGTH:
                yield from self._drained(fifo, kind, end=position)
                yield from self._silence(n_silence, kind, start=position)
            position += n_silence + frame.samples - n_trimmed
            frame.pts = None  # the queue would compare stamps, which are dealt with
            fifo.write(frame)
            if n_trimmed:
                fifo.read(n_trimmed)
        yield from self._drained(fifo, kind, end=position)

    def _note(self, placement: Placement, *, at: int, rate_hz: int) -> None:
        """Keep what the clock of the file does, to be told."""
        silence_s, at_s = placement.n_silence / rate_hz, at / rate_hz
        if at == 0 and placement.n_trimmed:
            self.before_zero_s += placement.n_trimmed / rate_hz
        if self.start_s is None or (at == 0 and placement.n_trimmed):
            self.start_s = silence_s
            return  # what lies before zero is no overlap, and what is silent is a late start
        self.silenced_s += silence_s
        self.trimmed_s += placement.n_trimmed / rate_hz
        if silence_s >= MIN_NAMED_GAP_S and len(self.gaps) < MAX_NAMED:
            self.gaps.append(Leap(at_s=at_s, seconds=silence_s))
        if placement.n_leapt and len(self.jumps) < MAX_NAMED:
            self.jumps.append(Leap(at_s=at_s, seconds=placement.n_leapt / rate_hz))

    def _stamps(self, frames: Iterator[av.AudioFrame], kind: _Kind, start: int) -> Iterator[Stamp]:
        time_base = self._time_base
        numerator, denominator = (time_base * kind.sample_rate_hz).as_integer_ratio()
        zero = round(self._origin_s * kind.sample_rate_hz)
        if kind.part > 0:  # counts from its own beginning
            zero = round(self._part_start_s * kind.sample_rate_hz) - start
        for frame in frames:
            position = None
            if frame.pts is not None:
                if not self._is_begun and self._clock == "first-sample":
                    self._origin_s = frame.pts * time_base
                    zero = round(self._origin_s * kind.sample_rate_hz)
                self._is_begun = True
                position = (frame.pts * numerator + denominator // 2) // denominator - zero
            yield Stamp(position, frame.samples)

    def _rules(self, kind: _Kind) -> ClockRules:
        jump_s = MAX_GAP_S if self._has_free_stamps else None
        # stamps that are coarser than the tolerance cannot be held to it
        tolerance_s = max(TOLERANCE_S, float(self._time_base))
        return ClockRules(
            tolerance=round(tolerance_s * kind.sample_rate_hz),
            horizon=round(HORIZON_S * kind.sample_rate_hz),
            max_overlap=round(MAX_OVERLAP_S * kind.sample_rate_hz),
            max_jump=None if jump_s is None else round(jump_s * kind.sample_rate_hz),
        )

    def _drained(
        self, fifo: av.AudioFifo, kind: _Kind, *, end: int
    ) -> Iterator[NDArray[np.float32]]:
        start = end - fifo.samples
        frame = fifo.read()
        if frame is None:
            return
        y = floats(frame)
        limit = MAX_STORED_PEAK if self._is_stored_float else MAX_PEAK
        # not >=, which is false of NaN
        if not (-limit < y.min(initial=0.0) and y.max(initial=0.0) < limit):
            wrong: NDArray[np.bool_] = np.any(~(np.abs(y) < limit), axis=0)
            if self._is_stored_float and not np.isfinite(y).all():
                first = start + int(np.argmax(~np.isfinite(y).all(axis=0)))
                raise MediaError(
                    str(self.path),
                    f"its sample at {timecode(first / kind.sample_rate_hz, decimals=3)} is not a "
                    "finite number",
                    "Export the sound again from the program that wrote it",
                )
            if not self._is_stored_float:
                wrong = _widened(wrong, WRONG_AROUND)
            y = np.where(wrong, np.float32(0), y)
            self.n_bad_packets += 1
            self.silenced_s += float(np.sum(wrong)) / kind.sample_rate_hz
        yield y

    def _silence(self, n_samples: int, kind: _Kind, *, start: int) -> Iterator[NDArray[np.float32]]:
        gap_s, start_s = n_samples / kind.sample_rate_hz, start / kind.sample_rate_hz
        past_end_s = 0.0
        if self.declared_end_s is not None:
            past_end_s = start_s + gap_s - self.declared_end_s
        heard_s = start_s - self.silenced_s
        is_too_much = self.silenced_s > max(MAX_SILENCE_S, 2 * heard_s)
        if is_too_much or gap_s > MAX_GAP_S or min(gap_s, past_end_s) > MAX_GAP_PAST_END_S:
            raise MediaError(
                str(self.path),
                f"its timestamps leave {timecode(gap_s)} without sound at {timecode(start_s)}",
                "Let times count from its first sample with --clock first-sample"
                if start == 0
                else "Its timestamps are damaged: remux it, for example with MKVToolNix",
            )
        for first in range(0, n_samples, BLOCK_LENGTH):
            length = min(BLOCK_LENGTH, n_samples - first)
            yield np.zeros((len(kind.speakers), length), dtype=np.float32)


class _Unread:
    """Finds what a reader of frames without a container has passed over: junk, and a broken end.

    Parameters
    ----------
    container : av.container.InputContainer
        Any; only those that are nothing but frames are watched.
    """

    def __init__(self, container: InputContainer) -> None:
        self._is_watched = container.format.name in _FRAMES_ALONE
        self._first: int | None = None
        self._n_read = 0
        self._last = b""

    def add(self, packet: "av.Packet[Any]") -> None:
        """Take up a packet that was read."""
        if self._is_watched and packet.size and packet.pos is not None:
            self._last = bytes(packet)
            self._first = packet.pos if self._first is None else self._first
            self._n_read += packet.size

    def is_anything(self, n_bytes: int) -> bool:
        """Whether more than tags was passed over."""
        if not self._is_watched or self._first is None:
            return False
        return states_more(self._last) or n_bytes - self._first - self._n_read > _MAX_TAG_BYTES


@contextmanager
def open_decoding(path: Path, ordinal: int, *, clock: Clock = "player") -> Iterator[Decoding]:
    """Open one audio stream of a recording for decoding.

    `ordinal`: which of its audio streams, from 0; checked by `choose_streams`; `clock`: where film
    time counts from. Raises MediaError if the file cannot be read, or not as sound.
    """
    source = find_source(path)
    with open_part(source, source.parts[0]) as container:
        yield Decoding(source, container, ordinal, clock)


def _kind(frame: av.AudioFrame, part: int) -> _Kind:
    return _Kind(frame.sample_rate, frame.format.name, _speakers(frame.layout.name), part)


def _stated_end_s(container: InputContainer, stream: AudioStream, origin: Fraction) -> float | None:
    """Film time at which the file says it ends: the stream, or in Matroska the longest one."""
    if container.format.name == "matroska,webm":
        duration_s = container.duration
        return None if duration_s is None else duration_s / US_PER_S - float(origin)
    start = seconds(stream.start_time or 0, stream.time_base)
    duration = seconds(stream.duration, stream.time_base)
    return None if start is None or duration is None else float(start + duration - origin)


def _widened(mask: NDArray[np.bool_], n_around: int) -> NDArray[np.bool_]:
    """Return a mask that is true wherever the other is true nearby."""
    sums = np.concatenate([[0], np.cumsum(mask)])
    at = np.arange(mask.size)
    widened: NDArray[np.bool_] = (
        sums[np.minimum(mask.size, at + n_around + 1)] > sums[np.maximum(0, at - n_around)]
    )
    return widened


@cache  # asked of every frame
def _speakers(layout_name: str) -> tuple[str, ...]:
    return tuple(channel.name for channel in av.AudioLayout(layout_name).channels)
