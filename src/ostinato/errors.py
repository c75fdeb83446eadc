"""The one family of errors: each names the thing, the reason and the mend."""

from ostinato.legible import as_text


class OstinatoError(Exception):
    """Root of every error that this package raises on purpose.

    Parameters
    ----------
    thing : str
        What is wrong: a path, a parameter, a row.
    reason : str
        Why, with the offending value.
    mend : str
        What the reader can do about it.
    """

    def __init__(self, thing: str, reason: str, mend: str) -> None:
        super().__init__(thing, reason, mend)  # three args, so that it pickles across workers
        self.thing, self.reason, self.mend = thing, reason, mend

    def __str__(self) -> str:
        return as_text(f"{self.thing}: {self.reason}. {self.mend}.")


class ParameterError(OstinatoError, ValueError):
    """A caller passed a value outside the documented range."""


class MediaError(OstinatoError, OSError):
    """A recording cannot be read, or is not what it says it is."""


class DamagedCacheError(MediaError):
    """What a folder of the cache, the thing, holds is not what was written: it is made again."""


class StudyError(OstinatoError, ValueError):
    """A study, label file, subtitle, table or result cannot be used as it stands."""


class OutputError(OstinatoError, OSError):
    """What is printed cannot be written where it was sent."""
