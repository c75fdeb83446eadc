"""Whether two films are the same, by the hashes of file and sound."""

from typing import Protocol


class Recording(Protocol):
    """A film that is told by its hashes; that of its sound may not be known yet."""

    @property
    def sha256(self) -> str:
        """Of the file."""

    @property
    def pcm_sha256(self) -> str | None:
        """Of the sound."""


def is_same_film(one: Recording, other: Recording) -> bool:
    """Tell whether two films are the same, by the file or by the sound.

    Parameters
    ----------
    one, other : Recording
        Of results, or about to be analysed.

    Returns
    -------
    bool
        By hash.
    """
    same_sound = one.pcm_sha256 is not None and one.pcm_sha256 == other.pcm_sha256
    return same_sound or one.sha256 == other.sha256
