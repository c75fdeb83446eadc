from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from ostinato.media import in_memory
from ostinato.speech import detect_activity, listen_again
from ostinato.timeline import Interval, Timeline

CLIPS = Path(__file__).parents[1] / "data" / "speech"
RATE_HZ = 16_000


def sound(y):
    return in_memory(y[np.newaxis], rate_hz=RATE_HZ)


@pytest.fixture(scope="module")
def talk_y():
    """Twenty seconds in which a man talks from the second on, and hiss."""
    talk, _ = sf.read(CLIPS / "talk.opus", dtype="float32")
    y = 1e-3 * np.random.default_rng(3).standard_normal(20 * RATE_HZ + 77)
    y[2 * RATE_HZ : 10 * RATE_HZ] += 0.05 * talk[: 8 * RATE_HZ] / talk.std()
    y[11 * RATE_HZ : 19 * RATE_HZ] += 0.05 * talk[: 8 * RATE_HZ] / talk.std()
    return y.astype(np.float32)


def activity_of(y):
    return detect_activity(sound(y))


def again(activity, y, *stretches):
    return listen_again(activity, sound(y), within=Timeline.of(Interval(*s) for s in stretches))


def test_listening_again_to_the_same_sound_changes_nothing(talk_y):
    activity = activity_of(talk_y)
    same = again(activity, talk_y, (3.21, 8.5), (14.0, 20.004))
    # 1e-6: rounding of the model's sums
    np.testing.assert_allclose(same.speech, activity.speech, atol=1e-6)


def test_only_talk_within_the_stretches_is_taken_from_the_remainder(talk_y):
    activity = activity_of(talk_y)
    silent = again(activity, np.zeros_like(talk_y), (3.0, 8.0))
    centres_s = activity.clock.centres_s(activity.speech.size)
    inside = (centres_s >= 3.0) & (centres_s < 8.0)
    assert activity.speech[inside].mean() > 0.5
    assert silent.speech[inside].max() < 0.1
    np.testing.assert_array_equal(silent.speech[~inside], activity.speech[~inside])
    np.testing.assert_array_equal(silent.singing, activity.singing)
    np.testing.assert_array_equal(silent.music, activity.music)


def test_a_long_part_is_heard_in_pieces_that_give_what_the_whole_gives(talk_y, monkeypatch):
    activity = activity_of(talk_y)
    whole = again(activity, talk_y, (0.5, 19.5))
    monkeypatch.setattr("ostinato.speech.activity._LONGEST_S", 12)
    monkeypatch.setattr("ostinato.speech.activity._CELL_S", 6)
    np.testing.assert_allclose(again(activity, talk_y, (0.5, 19.5)).speech, whole.speech, atol=1e-6)


def test_each_part_is_listened_to_once_and_may_be_remembered(talk_y):
    activity = activity_of(talk_y)
    known = {}

    def remembered(part, hear):
        return known.setdefault(part, None) if part in known else known.setdefault(part, hear())

    stretches = Timeline((Interval(3.0, 4.0), Interval(7.5, 8.0), Interval(15.0, 16.0)))
    how = {"within": stretches, "remember": remembered}
    once = listen_again(activity, sound(talk_y), **how)
    assert list(known) == [Interval(1, 10), Interval(13, 18)]

    def deaf(_start, _stop):
        pytest.fail("it was listened to again")

    silent = replace(sound(talk_y), read=deaf)
    np.testing.assert_array_equal(listen_again(activity, silent, **how).speech, once.speech)
