"""The command that looks for what a film repeats, and makes a song of it when asked to."""

import argparse
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory

from ostinato.cli.commands import name_streams, write_all
from ostinato.cli.pairs import promotion
from ostinato.cli.progress import progress_bars
from ostinato.errors import StudyError
from ostinato.pipeline import discover, n_taken_back, promote
from ostinato.results import (
    CUES_FOLDER,
    Film,
    Results,
    ResultsFolder,
    at_work_in,
    check_writable,
    result_names,
)
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
        scenes=arguments.scenes,
    )
    check_writable(out)
    name_streams(study)
    inputs = (arguments.film, *([] if arguments.scenes is None else [arguments.scenes]))
    with at_work_in(out, inputs=inputs) as work:
        cues = (f"{CUES_FOLDER}/{cue_id}.flac" for cue_id in names if cue_id.isalnum())
        work.check_places([*result_names(), *cues])
        with progress_bars() as watch:
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
            print(write_all(results, work, cues=promoted))
    print()
    if names:
        paths = tuple(out / CUES_FOLDER / path.name for path in promoted)
        print("\n".join(_to_analyze(arguments.film, names, paths)))
    elif results.songs:
        print(_how_to_promote(results))


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
