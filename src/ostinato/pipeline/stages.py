"""From a study to results: media, cues, separation, speech, voices, measures, in this order."""

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from ostinato.cues import (
    Cues,
    SongLevel,
    Track,
    find_occurrences,
    name_candidates,
    name_playings,
    shared_material,
)
from ostinato.measures import measured
from ostinato.media import default_cache_dir, film_record, song_record
from ostinato.pipeline.cache import Cache, load_cues, save_cues
from ostinato.pipeline.clock import Clock, Running, Watch
from ostinato.pipeline.earlier import with_earlier_labels
from ostinato.pipeline.keeping import STAGES_NAME, in_use, made_again, prune
from ostinato.pipeline.listening import listen
from ostinato.pipeline.opening import Opened, open_study
from ostinato.pipeline.profiling import profile
from ostinato.pipeline.scratch import film_track, scratch_folder
from ostinato.pipeline.separated import NOTHING
from ostinato.pipeline.separating import separate
from ostinato.pipeline.stems import write_stems
from ostinato.pipeline.subtitles import in_step
from ostinato.pipeline.telling import Told, weigh_evidence
from ostinato.pipeline.voicing import tell_who_speaks
from ostinato.pipeline.weighing import weighed
from ostinato.results import (
    Film,
    Occurrence,
    Results,
    SharedMaterial,
    Song,
    SongVoice,
    SpeechSegment,
    Subtitles,
    Voice,
)
from ostinato.separation import StemLevels
from ostinato.speech import (
    Activity,
    classify,
    keep_predictions,
    singing_timeline,
    speech_timeline,
)
from ostinato.study import Study
from ostinato.threads import one_thread_a_product
from ostinato.version import VERSION


def analyze(
    study: Study,
    *,
    cache_dir: Path | None = None,
    watch: Watch | None = None,
    stems_dir: Path | None = None,
    earlier: Results | None = None,
    admit: Callable[[Film], None] | None = None,
) -> Results:
    """Run every stage of a study.

    Parameters
    ----------
    study : Study
        The film, its songs, what people say of it, and how.
    cache_dir : pathlib.Path, optional
        Where working copies and finished stages are kept; the system's cache folder by default.
    watch : callable, optional
        Told of progress.
    stems_dir : pathlib.Path, optional
        Where each song as it is heard in the film, and the film without them, are written; they
        are not unless this is given.
    earlier : Results, optional
        What the folder holds into which the results will go: labels that were taken back there
        are kept if the film is the same.
    admit : callable, optional
        Called with the film as soon as it is known; raises if it must not be analysed.

    Returns
    -------
    Results
        Everything that is known of the film.

    Raises
    ------
    OstinatoError
        If the film, a song, or what people say of it cannot be used.
    """
    folder = default_cache_dir() if cache_dir is None else cache_dir
    prune(folder)
    with one_thread_a_product():
        results = made_again(
            folder,
            lambda: _analyze(
                study, folder, watch=watch, stems_dir=stems_dir, earlier=earlier, admit=admit
            ),
        )
    prune(folder)
    return results


def _analyze(
    study: Study,
    folder: Path,
    *,
    watch: Watch | None,
    stems_dir: Path | None,
    earlier: Results | None,
    admit: Callable[[Film], None] | None,
) -> Results:
    """Run every stage, in order."""
    cache, clock = Cache(folder / STAGES_NAME), Clock(watch)
    with clock.stage("media") as running:
        running.has_worked = True  # files are hashed even if they were decoded before
        opened = open_study(study, cache_dir=folder, running=running)
        if admit is not None:
            admit(film_record(opened.film, edition=study.edition, named=study.credits))
        opened = with_earlier_labels(opened, earlier)
        songs = tuple(
            song_record(copy, song_id=f"S{number}", title=named.title)
            for number, (named, copy) in enumerate(
                zip(study.songs, opened.songs, strict=True), start=1
            )
        )
    cues: tuple[Cues, ...] = ()
    shared: tuple[SharedMaterial, ...] = ()
    told = Told(speech=(), sample=opened.sample)
    voices: tuple[Voice, ...] = ()
    singing: tuple[SongVoice, ...] = ()
    subtitles: Subtitles | None = None
    separated = NOTHING
    with ExitStack() as stack:
        stack.enter_context(in_use(folder, [one.folder for one in opened.copies]))
        if "cues" in study.stages:
            with clock.stage("cues") as running:
                found = _find(study, opened, songs, cache, running)
                cues, shared = _without_shared(study, opened, songs, found)
        occurrences, levels = _named(cues)
        if "separation" in study.stages:
            with clock.stage("separation") as running:
                separated = separate(
                    study,
                    opened,
                    occurrences,
                    cache=cache,
                    make_folder=lambda: stack.enter_context(scratch_folder(folder)),
                    is_wanted=stems_dir is not None,
                    running=running,
                )
                if stems_dir is not None:
                    write_stems(stems_dir, opened.film, occurrences, separated)
        if "speech" in study.stages:
            with clock.stage("speech") as running:
                activity = listen(opened, separated, cache, running)
                profile_of_film = profile(opened.film, separated, cache, running)
                opened, subtitles = in_step(study, opened, activity)
                speech = _with_words(study, opened, activity)
                singing = _singing(study, activity)
            with clock.stage("voices") as running:
                speech, voices = tell_who_speaks(
                    study,
                    opened,
                    separated,
                    speech,
                    activity=activity,
                    cache=cache,
                    running=running,
                )
                told = weigh_evidence(
                    speech,
                    profile=profile_of_film,
                    activity=activity,
                    occurrences=occurrences,
                    annotations=opened.annotations,
                    sample=opened.sample,
                    scenes=opened.scenes,
                    parameters=study.parameters.speech,
                )
    with clock.stage("measures") as running:
        running.has_worked = True
        levels |= separated.levels
        found_in_film = Results(
            film=film_record(opened.film, edition=study.edition, named=study.credits),
            songs=songs,
            scenes=opened.scenes,
            subtitles=subtitles,
            occurrences=weighed(
                occurrences,
                levels,
                separated.separations,
                film=opened.film,
                speech=told.speech,
            ),
            shared_material=shared,
            separations=separated.separations,
            song_levels=separated.song_levels,
            speech=told.speech,
            voices=voices,
            songs_voice=singing,
            labels=told.sample,
            chosen=opened.chosen,
            candidates=name_candidates(
                [one for found in cues for one in found.candidates],
                {song.id: copy.pcm_sha256 for song, copy in zip(songs, opened.songs, strict=True)},
                parameters=study.parameters.cues.missed,
            ),
            run=clock.run(_recorded(study)),
        )
        results = measured(
            found_in_film,
            parameters=study.parameters.measures,
            stages=study.stages,
            questions=study.claims,
            calibration=study.calibration,
        )
    return dataclasses.replace(results, run=clock.run(_recorded(study)))


def _recorded(study: Study) -> dict[str, Any]:
    """Everything that decided something, as `results.json` keeps it."""
    recorded: dict[str, Any] = msgspec.to_builtins(study.parameters)
    if study.claims:
        recorded["claims"] = msgspec.to_builtins(study.claims)
    if study.voices:
        recorded["voices"] = msgspec.to_builtins(study.voices)
    if study.calibration is not None:
        recorded["calibration"] = msgspec.to_builtins(study.calibration)
    return recorded


def _find(
    study: Study, opened: Opened, songs: Sequence[Song], cache: Cache, running: Running
) -> tuple[Cues, ...]:
    """Find each song, unless it was found in this film before."""
    film, parameters = opened.film, study.parameters.cues
    out = []
    with ExitStack() as stack:
        track: Track | None = None
        for index, (song, copy) in enumerate(zip(songs, opened.songs, strict=True)):
            entry = cache.entry(
                "cues",
                version=VERSION,
                film=film.pcm_sha256,
                song=copy.pcm_sha256,
                parameters=parameters,
            )
            cues = load_cues(entry)
            if cues is None:
                running.has_worked = True
                track = track or stack.enter_context(film_track(film))
                cues = find_occurrences(
                    film,
                    track,
                    copy,
                    song_id=song.id,
                    parameters=parameters,
                    on_progress=running.part(index, len(songs)),
                )
                save_cues(entry, cues)
            renamed = (dataclasses.replace(one, song_id=song.id) for one in cues.occurrences)
            candidates = (dataclasses.replace(one, song_id=song.id) for one in cues.candidates)
            out.append(Cues(tuple(renamed), cues.levels, tuple(candidates)))
    return tuple(out)


def _without_shared(
    study: Study, opened: Opened, songs: Sequence[Song], found: Sequence[Cues]
) -> tuple[tuple[Cues, ...], tuple[SharedMaterial, ...]]:
    """Set apart what seems to be one song and is another that shares samples with it."""
    shared = dict(
        shared_material(
            [one for cues in found for one in cues.occurrences],
            {song.id: copy for song, copy in zip(songs, opened.songs, strict=True)},
            parameters=study.parameters.cues.shared,
        )
    )
    index, kept = 0, []
    for cues in found:
        own = range(index, index + len(cues.occurrences))
        pairs = zip(own, cues.occurrences, cues.levels, strict=True)
        rest = [(one, level) for i, one, level in pairs if i not in shared]
        kept.append(
            dataclasses.replace(
                cues,
                occurrences=tuple(one for one, _ in rest),
                levels=tuple(level for _, level in rest),
            )
        )
        index = own.stop
    in_film_order = sorted(shared.values(), key=lambda row: (row.film_start_s, row.song_id))
    return tuple(kept), tuple(in_film_order)


def _named(
    cues: Sequence[Cues],
) -> tuple[tuple[Occurrence, ...], dict[str, SongLevel | StemLevels]]:
    """Name occurrences of all songs, in order of film time, and keep the level of each."""
    pairs = [pair for found in cues for pair in zip(found.occurrences, found.levels, strict=True)]
    pairs.sort(key=lambda pair: (pair[0].film_start_s, pair[0].song_id))
    named = name_playings([one for one, _ in pairs])
    return named, {one.id: level for one, (_, level) in zip(named, pairs, strict=True)}


def _with_words(study: Study, opened: Opened, activity: Activity) -> tuple[SpeechSegment, ...]:
    """Return the speech with the kinds that labels and subtitles give it."""
    parameters = study.parameters.speech
    talk = speech_timeline(activity, parameters=parameters)
    speech, unlabelled = (
        classify(talk, annotations, activity=activity, parameters=parameters)
        for annotations in (
            opened.annotations,
            [one for one in opened.annotations if one.source != "label"],
        )
    )
    return keep_predictions(speech, unlabelled)


def _singing(study: Study, activity: Activity) -> tuple[SongVoice, ...]:
    singing = singing_timeline(activity, parameters=study.parameters.speech)
    return tuple(SongVoice(start_s=i.start_s, end_s=i.end_s) for i in singing)
