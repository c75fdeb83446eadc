"""`ostinato review`: the page to listen and to correct, and results with what a person said."""

import argparse
import sys
from collections.abc import Sequence

from ostinato.cli.output import say, tell
from ostinato.legible import isolated

TYPE_CHECKING = False  # a server is loaded where one is asked for, and by no other command
if TYPE_CHECKING:
    from ostinato.results import DrawnFinds, SampledLabel
    from ostinato.review_page import Opening


_STOP = "Ctrl-C ends it; what was acknowledged is kept."


def review_command(arguments: argparse.Namespace) -> None:
    """Serve a folder of results for review."""
    from ostinato.review_page import review  # noqa: PLC0415 - see above

    folder = isolated(str(arguments.folder))
    review(
        _opening(arguments),
        tell=lambda link: say(f"{folder} is open at\n  {link}\n{_STOP}"),
        tell_end=lambda: tell("ostinato: the results are written with your changes ..."),
    )


def by_ear(
    arguments: argparse.Namespace, sample: "Sequence[SampledLabel]"
) -> "tuple[SampledLabel, ...]":
    """Serve the random sample of a folder, and return it with the answers that were given."""
    from ostinato.review_page import label_by_ear  # noqa: PLC0415 - see above

    return label_by_ear(
        _opening(arguments),
        sample,
        tell=lambda link: say(f"{len(sample):,} segments to label by ear, at\n  {link}\n{_STOP}"),
    )


def finds_by_ear(arguments: argparse.Namespace, drawn: "DrawnFinds") -> int:
    """Serve the random sample of a film's pieces, and return how many have a verdict."""
    from ostinato.review_page import judge_by_ear  # noqa: PLC0415 - see above

    n = len(drawn.drawn)
    return judge_by_ear(
        _opening(arguments),
        drawn,
        tell=lambda link: say(f"{n:,} pieces to listen to for songs, at\n  {link}\n{_STOP}"),
    )


def is_by_ear(arguments: argparse.Namespace) -> bool:
    """Tell whether a page is wanted: a script that draws a sample must not wait for a person."""
    asked = (*(arguments.port, arguments.coder, arguments.author, arguments.film, arguments.cache),)
    return any(one is not None for one in asked) or not arguments.opens or sys.stdout.isatty()


def _opening(arguments: argparse.Namespace) -> "Opening":
    from ostinato.review_page import Opening  # noqa: PLC0415 - see above

    return Opening(
        folder=arguments.folder,
        port=arguments.port,
        coder=arguments.coder,
        author=arguments.author,
        opens=arguments.opens,
        film=arguments.film,
        cache_dir=arguments.cache,
    )
