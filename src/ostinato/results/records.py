"""One record in a file of its own: JSON that is written to be read, and read as a whole."""

from pathlib import Path
from typing import TypeVar

import msgspec

from ostinato.errors import StudyError
from ostinato.whole_files import read_whole

_Record = TypeVar("_Record")


def encode_record(record: object) -> bytes:
    """Encode a record.

    Parameters
    ----------
    record : object
        A dataclass of what msgspec can write.

    Returns
    -------
    bytes
        UTF-8 JSON, a line for each field.
    """
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def read_record(path: Path, kind: type[_Record], *, lacks: str, mend: str) -> _Record | None:
    """Read a record.

    Parameters
    ----------
    path : pathlib.Path
        Of its file.
    kind : type
        The dataclass that it is.
    lacks : str
        What is wrong with a damaged one, as a message says it.
    mend : str
        What to do then.

    Returns
    -------
    kind or None
        None where there is no file.

    Raises
    ------
    StudyError
        If it is damaged, or cannot be read.
    """
    try:
        return msgspec.json.decode(read_whole(path), type=kind)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise StudyError(str(path), f"{lacks} ({error})", mend) from error
