"""The command that looks for what a film repeats, and makes a song of it when asked to."""

import argparse
from pathlib import Path

from ostinato.cli.commands import name_streams, write_all
from ostinato.cli.pairs import promotions, readable
from ostinato.cli.progress import progress
from ostinato.cli.shell import command, option
from ostinato.cli.terminal import say
from ostinato.legible import isolated
from ostinato.media import probe
from ostinato.pipeline import discover, expected_discovery_s, promote
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
    names = promotions(arguments.promote)
    study = Study(
        film=arguments.film,
        edition=None if arguments.edition is None else readable(arguments.edition),
        stream=arguments.stream,
        channel=arguments.channel,
        clock=arguments.clock or "player",
        scenes=arguments.scenes,
    )
    check_writable(out)
    name_streams(study)
    expected_s = expected_discovery_s(probe(study.film).duration_s or 0.0)
    with progress(expected_s, is_quiet=arguments.quiet) as watch:
        results = discover(study, cache_dir=arguments.cache, watch=watch)
    promoted = promote(study, results, tuple(names), folder=out / "cues", cache_dir=arguments.cache)
    say(write_all(results, out))
    say("")
    if names:
        say("\n".join(_to_analyze(arguments.film, names, promoted)))
    elif results.songs:
        say(_how_to_promote(results))


def _to_analyze(film: Path, names: dict[str, str], paths: tuple[Path, ...]) -> list[str]:
    """Say what was written, and how to look for it as a song."""
    songs = [
        word
        for name, path in zip(names.values(), paths, strict=True)
        for word in option("--song", f"{name}={path}")
    ]
    return [
        "Cut from the film, with all that is heard over it:",
        *(f"  {isolated(str(path))}" for path in paths),
        "To look for it as a song, until you have a clean recording to put in its place:",
        f"  {command('ostinato', 'analyze', film, *songs, '--out', 'DIR')}",
    ]


def _how_to_promote(results: Results) -> str:
    first = results.songs[0].id
    return (
        f"Listen to a cue where it is heard. To have it as a recording to look for, give the same "
        f'command again with --promote "{first}=NAME".'
    )
