"""The sound of the page: opened beside the server, and read by many requests at once.

It is the sound that was analysed, sample by sample; what it lasts costs no memory.
"""

import logging
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Lock, Thread
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ostinato.errors import DamagedCacheError, OstinatoError, StudyError
from ostinato.media import Signal, WorkingCopy, front
from ostinato.pipeline import (
    in_use,
    made_again,
    opened_again,
    remainder_again,
)
from ostinato.results import Results
from ostinato.review_page.pictures import (
    Pictures,
    column_layers,
    columns_tile,
    peak_layers,
    peaks_tile,
    pictures_of,
)

logger = logging.getLogger(__name__)
Status = Literal["preparing", "ready", "missing"]
_SAMPLE_BYTES = 2
Reader = Callable[[int, int], NDArray[np.float32]]
"""Reads samples [start, stop) of all channels, shape (n_channels, stop - start)."""
_HEADER_BYTES = 44
_FULL_SCALE = 2**15
MOST_BYTES = 2**32 - 2**10
"""A WAV states its size in 32 bits."""
_BLOCK_FRAMES = 2**15  # some ms of work each, so that what is no longer wanted is soon left


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How far a part of the sound is: `share` of it is done, `why` it is missing."""

    status: Status = "preparing"
    share: float = 0.0
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundStatus:
    """What can be heard and seen of the sound by now."""

    mix: Part = Part()
    remainder: Part = Part()
    pictures: Part = Part()


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualWav:
    """Samples of a film as the bytes of a WAV.

    Parameters
    ----------
    read : callable
        Reads samples of the film.
    n_channels : int
        As many as it gives.
    sample_rate_hz : int
        Of the film.
    first, stop : int
        Samples of the film that the file holds.
    """

    read: Reader
    n_channels: int
    sample_rate_hz: int
    first: int
    stop: int

    @property
    def n_bytes(self) -> int:
        """Size of the file."""
        return _HEADER_BYTES + (self.stop - self.first) * self._frame_bytes

    @property
    def _frame_bytes(self) -> int:
        return self.n_channels * _SAMPLE_BYTES

    def header(self) -> bytes:
        """Return what stands before the samples."""
        rate, frame, n_bytes = self.sample_rate_hz, self._frame_bytes, self.n_bytes
        return struct.pack(
            "<4sI4s4sIHHIIHH4sI",
            *(b"RIFF", n_bytes - 8, b"WAVE"),
            *(b"fmt ", 16, 1, self.n_channels, rate, rate * frame, frame, 8 * _SAMPLE_BYTES),
            *(b"data", n_bytes - _HEADER_BYTES),
        )

    def blocks(self, start: int, stop: int) -> Iterator[bytes]:
        """Read bytes of the file from `start` up to `stop`, a block at a time."""
        if start < _HEADER_BYTES:
            yield self.header()[start:stop]
            start = _HEADER_BYTES
        frame = self._frame_bytes
        while start < stop:
            index, skipped = divmod(start - _HEADER_BYTES, frame)
            # whole frames that hold what is wanted
            n_frames = min(_BLOCK_FRAMES, -(-(stop - _HEADER_BYTES) // frame) - index)
            y = self.read(self.first + index, self.first + index + n_frames)
            block = as_pcm(y)[skipped : skipped + stop - start]
            if not block:
                return
            yield block
            start += len(block)


class Sound:
    """A film's sound, as far as it is at hand.

    Parameters
    ----------
    results : Results
        What the program found.
    folder, cache_dir : pathlib.Path
        Of the results, and of what was decoded.
    path : pathlib.Path or None
        Where the film is, if a person said so.
    has_remainder : bool
        Whether the film without songs is wanted as well.
    on_change : callable
        Called, from any thread, whenever the status has changed.
    """

    def __init__(
        self,
        results: Results,
        *,
        folder: Path,
        cache_dir: Path,
        path: Path | None,
        has_remainder: bool,
        on_change: Callable[[], None],
    ) -> None:
        self._results, self._folder, self._cache, self._path = results, folder, cache_dir, path
        self._has_remainder, self._on_change = has_remainder, on_change
        self._stack, self._lock = ExitStack(), Lock()
        self._copy: WorkingCopy | None = None
        self._rest: Signal | None = None
        self._pictures: Pictures | None = None
        self._shown = 0.0
        self.status = SoundStatus()

    def start(self) -> None:
        """Begin to open it."""
        Thread(target=self.open, name="sound", daemon=True).start()

    def close(self) -> None:
        """Leave what it was read from to others."""
        self._stack.close()

    def as_json(self) -> dict[str, object]:
        """Return what a page needs to know of it."""
        film, copy = self._results.film, self._copy
        n_samples = round(film.duration_s * film.sample_rate_hz) if copy is None else copy.n_samples
        return {
            **asdict(self.status),
            "rate_hz": film.sample_rate_hz,
            "n_samples": n_samples,
            "peak_layers": peak_layers(n_samples),
            "column_layers": column_layers(n_samples),
        }

    def wav(self, name: str, first: int, stop: int | None) -> VirtualWav:
        """Return samples of the mix or the remainder as a file.

        `stop`: None for the film's end. Raises StudyError if there are none.
        """
        copy = self.working_copy()
        if name == "mix":
            sound: Signal = front(copy)
        elif self._rest is not None:
            sound = self._rest
        else:
            why = self.status.remainder.why or "the film without songs is not ready yet"
            raise StudyError("the sound", why, "Listen to the film itself")
        last = copy.n_samples if stop is None else min(stop, copy.n_samples)
        n_channels = len(copy.channel_names[:2])
        most = MOST_BYTES // (n_channels * _SAMPLE_BYTES)
        if not 0 <= first < last:
            raise StudyError(
                f"samples {first} to {last}",
                f"the film has samples 0 to {copy.n_samples}",
                "Ask for some of these",
            )
        return VirtualWav(
            read=_mended(sound.read, self._broken),
            n_channels=n_channels,
            sample_rate_hz=copy.rate_hz,
            first=first,
            stop=min(last, first + most),
        )

    def tile(self, kind: str, samples: int, index: int) -> bytes:
        """Return a tile of peaks or of columns; StudyError if there is none."""
        copy = self.working_copy()
        layers = (peak_layers if kind == "peaks" else column_layers)(copy.n_samples)
        if self._pictures is None or samples not in layers or index < 0:
            raise StudyError(f"{kind} of {samples} samples", "there are none", "Ask for others")
        draw = peaks_tile if kind == "peaks" else columns_tile
        return draw(self._pictures, copy, samples, index)

    def working_copy(self) -> WorkingCopy:
        """Return what was decoded of the film; StudyError if it is not to be had, or not yet."""
        if self._copy is None:
            why = self.status.mix.why or "it is being prepared"
            raise StudyError("the sound", why, "The page works without it")
        return self._copy

    def open(self) -> None:
        """Open what can be had, and say how far it is."""
        copy = self._opened()
        if copy is None:
            return
        try:
            self._stack.enter_context(in_use(self._cache, [copy.folder]))
            self._set(mix=Part(status="ready", share=1.0))
            unchecked = replace(copy, checks=None)  # a picture; what is heard is checked
            self._pictures = pictures_of(
                unchecked, self._cache, on_progress=self._sharing("pictures")
            )
            self._set(pictures=Part(status="ready", share=1.0))
            if self._has_remainder:
                self._open_remainder(copy)
        except OstinatoError as error:
            self._broken(error)

    def _opened(self) -> WorkingCopy | None:
        try:
            self._copy = made_again(
                self._cache,
                lambda: opened_again(
                    self._results.film,
                    self._folder,
                    cache_dir=self._cache,
                    path=self._path,
                    on_progress=self._sharing("mix"),
                ),
            )
        except OstinatoError as error:
            part = Part(status="missing", why=str(error))
            self._set(mix=part, remainder=part, pictures=part)
        return self._copy

    def _open_remainder(self, copy: WorkingCopy) -> None:
        try:
            self._rest = remainder_again(
                self._results, copy, self._folder, cache_dir=self._cache, stack=self._stack
            )
        except OstinatoError as error:
            self._set(remainder=Part(status="missing", why=str(error)))
        else:
            self._set(remainder=Part(status="ready", share=1.0))

    def _broken(self, error: OstinatoError) -> None:
        """Say that what was kept is damaged; a new start makes it again."""
        logger.warning("%s", error)
        part = Part(status="missing", why=str(error))
        self._copy = None
        self._set(mix=part, remainder=part, pictures=part)

    def _sharing(self, name: str) -> Callable[[float], None]:
        def told(share: float) -> None:
            if abs(share - self._shown) >= 0.01:  # noqa: PLR2004 - a percent
                self._shown = share
                self._set(**{name: Part(share=share)})

        return told

    def _set(self, **parts: Part) -> None:
        with self._lock:
            self.status = replace(self.status, **parts)
        self._on_change()


def _mended(read: Reader, broken: Callable[[OstinatoError], None]) -> Reader:
    """Tell of a fault where it is met; what was answered so far is not taken back."""

    def reading(start: int, stop: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - as read
        try:
            return read(start, stop)
        except DamagedCacheError as error:
            broken(error)
            raise

    return reading


def as_pcm(y: NDArray[np.float32]) -> bytes:
    """Return samples as 16-bit PCM, interleaved; what was 16-bit comes back as it was."""
    whole = np.rint(y * np.float32(_FULL_SCALE)).clip(-_FULL_SCALE, _FULL_SCALE - 1)
    return np.ascontiguousarray(whole.astype("<i2").T).tobytes()
