"""Readers of text under a fuzzer that is guided by coverage: `make fuzz`.

    python -m tests.attack.fuzz --reader SubRip --seconds 600

Without a reader each has its turn, in a process of its own. What ends one is printed with its bytes
and is a defect: a traceback, or a cost out of proportion.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

_MOST_BYTES = 20_000
_READ_BY = ["ostinato.speech", "ostinato.study", "ostinato.results", "ostinato.timeline"]


def _fuzz(name: str, seconds: int) -> None:
    import atheris  # noqa: PLC0415 - of the extra `fuzz`, and not for every system

    with atheris.instrument_imports(include=_READ_BY):
        from tests.attack.texts import READERS, complaint  # noqa: PLC0415 - watched while it loads

    reader = READERS[name]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        (corpus / "whole").write_bytes(reader.text)

        def one(data: bytes) -> None:
            if (wrong := complaint(reader, data, Path(folder))) is not None:
                raise AssertionError(f"{name}: {wrong}: {data!r}")

        options = [f"-max_total_time={seconds}", f"-max_len={_MOST_BYTES}", "-timeout=30"]
        atheris.Setup([sys.argv[0], *options, "-rss_limit_mb=3000", str(corpus)], one)
        atheris.Fuzz()


def main() -> int:
    """Fuzz one reader, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reader", help="one of tests.attack.texts.READERS; all by default")
    parser.add_argument("--seconds", type=int, default=600)
    given = parser.parse_args()
    if given.reader is not None:
        _fuzz(given.reader, given.seconds)
        return 0
    from tests.attack.texts import READERS  # noqa: PLC0415 - not yet loaded for one reader

    failed = []
    for name in READERS:
        command = [sys.executable, "-m", "tests.attack.fuzz", "--reader", name]
        done = subprocess.run([*command, "--seconds", str(given.seconds)], check=False)  # noqa: S603 - our own program
        failed += [name] if done.returncode else []
    print(f"{len(READERS)} readers, of which failed: {', '.join(failed) or 'none'}")  # noqa: T201 - a program
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
