"""Damaged texts are read, or refused in words: no traceback, no endless loop."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.attack.texts import READERS, complaint, damaged

SEED, N = 20_011, 150


@pytest.mark.parametrize("name", READERS)
def test_the_text_that_is_damaged_is_one_that_is_taken(name, tmp_path):
    reader = READERS[name]
    (tmp_path / reader.name).write_bytes(reader.text)
    reader.read(tmp_path / reader.name)


@pytest.mark.parametrize("name", READERS)
def test_what_is_damaged_is_read_or_refused_in_words(name, tmp_path):
    reader = READERS[name]
    for number in range(N):
        text = damaged(reader.text, np.random.default_rng([SEED, number]))
        assert complaint(reader, text, tmp_path) is None, (number, text)


@pytest.mark.parametrize("name", READERS)
def test_so_is_whatever_hypothesis_thinks_of(name, tmp_path_factory):
    reader, folder = READERS[name], tmp_path_factory.mktemp("texts")

    @settings(max_examples=60)
    @given(st.binary(max_size=200), st.integers(0, 10_000), st.integers(0, 200))
    def read(inserted, at, length):
        at %= len(reader.text) + 1
        text = reader.text[:at] + inserted + reader.text[at + length :]
        assert complaint(reader, text, folder) is None, text

    read()
