"""Speech is heard in the film without its songs, and subtitles are put in step with it.

Talk is told from singing anew where songs were taken out; levels and the prints of voices are taken
a minute at a time. What is remembered of a part depends on the film, on the part and on what was
taken out within it, so that one song more or less leaves all else as it was; and what is put
together from parts is, to the bit, what the whole gives at once.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ostinato.errors import ParameterError, StudyError
from ostinato.media import Derived, WorkingCopy, front, part_of
from ostinato.pipeline.inputs import Opened
from ostinato.pipeline.memo import Arrays, Codec, Memo, Running, once, sound_of
from ostinato.pipeline.separation import Separated
from ostinato.results import SpeechSegment, SubtitleBreak, SubtitleCheck, Subtitles, Voice
from ostinato.speech import (
    MODEL_CLOCK,
    Activity,
    Alignment,
    Annotation,
    Network,
    Profile,
    SpeechParameters,
    Synchrony,
    VoicePrints,
    assign_voices,
    classify,
    detect_activity,
    keep_predictions,
    listen_again,
    load_network,
    moved,
    print_voices,
    profile_clock,
    profile_film,
    speech_timeline,
    synchrony,
)
from ostinato.study import Study
from ostinato.timeline import Interval, Timeline, timecode

_PROFILE_FRAMES = 6_000  # a minute, and whole blocks of `profile_film`
_PRINTS_S = 60.0
_ACTIVITIES = ("speech", "singing", "music")
_LEVELS = ("bands_db", "side_db", "centre_db", "rest_db")
_PRINTS = ("centres_s", "n_frames", "means", "powers")
_TALK: Codec[NDArray[np.float32]] = Codec(
    lambda speech: {"speech": speech}, lambda arrays: arrays["speech"]
)
_VOICE_PRINTS: Codec[VoicePrints] = Codec(
    lambda prints: {name: getattr(prints, name) for name in _PRINTS},
    lambda arrays: VoicePrints(**arrays),
)
_AS_THEY_ARE = "`--subtitle-shift 0` takes the times as they are"


def listen(opened: Opened, separated: Separated, memo: Memo, running: Running) -> Activity:
    """Tell talk from singing.

    Parameters
    ----------
    opened : Opened
        The film, and its speech alone if somebody has separated it.
    separated : Separated
        What was taken out of the film: where a song was cancelled, talk is that of the remainder.
    memo : Memo
        Where to keep what is heard.
    running : Running
        The stage that this is part of.

    Returns
    -------
    Activity
        Singing and music are those of the film as it is.
    """
    film, stem = opened.film, opened.speech_stem
    activity = once(
        memo.entry("talk", film=sound_of(film)),
        _activity_codec(film.duration_s),
        lambda: detect_activity(front(film), on_progress=running.tell),
        running=running,
    )
    if stem is not None:
        activity = listen_again(
            activity,
            front(stem),
            within=Timeline((Interval(0.0, min(film.duration_s, stem.duration_s)),)),
            remember=lambda part, hear: once(
                memo.entry("stem-talk", stem=sound_of(stem), part=part),
                _TALK,
                hear,
                running=running,
            ),
        )

    def remembered(part: Interval, hear: Callable[[], NDArray[np.float32]]) -> NDArray[np.float32]:
        samples = _samples(part, film)
        entry = memo.entry(
            "remainder-talk",
            film=sound_of(film),
            part=part,
            taken=separated.keys_in(samples.start, samples.stop),
        )
        return once(entry, _TALK, hear, running=running)

    return listen_again(
        activity,
        separated.without_songs(film),
        within=separated.cancelled,
        remember=remembered,
    )


def _activity_codec(duration_s: float) -> Codec[Activity]:
    return Codec(
        lambda activity: {name: getattr(activity, name) for name in _ACTIVITIES},
        lambda arrays: Activity(clock=MODEL_CLOCK, duration_s=duration_s, **arrays),
    )


def _samples(part: Interval, film: WorkingCopy) -> slice:
    first, stop = (round(at_s * film.rate_hz) for at_s in (part.start_s, part.end_s))
    return slice(first, min(stop, film.n_samples))


def profile(film: WorkingCopy, separated: Separated, memo: Memo, running: Running) -> Profile:
    """Measure a film's levels."""
    clock = profile_clock(film.rate_hz)
    rest = separated.without_songs(film)

    def read(start: int, stop: int) -> NDArray[np.float32]:
        y, mix = film.read(start, stop), rest.read(start, stop)
        y[: mix.shape[0]] = mix
        return y

    sound = Derived(
        rate_hz=film.rate_hz, n_samples=film.n_samples, n_channels=film.n_channels, read=read
    )

    def measured(samples: slice) -> Profile:
        part = part_of(sound, samples.start, samples.stop)
        return profile_film(part, channel_names=film.channel_names)

    codec: Codec[Profile] = Codec(_levels, lambda arrays: Profile(clock=clock, **arrays))
    parts = [
        _levels(
            once(
                memo.entry(
                    "profile",
                    film=sound_of(film),
                    samples=[samples.start, samples.stop],
                    taken=separated.keys_in(samples.start, samples.stop),
                ),
                codec,
                partial(measured, samples),
                running=running,
            )
        )
        for samples, _ in clock.blocks(film.n_samples, frames_per_block=_PROFILE_FRAMES)
    ]
    if not parts:
        return measured(slice(0, film.n_samples))
    return Profile(
        clock=clock, **{name: np.concatenate([one[name] for one in parts]) for name in parts[0]}
    )


def _levels(profile: Profile) -> Arrays:
    columns = {name: getattr(profile, name) for name in _LEVELS}
    return {name: values for name, values in columns.items() if values is not None}


def name_voices(
    study: Study,
    film: WorkingCopy,
    separated: Separated,
    speech: Sequence[SpeechSegment],
    *,
    activity: Activity,
    memo: Memo,
    running: Running,
) -> tuple[tuple[SpeechSegment, ...], tuple[Voice, ...]]:
    """Give segments their voices.

    Raises StudyError if a voice is said to be heard where no talk is.
    """
    parameters = study.parameters.speech
    talk = speech_timeline(activity, parameters=parameters)
    network = load_network()
    prints = _prints(film, separated, talk, network, parameters, memo=memo, running=running)
    try:
        return assign_voices(
            speech,
            prints,
            known=study.voices,
            activity=activity,
            network=network,
            parameters=parameters.voices,
        )
    except ParameterError as error:
        raise StudyError(error.thing, error.reason, error.mend) from error


def _prints(
    film: WorkingCopy,
    separated: Separated,
    talk: Timeline,
    network: Network,
    parameters: SpeechParameters,
    *,
    memo: Memo,
    running: Running,
) -> VoicePrints:
    """Print the voices of all talk, of the minutes that hold any."""

    def printed(some: Timeline) -> VoicePrints:
        return print_voices(
            separated.without_songs(film),
            some,
            network=network,
            parameters=parameters.voices,
        )

    parts: list[VoicePrints] = []
    for some in _by_minute(talk):
        within = _samples(Interval(some.intervals[0].start_s, some.intervals[-1].end_s), film)
        entry = memo.entry(
            "voices",
            film=sound_of(film),
            talk=some,
            taken=separated.keys_in(within.start, within.stop),
            block_s=parameters.voices.block_s,
            max_stretch_s=parameters.voices.max_stretch_s,
        )
        parts.append(once(entry, _VOICE_PRINTS, partial(printed, some), running=running))
        running.tell(some.intervals[-1].end_s / film.duration_s)
    if not parts:
        return printed(talk)
    return VoicePrints(
        **{name: np.concatenate([getattr(one, name) for one in parts]) for name in _PRINTS}
    )


def _by_minute(talk: Timeline) -> Iterator[Timeline]:
    """Give the stretches of talk that begin in each minute."""
    for _, some in groupby(talk, key=lambda stretch: stretch.start_s // _PRINTS_S):
        yield Timeline(tuple(some))


def in_step(study: Study, opened: Opened, activity: Activity) -> tuple[Opened, Subtitles | None]:
    """Compare subtitles with the talk that was detected, and move them where that is plain.

    Raises StudyError if they plainly belong to another film, or are out of step and it is not plain
    how far.
    """
    path, read = study.subtitles, opened.subtitles
    if path is None or read is None:
        return opened, None
    cues = [one for one in opened.annotations if one.source == "subtitles"]
    found = synchrony(cues, activity, parameters=study.parameters.speech)
    is_given = study.subtitle_shift_s is not None or study.subtitle_speed is not None
    if opened.film.truncated_at_s is None and not (found.is_moved and not is_given):
        _refuse_beyond(path, cues, activity.duration_s)
    if not is_given:
        _refuse(path, found)
    is_corrected = found.is_moved and not is_given
    if is_corrected and found.alignment is not None:
        rest = tuple(one for one in opened.annotations if one.source != "subtitles")
        opened = replace(opened, annotations=(*rest, *moved(cues, found.alignment)))
    record = Subtitles(
        name=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        format=read.format,
        n_cues=read.n_cues,
        n_tagged=read.n_tagged,
        n_italic=read.n_italic,
        n_unspoken=read.n_unspoken,
        n_skipped=read.n_skipped,
        italics=study.parameters.speech.italics,
        check=_check(found, is_given=is_given),
        corrected=is_corrected,
        agrees=None if found.verdict == "unknown" else found.verdict == "fits",
        given_shift_s=study.subtitle_shift_s,
        given_speed=study.subtitle_speed,
    )
    return opened, _with_times(record, found)


def _with_times(record: Subtitles, found: Synchrony) -> Subtitles:
    """Note what is known of the times; nothing where the best fit may be chance."""
    alignment = found.alignment
    if alignment is None or found.verdict not in {"fits", "moved"}:
        return record
    return replace(
        record,
        shift_s=alignment.shifts_s[0],
        speed=alignment.speed,
        breaks=tuple(
            SubtitleBreak(film_s=round(start_s * alignment.speed + shift_s, 3), shift_s=shift_s)
            for start_s, shift_s in zip(alignment.starts_s, alignment.shifts_s, strict=True)
            if np.isfinite(start_s)
        ),
        certainty=found.certainty,
    )


def _check(found: Synchrony, *, is_given: bool) -> SubtitleCheck:
    if is_given:
        return "as the study says"
    if found.verdict == "fits":
        return "fits"
    return "corrected" if found.is_moved else "could not be checked"


def _refuse_beyond(path: Path, cues: Sequence[Annotation], duration_s: float) -> None:
    first_s = min(cue.interval.start_s for cue in cues)
    if first_s >= duration_s:
        raise StudyError(
            str(path),
            f"its first cue is at {timecode(first_s)} and the film ends at {timecode(duration_s)}",
            "Give the subtitles of the edition that is analysed",
        )


def _refuse(path: Path, found: Synchrony) -> None:
    if found.verdict == "another film":
        raise StudyError(
            str(path),
            "its cues do not follow the speech of this film at any shift or speed, so they seem to "
            "be those of another film",
            "Give the subtitles of this film; if they are, say how far they are off with "
            f"--subtitle-shift and --subtitle-speed ({_AS_THEY_ARE})",
        )
    if found.verdict == "unsure":
        raise StudyError(
            str(path),
            "its cues do not follow the speech of this film as they are"
            + (f", and {_guess(found.alignment)} is no sure guess" if found.alignment else "")
            + "; they may also be those of another film",
            "If they are this film's, find out how far they are off and say it "
            f"with --subtitle-shift and --subtitle-speed ({_AS_THEY_ARE})",
        )


def _guess(alignment: Alignment) -> str:
    return f"a shift of {alignment.shifts_s[0]:.1f} s at speed {alignment.speed:.5g}"


def with_words(study: Study, opened: Opened, activity: Activity) -> tuple[SpeechSegment, ...]:
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
