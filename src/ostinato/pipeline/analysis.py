"""From a study to results: media, cues, separation, speech, voices, measures, in this order."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from ostinato.measures import measured
from ostinato.media import default_cache_dir, film_record
from ostinato.memory import few_heaps
from ostinato.pipeline.cache import STAGES_NAME, in_use, made_again, prune, scratch_folder
from ostinato.pipeline.classify import classify_speech, with_earlier_labels
from ostinato.pipeline.excerpts import picture_of
from ostinato.pipeline.inputs import Opened, open_study
from ostinato.pipeline.memo import (
    Memo,
    Running,
    Stopwatch,
    Watch,
    code_sha256,
    once,
    record_codec,
)
from ostinato.pipeline.separation import NOTHING, Separated, separate, write_taken_out
from ostinato.pipeline.songs import NOT_SOUGHT, HeardSongs, find_songs, song_records, with_levels
from ostinato.pipeline.speech import in_step, listen, name_voices, profile, with_words
from ostinato.results import (
    FIRST_LOOK_ONLY,
    CuePicture,
    Film,
    Occurrence,
    Results,
    Run,
    SampledLabel,
    Song,
    SongVoice,
    SpeechSegment,
    Subtitles,
    Voice,
)
from ostinato.speech import (
    singing_timeline,
)
from ostinato.study import Study
from ostinato.threads import one_thread_a_product


def analyze(
    study: Study,
    *,
    cache_dir: Path | None = None,
    watch: Watch | None = None,
    stems_dir: Path | None = None,
    earlier: Results | None = None,
    admit: Callable[[Film], None] | None = None,
    on_picture: Callable[[CuePicture], None] | None = None,
    left_out: Collection[str] = (),
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
    left_out : collection of str, optional
        Titles of songs that a first look showed nothing of: they are listed and not searched for,
        and `run.parameters` names them under `first_look_only`.

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
    few_heaps()
    with one_thread_a_product():
        results = made_again(
            folder,
            lambda: _analyze(
                _Work(
                    study=study,
                    folder=folder,
                    memo=Memo(folder / STAGES_NAME),
                    stopwatch=Stopwatch(watch),
                    stems_dir=stems_dir,
                    left_out=left_out,
                ),
                earlier=earlier,
                admit=admit or _let_all_in,
                on_picture=on_picture,
            ),
        )
    prune(folder)
    return results


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Work:
    """What all stages of one analysis need."""

    study: Study
    folder: Path
    memo: Memo
    stopwatch: Stopwatch
    stems_dir: Path | None
    left_out: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _HeardSpeech:
    """What is known of the speech and the singing of a film."""

    speech: tuple[SpeechSegment, ...] = ()
    sample: tuple[SampledLabel, ...]
    voices: tuple[Voice, ...] = ()
    singing: tuple[SongVoice, ...] = ()
    subtitles: Subtitles | None = None


def _let_all_in(film: Film) -> None:
    """Take any film."""


def _analyze(
    work: _Work,
    *,
    earlier: Results | None,
    admit: Callable[[Film], None],
    on_picture: Callable[[CuePicture], None] | None,
) -> Results:
    """Run every stage, in order."""
    opened = _opened(work, earlier, admit)
    songs = song_records(work.study, opened)
    with ExitStack() as stack:
        stack.enter_context(in_use(work.folder, [one.folder for one in opened.copies]))
        cues = _found(work, opened, songs)
        separated = _separated(work, opened, cues.occurrences, stack)
        opened, spoken = _listened(work, opened, separated, cues.occurrences)
        if on_picture is not None:
            picture = picture_of(opened.film, separated, spoken.speech, memo=work.memo)
            if picture is not None:
                on_picture(picture)
    return _measured(work, opened, songs, cues, separated, spoken=spoken)


def _opened(work: _Work, earlier: Results | None, admit: Callable[[Film], None]) -> Opened:
    """Open what the study names, and join what people said of the film before."""
    with work.stopwatch.stage("media") as running:
        opened = open_study(work.study, cache_dir=work.folder, running=running)
        admit(_film_record(work.study, opened))
        return with_earlier_labels(opened, earlier)


def _film_record(study: Study, opened: Opened) -> Film:
    return film_record(opened.film, edition=study.edition, named=study.credits)


def _found(work: _Work, opened: Opened, songs: Sequence[Song]) -> HeardSongs:
    """Find where songs are heard."""
    if "cues" not in work.study.stages:
        return NOT_SOUGHT
    with work.stopwatch.stage("cues") as running:
        return find_songs(
            work.study,
            opened,
            songs,
            memo=work.memo,
            running=running,
            left_out=work.left_out,
        )


def _separated(
    work: _Work, opened: Opened, occurrences: Sequence[Occurrence], stack: ExitStack
) -> Separated:
    """Take songs out of the film, and write them down if that is wanted."""
    if "separation" not in work.study.stages:
        return NOTHING
    with work.stopwatch.stage("separation") as running:
        separated = separate(
            opened,
            occurrences,
            parameters=work.study.parameters.separation,
            memo=work.memo,
            make_folder=lambda: stack.enter_context(scratch_folder(work.folder)),
            is_wanted=work.stems_dir is not None,
            running=running,
        )
        if work.stems_dir is not None:
            write_taken_out(work.stems_dir, opened.film, separated)
    return separated


def _listened(
    work: _Work, opened: Opened, separated: Separated, occurrences: Sequence[Occurrence]
) -> tuple[Opened, _HeardSpeech]:
    """Find the speech, say who speaks, and decide what is narration; put subtitles in step."""
    if "speech" not in work.study.stages:
        return opened, _HeardSpeech(sample=opened.sample)
    study, memo = work.study, work.memo
    parameters = study.parameters.speech
    with work.stopwatch.stage("speech") as running:
        activity = listen(opened, separated, memo, running)
        levels = profile(opened.film, separated, memo, running)
        opened, subtitles = in_step(study, opened, activity)
        speech = with_words(study, opened, activity)
        singing = singing_timeline(activity, parameters=parameters)
    with work.stopwatch.stage("voices") as running:
        speech, voices = name_voices(
            study, opened.film, separated, speech, activity=activity, memo=memo, running=running
        )
        classified = classify_speech(
            speech,
            profile=levels,
            activity=activity,
            occurrences=occurrences,
            annotations=opened.annotations,
            sample=opened.sample,
            scenes=opened.scenes,
            parameters=parameters,
        )
    return opened, _HeardSpeech(
        speech=classified.speech,
        sample=classified.sample,
        voices=voices,
        singing=tuple(SongVoice(start_s=one.start_s, end_s=one.end_s) for one in singing),
        subtitles=subtitles,
    )


def _measured(
    work: _Work,
    opened: Opened,
    songs: tuple[Song, ...],
    cues: HeardSongs,
    separated: Separated,
    *,
    spoken: _HeardSpeech,
) -> Results:
    """Put together what was found, and measure it."""
    with work.stopwatch.stage("measures") as running:
        found = Results(
            film=_film_record(work.study, opened),
            songs=songs,
            scenes=opened.scenes,
            subtitles=spoken.subtitles,
            speech_stem=opened.stem_record if "speech" in work.study.stages else None,
            occurrences=with_levels(cues, separated, film=opened.film, speech=spoken.speech),
            shared_material=cues.shared,
            separations=separated.separations,
            song_levels=separated.song_levels,
            speech=spoken.speech,
            voices=spoken.voices,
            songs_voice=spoken.singing,
            labels=spoken.sample,
            chosen=opened.chosen,
            candidates=cues.candidates,
            run=_NO_RUN,
        )
        results = _measured_once(work, found, running)
    recorded = _recorded(work.study)
    if work.left_out:
        recorded[FIRST_LOOK_ONLY] = sorted(work.left_out)
    run = work.stopwatch.run(recorded, code_sha256=code_sha256())
    return replace(results, run=run)


_NO_RUN = Run(version="", parameters={}, stages=(), platform="", started_at="", peak_rss_mb=None)


def _measured_once(work: _Work, found: Results, running: Running) -> Results:
    """Take all measures, unless they were taken of the same before."""
    study = work.study
    entry = work.memo.entry(
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
