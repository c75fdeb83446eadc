"""What people say of the speech: label files, and what subtitles give away."""

from ostinato.speech.annotations.annotation import LABEL_KINDS, Annotation
from ostinato.speech.annotations.labels import read_labels
from ostinato.speech.annotations.rows import read_label_rows
from ostinato.speech.annotations.sample import (
    answered,
    chosen,
    n_open,
    read_sample,
)
from ostinato.speech.annotations.subtitles import (
    SubtitleFile,
    read_subtitle_file,
    read_subtitles,
)
from ostinato.speech.annotations.tables import read_rows

__all__ = [
    "LABEL_KINDS",
    "Annotation",
    "SubtitleFile",
    "answered",
    "chosen",
    "n_open",
    "read_label_rows",
    "read_labels",
    "read_rows",
    "read_sample",
    "read_subtitle_file",
    "read_subtitles",
]
