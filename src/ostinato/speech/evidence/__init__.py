"""What speaks for narration or against it, one function a cue, and what each value means.

None of it decides: a dry voice in a quiet scene sounds like a narrator.
"""

from ostinato.speech.evidence.gather import MEANINGS, Heard, with_evidence, with_surroundings
from ostinato.speech.evidence.profile import Profile, profile_clock, profile_film
from ostinato.speech.evidence.voice_sound import runs

__all__ = [
    "MEANINGS",
    "Heard",
    "Profile",
    "profile_clock",
    "profile_film",
    "runs",
    "with_evidence",
    "with_surroundings",
]
