import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.measures.hearing import SONG, heard
from tests.measures.speaking import spoken

from ostinato.measures import MeasureParameters
from ostinato.measures.monologue import monologues
from ostinato.measures.song_loudness import (
    louder_share,
    loudness,
    loudness_percentile,
    sign_test_power,
)
from ostinato.measures.speech_claims import beginning_p, beginning_test
from ostinato.timeline import Interval, Timeline

PARAMETERS = MeasureParameters(n_resamples=300)


def clustered_speech(rng, *, film_duration_s=3000.0):
    """Runs of one kind, no independent witnesses; what leaves the film at its end comes first."""
    speech, now_s = [], 0.0
    while now_s < film_duration_s - 60:
        kind = rng.choice(["narration", "dialogue"])
        for _ in range(rng.integers(3, 12)):
            speech.append(spoken(now_s, now_s + 3, kind))
            now_s += rng.uniform(4, 10)
    offset_s = rng.uniform(0, film_duration_s)
    starts_s = [(s.start_s + offset_s) % film_duration_s for s in speech]
    moved = [spoken(a, a + 3, s.kind) for a, s in zip(starts_s, speech, strict=True)]
    return [s for s in moved if s.end_s <= film_duration_s]


FILM = {"film_duration_s": 3000.0, "first_shares": (0.1, 0.2, 0.33)}


def beginning_of(speech):
    return beginning_test(speech, **FILM, parameters=PARAMETERS)


def p_of(speech, **how):
    return beginning_p(speech, **FILM, **how)


def test_p_values_of_the_beginning_are_uniform_where_it_is_like_the_rest():
    tests = [beginning_of(clustered_speech(np.random.default_rng(seed))) for seed in range(120)]
    assert stats.kstest([test.p_value for test in tests], "uniform").pvalue > 0.01
    # so much as is spoken in runs here, a difference of .2 is seldom seen
    assert 0.05 < np.median([test.power for test in tests]) < 0.6


def test_the_power_to_see_narration_at_the_beginning_grows_with_how_it_is_strewn():
    rng = np.random.default_rng(4)
    kinds = rng.choice(["narration", "dialogue"], 999).tolist()
    strewn = [spoken(3 * i, 3 * i + 2, kind) for i, kind in enumerate(kinds)]
    runs = [spoken(3 * i, 3 * i + 2, ("narration", "dialogue")[i // 150 % 2]) for i in range(999)]
    assert beginning_of(strewn).power > 0.8 > beginning_of(runs).power
    assert beginning_of(strewn).chance_high < 0.25


def test_narration_that_is_all_at_the_beginning_is_seen():
    speech = [spoken(10 * i, 10 * i + 5, "narration" if i < 50 else "dialogue") for i in range(299)]
    assert p_of(speech) < 0.02
    late = [spoken(10 * i, 10 * i + 5, "dialogue" if i < 250 else "narration") for i in range(299)]
    assert p_of(late) > 0.5


def test_undetermined_speech_may_be_taken_at_its_best():
    speech = [spoken(10 * i, 10 * i + 5, "undetermined") for i in range(299)]
    assert p_of(speech) is None
    best = p_of(speech, undetermined_first="narration", undetermined_after="dialogue")
    assert best < 0.02


def in_monologue(*speech):
    return monologues(speech, film_duration_s=1000.0, scenes=(), parameters=PARAMETERS)[0]


def test_speech_that_nobody_answers_is_counted():
    row = in_monologue(
        spoken(0, 10, "dialogue", voice="V1"),
        spoken(15, 20, "dialogue", voice="V1"),  # goes on talking
        spoken(40, 45, "dialogue", voice="V2"),
        spoken(47, 52, "dialogue", voice="V1"),  # answers
    )
    assert (row.n_runs, row.unanswered_s, row.speech_s) == (1, 15.0, 25.0)
    assert row.share == row.low == row.high == 0.6
    assert row.median_latency_s == 2.0
    assert row.turns_per_minute == pytest.approx(60 / 25)


def test_an_answer_within_ten_seconds_is_an_answer():
    near = in_monologue(
        spoken(0, 10, "dialogue", voice="V1"), spoken(19, 20, "dialogue", voice="V2")
    )
    far = in_monologue(
        spoken(0, 10, "dialogue", voice="V1"), spoken(21, 22, "dialogue", voice="V2")
    )
    assert (near.share, far.share) == (0.0, 1.0)


def test_voices_that_are_not_known_leave_a_range():
    row = in_monologue(spoken(0, 10, "dialogue"), spoken(12, 14, "dialogue"))
    assert (row.share, row.low, row.high, row.turns_per_minute) == (None, 0.0, 1.0, None)
    mixed = in_monologue(
        spoken(0, 10, "dialogue", voice="V1"),
        spoken(50, 60, "dialogue"),
        spoken(62, 72, "dialogue", voice="V2"),
        spoken(75, 85, "dialogue", voice="V1"),
    )
    assert (mixed.share, mixed.unknown_s) == (0.25, 10.0)  # V1 is answered, whoever else speaks
    assert (mixed.turns_per_minute_low, mixed.turns_per_minute_high) == (60 / 40, 120 / 40)
    assert (mixed.latency_low_s, mixed.latency_high_s) == (2.5, 3.0)


@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.booleans(), st.floats(0, 15)), min_size=1, max_size=8
    )
)
def test_whoever_unknown_voices_are_the_figures_keep_to_their_bounds(lines):
    starts_s = np.cumsum([2 + pause_s for _, _, pause_s in lines])
    truth, heard = (
        in_monologue(
            *(
                spoken(
                    start_s, start_s + 2, "dialogue", voice=voice if is_told or is_truth else None
                )
                for start_s, (voice, is_told, _) in zip(starts_s, lines, strict=True)
            )
        )
        for is_truth in (True, False)
    )
    assert heard.low <= truth.share <= heard.high
    assert heard.share in {None, truth.share}
    assert heard.turns_per_minute_low <= truth.turns_per_minute <= heard.turns_per_minute_high
    assert heard.turns_per_minute in {None, truth.turns_per_minute}
    if truth.median_latency_s is not None:
        assert heard.latency_low_s <= truth.median_latency_s <= heard.latency_high_s
        assert heard.median_latency_s in {None, truth.median_latency_s}


def test_a_silent_film_has_no_monologue():
    row = in_monologue()
    assert (row.share, row.low, row.high, row.speech_s) == (None, None, None, 0.0)


def levels(*values_lu, playings=None):
    film = heard([0.0] * len(values_lu), [9.0] * len(values_lu), playings=playings)
    changed = [
        type(o)(**{**{n: getattr(o, n) for n in o.__slots__}, "level_re_speech_lu": lu})
        for o, lu in zip(film, values_lu, strict=True)
    ]
    return loudness(changed, [SONG], parameters=PARAMETERS)[0]


def test_a_song_above_the_speech_is_louder():
    row = levels(3.0, 5.0, 2.0, 6.0, 4.0, 7.0, None)
    assert (row.n, row.n_louder, row.median_lu) == (6, 6, 4.5)
    assert row.p_sign == 1 / 64
    assert row.low_lu > 0


def test_one_playing_is_one_witness():
    row = levels(3.0, 5.0, -2.0, playings="aab")
    assert (row.n, row.n_louder, row.median_lu) == (2, 1, 1.0)


def test_the_song_is_louder_in_the_part_of_the_speech_in_which_it_is():
    times_s = np.arange(0, 20, 0.1) + 0.05
    song = np.where(times_s < 8, 2.0, 0.5)
    talk = Timeline((Interval(4.0, 14.0),))
    share = louder_share(times_s, song, np.ones(200), speech=talk)
    assert share == pytest.approx(0.4, abs=0.02)
    assert louder_share(times_s, song, np.ones(200), speech=Timeline()) is None
    brief = Timeline((Interval(4.0, 4.8),))
    assert louder_share(times_s, song, np.ones(200), speech=brief) is None


def test_a_song_is_ranked_among_what_sounds_in_the_film():
    film_lufs = np.array([-np.inf, -75.0, -40.0, -30.0, -20.0, -20.0, -10.0])
    assert loudness_percentile(-25.0, film_lufs) == pytest.approx(40.0)
    assert loudness_percentile(-20.0, film_lufs) == pytest.approx(60.0)  # ties by half
    assert loudness_percentile(-50.0, film_lufs) == 0.0
    assert loudness_percentile(None, film_lufs) is None
    assert loudness_percentile(-20.0, film_lufs[:2]) is None


def test_without_levels_nothing_is_said():
    row = levels(None)
    assert (row.n, row.median_lu, row.p_sign, row.power) == (0, None, None, None)


def test_the_power_of_a_sign_test_is_that_of_the_binomial():
    # n = 8: 7 or 8 successes reject at 5 %, 9/256 = .035
    assert sign_test_power(8, if_share=0.8, significance=0.05) == pytest.approx(
        8 * 0.8**7 * 0.2 + 0.8**8
    )
    assert sign_test_power(4, if_share=0.8, significance=0.05) == 0.0


def test_a_song_a_little_below_the_rest_is_not_louder():
    times_s = np.arange(0, 20, 0.1) + 0.05
    talk = Timeline((Interval(2.0, 18.0),))
    shares = [
        louder_share(times_s, np.full(200, power), np.ones(200), speech=talk)
        for power in (0.97, 1.0, 1.03)
    ]
    assert shares == [0.0, 0.0, 1.0]


def test_the_power_is_that_of_finding_four_in_five_louder():
    # with nine playings eight must be louder at .05: P(8 or 9 of 9 | .8) = .436
    row = levels(*[1.0] * 9)
    assert row.power == pytest.approx(9 * 0.8**8 * 0.2 + 0.8**9)
