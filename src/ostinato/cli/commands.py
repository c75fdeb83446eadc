"""The commands: each turns its arguments into calls of the package and prints what came of it."""

import argparse
import dataclasses
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from ostinato.cli.diagnosis import NOT_OK, diagnose_installation, diagnose_media
from ostinato.cli.pairs import song_file
from ostinato.cli.parser import FORMATS
from ostinato.cli.progress import progress_bars
from ostinato.errors import OstinatoError, ParameterError, StudyError
from ostinato.media import default_cache_dir, probe
from ostinato.media.faults import cache_faults
from ostinato.names import escaped
from ostinato.pipeline import analyze
from ostinato.report import citation, describe, write_figures
from ostinato.results import (
    Results,
    check_writable,
    read_results,
    replaced_at_once,
    write_atomically,
    write_results,
)
from ostinato.study import STUDIES, Study, read_study


def analyze_command(arguments: argparse.Namespace) -> None:
    """Analyse a film and write its results and figures."""
    study = _study(arguments)
    if arguments.dry_run:
        print(_plan(study, arguments.out))
        return
    print(report(study, arguments.out, cache_dir=arguments.cache, with_stems=arguments.stems))


def report(study: Study, out: Path, *, cache_dir: Path | None, with_stems: bool = False) -> str:
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

    Returns
    -------
    str
        For a person to read.
    """
    check_writable(out)
    name_streams(study)
    with _stems_folder(cache_dir) if with_stems else nullcontext() as stems_dir:
        with progress_bars() as watch:
            results = analyze(study, cache_dir=cache_dir, watch=watch, stems_dir=stems_dir)
        return write_all(results, out, stems_dir=stems_dir)


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
    return "\n".join([describe(results), "", "Files:", *(f"  {path}" for path in files)])


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
        print(arguments.folder / path.relative_to(folder))


def cite_command(arguments: argparse.Namespace) -> None:
    """Print what an essay needs to cite a folder of results."""
    print(citation(read_results(arguments.folder), style=arguments.style))


def init_command(arguments: argparse.Namespace) -> None:
    """Write the files of a new study, and none over an old one."""
    folder: Path = arguments.folder
    template = STUDIES[arguments.template]
    for name in template:
        if (folder / name).exists():
            raise StudyError(str(folder / name), "it is there already", "Give another folder")
    for name, text in template.items():
        print(write_atomically(folder / name, text.encode()))
    print(f"Fill in {folder / 'study.toml'}, then run:")
    print(f"  ostinato analyze --study {folder / 'study.toml'} --out {folder / 'results'}")


def doctor_command(arguments: argparse.Namespace) -> None:
    """Check the installation, or list the streams of a media file."""
    if arguments.media is not None:
        print(diagnose_media(arguments.media))
        return
    diagnosis = diagnose_installation()
    print(diagnosis)
    if NOT_OK in diagnosis:
        raise OstinatoError(
            "the installation", "not everything is in place", f"Mend what is {NOT_OK} above"
        )


def _study(arguments: argparse.Namespace) -> Study:
    """Start from the study file, if any; what the command line says goes before."""
    if arguments.study is not None:
        study = read_study(arguments.study)
    elif arguments.film is not None:
        study = Study(film=arguments.film)
    else:
        raise ParameterError(
            "analyze", "neither a film nor a study is given", "Give a film, or --study study.toml"
        )
    named = (
        "film",
        "subtitles",
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
    songs = (*study.songs, *map(song_file, arguments.song))
    study = dataclasses.replace(study, **changes, songs=songs)
    if not study.songs and "cues" in study.stages:
        raise ParameterError(
            "analyze",
            "no song is given",
            'Give one with --song "TITLE=FILE", or study the speech alone with --stages speech',
        )
    return study


def name_streams(study: Study) -> None:
    """Say on stderr that there was a choice of streams, where nobody has made it.

    Parameters
    ----------
    study : Study
        Whose film it is.
    """
    info = probe(study.film)
    if study.stream is None and len(info.streams) > 1:
        print(
            f"ostinato: {escaped(study.film)} has {len(info.streams)} audio streams, of which "
            f"number {info.taken} is analysed; choose another with --stream:",
            *(f"  {stream}" for stream in info.streams),
            sep="\n",
            file=sys.stderr,
        )


def _plan(study: Study, out: Path) -> str:
    """Say what an analysis would read, do and write."""
    lines = [diagnose_media(study.film), "", "Songs:"]
    for song in study.songs:
        duration_s = probe(song.path).duration_s
        length = "length unknown" if duration_s is None else f"{duration_s:.0f} s"
        lines.append(f"  {song.title}: {song.path}, {length}")
    for name in ("subtitles", "scenes", "labels", "speech stem"):
        path = getattr(study, name.replace(" ", "_"))
        if path is not None and not path.is_file():
            raise StudyError(str(path), "it is not there", f"Check the path given as {name}")
        lines.append(f"{name.capitalize()}: {path or 'none'}")
    lines += [f"Stages: {', '.join(study.stages)}", f"Results would go to {out}. Nothing was done."]
    return "\n".join(lines)
