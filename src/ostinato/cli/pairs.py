"""Arguments that give something a name: ``NAME=FILE`` and ``CUE=NAME``."""

from pathlib import Path

from ostinato.errors import ParameterError
from ostinato.study import SongFile


def song_file(text: str) -> SongFile:
    """Read ``NAME=FILE``; a bare file takes its own name as the title.

    Parameters
    ----------
    text : str
        The argument.

    Returns
    -------
    SongFile
        Title and path.

    Raises
    ------
    ParameterError
        If either side of the equals sign is empty.
    """
    title, sign, path = text.partition("=")
    if not sign:
        return SongFile(title=Path(text).stem, path=Path(text).expanduser())
    if not (title.strip() and path.strip()):
        raise ParameterError(
            f"--song {text}", "a title or a file is missing", 'Write --song "TITLE=FILE"'
        )
    # behind an equals sign no shell has replaced the tilde
    return SongFile(title=title.strip(), path=Path(path.strip()).expanduser())


def promotion(text: str) -> tuple[str, str]:
    """Read ``CUE=NAME``.

    Parameters
    ----------
    text : str
        The argument.

    Returns
    -------
    tuple of str
        Identifier of the cue, and the name that it is to have.

    Raises
    ------
    ParameterError
        If either side of the equals sign is empty.
    """
    cue_id, _, name = (part.strip() for part in text.partition("="))
    if not (cue_id and name):
        raise ParameterError(
            f"--promote {text}", "a cue or a name is missing", 'Write --promote "D1=NAME"'
        )
    return cue_id, name
