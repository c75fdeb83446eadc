"""Figures, tables, sentences and captions, read from results alone."""

from ostinato.report.captions import caption_repetition_map, caption_timeline
from ostinato.report.description import describe
from ostinato.report.figures import (
    FORMATS,
    draw_repetition_map,
    draw_timeline,
    write_figures,
)
from ostinato.report.prose import cite

__all__ = [
    "FORMATS",
    "caption_repetition_map",
    "caption_timeline",
    "cite",
    "describe",
    "draw_repetition_map",
    "draw_timeline",
    "write_figures",
]
