"""What a classifier sees and when it decides, held against loops over few segments."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.results import SpeechSegment
from ostinato.speech import ClassifierParameters
from ostinato.speech.classifier.fit import (
    Model,
    TrainingSet,
    calibrated,
    fit,
    folds,
    is_enough,
    log_loss,
)
from ostinato.speech.classifier.predict import COLUMNS, features

PARAMETERS = ClassifierParameters()
PLAIN, LOGARITHM = COLUMNS.index("tilt_db_octave"), COLUMNS.index("gap_before_s")


def said(n, start_s, length_s, voice=None, **evidence):
    return SpeechSegment(
        id=f"T{n}",
        start_s=start_s,
        end_s=start_s + length_s,
        kind="undetermined",
        p_narration=None,
        decided_by=None,
        voice=voice,
        evidence=evidence,
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # median 3, quartiles 2 and 4: a spread of 2 / 1.349, more than half a deviation of 1.41
        ([1.0, 2.0, 3.0, 4.0, 5.0], [-1.349, -0.6745, 0.0, 0.6745, 1.349]),
        # quartiles alike: half the standard deviation, 2, and nothing beyond three spreads
        ([0.0, 0.0, 0.0, 0.0, 10.0], [0.0, 0.0, 0.0, 0.0, 3.0]),
        ([0.0] * 24 + [1.0], [0.0] * 24 + [3.0]),
        ([7.0] * 5, [0.0] * 5),
    ],
)
def test_a_column_is_centred_on_its_median_and_scaled_by_its_spread(values, expected):
    speech = [said(n, 1000.0 * n, 2.0, tilt_db_octave=x) for n, x in enumerate(values)]
    assert features(speech)[:, PLAIN] == pytest.approx(np.array(expected))
    shifted = [said(n, 1000.0 * n, 2.0, tilt_db_octave=3 * x - 9) for n, x in enumerate(values)]
    assert features(shifted)[:, PLAIN] == pytest.approx(np.array(expected))


def test_half_of_a_deviation_is_the_spread_where_the_quartiles_say_less():
    values = np.array([-2.0, -2.0, -0.1, 0.0, 0.0, 0.0, 0.1, 2.0, 2.0])
    speech = [said(n, 1000.0 * n, 2.0, tilt_db_octave=x) for n, x in enumerate(values)]
    assert features(speech)[:, PLAIN] == pytest.approx(values / (values.std() / 2), abs=1e-9)


def test_of_pauses_it_is_ratios_that_count_and_what_is_unknown_is_as_the_middle():
    values = [0.0, 1.0, 3.0, 7.0, -1.0]  # one more than each is a power of two; below 0 is 0
    speech = [said(n, 1000.0 * n, 2.0, gap_before_s=x) for n, x in enumerate(values)]
    speech.append(said(9, 9000.0, 2.0))
    logs = np.array([0.0, 1.0, 2.0, 3.0, 0.0])
    low, middle, high = np.percentile(logs, [25, 50, 75])
    spread = max((high - low) / 1.349, logs.std() / 2)
    expected = [*((logs - middle) / spread), 0.0]
    assert features(speech)[:, LOGARITHM] == pytest.approx(np.array(expected))
    assert features([]).shape == (0, 2 * len(COLUMNS))


@given(
    st.lists(
        st.tuples(st.floats(0, 12), st.floats(0.5, 6), st.sampled_from([None, "V1", "V2"])),
        min_size=2,
        max_size=6,
    )
)
def test_beside_a_value_stands_its_mean_over_the_talk_nearby(rows):
    speech, now_s = [], 0.0
    for n, (gap_s, length_s, voice) in enumerate(rows):
        now_s += gap_s
        speech.append(said(n, now_s, length_s, voice, tilt_db_octave=float(n)))
        now_s += length_s
    told = features(speech)
    own = told[:, PLAIN]
    for one, mean in zip(speech, told[:, len(COLUMNS) + PLAIN], strict=True):
        weights = []
        for other in speech:
            gap_s = max(0.0, other.start_s - one.end_s, one.start_s - other.end_s)
            is_other_voice = None not in {one.voice, other.voice} and one.voice != other.voice
            weights.append(
                (other.end_s - other.start_s)
                * np.exp(-gap_s / 4)
                * (0.25 if is_other_voice else 1.0)
            )
        assert mean == pytest.approx(np.average(own, weights=weights), abs=1e-9)


def test_italics_are_no_evidence_where_they_have_decided():
    column = COLUMNS.index("italic_share")
    rows = [said(n, 10.0 * n, 2.0, italic_share=n / 4, tilt_db_octave=1.0) for n in range(5)]
    assert features(rows)[:, column].any()
    by_italics = replace(rows[4], kind="narration", decided_by="subtitles")
    assert not features([*rows[:4], by_italics])[:, column].any()
    tagged = replace(by_italics, evidence={**by_italics.evidence, "narrator_tag_share": 1.0})
    assert features([*rows[:4], tagged])[:, column].any()


@pytest.mark.parametrize(
    ("p", "kind"), [(0.2, -1), (0.2001, 0), (0.5, 0), (0.7999, 0), (0.8, 1), (1.0, 1), (0.0, -1)]
)
def test_a_bound_itself_decides(p, kind):
    model = Model(np.array([p]), np.array([0.5]), (0.2, 0.8))
    assert model.kinds().tolist() == [kind]
    assert replace(model, bounds=None).kinds().tolist() == [0]


def a_training_set(n_of_each, n_blocks, *, voices=None, seed=0):
    rng = np.random.default_rng(seed)
    n = 2 * n_of_each
    is_narration = np.arange(n) % 2 == 0
    return TrainingSet(
        x=is_narration[:, None] + rng.normal(0, 0.7, (n, 1)),
        is_narration=is_narration,
        is_labelled=np.ones(n, bool),
        blocks=np.arange(n) // 2 % n_blocks,
        voices=np.full(n, -1) if voices is None else voices,
    )


def test_labels_suffice_from_the_least_number_and_the_least_blocks_on():
    n, n_blocks = PARAMETERS.least_of_kind, PARAMETERS.least_blocks
    full = a_training_set(max(n, n_blocks), n_blocks)
    everything = np.ones(full.is_narration.size, bool)
    assert is_enough(full, everything, PARAMETERS)
    assert not is_enough(a_training_set(max(n, n_blocks), n_blocks - 1), everything, PARAMETERS)
    for kind in (full.is_narration, ~full.is_narration):
        fewer = everything.copy()
        fewer[np.flatnonzero(kind)[n - 1 :]] = False
        assert not is_enough(full, fewer, replace(PARAMETERS, least_blocks=1))
        assert fit(full, fewer, PARAMETERS) is None


def test_a_voice_is_known_by_labels_of_other_blocks_than_its_own():
    n = 40
    rng = np.random.default_rng(3)
    voices = rng.integers(-1, 3, 2 * n)
    training = a_training_set(n, 8, voices=voices)
    labelled = rng.random(2 * n) < 0.8
    share = fit(training, labelled, PARAMETERS).voice_share
    film, prior = training.is_narration[labelled].mean(), PARAMETERS.voice_prior
    for i in range(2 * n):
        others = labelled & (voices == voices[i]) & (training.blocks != training.blocks[i])
        n_narration = (others & training.is_narration).sum()
        expected = (n_narration + prior * film) / (others.sum() + prior)
        assert share[i] == pytest.approx(film if voices[i] < 0 else expected)


def test_blocks_are_dealt_out_whole_and_in_turn():
    blocks = np.array([7, 7, 2, 2, 9, 30, 30, 2])
    assert folds(blocks, 2).tolist() == [1, 1, 0, 0, 0, 1, 1, 0]
    assert folds(blocks, 3).tolist() == [1, 1, 0, 0, 2, 0, 0, 0]


def test_a_line_that_is_held_hard_changes_nothing_and_none_turns_evidence_round():
    rng = np.random.default_rng(4)
    y = rng.random(400) < 0.5
    log_odds = np.where(y, 1.5, -1.5) + rng.normal(0, 1.0, 400)
    held = calibrated(log_odds, y, penalty=1e9)
    assert held.weights == pytest.approx([1.0], abs=1e-3)
    assert calibrated(3 * log_odds, y, penalty=1e-6).weights == pytest.approx(
        calibrated(log_odds, y, penalty=1e-6).weights / 3, rel=1e-3
    )
    turned = calibrated(-log_odds, y, penalty=1e-6)
    assert turned.weights == pytest.approx([0.1])


def test_log_loss_is_minus_the_mean_log_of_what_was_given_to_the_truth():
    log_odds, y = np.array([0.0, np.log(3), np.log(3)]), np.array([True, True, False])
    assert log_loss(log_odds, y) == pytest.approx(-np.log([0.5, 0.75, 0.25]).mean())
