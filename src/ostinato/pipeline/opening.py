"""Everything that a study names is opened, and refused, before hours are spent on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.measures import check_claims
from ostinato.media import WorkingCopy, open_working_copy, probe
from ostinato.pipeline.clock import Running
from ostinato.pipeline.likeness import is_same_recording
from ostinato.results import SampledLabel, Scene
from ostinato.speech import Annotation, read_labels_and_sample, read_subtitles
from ostinato.study import Study, read_scenes
from ostinato.timeline import Interval, timecode


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

    @property
    def copies(self) -> tuple[WorkingCopy, ...]:
        """All recordings that the study reads."""
        stems = () if self.speech_stem is None else (self.speech_stem,)
        return (self.film, *self.songs, *stems)


def open_study(study: Study, *, cache_dir: Path, running: Running) -> Opened:
    """Open all that a study names.

    Parameters
    ----------
    study : Study
        What to open.
    cache_dir : pathlib.Path
        Where working copies are kept.
    running : Running
        The stage that this is part of.

    Returns
    -------
    Opened
        Decoded and checked against each other.

    Raises
    ------
    MediaError
        If a recording cannot be used.
    StudyError
        If a file of annotations cannot be used or speaks of another film, a song is the film, is
        longer than the film or is given twice, a claim is about a song that is not looked for, or
        a stem does not last as long as the film.
    """
    check_claims(study.claims, [song.title for song in study.songs])
    labels, sample = _said(study)
    cues = _cues(study)
    scenes = () if study.scenes is None else read_scenes(study.scenes)
    stems = () if study.speech_stem is None else (study.speech_stem,)
    paths = [study.film, *(song.path for song in study.songs), *stems]
    for path in paths:
        probe(path)  # so that a song that is missing is told before the film is decoded
    copies = []
    for index, path in enumerate(paths):
        copies.append(
            open_working_copy(
                path,
                stream=study.stream if index == 0 else None,
                cache_dir=cache_dir,
                on_progress=running.part(index, len(paths)),
            )
        )
    film, songs = copies[0], copies[1 : 1 + len(study.songs)]
    stem = copies[-1] if stems else None
    if stem is not None:
        _check_stem(study, film, stem)
    for index, song in enumerate(songs):
        _check_song(study, film, songs, index, song)
    if film.truncated_at_s is not None:
        # what people say of the part that is missing is neither wrong nor of use
        labels = tuple(label for label in labels if label.interval.start_s < film.duration_s)
        scenes = tuple(scene for scene in scenes if scene.start_s < film.duration_s)
    else:
        _check_starts(study.labels, (label.interval.start_s for label in labels), film)
        _check_starts(study.scenes, (scene.start_s for scene in scenes), film)
        _check_cues(study, film, cues)
    if sample:  # which film it was drawn from is known only now
        _, sample = _said(study, film_sha256=film.sha256)
    sample = tuple(one for one in sample if one.start_s < film.duration_s)
    annotations = (*_within(labels, film), *cues)
    return Opened(film, tuple(songs), annotations, scenes, sample, speech_stem=stem)


def _said(
    study: Study, *, film_sha256: str | None = None
) -> tuple[tuple[Annotation, ...], tuple[SampledLabel, ...]]:
    if study.labels is None:
        return (), ()
    return read_labels_and_sample(study.labels, film_sha256=film_sha256)


def _cues(study: Study) -> tuple[Annotation, ...]:
    if study.subtitles is None:
        return ()
    return read_subtitles(study.subtitles, parameters=study.parameters.speech)


def _check_starts(path: Path | None, starts_s: Iterable[float], film: WorkingCopy) -> None:
    for start_s in starts_s:
        if start_s >= film.duration_s:
            raise StudyError(
                f"{path}, row at {timecode(start_s)}",
                f"the film ends at {timecode(film.duration_s)}",
                "Take the times from the edition that is analysed",
            )


def _check_cues(study: Study, film: WorkingCopy, cues: Sequence[Annotation]) -> None:
    if cues and all(cue.interval.start_s >= film.duration_s for cue in cues):
        first_s = min(cue.interval.start_s for cue in cues)
        raise StudyError(
            str(study.subtitles),
            f"its first cue is at {timecode(first_s)} and the film ends at "
            f"{timecode(film.duration_s)}",
            "Give the subtitles of the edition that is analysed",
        )


def _within(labels: Sequence[Annotation], film: WorkingCopy) -> tuple[Annotation, ...]:
    """Let labels end with the film: a hand that drags to the end goes beyond it."""
    extent = Interval(0.0, film.duration_s)
    parts = ((label, label.interval.intersection(extent)) for label in labels)
    return tuple(replace(label, interval=part) for label, part in parts if part is not None)


def _check_stem(study: Study, film: WorkingCopy, stem: WorkingCopy) -> None:
    if abs(stem.duration_s - film.duration_s) > _STEM_TOLERANCE_S:
        raise StudyError(
            f"stem of the speech ({study.speech_stem})",
            f"it lasts {stem.duration_s:.1f} s and the film {film.duration_s:.1f} s",
            "Give a stem of the whole film, made from the stream that is analysed",
        )


_STEM_TOLERANCE_S = 0.5  # a separator's last block, or a codec's padding


def _check_song(
    study: Study,
    film: WorkingCopy,
    songs: Sequence[WorkingCopy],
    index: int,
    song: WorkingCopy,
) -> None:
    thing = f"song {study.songs[index].title!r} ({study.songs[index].path})"
    if is_same_recording(song, film):
        raise StudyError(
            thing, "it is the film itself", "Give a recording of the song alone with --song"
        )
    if song.duration_s > film.duration_s:
        raise StudyError(
            thing,
            f"it lasts {song.duration_s:.0f} s and the film {film.duration_s:.0f} s",
            "Check that film and song are not exchanged, or cut the song to what may occur",
        )
    for other in range(index):
        if is_same_recording(songs[other], song):
            raise StudyError(
                thing,
                f"it is the same recording as {study.songs[other].title!r}",
                "Give each recording once",
            )
