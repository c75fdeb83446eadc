"""Many films: the work on each as tasks whose only output is files, and all results as tables."""

from ostinato.corpus.catalogue import CATALOGUE, arrow_schema, check_arrow, write_catalogue
from ostinato.corpus.clusters import engine_of
from ostinato.corpus.engines import Engine, Serial, WorkerLost, Workers
from ostinato.corpus.film_steps import Settings
from ostinato.corpus.outputs import Collected, collect, report_again
from ostinato.corpus.pairs import NOT_IN_FULL, FilmRow, Pair, n_first_look
from ostinato.corpus.plan import (
    CorpusPlan,
    PlannedFilm,
    plan_of_files,
    plan_of_studies,
    shard_of,
)
from ostinato.corpus.pooled import PooledShares, pooled_shares, rank_percent
from ostinato.corpus.schedule import Progress, work_on
from ostinato.corpus.tasks import Outcome, Task, run_task

__all__ = [
    "CATALOGUE",
    "NOT_IN_FULL",
    "Collected",
    "CorpusPlan",
    "Engine",
    "FilmRow",
    "Outcome",
    "Pair",
    "PlannedFilm",
    "PooledShares",
    "Progress",
    "Serial",
    "Settings",
    "Task",
    "WorkerLost",
    "Workers",
    "arrow_schema",
    "check_arrow",
    "collect",
    "engine_of",
    "n_first_look",
    "plan_of_files",
    "plan_of_studies",
    "pooled_shares",
    "rank_percent",
    "report_again",
    "run_task",
    "shard_of",
    "work_on",
    "write_catalogue",
]
