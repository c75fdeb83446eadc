"""From a film alone to results: the sound that it repeats, and a recording of it if asked for."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from ostinato.cues import DiscoverParameters, Discovery, cue_recording, discover_cues
from ostinato.errors import ParameterError
from ostinato.measures import coverage, name_scenes
from ostinato.media import WorkingCopy, default_cache_dir, film_record, front
from ostinato.memory import few_heaps
from ostinato.pipeline.cache import STAGES_NAME, in_use, made_again, prune
from ostinato.pipeline.inputs import Opened, film_track, open_film_of, open_study
from ostinato.pipeline.memo import (
    Memo,
    Running,
    Stopwatch,
    Watch,
    code_sha256,
    once,
    record_codec,
    sound_of,
)
from ostinato.results import Coverage, Film, Occurrence, Results, write_atomically
from ostinato.study import Study
from ostinato.threads import one_thread_a_product


def discover(
    study: Study,
    *,
    parameters: DiscoverParameters | None = None,
    cache_dir: Path | None = None,
    watch: Watch | None = None,
    admit: Callable[[Film], None] | None = None,
) -> Results:
    """Find the sound that a film repeats, without a recording of it.

    Parameters
    ----------
    study : Study
        The film, and its scenes if there is a table; songs, subtitles and labels are not used.
    parameters : DiscoverParameters, optional
        How.
    cache_dir : pathlib.Path, optional
        Where working copies and finished stages are kept; the system's cache folder by default.
    watch : callable, optional
        Told of progress.
    admit : callable, optional
        Called with the film as soon as it is known; raises if it must not be analysed.

    Returns
    -------
    Results
        Its songs are unnamed cues without hashes; nothing is said of speech, nor of transitions,
        since only the edges of what is repeated are known.

    Raises
    ------
    OstinatoError
        If the film or the table of scenes cannot be used.
    """
    folder = default_cache_dir() if cache_dir is None else cache_dir
    found = DiscoverParameters() if parameters is None else parameters
    prune(folder)
    few_heaps()
    with one_thread_a_product():
        results = made_again(
            folder, lambda: _discovered(study, folder, found, watch=watch, admit=admit)
        )
    prune(folder)
    return results


def _discovered(
    study: Study,
    folder: Path,
    parameters: DiscoverParameters,
    *,
    watch: Watch | None,
    admit: Callable[[Film], None] | None,
) -> Results:
    memo, stopwatch = Memo(folder / STAGES_NAME), Stopwatch(watch)
    alone = Study(
        film=study.film,
        edition=study.edition,
        credits=study.credits,
        stream=study.stream,
        channel=study.channel,
        clock=study.clock,
        scenes=study.scenes,
        parameters=study.parameters,
    )
    with stopwatch.stage("media") as running:
        opened = open_study(alone, cache_dir=folder, running=running)
        film = film_record(opened.film, edition=study.edition, named=study.credits)
        if admit is not None:
            admit(film)
    with in_use(folder, [opened.film.folder]), stopwatch.stage("discover") as running:
        found = _discover(opened.film, parameters, memo, running)
    with stopwatch.stage("measures") as running:
        occurrences, covered = _measured(found, opened, memo, running)
    recorded = msgspec.to_builtins({"discover": parameters})
    return Results(
        film=film,
        songs=found.songs,
        scenes=opened.scenes,
        occurrences=occurrences,
        coverage=covered,
        run=stopwatch.run(recorded, code_sha256=code_sha256()),
    )


def promote(
    study: Study,
    results: Results,
    cue_ids: Sequence[str],
    *,
    folder: Path,
    cache_dir: Path | None = None,
) -> tuple[Path, ...]:
    """Write recordings of cues, cut from the film, to look for as songs.

    Parameters
    ----------
    study : Study
        The film.
    results : Results
        From `discover` of the same film.
    cue_ids : sequence of str
        Which cues: ``D1`` …
    folder : pathlib.Path
        Made if it does not exist.
    cache_dir : pathlib.Path, optional
        As for `discover`.

    Returns
    -------
    tuple of pathlib.Path
        ``D1.flac`` …, in the order of `cue_ids`.

    Raises
    ------
    ParameterError
        If there is no such cue.
    MediaError
        If the film cannot be read or a file cannot be written.
    """
    songs = {song.id: song for song in results.songs}
    for cue_id in cue_ids:
        if cue_id not in songs:
            raise ParameterError(
                f"cue {cue_id!r}",
                f"what the film repeats is {', '.join(songs) or 'nothing'}",
                "Give an identifier that `ostinato discover` has printed",
            )
    cache = default_cache_dir() if cache_dir is None else cache_dir
    return made_again(cache, lambda: _promoted(study, results, cue_ids, folder, cache))


def _promoted(
    study: Study, results: Results, cue_ids: Sequence[str], folder: Path, cache: Path
) -> tuple[Path, ...]:
    songs = {song.id: song for song in results.songs}
    film = open_film_of(study, cache_dir=cache)
    paths = []
    for cue_id in cue_ids:
        own = [one for one in results.occurrences if one.song_id == cue_id]
        y = cue_recording(front(film), own, duration_s=songs[cue_id].duration_s)
        paths.append(write_atomically(folder / f"{cue_id}.flac", _flac(y, film.rate_hz)))
    return tuple(paths)


def _discover(
    film: WorkingCopy, parameters: DiscoverParameters, memo: Memo, running: Running
) -> Discovery:
    """Compare the film with itself."""

    def made() -> Discovery:
        with film_track(film) as track:
            return discover_cues(track, parameters=parameters, on_progress=running.tell)

    entry = memo.entry("discover", film=sound_of(film), parameters=parameters)
    return once(entry, record_codec(Discovery), made, running=running)


def _measured(
    found: Discovery, opened: Opened, memo: Memo, running: Running
) -> tuple[tuple[Occurrence, ...], tuple[Coverage, ...]]:
    """Name the scenes of what is repeated, and say how much of each the film repeats."""
    duration_s, scenes = opened.film.duration_s, opened.scenes

    def made() -> tuple[tuple[Occurrence, ...], tuple[Coverage, ...]]:
        occurrences = name_scenes(found.occurrences, scenes)
        return occurrences, coverage(
            occurrences, found.songs, film_duration_s=duration_s, scenes=scenes
        )

    entry = memo.entry(
        "measures",
        found=found,
        duration_s=duration_s,
        scenes=scenes,
        measuring_code=code_sha256(),
    )
    codec = record_codec(tuple[tuple[Occurrence, ...], tuple[Coverage, ...]])
    return once(entry, codec, made, running=running)


def _flac(y: NDArray[np.float32], sample_rate_hz: int) -> bytes:
    """Encode channels-first samples; what is louder than full scale is turned down as a whole."""
    y = y / max(1.0, float(np.abs(y).max(initial=0.0)))
    buffer = io.BytesIO()
    sf.write(buffer, y.T, sample_rate_hz, format="FLAC", subtype="PCM_24")
    return buffer.getvalue()
