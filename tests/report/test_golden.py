"""The words of a whole report, as they were last read and approved; see tests/golden."""

import pytest
from tests.golden.make_golden import FOLDER, golden_texts


@pytest.mark.parametrize("name", golden_texts())
def test_the_words_are_those_that_were_approved(name):
    approved = (FOLDER / name).read_text(encoding="utf-8")
    assert golden_texts()[name] + "\n" == approved


def test_no_golden_text_is_left_over():
    assert {path.name for path in FOLDER.glob("*.txt")} == set(golden_texts())
