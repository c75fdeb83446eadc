"""Figures, tables, sentences and captions, read from results alone."""

from ostinato.report.captions import (
    caption_repetition_map,
    caption_specifications,
    caption_timeline,
    caption_voices,
)
from ostinato.report.citation import citation
from ostinato.report.description import describe
from ostinato.report.figures import (
    FORMATS,
    draw_repetition_map,
    draw_timeline,
    draw_voices,
    figure_names,
    write_figures,
)
from ostinato.report.label_files import (
    TABLE_NAME,
    sample_names,
    write_label_files,
    write_next,
)
from ostinato.report.page import PAGE_NAME, page_html, write_page
from ostinato.report.prose import cite
from ostinato.report.reading import said_by_people
from ostinato.report.references import STYLES
from ostinato.report.subtitles import cues_as_read, cues_left_out
from ostinato.report.table_formats import TABLE_FORMATS, tables_alone
from ostinato.report.teaching import taught
from ostinato.report.wording import bounds, count, number, percent, song_time

__all__ = [
    "FORMATS",
    "PAGE_NAME",
    "STYLES",
    "TABLE_FORMATS",
    "TABLE_NAME",
    "bounds",
    "caption_repetition_map",
    "caption_specifications",
    "caption_timeline",
    "caption_voices",
    "citation",
    "cite",
    "count",
    "cues_as_read",
    "cues_left_out",
    "describe",
    "draw_repetition_map",
    "draw_timeline",
    "draw_voices",
    "figure_names",
    "number",
    "page_html",
    "percent",
    "said_by_people",
    "sample_names",
    "song_time",
    "tables_alone",
    "taught",
    "write_figures",
    "write_label_files",
    "write_next",
    "write_page",
]
