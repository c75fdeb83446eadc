"""The tasks of one film, step by step: what is left to search follows from a first look.

A film is decoded and whitened, looked at for every song, searched for those of which that shows
anything, and finished. The songs that a person names in a study of one film are searched for
without such a look. The whitened film stays until nobody searches it any more.
"""

import shutil
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ostinato.corpus.plan import PlannedFilm
from ostinato.corpus.remote import forget
from ostinato.corpus.tasks import Task, is_done
from ostinato.pipeline import kept_track, ranking
from ostinato.study import SongFile, Study

SONGS_A_BLOCK = 16
"""So many songs are searched for by one task: a worker that is lost loses no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a corpus is worked on: where files go, and how many cores a worker has.

    `tracks` is where whitened films are kept for as long as the run searches them.
    """

    out: Path
    cache_dir: Path
    n_threads: int = 1
    songs_a_block: int = SONGS_A_BLOCK
    tracks: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which songs a film is searched for; `sounds` are the hashes of those that are ranked."""

    songs: tuple[SongFile, ...]
    sounds: Mapping[SongFile, str] | None = None


def expected_tasks(film: PlannedFilm, wanted: Wanted, settings: Settings) -> int:
    """Return about how many tasks a film has: how many songs are left is not known before."""
    if not _is_searched(film.study, wanted.songs):
        return 2
    n_finds = 1 if wanted.sounds is not None else len(_blocks(wanted.songs, settings))
    return 3 + n_finds + (wanted.sounds is not None)


def film_steps(
    film: PlannedFilm, wanted: Wanted, settings: Settings
) -> Generator[list[Task], None, None]:
    """Yield the tasks of each step, once those of the step before are done."""
    try:
        yield from _steps(_finish(film, wanted, settings), wanted, settings)
    finally:
        if film.source is not None:
            forget(film.source, settings.cache_dir)


def _steps(finish: Task, wanted: Wanted, settings: Settings) -> Generator[list[Task], None, None]:
    alone = replace(_searched(finish.study), songs=(), stages=())
    yield [replace(finish, kind="decode", study=alone)]
    if not _is_searched(finish.study, wanted.songs):
        yield [finish]
        return
    track = replace(finish, kind="track", study=alone)
    try:
        songs = wanted.songs
        if wanted.sounds is not None:
            rank = replace(finish, kind="rank", study=_searched(finish.study))
            if not is_done(rank):
                yield [_afresh(track)]
            yield [rank]
            songs = _let_through(songs, wanted.sounds, ranking(rank.ranking_place))
        finds = _finds(finish, songs, settings)
        if kept_track(track.track_place) is None:
            if not all(map(is_done, finds)):
                yield [_afresh(track)]
            elif is_done(track):
                yield [track]  # for what it took; nobody reads it any more
        yield finds
    finally:
        shutil.rmtree(track.track_place, ignore_errors=True)
    left_out = tuple(song.title for song in wanted.songs if song not in songs)
    yield [replace(finish, left_out=left_out)]


def _finish(film: PlannedFilm, wanted: Wanted, settings: Settings) -> Task:
    study = replace(film.study, songs=wanted.songs)
    if film.study.songs and not wanted.songs:  # all are out of use
        study = replace(study, stages=tuple(one for one in study.stages if one == "speech"))
    return Task(
        kind="finish",
        subject=film.id,
        study=study,
        cache_dir=settings.cache_dir,
        out=settings.out,
        n_threads=settings.n_threads,
        tracks=settings.tracks,
        source=film.source,
    )


def _is_searched(study: Study, songs: Sequence[SongFile]) -> bool:
    return bool(songs) and "cues" in study.stages


def _searched(study: Study) -> Study:
    """Leave out what decides nothing of a search: it is not done again when that changes."""
    songs = tuple(
        song if song.sections is None else replace(song, sections=None) for song in study.songs
    )
    said = replace(study, subtitles=None, scenes=None, labels=None, speech_stem=None)
    return replace(said, songs=songs, claims=())


def _afresh(track: Task) -> Task:
    """Have a track made again, since that of an earlier run went with it."""
    if kept_track(track.track_place) is None:
        track.place.unlink(missing_ok=True)
    return track


def _let_through(
    songs: Sequence[SongFile], sounds: Mapping[SongFile, str], nats: Mapping[str, float]
) -> tuple[SongFile, ...]:
    """Return the songs of which a first look shows anything; those that it does not know too."""
    return tuple(song for song in songs if nats.get(sounds[song], 1.0) > 0)


def _finds(finish: Task, songs: Sequence[SongFile], settings: Settings) -> list[Task]:
    return [
        replace(
            finish,
            kind="find",
            part=part,
            study=_searched(replace(finish.study, songs=block)),
        )
        for part, block in enumerate(_blocks(songs, settings))
    ]


def _blocks(songs: Sequence[SongFile], settings: Settings) -> list[tuple[SongFile, ...]]:
    n = settings.songs_a_block
    return [tuple(songs[first : first + n]) for first in range(0, len(songs), n)]
