"""Subtitles are compared with detected speech, and moved where they are plainly out of step."""

from ostinato.speech.sync.check import Synchrony, moved, synchrony
from ostinato.speech.sync.shifts import SUBTITLE_SPEEDS, Alignment

__all__ = ["SUBTITLE_SPEEDS", "Alignment", "Synchrony", "moved", "synchrony"]
