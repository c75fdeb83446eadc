from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from tests.corpus.corpora import a_plan

from ostinato.corpus import FilmRow, Outcome, Pair, arrow_schema, report_again, write_catalogue
from ostinato.corpus.catalogue import read_rows
from ostinato.corpus.page import corpus_view, write_corpus_page
from ostinato.corpus.pairs import film_rows, pairs_of
from ostinato.errors import StudyError
from ostinato.report.method import method_note
from ostinato.results import FIRST_LOOK_ONLY, Results, records_of_rows
from ostinato.study import SongFile


def failed(subject, thing):
    return Outcome(
        key="k",
        kind="decode",
        subject=subject,
        part=0,
        is_done=False,
        thing=thing,
        reason="no sound is in it",
        mend="Fetch it again",
    )


@pytest.fixture
def rows(some_results):
    plan = a_plan(2, n_songs=1)
    outcomes = [failed("film-01", "<b>film1.mkv")]
    results = {"film-00": some_results}
    return results, film_rows(plan, results, outcomes), pairs_of(plan, results, outcomes)


@pytest.mark.parametrize("name", records_of_rows(Results))
def test_every_layer_has_columns_of_its_own(name):
    record = records_of_rows(Results)[name]
    assert arrow_schema(record).names == list(record.__dataclass_fields__)


def test_a_layer_comes_back_as_it_was(tmp_path, rows, some_results):
    results, films, pairs = rows
    write_catalogue(tmp_path, results, films=films, pairs=pairs)
    frame = pd.read_parquet(tmp_path / "catalogue" / "occurrences")
    assert set(frame["film"]) == {"film-00"}
    assert frame["film_start_s"].tolist() == [o.film_start_s for o in some_results.occurrences]
    assert read_rows(tmp_path, "films", FilmRow) == films
    assert read_rows(tmp_path, "pairs", Pair) == pairs


def test_the_columns_of_an_empty_layer_are_those_of_a_full_one(tmp_path, rows):
    results, films, pairs = rows
    write_catalogue(tmp_path, results, films=films[:0], pairs=pairs)
    assert pq.read_schema(tmp_path / "catalogue" / "films.parquet").names == list(
        FilmRow.__dataclass_fields__
    )


def test_a_catalogue_is_written_afresh_and_nothing_stands_in_it_twice(tmp_path, rows):
    results, films, pairs = rows
    for _ in range(2):
        write_catalogue(tmp_path, results, films=films, pairs=pairs)
    write_catalogue(tmp_path, {}, films=films[1:], pairs=())
    assert [path.name for path in (tmp_path / "catalogue").iterdir()] == [
        "films.parquet",
        "pairs.parquet",
    ] or not list((tmp_path / "catalogue").glob("*/film=*"))
    assert [path.name for path in tmp_path.iterdir()] == ["catalogue"]


def test_a_film_that_failed_has_a_row_that_says_why(rows):
    _, films, pairs = rows
    assert films[1].failure == "<b>film1.mkv: no sound is in it. Fetch it again."
    assert (pairs[1].status, pairs[1].reason) == ("not searched", films[1].failure)


def test_a_pair_that_was_not_searched_in_full_says_what_was_not_looked_for(some_results):
    plan = a_plan(1)
    song = some_results.songs[0]
    film = replace(plan.films[0], study=replace(plan.films[0].study, songs=(a_song(song.title),)))
    run = replace(some_results.run, parameters={FIRST_LOOK_ONLY: [song.title]})
    results = replace(some_results, occurrences=(), run=run)
    (pair,) = pairs_of(replace(plan, films=(film,)), {film.id: results}, ())
    assert (pair.status, pair.is_in_full) == ("absent", False)
    assert "a copy at another tempo or pitch was not looked for" in pair.reason
    said = method_note(replace(some_results, run=run))
    assert f"“{song.title}” was not searched for in full" in said
    assert "was not searched for in full" not in method_note(some_results)


def a_song(title):
    return SongFile(title=title, path=Path("song.flac"))


def test_names_are_text_on_the_page_and_it_asks_for_nothing(tmp_path, rows):
    _, films, pairs = rows
    page = write_corpus_page(tmp_path, films, pairs).read_text()
    assert "<b>film1" not in page
    assert "&lt;b&gt;film1.mkv" in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_page_comes_back_from_the_catalogue_alone(tmp_path, rows):
    results, films, pairs = rows
    write_catalogue(tmp_path, results, films=films, pairs=pairs)
    first = write_corpus_page(tmp_path, films, pairs).read_bytes()
    assert report_again(tmp_path).read_bytes() == first


def test_a_range_is_said_to_be_no_number(rows):
    _, films, pairs = rows
    said = " ".join(corpus_view(films, pairs).findings)
    assert said.startswith("1 of 2 films were analysed")


def test_a_folder_that_is_no_corpus_is_refused(tmp_path):
    with pytest.raises(StudyError, match="no table of a corpus"):
        report_again(tmp_path)
