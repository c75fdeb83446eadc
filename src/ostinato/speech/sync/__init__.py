"""Subtitles are compared with detected speech, and moved where they are plainly out of step."""

from ostinato.speech.sync.alignment import SPEEDS, Alignment
from ostinato.speech.sync.check import Synchrony, moved, synchrony

__all__ = ["SPEEDS", "Alignment", "Synchrony", "moved", "synchrony"]
