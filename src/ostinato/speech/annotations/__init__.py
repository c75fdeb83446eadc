"""What people say of the speech: label files, and what subtitles give away."""

from ostinato.speech.annotations.annotation import LABEL_KINDS, Annotation
from ostinato.speech.annotations.labels import read_labels
from ostinato.speech.annotations.rows import read_label_rows
from ostinato.speech.annotations.sample import (
    TakenBack,
    answered,
    chosen,
    film_cell,
    labels_of_sample,
    read_labels_and_sample,
    read_sample,
)
from ostinato.speech.annotations.subtitles import read_subtitles
from ostinato.speech.annotations.tables import read_rows

__all__ = [
    "LABEL_KINDS",
    "Annotation",
    "TakenBack",
    "answered",
    "chosen",
    "film_cell",
    "labels_of_sample",
    "read_label_rows",
    "read_labels",
    "read_labels_and_sample",
    "read_rows",
    "read_sample",
    "read_subtitles",
]
