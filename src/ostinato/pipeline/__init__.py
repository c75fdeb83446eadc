"""The stages in order, from a study to its results; what was done before is not done again."""

from ostinato.pipeline.cache import VERSION
from ostinato.pipeline.clock import Watch
from ostinato.pipeline.stages import analyze

__all__ = ["VERSION", "Watch", "analyze"]
