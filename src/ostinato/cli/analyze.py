"""`ostinato analyze`: a study is read or made of arguments, analysed, and all of it written."""

import argparse
import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

from ostinato.choices import FORMATS
from ostinato.cli.dry_run import dry_run, what_was_read
from ostinato.cli.folder_commands import what_was_found, write_all
from ostinato.cli.named_inputs import readable, song_file, with_credits
from ostinato.cli.output import say, tell
from ostinato.cli.plan_command import plan_beside, with_rules
from ostinato.cli.progress import progress
from ostinato.errors import OstinatoError, ParameterError, StudyError
from ostinato.legible import isolated
from ostinato.media import cache_faults, default_cache_dir, probe
from ostinato.pipeline import (
    analyze,
    expected_stages_s,
    n_taken_back,
    trace_added,
)
from ostinato.report import (
    PAGE_NAME,
    count,
    figure_names,
)
from ostinato.results import (
    CuePicture,
    Results,
    ResultsFolder,
    at_work_in,
    check_writable,
    is_same_film,
    look_into,
    result_names,
    scratch_in,
)
from ostinato.review import Kept, read_journal
from ostinato.speech import read_written
from ostinato.study import Study, parse_speed, read_study, with_italics

_OF_STUDY = (
    *("film", "subtitles", "subtitle_shift_s", "scenes", "labels"),
    *("speech_stem", "stream", "channel", "clock", "stages"),
)
"""Options that say what a study file says as well."""
_OF_SUBTITLES = {
    "--subtitle-shift": "subtitle_shift_s",
    "--subtitle-speed": "subtitle_speed",
    "--italics": "italics",
}


def analyze_command(arguments: argparse.Namespace) -> None:
    """Analyse a film and write its results and figures."""
    study = _study(arguments)
    if arguments.dry_run:
        say(_rehearsed(study, arguments))
        return
    say(
        report(
            study,
            arguments.out,
            cache_dir=arguments.cache,
            with_stems=arguments.stems,
            is_quiet=arguments.quiet,
            replaces=arguments.replace,
            study_path=arguments.study,
        )
    )


def _rehearsed(study: Study, arguments: argparse.Namespace) -> str:
    check_writable(arguments.out)
    name_streams(study)
    plan_beside(arguments.study)
    out = look_into(arguments.out, inputs=_files_of(study, arguments.study))
    out.check_places(_places(with_stems=arguments.stems))
    return dry_run(
        study,
        out,
        cache_dir=arguments.cache,
        with_stems=arguments.stems,
        replaces=arguments.replace,
    )


def report(
    study: Study,
    out: Path,
    *,
    cache_dir: Path | None,
    with_stems: bool = False,
    is_quiet: bool = False,
    replaces: bool = False,
    study_path: Path | None = None,
) -> str:
    """Analyse a study into a folder and say what was found and written.

    `out`: for results, tables and figures; `cache_dir`: where decoded sound is kept; `with_stems`:
    whether to write the songs and the film without them; `is_quiet`: whether nothing is said of how
    far it is; `replaces`: whether the results of another film may be replaced.
    """
    check_writable(out)
    name_streams(study)
    read = what_was_read(study)
    plan = plan_beside(study_path)
    with at_work_in(out, inputs=_files_of(study, study_path)) as work:
        work.check_places(_places(with_stems=with_stems))
        pictures: list[CuePicture] = []
        earlier = what_was_found(work)
        with _stems_folder(cache_dir) if with_stems else nullcontext() as stems_dir:
            with progress(_expected_s(study), is_quiet=is_quiet) as watch:
                results = analyze(
                    study,
                    cache_dir=cache_dir,
                    watch=watch,
                    stems_dir=stems_dir,
                    earlier=earlier,
                    admit=None if replaces else work.check_film,
                    on_picture=pictures.append,
                )
            results = with_rules(results, study, plan, work.earlier)
            said = write_all(
                results,
                work,
                stems_dir=stems_dir,
                picture=next(iter(pictures), None),
                journal=_journal(work, results, study, cache_dir),
            )
        return "\n".join([*read, said, *_about_labels(study, results, work)])


def _journal(
    work: ResultsFolder, results: Results, study: Study, cache_dir: Path | None
) -> Kept | None:
    """Read the journal once results are there: a person may review while an analysis runs."""
    journal = read_journal(work.path)
    if journal is None or not trace_added(journal, results, study, cache_dir=cache_dir):
        return journal
    return read_journal(work.path)


def _files_of(study: Study, study_path: Path | None) -> tuple[Path, ...]:
    """Return all that an analysis reads, to be left as it is."""
    return study.files if study_path is None else (*study.files, study_path)


def _places(*, with_stems: bool) -> tuple[str, ...]:
    """Return where an analysis will write for certain."""
    stems = ("stems/remainder.flac",) if with_stems else ()
    return (
        *result_names(),
        PAGE_NAME,
        *(f"figures/{name}" for name in figure_names(FORMATS)),
        *stems,
    )


def _about_labels(study: Study, results: Results, work: ResultsFolder) -> Iterator[str]:
    """Say what became of labels, where a person might not expect it."""
    rows = (*results.labels, *results.chosen)
    earlier = work.earlier
    if earlier is not None and is_same_film(earlier.film, results.film) and n_taken_back(earlier):
        n_kept = count(n_taken_back(earlier), "label")
        yield f"{n_kept} that had been taken back into {isolated(str(work.path))} stay in force."
    n_to_do = sum(row.is_open for row in rows)
    if study.labels is not None and n_to_do:
        yield f"{len(rows) - n_to_do:,} of {len(rows):,} labelled in {isolated(str(study.labels))}."


def _expected_s(study: Study) -> dict[str, float]:
    lengths_s = [probe(song.path).duration_s or 0.0 for song in study.songs]
    return expected_stages_s(probe(study.film).duration_s or 0.0, lengths_s, study.stages)


@contextmanager
def _stems_folder(cache_dir: Path | None) -> Iterator[Path]:
    """Give a folder in the cache, where there is room for sound, until results have their place."""
    cache = default_cache_dir() if cache_dir is None else cache_dir
    with ExitStack() as stack:
        with cache_faults(cache):
            cache.mkdir(parents=True, exist_ok=True)
            folder = stack.enter_context(scratch_in(cache, "stems"))
        yield folder


def _study(arguments: argparse.Namespace) -> Study:
    """Start from the study file, if any; what the command line says goes before."""
    study = _study_to_begin_with(arguments)
    given = {name: getattr(arguments, name) for name in _OF_STUDY}
    changes = {name: value for name, value in given.items() if value is not None}
    if arguments.subtitle_speed is not None:
        changes["subtitle_speed"] = parse_speed(arguments.subtitle_speed)
    said = {name: getattr(arguments, name) for name in ("edition", "speech_stem_by")}
    changes |= {name: readable(text) for name, text in said.items() if text is not None}
    if arguments.study is not None and arguments.film is not None:
        tell(
            f"ostinato: {isolated(str(arguments.film))} is analysed in place of the film that "
            f"{isolated(str(arguments.study))} names; all else is as the study says"
        )
    changes["credits"] = with_credits(study.credits, arguments)
    songs = (*study.songs, *map(song_file, arguments.song))
    study = dataclasses.replace(study, **changes, songs=songs)
    if arguments.italics is not None:
        parameters = with_italics(study.parameters, arguments.italics)
        study = dataclasses.replace(study, parameters=parameters)
    _check_effects_in(study, arguments)
    if not study.songs and "cues" in study.stages:
        raise ParameterError(
            "analyze",
            "no song is given",
            'Give one with --song "TITLE=FILE", or study the speech alone with --stages speech',
        )
    return study


def _study_to_begin_with(arguments: argparse.Namespace) -> Study:
    if arguments.study is not None:
        return _read_study(arguments.study)
    if arguments.film is not None:
        return Study(film=arguments.film)
    raise ParameterError(
        "analyze", "neither a film nor a study is given", "Give a film, or --study study.toml"
    )


def _check_effects_in(study: Study, arguments: argparse.Namespace) -> None:
    """Refuse options that have no effect on a study, whatever else is given."""
    if arguments.stems and "separation" not in study.stages:
        raise ParameterError(
            "analyze, --stems",
            f"it has no effect with the stages {', '.join(study.stages)}",
            "Leave it out, or add the stage separation",
        )
    if study.speech_stem_by is not None and study.speech_stem is None:
        raise ParameterError(
            "analyze, --speech-stem-by",
            "it has no effect without a stem",
            "Give its file with --speech-stem, or leave it out",
        )
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
    """Say on stderr that there was a choice of streams, where nobody has made it."""
    info = probe(study.film)
    if study.stream is None and len(info.streams) > 1:
        tell(
            f"ostinato: {isolated(str(study.film))} has {len(info.streams)} audio streams, of "
            f"which number {info.taken} is analysed; choose another with --stream:"
        )
        for stream in info.streams:
            tell(f"  {isolated(str(stream))}")
