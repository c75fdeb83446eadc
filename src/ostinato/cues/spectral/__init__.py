"""Where a copy kept the song's spectrum but not its phase, at any tempo and pitch nearby."""

from ostinato.cues.spectral.parameters import SpectralParameters
from ostinato.cues.spectral.search import Alike

__all__ = ["Alike", "SpectralParameters"]
