"""What is derived from a signal is a signal again, and is computed when it is read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.media import (
    RawFile,
    front,
    in_memory,
    mean_of_channels,
    part_of,
    read_padded,
)

Y = np.arange(40, dtype=np.float32).reshape(4, 10)
SOUND = in_memory(Y, rate_hz=5)
places = st.integers(0, 14)


def size(sound):
    return (sound.rate_hz, sound.n_channels, sound.n_samples)


@given(start=places, length=places)
def test_what_lies_past_the_end_of_a_signal_is_left_out(start, length):
    stop = start + length
    np.testing.assert_array_equal(SOUND.read(start, stop), Y[:, start:stop])
    np.testing.assert_array_equal(front(SOUND).read(start, stop), Y[:2, start:stop])
    mean = mean_of_channels(SOUND)
    np.testing.assert_array_equal(mean.read(start, stop), Y[:, start:stop].mean(axis=0)[None])
    assert (size(front(SOUND)), size(mean)) == ((5, 2, 10), (5, 1, 10))


@given(places, places, places, places)
def test_a_part_counts_from_its_own_beginning(first, length, start, n):
    part = part_of(SOUND, first, first + length)
    inside = Y[:, first : first + length]
    assert size(part) == (5, 4, inside.shape[1])
    np.testing.assert_array_equal(part.read(start, start + n), inside[:, start : start + n])


@given(st.integers(-15, 25), places)
def test_what_lies_outside_may_be_read_as_silence(start, n):
    around = np.pad(Y, ((0, 0), (20, 50)))
    np.testing.assert_array_equal(
        read_padded(SOUND, start, start + n), around[:, 20 + start : 20 + start + n]
    )


@given(start=places, length=places)
def test_a_raw_file_holds_what_was_written_to_it(tmp_path_factory, start, length):
    file = RawFile(tmp_path_factory.mktemp("raw") / "a.f32", 4, 10)
    file.make()
    file.write(3, Y[:, 3:7])
    wanted = np.zeros_like(Y)
    wanted[:, 3:7] = Y[:, 3:7]
    np.testing.assert_array_equal(
        file.read(start, start + length), wanted[:, start : start + length]
    )


def test_nothing_is_computed_before_it_is_read():
    def unread(_start, _stop):
        pytest.fail("it was read")

    sound = in_memory(Y, rate_hz=5)
    lazy = type(sound)(rate_hz=5, n_samples=10, n_channels=4, read=unread)
    assert size(mean_of_channels(front(part_of(lazy, 2, 4)))) == (5, 1, 2)
