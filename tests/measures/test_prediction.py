import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.measures.speaking import a_film_of_speech, labelled, spoken, true_share

from ostinato.measures import MeasureParameters, draw_sample
from ostinato.measures.ratio import Calibration, Evidence, beginning_ratios, ratios, rogan_gladen
from ostinato.measures.scopes import ratio_curve
from ostinato.measures.speech_claims import narration_for_dialogue
from ostinato.measures.survey import Frame, labels_only, prediction_powered
from ostinato.results import SampledLabel, Scene

QUICK = MeasureParameters(n_resamples=200)


def in_film(speech, *, sample=(), calibration=None, scenes=()):
    return ratios(
        speech,
        film_duration_s=max(s.end_s for s in speech) + 1,
        scenes=scenes,
        evidence=Evidence(sample=tuple(sample), calibration=calibration),
        parameters=QUICK,
    )[0]


@pytest.mark.parametrize("share", [0.1, 0.8])
def test_the_interval_covers_and_the_estimate_leans_to_no_side(share):
    rows = []
    for seed in range(60):
        rng = np.random.default_rng([seed, 7])
        speech, truth = a_film_of_speech(rng, share=share)
        picks = rng.choice(len(speech), 100, replace=False)
        row = in_film(speech, sample=labelled(speech, truth, picks))
        rows.append((row, true_share(speech, truth)))
    errors = [row.share - true for row, true in rows]
    assert abs(np.mean(errors)) < 0.01
    # 60 films: a coverage of 95 % is seen as 88 % or more
    assert np.mean([row.low <= true <= row.high for row, true in rows]) >= 0.88
    assert np.mean([row.labels_low <= true <= row.labels_high for row, true in rows]) >= 0.88
    width, alone = (
        np.mean([high - low for low, high in bounds])
        for bounds in (
            [(row.low, row.high) for row, _ in rows],
            [(row.labels_low, row.labels_high) for row, _ in rows],
        )
    )
    assert width < alone
    assert abs(np.mean([row.naive_share - true for row, true in rows])) > 0.02


def test_what_subtitles_do_not_decide_is_estimated_from_labels_alone():
    rng = np.random.default_rng(1)
    speech, truth = a_film_of_speech(rng, share=0.4)
    silent = [spoken(s.start_s, s.end_s, "undetermined") for s in speech]
    picks = rng.choice(len(speech), 150, replace=False)
    row = in_film(silent, sample=labelled(silent, truth, picks))
    assert (row.estimator, row.naive_share, row.n_random_labels) == ("labels", None, 150)
    assert row.low <= true_share(speech, truth) <= row.high
    assert (row.share, row.low, row.high) == pytest.approx(
        (row.labels_share, row.labels_low, row.labels_high), abs=0.02
    )


@given(st.integers(5, 40), st.integers(0, 9))
def test_no_interval_is_narrower_than_its_labels_can_carry(n, seed):
    rng = np.random.default_rng(seed)
    speech, _ = a_film_of_speech(rng, share=0.3, n_scenes=20)
    truth = [s.kind for s in speech]  # nobody errs, in the sample or out of it
    picks = rng.choice(len(speech), n, replace=False)
    row = in_film(speech, sample=labelled(speech, truth, picks))
    if row.estimator == "prediction-powered":
        left = 1 - sum(speech[i].interval.duration_s for i in picks) / sum(
            s.interval.duration_s for s in speech
        )
        least = left * (1 - 0.025 ** (1 / n))
        assert row.high - row.low >= min(least, row.high, 1 - row.low) - 1e-9


def test_four_labels_are_no_sample():
    speech, truth = a_film_of_speech(np.random.default_rng(2), share=0.3)
    row = in_film(speech, sample=labelled(speech, truth, range(4)))
    assert (row.estimator, row.n_random_labels, row.labels_share) == ("all decided", 4, None)


def test_labels_of_all_speech_leave_no_doubt():
    speech, truth = a_film_of_speech(np.random.default_rng(3), share=0.3, n_scenes=8)
    row = in_film(speech, sample=labelled(speech, truth, range(len(speech))))
    assert (row.share, row.low, row.high) == pytest.approx((true_share(speech, truth),) * 3)


def test_what_turns_out_to_be_no_speech_is_taken_off():
    # half of what was detected is noise, all of it called dialogue
    rng = np.random.default_rng(4)
    kinds = ["narration", "dialogue", "none", "none"] * 150
    predicted = [kind if kind == "narration" else "dialogue" for kind in kinds]
    speech = [spoken(10 * i, 10 * i + 3, kind) for i, kind in enumerate(predicted)]
    sample = labelled(speech, kinds, rng.choice(len(kinds), 200, replace=False))
    row = in_film(speech, sample=sample)
    assert row.naive_share == pytest.approx(0.25)
    assert row.share == pytest.approx(0.5, abs=0.08)
    assert row.low <= 0.5 <= row.high


def test_speech_of_which_a_person_cannot_say_widens_the_interval():
    speech, truth = a_film_of_speech(np.random.default_rng(5), share=0.4)
    picks = np.random.default_rng(5).choice(len(speech), 100, replace=False)
    clear = labelled(speech, truth, picks)
    unclear = [
        SampledLabel(**{**_fields(one), "kind": "undetermined"}) if i % 4 == 0 else one
        for i, one in enumerate(clear)
    ]
    first, second = in_film(speech, sample=clear), in_film(speech, sample=unclear)
    assert second.high - second.low > first.high - first.low + 0.15


def _fields(one):
    return {name: getattr(one, name) for name in SampledLabel.__slots__}


def test_few_scenes_do_not_blow_up_the_interval():
    # 61 labels of a film in five scenes: what is estimated is this film, segment by segment
    rng = np.random.default_rng(6)
    speech, truth = a_film_of_speech(rng, share=0.2, n_scenes=5, per_scene=120)
    picks = rng.choice(len(speech), 61, replace=False)
    five = [Scene(name=str(i), start_s=1200.0 * i, end_s=1200.0 * (i + 1)) for i in range(5)]
    row = in_film(speech, sample=labelled(speech, truth, picks), scenes=five)
    assert row.low <= true_share(speech, truth) <= row.high
    assert row.high - row.low < 0.25


@pytest.mark.parametrize(("share", "n"), [(0.03, 30), (0.2, 60), (0.8, 60)])
def test_a_sample_as_the_program_draws_it_covers(share, n):
    covers = []
    for seed in range(60):
        rng = np.random.default_rng([seed, n])
        speech, truth = a_film_of_speech(rng, share=share, n_scenes=12, per_scene=40)
        kinds = {one.start_s: kind for one, kind in zip(speech, truth, strict=True)}
        drawn = draw_sample(speech, n, film_duration_s=4900.0, rng=rng)
        sample = [dataclasses.replace(one, kind=kinds[one.start_s], is_open=False) for one in drawn]
        row = in_film(speech, sample=sample)
        covers.append(row.low <= true_share(speech, truth) <= row.high)
    assert np.mean(covers) >= 0.88


def test_rogan_and_gladens_own_correction():
    # Rogan and Gladen 1978: true prevalence (apparent + specificity - 1) / (sens. + spec. - 1)
    calibration = Calibration(
        n_narration=100, n_narration_found=85, n_dialogue=100, n_dialogue_found=90
    )
    corrected = rogan_gladen(0.7, calibration=calibration, level=0.95)
    assert corrected.value == pytest.approx(0.6 / 0.75)


def test_a_borrowed_calibration_has_no_interval_and_decides_nothing():
    # four counts do not show how far errors come together in scenes
    calibration = Calibration(
        n_narration=60, n_narration_found=51, n_dialogue=60, n_dialogue_found=54
    )
    speech, _ = a_film_of_speech(np.random.default_rng(0), share=0.9, n_scenes=30)
    row = in_film(speech, calibration=calibration)
    assert row.estimator == "borrowed calibration"
    assert row.share is not None
    assert (row.low, row.high, row.ratio_low, row.ratio_high) == (None, None, None, None)
    assert narration_for_dialogue(row).decide("none") == "cannot be decided from this"


def test_predictions_no_better_than_chance_say_nothing():
    calibration = Calibration(
        n_narration=20, n_narration_found=10, n_dialogue=20, n_dialogue_found=10
    )
    speech, _ = a_film_of_speech(np.random.default_rng(1), share=0.3)
    row = in_film(speech, calibration=calibration)
    assert (row.share, row.low, row.high) == (None, 0.0, 1.0)


def test_the_beginning_is_told_from_the_rest_of_film_and_story():
    speech = [spoken(0, 10, "narration"), spoken(15, 25, "dialogue"), spoken(60, 80, "dialogue")]
    scenes = [Scene(name="a", start_s=10.0, end_s=30.0, story="one")]
    rows = {
        row.scope: row for row in beginning_ratios(speech, film_duration_s=100.0, scenes=scenes)
    }
    assert rows["film: first 10 %"].share == 1.0
    assert rows["film: first 20 %"].share == pytest.approx(10 / 15)
    assert rows["film: after 10 %"].share == 0.0
    assert rows["story: one: first 33 %"].dialogue_s == pytest.approx(1.6)
    assert len(rows) == 12


def test_the_curve_ends_where_the_film_does():
    speech = [spoken(0, 10, "narration"), spoken(2110, 2120, "dialogue")]
    film_s = 2190.0
    curve = ratio_curve(speech, film_duration_s=film_s, parameters=MeasureParameters(rolling_s=40))
    assert [row.film_s for row in curve] == [*np.arange(1, 37) * 60.0, film_s]
    assert [row.share for row in curve] == [1.0] * 35 + [0.5, 0.5]
    assert [row.rolling_share for row in curve] == [*[None] * 34, 0.0, None, None]


def a_frame(truth, predicted, *, n_drawn_from, predicted_share):
    n = len(truth)
    two = [np.stack([kinds, 1 - kinds], axis=1).astype(float) for kinds in (truth, predicted)]
    return Frame(
        speech_s=3.0 * n_drawn_from,
        predicted_s=3.0 * n_drawn_from * np.array([predicted_share, 1 - predicted_share]),
        known_s=np.zeros(2),
        lengths_s=np.full(n, 3.0),
        weights=np.full(n, n_drawn_from / n),
        predicted=two[1],
        truth=two[0],
        is_unclear=np.zeros(n, dtype=bool),
        strata=np.zeros(n, dtype=int),
    )


def bounds_of_a_proportion(share, n, *, left):
    """Korn and Graubard's: as many labels as tell as much, in Jeffreys' interval."""
    few = stats.norm.ppf(0.025) / stats.t.ppf(0.025, n - 1)
    n_telling = (n - 1) / left * few**2
    return stats.beta.ppf([0.025, 0.975], share * n_telling + 0.5, (1 - share) * n_telling + 0.5)


def test_a_simple_random_sample_has_the_interval_of_the_textbook():
    # 18 of 60 labels of 400 segments, less what was labelled already
    truth = np.arange(60) < 18
    frame = a_frame(truth, np.zeros(60), n_drawn_from=400, predicted_share=0.0)
    expected = bounds_of_a_proportion(0.3, 60, left=1 - 60 / 400)
    for estimate in (labels_only(frame, level=0.95), prediction_powered(frame, level=0.95)):
        assert estimate.value == pytest.approx(0.3)
        assert [estimate.low, estimate.high] == pytest.approx(expected)


def test_a_prediction_leaves_the_variance_of_what_it_misses():
    # of 30 called narration 24 are, of 70 called dialogue 7 are not; 40 % of 1,000 are so called
    predicted = np.arange(100) < 30
    truth = np.concatenate([np.arange(30) < 24, np.arange(70) < 7])
    estimate = prediction_powered(
        a_frame(truth, predicted, n_drawn_from=1000, predicted_share=0.4), level=0.95
    )
    shares, weights = np.array([0.8, 0.1]), np.array([0.4, 0.6])
    each = [
        bounds_of_a_proportion(share, n, left=0.9)
        for share, n in zip(shares, (30, 70), strict=True)
    ]
    reaches = np.abs(np.array(each).T - shares) * weights
    assert estimate.value == pytest.approx(weights @ shares)
    assert [estimate.value - estimate.low, estimate.high - estimate.value] == pytest.approx(
        np.sqrt(np.square(reaches).sum(axis=1)), rel=1e-6
    )


def test_a_corrected_share_stays_within_its_bounds_and_counts_its_labels():
    calibration = Calibration(
        n_narration=50, n_narration_found=45, n_dialogue=70, n_dialogue_found=56
    )
    for naive, expected in ((0.05, 0.0), (0.97, 1.0), (0.55, 0.5)):
        estimate = rogan_gladen(naive, calibration=calibration, level=0.95)
        assert estimate.value == pytest.approx(expected)
        assert (estimate.low, estimate.high, estimate.n) == (None, None, 120)


def test_counts_barely_better_than_chance_correct_nothing():
    # 9 and 9 of 15: a sum of shares of 1.2 with an error of .17 after one more of each
    calibration = Calibration(
        n_narration=15, n_narration_found=9, n_dialogue=15, n_dialogue_found=9
    )
    estimate = rogan_gladen(0.5, calibration=calibration, level=0.95)
    assert (estimate.value, estimate.low, estimate.high) == (None, 0.0, 1.0)
    assert rogan_gladen(0.5, calibration=calibration, level=0.5).value == pytest.approx(0.5)


def a_frame_of_long_dialogue(rng, n_segments=700, n=150):
    """A fifth is narration, and shorter than dialogue; one prediction of fifty errs."""
    is_narration = rng.random(n_segments) < 0.2
    lengths_s = rng.lognormal(0.0, 0.9, n_segments) * np.where(is_narration, 1.2, 3.0)
    says_narration = is_narration ^ (rng.random(n_segments) < 0.02)
    picks, weights = [], []
    for kind in (True, False):
        own = np.flatnonzero(says_narration == kind)
        n_own = round(n * lengths_s[own].sum() / lengths_s.sum())
        picks += rng.choice(own, n_own, replace=False).tolist()
        weights += [own.size / n_own] * n_own
    truth, predicted = (
        np.stack([flags, ~flags], axis=1).astype(float) for flags in (is_narration, says_narration)
    )
    sampled = Frame(
        speech_s=float(lengths_s.sum()),
        predicted_s=lengths_s @ predicted,
        known_s=np.zeros(2),
        lengths_s=lengths_s[picks],
        weights=np.array(weights),
        predicted=predicted[picks],
        truth=truth[picks],
        is_unclear=np.zeros(len(picks), dtype=bool),
        strata=predicted[picks, 0].astype(np.int64),
    )
    return sampled, float(lengths_s[is_narration].sum() / lengths_s.sum())


def test_the_interval_covers_where_few_and_long_segments_hold_all_errors():
    covers = []
    for seed in range(120):
        sampled, true = a_frame_of_long_dialogue(np.random.default_rng([seed, 11]))
        found = prediction_powered(sampled, level=0.95)
        covers.append(found.low <= true <= found.high)
    # of 120 films, one of 93 % is seen as 87 % or more; one standard error covers about 80 %
    assert np.mean(covers) >= 0.87


def test_predictions_that_are_always_wrong_tell_as_much_as_those_that_are_right():
    rng = np.random.default_rng(12)
    sampled, _ = a_frame_of_long_dialogue(rng)
    right, wrong = (
        prediction_powered(one, level=0.95)
        for one in (
            sampled,
            dataclasses.replace(
                sampled,
                predicted=sampled.predicted[:, ::-1],
                predicted_s=sampled.predicted_s[::-1],
            ),
        )
    )
    assert (wrong.value, wrong.low, wrong.high) == pytest.approx(
        (right.value, right.low, right.high)
    )
