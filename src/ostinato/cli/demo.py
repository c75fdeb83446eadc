"""The demonstration: make a film of known truth, analyse it, and set one beside the other."""

import argparse
from pathlib import Path

import numpy as np

from ostinato.cli.commands import report
from ostinato.cli.comparison import compare, measured_truth
from ostinato.cli.shell import command
from ostinato.cli.terminal import say
from ostinato.errors import StudyError
from ostinato.legible import isolated
from ostinato.media import default_cache_dir
from ostinato.pipeline import made_again
from ostinato.results import (
    at_work_in,
    check_writable,
    encode_results,
    read_results,
    result_names,
    write_atomically,
)
from ostinato.simulate import DEMO_NAMES, STUDY_NAME, TRUTH_NAME, write_demo
from ostinato.study import read_study

_SEED = 1994


def demo_command(arguments: argparse.Namespace) -> None:
    """Write the demonstration, analyse it, and print what was found beside what is true."""
    out: Path = arguments.out
    check_writable(out)
    with at_work_in(out) as work:
        is_ours = work.manifest.file(TRUTH_NAME) is not None
        if work.earlier is not None and not is_ours:
            raise StudyError(
                str(out), "it holds the results of another film", "Give another folder with --out"
            )
        work.check_places([*DEMO_NAMES, *result_names()])
        with work.replaced(is_whole=False, part="demo") as folder:
            cache = default_cache_dir()
            truth = made_again(
                cache,
                lambda: write_demo(folder, cache_dir=cache, rng=np.random.default_rng(_SEED)),
            )
            study = read_study(folder / STUDY_NAME)
            truth = measured_truth(truth, parameters=study.parameters.measures)
            write_atomically(folder / TRUTH_NAME, encode_results(truth))
    study = read_study(out / STUDY_NAME)
    say(report(study, out, cache_dir=None, is_quiet=arguments.quiet))
    say("")
    say(compare(truth, read_results(out)))
    say("")
    say(f"The truth is in {isolated(str(out / TRUTH_NAME))}; analyse the same film yourself with")
    say(f"  {command('ostinato', 'analyze', '--study', out / STUDY_NAME, '--out', out)}")
