"""`ostinato plan`: claims, rules and parameters are written down before the film is looked at."""

import argparse
import dataclasses
from datetime import UTC, datetime
from pathlib import Path

from ostinato.cli.output import say
from ostinato.legible import isolated
from ostinato.results import Results, is_same_film, write_new
from ostinato.study import (
    PLAN_NAME,
    Plan,
    Study,
    encode_plan,
    plan_of,
    read_plan,
    read_study,
    rules_of,
)
from ostinato.version import VERSION


def plan_command(arguments: argparse.Namespace) -> None:
    """Write the plan of a study beside it, and never over another."""
    study_path: Path = arguments.study
    study = read_study(study_path)
    plan = plan_of(
        study, made_at=datetime.now(tz=UTC).isoformat(timespec="seconds"), version=VERSION
    )
    path = write_new(study_path.parent / PLAN_NAME, encode_plan(plan))
    say(f"The plan is in {isolated(str(path))}: {', '.join(plan.content['claims'])}.")
    say(f"SHA-256 {plan.sha256}, {plan.made_at}.")
    say(
        "Leave it beside the study: results say whether it was there first, and in what the study "
        "departs from it."
    )


def plan_beside(study_path: Path | None) -> Plan | None:
    """Read the plan that lies beside a study.

    Raises StudyError if it cannot be read, or was changed.
    """
    if study_path is None or not (study_path.parent / PLAN_NAME).exists():
        return None
    return read_plan(study_path.parent / PLAN_NAME)


def with_rules(
    results: Results, study: Study, plan: Plan | None, earlier: Results | None
) -> Results:
    """Note when the film was first analysed into its folder, and by which rules it was decided."""
    first_at = results.run.started_at
    if earlier is not None and is_same_film(earlier.film, results.film):
        first_at = earlier.run.first_started_at or earlier.run.started_at
    rules = rules_of(study, plan, first_run_at=first_at)
    run = dataclasses.replace(results.run, first_started_at=first_at, rules=rules)
    return dataclasses.replace(results, run=run)
