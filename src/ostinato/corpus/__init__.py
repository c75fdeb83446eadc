"""Many films: the work on each as tasks whose only output is files, and all results as tables."""

from ostinato.corpus.catalogue import CATALOGUE, arrow_schema, check_arrow, write_catalogue
from ostinato.corpus.clusters import engine_of
from ostinato.corpus.engines import Engine, Serial, WorkerLost, Workers
from ostinato.corpus.outputs import Collected, collect, report_again
from ostinato.corpus.pairs import FilmRow, Pair
from ostinato.corpus.plan import (
    CorpusPlan,
    PlannedFilm,
    plan_of_files,
    plan_of_studies,
    shard_of,
)
from ostinato.corpus.pooled import PooledShares, pooled_shares, rank_percent
from ostinato.corpus.schedule import Settings, work_on
from ostinato.corpus.tasks import Outcome, Task, run_task

__all__ = [
    "CATALOGUE",
    "Collected",
    "CorpusPlan",
    "Engine",
    "FilmRow",
    "Outcome",
    "Pair",
    "PlannedFilm",
    "PooledShares",
    "Serial",
    "Settings",
    "Task",
    "WorkerLost",
    "Workers",
    "arrow_schema",
    "check_arrow",
    "collect",
    "engine_of",
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
