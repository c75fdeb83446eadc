"""Where a copy kept the song's spectrum but not its phase, at any tempo and pitch nearby."""

from ostinato.cues.spectral.parameters import SpectralParameters
from ostinato.cues.spectral.search import find_alike
from ostinato.cues.spectral.settle import is_piece, settled

__all__ = ["SpectralParameters", "find_alike", "is_piece", "settled"]
