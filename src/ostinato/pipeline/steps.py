"""An analysis step by step, for scripts: each step is remembered, and all together are `analyze`.

A step is a study as far as it goes. `find` runs its cues, `take_out` the separation after them,
`listen` the speech, and `measure` all of it; what an earlier step has done is taken from the cache.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path

from ostinato.cues import CueParameters
from ostinato.errors import ParameterError
from ostinato.measures import MeasureParameters, Question
from ostinato.media import Streams, default_cache_dir, film_record, open_working_copy, probe
from ostinato.pipeline.analysis import analyze
from ostinato.pipeline.memo import Watch
from ostinato.pipeline.step_values import FilmFile, FoundSongs, Remainder, Speech, TakenOut
from ostinato.results import (
    Results,
)
from ostinato.separation import SeparationParameters
from ostinato.speech import KnownVoice, SpeechParameters
from ostinato.study import Parameters, SongFile, Study, read_song_sections

AnyPath = str | PathLike[str]


def open_film(
    path: AnyPath,
    *,
    edition: str | None = None,
    stream: Streams | None = None,
    cache_dir: AnyPath | None = None,
) -> FilmFile:
    """Open a film, or its soundtrack: it is decoded once, and kept in the cache.

    Parameters
    ----------
    path : str or path
        Of the file.
    edition : str, optional
        Which edition it is, in your words.
    stream : int or tuple of int, optional
        Which audio stream; the one that the file marks as its main one by default.
    cache_dir : str or path, optional
        Where decoded sound and finished stages are kept; the system's cache folder by default.

    Returns
    -------
    FilmFile
        For `find`, `listen` and `measure`.

    Raises
    ------
    MediaError
        If it cannot be read.
    """
    folder = None if cache_dir is None else Path(cache_dir)
    kept = default_cache_dir() if folder is None else folder
    copy = open_working_copy(Path(path), stream=stream, cache_dir=kept)
    return FilmFile(
        path=Path(path),
        record=film_record(copy, edition=edition),
        edition=edition,
        stream=stream,
        cache_dir=folder,
    )


def open_song(
    title: str,
    path: AnyPath,
    *,
    sections: AnyPath | None = None,
    performer: str | None = None,
    release: str | None = None,
    year: int | None = None,
) -> SongFile:
    """Name a recording of a song.

    Parameters
    ----------
    title : str
        How results speak of it.
    path : str or path
        Of the file.
    sections : str or path, optional
        Of a table of verses, choruses and the like, in song time; figures name them.
    performer, release : str, optional
        Who plays it, as a list of references sorts them, and on what it came out.
    year : int, optional
        Of that release.

    Returns
    -------
    SongFile
        For `find`.

    Raises
    ------
    MediaError
        If the file is missing, or holds no sound.
    StudyError
        If the table cannot be used, or the year is none.
    """
    probe(Path(path))
    if sections is not None:
        read_song_sections(Path(sections))
    return SongFile(
        title=title,
        path=Path(path),
        sections=None if sections is None else Path(sections),
        performer=performer,
        release=release,
        year=year,
    )


def find(
    songs: SongFile | Iterable[SongFile],
    film: FilmFile,
    *,
    parameters: CueParameters | None = None,
    on_progress: Watch | None = None,
) -> FoundSongs:
    """Find every occurrence of songs in a film.

    Parameters
    ----------
    songs : SongFile or iterable of SongFile
        From `open_song`.
    film : FilmFile
        From `open_film`.
    parameters : CueParameters, optional
        How; the program's own by default.
    on_progress : callable, optional
        Called with the name of a stage, and the fraction of it that is done.

    Returns
    -------
    FoundSongs
        Occurrences by film time.

    Raises
    ------
    StudyError
        If a song is too short, is the film, or is given twice.
    MediaError
        If a recording cannot be read.
    """
    listed = (songs,) if isinstance(songs, SongFile) else tuple(songs)
    study = replace(
        _study_of(film),
        songs=listed,
        stages=("cues",),
        parameters=Parameters(cues=parameters or CueParameters()),
    )
    results = _run(study, film, on_progress)
    return FoundSongs(
        film=film, study=study, occurrences=results.occurrences, candidates=results.candidates
    )


def take_out(
    cues: FoundSongs,
    film: FilmFile | None = None,
    *,
    parameters: SeparationParameters | None = None,
    on_progress: Watch | None = None,
) -> TakenOut:
    """Take songs out of the film in which they were found.

    Parameters
    ----------
    cues : FoundSongs
        From `find`.
    film : FilmFile, optional
        The film in which they were found, if you want that to be checked.
    parameters : SeparationParameters, optional
        How; the program's own by default.
    on_progress : callable, optional
        Called with the name of a stage, and the fraction of it that is done.

    Returns
    -------
    TakenOut
        How each occurrence was taken out, and the film without them.

    Raises
    ------
    ParameterError
        If they were found in another film.
    """
    if film is not None:
        _check_same(cues.film, film)
    study = replace(
        cues.study,
        stages=("cues", "separation"),
        parameters=replace(cues.study.parameters, separation=parameters or SeparationParameters()),
    )
    results = _run(study, cues.film, on_progress)
    return TakenOut(cues=cues, study=study, separations=results.separations)


def listen(
    sound: FilmFile | Remainder,
    *,
    subtitles: AnyPath | None = None,
    labels: AnyPath | None = None,
    voices: Sequence[KnownVoice] = (),
    parameters: SpeechParameters | None = None,
    on_progress: Watch | None = None,
) -> Speech:
    """Find the speech, who speaks, and with people's help what is narration.

    Parameters
    ----------
    sound : FilmFile or Remainder
        The film, or better what remains of it without its songs.
    subtitles, labels : str or path, optional
        What people say of the speech.
    voices : sequence of KnownVoice, optional
        Voices that you know by name.
    parameters : SpeechParameters, optional
        How; the program's own by default.
    on_progress : callable, optional
        Called with the name of a stage, and the fraction of it that is done.

    Returns
    -------
    Speech
        Segments by film time.

    Raises
    ------
    StudyError
        If subtitles or labels cannot be read, or are of another film.
    """
    is_film = isinstance(sound, FilmFile)
    film = sound if isinstance(sound, FilmFile) else sound.taken.cues.film
    before = _study_of(film) if isinstance(sound, FilmFile) else sound.taken.study
    study = replace(
        before,
        stages=("speech",) if is_film else (*before.stages, "speech"),
        subtitles=_path(subtitles),
        labels=_path(labels),
        voices=tuple(voices),
        parameters=replace(before.parameters, speech=parameters or SpeechParameters()),
    )
    results = _run(study, film, on_progress)
    return Speech(
        film=film,
        study=study,
        segments=results.speech,
        voices=results.voices,
        singing=results.songs_voice,
    )


def measure(
    film: FilmFile,
    cues: FoundSongs | None = None,
    speech: Speech | None = None,
    *,
    scenes: AnyPath | None = None,
    claims: Iterable[Question | str] = (),
    parameters: MeasureParameters | None = None,
    on_progress: Watch | None = None,
) -> Results:
    """Measure what was found, and hold the claims of an essay against it.

    Parameters
    ----------
    film : FilmFile
        From `open_film`.
    cues : FoundSongs, optional
        From `find`; without them nothing is said of songs.
    speech : Speech, optional
        From `listen`; without it nothing is said of speech.
    scenes : str or path, optional
        The scene table. A classifier is trained scene by scene, so that with one it may decide
        other segments than `listen` did.
    claims : iterable of Question or str, optional
        What the essay claims: C1 to C8. Without any, no claim is tested.
    parameters : MeasureParameters, optional
        How; the program's own by default.
    on_progress : callable, optional
        Called with the name of a stage, and the fraction of it that is done.

    Returns
    -------
    Results
        Those of `analyze` with the same study.

    Raises
    ------
    ParameterError
        If songs and speech are of different films or searches, or neither is given.
    """
    for one in (cues, speech):
        if one is not None:
            _check_same(one.film, film)
    study = _joined(cues, speech)
    asked = tuple(Question(id=one) if isinstance(one, str) else one for one in claims)
    study = replace(
        study,
        scenes=_path(scenes),
        claims=asked,
        parameters=replace(study.parameters, measures=parameters or MeasureParameters()),
    )
    return _run(study, film, on_progress)


def _study_of(film: FilmFile) -> Study:
    return Study(film=film.path, edition=film.edition, stream=film.stream, stages=())


def _joined(cues: FoundSongs | None, speech: Speech | None) -> Study:
    """Return one study of what was found and what was listened to."""
    if speech is None:
        if cues is None:
            raise ParameterError(
                "measure", "neither songs nor speech are given", "Give what find or listen returned"
            )
        return cues.study
    if cues is None:
        return speech.study
    search, heard = cues.study, speech.study
    if heard.songs and (heard.songs, heard.parameters.cues) != (
        search.songs,
        search.parameters.cues,
    ):
        raise ParameterError(
            "measure",
            "the speech was listened to without other songs than those that were found",
            "Give find, take_out and listen the same songs",
        )
    between = [stage for stage in heard.stages if stage == "separation"]
    return replace(
        heard,
        songs=search.songs,
        stages=("cues", *between, "speech"),
        parameters=replace(heard.parameters, cues=search.parameters.cues),
    )


def _check_same(one: FilmFile, other: FilmFile) -> None:
    if one.record.pcm_sha256 != other.record.pcm_sha256:
        raise ParameterError(
            f"{one!r}", f"it is another film than {other!r}", "Give what was found in one film"
        )


def _run(study: Study, film: FilmFile, on_progress: Watch | None) -> Results:
    return analyze(study, cache_dir=film.cache_dir, watch=on_progress)


def _path(path: AnyPath | None) -> Path | None:
    return None if path is None else Path(path)
