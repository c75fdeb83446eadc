"""Whether a change of the source changes results: ``python benchmarks/same KEPT [CORPUS]``.

The first call makes six small films in KEPT, analyses each by the public command, and keeps what
was written. Each later call analyses the same films anew, with the sources as they are then, and
compares file by file. What may differ is left out: dates, times, memory, machine, versions.
``--keep`` writes down the results of now in place of those kept; ``--twice`` shows first that one
state of the sources gives the same results twice. Exit status 1: something differs.

CORPUS holds ``songs/``, ``speech/``, ``ambience/`` and ``rooms/``; without it only the
demonstration and the film of the tests are compared.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from comparing import Difference, differences, digests, read_kept, write_kept
from works import Work, make_works, run_work


def main() -> int:
    """Make what is missing, run every work, and print what differs."""
    arguments = _arguments()
    kept: Path = arguments.kept
    kept.mkdir(parents=True, exist_ok=True)
    corpus = arguments.corpus if (arguments.corpus / "songs").is_dir() else None
    n_different = 0
    for work in make_works(kept / "films", corpus, arguments.only):
        before, place = read_kept(kept, work.name), kept / f"{work.name}.json"
        with tempfile.TemporaryDirectory(dir=kept) as name:
            now = digests(_ran(work, Path(name), kept))
        if before is None or arguments.keep:
            write_kept(place, now)
            print(f"{work.name}: {len(now)} files kept")
            before = now
        if arguments.twice:
            with tempfile.TemporaryDirectory(dir=kept) as name:
                now = digests(_ran(work, Path(name), kept))
        found = differences(before, now)
        n_different += len(found)
        _print(work, found, len(now))
    return 1 if n_different else 0


def _ran(work: Work, scratch: Path, kept: Path) -> Path:
    """Run a work in a folder of its own; what it wrote last stays beside what was kept."""
    run_work(work, scratch)
    last = kept / "last" / work.name
    shutil.rmtree(last, ignore_errors=True)
    shutil.copytree(scratch / "out", last)
    return last


def _print(work: Work, found: Sequence[Difference], n_files: int) -> None:
    if not found:
        print(f"{work.name}: {n_files} files are the same")
    for one in found:
        print(f"{work.name}: {one.name}: {one.what}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("kept", type=Path, help="folder for films and what was kept")
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--keep", action="store_true", help="keep the results of now")
    parser.add_argument("--twice", action="store_true", help="run each work twice")
    parser.add_argument("--only", nargs="*", default=[], help="names of works")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
