"""What people say of the speech: label files, and what subtitles give away."""

from ostinato.speech.annotations.encoding import Written, read_written
from ostinato.speech.annotations.foreign import (
    ForeignFile,
    ForeignLayer,
    ForeignRow,
    read_foreign,
)
from ostinato.speech.annotations.labels import read_label_file, read_label_rows, read_labels
from ostinato.speech.annotations.sample_table import (
    TakenBack,
    answered,
    check_film_of_labels,
    chosen,
    film_cell,
    labels_of_sample,
    read_label_reading,
    read_labels_and_sample,
    read_sample,
)
from ostinato.speech.annotations.subtitles import (
    SubtitleFile,
    read_subtitle_file,
    read_subtitles,
)
from ostinato.speech.annotations.tables import (
    END_NAMES,
    START_NAMES,
    Table,
    TimeColumn,
    check_marks,
    name_and_unit,
    read_rows,
    read_table,
    time_column,
)
from ostinato.speech.annotations.tiers import (
    LABEL_KINDS,
    Annotation,
    LabelReading,
    holds_kinds,
    known_kind,
)

__all__ = [
    "END_NAMES",
    "LABEL_KINDS",
    "START_NAMES",
    "Annotation",
    "ForeignFile",
    "ForeignLayer",
    "ForeignRow",
    "LabelReading",
    "SubtitleFile",
    "Table",
    "TakenBack",
    "TimeColumn",
    "Written",
    "answered",
    "check_film_of_labels",
    "check_marks",
    "chosen",
    "film_cell",
    "holds_kinds",
    "known_kind",
    "labels_of_sample",
    "name_and_unit",
    "read_foreign",
    "read_label_file",
    "read_label_reading",
    "read_label_rows",
    "read_labels",
    "read_labels_and_sample",
    "read_rows",
    "read_sample",
    "read_subtitle_file",
    "read_subtitles",
    "read_table",
    "read_written",
    "time_column",
]
