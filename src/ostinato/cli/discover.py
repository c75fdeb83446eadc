"""The command that looks for what a film repeats, and makes a song of it when asked to."""

import argparse
import shlex
from pathlib import Path

from ostinato.cli.commands import name_streams, write_all
from ostinato.cli.pairs import promotion
from ostinato.cli.progress import progress_bars
from ostinato.pipeline import discover, promote
from ostinato.results import Results, check_writable
from ostinato.study import Study


def discover_command(arguments: argparse.Namespace) -> None:
    """Find the sound that a film repeats, and write results, figures and promised recordings.

    Parameters
    ----------
    arguments : argparse.Namespace
        The film, ``out`` and ``promote``, among others.
    """
    out: Path = arguments.out
    names = dict(promotion(text) for text in arguments.promote)
    study = Study(
        film=arguments.film,
        edition=arguments.edition,
        stream=arguments.stream,
        channel=arguments.channel,
        clock=arguments.clock or "player",
        scenes=arguments.scenes,
    )
    check_writable(out)
    name_streams(study)
    with progress_bars() as watch:
        results = discover(study, cache_dir=arguments.cache, watch=watch)
    promoted = promote(study, results, tuple(names), folder=out / "cues", cache_dir=arguments.cache)
    print(write_all(results, out))
    print()
    if names:
        print("\n".join(_to_analyze(arguments.film, names, promoted)))
    elif results.songs:
        print(_how_to_promote(results))


def _to_analyze(film: Path, names: dict[str, str], paths: tuple[Path, ...]) -> list[str]:
    """Say what was written, and how to look for it as a song."""
    songs = [
        f"--song {shlex.quote(f'{name}={path}')}"
        for name, path in zip(names.values(), paths, strict=True)
    ]
    return [
        "Cut from the film, with all that is heard over it:",
        *(f"  {path}" for path in paths),
        "To look for it as a song, until you have a clean recording to put in its place:",
        f"  ostinato analyze {shlex.quote(str(film))} {' '.join(songs)} --out DIR",
    ]


def _how_to_promote(results: Results) -> str:
    first = results.songs[0].id
    return (
        f"Listen to a cue where it is heard. To have it as a recording to look for, give the same "
        f'command again with --promote "{first}=NAME".'
    )
