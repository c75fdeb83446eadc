"""The commands that show results again: figures, the page, and sounds cut out of stems."""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from ostinato.choices import FORMATS
from ostinato.cli.output import say, tell
from ostinato.errors import StudyError
from ostinato.legible import visible
from ostinato.pipeline import playable_excerpts, write_candidates, write_excerpts
from ostinato.report import (
    PAGE_NAME,
    count,
    sheet_of,
    without_face,
    write_figures,
    write_page,
)
from ostinato.results import (
    Excerpt,
    Results,
    ResultsFolder,
    at_work_in,
    read_picture,
    read_results,
)

_STEMS = "stems/"


def figures_command(arguments: argparse.Namespace) -> None:
    """Draw the figures of a folder of results again."""
    results: Results = read_results(arguments.folder)
    formats = FORMATS if arguments.format is None else (arguments.format,)
    sheet = sheet_of(
        arguments.width, palette=arguments.palette, has_equal_slopes=arguments.equal_slopes
    )
    picture = read_picture(arguments.folder)
    with at_work_in(arguments.folder) as work:
        pages = _further_pages(work, formats)
        with work.replaced(is_whole=False, instead_of=pages) as folder:
            paths = write_figures(
                results, folder / "figures", formats=formats, sheet=sheet, picture=picture
            )
    for path in paths:
        say(visible(str(arguments.folder / path.relative_to(folder))))
    lacking = without_face(results)
    if lacking:
        tell(f"ostinato: {lacking}")


def _further_pages(work: ResultsFolder, formats: Sequence[str]) -> list[str]:
    """Return second pages that an earlier run drew: on another sheet there may be none."""
    names = "|".join(formats)
    pattern = re.compile(rf"figures/[a-z-]+-\d+\.({names})")
    return [one.name for one in work.manifest.files if pattern.fullmatch(one.name)]


def report_command(arguments: argparse.Namespace) -> None:
    """Write the page, and say where it is."""
    out: Path = arguments.folder
    results = read_results(out)
    with at_work_in(out) as work:
        excerpts: tuple[Excerpt, ...] = ()
        if arguments.embed_excerpts:
            excerpts = playable_excerpts(out / "stems", results, stems=_stems(work))
        with work.replaced(is_whole=False) as folder:
            size = write_page(results, folder, excerpts=excerpts).stat().st_size
    say(visible(str(out / PAGE_NAME)))
    if excerpts:
        embedded = count(len(excerpts), "excerpt")
        tell(f"ostinato: {embedded} embedded; the page has {size / 1e6:.1f} MB")


def excerpts_command(arguments: argparse.Namespace) -> None:
    """Write a few seconds of each cancelled cue, before and after; or each candidate."""
    out: Path = arguments.folder
    results = read_results(out)
    with at_work_in(out) as work:
        stems = _stems(work)
        with work.replaced(is_whole=False) as folder:
            if arguments.candidates:
                paths = write_candidates(folder / "excerpts", out / "stems", results, stems=stems)
            else:
                paths = write_excerpts(
                    folder / "excerpts",
                    out / "stems",
                    results,
                    stems=stems,
                    duration_s=arguments.seconds,
                )
    for path in paths:
        say(visible(str(out / path.relative_to(folder))))


def _stems(work: ResultsFolder) -> tuple[Path, ...]:
    """Return the stems that were written with the results, and no others."""
    own = [one for one in work.manifest.files if one.name.startswith(_STEMS)]
    for one in own:
        if not work.holds(one):
            raise StudyError(
                str(work.path / one.name),
                "it is not as it was written with these results",
                "Analyse again with --stems",
            )
    return tuple(work.path / one.name for one in own)
