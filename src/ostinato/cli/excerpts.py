"""The command that cuts what there is to listen to out of a folder of results."""

import argparse
from pathlib import Path

from ostinato.cli.terminal import say
from ostinato.errors import StudyError
from ostinato.legible import visible
from ostinato.pipeline import write_candidates, write_excerpts
from ostinato.results import ResultsFolder, at_work_in, read_results

_STEMS = "stems/"


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
