"""Where a measure turns: on the boundary, and by the least on either side of it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.measures.hearing import SONG, heard
from tests.measures.speaking import spoken

from ostinato.errors import ParameterError
from ostinato.measures import MeasureParameters, transition_rows
from ostinato.measures.monologue import monologues
from ostinato.measures.ratio import (
    Calibration,
    difference_of_shares,
    ratios,
    rogan_gladen,
    share_if_wrong,
    with_label_errors,
)
from ostinato.measures.scopes import (
    beginnings,
    name_scenes,
    ratio_curve,
    scopes_of,
    seconds_per_bin,
    stretches,
)
from ostinato.measures.transitions import (
    Positions,
    count_going_on,
    goes_on,
    heard_of,
    is_unclear,
    likelihoods,
    nearness,
    timed,
    wrapped,
)
from ostinato.measures.verdicts import Question, between, is_above, is_below
from ostinato.results import FILM, SampledLabel, Scene, Scope
from ostinato.timeline import Interval

PARAMETERS = MeasureParameters(n_resamples=300, n_draws=999)


@pytest.mark.parametrize(("by", "turns"), [(0.0, False), (1e-10, False), (1e-8, True)])
def test_the_last_digits_decide_nothing(by, turns):
    assert is_above(0.5 + by, 0.5) == is_below(0.5 - by, 0.5) == turns
    assert not is_above(0.5 - by, 0.5)
    assert not is_below(0.5 + by, 0.5)


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (0.25, 0.75, "between 0.25 and 0.75"),
        (-0.5, 0.5, "between −0.50 and 0.50"),
        (0.4101, 0.4119, "between 0.4101 and 0.4119"),
        (0.4, 0.4, "between 0.40 and 0.40"),
        (-0.001, 2.0, "between 0.00 and 2.00"),
    ],
)
def test_a_range_has_the_decimals_that_its_width_shows(low, high, written):
    assert between(low, high) == written


def test_a_claim_of_ones_own_keeps_its_words_and_begins_large():
    assert Question(id="C2").wording(None) == "The song is heard from different parts."
    assert Question(id="C1").wording(None) == "The same song is played constantly."
    assert (
        Question(id="C1").wording(SONG) == f"The same song, “{SONG.title}”, is played constantly."
    )
    assert Question(id="C1", statement="it {song} plays").wording(SONG) == "It {song} plays"
    with pytest.raises(ParameterError, match=r"^claim 'C9': there is no such claim"):
        Question(id="C9")


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("continuation_s", 0.0, -0.1),
        ("merge_gap_s", 60.0, 60.1),
        ("merge_gap_s", 0.0, -0.1),
        ("answer_s", 0.1, 0.0),
        ("rolling_s", 0.1, 0.0),
        ("n_draws", 999, 998),
        ("n_resamples", 200, 199),
        ("level", 0.51, 0.5),
        ("level", 0.99, 1.0),
        ("alpha", 0.001, 0.0),
        ("alpha", 0.499, 0.5),
        ("seed", 0, -1),
    ],
)
def test_parameters_end_where_their_docs_say(name, good, bad):
    assert getattr(MeasureParameters(**{name: good}), name) == good
    with pytest.raises(ParameterError, match=name):
        MeasureParameters(**{name: bad})


# transitions: a song of 160 s that stops at 40 s, having begun at 20 s; the record would be at 100
def pair_at(start_s, **changes):
    fields = {
        "starts_s": np.array([20.0, start_s]),
        "lengths_s": np.array([20.0, 9.0]),
        "advances_s": np.array([60.0]),
        "song_duration_s": 160.0,
    }
    return Positions(**{**fields, **changes})


@pytest.mark.parametrize(
    ("start_s", "is_hit"), [(45.0, True), (45.01, False), (35.0, True), (34.99, False)]
)
def test_a_song_goes_on_within_five_seconds_either_way(start_s, is_hit):
    assert goes_on(pair_at(start_s), within_s=5.0).tolist() == [is_hit]
    counts = count_going_on(pair_at(start_s), within_s=[4.0, 5.0, 6.0])
    assert counts.tolist() == [0, int(is_hit), 1]


@pytest.mark.parametrize(
    ("rival_s", "is_hit", "unclear"), [(6.1, True, False), (6.0, False, True), (3.0, False, True)]
)
def test_what_goes_on_is_more_than_twice_as_near_as_any_rival(rival_s, is_hit, unclear):
    # three seconds behind where it stopped; a rival that far from the start: the record that ran on
    pair = pair_at(43.0, advances_s=np.array([3.0 + rival_s]))
    assert goes_on(pair, within_s=5.0).tolist() == [is_hit]
    assert is_unclear(pair, within_s=5.0).tolist() == [unclear]
    assert nearness(pair).tolist() == pytest.approx([rival_s / (3.0 + rival_s)])


def test_a_rival_that_is_twice_as_near_leaves_nothing_unclear():
    assert is_unclear(pair_at(43.0, advances_s=np.array([4.5])), within_s=5.0).tolist() == [True]
    assert is_unclear(pair_at(43.0, advances_s=np.array([4.4])), within_s=5.0).tolist() == [False]
    assert is_unclear(pair_at(46.0, advances_s=np.array([7.0])), within_s=5.0).tolist() == [False]


@pytest.mark.parametrize(("rival_s", "is_hit"), [(0.5, True), (0.49, False)])
def test_rivals_within_half_a_second_cannot_be_told_apart(rival_s, is_hit):
    pair = pair_at(40.0, advances_s=np.array([rival_s]))
    assert goes_on(pair, within_s=5.0).tolist() == [is_hit]
    assert is_unclear(pair, within_s=5.0).tolist() == [not is_hit]


def test_each_rival_may_be_the_nearest():
    for pair in (
        pair_at(1.0, lengths_s=np.array([140.5, 9.0])),  # the beginning of the song
        pair_at(21.0, lengths_s=np.array([1.5, 9.0])),  # where the playing before began
        pair_at(41.0, advances_s=np.array([1.5])),  # where the record would be
    ):
        assert not goes_on(pair, within_s=5.0).any()


@pytest.mark.parametrize(("gap_s", "short_s"), [(80.0, 80.0), (-80.0, 80.0), (80.5, -79.5)])
def test_half_a_song_is_a_gap_forwards(gap_s, short_s):
    assert wrapped(np.array([gap_s]), 160.0).tolist() == [short_s]


def test_a_transition_leads_from_the_last_of_a_playing_to_the_first_of_the_next():
    film = heard(
        [0.0, 15.0, 30.0, 70.0], [10.0, 12.0, 20.0, 9.0], film_gaps_s=[5, 40, 80], playings="aabc"
    )
    first, second = transition_rows(film[::-1], [SONG], parameters=PARAMETERS)
    assert (first.from_id, first.to_id, first.film_gap_s) == ("S1O2", "S1O3", 40.0)
    assert (first.gap_linear_s, first.gap_s) == (3.0, 3.0)
    assert (second.from_id, second.to_id, second.gap_linear_s) == ("S1O3", "S1O4", 20.0)
    with pytest.raises(ParameterError, match="its song 'S9' is none of S1"):
        transition_rows([replace(film[0], song_id="S9")], [SONG], parameters=PARAMETERS)
    unknown = replace(film[1], song_start_s=None, song_end_s=None, speed=None)
    assert timed([film[0], unknown]) == (film[0],)


# speech
def test_an_answer_takes_ten_seconds_at_most():
    for pause_s, share in [(10.0, 0.0), (10.01, 1.0)]:
        row = monologues(
            [
                spoken(0, 5, "dialogue", voice="V1"),
                spoken(5 + pause_s, 20, "dialogue", voice="V2"),
            ],
            film_duration_s=100.0,
            scenes=(),
            parameters=PARAMETERS,
        )[0]
        assert (row.share, row.n_runs) == (share, 2 * int(share))


def test_a_segment_is_of_the_scene_in_which_its_middle_lies():
    scenes = [
        Scene(name="bar", start_s=0.0, end_s=10.0),
        Scene(name="flat", start_s=10.0, end_s=50.0),
    ]
    speech = [spoken(7, 13, "dialogue", voice="V1"), spoken(30, 40, "dialogue", voice="V2")]
    rows = monologues(speech, film_duration_s=100.0, scenes=scenes, parameters=PARAMETERS)
    speech_s = {row.scope: row.speech_s for row in rows}
    assert (speech_s[Scope.scene("bar")], speech_s[Scope.scene("flat")]) == (0.0, 16.0)


def test_a_segment_is_that_of_the_sample_if_half_of_it_was_drawn():
    drawn = SampledLabel(
        start_s=0.0, end_s=5.0, predicted="dialogue", kind="narration", stratum="", p_inclusion=0.5
    )
    half, less = spoken(0, 10, "dialogue"), spoken(0, 10.1, "dialogue")
    assert [row.label for row in stretches([half], [drawn])] == ["narration"]
    assert len(stretches([less], [drawn])) == 2


def test_of_two_scenes_that_hold_as_much_the_shorter_is_named_and_of_two_as_long_the_earlier():
    (one,) = heard([0.0], [20.0])  # at 100 to 120 s
    scenes = [
        Scene(name="long", start_s=0.0, end_s=110.0),
        Scene(name="short", start_s=110.0, end_s=130.0),
        Scene(name="touching", start_s=120.0, end_s=121.0),
    ]
    assert name_scenes([one], scenes)[0].scene == "short"
    even = [
        Scene(name="b", start_s=110.0, end_s=120.0),
        Scene(name="a", start_s=100.0, end_s=110.0),
    ]
    assert name_scenes([one], even)[0].scene == "a"
    assert name_scenes([one], scenes[2:])[0].scene is None


def test_a_scene_that_begins_with_the_films_end_is_of_another_film():
    scopes = scopes_of([Scene(name="bar", start_s=99.9, end_s=200.0)], film_duration_s=100.0)
    assert scopes[Scope.scene("bar")].intervals == (Interval(99.9, 100.0),)
    with pytest.raises(ParameterError, match="begins at 100 s and the film ends at 100 s"):
        scopes_of([Scene(name="bar", start_s=100.0, end_s=200.0)], film_duration_s=100.0)


def test_beginnings_are_a_tenth_a_fifth_and_a_third_of_film_and_stories():
    scenes = [
        Scene(name="a", start_s=0.0, end_s=100.0, story="one", day="1"),
        Scene(name="b", start_s=200.0, end_s=300.0, story="one", day="1"),
    ]
    lengths_s = {
        str(scope): part.duration_s
        for scope, part in beginnings(scenes, film_duration_s=1000.0).items()
    }
    expected = {}
    for whole, whole_s in (("film", 1000.0), ("story: one", 200.0)):
        for percent in (10, 20, 33):
            first_s = whole_s * percent / 100
            expected[f"{whole}: first {percent} %"] = pytest.approx(first_s)
            expected[f"{whole}: after {percent} %"] = pytest.approx(whole_s - first_s)
    assert lengths_s == expected


def test_the_curve_of_narration_is_counted_by_the_minute():
    speech = [
        spoken(0, 90, "narration"),
        spoken(90, 120, "dialogue"),
        spoken(2400, 2460, "undetermined"),
    ]
    parameters = replace(PARAMETERS, rolling_s=120.0)
    rows = ratio_curve(speech, film_duration_s=3630.0, parameters=parameters)
    assert [row.film_s for row in rows] == [*range(60, 3601, 60), 3630.0]
    first, second = rows[:2]
    assert (first.narration_s, first.dialogue_s, first.share) == (60.0, 0.0, 1.0)
    assert (second.narration_s, second.dialogue_s, second.share) == (90.0, 30.0, 0.75)
    assert (first.rolling_share, first.window_s) == (0.75, 120.0)
    (open_row,) = [row for row in rows if row.film_s == 2460]
    assert (open_row.rolling_share, open_row.rolling_low, open_row.rolling_high) == (None, 0, 1)
    short = ratio_curve(speech, film_duration_s=360.0, parameters=parameters)
    assert (len(short), short[0].film_s, short[0].window_s) == (36, 10.0, 120.0)
    assert ratio_curve(speech, film_duration_s=300.0, parameters=parameters)[0].window_s == 100.0


def test_seconds_are_counted_in_each_bin_of_the_film():
    speech = [spoken(5, 12, "dialogue"), spoken(30, 40, "narration")]
    assert seconds_per_bin(speech[::-1], 40.0, n_bins=4).tolist() == [5.0, 2.0, 0.0, 10.0]
    assert seconds_per_bin([], 40.0, n_bins=4).tolist() == [0.0] * 4


# shares
def counted_ratio(**changes):
    speech = [spoken(0, 20, "narration", decided_by="label"), spoken(20, 100, "dialogue")]
    row = ratios(speech, film_duration_s=100.0, scenes=())[0]
    return replace(row, **changes)


def test_a_share_moves_by_what_wrong_labels_would_do_and_stays_within_one():
    row = counted_ratio()
    assert (row.scope, row.share, row.ratio, row.n_labels) == (FILM, 0.2, 0.25, 1)
    # .2 is seen where the truth is s and .05 are wrong: s .95 + (1 - s) .05
    assert share_if_wrong(row, 0.05) == pytest.approx((0.15 / 0.9, 0.15 / 0.9, 0.2))
    told = with_label_errors(row)
    assert told.share_if_2_percent_wrong == pytest.approx(0.18 / 0.96)
    assert told.share_if_5_percent_wrong == pytest.approx(0.15 / 0.9)
    assert told.high_if_5_percent_wrong == 0.2
    few = replace(row, share=0.01, low=0.01, high=0.01)
    assert share_if_wrong(few, 0.05) == pytest.approx((0.0, 0.0, 0.06))
    many = replace(row, share=0.99, low=0.99, high=0.99)
    assert share_if_wrong(many, 0.05) == pytest.approx((1.0, 0.94, 1.0))
    assert share_if_wrong(replace(row, n_labels=0), 0.05) is None
    assert share_if_wrong(replace(row, estimator="range"), 0.05) is None
    assert share_if_wrong(replace(row, low=None), 0.05) is None


def test_bounds_of_a_difference_add_where_they_are_certain_and_errors_where_they_are_not():
    one = counted_ratio(share=0.5, low=0.4, high=0.7)
    other = counted_ratio(share=0.2, low=0.1, high=0.25)
    assert difference_of_shares(one, other) == pytest.approx((0.3, 0.15, 0.6))
    surveyed = [replace(row, estimator="labels") for row in (one, other)]
    value, low, high = difference_of_shares(*surveyed)
    assert (value, low, high) == pytest.approx(
        (0.3, 0.3 - np.hypot(0.1, 0.05), 0.3 + np.hypot(0.2, 0.1))
    )
    assert difference_of_shares(surveyed[0], other) == pytest.approx((0.3, 0.15, 0.6))
    assert difference_of_shares(one, replace(other, share=None))[0] is None
    assert difference_of_shares(one, replace(other, low=None)) == (None, None, None)


def test_a_share_is_corrected_by_the_errors_of_another_film():
    calibration = Calibration(
        n_narration=100, n_narration_found=80, n_dialogue=200, n_dialogue_found=180
    )
    # of the truth s, .8 s + .1 (1 - s) is predicted
    for truth in (0.0, 0.3, 1.0):
        told = rogan_gladen(0.8 * truth + 0.1 * (1 - truth), calibration=calibration, level=0.95)
        assert (told.value, told.low, told.high, told.n) == (pytest.approx(truth), None, None, 300)
    assert rogan_gladen(0.0, calibration=calibration, level=0.95).value == 0.0
    assert rogan_gladen(1.0, calibration=calibration, level=0.95).value == 1.0
    chance = Calibration(n_narration=10, n_narration_found=6, n_dialogue=10, n_dialogue_found=6)
    told = rogan_gladen(0.5, calibration=chance, level=0.95)
    assert (told.value, told.low, told.high) == (None, 0.0, 1.0)
    with pytest.raises(ParameterError, match=r"^n_dialogue_found: it is 11 of 10\. Give no more"):
        replace(chance, n_dialogue_found=11)


def test_each_model_foretells_a_place_with_its_spread_and_now_and_then_any_other():
    pair = pair_at(43.0)  # 3 s behind where it stopped, 43 from the beginning, 57 before 100
    told = likelihoods(pair, within_s=5.0)
    spreads_s = np.array([5.0, 5.0, 0.5]) / [stats.norm.ppf(0.975), stats.norm.ppf(0.975), 1.0]
    gaps_s = np.array([3.0, 43.0, -57.0])
    expected = [*(0.95 * stats.norm.pdf(gaps_s / spreads_s) / spreads_s + 0.05 / 160), 1 / 160]
    assert told.densities_per_s[:, 0] == pytest.approx(expected)
    assert told.posteriors[:, 0] == pytest.approx(np.array(expected) / sum(expected))
    assert told.log_ratios == pytest.approx(np.log(np.array(expected) * 160))
    # a place is never foretold more exactly than half a second
    exact = likelihoods(pair_at(40.0), within_s=0.0).densities_per_s[0, 0]
    spread_s = 0.5 / stats.norm.ppf(0.975)
    assert exact == pytest.approx(0.95 * stats.norm.pdf(0) / spread_s + 0.05 / 160)


def test_another_order_of_playings_takes_their_lengths_along():
    places = pair_at(43.0).in_order(np.array([[1, 0], [0, 1]]))
    assert places.starts_s.tolist() == [[43.0, 20.0], [20.0, 43.0]]
    assert places.ends_s.tolist() == [[52.0, 40.0], [40.0, 52.0]]
    assert places.advances_s.tolist() == [60.0]


def test_transitions_rest_on_all_that_is_heard_of_a_song_but_for_its_numbers():
    film = heard([0.0, 15.0, 30.0], [10.0, 12.0, 20.0], film_gaps_s=[5, 40], playings="aab")
    other = replace(film[0], song_id="S2", playing_id="S2P1", id="S2O1")
    told = heard_of([*film[::-1], other], "S1")
    assert [row[-1] for row in told] == [0, 0, 1]
    renamed = [replace(one, playing_id=f"x{one.playing_id}", id=f"x{one.id}") for one in film]
    assert heard_of(renamed, "S1") == told
    for changes in ({"film_end_s": 109.0}, {"song_start_s": 1.0}, {"rivals_song_s": (80.0,)}):
        assert heard_of([replace(film[0], **changes), *film[1:]], "S1") != told
    split = [film[0], replace(film[1], playing_id="S1Pc"), film[2]]
    assert heard_of(split, "S1") != told
