"""Where a copy kept the song's spectrum but not its phase, at any tempo and pitch nearby."""

from ostinato.cues.spectral.alike import Alike
from ostinato.cues.spectral.sheets import SpectralParameters

__all__ = ["Alike", "SpectralParameters"]
