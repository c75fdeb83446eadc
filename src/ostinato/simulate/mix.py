"""From a plan to a mixed film, its file and its truth.

Speech is true a phrase at a time, parted where the voice pauses for 0.3 s or more. An occurrence is
true where the song is audible: where the gains of its steps, faders and faults together, leave it
within 20 dB of its full level. What a room adds after the end is not counted. Levels are measured
on the stems that were mixed, ungated, over the seconds that are meant.

A film of 100 minutes does not fit into the memory of a small laptop; a block of it does.
"""

import platform
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.loudness import SLOTS_PER_SECOND, slot_energies, start_loudness
from ostinato.errors import ParameterError
from ostinato.media import RawFile, WorkingCopy, film_record, open_working_copy, song_record
from ostinato.results import (
    Decision,
    Extent,
    LevelInFilm,
    Occurrence,
    Results,
    Run,
    SpeechSegment,
    Spoken,
    TimeMap,
    segment_of,
)
from ostinato.simulate.chain import Place, gain, through
from ostinato.simulate.encode import Encoding, write_encoded
from ostinato.simulate.film_plan import Bed, FilmPlan, Level, PlannedOccurrence, PlannedSpeech
from ostinato.simulate.sources import as_channels, read_part, read_song, read_talk, repeated
from ostinato.simulate.truth import (
    Stem,
    audible,
    energies_of,
    factor_for,
    is_inside,
    named,
    true_occurrence,
)
from ostinato.timeline import Interval, Timeline
from ostinato.version import VERSION

Energies = NDArray[np.float64]
_BLOCK_S = 20  # 8 MB in stereo
Sound = NDArray[np.float32]
_MAX_PEAK = 0.89  # -1 dBFS, so that a lossy codec does not clip either


class Canvas:
    """A film of silence, to be painted on.

    Parameters
    ----------
    path : pathlib.Path
        Of a new file of interleaved float32, made here.
    n_samples, n_channels : int
        Of the film.
    sample_rate_hz : int
        A multiple of 10.
    """

    def __init__(self, path: Path, *, n_samples: int, n_channels: int, sample_rate_hz: int) -> None:
        self.n_samples, self.n_channels = n_samples, n_channels
        self.sample_rate_hz = sample_rate_hz
        self._file = RawFile(path, n_channels, n_samples)
        self._file.make()

    def add(self, start_sample: int, y: Sound) -> None:
        """Mix in a sound, shape (n_channels, any); what lies past the end is cut off."""
        present = self.read(start_sample, start_sample + y.shape[1])
        self._file.write(start_sample, present + y[:, : present.shape[1]])

    def read(self, start_sample: int, stop_sample: int) -> Sound:
        """Read samples, shape (n_channels, n_samples)."""
        return self._file.read(start_sample, stop_sample)

    def bounds(self) -> Iterator[tuple[int, int]]:
        """First and last-but-one samples of blocks of whole slots that cover the film."""
        length = _BLOCK_S * self.sample_rate_hz
        for start in range(0, self.n_samples, length):
            yield start, min(start + length, self.n_samples)

    def blocks(self) -> Iterator[Sound]:
        """Read the film from beginning to end."""
        for start, stop in self.bounds():
            yield self.read(start, stop)

    def energies(self) -> NDArray[np.float64]:
        """Mean square of each slot of the film as it is now."""
        state = start_loudness(sample_rate_hz=self.sample_rate_hz, n_channels=self.n_channels)
        parts = []
        for block in self.blocks():
            part, state = slot_energies(block, state)
            parts.append(part.sum(axis=0))
        return np.concatenate(parts) if parts else np.zeros(0)

    def peak(self) -> float:
        """Return the largest magnitude of a sample."""
        return max((float(np.abs(block).max(initial=0.0)) for block in self.blocks()), default=0.0)


@dataclass(frozen=True, slots=True)
class Mixed:
    """A film on disk and what is true of it; levels are those of the canvas."""

    canvas: Canvas
    songs: tuple[WorkingCopy, ...]
    speech: tuple[SpeechSegment, ...]
    occurrences: tuple[Occurrence, ...]


def mix(plan: FilmPlan, *, folder: Path, cache_dir: Path) -> Mixed:
    """Mix a film: the speech, the beds under it, then the songs against both.

    `cache_dir`: for working copies of the recordings. Raises ParameterError if a song or a
    recording is too short for what is planned, or a level is relative to speech or beds where there
    are none. Raises MediaError if a recording cannot be read.
    """
    canvas = Canvas(
        folder / "film.f32",
        n_samples=round(plan.duration_s * plan.sample_rate_hz),
        n_channels=plan.channels,
        sample_rate_hz=plan.sample_rate_hz,
    )
    speech = _add_speech(canvas, plan.speech, cache_dir)
    spoken = canvas.energies()
    beds = np.zeros(spoken.size)
    for bed in plan.beds:
        beds += _add_bed(canvas, bed, speech, spoken, cache_dir)
    copies = {song.id: open_working_copy(song.path, cache_dir=cache_dir) for song in plan.songs}
    heard = {"speech": spoken, "bed": beds, "full scale": spoken}
    pieces = [
        piece
        for planned in sorted(plan.occurrences, key=lambda o: (o.film_start_s, o.song_id))
        for piece in _add_occurrence(canvas, planned, copies[planned.song_id], speech, heard)
    ]
    return Mixed(canvas, tuple(copies.values()), speech, named(pieces))


def _add_speech(
    canvas: Canvas, planned: Sequence[PlannedSpeech], cache_dir: Path
) -> tuple[SpeechSegment, ...]:
    ordered = sorted(planned, key=lambda s: (s.film_start_s, str(s.path), s.start_s))
    phrases = [(one, phrase) for one in ordered for phrase in _add_talk(canvas, one, cache_dir)]
    return tuple(
        segment_of(
            Extent(id=f"T{number}", start_s=phrase.start_s, end_s=phrase.end_s),
            Decision.by_people(one.kind, None if one.kind == "undetermined" else "label"),
            Spoken(voice=one.voice),
        )
        for number, (one, phrase) in enumerate(
            sorted(phrases, key=lambda pair: pair[1].start_s), start=1
        )
    )


def _add_talk(canvas: Canvas, one: PlannedSpeech, cache_dir: Path) -> tuple[Interval, ...]:
    """Mix a voice in, and return its phrases in film time."""
    thing = f"speech of {one.path.name} at {one.film_start_s} s"
    y, phrases = read_talk(
        one.path,
        start_s=one.start_s,
        end_s=one.end_s,
        sample_rate_hz=canvas.sample_rate_hz,
        cache_dir=cache_dir,
    )
    place = _place(canvas, one.film_start_s, y.shape[1], thing=thing)
    heard = through(one.chain, as_channels(y, canvas.n_channels), place)
    _, own = energies_of(
        heard[:, : place.n_samples],
        start_sample=place.start_sample,
        sample_rate_hz=canvas.sample_rate_hz,
    )
    factor = factor_for(Level(one.level_lufs), own, own, thing=thing)
    canvas.add(place.start_sample, heard * np.float32(factor))
    return tuple(
        Interval(*((place.start_sample + sample) / canvas.sample_rate_hz for sample in phrase))
        for phrase in phrases
    )


def _add_bed(
    canvas: Canvas,
    bed: Bed,
    speech: tuple[SpeechSegment, ...],
    spoken: Energies,
    cache_dir: Path,
) -> Energies:
    """Mix a bed in, and return its energies over the whole film."""
    rate_hz, n_channels = canvas.sample_rate_hz, canvas.n_channels
    thing = f"bed of {bed.path.name} at {bed.film_start_s} s"
    y = read_part(
        bed.path, start_s=bed.start_s, end_s=bed.end_s, sample_rate_hz=rate_hz, cache_dir=cache_dir
    )
    _, own = energies_of(as_channels(y, n_channels), start_sample=0, sample_rate_hz=rate_hz)
    talk = _talk(speech) & Timeline((Interval(bed.film_start_s, bed.film_end_s),))
    under = is_inside(talk, first_slot=0, n_slots=spoken.size)
    factor = factor_for(bed.level, own, spoken[under], thing=thing)

    start, stop = round(bed.film_start_s * rate_hz), round(bed.film_end_s * rate_hz)
    first_slot, before = divmod(start, rate_hz // SLOTS_PER_SECOND)
    state = start_loudness(sample_rate_hz=rate_hz, n_channels=n_channels)
    _, state = slot_energies(np.zeros((n_channels, before)), state)
    parts = []
    for part in repeated(y, n_samples=stop - start, sample_rate_hz=rate_hz, n_channels=n_channels):
        place = Place(
            start_s=start / rate_hz,
            n_samples=part.shape[1],
            sample_rate_hz=rate_hz,
            speech=speech,
        )
        ducked = part * np.float32(factor) * gain((bed.duck,) if bed.duck else (), place)
        canvas.add(start, ducked)
        slots, state = slot_energies(ducked, state)
        parts.append(slots.sum(axis=0))
        start += part.shape[1]
    return _over_film(np.concatenate(parts), first_slot, spoken.size)


def _add_occurrence(
    canvas: Canvas,
    planned: PlannedOccurrence,
    copy: WorkingCopy,
    speech: tuple[SpeechSegment, ...],
    heard: Mapping[str, Energies],
) -> Iterator[Occurrence]:
    """Mix an occurrence in; its audible pieces follow."""
    rate_hz, thing = canvas.sample_rate_hz, f"{planned.song_id} at {planned.film_start_s} s"
    place = replace(
        _place(canvas, planned.film_start_s, round(planned.duration_s * rate_hz), thing=thing),
        speech=speech,
    )
    y, song_start_s = read_song(
        copy,
        song_start_s=planned.song_start_s,
        n_samples=place.n_samples,
        speed=planned.speed,
        sample_rate_hz=rate_hz,
        n_channels=canvas.n_channels,
    )
    y = through(planned.chain, y, place)
    pieces = audible(gain(planned.chain, place), place)
    if not pieces:
        raise ParameterError(thing, "its steps leave nothing of it audible", "Shorten the fades")
    first_slot, energies = energies_of(y, start_sample=place.start_sample, sample_rate_hz=rate_hz)
    own = _over_film(energies, first_slot, heard["speech"].size)

    counted = _counted(pieces, planned.level, speech, n_slots=own.size)
    factor = factor_for(planned.level, own[counted], heard[planned.level.re][counted], thing=thing)
    canvas.add(place.start_sample, y * np.float32(factor))
    stem = Stem(
        song_id=planned.song_id,
        time_map=TimeMap(place.start_s - song_start_s / planned.speed, planned.speed),
        song_energies=own * factor**2,
        speech_energies=heard["speech"],
        talk=_talk(speech),
    )
    for piece in pieces:
        yield true_occurrence(piece, stem)


def _over_film(energies: Energies, first_slot: int, n_slots: int) -> Energies:
    """Set energies into silence; a room may ring on beyond the film."""
    out = np.zeros(n_slots)
    fitting = energies[: n_slots - first_slot]
    out[first_slot : first_slot + fitting.size] = fitting
    return out


def _counted(
    pieces: Sequence[Interval], level: Level, speech: tuple[SpeechSegment, ...], *, n_slots: int
) -> NDArray[np.bool_]:
    """Slots over which a level is taken: where the song is heard, and under speech if re speech."""
    timeline = Timeline.of(pieces)
    if level.re == "speech":
        timeline &= _talk(speech)
    return is_inside(timeline, first_slot=0, n_slots=n_slots)


def _place(canvas: Canvas, start_s: float, n_samples: int, *, thing: str) -> Place:
    start = round(start_s * canvas.sample_rate_hz)
    if start + n_samples > canvas.n_samples:
        raise ParameterError(
            thing,
            f"it ends at {(start + n_samples) / canvas.sample_rate_hz:.2f} s, after the film",
            "Move it, or make the film longer",
        )
    return Place(
        start_s=start / canvas.sample_rate_hz,
        n_samples=n_samples,
        sample_rate_hz=canvas.sample_rate_hz,
    )


def _talk(speech: Sequence[SpeechSegment]) -> Timeline:
    return Timeline.of(segment.interval for segment in speech)


def make_film(
    plan: FilmPlan, path: Path, *, cache_dir: Path, encoding: Encoding | None = None
) -> Results:
    """Make a film, and return what an analysis of it should find.

    Parameters
    ----------
    plan : FilmPlan
        What the film holds.
    path : pathlib.Path
        Of the film; its suffix chooses the container.
    cache_dir : pathlib.Path
        Where working copies are kept: of the recordings, and of the film.
    encoding : Encoding, optional
        How it is written; FLAC by default.

    Returns
    -------
    Results
        The truth: film, songs, scenes, occurrences and speech. A `score` is 0 and its `p_value`
        None, since nothing was measured; `scene`, transitions, coverage and ratios are left to
        `ostinato.measures`.

    Raises
    ------
    ParameterError
        If a recording does not hold what is planned of it.
    MediaError
        If a recording cannot be read or the film not be written.

    Notes
    -----
    The film is scaled as a whole if its peak would be above -1 dBFS, and levels re full scale with
    it. On disk it takes 2.3 GB more for 100 minutes in stereo while it is made.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".mixing-") as folder:
        mixed = mix(plan, folder=Path(folder), cache_dir=cache_dir)
        peak = mixed.canvas.peak()
        factor = min(1.0, _MAX_PEAK / peak) if peak > 0 else 1.0
        write_encoded(
            path,
            (block * np.float32(factor) for block in mixed.canvas.blocks()),
            n_channels=plan.channels,
            sample_rate_hz=plan.sample_rate_hz,
            encoding=encoding or Encoding(),
        )
    scale_lu = float(20 * np.log10(factor))
    return _truth(plan, mixed, path, scale_lu=scale_lu, cache_dir=cache_dir)


def _truth(
    plan: FilmPlan, mixed: Mixed, path: Path, *, scale_lu: float, cache_dir: Path
) -> Results:
    return Results(
        film=film_record(open_working_copy(path, cache_dir=cache_dir), edition=None),
        songs=tuple(
            song_record(copy, song_id=song.id, title=song.title)
            for song, copy in zip(plan.songs, mixed.songs, strict=True)
        ),
        scenes=plan.scenes,
        occurrences=tuple(_scaled(one, scale_lu) for one in mixed.occurrences),
        speech=mixed.speech,
        run=Run(
            version=VERSION,
            parameters={},
            stages=(),
            platform=f"{platform.system()}, Python {platform.python_version()}",
            started_at="",
            peak_rss_mb=None,
        ),
    )


def _scaled(one: Occurrence, scale_lu: float) -> Occurrence:
    if one.level_lufs is None:
        return one
    level = LevelInFilm(
        level_lufs=one.level_lufs + scale_lu, level_re_speech_lu=one.level_re_speech_lu
    )
    return one.with_parts(level)
