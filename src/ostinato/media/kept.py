"""Working copies that are kept, found by hashes alone: the file need not be there."""

from pathlib import Path

from ostinato.media.working_copy import WorkingCopy, reopen


def kept_copy(cache: Path, *, sha256: str, pcm_sha256: str) -> WorkingCopy | None:
    """Return the copy of a recording that was analysed, None if it is no longer kept.

    Parameters
    ----------
    cache : pathlib.Path
        Where working copies are kept; need not exist.
    sha256, pcm_sha256 : str
        Of the media file, and of its samples.

    Returns
    -------
    WorkingCopy or None
        Whose `path` is its folder, since nobody knows where the file is.
    """
    for folder in sorted(cache.glob(f"{sha256}-*")):
        copy = reopen(folder, folder)
        if copy is not None and copy.pcm_sha256 == pcm_sha256:
            return copy
    return None
