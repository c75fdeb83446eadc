"""Find songs in a film, and write where they are heard as results, tables and a repetition map.

    python scripts/map_cues.py film.mkv --song "California Dreamin'=song.flac" --out cues

Speech is not listened for, which makes this the quicker half of `ostinato analyze`.
"""

import argparse
from pathlib import Path

from ostinato.errors import OstinatoError
from ostinato.pipeline import analyze
from ostinato.report import FORMATS, describe, write_figures
from ostinato.results import write_results
from ostinato.study import SongFile, Study


def main() -> None:
    """Read the arguments, find the songs and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("film", type=Path)
    parser.add_argument("--song", action="append", type=song, required=True, metavar="NAME=FILE")
    parser.add_argument("--edition", metavar="TEXT", help="which edition of the film this is")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="where decoded sound is kept")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    arguments = parser.parse_args()
    try:
        study = Study(
            film=arguments.film,
            songs=tuple(arguments.song),
            edition=arguments.edition,
            stages=("cues",),
        )
        results = analyze(study, cache_dir=arguments.cache)
        write_figures(results, arguments.out / "figures", formats=FORMATS)
        write_results(arguments.out, results)
    except OstinatoError as error:
        parser.exit(2, f"{error}\n")
    print(describe(results))


def song(text: str) -> SongFile:
    """Read ``NAME=FILE``."""
    title, _, path = text.partition("=")
    if not (title and path):
        raise argparse.ArgumentTypeError(f'{text!r} is no NAME=FILE, as in "Dreams=dreams.flac"')
    return SongFile(title=title, path=Path(path))


if __name__ == "__main__":
    main()
