"""A classifier of narration and dialogue, trained on this film's labels and subtitles alone."""

from ostinato.speech.teaching.telling import WITHOUT_LABEL, tell

__all__ = ["WITHOUT_LABEL", "tell"]
