"""The words that may be chosen among, on a command line and in a study.

They stand apart from what they choose, so that help can list them before numpy is loaded.
"""

STAGES = ("cues", "separation", "speech")
"""What an analysis may leave out; measures and report follow from what there is."""

ITALICS = ("evidence", "narration")
"""What italics of subtitles may be taken for."""

FORMATS = ("svg", "pdf", "png")
"""How figures may be written."""

STYLE_NAMES = ("apa", "bibtex", "chicago", "csl", "mla")
"""How references may be written."""

TEMPLATE_NAMES = ("blank", "chungking-express")
"""What a new study may begin with."""
