"""Studies of known truth, and the verdicts that they should lead to."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measures.hearing import SONG, heard
from tests.measures.speaking import spoken
from tests.strategies import scenes as scene_tables
from tests.strategies import speech_segments

from ostinato.errors import ParameterError, StudyError
from ostinato.measures import ALL_QUESTIONS, MeasureParameters, Question, measured
from ostinato.measures.repetition import repetitions
from ostinato.measures.song_claims import constancy
from ostinato.results import Film, Results, Run, Scene, Song, decode_results, encode_results

QUICK = MeasureParameters(n_draws=999, n_resamples=300)
OTHER = Song(id="S2", title="Other", sha256="", pcm_sha256="", duration_s=90.0)
SIX_S = (20.0, 14.0, 30.0, 9.0, 25.0, 17.0)


def a_study(occurrences=(), speech=(), *, songs=(SONG,), scenes=(), questions=ALL_QUESTIONS, **how):
    bare = Results(
        film=Film(
            name="film.mkv",
            edition=None,
            sha256="",
            pcm_sha256="",
            duration_s=6000.0,
            start_s=0.0,
            sample_rate_hz=48000,
            channels=2,
            stream=0,
        ),
        songs=tuple(songs),
        scenes=tuple(scenes),
        occurrences=tuple(occurrences),
        speech=tuple(speech),
        run=Run(
            version="0",
            parameters={},
            stages=(),
            platform="",
            started_at="",
            peak_rss_mb=None,
        ),
    )
    return measured(bare, parameters=QUICK, questions=questions, **how)


def claim(results, claim_id):
    return next(one for one in results.claims if one.id == claim_id)


def verdicts(results):
    return {one.id: one.verdict for one in results.claims}


def going_on(lengths_s=SIX_S, **changes):
    starts_s = np.concatenate([[0.0], np.cumsum(lengths_s)[:-1] + 0.5]) % SONG.duration_s
    return heard(starts_s.tolist(), lengths_s, **changes)


def test_a_study_has_one_record_for_each_claim():
    results = a_study(going_on(), [spoken(0, 10, "narration"), spoken(20, 30, "dialogue")])
    assert [one.id for one in results.claims] == [f"C{n}" for n in range(1, 9)]
    assert decode_results(encode_results(results)) == results  # of plain numbers
    for one in results.claims:
        assert one.limits.endswith(".")
        if one.p_value is not None:
            assert one.p_value_holm >= one.p_value
            assert one.null_model


def test_a_song_that_goes_on_is_said_to():
    results = a_study(going_on())
    c3 = claim(results, "C3")
    assert (c3.verdict, c3.value, c3.n) == ("supported", 1.0, 5)
    assert c3.p_value_holm <= 0.05
    assert c3.power > 0.9
    assert (c3.low, c3.high) == (pytest.approx(0.478, abs=0.001), 1.0)  # 5 of 5, exact
    assert (claim(results, "C2").value, verdicts(results)["C2"]) == (0.0, "supported")


def test_a_song_that_restarts_is_of_one_part_and_does_not_go_on():
    results = a_study(heard([0.0] * 6, SIX_S))
    assert verdicts(results)["C3"] == "not supported"
    assert verdicts(results)["C2"] == "not supported"
    assert claim(results, "C3").p_value > 0.05


def test_dropouts_of_one_playing_decide_nothing():
    starts_s = [0.0, 23.0, 50.0, 80.0]
    film = heard(starts_s, [20.0] * 4, film_gaps_s=[3.0, 7.0, 10.0], playings="aaaa")
    c3 = claim(a_study(film), "C3")
    assert (c3.verdict, c3.value, c3.p_value, c3.n) == (
        "cannot be decided from this",
        None,
        None,
        0,
    )


def test_two_playings_decide_nothing_whatever_they_do():
    assert verdicts(a_study(heard([0.0, 20.0], [20.0, 9.0])))["C3"].startswith("cannot")
    assert verdicts(a_study(heard([0.0, 90.0], [20.0, 9.0])))["C3"].startswith("cannot")


def test_what_fits_elsewhere_too_is_counted_both_ways():
    # all of them go on, and half of the song is the same as its other half
    film = [
        dataclasses.replace(o, rivals_song_s=((o.song_start_s + 81.0) % 162.0,)) for o in going_on()
    ]
    results = a_study(film)
    c3 = claim(results, "C3")
    assert (c3.verdict, c3.value) == ("cannot be decided from this", None)
    assert (c3.low, c3.high, c3.figures["n_cannot_be_told"]) == (0.0, 1.0, 5.0)
    assert {move.outcome for move in results.transitions} == {"cannot be told"}
    assert "5 of 5 starts fit another song time as well" in c3.limits
    assert "One transition is too few to decide" in claim(a_study(film[:2]), "C3").limits


def test_one_definition_of_going_on_counts_everywhere():
    # each is near to where the song had stopped, and at its beginning: a song of short snatches
    film = heard([0.0] * 5, [4.0] * 5)
    results = a_study(film)
    (row,) = results.continuation
    assert sum(move.continues for move in results.transitions) == row.n_go_on == 0
    full = a_study(heard([0.0] * 5, [162.0] * 5))
    assert {move.outcome for move in full.transitions} == {"cannot be told"}
    assert verdicts(full)["C3"] == "cannot be decided from this"


def test_different_parts_are_held_against_starts_anywhere():
    rng = np.random.default_rng(5)
    found = [
        claim(
            a_study(heard(rng.uniform(0, 140, 5), [12.0] * 5), questions=[Question(id="C2")]), "C2"
        )
        for _ in range(60)
    ]
    assert np.mean([c2.p_value <= 0.05 for c2 in found]) <= 0.15
    apart = a_study(heard([0.0, 27.0, 54.0, 81.0, 108.0, 135.0], [26.0] * 6))
    assert verdicts(apart)["C2"] == "supported"
    assert verdicts(a_study(heard([0.0] * 5, [162.0] * 5)))["C2"] == "not supported"


def test_days_that_are_marked_are_counted_and_said():
    scenes = [
        Scene(name=f"day {n}", start_s=1000.0 * n, end_s=1000.0 * (n + 1), day=str(n))
        for n in range(5)
    ]
    c3 = claim(a_study(going_on(), scenes=scenes), "C3")
    assert "Days are those of the scene table" in c3.limits
    assert c3.figures["n_go_on_next_day"] == c3.figures["n_day_transitions"] >= 1


def of_the_song(starts_s, lengths_s, **changes):
    """Verdict on C1 in a film of 100 minutes."""
    return verdicts(a_study(heard(starts_s, lengths_s, **changes)))["C1"]


def test_constancy_takes_occasions_a_share_of_the_film_and_no_long_absence():
    assert of_the_song([0.0] * 9, [60.0] * 9, film_gaps_s=[500.0] * 8) == "supported"
    assert of_the_song([0.0, 90.0], [60.0, 60.0]) == "not supported"
    # three snatches are little, however far apart
    assert of_the_song([0.0] * 3, [4.0] * 3, film_gaps_s=[2000.0] * 2) == "not supported"
    # half of the film, in 60 hearings close to each other
    assert of_the_song([0.0] * 60, [50.0] * 60, film_gaps_s=[48.0] * 59) == "supported"
    # without a break for 48 minutes
    assert of_the_song([0.0], [2880.0]) == "supported"
    # twelve minutes at the beginning, and never again
    assert (
        of_the_song([0.0] * 4, [160.0] * 4, film_gaps_s=[20.0] * 3) == "cannot be decided from this"
    )


def test_how_long_another_song_is_heard_does_not_make_this_one_rare():
    longer = heard([0.0] * 9, [90.0] * 9, song_id="S2", film_gaps_s=[450.0] * 8)
    film = [*heard([0.0] * 9, [60.0] * 9, film_gaps_s=[500.0] * 8), *longer]
    asked = [Question(id="C1", song=SONG.title)]
    (c1,) = a_study(film, songs=(SONG, OTHER), questions=asked).claims
    assert (c1.verdict, c1.figures["rank"]) == ("supported", 2.0)


heard_stretches = st.lists(
    st.tuples(st.floats(0, 5900), st.floats(1, 2000)), min_size=1, max_size=8
)
ORDER = ("not supported", "cannot be decided from this", "supported")


@given(heard_stretches, st.tuples(st.floats(0, 5900), st.floats(1, 2000)))
def test_more_of_the_song_never_weakens_its_constancy(stretches, another):
    def verdict(some):
        (one,) = repetitions(
            [
                dataclasses.replace(
                    *heard([0.0], [1.0]),
                    id=f"O{i}",
                    playing_id=f"P{i}",
                    film_start_s=start_s,
                    film_end_s=min(6000.0, start_s + length_s),
                )
                for i, (start_s, length_s) in enumerate(some)
            ],
            [SONG],
            film_duration_s=6000.0,
            parameters=QUICK,
        )
        return ORDER.index(constancy(one, film_duration_s=6000.0).decide("none"))

    assert verdict([*stretches, another]) >= verdict(stretches)


def test_a_song_that_is_never_heard_supports_nothing():
    results = a_study()
    assert verdicts(results)["C1"] == "not supported"
    for claim_id in ("C2", "C3", "C4", "C8"):
        assert verdicts(results)[claim_id] == "cannot be decided from this"
        assert claim(results, claim_id).value is None


def test_even_gaps_are_a_rhythm_and_bursts_are_none():
    even = heard([0.0] * 8, [9.0] * 8, film_gaps_s=[300.0, 310, 295, 305, 290, 301, 299])
    bursts = heard([0.0] * 8, [9.0] * 8, film_gaps_s=[20.0, 900, 20, 25, 950, 22, 20])
    assert verdicts(a_study(even))["C8"] == "supported"
    assert verdicts(a_study(bursts))["C8"] == "not supported"
    assert verdicts(a_study(even[:3]))["C8"] == "cannot be decided from this"


@pytest.mark.parametrize(
    ("level_lu", "verdict"),
    [(5.0, "supported"), (-5.0, "not supported"), (None, "cannot be decided from this")],
)
def test_loudness_is_that_of_the_song_over_the_speech(level_lu, verdict):
    film = [
        dataclasses.replace(o, level_re_speech_lu=None if level_lu is None else level_lu + i / 10)
        for i, o in enumerate(heard([0.0] * 12, [9.0] * 12))
    ]
    assert verdicts(a_study(film))["C4"] == verdict


def of_levels(*levels_lu):
    return [
        dataclasses.replace(o, level_re_speech_lu=lu)
        for o, lu in zip(
            heard([0.0] * len(levels_lu), [9.0] * len(levels_lu)), levels_lu, strict=True
        )
    ]


def test_a_song_is_not_louder_where_its_interval_holds_nothing():
    # it is a little louder in most playings, and much softer in some
    film = of_levels(*[0.3] * 19, *[-6.0] * 6)
    one = claim(a_study(film, questions=[Question(id="C4")]), "C4")
    assert one.p_value < 0.01
    assert one.low < 0 < one.high
    assert one.verdict == "not supported"  # and by less than 1 LU, if at all


@pytest.mark.parametrize(
    ("levels_lu", "verdict"),
    [
        ([0.4, -0.5, 0.3, -0.2] * 4, "not supported"),
        ([4.0, -5.0, 3.0, -2.0] * 4, "cannot be decided from this"),
        ([1.0, 2.0, 3.0, 4.0] * 3, "supported"),
    ],
)
def test_a_difference_that_nobody_would_hear_is_none(levels_lu, verdict):
    film = of_levels(*levels_lu)
    assert claim(a_study(film, questions=[Question(id="C4")]), "C4").verdict == verdict


def test_what_an_opposite_test_refutes_has_its_p_value_corrected_with_the_others():
    softer = of_levels(*[-5.0] * 5)
    alone = claim(a_study(softer, questions=[Question(id="C4")]), "C4")
    assert alone.verdict == "not supported"
    assert (alone.p_value, alone.p_opposite, alone.p_opposite_holm) == (1.0, 1 / 32, 1 / 32)
    # the smallest of three opposite p-values is that of C2, since all playings are of one part
    speech = [spoken(60 * i, 60 * i + 9, ("dialogue", "narration")[i % 2]) for i in range(40)]
    asked = [Question(id=one) for one in ("C2", "C4", "C6")]
    three = a_study(softer, speech, questions=asked)
    assert claim(three, "C4").p_opposite_holm == 2 / 32
    assert claim(three, "C4").power < 0.8
    assert claim(three, "C4").verdict == "cannot be decided from this"


@settings(max_examples=3)
@given(st.lists(st.floats(-9, 9), min_size=1, max_size=12), st.integers(0, 40))
def test_what_an_opposite_test_decides_is_decided_by_what_is_written(levels_lu, n_first):
    kinds = ["dialogue"] * n_first + ["narration", "dialogue"] * 30
    speech = [spoken(60 * i, 60 * i + 9, kind) for i, kind in enumerate(kinds)]
    asked = [Question(id=one) for one in ("C2", "C4", "C6")]
    for one in a_study(of_levels(*levels_lu), speech, questions=asked).claims:
        refuted = one.p_opposite_holm is not None and one.p_opposite_holm <= QUICK.alpha
        by_power = (one.power or 0.0) >= 0.8
        surely = {
            "C2": one.low is None or one.low > 0.5,
            "C4": one.high is not None and one.high < 1.0,
            "C6": one.high is not None and (one.high <= -0.2 or (by_power and one.high < 0.2)),
        }[one.id]
        if one.verdict == "not supported":
            assert refuted or surely
        assert one.rule.startswith("Supported if ")
        assert (one.p_opposite is None) == (one.p_value is None)


@pytest.mark.parametrize(
    ("n_narration", "n_dialogue", "n_open", "verdict"),
    [
        (80, 20, 0, "supported"),
        (20, 80, 0, "not supported"),
        (20, 30, 60, "cannot be decided from this"),
        (60, 20, 10, "supported"),
    ],
)
def test_narration_outweighs_dialogue_only_where_nothing_can_change_it(
    n_narration, n_dialogue, n_open, verdict
):
    kinds = ["narration"] * n_narration + ["dialogue"] * n_dialogue + ["undetermined"] * n_open
    speech = [spoken(10 * i, 10 * i + 3, kind) for i, kind in enumerate(kinds)]
    c5 = claim(a_study(speech=speech), "C5")
    assert c5.verdict == verdict
    assert (c5.value is None) == (n_open > 0)


def test_all_narration_is_more_narration_than_dialogue():
    c5 = claim(a_study(speech=[spoken(10 * i, 10 * i + 3, "narration") for i in range(20)]), "C5")
    assert (c5.verdict, c5.figures["share"], c5.value) == ("supported", 1.0, None)


def at_the_beginning(kind_of):
    speech = [spoken(10 * i, 10 * i + 4, kind_of(i)) for i in range(600)]
    return claim(a_study(speech=speech), "C6")


def test_narration_at_the_beginning_is_told_from_narration_throughout():
    first = at_the_beginning(lambda i: "narration" if i < 110 else "dialogue")
    assert (first.verdict, first.value) == ("supported", pytest.approx(110 / 120))
    rng = np.random.default_rng(3)
    blocks = rng.random(60) < 0.3
    same = at_the_beginning(lambda i: "narration" if blocks[i // 10] else "dialogue")
    assert same.verdict != "supported"
    assert same.figures["chance_low"] < same.value < same.figures["chance_high"]
    late = at_the_beginning(lambda i: "narration" if i > 400 else "dialogue")
    assert (late.verdict, late.high < 0) == ("not supported", True)
    unknown = at_the_beginning(lambda i: ("narration", "dialogue", *["undetermined"] * 4)[i % 6])
    assert unknown.verdict == "cannot be decided from this"
    assert unknown.value is None


def test_too_little_speech_cannot_refute_that_narration_comes_first():
    kinds = ["narration", "dialogue", "dialogue", "narration", "dialogue", "dialogue", "dialogue"]
    speech = [spoken(900 * i, 900 * i + 4, kind) for i, kind in enumerate(kinds)]
    c6 = claim(a_study(speech=speech), "C6")
    assert (c6.value, c6.p_value > 0.05, c6.power < 0.8) == (pytest.approx(0.3), True, True)
    assert c6.verdict == "cannot be decided from this"


def test_what_people_say_decides_who_is_spoken_to():
    def labelled(kind, n=20, step_s=12.0):
        return [
            spoken(step_s * i, step_s * i + 4, kind, decided_by="label", voice="V1")
            for i in range(n)
        ]

    assert verdicts(a_study(speech=labelled("soliloquy", step_s=5.0)))["C7"] == "supported"
    assert verdicts(a_study(speech=labelled("dialogue", step_s=20.0)))["C7"] == "not supported"
    one = [spoken(0, 5, "dialogue", voice="V1")]
    assert verdicts(a_study(speech=one))["C7"] == "cannot be decided from this"
    # most of it labelled dialogue: what voices make of the rest cannot outweigh it
    mixed = [
        *labelled("dialogue", step_s=20.0),
        *(spoken(1000 + 20 * i, 1004 + 20 * i, "dialogue", voice="V1") for i in range(4)),
    ]
    c7 = claim(a_study(speech=mixed), "C7")
    assert (c7.verdict, c7.high) == ("not supported", pytest.approx(4 / 24))


def test_who_talks_to_whom_needs_voices():
    alone = [spoken(100 * i, 100 * i + 9, "dialogue", voice="V1") for i in range(20)]
    talk = [spoken(12 * i, 12 * i + 9, "dialogue", voice=f"V{i % 2}") for i in range(20)]
    unknown = [spoken(12 * i, 12 * i + 9, "dialogue") for i in range(20)]
    assert verdicts(a_study(speech=alone))["C7"] == "supported"
    assert verdicts(a_study(speech=talk))["C7"] == "not supported"
    assert verdicts(a_study(speech=unknown))["C7"] == "cannot be decided from this"


def test_no_limit_speaks_of_bounds_that_are_not_written():
    alone = [spoken(100 * i, 100 * i + 9, "dialogue", voice="V1") for i in range(20)]
    asked = [Question(id=one) for one in ("C5", "C6", "C7")]
    for speech in (alone, ()):
        for one in a_study(speech=speech, questions=asked).claims:
            if one.low == one.high:
                assert "bounds" not in one.limits
    assert claim(a_study(questions=asked), "C5").limits.startswith("There is no speech to count. ")


def test_what_was_not_looked_for_cannot_be_decided():
    results = a_study(stages=("speech",), speech=[spoken(0, 9, "narration")])
    assert verdicts(results)["C3"] == "cannot be decided from this"
    assert claim(results, "C3").limits == "No song was looked for."
    results = a_study(going_on(), stages=("cues",))
    assert claim(results, "C5").limits == "Speech was not listened for."
    assert results.ratio == ()


def test_only_what_a_study_claims_is_corrected_for():
    both = [*going_on(), *heard([0.0, 30.0, 7.0], [9.0] * 3, song_id="S2")]
    asked = [Question(id="C3", song=SONG.title)]
    results = a_study(both, songs=(SONG, OTHER), questions=asked)
    (c3,) = results.claims
    assert c3.p_value_holm == c3.p_value
    assert [row.p_value_holm for row in results.continuation] == [c3.p_value, None]
    two = a_study(both, songs=(SONG, OTHER), questions=[*asked, Question(id="C8", song=SONG.title)])
    assert two.claims[0].p_value_holm > c3.p_value


def test_without_claims_none_is_tested():
    results = a_study(going_on(), questions=())
    assert results.claims == ()
    assert [row.p_value_holm for row in results.continuation] == [None]


def test_the_level_of_intervals_does_not_move_what_is_beyond_chance():
    wide = a_study(going_on(), questions=[Question(id="C3")])
    narrow = measured(
        wide,
        parameters=dataclasses.replace(QUICK, level=0.6),
        questions=[Question(id="C3")],
    )
    assert claim(wide, "C3").verdict == claim(narrow, "C3").verdict == "supported"
    assert claim(wide, "C3").low < claim(narrow, "C3").low


def test_a_claim_has_the_essays_words_and_its_song():
    questions = [Question(id="C3", statement="Her song goes on.", song="Other")]
    film = heard([0.0], [9.0], song_id="S2")
    (one,) = a_study(film, songs=(SONG, OTHER), questions=questions).claims
    assert one.statement == "Her song goes on."
    by_default = claim(a_study(going_on(), songs=(OTHER, SONG)), "C3")
    assert by_default.statement == "“The song” goes on from where it had stopped."
    assert "which is heard longest" in by_default.limits


def test_claims_about_what_is_not_there_are_refused():
    with pytest.raises(StudyError, match="claim C3, song 'None': the study looks for The song"):
        a_study(questions=[Question(id="C3", song="None")])
    with pytest.raises(StudyError, match="claim C1: it is made twice"):
        a_study(questions=[Question(id="C1"), Question(id="C1")])
    with pytest.raises(ParameterError, match="claim 'C9': there is no such claim"):
        Question(id="C9")


def test_what_the_correction_alone_undoes_decides_nothing():
    # a rhythm whose p of .04 would stand alone does not among the tests of a study
    gaps_s = [300.0, 600.0, 180.0, 310.0, 480.0, 220.0]
    film = heard([0.0, 40.0, 80.0, 0.0, 40.0, 80.0, 0.0], [9.0] * 7, film_gaps_s=gaps_s)
    c8 = claim(a_study(film), "C8")
    assert c8.p_value <= 0.05 < c8.p_value_holm
    assert c8.verdict == "cannot be decided from this"


playings = st.lists(
    st.tuples(
        st.floats(-5, 170), st.floats(0.1, 200), st.floats(-0.1, 400), st.sampled_from("abcdef")
    ),
    max_size=7,
)


@settings(max_examples=30)
@given(playings, speech_segments(), scene_tables)
def test_whatever_is_found_the_bounds_hold_the_value_and_the_file_can_be_written(
    rows, speech, scenes
):
    starts_s, lengths_s, gaps_s, names = (list(column) for column in zip(*rows, strict=True)) if (
        rows
    ) else ([], [], [], [])  # fmt: skip
    film = heard(starts_s, lengths_s, film_gaps_s=gaps_s, playings=names)
    results = a_study(film, speech, scenes=scenes)
    assert decode_results(encode_results(results)) == results
    for row in [*results.claims, *results.ratio]:
        value = row.value if hasattr(row, "value") else row.share
        bounds = [x for x in (row.low, value, row.high) if x is not None]
        assert bounds == sorted(bounds)
    for one in results.claims:
        for p in (one.p_value, one.p_value_holm, one.power):
            assert p is None or 0 <= p <= 1
