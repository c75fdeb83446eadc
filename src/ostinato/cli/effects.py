"""Options that do nothing beside others are refused by name, before anything is read."""

import argparse
from collections.abc import Callable, Iterator, Sequence

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


def check_effects(command: str, arguments: argparse.Namespace, *, stages: Sequence[str]) -> None:
    """Refuse options of a command that have no effect together.

    `stages`: those that there are. Raises ParameterError naming both options.
    """
    check = _CHECKS.get(command)
    if check is None:
        return
    for option, reason, mend in check(arguments, stages):
        raise ParameterError(f"{command}, {option}", reason, mend)


_Faults = Iterator[tuple[str, str, str]]


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
