import numpy as np
import pytest
import soundfile as sf
from tests.small_films import FILM_S, RATE_HZ, TALK_OVER_S, TALK_S, a_clip

from ostinato.errors import StudyError
from ostinato.report import citation, describe
from ostinato.results import decode_results, encode_results

OTHER_RATE_HZ = 48_000


def write(bar, y, *, rate_hz=RATE_HZ):
    path = bar.path("dialogue.wav")
    sf.write(path, y, rate_hz)
    return path


def noise(duration_s, *, rate_hz=RATE_HZ):
    return 1e-4 * np.random.default_rng(3).standard_normal(round(duration_s * rate_hz))


def talk_of(results):
    return [(segment.start_s, segment.end_s) for segment in results.speech]


def test_talk_is_that_of_the_stem_whatever_its_rate(bar, run):
    y = noise(FILM_S, rate_hz=OTHER_RATE_HZ)
    talk = np.repeat(0.06 * a_clip("talk.opus")[: 8 * RATE_HZ], OTHER_RATE_HZ // RATE_HZ)
    first = round(TALK_S[0] * OTHER_RATE_HZ)
    y[first : first + talk.size] += talk
    stem = write(bar, y, rate_hz=OTHER_RATE_HZ)
    with_stem = talk_of(run(stages=("speech",), speech_stem=stem))
    without = talk_of(run(stages=("speech",)))
    # the stem lacks the second talk
    assert max(end for _, end in with_stem) < TALK_S[1] + 0.5
    assert max(end for _, end in without) > TALK_OVER_S[0]


def test_where_a_song_was_cancelled_its_remainder_is_heard_and_not_the_stem(bar, run):
    found = talk_of(run(speech_stem=write(bar, noise(FILM_S))))
    assert found
    # the song is about the talk on both sides
    assert min(start for start, _ in found) > TALK_S[1]


def test_a_stem_of_something_else_is_refused(bar, run):
    with pytest.raises(StudyError, match=r"dialogue.wav.*lasts 20.0 s and the film 40.0 s"):
        run(stages=("speech",), speech_stem=write(bar, noise(FILM_S / 2)))


def the_talk(*, later_s=0.0):
    """A stem that holds the film's first talk alone."""
    y = noise(FILM_S)
    talk = 0.06 * a_clip("talk.opus")[: 8 * RATE_HZ]
    first = round((TALK_S[0] + later_s) * RATE_HZ)
    y[first : first + talk.size] += talk
    return y


def test_what_was_used_is_in_the_results_and_in_what_is_cited(bar, run):
    found = run(speech_stem=write(bar, the_talk()), speech_stem_by="Bandit v2, *checkpoint* 3")
    stem = found.speech_stem
    assert (stem.name, stem.sample_rate_hz) == ("dialogue.wav", RATE_HZ)
    assert stem.made_by == "Bandit v2, *checkpoint* 3"
    assert stem.lag_s == pytest.approx(0.0, abs=0.01)
    assert decode_results(encode_results(found)).speech_stem == stem
    said = citation(found)
    assert "had separated from the film (Bandit v2, \\*checkpoint\\* 3; file dialogue.wav" in said
    assert "Bandit v2" in describe(found)


def test_without_a_stem_nothing_is_said_of_one(results):
    assert results.speech_stem is None
    assert "stem of the speech" not in citation(results)


@pytest.mark.parametrize(("later_s", "words"), [(0.4, "0.40 s later"), (-0.4, "0.40 s earlier")])
def test_a_stem_that_is_not_in_step_is_refused(bar, run, later_s, words):
    with pytest.raises(StudyError, match=rf"dialogue.wav.*its speech comes {words} than"):
        run(stages=("speech",), speech_stem=write(bar, the_talk(later_s=later_s)))


def test_a_stem_of_another_film_of_the_same_length_is_refused(bar, run):
    with pytest.raises(StudyError, match="not heard in the film"):
        run(stages=("speech",), speech_stem=write(bar, 100 * noise(FILM_S)))


def test_a_silent_stem_is_taken_and_cannot_be_checked(bar, run):
    found = run(stages=("speech",), speech_stem=write(bar, noise(FILM_S)))
    assert found.speech_stem.lag_s is None
    assert "could not be checked" in citation(found)


def test_voices_are_those_of_the_talk_that_the_stem_shows(bar, run):
    by_stem = run(stages=("speech",), speech_stem=write(bar, noise(FILM_S)))
    assert (by_stem.speech, by_stem.voices) == ((), ())
    without = run(stages=("speech",))
    assert without.voices
