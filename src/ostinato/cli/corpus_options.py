"""What `ostinato corpus` accepts."""

import argparse

from ostinato.cli.arguments import add_quiet, place, shard, whole

CORPUS = (
    "analyse many films, on this machine or on a cluster",
    """\
examples:
  ostinato corpus --films "films/*.mkv" --songs songs --out corpus
  ostinato corpus studies/*/study.toml --out corpus --workers 2
  ostinato corpus --films list.txt --songs songs --out corpus --scheduler tcp://10.0.0.1:8786
  ostinato corpus --films list.txt --songs songs --out corpus --shard 3/20
      one of twenty jobs; when all are done, the same without --shard writes the tables
  ostinato corpus report corpus                    write the page again
""",
)
"""Summary and examples."""


def corpus(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add what `ostinato corpus` takes."""
    parser.add_argument(
        "studies",
        type=place,
        nargs="*",
        metavar="STUDY",
        help="study files, one for each film; or the word report, and the folder of a corpus",
    )
    parser.add_argument(
        "--films", metavar="FILES", help="a folder, a pattern in quotes, or a list of paths (.txt)"
    )
    parser.add_argument(
        "--songs", metavar="FILES", help="recordings to look for in every film, in the same way"
    )
    parser.add_argument("--out", type=place, metavar="DIR", help="for results, tables and the page")
    parser.add_argument(
        "--workers", type=whole, metavar="N", help="films at once; one for each core by default"
    )
    parser.add_argument(
        "--threads", type=whole, default=1, metavar="N", help="cores of each worker; 1 by default"
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="of a Dask scheduler; dask starts one here, slurm asks Slurm for workers",
    )
    parser.add_argument(
        "--shard", type=shard, metavar="I/N", help="only the I-th of N parts of the films"
    )
    parser.add_argument(
        "--exhaustive",
        action="store_true",
        help="search each film in full for each song, even where a first look shows nothing",
    )
    parser.add_argument("--cache", type=place, metavar="DIR", help="where decoded sound is kept")
    add_quiet(parser)
    return parser
