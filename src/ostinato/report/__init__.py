"""Figures, tables, sentences and captions, read from results alone."""

from ostinato.report.answers import said_by_people
from ostinato.report.captions import (
    caption_repetition_map,
    caption_specifications,
    caption_timeline,
    caption_voices,
)
from ostinato.report.cited_text import citation, cite
from ostinato.report.essay_tables import TABLE_FORMATS, tables_alone
from ostinato.report.figures import (
    FORMATS,
    draw_repetition_map,
    draw_timeline,
    draw_voices,
    figure_names,
    sheet_of,
    without_face,
    write_figures,
)
from ostinato.report.label_files import (
    TABLE_NAME,
    sample_names,
    write_label_files,
    write_next,
)
from ostinato.report.method import training_sentences
from ostinato.report.page import PAGE_NAME, filled, page_html, write_page
from ostinato.report.references import STYLES
from ostinato.report.review_words import heard_by_ear
from ostinato.report.subtitle_notes import cues_as_read, cues_left_out
from ostinato.report.terminal import describe
from ostinato.report.wording import bounds, count, lasting, number, percent, song_time

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
    "filled",
    "heard_by_ear",
    "lasting",
    "number",
    "page_html",
    "percent",
    "said_by_people",
    "sample_names",
    "sheet_of",
    "song_time",
    "tables_alone",
    "training_sentences",
    "without_face",
    "write_figures",
    "write_label_files",
    "write_next",
    "write_page",
]
