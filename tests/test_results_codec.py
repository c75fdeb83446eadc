import dataclasses
import json
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.errors import MediaError, StudyError
from ostinato.results import (
    Occurrence,
    Transition,
    decode_results,
    encode_results,
    read_results,
    results_schema,
    table_tsv,
    write_results,
)


def test_results_come_back_as_they_went(some_results):
    assert decode_results(encode_results(some_results)) == some_results


def test_results_obey_their_own_schema(some_results):
    jsonschema.validate(json.loads(encode_results(some_results)), results_schema())


def test_the_schema_that_ships_is_the_one_that_is_used():
    # written by: json.dumps(results_schema(), indent=1, ensure_ascii=False)
    shipped = files("ostinato.results").joinpath("schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == json.loads(json.dumps(results_schema()))


def test_the_folder_holds_the_results_and_one_table_a_kind(some_results, tmp_path):
    paths = write_results(tmp_path / "new", some_results)
    assert {p.name for p in paths} == {
        "results.json",
        "occurrences.tsv",
        "transitions.tsv",
        "shared_material.tsv",
        "separations.tsv",
        "song_levels.tsv",
        "coverage.tsv",
        "repetition.tsv",
        "overlap.tsv",
        "continuation.tsv",
        "loudness.tsv",
        "speech.tsv",
        "voices.tsv",
        "sample_labels.tsv",
        "ratio.tsv",
        "teaching.tsv",
        "ratio_curve.tsv",
        "monologue.tsv",
        "claims.tsv",
        "candidates.tsv",
        "robustness.tsv",
        "rejected.tsv",
    }
    assert read_results(tmp_path / "new") == some_results
    assert {p.name for p in (tmp_path / "new").iterdir()} == {p.name for p in paths}


def test_a_number_that_is_not_finite_never_reaches_the_file(some_results, tmp_path):
    write_results(tmp_path, some_results)
    film = dataclasses.replace(some_results.film, duration_s=float("nan"))
    with pytest.raises(ValueError, match=r"\$\.film\.duration_s is nan"):
        write_results(tmp_path, dataclasses.replace(some_results, film=film))
    assert read_results(tmp_path) == some_results


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "does not hold results"),
        (b'{"schema": "ostinato/0"}', r"Invalid enum value 'ostinato/0'"),
        (b'{"schema": "ostinato/1"}', "missing required field `film`"),
    ],
)
def test_what_is_no_result_is_refused_by_name(data, reason):
    with pytest.raises(StudyError, match=f"results.json: .*{reason}.*Run `ostinato analyze`"):
        decode_results(data)


def test_unknown_keys_are_not_passed_over(some_results):
    data = encode_results(some_results).replace(b'{\n "schema"', b'{\n "cuse": 1,\n "schema"', 1)
    with pytest.raises(StudyError, match="unknown keys cuse"):
        decode_results(data)


def test_an_empty_folder_has_no_results(tmp_path):
    with pytest.raises(StudyError, match="cannot be read"):
        read_results(tmp_path)


def test_a_folder_that_is_a_file_is_named(some_results, tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(MediaError, match=r"taken.*cannot be written"):
        write_results(tmp_path / "taken", some_results)
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_table_names_its_columns_even_when_empty():
    assert table_tsv([], record=Transition) == (
        "song_id\tfrom_id\tto_id\tgap_s\tfilm_gap_s\tcontinues\tgap_linear_s\t"
        "p_continues\tp_restarts\tp_ran_on\tp_anywhere\toutcome\n"
    )


def test_unknown_is_an_empty_cell_and_never_zero(some_results):
    header, first, *_ = table_tsv(some_results.occurrences, record=Occurrence).splitlines()
    row = dict(zip(header.split("\t"), first.split("\t"), strict=True))
    assert row["pitch"] == ""
    assert row["film_start_s"] == "60.0"


@given(st.floats(0, 1e4), st.floats(0, 600), st.floats(0.8, 1.25))
def test_an_occurrence_lies_on_its_map(film_start_s, song_start_s, speed):
    one = Occurrence(
        id="O1",
        song_id="S1",
        playing_id="P1",
        film_start_s=film_start_s,
        film_end_s=film_start_s + 10,
        song_start_s=song_start_s,
        song_end_s=song_start_s + 10 * speed,
        speed=speed,
        pitch=None,
        score=20.0,
        p_value=None,
        level_lufs=None,
        level_re_speech_lu=None,
        low_hz=None,
        high_hz=None,
    )
    assert one.time_map.song_s(one.film.start_s) == pytest.approx(song_start_s, abs=1e-6)
    assert one.time_map.song_s(one.film.end_s) == pytest.approx(one.song_end_s, abs=1e-6)
