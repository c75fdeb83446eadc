"""What a run of a corpus leaves: the catalogue, the page, and a list of what failed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ostinato.corpus.catalogue import read_rows, write_catalogue
from ostinato.corpus.page import write_corpus_page
from ostinato.corpus.pairs import FilmRow, Pair, film_rows, in_one_line, pairs_of
from ostinato.corpus.plan import CorpusPlan
from ostinato.corpus.tasks import Outcome, results_of
from ostinato.results import Results, read_results


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was collected of a corpus, and where it is."""

    films: tuple[FilmRow, ...]
    pairs: tuple[Pair, ...]
    failures: tuple[str, ...]
    files: tuple[Path, ...]


def collect(out: Path, plan: CorpusPlan, outcomes: Sequence[Outcome]) -> Collected:
    """Write the catalogue and the page of all films that are finished.

    Parameters
    ----------
    out : pathlib.Path
        Of the corpus.
    plan : CorpusPlan
        Which films and songs.
    outcomes : sequence of Outcome
        Of all tasks.

    Returns
    -------
    Collected
        Each failure in one line: the thing, the reason, the mend.

    Raises
    ------
    MediaError
        If it cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)  # nothing was begun where every study was refused
    results = _finished(out, plan, outcomes)
    films = film_rows(plan, results, outcomes)
    pairs = pairs_of(plan, results, outcomes)
    catalogue = write_catalogue(out, results, films=films, pairs=pairs)
    page = write_corpus_page(out, films, pairs)
    failures = tuple(dict.fromkeys(in_one_line(one) for one in outcomes if not one.is_done))
    return Collected(films=films, pairs=pairs, failures=failures, files=(catalogue, page))


def report_again(out: Path) -> Path:
    """Write the page of a corpus again, from its catalogue alone.

    Parameters
    ----------
    out : pathlib.Path
        Of the corpus.

    Returns
    -------
    pathlib.Path
        Of the page.

    Raises
    ------
    StudyError
        If there is no catalogue.
    """
    return write_corpus_page(out, read_rows(out, "films", FilmRow), read_rows(out, "pairs", Pair))


@dataclass(frozen=True, slots=True)
class _Finished(Mapping[str, Results]):
    """Results of films by their ids, each read when it is asked for: all together fill a memory."""

    out: Path
    films: tuple[str, ...]
    _known: frozenset[str]

    def __getitem__(self, film: str) -> Results:
        if film not in self._known:
            raise KeyError(film)
        return read_results(results_of(self.out, film).parent)

    def __iter__(self) -> Iterator[str]:
        return iter(self.films)

    def __len__(self) -> int:
        return len(self.films)


def _finished(out: Path, plan: CorpusPlan, outcomes: Sequence[Outcome]) -> Mapping[str, Results]:
    """Return the results of films whose last task is done; older ones on disk count nowhere."""
    done = {one.subject for one in outcomes if one.kind == "finish" and one.is_done}
    films = tuple(film.id for film in plan.films if film.id in done)
    return _Finished(out, films, frozenset(films))
