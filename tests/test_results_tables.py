"""Tables of results, opened by the programs that people open them with."""

import csv
import dataclasses
import io
import json
from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.test_legible import texts

from ostinato.results import AsFound, table_rows, table_tsv


@dataclass(frozen=True)
class Row:
    """One of each kind of cell."""

    name: str
    value: float
    note: str | None
    evidence: dict[str, str]


HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\uff1d1+1",
    '"open',
    "'Til Tuesday",
    "'=1",
    "a\tb",
    "two\r\nlines",
    "\x00",
    r"C:\new",
    "\udcff",
    " blank ",
)
FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
cells = st.one_of(st.sampled_from(HOSTILE), texts)
rows = st.lists(
    st.builds(
        Row,
        name=cells,
        value=st.floats(-1e6, 1e6),
        note=cells.filter(bool) | st.none(),
        evidence=st.dictionaries(cells, cells, max_size=2),
    )
)


def opened(table):
    return list(csv.reader(io.StringIO(table, newline=""), dialect="excel-tab"))


@given(rows)
@example([Row(name, -1.5, name, {name: name}) for name in HOSTILE])
def test_our_reader_gives_back_what_was_written(written):
    read = table_rows(table_tsv(written, record=Row))
    assert [(row["name"], row["note"]) for row in read] == [
        (row.name, row.note or "") for row in written
    ]
    for row, known in zip(read, written, strict=True):
        assert float(row["value"]) == pytest.approx(known.value, rel=0.005, abs=0.0) or (
            abs(float(row["value"]) - known.value) <= 5e-7
        )


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (1.0394e-13, "1.04e-13"),
        (0.0001984, "0.000198"),
        (0.0, "0.0"),
        (0.05, "0.05"),
        (0.0500000004, "0.0500000004"),
        (0.4999999999, "0.4999999999"),
        (54.15999999999997, "54.16"),
        (416.0549591234, "416.054959"),
        (-1.04e-5, "-1.04e-05"),
        (0.00099996, "0.00099996"),
        (-0.0009997, "-0.0009997"),
        (0.001, "0.001"),
        (0.0009994, "0.000999"),
        (-0.0012345678, "-0.001235"),
        (0.12345649, "0.123456"),
        (7.1230004, "7.1230004"),
        (7.1200004, "7.1200004"),
        (7.1234004, "7.1234"),
        (0.05 + 5e-13, "0.05"),
        (0.05 + 2e-12, "0.050000000002"),
        (400.05 + 3e-10, "400.05"),
        (400.05 + 6e-10, "400.0500000006"),
    ],
)
def test_a_small_number_keeps_its_digits_and_none_is_rounded_to_what_decides(value, cell):
    table = table_tsv([Row("one", value, None, {})], record=Row)
    assert table.splitlines()[1].split("\t")[1] == cell


@dataclass(frozen=True)
class Timed:
    """A row with seconds in it."""

    gap_s: float


@pytest.mark.parametrize(
    ("gap_s", "cell"),
    [
        (2e-5, "0.00002"),
        (1.2345675001, "1.234568"),
        (12.3000004, "12.3"),
        (86400.0, "86400.0"),
    ],
)
def test_seconds_have_six_decimals_whatever_their_size(gap_s, cell):
    assert table_tsv([Timed(gap_s)], record=Timed) == f"gap_s\n{cell}\n"


@dataclass(frozen=True)
class Counted:
    """A row of what is neither text nor a fraction."""

    n: int
    is_told: bool
    of: tuple[float, ...]


def test_counts_flags_and_lists_are_written_as_they_are():
    rows = [Counted(n=-12, is_told=False, of=(1.5, 2.0)), Counted(n=0, is_told=True, of=())]
    table = table_tsv(rows, record=Counted)
    assert table == "n\tis_told\tof\n-12\tFalse\t[1.5, 2.0]\n0\tTrue\t[]\n"


def test_text_within_a_record_stays_legible():
    table = table_tsv([Row("x", 1.0, None, {"夢中人": "é"})], record=Row)
    assert "夢中人" in table
    assert "é" in table


def test_seconds_have_no_exponent():
    assert table_tsv([Timed(2e-5)], record=Timed) == "gap_s\n0.00002\n"


@given(rows)
def test_every_row_is_a_line_with_all_its_cells(written):
    table = table_tsv(written, record=Row)
    assert table.count("\n") == len(written) + 1
    assert not set(table) & set("\r\x00\x1b\u2028")
    assert {len(row) for row in opened(table)} == {4}


@given(rows)
def test_no_cell_of_text_is_a_formula_and_every_number_is_a_number(written):
    for name, value, note, _ in opened(table_tsv(written, record=Row))[1:]:
        assert not (name + " ").startswith(FORMULA)
        assert not (note + " ").startswith(FORMULA)
        float(value)


def test_text_is_quoted_where_csv_quotes_it_and_stands_as_it_is_elsewhere():
    table = table_tsv([Row('夢中人, "Dreams"\'s', -1.5, None, {})], record=Row)
    assert table == 'name\tvalue\tnote\tevidence\n"夢中人, ""Dreams""\'s"\t-1.5\t\t{}\n'


def test_a_record_within_a_row_is_written_as_json():
    found = AsFound(
        film_start_s=1.5,
        film_end_s=2.0,
        song_start_s=None,
        song_end_s=None,
        speed=None,
        score=None,
        p_value=None,
    )

    @dataclasses.dataclass(frozen=True)
    class Moved:
        found: AsFound | None

    (row,) = table_rows(table_tsv([Moved(found)], record=Moved))
    assert json.loads(row["found"]) == dataclasses.asdict(found)
    assert table_rows(table_tsv([Moved(None)], record=Moved))[0]["found"] == ""
