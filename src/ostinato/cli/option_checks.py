"""What people type and do not mean: options without effect, misspelt, or given twice."""

import argparse
import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ostinato.errors import ParameterError

_NEEDS = {
    # option, its attribute: stages of which it needs one
    "--song": ("song", ("cues",)),
    "--stems": ("stems", ("separation",)),
    "--subtitles": ("subtitles", ("speech",)),
    "--subtitle-shift": ("subtitle_shift_s", ("speech",)),
    "--subtitle-speed": ("subtitle_speed", ("speech",)),
    "--italics": ("italics", ("speech",)),
    "--labels": ("labels", ("speech",)),
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
