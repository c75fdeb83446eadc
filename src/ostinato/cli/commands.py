"""The commands: each turns its arguments into calls of the package and prints what came of it."""

import argparse
import dataclasses
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from ostinato.choices import FORMATS
from ostinato.cli.dry_run import dry_run
from ostinato.cli.pairs import readable, song_file
from ostinato.cli.progress import progress
from ostinato.cli.reading import what_was_read
from ostinato.cli.shell import command
from ostinato.cli.terminal import say, tell
from ostinato.errors import OstinatoError, ParameterError, StudyError
from ostinato.legible import escaped_lines, isolated, visible
from ostinato.media import default_cache_dir, probe
from ostinato.media.faults import cache_faults
from ostinato.pipeline import analyze, expected_stages_s
from ostinato.report import citation, describe, write_figures
from ostinato.results import (
    Results,
    check_writable,
    read_results,
    replaced_at_once,
    write_atomically,
    write_results,
)
from ostinato.speech import read_written
from ostinato.study import STUDIES, Study, parse_speed, read_study, with_italics

_OF_SUBTITLES = {
    "--subtitle-shift": "subtitle_shift_s",
    "--subtitle-speed": "subtitle_speed",
    "--italics": "italics",
}


def analyze_command(arguments: argparse.Namespace) -> None:
    """Analyse a film and write its results and figures."""
    study = _study(arguments)
    if arguments.dry_run:
        name_streams(study)
        say(dry_run(study, arguments.out, cache_dir=arguments.cache, with_stems=arguments.stems))
        return
    say(
        report(
            study,
            arguments.out,
            cache_dir=arguments.cache,
            with_stems=arguments.stems,
            is_quiet=arguments.quiet,
        )
    )


def report(
    study: Study,
    out: Path,
    *,
    cache_dir: Path | None,
    with_stems: bool = False,
    is_quiet: bool = False,
) -> str:
    """Analyse a study into a folder and say what was found and written.

    Parameters
    ----------
    study : Study
        What to analyse.
    out : pathlib.Path
        For results, tables and figures.
    cache_dir : pathlib.Path or None
        Where decoded sound is kept.
    with_stems : bool, optional
        Whether to write the songs and the film without them.
    is_quiet : bool, optional
        Whether nothing is said of how far it is.

    Returns
    -------
    str
        For a person to read.
    """
    check_writable(out)
    name_streams(study)
    said = what_was_read(study)
    with _stems_folder(cache_dir) if with_stems else nullcontext() as stems_dir:
        with progress(_expected_s(study), is_quiet=is_quiet) as watch:
            results = analyze(study, cache_dir=cache_dir, watch=watch, stems_dir=stems_dir)
        return "\n".join([*said, write_all(results, out, stems_dir=stems_dir)])


def write_all(results: Results, out: Path, *, stems_dir: Path | None = None) -> str:
    """Write results, tables and figures into a folder, and say what was found and written.

    Parameters
    ----------
    results : Results
        What to write.
    out : pathlib.Path
        The folder.
    stems_dir : pathlib.Path, optional
        Stems that are to be moved there.

    Returns
    -------
    str
        For a person to read.
    """
    with replaced_at_once(out) as folder:
        figures = write_figures(results, folder / "figures", formats=FORMATS)
        stems = [] if stems_dir is None else _moved(stems_dir, folder / "stems")
        tables = write_results(folder, results)
    files = [out / path.relative_to(folder) for path in (*figures, *stems, *tables)]
    return "\n".join(
        [describe(results), "", "Files:", *(f"  {isolated(str(path))}" for path in files)]
    )


def _expected_s(study: Study) -> dict[str, float]:
    lengths_s = [probe(song.path).duration_s or 0.0 for song in study.songs]
    return expected_stages_s(probe(study.film).duration_s or 0.0, lengths_s, study.stages)


@contextmanager
def _stems_folder(cache_dir: Path | None) -> Iterator[Path]:
    """Give a folder in the cache, where there is room for sound, until results have their place."""
    cache = default_cache_dir() if cache_dir is None else cache_dir
    with cache_faults(cache):
        cache.mkdir(parents=True, exist_ok=True)
        # named as what a later run sweeps away if this one is killed
        scratch = tempfile.TemporaryDirectory(dir=cache, prefix=".unfinished-stems-")
    with scratch as folder:
        yield Path(folder)


def _moved(folder: Path, place: Path) -> list[Path]:
    place.mkdir()
    return [Path(shutil.move(path, place / path.name)) for path in sorted(folder.iterdir())]


def figures_command(arguments: argparse.Namespace) -> None:
    """Draw the figures of a folder of results again."""
    results: Results = read_results(arguments.folder)
    formats = FORMATS if arguments.format is None else (arguments.format,)
    with replaced_at_once(arguments.folder) as folder:
        paths = write_figures(results, folder / "figures", formats=formats)
    for path in paths:
        say(visible(str(arguments.folder / path.relative_to(folder))))


def cite_command(arguments: argparse.Namespace) -> None:
    """Print what an essay needs to cite a folder of results."""
    text = citation(read_results(arguments.folder), style=arguments.style)
    # JSON has escapes of its own, and what joins or parts letters belongs to a title
    print(text if arguments.style == "csl" else escaped_lines(text))


def init_command(arguments: argparse.Namespace) -> None:
    """Write the files of a new study, and none over an old one."""
    folder: Path = arguments.folder
    template = STUDIES[arguments.template]
    for name in template:
        if _is_there(folder / name):
            raise StudyError(str(folder / name), "it is there already", "Give another folder")
    for name, text in template.items():
        say(visible(str(write_atomically(folder / name, text.encode()))))
    study = folder / "study.toml"
    say(f"Fill in {isolated(str(study))}, then run:")
    say(f"  {command('ostinato', 'analyze', '--study', study, '--out', folder / 'results')}")


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except NotADirectoryError:  # which writing tells better
        return False
    except (OSError, ValueError) as error:  # a name too long, or with a NUL
        reason = getattr(error, "strerror", None) or str(error)
        raise StudyError(
            str(path), f"no folder can be made there ({reason})", "Give another folder"
        ) from error
    return True


def _study(arguments: argparse.Namespace) -> Study:
    """Start from the study file, if any; what the command line says goes before."""
    if arguments.study is not None:
        study = _read_study(arguments.study)
    elif arguments.film is not None:
        study = Study(film=arguments.film)
    else:
        raise ParameterError(
            "analyze", "neither a film nor a study is given", "Give a film, or --study study.toml"
        )
    named = (
        "film",
        "subtitles",
        "subtitle_shift_s",
        "scenes",
        "labels",
        "stream",
        "channel",
        "clock",
        "edition",
        "stages",
    )
    given = {name: getattr(arguments, name) for name in named}
    changes = {name: value for name, value in given.items() if value is not None}
    if arguments.subtitle_speed is not None:
        changes["subtitle_speed"] = parse_speed(arguments.subtitle_speed)
    if arguments.edition is not None:
        changes["edition"] = readable(arguments.edition)
    if arguments.study is not None and arguments.film is not None:
        tell(
            f"ostinato: {isolated(str(arguments.film))} is analysed in place of the film that "
            f"{isolated(str(arguments.study))} names; all else is as the study says"
        )
    songs = (*study.songs, *map(song_file, arguments.song))
    study = dataclasses.replace(study, **changes, songs=songs)
    if arguments.italics is not None:
        parameters = with_italics(study.parameters, arguments.italics)
        study = dataclasses.replace(study, parameters=parameters)
    _check_subtitle_options(arguments, study)
    if not study.songs and "cues" in study.stages:
        raise ParameterError(
            "analyze",
            "no song is given",
            'Give one with --song "TITLE=FILE", or study the speech alone with --stages speech',
        )
    return study


def _check_subtitle_options(arguments: argparse.Namespace, study: Study) -> None:
    if study.subtitles is not None:
        return
    for option, name in _OF_SUBTITLES.items():
        if getattr(arguments, name) is not None:
            raise ParameterError(
                f"analyze, {option}",
                "it has no effect without subtitles",
                "Give their file with --subtitles, or leave it out",
            )


def _read_study(path: Path) -> Study:
    try:
        study = read_study(path)
        note = read_written(path).note
    except StudyError as error:
        if not _is_recording(path):
            raise
        raise StudyError(
            str(path),
            "it was given as a study, and is a recording",
            "Give it as the film, or with --song",
        ) from error
    if note is not None:
        tell(f"ostinato: {isolated(str(path))} was {note}")
    return study


def _is_recording(path: Path) -> bool:
    try:
        probe(path)
    except OstinatoError:
        return False
    return True


def name_streams(study: Study) -> None:
    """Say on stderr that there was a choice of streams, where nobody has made it.

    Parameters
    ----------
    study : Study
        Whose film it is.
    """
    info = probe(study.film)
    if study.stream is None and len(info.streams) > 1:
        tell(
            f"ostinato: {isolated(str(study.film))} has {len(info.streams)} audio streams, of "
            f"which number {info.taken} is analysed; choose another with --stream:"
        )
        for stream in info.streams:
            tell(f"  {isolated(str(stream))}")
