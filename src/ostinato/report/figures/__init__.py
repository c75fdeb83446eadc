"""Figures: each function draws on the Axes it is given and returns it; only writing opens files."""

from ostinato.choices import FORMATS
from ostinato.report.figures.lanes import draw_timeline
from ostinato.report.figures.layout import repetition_map_figure, timeline_figure
from ostinato.report.figures.repetition_map import draw_repetition_map
from ostinato.report.figures.specifications import draw_specifications, specifications_figure
from ostinato.report.figures.voice_lanes import draw_voices, voices_figure
from ostinato.report.figures.write import figure_names, house_style, write_figures

__all__ = [
    "FORMATS",
    "draw_repetition_map",
    "draw_specifications",
    "draw_timeline",
    "draw_voices",
    "figure_names",
    "house_style",
    "repetition_map_figure",
    "specifications_figure",
    "timeline_figure",
    "voices_figure",
    "write_figures",
]
