"""What `ostinato export` and `ostinato import` accept."""

import argparse

from ostinato.choices import EXPORT_FORMATS, IMPORTED_AS
from ostinato.cli.arguments import author, format_list, place

EXPORT = (
    "write results as files of other programs",
    """\
examples:
  ostinato export results --to eaf,textgrid      for ELAN and Praat, into results/export
  ostinato export results --to edl,premiere --fps 24000/1001 --tc-start 01:00:00:00
  ostinato export results --to all --base-url https://example.org/film/ --out for-the-archive
""",
)
"""Summary and examples of the one."""
IMPORT = (
    "take over what a file of another program says",
    """\
examples:
  ostinato import results results/export/layers.eaf --author Anna
      what you have moved in ELAN is taken over; what you have left alone is not
  ostinato import results scenes.csv --as scenes
  ostinato import results film-words.json      words of WhisperX, to be searched
  ostinato import results --find "memories"
""",
)
"""Summary and examples of the other."""


def exports(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add what `ostinato export` takes."""
    parser.add_argument("folder", type=place, metavar="DIR", help="what analyze --out was given")
    parser.add_argument(
        "--to",
        type=format_list,
        required=True,
        metavar="LIST",
        help=f"some of {', '.join(EXPORT_FORMATS)}, with commas between them; or all",
    )
    parser.add_argument(
        "--fps", metavar="RATE", help="frames in a second, such as 24000/1001; 24 by default"
    )
    parser.add_argument(
        "--drop", action="store_true", help="count frames as drop-frame timecode, at 29.97 or 59.94"
    )
    parser.add_argument(
        "--tc-start", metavar="TIMECODE", help="of the film's first frame; 00:00:00:00 by default"
    )
    parser.add_argument("--base-url", metavar="URL", help="where the files will stand on the web")
    parser.add_argument(
        "--out", type=place, metavar="DIR", help="where to write; the folder export in DIR"
    )
    return parser


def imports(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add what `ostinato import` takes."""
    parser.add_argument("folder", type=place, metavar="DIR", help="what analyze --out was given")
    parser.add_argument(
        "file",
        type=place,
        nargs="?",
        metavar="FILE",
        help="of ELAN, Praat, Audacity, subtitles, Whisper, pyannote or another; a table",
    )
    parser.add_argument(
        "--as",
        dest="taken_as",
        choices=IMPORTED_AS,
        help="what rows are that the program has not written; by their words if left out",
    )
    parser.add_argument("--author", type=author, metavar="NAME", help="whose word it is")
    parser.add_argument(
        "--layer",
        action="append",
        default=[],
        metavar="NAME",
        help="only this tier or layer of the file; may be given again",
    )
    parser.add_argument(
        "--find", metavar="WORDS", help="search the words that were imported, and nothing else"
    )
    return parser
