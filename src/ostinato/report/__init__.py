"""Figures, tables, sentences and captions, read from results alone."""

from ostinato.report.captions import (
    caption_repetition_map,
    caption_specifications,
    caption_timeline,
    caption_voices,
)
from ostinato.report.citation import citation
from ostinato.report.description import describe
from ostinato.report.editors import Labelled, encode_labels, labels_of, write_labels
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
from ostinato.report.references import STYLES
from ostinato.report.table_formats import TABLE_FORMATS, tables_alone
from ostinato.report.teaching import taught

__all__ = [
    "FORMATS",
    "PAGE_NAME",
    "STYLES",
    "TABLE_FORMATS",
    "TABLE_NAME",
    "Labelled",
    "caption_repetition_map",
    "caption_specifications",
    "caption_timeline",
    "caption_voices",
    "citation",
    "cite",
    "describe",
    "draw_repetition_map",
    "draw_timeline",
    "draw_voices",
    "encode_labels",
    "figure_names",
    "labels_of",
    "page_html",
    "sample_names",
    "tables_alone",
    "taught",
    "write_figures",
    "write_label_files",
    "write_labels",
    "write_next",
    "write_page",
]
