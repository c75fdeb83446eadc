"""Figures: each function draws on the Axes it is given and returns it; only writing opens files."""

from ostinato.choices import FORMATS, PALETTES, WIDTHS
from ostinato.report.figures.before_after import (
    before_after_figure,
    draw_before_after,
    draw_spectrogram,
    draw_talk,
)
from ostinato.report.figures.continuation_curve import continuation_pages, draw_continuation
from ostinato.report.figures.lanes import (
    draw_timeline,
    draw_voices,
    timeline_figure,
    timeline_pages,
    voices_figure,
)
from ostinato.report.figures.layout import COLUMN, PAGE, SLIDE, SONG_COLOURS, Sheet, sheet_of
from ostinato.report.figures.map_panels import repetition_map_figure, repetition_map_pages
from ostinato.report.figures.narration_curve import draw_narration_curve, narration_curve_figure
from ostinato.report.figures.repetition_map import draw_repetition_map
from ostinato.report.figures.self_similarity import draw_self_similarity, self_similarity_figure
from ostinato.report.figures.shared_passages import draw_shared_passages, shared_passages_pages
from ostinato.report.figures.song_coverage import draw_song_coverage, song_coverage_pages
from ostinato.report.figures.song_over_speech import draw_song_over_speech, song_over_speech_pages
from ostinato.report.figures.specifications import draw_specifications, specifications_figure
from ostinato.report.figures.write import figure_names, house_style, without_face, write_figures

__all__ = [
    "COLUMN",
    "FORMATS",
    "PAGE",
    "PALETTES",
    "SLIDE",
    "SONG_COLOURS",
    "WIDTHS",
    "Sheet",
    "before_after_figure",
    "continuation_pages",
    "draw_before_after",
    "draw_continuation",
    "draw_narration_curve",
    "draw_repetition_map",
    "draw_self_similarity",
    "draw_shared_passages",
    "draw_song_coverage",
    "draw_song_over_speech",
    "draw_specifications",
    "draw_spectrogram",
    "draw_talk",
    "draw_timeline",
    "draw_voices",
    "figure_names",
    "house_style",
    "narration_curve_figure",
    "repetition_map_figure",
    "repetition_map_pages",
    "self_similarity_figure",
    "shared_passages_pages",
    "sheet_of",
    "song_coverage_pages",
    "song_over_speech_pages",
    "specifications_figure",
    "timeline_figure",
    "timeline_pages",
    "voices_figure",
    "without_face",
    "write_figures",
]
