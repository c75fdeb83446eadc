"""Labels and subtitles teach the program to tell narration from dialogue, in this film alone."""

from ostinato.speech.teaching.telling import WITHOUT_LABEL, tell

__all__ = ["WITHOUT_LABEL", "tell"]
