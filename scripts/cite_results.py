"""Print a paragraph that an essay can cite, from results on disk.

    python scripts/cite_results.py DIR

DIR is what `ostinato analyze --out` wrote.
"""

import argparse
from pathlib import Path

from ostinato.errors import OstinatoError
from ostinato.report import cite
from ostinato.results import read_results


def main() -> None:
    """Read the results and print the paragraph."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    try:
        print(cite(read_results(parser.parse_args().folder)))
    except OstinatoError as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
