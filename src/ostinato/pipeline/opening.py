"""Everything that a study names is opened, and refused, before hours are spent on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.measures import scopes
from ostinato.media import WorkingCopy, open_working_copy
from ostinato.pipeline.clock import Running
from ostinato.results import Film, Scene, Song
from ostinato.speech import Annotation, read_labels, read_subtitles
from ostinato.study import Study, read_scenes


@dataclass(frozen=True, slots=True)
class Opened:
    """The recordings of a study, and what people say of the film."""

    film: WorkingCopy
    songs: tuple[WorkingCopy, ...]
    annotations: tuple[Annotation, ...]
    scenes: tuple[Scene, ...]


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
        If a file of annotations cannot be used, a song is the film, is longer than the film or is
        given twice, or a scene begins after the film has ended.
    """
    annotations = _annotations(study)
    scenes = () if study.scenes is None else read_scenes(study.scenes)
    paths = [study.film, *(song.path for song in study.songs)]
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
    film, *songs = copies
    for index, song in enumerate(songs):
        _check_song(study, film, songs, index, song)
    scopes(scenes, film_duration_s=film.duration_s)  # raises on a scene behind the end
    return Opened(film, tuple(songs), annotations, scenes)


def film_record(study: Study, film: WorkingCopy) -> Film:
    """Describe what was analysed, down to its bytes."""
    return Film(
        name=study.film.name,
        edition=study.edition,
        sha256=film.sha256,
        pcm_sha256=film.pcm_sha256,
        duration_s=film.duration_s,
        start_s=film.start_s,
        sample_rate_hz=film.sample_rate_hz,
        channels=film.n_source_channels,
        stream=film.stream,
        loudness_lufs=film.loudness_lufs,
        truncated_at_s=film.truncated_at_s,
    )


def song_records(study: Study, songs: Sequence[WorkingCopy]) -> tuple[Song, ...]:
    """Describe the songs that were looked for: ``S1``, ``S2`` … in the order of the study."""
    return tuple(
        Song(
            id=f"S{number}",
            title=named.title,
            sha256=song.sha256,
            pcm_sha256=song.pcm_sha256,
            duration_s=song.duration_s,
        )
        for number, (named, song) in enumerate(zip(study.songs, songs, strict=True), start=1)
    )


def _annotations(study: Study) -> tuple[Annotation, ...]:
    labels = () if study.labels is None else read_labels(study.labels)
    if study.subtitles is None:
        return labels
    return (*labels, *read_subtitles(study.subtitles, parameters=study.parameters.speech))


def _check_song(
    study: Study,
    film: WorkingCopy,
    songs: Sequence[WorkingCopy],
    index: int,
    song: WorkingCopy,
) -> None:
    thing = f"song {study.songs[index].title!r} ({study.songs[index].path})"
    if song.pcm_sha256 == film.pcm_sha256 or song.sha256 == film.sha256:
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
        if songs[other].pcm_sha256 == song.pcm_sha256:
            raise StudyError(
                thing,
                f"it is the same recording as {study.songs[other].title!r}",
                "Give each recording once",
            )
