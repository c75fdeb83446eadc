"""Print narration against dialogue for a film and each of its parts, from results on disk.

    python scripts/measure_narration.py DIR

DIR is what `ostinato analyze --out` wrote.
"""

import argparse
from pathlib import Path

from ostinato.errors import OstinatoError
from ostinato.results import Ratio, read_results
from ostinato.timeline import timecode


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _row(row: Ratio) -> str:
    seconds = (row.narration_s, row.dialogue_s, row.undetermined_s)
    numbers = (row.ratio, row.share, row.low, row.high)
    cells = [f"{timecode(s):>12}" for s in seconds] + [f"{_number(n):>6}" for n in numbers]
    return "  ".join([f"{row.scope:<28.28}", *cells, f"{row.n_labels:>6}"])


def main() -> None:
    """Read the results and print one line for each part of the film."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    try:
        results = read_results(parser.parse_args().folder)
    except OstinatoError as error:
        parser.error(str(error))
    print(f"{results.film.name}, {results.film.edition or 'edition not named'}")
    names = f"{'narration':>12}  {'dialogue':>12}  undetermined"
    print(f"{'scope':<28}  {names}   ratio   share     low    high  labels")
    for row in results.ratio:
        print(_row(row))
    for method in sorted({row.method for row in results.ratio}):
        print(f"Method: {method}.")


if __name__ == "__main__":
    main()
