"""Whose voice each segment of speech is, by what is heard of it once."""

from collections.abc import Sequence

from ostinato.errors import ParameterError, StudyError
from ostinato.pipeline.cache import Cache, load_prints, save_prints
from ostinato.pipeline.clock import Running
from ostinato.pipeline.entries import Entry
from ostinato.pipeline.opening import Opened
from ostinato.pipeline.separated import Separated
from ostinato.results import SpeechSegment, Voice
from ostinato.speech import (
    Activity,
    SpeechParameters,
    VoicePrints,
    load_network,
    print_voices,
    speech_timeline,
    tell_voices,
)
from ostinato.study import Study
from ostinato.version import VERSION


def printed_before(study: Study, opened: Opened, separation: str, *, cache: Cache) -> bool:
    """Tell whether the voices of a film's remainder were heard before.

    Parameters
    ----------
    study : Study
        What is studied.
    opened : Opened
        The film.
    separation : str
        Name of what was taken out.
    cache : Cache
        Where that is kept.

    Returns
    -------
    bool
        True if `tell_who_speaks` will not need the remainder.
    """
    return load_prints(_entry(cache, opened, separation, study.parameters.speech)) is not None


def tell_who_speaks(
    study: Study,
    opened: Opened,
    separated: Separated,
    speech: Sequence[SpeechSegment],
    *,
    activity: Activity,
    cache: Cache,
    running: Running,
) -> tuple[tuple[SpeechSegment, ...], tuple[Voice, ...]]:
    """Give segments their voices; the film is listened to only if it was not before.

    Parameters
    ----------
    study : Study
        With the voices that the scholar knows.
    opened : Opened
        The film.
    separated : Separated
        What was taken out of it.
    speech : sequence of SpeechSegment
        In film order.
    activity : Activity
        Of the remainder.
    cache : Cache
        Where to keep what is heard.
    running : Running
        The stage that this is.

    Returns
    -------
    speech : tuple of SpeechSegment
        Cut where voices change.
    voices : tuple of Voice
        In order of film time.

    Raises
    ------
    StudyError
        If a voice is said to be heard where no talk is.
    """
    parameters = study.parameters.speech
    prints = _prints(opened, separated, activity, parameters, cache=cache, running=running)
    try:
        return tell_voices(
            speech,
            prints,
            known=study.voices,
            activity=activity,
            network=load_network(),
            parameters=parameters.voices,
        )
    except ParameterError as error:
        raise StudyError(error.thing, error.reason, error.mend) from error


def _prints(
    opened: Opened,
    separated: Separated,
    activity: Activity,
    parameters: SpeechParameters,
    *,
    cache: Cache,
    running: Running,
) -> VoicePrints:
    film = opened.film
    takes_out = bool(separated.cancelled.intervals)
    entry = _entry(cache, opened, separated.name if takes_out else "", parameters)
    prints = load_prints(entry)
    if prints is None:
        running.has_worked = True
        prints = print_voices(
            separated.without_songs(film) if takes_out else film.mono,
            speech_timeline(activity, parameters=parameters),
            n_samples=film.n_samples,
            sample_rate_hz=film.sample_rate_hz,
            network=load_network(),
            parameters=parameters.voices,
            on_progress=running.tell,
        )
        save_prints(entry, prints)
    return prints


def _entry(cache: Cache, opened: Opened, separation: str, parameters: SpeechParameters) -> Entry:
    stem = opened.speech_stem
    return cache.entry(
        "voices",
        version=VERSION,
        film=opened.film.pcm_sha256,
        separation=separation,
        stem=None if stem is None else stem.pcm_sha256,  # it says where talk is
        talk=parameters.speech,
        block_s=parameters.voices.block_s,
        max_stretch_s=parameters.voices.max_stretch_s,
    )
