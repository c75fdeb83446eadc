"""What the command accepts, and its help."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn, TypeAlias

from ostinato.choices import (
    CHANNELS,
    CLOCKS,
    FORMATS,
    ITALICS,
    PALETTES,
    STAGES,
    STYLE_NAMES,
    TABLE_NAMES,
    TEMPLATE_NAMES,
    WIDTHS,
)
from ostinato.cli import exchange_options as exchange
from ostinato.cli.arguments import (
    ShowGlossary,
    add_quiet,
    author,
    check_effects,
    check_options,
    excerpt_seconds,
    gigabytes,
    known_command,
    mended,
    place,
    port,
    refuse_strays,
    share,
    shift_seconds,
    stage_list,
    streams,
    whole,
)
from ostinato.cli.corpus_options import CORPUS, corpus
from ostinato.cli.examples import (
    ANALYZE_EXAMPLES,
    CACHE_EXAMPLES,
    CITE_EXAMPLES,
    DEMO_EXAMPLES,
    DISCOVER_EXAMPLES,
    DOCTOR_EXAMPLES,
    EXCERPTS_EXAMPLES,
    FIGURES_EXAMPLES,
    INIT_EXAMPLES,
    LABEL_EXAMPLES,
    PLAN_EXAMPLES,
    REPORT_EXAMPLES,
    REVIEW_EXAMPLES,
)
from ostinato.version import VERSION

Handler = Callable[[argparse.Namespace], None]


def parse(argv: list[str] | None, handlers: Mapping[str, Handler]) -> argparse.Namespace:
    """Parse arguments; ``handler`` of what comes back is the command's function.

    `argv`: arguments without the program's name; None for those of the process; `handlers`: one for
    each command. Raises ParameterError if they are not what the command takes.
    """
    parser, of_command = parsers(handlers)
    words = known_command(sys.argv[1:] if argv is None else argv, of_command)
    if words[0] not in of_command:
        return parser.parse_args(words)
    own = of_command[words[0]]
    check_options(own, words[1:])
    arguments, strays = parser.parse_known_args(words)
    refuse_strays(own, strays)
    check_effects(words[0], arguments, stages=STAGES)
    return arguments


def parsers(
    handlers: Mapping[str, Handler],
) -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """Return the parser of the command, and those of its commands by name.

    `handlers`: one for each command.
    """
    parser = _Parser(
        prog="ostinato",
        description="Study how a film's soundtrack repeats itself and who speaks in it.",
        epilog="ostinato COMMAND --help shows examples.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {VERSION}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    builders = {
        "demo": _demo,
        "analyze": _analyze,
        "discover": _discover,
        "figures": _figures,
        "report": _report,
        "excerpts": _excerpts,
        "export": lambda all_of: exchange.exports(_add(all_of, "export", *exchange.EXPORT)),
        "import": lambda all_of: exchange.imports(_add(all_of, "import", *exchange.IMPORT)),
        "corpus": lambda all_of: corpus(_add(all_of, "corpus", *CORPUS)),
        "label": _label,
        "review": _review,
        "cite": _cite,
        "init": _init,
        "plan": _plan,
        "doctor": _doctor,
        "cache": _cache,
    }
    of_command: dict[str, argparse.ArgumentParser] = {}
    for name, build in builders.items():
        of_command[name] = build(commands)
        of_command[name].set_defaults(handler=handlers[name])
    return parser, of_command


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one message, without the usage, which ``--help`` shows."""

    def error(self, message: str) -> NoReturn:
        raise mended(self, message)


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"  # noqa: SLF001 - it has no other name


def _add(commands: _Commands, name: str, summary: str, examples: str) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _demo(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(commands, "demo", "make a film with known truth and analyse it", DEMO_EXAMPLES)
    parser.add_argument("--out", type=place, default=Path("demo-out"), metavar="DIR")
    add_quiet(parser)
    return parser


def _analyze(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(commands, "analyze", "find the songs and the speech of a film", ANALYZE_EXAMPLES)
    parser.add_argument("film", type=place, nargs="?", help="the film or its extracted soundtrack")
    parser.add_argument(
        "--song",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="a recording to look for; may be given again",
    )
    parser.add_argument("--study", type=place, metavar="FILE", help="a study.toml to start from")
    _about_subtitles(parser)
    parser.add_argument("--labels", type=place, metavar="FILE", help="a file of your labels")
    parser.add_argument(
        "--speech-stem",
        type=place,
        metavar="FILE",
        help="the film's speech alone, as another program has separated it",
    )
    parser.add_argument(
        "--speech-stem-by", metavar="TEXT", help="which program that was, with its version"
    )
    parser.add_argument(
        "--stages",
        type=stage_list,
        metavar="LIST",
        help=f"only these of {','.join(STAGES)}",
    )
    parser.add_argument(
        "--stems", action="store_true", help="write the songs and the film without them, as FLAC"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="check all that a run would, and estimate it"
    )
    add_quiet(parser)
    _about_film(parser)
    return parser


def _about_subtitles(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--subtitles", type=place, metavar="FILE", help="SRT, VTT, ASS or another")
    parser.add_argument(
        "--subtitle-shift",
        dest="subtitle_shift_s",
        type=shift_seconds,
        metavar="S",
        help="seconds that are added to the subtitles' times; found by itself if not given",
    )
    parser.add_argument(
        "--subtitle-speed",
        metavar="RATIO",
        help="what the subtitles' times are multiplied by first, such as 25/24",
    )
    parser.add_argument(
        "--italics",
        choices=ITALICS,
        help="whether italics in subtitles are narration, or only evidence, as by default",
    )


def _about_film(parser: argparse.ArgumentParser) -> None:
    """Add what every command takes that reads a film."""
    parser.add_argument("--scenes", type=place, metavar="FILE", help="table of scenes")
    parser.add_argument(
        "--stream",
        type=streams,
        metavar="N",
        help="audio stream, from 0; 0+1 for two mono streams that are left and right",
    )
    parser.add_argument("--channel", choices=CHANNELS, help="only this one, where each is a track")
    parser.add_argument(
        "--clock",
        choices=CLOCKS,
        help="count times as the container does, or from the first sample; as players by default",
    )
    parser.add_argument("--edition", metavar="TEXT", help="which edition of the film this is")
    for name, words in (
        ("title", "of the film, as a reference gives it; its file's name is no title"),
        ("director", "of the film; ';' parts several"),
        ("country", "of the film"),
        ("distributor", "of the film"),
    ):
        parser.add_argument(f"--{name}", metavar="TEXT", help=words)
    parser.add_argument("--year", type=whole, metavar="YEAR", help="of the film's release")
    parser.add_argument("--cache", type=place, metavar="DIR", help="where decoded sound is kept")
    parser.add_argument("--out", type=place, required=True, metavar="DIR", help="for the results")
    parser.add_argument(
        "--replace", action="store_true", help="let them take the place of another film's in DIR"
    )


def _discover(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(
        commands,
        "discover",
        "find the sound that a film repeats, without a recording of it",
        DISCOVER_EXAMPLES,
    )
    parser.add_argument("film", type=place, help="the film or its extracted soundtrack")
    parser.add_argument(
        "--promote",
        action="append",
        default=[],
        metavar="CUE=NAME",
        help="write DIR/cues/CUE.flac, to look for as a song; may be given again",
    )
    add_quiet(parser)
    _about_film(parser)
    return parser


def _figures(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(commands, "figures", "draw the figures of results again", FIGURES_EXAMPLES)
    parser.add_argument("folder", type=place, metavar="DIR", help="what analyze --out was given")
    parser.add_argument("--format", choices=FORMATS, help="only this format")
    parser.add_argument(
        "--width",
        choices=WIDTHS,
        default="page",
        help="a column of a journal (85 mm), the text of a page (the default), or a slide of 16:9",
    )
    parser.add_argument(
        "--palette",
        choices=PALETTES,
        default="colour",
        help="one colour a song, which a photocopy keeps apart (the default), or greys alone",
    )
    parser.add_argument(
        "--equal-slopes",
        action="store_true",
        help="draw a second of song as long on every map: strokes of one speed are parallel",
    )
    return parser


def _report(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(
        commands, "report", "write the page of results again: one file, offline", REPORT_EXAMPLES
    )
    parser.add_argument("folder", type=place, metavar="DIR", help="what analyze --out was given")
    parser.add_argument(
        "--embed-excerpts",
        action="store_true",
        help="put a short excerpt of each occurrence into the page, to be played there",
    )
    return parser


def _excerpts(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(
        commands, "excerpts", "cut cues before and after the song was taken out", EXCERPTS_EXAMPLES
    )
    parser.add_argument(
        "folder", type=place, metavar="DIR", help="what analyze --stems has written"
    )
    parser.add_argument(
        "--seconds", type=excerpt_seconds, default=12.0, metavar="S", help="of each; 12 by default"
    )
    parser.add_argument(
        "--candidates",
        action="store_true",
        help="cut out the candidates instead, in which a song may be heard that was not counted",
    )
    return parser


def _label(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(commands, "label", "draw speech at random to be labelled", LABEL_EXAMPLES)
    parser.add_argument("folder", type=place, metavar="DIR", help="what analyze --out was given")
    parser.add_argument(
        "-n",
        dest="number",
        type=whole,
        metavar="N",
        help="how many in all; 100 by default, and more later extend the sample",
    )
    _ways_to_label(parser)
    parser.add_argument(
        "--width",
        type=share,
        metavar="SHARE",
        help="say how many labels an interval of this width needs",
    )
    _page(parser)
    return parser


def _ways_to_label(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument(
        "--from", dest="labels", type=place, metavar="FILE", help="take labels back from this file"
    )
    doing.add_argument(
        "--next",
        dest="next_number",
        type=whole,
        metavar="N",
        help="choose the N segments that train the classifier best; they are no random sample",
    )
    doing.add_argument(
        "--compare",
        type=place,
        nargs="+",
        metavar="FILE",
        help="say how far label files agree, or one with the labels of DIR",
    )
    doing.add_argument(
        "--to", type=place, metavar="FILE", help="write the labels: .eaf, .TextGrid, .txt or .tsv"
    )
    doing.add_argument(
        "--finds",
        action="store_true",
        help="listen for the songs in pieces of the film: how many finds are right or missed",
    )


def _review(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(
        commands, "review", "listen and correct, on a page in your browser", REVIEW_EXAMPLES
    )
    parser.add_argument("folder", type=place, metavar="DIR", help="what analyze --out was given")
    _page(parser)
    return parser


def _page(parser: argparse.ArgumentParser) -> None:
    """Add what every command takes that serves a page."""
    parser.add_argument(
        "--port", type=port, metavar="N", help="where the page is served; a free one by default"
    )
    parser.add_argument(
        "--coder", metavar="NAME", help="a second person, whose answers are kept apart"
    )
    parser.add_argument(
        "--author", type=author, metavar="NAME", help="your name, beside all that you say"
    )
    parser.add_argument(
        "--no-open", dest="opens", action="store_false", help="print the link, and open no browser"
    )
    parser.add_argument("--film", type=place, metavar="FILE", help="where the film is now")
    parser.add_argument("--cache", type=place, metavar="DIR", help="where decoded sound is kept")


def _cite(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(commands, "cite", "write what an essay can cite", CITE_EXAMPLES)
    parser.add_argument("folder", type=place, metavar="DIR", help="what analyze --out was given")
    parser.add_argument(
        "--style", choices=STYLE_NAMES, default="mla", help="of the references; mla by default"
    )
    parser.add_argument(
        "--table", choices=TABLE_NAMES, help="write the tables alone, to be kept as a file"
    )
    parser.add_argument(
        "--glossary", action=ShowGlossary, help="explain the terms that are used, and nothing else"
    )
    return parser


def _init(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(commands, "init", "begin a study: a folder with files to fill in", INIT_EXAMPLES)
    parser.add_argument("folder", type=place, metavar="DIR")
    parser.add_argument(
        "--template", choices=TEMPLATE_NAMES, default="blank", help="blank by default"
    )
    return parser


def _plan(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(
        commands, "plan", "write down claims and rules before you look at the film", PLAN_EXAMPLES
    )
    parser.add_argument("study", type=place, metavar="FILE", help="the study.toml")
    return parser


def _doctor(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(commands, "doctor", "check the installation, or a media file", DOCTOR_EXAMPLES)
    parser.add_argument("media", type=place, nargs="?", metavar="FILE")
    parser.add_argument(
        "--clear-cache", action="store_true", help="remove decoded sound and finished stages"
    )
    parser.add_argument("--cache", type=place, metavar="DIR", help="another place of the cache")
    return parser


def _cache(commands: _Commands) -> argparse.ArgumentParser:
    parser = _add(commands, "cache", "list or remove what is kept from run to run", CACHE_EXAMPLES)
    doing = parser.add_mutually_exclusive_group()
    for name, words in (
        ("list", "say what is kept; so without any option"),
        ("prune", "remove what killed runs have left, and what is beyond the limit"),
        ("verify", "check all of it, and remove what is damaged"),
        ("clear", "remove all of it"),
    ):
        doing.add_argument(
            f"--{name}", dest="doing", action="store_const", const=name, default="list", help=words
        )
    parser.add_argument("--limit", type=gigabytes, metavar="GB", help="how large it may become")
    parser.add_argument("--cache", type=place, metavar="DIR", help="where it is, if elsewhere")
    return parser
