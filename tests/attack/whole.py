"""Recordings that nothing is wrong with, of which nothing may be said."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.attack.mutants import is_told

from ostinato.errors import MediaError
from ostinato.media import open_working_copy

SUFFIXES = frozenset({".flac", ".m4a", ".mka", ".mkv", ".mp3", ".mp4", ".ogg", ".opus", ".wav"})


def false_alarms(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Read every recording of a folder; yield each with what is said of it, None for nothing."""
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES):
        with tempfile.TemporaryDirectory() as cache:
            try:
                copy = open_working_copy(path, cache_dir=Path(cache))
            except MediaError as error:
                yield path, str(error)
            else:
                yield path, repr(copy.condition) if is_told(copy) else None


def main() -> None:
    """Print what is said of whole recordings, and how many there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    found = list(false_alarms(parser.parse_args().folder))
    for path, words in found:
        if words is not None:
            print(f"{path}: {words}")  # noqa: T201 - a program
    n_told = sum(words is not None for _, words in found)
    print(f"{len(found)} recordings, of {n_told} something is said")  # noqa: T201 - a program


if __name__ == "__main__":
    sys.exit(main())
