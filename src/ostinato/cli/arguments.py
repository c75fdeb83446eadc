"""What an argument may be, and which are misspelt, given twice, or without effect."""

import argparse
import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from ostinato.cli.output import say
from ostinato.errors import ParameterError

ADDRESS = re.compile(r"(?!file:)[A-Za-z][A-Za-z0-9+.-]+://?[^/\\]")
"""How an address on the network begins, also where a path has lost one of its slashes."""
_FILE_ADDRESS = re.compile(r"file:/", re.IGNORECASE)
_STREAMS = re.compile(r"([+-]?[0-9]{1,9})(?:\+([0-9]{1,9}))?")
_LONGEST_SHIFT_S = 36_000.0
_MOST_GIGABYTES = 1e6
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_LONGEST_AUTHOR = 100
_FIRST_PORT, _PORTS = 1024, 65536
_LONGEST_EXCERPT_S = 600.0  # three files of each cue, some 100 MB a stereo one
_NEEDS = {
    # option, its attribute: stages of which it needs one
    "--song": ("song", ("cues",)),
    "--stems": ("stems", ("separation",)),
    "--subtitles": ("subtitles", ("speech",)),
    "--subtitle-shift": ("subtitle_shift_s", ("speech",)),
    "--subtitle-speed": ("subtitle_speed", ("speech",)),
    "--italics": ("italics", ("speech",)),
    "--labels": ("labels", ("speech",)),
    "--speech-stem": ("speech_stem", ("speech",)),
    "--speech-stem-by": ("speech_stem_by", ("speech",)),
}
_DOING = {
    "--from": "labels",
    "--next": "next_number",
    "--compare": "compare",
    "--to": "to",
}
_Faults = Iterator[tuple[str, str, str]]
_ALIASES = {"analyse": "analyze"}
_CLOSE = 0.72  # --otu is close to --out, --colour is not to --country
_QUOTES = 'Put a title with blanks between quotes, as in --song "Two words=song.flac"'
_Parsers = Mapping[str, argparse.ArgumentParser]


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """Add the option to show no progress."""
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def place(text: str) -> Path:
    """Read the path of a file or a folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty; give a name")
    if "\0" in text:
        raise argparse.ArgumentTypeError("no name holds a NUL; give one without")
    if ADDRESS.match(text):
        raise argparse.ArgumentTypeError(
            f"{text} is an address, and nothing is fetched from a network; download it first, "
            "and give the file"
        )
    if _FILE_ADDRESS.match(text):
        raise argparse.ArgumentTypeError(f"{text} is an address; give the path without file:")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise argparse.ArgumentTypeError(
            f"{text} names the home of a user who is not known; give the whole path"
        ) from error


def port(text: str) -> int:
    """Read the number of a port that a person may use."""
    number = whole(text)
    if not _FIRST_PORT <= number < _PORTS:
        raise argparse.ArgumentTypeError(f"{text} is none; give one from 1024 to 65535")
    return number


def author(text: str) -> str:
    """Read the name of a person, as it will stand beside what they say."""
    name = " ".join(text.split())
    if not 0 < len(name) <= _LONGEST_AUTHOR or not name.isprintable():
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no name; give 1 to 100 letters")
    return name


def whole(text: str) -> int:
    """Read a whole number."""
    if not _WHOLE.fullmatch(text.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def shard(text: str) -> tuple[int, int]:
    """Read which of how many parts is meant, such as 3/20."""
    first, _, second = text.partition("/")
    if not (first.isascii() and first.isdigit() and second.isascii() and second.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no part such as 3/20")
    index, n_shards = int(first), int(second)
    if not 1 <= index <= n_shards:
        raise argparse.ArgumentTypeError(f"there is no part {index} of {n_shards}")
    return index, n_shards


def streams(text: str) -> int | tuple[int, int]:
    """Read which audio streams are meant.

    `text`: ``1``, or ``0+1`` for two mono streams that are left and right.
    """
    found = _STREAMS.fullmatch(text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number nor two, such as 1 or 0+1")
    return int(found[1]) if found[2] is None else (int(found[1]), int(found[2]))


def stage_list(text: str) -> tuple[str, ...]:
    """Read a list of stages."""
    return tuple(dict.fromkeys(stage.strip().lower() for stage in text.split(",")))


def format_list(text: str) -> tuple[str, ...]:
    """Read a list of formats."""
    return tuple(name for name in stage_list(text) if name)


def excerpt_seconds(text: str) -> float:
    """Read how long an excerpt is to be."""
    seconds = _number(text)
    if not 0 < seconds <= _LONGEST_EXCERPT_S:
        raise argparse.ArgumentTypeError(
            f"{text} is no length of an excerpt; give seconds above 0, up to "
            f"{_LONGEST_EXCERPT_S:.0f}"
        )
    return seconds


def shift_seconds(text: str) -> float:
    """Read a shift in time.

    `text`: the argument; a decimal comma is accepted.
    """
    shift_s = _number(text.replace(",", "."))
    if not abs(shift_s) <= _LONGEST_SHIFT_S:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds within ten hours")
    return shift_s


def gigabytes(text: str) -> float:
    """Read how large something may become."""
    size = _number(text)
    if not 0 <= size <= _MOST_GIGABYTES:
        raise argparse.ArgumentTypeError(f"{text} is no size; give gigabytes, such as 20")
    return size


def share(text: str) -> float:
    """Read a share."""
    value = _number(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is no share between 0 and 1")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from error


class ShowGlossary(argparse.Action):
    """Print the glossary and end, as ``--version`` does; nothing else need be given."""

    def __init__(self, option_strings: Sequence[str], dest: str, **named: Any) -> None:  # noqa: ANN401 - as argparse passes them on
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **named)

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002 - an action is called so
        values: object,  # noqa: ARG002
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        """Print it."""
        text = files("ostinato").joinpath("report", "glossary.md").read_text(encoding="utf-8")
        say(text.rstrip())
        parser.exit()


def check_effects(command: str, arguments: argparse.Namespace, *, stages: Sequence[str]) -> None:
    """Refuse options of a command that have no effect together.

    `stages`: those that there are. Raises ParameterError naming both options.
    """
    check = _CHECKS.get(command)
    if check is None:
        return
    for option, reason, mend in check(arguments, stages):
        raise ParameterError(f"{command}, {option}", reason, mend)


def _of_analyze(given: argparse.Namespace, stages: Sequence[str]) -> _Faults:
    if given.film is not None and given.film.suffix.lower() == ".toml":
        yield (
            str(given.film),
            "it is given as the film, and its name is that of a study",
            f"Write --study {given.film}",
        )
    yield from _of_film(given, stages)
    if given.stages is None:
        return
    if not set(given.stages) <= set(stages):  # which the study refuses
        return
    for option, (name, needed) in _NEEDS.items():
        value = getattr(given, name)
        is_given = value is not None and value is not False and value != []  # 0 is given
        if is_given and not set(needed) & set(given.stages):
            yield (
                option,
                f"it has no effect with --stages {','.join(given.stages)}",
                f"Leave it out, or add the stage {needed[0]}",
            )


def _of_film(given: argparse.Namespace, _stages: Sequence[str]) -> _Faults:
    if given.channel is not None and isinstance(given.stream, tuple):
        left, right = given.stream
        yield (
            "--channel",
            f"it has no effect with --stream {left}+{right}, which takes both as left and right",
            f"To hear one of them, give --stream {left} or --stream {right} alone",
        )


def _of_label(given: argparse.Namespace, _stages: Sequence[str]) -> _Faults:
    doing = next((name for name, dest in _DOING.items() if getattr(given, dest) is not None), None)
    if given.number is not None and doing is not None:
        yield (
            "-n",
            f"it has no effect with {doing}: it says how many to draw",
            "Leave one of them out",
        )
    for option, is_given in _of_page(given):
        if is_given and doing is not None:
            yield option, f"it has no effect with {doing}: no page is served", "Leave it out"
    if given.width is not None and doing != "--from":
        yield (
            "--width",
            f"it has no effect {'alone' if doing is None else f'with {doing}'}",
            "Give it with --from, which says how wide the interval is",
        )


def _of_page(given: argparse.Namespace) -> Iterator[tuple[str, bool]]:
    yield "--port", given.port is not None
    yield "--coder", given.coder is not None
    yield "--author", given.author is not None
    yield "--no-open", not given.opens
    yield "--film", given.film is not None
    yield "--cache", given.cache is not None


def _of_doctor(given: argparse.Namespace, _stages: Sequence[str]) -> _Faults:
    if given.media is not None and given.clear_cache:
        yield (
            "--clear-cache",
            "it has no effect on a file",
            "Leave the file out, or give the command twice",
        )
    if given.cache is not None and not given.clear_cache:
        yield "--cache", "it has no effect without --clear-cache", "Add it, or leave this out"


_CHECKS: dict[str, Callable[[argparse.Namespace, Sequence[str]], _Faults]] = {
    "analyze": _of_analyze,
    "discover": _of_film,
    "label": _of_label,
    "doctor": _of_doctor,
}


def known_command(argv: Sequence[str], commands: Iterable[str]) -> list[str]:
    """Return the arguments with the command as the parser knows it.

    `argv`: arguments; without any, help is what a person wants; `commands`: those that there are.
    Raises ParameterError if there is no such command; names the one that is spelt most like it.
    """
    if not argv:
        return ["--help"]
    word, *rest = argv
    if word == "help":
        return [*rest[:1], "--help"]
    if word.startswith("-") or word in (commands := tuple(commands)):
        return list(argv)
    if word.lower() in (*commands, *_ALIASES):
        return [_ALIASES.get(word.lower(), word.lower()), *rest]
    raise ParameterError(
        "command line",
        f"there is no command {word!r}",
        _meant(word.lower(), [*commands, *_ALIASES]) + "`ostinato --help` lists the commands",
    )


def check_options(parser: argparse.ArgumentParser, argv: Sequence[str]) -> None:
    """Refuse options that a command does not have, and those whose second value undoes the first.

    Raises ParameterError naming the option.
    """
    actions = parser._option_string_actions  # noqa: SLF001 - there is no public list
    given = Counter[str]()
    for before, word in zip(["", *argv], argv, strict=False):
        if word == "--":
            break
        if not _is_option(word):
            continue
        name = word.partition("=")[0] if word.startswith("--") else word[:2]
        if name not in actions:
            owner = actions.get(before)
            mend = _meant(name, actions) + _see_help(parser)
            if owner is not None and owner.nargs is None:
                mend = f"A value that begins with a dash is written {before}=VALUE; {mend}"
            raise ParameterError(_named(parser), f"it has no option {name}", mend)
        action = actions[name]
        given[action.dest] += 1
        if given[action.dest] > 1 and _is_single(action):
            raise ParameterError(
                f"{_named(parser)}, {name}", "it is given twice", "Give it once, as it is meant"
            )


def refuse_strays(parser: argparse.ArgumentParser, strays: Sequence[str]) -> None:
    """Refuse words that belong to nothing.

    `strays`: words that were left over. Raises ParameterError if there are any.
    """
    strays = [word for word in strays if word != "--"]
    if not strays:
        return
    takes_songs = "--song" in parser._option_string_actions  # noqa: SLF001 - as above
    if any(_is_option(word) for word in strays):
        mend = "Give options before --, which makes a name of all that follows"
    elif takes_songs:
        mend = _QUOTES
    else:
        mend = f"Put a name with blanks between quotes; {_see_help(parser)}"
    words = " ".join(strays)
    raise ParameterError(_named(parser), f"nothing is known to do with {words!r}", mend)


def mended(parser: argparse.ArgumentParser, message: str) -> ParameterError:
    """Return the error for what argparse has found."""
    mend = _see_help(parser)
    if message.endswith("expected one argument"):
        name = message.removeprefix("argument ").partition(":")[0].split("/")[-1]
        mend = f"Give it what it needs; a value that begins with a dash is written {name}=VALUE"
    return ParameterError(_named(parser), message, mend)


def _named(parser: argparse.ArgumentParser) -> str:
    return parser.prog.partition(" ")[2] or "command line"


def _see_help(parser: argparse.ArgumentParser) -> str:
    return f"`{parser.prog} --help` shows examples"


def _is_option(word: str) -> bool:
    # as argparse: a word with a blank is a name, and one like -1 a number
    name = word.partition("=")[0] if word.startswith("--") else word
    is_number = word[1:].replace(".", "", 1).isdigit()
    return len(word) > 1 and word.startswith("-") and " " not in name and not is_number


def _is_single(action: argparse.Action) -> bool:
    kept = type(action).__name__
    return action.nargs != 0 and kept != "_AppendAction"


def _meant(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=_CLOSE)
    return f"Did you mean {_ALIASES.get(close[0], close[0])}? " if close else ""
