"""What results hold of voices."""

from ostinato.results import Ratio, Results, Scope, Voice

MOST_VOICES = 12
"""More do not fit on a page; those that speak least are counted together."""


def leading_voices(results: Results) -> list[Voice]:
    """Return the voices that speak most, in the order in which they are first heard."""
    by_speech = sorted(results.voices, key=lambda voice: (-voice.speech_s, voice.first_s))
    return sorted(by_speech[:MOST_VOICES], key=lambda voice: (voice.first_s, voice.id))


def voice_name(voice: Voice) -> str:
    """Write whose voice it is.

    Examples
    --------
    >>> voice = Voice(id="V3", name="Ah Wu", first_s=0.0, speech_s=9.0, n_segments=2)
    >>> voice_name(voice)
    'Ah Wu (V3)'
    """
    return voice.id if voice.name is None else f"{voice.name} ({voice.id})"


def voice_ratio(results: Results, voice: Voice) -> Ratio | None:
    """Return narration against dialogue in what one voice says, None if that was not measured."""
    return results.ratio_in(Scope.voice(voice.id))


def unknown_voice_s(results: Results) -> float | None:
    """Return how much speech has a voice that is not known, None if that was not measured."""
    row = results.monologue_in()
    return None if row is None else row.unknown_s
