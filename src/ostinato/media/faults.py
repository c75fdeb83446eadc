"""What goes wrong with files, said once: foreign errors become MediaError here and nowhere else."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av

from ostinato.errors import MediaError, OstinatoError
from ostinato.memory import shortage

__all__ = ["cache_faults", "check_file", "encrypted", "media_faults"]


def check_file(path: Path) -> None:
    """Refuse what is plainly no film: nothing there, a folder, an empty file.

    Raises MediaError naming what is there instead.
    """
    if "\0" in str(path):
        raise MediaError(str(path), "no name of a file holds a NUL", "Check the name")
    with media_faults(path):
        n_bytes = path.stat().st_size
    if path.is_dir():
        raise MediaError(
            str(path), "it is a folder, not a recording", "Give one media file inside it"
        )
    if not path.is_file():
        raise MediaError(
            str(path), "it is a device or a pipe, not a file", "Save the recording to a file first"
        )
    if n_bytes == 0:
        raise MediaError(str(path), "the file is empty", "Copy or download it again")


@contextmanager
def media_faults(path: Path) -> Iterator[None]:
    """Translate what reading the recording at `path` may raise; what else is raised is a defect."""
    try:
        yield
    except OstinatoError:  # an OSError too, but already in words
        raise
    except (OSError, MemoryError, av.FFmpegError) as error:
        raise MediaError(str(path), *_reading(error)) from error


@contextmanager
def cache_faults(folder: Path) -> Iterator[None]:
    """Translate what writing into the cache may raise.

    Parameters
    ----------
    folder : pathlib.Path
        Of the cache, to name it.

    Yields
    ------
    None
        While what is inside runs.

    Raises
    ------
    MediaError
        If there is no room, or nothing may be written.
    """
    try:
        yield
    except (OstinatoError, av.FFmpegError):  # OSErrors too, but not of writing
        raise
    except OSError as error:
        if error.errno in {None, errno.ENOMEM}:  # a library, or memory: no fault of the cache
            raise
        raise MediaError(f"cache folder {folder}", *_writing(error)) from error


def encrypted(path: Path) -> MediaError:
    """Return the error for a recording that is locked."""
    return MediaError(
        str(path),
        "its sound is encrypted",
        "Use a copy without copy protection, such as a rip of a disc that you own",
    )


def _reading(error: Exception) -> tuple[str, str]:
    match error:
        case FileNotFoundError():
            return "there is no such file", "Check the name and the folder"
        case PermissionError():
            return "you may not read it", "Change its permissions, or copy it to your own folder"
        case MemoryError():
            return (
                shortage(error, doing="reading it"),
                "It may be damaged: try it in a player; otherwise close other programs",
            )
        case av.error.DecoderNotFoundError():
            return "no decoder knows its codec", "Convert its sound to FLAC or WAV first"
        case av.error.InvalidDataError() | av.error.EOFError():
            return (
                "no sound or film can be recognised in it: it is something else, or was cut short",
                "Try it in a player; if it is a download, fetch it again",
            )
    return f"it cannot be read ({_words(error)})", "Try it in a player, or copy the file again"


def _writing(error: OSError) -> tuple[str, str]:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "the disk is full", "Free some space, or choose a cache folder on another disk"
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return "it is read-only", "Choose a cache folder that you may write to"
    return f"it cannot be written ({_words(error)})", "Choose another cache folder"


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
