"""What the steps of a script hand to each other: a film, its songs, what remains, its speech."""

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from ostinato.media import Streams
from ostinato.pipeline.analysis import analyze
from ostinato.results import (
    Candidate,
    Film,
    Occurrence,
    Separation,
    SongVoice,
    SpeechSegment,
    Voice,
)
from ostinato.study import Study
from ostinato.timeline import timecode


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFile:
    """A film that was opened: where its file is, and what is known of its sound."""

    path: Path
    record: Film
    edition: str | None = None
    stream: Streams | None = None
    cache_dir: Path | None = None

    @property
    def duration_s(self) -> float:
        """How long the film is."""
        return self.record.duration_s

    def __repr__(self) -> str:
        return f"<film {self.path.name}, {timecode(self.duration_s)}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FoundSongs:
    """Where songs are heard in a film."""

    film: FilmFile
    study: Study = field(repr=False)
    occurrences: tuple[Occurrence, ...]
    candidates: tuple[Candidate, ...]

    def __iter__(self) -> Iterator[Occurrence]:
        return iter(self.occurrences)

    def __len__(self) -> int:
        return len(self.occurrences)

    def __repr__(self) -> str:
        return f"<{len(self)} occurrences of {len(self.study.songs)} songs in {self.film!r}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TakenOut:
    """What of the songs was taken out of a film."""

    cues: FoundSongs
    study: Study = field(repr=False)
    separations: tuple[Separation, ...]

    @property
    def remainder(self) -> "Remainder":
        """The film without its songs."""
        return Remainder(self)

    def __repr__(self) -> str:
        n_cancelled = sum(one.grade == "cancelled" for one in self.separations)
        return f"<{n_cancelled} of {len(self.separations)} occurrences cancelled>"


class Remainder:
    """The film without its songs, as sound that is read in pieces; made when it is first read.

    Parameters
    ----------
    taken : TakenOut
        What was taken out.
    """

    def __init__(self, taken: TakenOut) -> None:
        self.taken = taken

    @property
    def rate_hz(self) -> int:
        """Samples a second."""
        return int(self._file.samplerate)

    @property
    def n_samples(self) -> int:
        """As long as the film."""
        return int(self._file.frames)

    @property
    def n_channels(self) -> int:
        """One or two."""
        return int(self._file.channels)

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.float32]:
        """Read from one sample to another, shape (n_channels, n_samples), full scale ±1."""
        self._file.seek(max(0, start_sample))
        y = self._file.read(max(0, stop_sample - max(0, start_sample)), "float32", always_2d=True)
        return np.ascontiguousarray(y.T)

    @cached_property
    def _file(self) -> sf.SoundFile:
        folder = Path(tempfile.mkdtemp(prefix="ostinato-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        film = self.taken.cues.film
        analyze(self.taken.study, cache_dir=film.cache_dir, stems_dir=folder)
        file = sf.SoundFile(folder / "remainder.flac")
        weakref.finalize(self, file.close)  # before its folder goes: the last comes first
        return file

    def __repr__(self) -> str:
        return f"<{self.taken.cues.film!r} without its songs>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Speech:
    """The speech of a film: who speaks when, and what is narration."""

    film: FilmFile
    study: Study = field(repr=False)
    segments: tuple[SpeechSegment, ...]
    voices: tuple[Voice, ...]
    singing: tuple[SongVoice, ...]

    def __iter__(self) -> Iterator[SpeechSegment]:
        return iter(self.segments)

    def __len__(self) -> int:
        return len(self.segments)

    def __repr__(self) -> str:
        return f"<{len(self)} segments of speech by {len(self.voices)} voices in {self.film!r}>"
