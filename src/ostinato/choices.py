"""The words that may be chosen among, on a command line and in a study.

They stand apart from what they choose, so that help can list them before numpy is loaded.
"""

STAGES = ("cues", "separation", "speech")
"""What an analysis may leave out; measures and report follow from what there is."""

CHANNELS = ("left", "right")
"""Which of two channels may be analysed alone."""

CLOCKS = ("container", "first-sample")
"""Where film time may count from, if not from a player's zero."""

ITALICS = ("evidence", "narration")
"""What italics of subtitles may be taken for."""

FORMATS = ("svg", "pdf", "png")
"""How figures may be written."""

WIDTHS = ("column", "page", "slide")
"""How wide figures may be."""

PALETTES = ("colour", "grey")
"""Which colours figures may have."""

STYLE_NAMES = ("apa", "bibtex", "chicago", "csl", "mla")
"""How references may be written."""

TABLE_NAMES = ("markdown", "csv", "latex", "html")
"""How the tables of a citation may be written."""

TEMPLATE_NAMES = ("blank", "chungking-express")
"""What a new study may begin with."""

EXPORT_FORMATS = (
    *("tsv", "audacity", "eaf", "textgrid", "sv", "tilia", "srt", "vtt"),
    *("edl", "premiere", "fcpxml", "web-annotation", "iiif", "jams", "rttm", "otio"),
    *("cue-sheet", "crate"),
)
"""What results may be exported as."""

IMPORTED_AS = ("labels", "scenes", "evidence")
"""What rows of another program's file may be taken for."""
