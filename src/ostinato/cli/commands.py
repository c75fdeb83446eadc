"""The commands: each turns its arguments into calls of the package and prints what came of it."""

import argparse
import dataclasses
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

from ostinato.cli.diagnosis import NOT_OK, diagnose_installation, diagnose_media
from ostinato.cli.pairs import song_file
from ostinato.cli.parser import FORMATS
from ostinato.cli.progress import progress_bars
from ostinato.errors import OstinatoError, ParameterError, StudyError
from ostinato.media import default_cache_dir, probe
from ostinato.media.faults import cache_faults
from ostinato.pipeline import analyze, n_taken_back
from ostinato.report import citation, describe, figure_names, write_figures
from ostinato.report.wording import count
from ostinato.results import (
    CUES_FOLDER,
    Results,
    ResultsFolder,
    at_work_in,
    check_writable,
    is_same_film,
    read_results,
    replaced_at_once,
    result_names,
    scratch_in,
    write_new,
    write_results,
)
from ostinato.study import STUDIES, Study, read_study


def analyze_command(arguments: argparse.Namespace) -> None:
    """Analyse a film and write its results and figures."""
    study = _study(arguments)
    if arguments.dry_run:
        print(_plan(study, arguments.out))
        return
    print(
        report(
            study,
            arguments.out,
            cache_dir=arguments.cache,
            with_stems=arguments.stems,
            replaces=arguments.replace,
            study_path=arguments.study,
        )
    )


def report(
    study: Study,
    out: Path,
    *,
    cache_dir: Path | None,
    with_stems: bool = False,
    replaces: bool = False,
    study_path: Path | None = None,
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
    replaces : bool, optional
        Whether the results of another film may be replaced.
    study_path : pathlib.Path, optional
        Of the `study.toml`.

    Returns
    -------
    str
        For a person to read.
    """
    check_writable(out)
    name_streams(study)
    with at_work_in(out, inputs=_files_of(study, study_path)) as work:
        work.check_places(_places(with_stems=with_stems))
        with _stems_folder(cache_dir) if with_stems else nullcontext() as stems_dir:
            with progress_bars() as watch:
                results = analyze(
                    study,
                    cache_dir=cache_dir,
                    watch=watch,
                    stems_dir=stems_dir,
                    earlier=work.earlier,
                    admit=None if replaces else work.check_film,
                )
            said = write_all(results, work, stems_dir=stems_dir)
        return "\n".join([said, *_about_labels(study, results, work)])


def _files_of(study: Study, study_path: Path | None) -> tuple[Path, ...]:
    """Return all that an analysis reads, to be left as it is."""
    named = (study.subtitles, study.scenes, study.labels, study.speech_stem, study_path)
    songs = (song.path for song in study.songs)
    return (study.film, *songs, *(path for path in named if path is not None))


def _places(*, with_stems: bool) -> tuple[str, ...]:
    """Return where an analysis will write for certain."""
    stems = ("stems/remainder.flac",) if with_stems else ()
    return (*result_names(), *(f"figures/{name}" for name in figure_names(FORMATS)), *stems)


def _about_labels(study: Study, results: Results, work: ResultsFolder) -> Iterator[str]:
    """Say what became of labels, where a person might not expect it."""
    rows = (*results.labels, *results.chosen)
    earlier = work.earlier
    if earlier is not None and is_same_film(earlier.film, results.film) and n_taken_back(earlier):
        n_kept = count(n_taken_back(earlier), "label")
        yield f"{n_kept} that had been taken back into {work.path} stay in force."
    n_to_do = sum(row.is_open for row in rows)
    if study.labels is not None and n_to_do:
        yield f"{len(rows) - n_to_do:,} of {len(rows):,} labelled in {study.labels}."


def write_all(
    results: Results,
    work: ResultsFolder,
    *,
    stems_dir: Path | None = None,
    cues: Sequence[Path] = (),
) -> str:
    """Write results, tables and figures into a folder, and say what was found and written.

    Parameters
    ----------
    results : Results
        What to write.
    work : ResultsFolder
        The folder.
    stems_dir : pathlib.Path, optional
        Stems that are to be moved there.
    cues : sequence of pathlib.Path, optional
        Recordings of cues that are to be copied there.

    Returns
    -------
    str
        For a person to read.
    """
    with work.replaced(is_whole=True) as folder:
        figures = write_figures(results, folder / "figures", formats=FORMATS)
        stems = [] if stems_dir is None else _moved(stems_dir, folder / "stems")
        for path in cues:
            (folder / CUES_FOLDER).mkdir(exist_ok=True)
            shutil.copyfile(path, folder / CUES_FOLDER / path.name)
        tables = write_results(folder, results)
    files = [work.path / path.relative_to(folder) for path in (*figures, *stems, *tables)]
    lines = [describe(results), "", "Files:", *(f"  {path}" for path in files)]
    if work.left:
        lines += ["", "Left alone, though of an earlier run: changed since, or read:"]
        lines += [f"  {work.path / name}" for name in work.left]
    if work.copies is not None:
        lines += ["", f"What stood there of an earlier version was kept in {work.copies}."]
    return "\n".join(lines)


@contextmanager
def _stems_folder(cache_dir: Path | None) -> Iterator[Path]:
    """Give a folder in the cache, where there is room for sound, until results have their place."""
    cache = default_cache_dir() if cache_dir is None else cache_dir
    with ExitStack() as stack:
        with cache_faults(cache):
            cache.mkdir(parents=True, exist_ok=True)
            folder = stack.enter_context(scratch_in(cache, "stems"))
        yield folder


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
        if os.path.lexists(folder / name):
            raise StudyError(str(folder / name), "it is there already", "Give another folder")
    for name, text in template.items():
        print(write_new(folder / name, text.encode()))
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
    named = ("film", "subtitles", "scenes", "labels", "stream", "edition", "stages")
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
    streams = probe(study.film).streams
    if study.stream is None and len(streams) > 1:
        print(
            f"ostinato: {study.film} has {len(streams)} audio streams, of which the first is "
            "analysed; choose another with --stream:",
            *(f"  {stream}" for stream in streams),
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
