"""Everything that a study names is opened, and refused, before hours are spent on it.

Recordings are compared with each other, whatever their formats, levels and first milliseconds.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from ostinato.cues import Track, write_track
from ostinato.dsp.piece_place import best_place
from ostinato.errors import OstinatoError, StudyError
from ostinato.legible import as_text
from ostinato.measures import check_claims
from ostinato.media import WorkingCopy, cache_faults, open_working_copy, probe
from ostinato.pipeline.cache import scratch_folder
from ostinato.pipeline.memo import Running
from ostinato.results import SampledLabel, Scene, SongSection, SpeechStem
from ostinato.speech import (
    Alignment,
    Annotation,
    SubtitleFile,
    check_film_of_labels,
    moved,
    read_labels_and_sample,
    read_subtitle_file,
    step_of_stem,
)
from ostinato.study import SongFile, Study, read_scenes, read_song_sections, read_study
from ostinato.timeline import Interval, timecode

logger = logging.getLogger(__name__)
_MANY_CUES = 20
_STEM_TOLERANCE_S = 0.5  # a separator's last block, or a codec's padding
_MAX_STEM_LAG_S = 0.1  # coders add less, and nobody draws an edge of speech more exactly
_MAX_DIFFERENCE_S = 1.0  # encoders add and players cut less than this at either end
_RATE_HZ = 8_000
_PIECE_S = 2.0
_N_PIECES = 24
_MIN_LIKENESS = 0.9  # codecs leave .97 and more below 4 kHz; speech 6 dB below a song leaves .9
_MIN_SHARE = 0.9  # of the pieces: a scratch or a dropout makes no other recording
_SILENCE_RMS = 1e-3  # -60 dB of full scale: there codecs differ
_NAMES = {
    "labels": "a file of labels",
    "subtitles": "a file of subtitles",
    "scenes": "a table of scenes",
    "study": "a study",
    "media": "a recording",
}
_PLACES = {
    "labels": "with --labels",
    "subtitles": "with --subtitles",
    "scenes": "with --scenes",
    "study": "with --study",
    "media": "as the film, or with --song",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """The recordings of a study, and what people say of the film."""

    film: WorkingCopy
    songs: tuple[WorkingCopy, ...]
    annotations: tuple[Annotation, ...]
    scenes: tuple[Scene, ...]
    sample: tuple[SampledLabel, ...] = ()
    chosen: tuple[SampledLabel, ...] = ()
    speech_stem: WorkingCopy | None = None
    stem_record: SpeechStem | None = None
    subtitles: SubtitleFile | None = None
    sections: tuple[tuple[SongSection, ...], ...] = ()

    @property
    def copies(self) -> tuple[WorkingCopy, ...]:
        """All recordings that the study reads."""
        stems = () if self.speech_stem is None else (self.speech_stem,)
        return (self.film, *self.songs, *stems)


def open_study(study: Study, *, cache_dir: Path, running: Running) -> Opened:
    """Open all that a study names.

    `cache_dir`: where working copies are kept. Raises MediaError if a recording cannot be used.
    Raises StudyError if a file of annotations cannot be used or speaks of another film, a song is
    the film, is too short to be found or is given twice, a claim is about a song that is not looked
    for, or a stem does not last as long as the film or is not in step with it.
    """
    said = read_said(study)
    stems = () if study.speech_stem is None else (study.speech_stem,)
    paths = [*(song.path for song in study.songs), *stems, study.film]
    for path in (study.film, *paths[:-1]):
        probe(path)  # so that a song that is missing is told before the film is decoded
    there = {place.parent for place in cache_dir.glob("*/copy.json")}
    others = []
    for index, path in enumerate(paths[:-1]):
        part = running.part(index, len(paths))
        others.append(open_working_copy(path, cache_dir=cache_dir, on_progress=part))
        if index < len(study.songs):
            check_length(study, study.songs[index], others[index])
    # the last, which takes longest
    part = running.part(len(others), len(paths))
    film = open_film_of(study, cache_dir=cache_dir, on_progress=part)
    if any(copy.folder not in there for copy in (film, *others)):
        running.has_worked = True
    return compared(study, said, [film, *others])


def open_film_of(
    study: Study, *, cache_dir: Path, on_progress: Callable[[float], None] | None = None
) -> WorkingCopy:
    """Open the film of a study, by the stream, the channel and the clock that it names."""
    return open_working_copy(
        study.film,
        stream=study.stream,
        channel=study.channel,
        clock=study.clock,
        cache_dir=cache_dir,
        on_progress=on_progress,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Labels and scenes as their files have them, and cues where the study says they belong.

    `sections` are those of each song, in the study's order.
    """

    labels: tuple[Annotation, ...] = ()
    sample: tuple[SampledLabel, ...] = ()
    subtitles: SubtitleFile | None = None
    cues: tuple[Annotation, ...] = ()
    scenes: tuple[Scene, ...] = ()
    sections: tuple[tuple[SongSection, ...], ...] = ()


def compared(study: Study, said: Said, copies: Sequence[WorkingCopy]) -> Opened:
    """Compare what people say with the film, and recordings with each other.

    Raises StudyError as `open_study`.
    """
    labels, cues, scenes = said.labels, said.cues, said.scenes
    if study.labels is not None:  # which film it was drawn from is known only now
        check_film_of_labels(study.labels, copies[0])
    film, songs = copies[0], copies[1 : 1 + len(study.songs)]
    stems = copies[1 + len(study.songs) :]
    stem = stems[0] if stems else None
    stem_record = None if stem is None else _checked_stem(study, film, stem)
    for index in range(len(songs)):
        check_double(study, songs, index)
    songs = [_compared(song, film, file) for song, file in zip(songs, study.songs, strict=True)]
    for song, file, sections in zip(songs, study.songs, said.sections, strict=True):
        starts_s = (section.start_s for section in sections)
        _check_starts(file.sections, starts_s, song.duration_s, whole="song")
    if film.truncated_at_s is not None:
        # what people say of the part that is missing is neither wrong nor of use
        labels = tuple(label for label in labels if label.interval.start_s < film.duration_s)
        scenes = tuple(scene for scene in scenes if scene.start_s < film.duration_s)
    else:
        check_times(study, said, film.duration_s)
    sample = tuple(one for one in said.sample if one.start_s < film.duration_s)
    annotations = (*_within(labels, film), *cues)
    return Opened(
        film,
        tuple(songs),
        annotations,
        scenes,
        sample,
        speech_stem=stem,
        stem_record=stem_record,
        subtitles=said.subtitles,
        sections=said.sections,
    )


def check_times(study: Study, said: Said, film_s: float) -> None:
    """Refuse what is said of a time after the film's end.

    `film_s`: length of the film. Raises StudyError naming the row.
    """
    _check_starts(study.labels, (label.interval.start_s for label in said.labels), film_s)
    _check_starts(study.scenes, (scene.start_s for scene in said.scenes), film_s)
    _check_cues(study, said.cues, film_s)


def _check_starts(
    path: Path | None, starts_s: Iterable[float], whole_s: float, *, whole: str = "film"
) -> None:
    for start_s in starts_s:
        if start_s >= whole_s:
            raise StudyError(
                f"{path}, row at {timecode(start_s)}",
                f"the {whole} ends at {timecode(whole_s)}",
                "Take the times from the edition that is analysed",
            )


def _check_cues(study: Study, cues: Sequence[Annotation], film_s: float) -> None:
    # many cues may still be put in step once speech is detected
    if 0 < len(cues) < _MANY_CUES and all(cue.interval.start_s >= film_s for cue in cues):
        first_s = min(cue.interval.start_s for cue in cues)
        raise StudyError(
            str(study.subtitles),
            f"its first cue is at {timecode(first_s)} and the film ends at {timecode(film_s)}",
            "Give the subtitles of the edition that is analysed",
        )


def _within(labels: Sequence[Annotation], film: WorkingCopy) -> tuple[Annotation, ...]:
    """Let labels end with the film: a hand that drags to the end goes beyond it."""
    extent = Interval(0.0, film.duration_s)
    parts = ((label, label.interval.intersection(extent)) for label in labels)
    return tuple(replace(label, interval=part) for label, part in parts if part is not None)


def _checked_stem(study: Study, film: WorkingCopy, stem: WorkingCopy) -> SpeechStem:
    """Describe a stem of the speech; it is refused unless it lies beside the film."""
    thing = f"stem of the speech ({as_text(stem.path)})"
    mend = "Give a stem of the whole film, made from the stream that is analysed"
    if abs(stem.duration_s - film.duration_s) > _STEM_TOLERANCE_S:
        both = f"it lasts {stem.duration_s:.1f} s and the film {film.duration_s:.1f} s"
        raise StudyError(thing, both, mend)
    step = step_of_stem(stem, film)
    if not step.is_of_film:
        raise StudyError(thing, "what is heard in it is not heard in the film", mend)
    if step.lag_s is not None and abs(step.lag_s) > _MAX_STEM_LAG_S:
        way = "later" if step.lag_s > 0 else "earlier"
        raise StudyError(
            thing, f"its speech comes {abs(step.lag_s):.2f} s {way} than that of the film", mend
        )
    return SpeechStem(
        name=stem.path.name,
        sha256=stem.sha256,
        duration_s=stem.duration_s,
        sample_rate_hz=stem.rate_hz,
        made_by=study.speech_stem_by,
        lag_s=step.lag_s,
    )


def check_length(study: Study, song: SongFile, copy: WorkingCopy) -> None:
    """Refuse a song that is too short to be found.

    Parameters
    ----------
    study : Study
        Whether songs are looked for, and how.
    song : SongFile
        Its title and its file.
    copy : WorkingCopy
        Its sound.

    Raises
    ------
    StudyError
        Naming the length and the least one.
    """
    least_s = study.parameters.cues.trace.min_duration_s
    if "cues" in study.stages and copy.duration_s < least_s:
        raise StudyError(
            f"song {song.title!r} ({song.path})",
            f"it lasts {copy.duration_s:.2f} s, and what lasts less than {least_s:g} s cannot be "
            "found",
            "Give a longer recording",
        )


def check_double(study: Study, songs: Sequence[WorkingCopy], index: int) -> None:
    """Refuse a song that is one of those before it.

    Parameters
    ----------
    study : Study
        That names the songs.
    songs : sequence of WorkingCopy
        Their sound, in the same order.
    index : int
        Of the song.

    Raises
    ------
    StudyError
        Naming both.
    """
    song = songs[index]
    for other in range(index):
        if is_same_recording(songs[other], song):
            raise StudyError(
                f"song {study.songs[index].title!r} ({study.songs[index].path})",
                f"it is the same recording as {study.songs[other].title!r}",
                "Give each recording once",
            )


def _compared(song: WorkingCopy, film: WorkingCopy, file: SongFile) -> WorkingCopy:
    """Say where a song seems to be the film itself, or to be exchanged with it."""
    thing = f"song {file.title!r} ({as_text(file.path)})"
    if song.sha256 == film.sha256:
        raise StudyError(
            thing, "it is the film itself", "Give a recording of the song alone with --song"
        )
    notice = None
    if is_same_recording(song, film):
        notice = "from beginning to end it is like the film: it may be the film itself"
    elif song.duration_s > film.duration_s:
        both = f"it lasts {timecode(song.duration_s)} and the film {timecode(film.duration_s)}"
        notice = f"{both}, so that they may be exchanged"
        if film.truncated_at_s is not None:
            notice = f"{both}, which breaks off there"
    if notice is None:
        return song
    logger.warning("%s: %s", thing, notice)
    condition = replace(song.condition, notices=(*song.condition.notices, notice))
    return replace(song, condition=condition)


@contextmanager
def film_track(film: WorkingCopy) -> Iterator[Track]:
    """Write the film's track beside its working copy, for as long as it is needed."""
    cache = film.folder.parent
    with scratch_folder(cache) as folder:
        with cache_faults(cache):
            track = write_track(folder / "film.f32", film)
        yield track


def is_same_recording(one: WorkingCopy, other: WorkingCopy) -> bool:
    """Tell whether two files hold the same recording from beginning to end."""
    if one.sha256 == other.sha256 or one.pcm_sha256 == other.pcm_sha256:
        return True
    if abs(one.duration_s - other.duration_s) > _MAX_DIFFERENCE_S:
        return False
    last_s = max(0.0, min(one.duration_s, other.duration_s) - _PIECE_S)
    pieces = (_likeness(one, other, start_s) for start_s in np.linspace(0.0, last_s, _N_PIECES))
    known = [likeness for likeness in pieces if likeness is not None]
    return bool(known) and float(np.mean(np.array(known) > _MIN_LIKENESS)) >= _MIN_SHARE


def _likeness(one: WorkingCopy, other: WorkingCopy, start_s: float) -> float | None:
    """Height of the normalised correlation of a piece with its surroundings in the other."""
    x = _read(one, start_s, start_s + _PIECE_S)
    y = _read(other, start_s - _MAX_DIFFERENCE_S, start_s + _PIECE_S + _MAX_DIFFERENCE_S)
    if x.size == 0 or float(np.sqrt(np.mean(x**2))) < _SILENCE_RMS:
        return None
    return best_place(x, y)[0]


def _read(copy: WorkingCopy, start_s: float, stop_s: float) -> NDArray[np.float32]:
    start, stop = (max(0, round(at_s * copy.rate_hz)) for at_s in (start_s, stop_s))
    y: NDArray[np.float32] = soxr.resample(copy.mono(start, stop), copy.rate_hz, _RATE_HZ)
    return y


def read_said(study: Study) -> Said:
    """Read labels, subtitles and scenes, and check what is claimed.

    Parameters
    ----------
    study : Study
        Which files there are.

    Returns
    -------
    Said
        Not yet compared with the film.

    Raises
    ------
    StudyError
        If a file cannot be used, or seems to be exchanged for another one; or a claim is about a
        song that is not looked for.
    """
    check_claims(study.claims, [song.title for song in study.songs])
    labels, sample = _read_files(study.labels, "labels", study) or ((), ())
    subtitles: SubtitleFile | None = _read_files(study.subtitles, "subtitles", study)
    return Said(
        labels=labels,
        sample=sample,
        subtitles=subtitles,
        cues=() if subtitles is None else _placed(study, subtitles.cues),
        scenes=_read_files(study.scenes, "scenes", study) or (),
        sections=tuple(_sections(song) for song in study.songs),
    )


def _sections(song: SongFile) -> tuple[SongSection, ...]:
    return () if song.sections is None else read_song_sections(song.sections)


def _placed(study: Study, cues: Sequence[Annotation]) -> tuple[Annotation, ...]:
    """Place cues where the study says that they belong."""
    shift_s, speed = study.subtitle_shift_s or 0.0, study.subtitle_speed or 1.0
    if (shift_s, speed) == (0.0, 1.0):
        return tuple(cues)
    placed = moved(cues, Alignment(speed=speed, shifts_s=(shift_s,)))
    if not placed:
        raise StudyError(
            f"shift of the subtitles {shift_s} s",
            "it moves every cue before the film begins",
            "Give the seconds by which cues are too early; a minus sign moves them back",
        )
    return placed


def _read_files(path: Path | None, kind: str, study: Study) -> Any:  # noqa: ANN401 - as its reader gives
    if path is None:
        return None
    readers: dict[str, Callable[[Path], Any]] = {
        "labels": partial(read_labels_and_sample, film_name=study.film.name),
        "subtitles": partial(read_subtitle_file, parameters=study.parameters.speech),
        "scenes": read_scenes,
        "study": read_study,
        "media": probe,
    }
    try:
        return readers.pop(kind)(path)
    except StudyError as error:
        other = _recognised(path, readers)
        if other is None:
            raise
        raise StudyError(
            str(path),
            f"it was given as {kind}, and is {_NAMES[other]}",
            f"Give it {_PLACES[other]}",
        ) from error


def _recognised(path: Path, readers: dict[str, Callable[[Path], Any]]) -> str | None:
    """Return as what else a file can be read, if anything."""
    for kind, reader in readers.items():
        with suppress(OstinatoError):
            reader(path)
            return kind
    return None
