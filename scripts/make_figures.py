"""Draw the figures of results on disk: all that they can fill, with captions.

    python scripts/make_figures.py DIR --out figures

DIR is what `ostinato analyze --out` wrote; without it, the demonstration film is made and analysed.
The same results give the same bytes.
"""

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path

from ostinato.cli import main as ostinato
from ostinato.errors import OstinatoError
from ostinato.report import FORMATS, write_figures
from ostinato.results import read_picture, read_results


def main() -> None:
    """Read the results, write the figures and print their paths."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR")
    parser.add_argument("--out", type=Path, default=Path("figures"), metavar="DIR")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.folder is None:
            with contextlib.redirect_stdout(sys.stderr):
                status = ostinato(["demo", "--out", folder])
            if status != 0:
                parser.exit(status)
        try:
            source = arguments.folder or Path(folder)
            paths = write_figures(
                read_results(source),
                arguments.out,
                formats=FORMATS,
                formats_of_measures=FORMATS[:1],
                picture=read_picture(source),
            )
            for path in paths:
                print(path)
        except OstinatoError as error:
            parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
