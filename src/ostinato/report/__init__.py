"""Figures, tables, sentences and captions, read from results alone."""

from ostinato.report.captions import caption_repetition_map, caption_timeline, caption_voices
from ostinato.report.citation import citation
from ostinato.report.description import describe
from ostinato.report.figures import (
    FORMATS,
    draw_repetition_map,
    draw_timeline,
    draw_voices,
    write_figures,
)
from ostinato.report.label_files import TABLE_NAME, write_label_files
from ostinato.report.prose import cite
from ostinato.report.references import STYLES

__all__ = [
    "FORMATS",
    "STYLES",
    "TABLE_NAME",
    "caption_repetition_map",
    "caption_timeline",
    "caption_voices",
    "citation",
    "cite",
    "describe",
    "draw_repetition_map",
    "draw_timeline",
    "draw_voices",
    "write_figures",
    "write_label_files",
]
