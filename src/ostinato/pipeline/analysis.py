"""From a study to results: media, cues, separation, speech, voices, measures, in this order."""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from ostinato.cues import (
    Cues,
    SongLevel,
    find_occurrences,
    name_candidates,
    name_playings,
    shared_material,
)
from ostinato.measures import level_re_speech_lu, louder_share, loudness_percentile, measured
from ostinato.media import WorkingCopy, default_cache_dir, film_record, song_record
from ostinato.pipeline.cache import STAGES_NAME, in_use, made_again, prune, scratch_folder
from ostinato.pipeline.classify import Classified, weigh_evidence
from ostinato.pipeline.excerpts import picture_of
from ostinato.pipeline.inputs import Opened, film_track, open_study
from ostinato.pipeline.memo import (
    Arrays,
    Codec,
    Memo,
    Running,
    Stopwatch,
    Watch,
    code_sha256,
    once,
    packed,
    record_codec,
    sound_of,
    unpacked,
)
from ostinato.pipeline.relabel import with_earlier_labels
from ostinato.pipeline.separation import NOTHING, Separated, separate, write_taken_out
from ostinato.pipeline.speech import in_step, listen, profile, tell_who_speaks, with_words
from ostinato.results import (
    Candidate,
    CuePicture,
    Film,
    Occurrence,
    Results,
    Run,
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
    singing_timeline,
)
from ostinato.study import Study
from ostinato.threads import one_thread_a_product
from ostinato.timeline import Timeline


def analyze(
    study: Study,
    *,
    cache_dir: Path | None = None,
    watch: Watch | None = None,
    stems_dir: Path | None = None,
    earlier: Results | None = None,
    admit: Callable[[Film], None] | None = None,
    on_picture: Callable[[CuePicture], None] | None = None,
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
    on_picture : callable, optional
        Called with a picture of a cue before and after its song was taken out, if any was.

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
                study,
                folder,
                watch=watch,
                stems_dir=stems_dir,
                earlier=earlier,
                admit=admit,
                on_picture=on_picture,
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
    on_picture: Callable[[CuePicture], None] | None,
) -> Results:
    """Run every stage, in order."""
    memo, stopwatch = Memo(folder / STAGES_NAME), Stopwatch(watch)
    with stopwatch.stage("media") as running:
        opened = open_study(study, cache_dir=folder, running=running)
        if admit is not None:
            admit(film_record(opened.film, edition=study.edition, named=study.credits))
        opened = with_earlier_labels(opened, earlier)
        songs = _song_records(study, opened)
    cues: tuple[Cues, ...] = ()
    shared: tuple[SharedMaterial, ...] = ()
    separated, heard = NOTHING, _Heard(told=Classified(speech=(), sample=opened.sample))
    with ExitStack() as stack:
        stack.enter_context(in_use(folder, [one.folder for one in opened.copies]))
        if "cues" in study.stages:
            with stopwatch.stage("cues") as running:
                found = _find(study, opened, songs, memo, running)
                cues, shared = _without_shared(study, opened, songs, found)
        occurrences, levels = _named(cues)
        if "separation" in study.stages:
            with stopwatch.stage("separation") as running:
                separated = separate(
                    opened,
                    occurrences,
                    parameters=study.parameters.separation,
                    memo=memo,
                    make_folder=lambda: stack.enter_context(scratch_folder(folder)),
                    is_wanted=stems_dir is not None,
                    running=running,
                )
                if stems_dir is not None:
                    write_taken_out(stems_dir, opened.film, separated)
        if "speech" in study.stages:
            opened, heard = _listened(
                study, opened, separated, occurrences, memo=memo, stopwatch=stopwatch
            )
        if on_picture is not None:
            picture = picture_of(opened.film, separated, heard.told.speech, memo=memo)
            if picture is not None:
                on_picture(picture)
    with stopwatch.stage("measures") as running:
        in_film = Results(
            film=film_record(opened.film, edition=study.edition, named=study.credits),
            songs=songs,
            scenes=opened.scenes,
            subtitles=heard.subtitles,
            speech_stem=opened.stem_record if "speech" in study.stages else None,
            occurrences=_with_levels(
                occurrences, levels, separated, film=opened.film, speech=heard.told.speech
            ),
            shared_material=shared,
            separations=separated.separations,
            song_levels=separated.song_levels,
            speech=heard.told.speech,
            voices=heard.voices,
            songs_voice=heard.singing,
            labels=heard.told.sample,
            chosen=opened.chosen,
            candidates=_candidates(study, opened, songs, cues),
            run=_NO_RUN,
        )
        results = _measured(study, in_film, memo, running)
    run = stopwatch.run(_recorded(study), code_sha256=code_sha256())
    return dataclasses.replace(results, run=run)


_NO_RUN = Run(version="", parameters={}, stages=(), platform="", started_at="", peak_rss_mb=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """What is known of the speech and the singing of a film."""

    told: Classified
    voices: tuple[Voice, ...] = ()
    singing: tuple[SongVoice, ...] = ()
    subtitles: Subtitles | None = None


def _candidates(
    study: Study, opened: Opened, songs: Sequence[Song], cues: Sequence[Cues]
) -> tuple[Candidate, ...]:
    return name_candidates(
        [one for found in cues for one in found.candidates],
        {song.id: copy.pcm_sha256 for song, copy in zip(songs, opened.songs, strict=True)},
        parameters=study.parameters.cues.missed,
    )


def _song_records(study: Study, opened: Opened) -> tuple[Song, ...]:
    return tuple(
        song_record(copy, song_id=f"S{number}", title=named.title)
        for number, (named, copy) in enumerate(zip(study.songs, opened.songs, strict=True), start=1)
    )


def _listened(
    study: Study,
    opened: Opened,
    separated: Separated,
    occurrences: Sequence[Occurrence],
    *,
    memo: Memo,
    stopwatch: Stopwatch,
) -> tuple[Opened, _Heard]:
    """Find the speech, tell who speaks, and decide what is narration; subtitles are put in step."""
    with stopwatch.stage("speech") as running:
        activity = listen(opened, separated, memo, running)
        levels = profile(opened.film, separated, memo, running)
        opened, subtitles = in_step(study, opened, activity)
        speech = with_words(study, opened, activity)
        singing = _singing(study, activity)
    with stopwatch.stage("voices") as running:
        speech, voices = tell_who_speaks(
            study,
            opened.film,
            separated,
            speech,
            activity=activity,
            memo=memo,
            running=running,
        )
        told = weigh_evidence(
            speech,
            profile=levels,
            activity=activity,
            occurrences=occurrences,
            annotations=opened.annotations,
            sample=opened.sample,
            scenes=opened.scenes,
            parameters=study.parameters.speech,
        )
    return opened, _Heard(told=told, voices=voices, singing=singing, subtitles=subtitles)


def _measured(study: Study, found: Results, memo: Memo, running: Running) -> Results:
    """Take all measures, unless they were taken of the same before."""
    entry = memo.entry(
        "measures",
        found_sha256=hashlib.sha256(msgspec.json.encode(found)).hexdigest(),
        parameters=study.parameters.measures,
        stages=study.stages,
        claims=study.claims,
        calibration=study.calibration,
        measuring_code=code_sha256(),
    )
    return once(
        entry,
        record_codec(Results),
        lambda: measured(
            found,
            parameters=study.parameters.measures,
            stages=study.stages,
            questions=study.claims,
            calibration=study.calibration,
        ),
        running=running,
    )


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
    study: Study, opened: Opened, songs: Sequence[Song], memo: Memo, running: Running
) -> tuple[Cues, ...]:
    """Find each song, unless it was found in this film before."""
    film, parameters = opened.film, study.parameters.cues
    out = []
    with ExitStack() as stack:
        track = cache(lambda: stack.enter_context(film_track(film)))
        for index, (song, copy) in enumerate(zip(songs, opened.songs, strict=True)):
            entry = memo.entry(
                "cues", film=sound_of(film), song=sound_of(copy), parameters=parameters
            )

            def search(index: int = index, song: Song = song, copy: WorkingCopy = copy) -> Cues:
                return find_occurrences(
                    film,
                    track(),
                    copy,
                    song_id=song.id,
                    parameters=parameters,
                    on_progress=running.part(index, len(songs)),
                )

            cues = once(entry, _CUES, search, running=running)
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
) -> tuple[tuple[Occurrence, ...], dict[str, SongLevel]]:
    """Name occurrences of all songs, in order of film time, and keep the level of each."""
    pairs = [pair for found in cues for pair in zip(found.occurrences, found.levels, strict=True)]
    pairs.sort(key=lambda pair: (pair[0].film_start_s, pair[0].song_id))
    named = name_playings([one for one, _ in pairs])
    return named, {one.id: level for one, (_, level) in zip(named, pairs, strict=True)}


def _singing(study: Study, activity: Activity) -> tuple[SongVoice, ...]:
    singing = singing_timeline(activity, parameters=study.parameters.speech)
    return tuple(SongVoice(start_s=i.start_s, end_s=i.end_s) for i in singing)


def _with_levels(
    occurrences: Sequence[Occurrence],
    levels_in_mix: Mapping[str, SongLevel],
    separated: Separated,
    *,
    film: WorkingCopy,
    speech: Sequence[SpeechSegment],
) -> tuple[Occurrence, ...]:
    """Give each occurrence its level, its rank in the film, and the proof by subtraction."""
    short_term_lufs = film.short_term_lufs()
    talk = Timeline.of(segment.interval for segment in speech)
    tried = {one.occurrence_id: one for one in separated.separations}
    levels: dict[str, SongLevel | StemLevels] = {**levels_in_mix, **separated.levels}
    out = []
    for one in occurrences:
        level, separation = levels[one.id], tried.get(one.id)
        powers = level.times_s, level.song_power, level.other_power
        out.append(
            dataclasses.replace(
                one,
                level_lufs=level.level_lufs,
                level_re_speech_lu=level_re_speech_lu(*powers, speech=talk),
                louder_share=louder_share(*powers, speech=talk),
                loudness_percentile=loudness_percentile(level.level_lufs, short_term_lufs),
                separation=None if separation is None else separation.grade,
                reduction_db=None if separation is None else separation.reduction_db,
            )
        )
    return tuple(out)


_SCALARS = ("level_lufs", "low_hz", "high_hz")
_CURVES = ("times_s", "song_power", "other_power")


def _cues_arrays(cues: Cues) -> Arrays:
    arrays: Arrays = {
        "occurrences": packed(cues.occurrences),
        "levels": packed([[getattr(level, name) for name in _SCALARS] for level in cues.levels]),
        "candidates": packed(cues.candidates),
    }
    for i, level in enumerate(cues.levels):
        arrays |= {f"{name}_{i}": getattr(level, name) for name in _CURVES}
    return arrays


def _cues_of(arrays: Arrays) -> Cues:
    scalars = unpacked(arrays, list[list[float | None]], name="levels")
    levels = (
        SongLevel(
            arrays[f"times_s_{i}"], arrays[f"song_power_{i}"], arrays[f"other_power_{i}"], *numbers
        )
        for i, numbers in enumerate(scalars)
    )
    return Cues(
        unpacked(arrays, tuple[Occurrence, ...], name="occurrences"),
        tuple(levels),
        unpacked(arrays, tuple[Candidate, ...], name="candidates"),
    )


_CUES = Codec(_cues_arrays, _cues_of)
