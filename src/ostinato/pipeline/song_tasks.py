"""The cues stage in steps that processes share: a track that is kept, a ranking, and a search.

A track is written once for a film and read by whoever searches it. A ranking looks at the film for
every song, and remembers how much spoke for each by the hash of the song's sound. A search leaves
what it finds in the cache, from which `analyze` takes it.
"""

import json
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from ostinato.cues import Track, rank_song, write_track
from ostinato.media import cache_faults, open_working_copy
from ostinato.pipeline.cache import STAGES_NAME, in_use, made_again
from ostinato.pipeline.inputs import film_track, open_film_of, open_study
from ostinato.pipeline.memo import Memo, Running, sound_of
from ostinato.pipeline.songs import find_songs, song_records
from ostinato.results import scratch_name, write_atomically
from ostinato.study import Study
from ostinato.threads import one_thread_a_product
from ostinato.whole_files import read_whole

_TRACK, _DESCRIPTION = "film.f32", "track.json"
_WRITTEN_EVERY = 16  # songs: a ranking that is killed has lost no more


def decode_film(study: Study, *, cache_dir: Path) -> None:
    """Decode the film of a study, unless that was done before.

    Parameters
    ----------
    study : Study
        Whose film.
    cache_dir : pathlib.Path
        Where working copies are kept.

    Raises
    ------
    MediaError
        If the film cannot be read.
    """
    open_film_of(study, cache_dir=cache_dir)


def keep_track(study: Study, folder: Path, *, cache_dir: Path) -> None:
    """Write the track of a film, for all that search it.

    Parameters
    ----------
    study : Study
        Whose film.
    folder : pathlib.Path
        Where; it is there once the track is whole.
    cache_dir : pathlib.Path
        Where working copies are.

    Raises
    ------
    MediaError
        If the film cannot be read, or the track not be written.
    """
    if kept_track(folder) is not None:
        return
    film = open_film_of(study, cache_dir=cache_dir)
    draft = folder.with_name(scratch_name("track"))
    with one_thread_a_product(), in_use(cache_dir, [film.folder]), cache_faults(cache_dir):
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir()
        try:
            track = write_track(draft / _TRACK, film)
            description = {"views": track.views, "n_samples": track.n_samples}
            (draft / _DESCRIPTION).write_text(json.dumps(description))
            shutil.rmtree(folder, ignore_errors=True)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def kept_track(folder: Path) -> Track | None:
    """Return a track that was kept.

    Parameters
    ----------
    folder : pathlib.Path
        Where.

    Returns
    -------
    Track or None
        None where there is none that is whole.
    """
    try:
        said = json.loads(read_whole(folder / _DESCRIPTION))
        return Track(folder / _TRACK, tuple(said["views"]), int(said["n_samples"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def rank_songs(study: Study, track: Path, place: Path, *, cache_dir: Path) -> None:
    """Look at a film for every song of a study, and write down how much speaks for each.

    Parameters
    ----------
    study : Study
        The film and its songs.
    track : pathlib.Path
        Where the film's track is kept; without one it is made.
    place : pathlib.Path
        File of the ranking. What it says of the same sound by the same code is not looked for
        again.
    cache_dir : pathlib.Path
        Where working copies are.

    Raises
    ------
    MediaError
        If a recording cannot be read.
    """
    film, parameters = open_film_of(study, cache_dir=cache_dir), study.parameters.cues
    looked_by = (
        Memo(cache_dir / STAGES_NAME)
        .entry("ranking", film=sound_of(film), parameters=parameters)
        .key
    )
    known = _read(place)
    nats = dict(known.nats) if known is not None and known.looked_by == looked_by else {}
    with one_thread_a_product(), in_use(cache_dir, [film.folder]), ExitStack() as stack:
        whitened = cache(lambda: kept_track(track) or stack.enter_context(film_track(film)))
        for number, song in enumerate(study.songs, start=1):
            copy = open_working_copy(song.path, cache_dir=cache_dir)
            if copy.pcm_sha256 not in nats:
                looked = rank_song(whitened(), copy, parameters=parameters)
                nats[copy.pcm_sha256] = round(looked, 3)
            if number % _WRITTEN_EVERY == 0:
                _write(place, looked_by, nats)
    _write(place, looked_by, nats)


def ranking(place: Path) -> Mapping[str, float]:
    """Return what a ranking has written down.

    Parameters
    ----------
    place : pathlib.Path
        Of `rank_songs`.

    Returns
    -------
    mapping of str to float
        Nats that speak for each song, by the hash of its sound; empty where there is none.
    """
    known = _read(place)
    return {} if known is None else known.nats


def search_songs(study: Study, track: Path, *, cache_dir: Path) -> None:
    """Search a film for some songs, and leave what is found in the cache.

    Parameters
    ----------
    study : Study
        The film and its songs.
    track : pathlib.Path
        Where the film's track is kept; without one it is made.
    cache_dir : pathlib.Path
        Where working copies are, and what is found goes.

    Raises
    ------
    OstinatoError
        As `analyze`.
    """

    def search() -> None:
        running = Running("cues", None)
        opened = open_study(study, cache_dir=cache_dir, running=running)
        songs, memo = song_records(study, opened), Memo(cache_dir / STAGES_NAME)
        with in_use(cache_dir, [one.folder for one in opened.copies]):
            find_songs(study, opened, songs, memo=memo, running=running, kept=kept_track(track))

    with one_thread_a_product():
        made_again(cache_dir, search)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranking:
    """How much speaks for each song, by the hash of its sound.

    `looked_by` is the key that a memo gives the look: another film, parameter, code or library is
    another key.
    """

    looked_by: str
    nats: dict[str, float]


def _read(place: Path) -> _Ranking | None:
    try:
        return msgspec.json.decode(read_whole(place), type=_Ranking)
    except (OSError, msgspec.MsgspecError, ValueError):
        return None


def _write(place: Path, looked_by: str, nats: dict[str, float]) -> None:
    ranked = _Ranking(looked_by=looked_by, nats=dict(sorted(nats.items())))
    write_atomically(place, msgspec.json.format(msgspec.json.encode(ranked)) + b"\n")
