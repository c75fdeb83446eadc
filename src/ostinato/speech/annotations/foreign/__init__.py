"""Files of other programs become layers of rows, whatever they are about.

Unlike a label file, such a file need not hold kinds: rows are songs, scenes, words, speakers. What
cannot be read of it is counted, and the rest is taken.
"""

from ostinato.speech.annotations.foreign.foreign_rows import (
    ForeignFile,
    ForeignLayer,
    ForeignRow,
)
from ostinato.speech.annotations.foreign.foreign_tables import read_foreign

__all__ = ["ForeignFile", "ForeignLayer", "ForeignRow", "read_foreign"]
