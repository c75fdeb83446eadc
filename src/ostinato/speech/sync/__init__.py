"""Subtitles are compared with detected speech, and moved where they are plainly out of step."""

from ostinato.speech.sync.check import Synchrony, moved, synchrony
from ostinato.speech.sync.shifts import SPEEDS, Alignment

__all__ = ["SPEEDS", "Alignment", "Synchrony", "moved", "synchrony"]
