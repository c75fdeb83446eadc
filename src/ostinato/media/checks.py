"""Whether a working copy still is what was decoded: a digest of each megabyte, read or not.

Every block is checked the first time that a process reads it, and never again by it.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ostinato.errors import DamagedCacheError

__all__ = ["BLOCK_BYTES", "Checks", "digests_of"]

BLOCK_BYTES = 2**20
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Checks:
    """Digests of the files of a working copy, and which blocks of them were checked."""

    folder: Path
    digests: Mapping[str, tuple[str, ...]]
    _seen: set[tuple[str, int]] = field(default_factory=set, compare=False, repr=False)

    def check(self, name: str, start_byte: int, stop_byte: int) -> None:
        """Make sure that what is about to be read is what was written.

        `name`: of a file in the folder; `start_byte`, `stop_byte`: which part of it. Raises
        DamagedCacheError if it is not.
        """
        blocks = range(start_byte // BLOCK_BYTES, -(-stop_byte // BLOCK_BYTES))
        if all((name, block) in self._seen for block in blocks):
            return
        with (self.folder / name).open("rb") as file:
            for block in blocks:
                if (name, block) not in self._seen:
                    file.seek(block * BLOCK_BYTES)
                    self._compare(name, block, file.read(BLOCK_BYTES))

    def check_all(self) -> None:
        """Make sure that every file is what was written; DamagedCacheError if one is not."""
        for name, digests in self.digests.items():
            self.check(name, 0, len(digests) * BLOCK_BYTES)

    def _compare(self, name: str, block: int, content: bytes) -> None:
        known = self.digests.get(name, ())
        if block >= len(known) or _digest(content) != known[block]:
            raise DamagedCacheError(
                str(self.folder),
                f"{name} is not what was written there",
                "Run this again: what is damaged is made anew",
            )
        self._seen.add((name, block))


def digests_of(path: Path) -> tuple[str, ...]:
    """Return the digest of each block of a file, which is brought to the disk as well."""
    digests = []
    with path.open("r+b") as file:
        while content := file.read(BLOCK_BYTES):
            digests.append(_digest(content))
        os.fsync(file.fileno())
    return tuple(digests)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()
