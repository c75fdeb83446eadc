"""The stages in order, from a study to its results; what was done before is not done again."""

from ostinato.pipeline.again import measure_parameters, measured_with_labels
from ostinato.pipeline.clock import Watch
from ostinato.pipeline.stages import VERSION, analyze

__all__ = ["VERSION", "Watch", "analyze", "measure_parameters", "measured_with_labels"]
