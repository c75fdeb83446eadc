"""The sound of a film that was analysed before: opened again, and without its songs once more.

All that is needed is a folder of results: what was decoded is found by its hash, and decoded again
where it is no longer kept and the file still is where it was.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Lock

import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from ostinato.errors import MediaError, OstinatoError, StudyError
from ostinato.media import (
    Derived,
    Signal,
    WorkingCopy,
    cache_faults,
    kept_copy,
    open_working_copy,
)
from ostinato.pipeline.cache import STAGES_NAME, scratch_folder
from ostinato.pipeline.inputs import Opened
from ostinato.pipeline.memo import Arrays, Memo, Running, keep_arrays, recall_arrays, sound_of
from ostinato.pipeline.remeasure import recorded_parameters
from ostinato.pipeline.separation import separate
from ostinato.results import Film, Results, Song, read_manifest
from ostinato.separation import SeparationParameters

_REMAINDER = "stems/remainder.flac"
_MEND = "Say where it is with --film, or analyse it again"


def opened_again(
    film: Film,
    folder: Path,
    *,
    cache_dir: Path,
    path: Path | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> WorkingCopy:
    """Open the sound that was analysed, decoding it again where it is no longer kept.

    Parameters
    ----------
    film : Film
        As results have it.
    folder : pathlib.Path
        Of these results.
    cache_dir : pathlib.Path
        Where working copies are kept.
    path : pathlib.Path, optional
        Where the film is now; where it was when it was analysed by default.
    on_progress : callable, optional
        Called with the share that is done, from 0 to 1.

    Returns
    -------
    WorkingCopy
        Whose samples are those that were analysed.

    Raises
    ------
    MediaError
        If neither the copy nor the file is there, or the file is another one.
    """
    copy = kept_copy(cache_dir, sha256=film.sha256, pcm_sha256=film.pcm_sha256)
    if copy is not None:
        return copy
    found = path or next(_places(folder, film), None)
    if found is None:
        raise MediaError(film.name, "neither its sound nor its file is where it was", _MEND)
    streams = film.stream if film.second_stream is None else (film.stream, film.second_stream)
    copy = open_working_copy(
        found,
        stream=streams,
        channel=film.channel,
        clock=film.clock or "player",
        cache_dir=cache_dir,
        on_progress=on_progress,
    )
    if copy.sha256 != film.sha256:
        raise MediaError(str(found), "it is not the file that was analysed", _MEND)
    if copy.pcm_sha256 != film.pcm_sha256:
        raise MediaError(
            str(found), "it is decoded to other samples than those that were analysed", _MEND
        )
    return copy


def remainder_again(
    results: Results, film: WorkingCopy, folder: Path, *, cache_dir: Path, stack: ExitStack
) -> Signal:
    """Return the film without its songs, left and right or mono.

    Parameters
    ----------
    results : Results
        What the program found, without what a person has changed.
    film : WorkingCopy
        Of the same film.
    folder : pathlib.Path
        Of these results.
    cache_dir : pathlib.Path
        Where working copies and finished stages are kept.
    stack : contextlib.ExitStack
        Keeps what is taken out for as long as it is read.

    Returns
    -------
    Signal
        From the stems of the folder if it has them; else it is made again where it is read.

    Raises
    ------
    StudyError
        If nothing was taken out, or a song is no longer to be had.
    """
    if not any(one.grade == "cancelled" for one in results.separations):
        raise StudyError(film.path.name, "no song was taken out of it", "Listen to the film itself")
    written = _written(folder, film, stack)
    if written is not None:
        return written
    songs = tuple(song_again(one, folder, results.film, cache_dir) for one in results.songs)
    scratch: list[Path] = []

    def make_folder() -> Path:
        if not scratch:
            scratch.append(stack.enter_context(scratch_folder(cache_dir)))
        return scratch[0]

    separated = separate(
        Opened(film=film, songs=songs, annotations=(), scenes=()),
        results.occurrences,
        parameters=recorded_parameters(results, "separation", SeparationParameters)
        or SeparationParameters(),
        memo=Memo(cache_dir / STAGES_NAME),
        make_folder=make_folder,
        is_wanted=True,
        running=Running("separation", None),
    )
    return separated.without_songs(film)


def song_again(song: Song, folder: Path, film: Film, cache_dir: Path) -> WorkingCopy:
    """Open a song that was looked for. Raises StudyError if it is no longer to be had."""
    if song.sha256 is None or song.pcm_sha256 is None:
        raise StudyError(song.title, "it is a cue of the film and has no recording", "Do without")
    copy = kept_copy(cache_dir, sha256=song.sha256, pcm_sha256=song.pcm_sha256)
    if copy is not None:
        return copy
    for path in (one for one in _read(folder) if one.is_file() and one.name != film.name):
        try:
            copy = open_working_copy(path, cache_dir=cache_dir)
        except OstinatoError:  # not every file that was read is a recording
            continue
        if copy.pcm_sha256 == song.pcm_sha256:
            return copy
    raise StudyError(
        song.title, "neither its sound nor its file is where it was", "Analyse again with --stems"
    )


def arrays_of_sound(
    stage: str,
    copy: WorkingCopy,
    make: Callable[[], Arrays],
    *,
    cache_dir: Path,
    how: Sequence[int],
) -> Arrays:
    """Return arrays that were made of a sound, made once and kept in the cache.

    Parameters
    ----------
    stage : str
        What they are, in small letters.
    copy : WorkingCopy
        The sound.
    make : callable
        Makes them.
    cache_dir : pathlib.Path
        Where they are kept.
    how : sequence of int
        Whatever else decides what they are.

    Returns
    -------
    dict of str to ndarray
        By name.
    """
    entry = Memo(cache_dir / STAGES_NAME).entry(stage, film=sound_of(copy), how=list(how))
    arrays = recall_arrays(entry)
    if arrays is None:
        arrays = make()
        keep_arrays(entry, arrays)
    return arrays


def _places(folder: Path, film: Film) -> Iterator[Path]:
    """Find what a run has read by the names of the film's files."""
    for path in _read(folder):
        if path.name == film.name and path.exists():
            yield path


def _read(folder: Path) -> Iterator[Path]:
    manifest = read_manifest(folder)
    for place in () if manifest is None else manifest.read:
        yield folder / place


def _written(folder: Path, film: WorkingCopy, stack: ExitStack) -> Signal | None:
    """Return the stem that was written with the results, None if there is none."""
    manifest = read_manifest(folder)
    listed = None if manifest is None else manifest.file(_REMAINDER)
    path = folder / _REMAINDER
    try:
        if listed is None or path.stat().st_size != listed.n_bytes:
            return None
        file = stack.enter_context(sf.SoundFile(path))
    except (OSError, sf.LibsndfileError):
        return None
    if (file.frames, file.samplerate) != (film.n_samples, film.rate_hz):
        return None
    lock = Lock()

    def read(start: int, stop: int) -> NDArray[np.float32]:
        with lock, cache_faults(folder):
            file.seek(min(start, file.frames))
            y: NDArray[np.float32] = file.read(stop - start, dtype="float32", always_2d=True).T
        return y

    return Derived(
        rate_hz=film.rate_hz, n_samples=film.n_samples, n_channels=file.channels, read=read
    )
