"""The command that looks for what a film repeats, and makes a song of it when asked to."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from ostinato.cli.analyze import name_streams
from ostinato.cli.folder_commands import write_all
from ostinato.cli.named_inputs import promotions, readable, with_credits
from ostinato.cli.output import command, option, say
from ostinato.cli.progress import progress
from ostinato.errors import StudyError
from ostinato.legible import isolated
from ostinato.media import probe
from ostinato.pipeline import discover, expected_discovery_s, n_taken_back, promote
from ostinato.results import (
    CUES_FOLDER,
    Credits,
    Film,
    Results,
    ResultsFolder,
    at_work_in,
    check_writable,
    result_names,
)
from ostinato.review import (
    read_journal,
)
from ostinato.study import Study


def discover_command(arguments: argparse.Namespace) -> None:
    """Find the sound that a film repeats, and write results, figures and promised recordings."""
    out: Path = arguments.out
    names = promotions(arguments.promote)
    study = Study(
        film=arguments.film,
        edition=None if arguments.edition is None else readable(arguments.edition),
        credits=with_credits(Credits(), arguments),
        stream=arguments.stream,
        channel=arguments.channel,
        clock=arguments.clock or "player",
        scenes=arguments.scenes,
    )
    check_writable(out)
    name_streams(study)
    inputs = (arguments.film, *([] if arguments.scenes is None else [arguments.scenes]))
    with at_work_in(out, inputs=inputs) as work:
        cues = (f"{CUES_FOLDER}/{cue_id}.flac" for cue_id in names if cue_id.isalnum())
        work.check_places([*result_names(), *cues])
        expected_s = expected_discovery_s(probe(study.film).duration_s or 0.0)
        with progress(expected_s, is_quiet=arguments.quiet) as watch:
            results = discover(
                study,
                cache_dir=arguments.cache,
                watch=watch,
                admit=lambda film: _check_folder(work, film, replaces=arguments.replace),
            )
        with TemporaryDirectory() as folder:
            promoted = promote(
                study, results, tuple(names), folder=Path(folder), cache_dir=arguments.cache
            )
            say(write_all(results, work, cues=promoted, journal=read_journal(work.path)))
    say("")
    if names:
        paths = tuple(out / CUES_FOLDER / path.name for path in promoted)
        say("\n".join(_to_analyze(arguments.film, names, paths)))
    elif results.songs:
        say(_how_to_promote(results))


def _check_folder(work: ResultsFolder, film: Film, *, replaces: bool) -> None:
    if not replaces:
        work.check_film(film)
    if work.earlier is not None and n_taken_back(work.earlier) and not replaces:
        raise StudyError(
            str(work.path),
            "it holds labels that were taken back, and discover listens to no speech",
            "Give another folder with --out",
        )


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
