"""Which segments a person is asked about next, so that the program learns most."""

from dataclasses import replace

import pytest
from tests.measures.speaking import spoken

from ostinato.errors import StudyError
from ostinato.measures import choose_next


def doubtful(start_s, length_s, p_narration, **how):
    segment = spoken(start_s, start_s + length_s, "undetermined")
    return replace(segment, p_narration=p_narration, **how)


def chosen(speech, n=1):
    return [one.start_s for one in choose_next(speech, n, scenes=())]


def test_the_least_sure_is_asked_first():
    speech = [doubtful(0, 2, 0.9), doubtful(10, 2, 0.45), doubtful(20, 2, 0.2)]
    assert chosen(speech) == [10]
    assert chosen(speech, 2) == [10, 20]


def test_of_two_as_doubtful_the_longer_one_is_asked():
    assert chosen([doubtful(0, 2, 0.5), doubtful(10, 5, 0.5), doubtful(20, 3, 0.5)]) == [10]


def test_what_people_have_decided_is_not_asked():
    speech = [spoken(0, 3, "narration"), doubtful(10, 2, 0.9)]
    assert chosen(speech, 5) == [10]
    with pytest.raises(StudyError, match="people have decided all of it"):
        choose_next(speech[:1], 1, scenes=())


def test_other_voices_and_minutes_have_their_turn():
    # three doubtful segments of one voice in one minute, one surer segment of another voice
    speech = [doubtful(5 * i, 2, 0.5, voice="V1") for i in range(3)]
    speech.append(doubtful(20, 2, 0.8, voice="V2"))
    assert chosen(speech, 2) == [0, 20]
