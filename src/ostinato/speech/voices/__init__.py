"""Whose voice it is: what a network hears of each moment becomes voices of the whole film."""

from ostinato.speech.voices.clusters import KnownVoice, check_known
from ostinato.speech.voices.diarize import assign_voices
from ostinato.speech.voices.network import Network, load_network
from ostinato.speech.voices.prints import VoicePrints, print_voices

__all__ = [
    "KnownVoice",
    "Network",
    "VoicePrints",
    "assign_voices",
    "check_known",
    "load_network",
    "print_voices",
]
