"""`ostinato corpus`: many films at once, here or on a cluster, and a page of them all."""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ostinato.cli.output import say, tell
from ostinato.corpus import (
    NOT_IN_FULL,
    Collected,
    CorpusPlan,
    Engine,
    Progress,
    Settings,
    check_arrow,
    collect,
    engine_of,
    n_first_look,
    plan_of_files,
    plan_of_studies,
    report_again,
    shard_of,
    work_on,
)
from ostinato.errors import ParameterError, StudyError
from ostinato.legible import isolated
from ostinato.media import default_cache_dir
from ostinato.report import count
from ostinato.results import check_writable

_REPORT = "report"
_LINE_EVERY_S = 10.0


def corpus_command(arguments: argparse.Namespace) -> None:
    """Analyse all films of a corpus, or write its page again."""
    check_arrow()
    words = [str(path) for path in arguments.studies]
    if words[:1] == [_REPORT]:
        say(isolated(str(report_again(_one_folder(arguments)))))
        return
    if arguments.out is None:
        raise ParameterError("corpus", "no folder is given for its results", "Give one with --out")
    _check_numbers(arguments)
    check_writable(arguments.out)
    whole = _plan(arguments)
    part = whole if arguments.shard is None else shard_of(whole, *arguments.shard)
    settings = Settings(
        out=arguments.out.absolute(),
        cache_dir=_cache_dir(arguments),
        n_threads=arguments.threads,
    )
    with _engine(arguments) as engine:
        tell(
            f"ostinato: {count(len(part.films), 'film')} and {count(len(part.songs), 'song')}, "
            f"{count(engine.n_workers, 'worker')}"
        )
        if engine.dashboard is not None and not arguments.quiet:
            tell(f"ostinato: watch it at {engine.dashboard}")
        watch = _progress(is_quiet=arguments.quiet)
        outcomes = work_on(part, engine, settings=settings, watch=watch)
    if arguments.shard is not None:
        failed = {one.subject for one in outcomes if not one.is_done}
        n_failed = sum(film.id in failed for film in part.films)
        say(
            f"{count(len(part.films), 'film')} of {len(whole.films):,} done here, {n_failed} "
            "failed. When all parts are, give the command without --shard: it writes the tables."
        )
    else:
        collected = collect(settings.out, part, outcomes)
        n_failed = sum(one.failure is not None for one in collected.films)
        say(_said(collected))
    _check_any(part, n_failed)


def _check_any(part: CorpusPlan, n_failed: int) -> None:
    """Refuse a run that has nothing to show, so that a script that gave the command sees it."""
    if part.films and n_failed == len(part.films):
        raise StudyError(
            "corpus",
            f"none of {count(n_failed, 'film')} could be analysed",
            "Each has its reason in the list of what failed, and in tasks under --out",
        )


def _check_numbers(arguments: argparse.Namespace) -> None:
    for name in ("workers", "threads"):
        if getattr(arguments, name) == 0:
            raise ParameterError(f"--{name} 0", "nobody would do the work", "Give 1 or more")


def _one_folder(arguments: argparse.Namespace) -> Path:
    folders: list[Path] = arguments.studies[1:]
    if len(folders) != 1:
        raise ParameterError(
            "corpus report", "it takes one folder", "Give the folder that --out was given"
        )
    return folders[0]


def _plan(arguments: argparse.Namespace) -> CorpusPlan:
    if bool(arguments.studies) == bool(arguments.films):
        raise ParameterError(
            "corpus",
            "it takes studies, or films and songs",
            "Give study files, or --films and --songs",
        )
    if arguments.studies:
        if arguments.songs is not None:
            raise ParameterError(
                "corpus, --songs", "each study names its own songs", "Leave it out"
            )
        return plan_of_studies(arguments.studies)
    return plan_of_files(
        arguments.films,
        arguments.songs,
        cache_dir=_cache_dir(arguments),
        is_exhaustive=arguments.exhaustive,
    )


def _cache_dir(arguments: argparse.Namespace) -> Path:
    folder: Path = arguments.cache or default_cache_dir()
    return folder.absolute()


@contextmanager
def _engine(arguments: argparse.Namespace) -> Iterator[Engine]:
    engine = engine_of(
        arguments.scheduler, n_workers=arguments.workers, n_threads=arguments.threads
    )
    try:
        yield engine
    finally:
        engine.close()


def _progress(*, is_quiet: bool) -> Callable[[Progress], None]:
    """Return what says on stderr, now and then, how far it is and how long it may still take."""
    started = last = time.monotonic()

    def watch(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        n_new = progress.n_done - progress.n_before
        if is_quiet or not n_new or now - last < _LINE_EVERY_S:
            return
        last = now
        left_s = (now - started) / n_new * (progress.n_tasks - progress.n_done)
        tell(
            f"ostinato: {progress.n_done:,} of {progress.n_tasks:,} tasks done, some "
            f"{left_s / 60:.0f} min left"
        )

    return watch


def _said(collected: Collected) -> str:
    n_whole = sum(one.failure is None for one in collected.films)
    found = [one for one in collected.pairs if one.status == "found"]
    searched = [one for one in collected.pairs if one.status != "not searched"]
    lines = [f"{n_whole:,} of {count(len(collected.films), 'film')} analysed."]
    if collected.pairs:
        lines.append(
            f"{len(searched):,} of {count(len(collected.pairs), 'pair')} of film and song "
            f"searched; the song is heard in {len(found):,}."
        )
        n_looked = n_first_look(collected.pairs)
        if n_looked:
            lines.append(
                f"{n_looked:,} of them not in full: {NOT_IN_FULL}. --exhaustive looks for it too."
            )
    if collected.failures:
        lines += ["", "Failed:", *(f"  {isolated(one)}" for one in collected.failures)]
    lines += ["", "Files:", *(f"  {isolated(str(path))}" for path in collected.files)]
    return "\n".join(lines)
