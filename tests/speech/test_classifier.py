"""What a classifier makes of labels, and what it leaves open where they are too few."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostinato.errors import ParameterError
from ostinato.results import WITHOUT_LABEL, SpeechSegment
from ostinato.speech import ClassifierParameters, predict
from ostinato.speech.classifier.fit import TrainingSet, calibrated, fit, fit_logistic, kept_bounds
from ostinato.speech.classifier.predict import features

PARAMETERS = ClassifierParameters()


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def a_film(rng, *, n=300, telling=2.5, share=0.35):
    """Segments of runs of one kind, with two cues that tell and one that does not."""
    speech, truth, now_s = [], [], 0.0
    while len(speech) < n:
        is_narration = rng.random() < share
        for _ in range(rng.integers(2, 6)):
            shift = telling * is_narration
            speech.append(
                SpeechSegment(
                    id=f"T{len(speech)}",
                    start_s=now_s,
                    end_s=now_s + 3,
                    kind="undetermined",
                    p_narration=None,
                    decided_by=None,
                    voice=None,
                    evidence={
                        "decay_spread_db_s": 60 + 20 * (shift + rng.normal()),
                        "level_spread_db": 3 - shift / 3 + rng.normal() / 2,
                        "tilt_db_octave": -8 + rng.normal(),
                    },
                )
            )
            truth.append("narration" if is_narration else "dialogue")
            now_s += 5.0
    return speech[:n], truth[:n]


def labelled(speech, truth, picks):
    picks = set(picks)
    return [
        replace(
            s,
            kind=kind,
            p_narration=float(kind == "narration"),
            decided_by="label",
            predicted="undetermined",
        )
        if i in picks
        else s
        for i, (s, kind) in enumerate(zip(speech, truth, strict=True))
    ]


def told(speech, parameters=PARAMETERS):
    return predict(speech, scenes=(), parameters=parameters)


def test_without_labels_nothing_is_decided_by_sound(rng):
    speech, _ = a_film(rng, n=40)
    assert {(s.kind, s.p_narration, s.decided_by) for s in told(speech)} == {
        ("undetermined", PARAMETERS.prior_narration, "prior")
    }


def test_three_labels_train_nothing(rng):
    speech, truth = a_film(rng, n=120, telling=6)
    picks = [truth.index("narration"), truth.index("dialogue"), len(truth) - 1]
    after = told(labelled(speech, truth, picks))
    assert {s.kind for s in after if s.decided_by != "label"} == {"undetermined"}
    assert {s.decided_by for s in after} == {"label", "prior"}


def test_labels_of_one_kind_train_nothing(rng):
    speech, truth = a_film(rng, n=120, share=0)
    after = told(labelled(speech, truth, range(0, 120, 2)))
    assert {s.decided_by for s in after} == {"label", "prior"}


def test_a_hundred_labels_train_what_the_film_shows(rng):
    speech, truth = a_film(rng)
    picks = rng.choice(len(speech), 100, replace=False)
    after = told(labelled(speech, truth, picks))
    rest = [(s, kind) for s, kind in zip(after, truth, strict=True) if s.decided_by != "label"]
    assert {s.decided_by for s, _ in rest} == {"classifier"}
    decided = [(s.kind, kind) for s, kind in rest if s.kind != "undetermined"]
    assert len(decided) > 0.7 * len(rest)
    assert np.mean([kind == true for kind, true in decided]) > 0.9


def test_where_nothing_tells_nothing_is_decided(rng):
    speech, truth = a_film(rng, telling=0)
    picks = rng.choice(len(speech), 100, replace=False)
    after = told(labelled(speech, truth, picks))
    decided = [s for s in after if s.decided_by == "classifier" and s.kind != "undetermined"]
    assert len(decided) < 0.05 * len(after)


def test_bounds_are_promised_on_other_labels_than_they_were_chosen_on():
    # evidence that tells nothing: whatever bound looks right on some labels fails on the others
    kept = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        p, is_narration = rng.random(120), rng.random(120) < 0.5
        kept += kept_bounds(p, is_narration, np.arange(120) // 4, parameters=PARAMETERS) is not None
    assert kept == 0


def test_the_promise_is_kept_where_evidence_is_weak():
    broken = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        is_narration, rest = rng.random(90) < 0.35, rng.random(4000) < 0.35
        p, p_rest = (
            1 / (1 + np.exp(-(1.2 * kinds - 1.0 + 1.2 * rng.standard_normal(kinds.size))))
            for kinds in (is_narration, rest)
        )
        bounds = kept_bounds(p, is_narration, np.arange(90) // 3, parameters=PARAMETERS)
        if bounds is not None:
            wrong = [rest[p_rest <= bounds[0]].mean(), (~rest[p_rest >= bounds[1]]).mean()]
            broken += max(wrong) > PARAMETERS.max_error
    assert broken / 200 <= 1 - PARAMETERS.confidence


def test_no_lucky_third_decides_where_evidence_is_weak():
    kept = 0
    for seed in range(600):
        rng = np.random.default_rng([seed, 3])
        is_narration = rng.random(150) < 0.35
        p = 1 / (1 + np.exp(-(1.2 * is_narration - 1.0 + 1.2 * rng.standard_normal(150))))
        kept += kept_bounds(p, is_narration, np.arange(150) // 3, parameters=PARAMETERS) is not None
    # a single third that chooses decides in seven films of a thousand, and is wrong in six of them
    assert kept <= 1


def test_a_rare_kind_decides_nothing_though_the_common_one_is_nearly_always_right():
    is_narration = np.arange(100) % 20 == 0
    p = np.full(100, 0.05)
    assert kept_bounds(p, is_narration, np.arange(100) // 4, parameters=PARAMETERS) is None


def test_a_label_wins_and_what_is_said_of_it_does_not_come_from_it(rng):
    speech, truth = a_film(rng, n=200)
    picks = rng.choice(200, 80, replace=False)
    wrong = {"narration": "dialogue", "dialogue": "narration"}
    one = int(picks[0])
    right, changed = (
        told(labelled(speech, [*truth[:one], kind, *truth[one + 1 :]], picks))[one]
        for kind in (truth[one], wrong[truth[one]])
    )
    assert (right.kind, right.decided_by) == (truth[one], "label")
    assert changed.kind == wrong[truth[one]]
    assert (right.predicted, right.predicted_by) == (changed.predicted, "classifier")
    assert right.evidence[WITHOUT_LABEL] == changed.evidence[WITHOUT_LABEL]


def test_subtitles_train_and_stay_as_they_are(rng):
    speech, truth = a_film(rng, n=200)
    half = labelled(speech, truth, range(0, 200, 2))
    half = [replace(s, decided_by="subtitles") if s.decided_by else s for s in half]
    after = told(half)
    assert {s.decided_by for s in after} == {"subtitles", "classifier"}
    assert [s.kind for s in after[::2]] == truth[::2]


def test_a_narrator_known_from_labels_is_known_again(rng):
    speech, truth = a_film(rng, telling=0)
    voiced = [
        replace(s, voice="V1" if kind == "narration" else f"V{rng.integers(2, 5)}")
        for s, kind in zip(speech, truth, strict=True)
    ]
    after = told(labelled(voiced, truth, rng.choice(300, 100, replace=False)))
    rest = [(s, kind) for s, kind in zip(after, truth, strict=True) if s.decided_by != "label"]
    assert np.mean([s.kind == kind for s, kind in rest]) > 0.9
    shares = {"narration": [], "dialogue": []}
    for s, kind in rest:
        shares[kind].append(s.evidence["narrator_voice_share"])
    assert min(shares["narration"]) > max(shares["dialogue"])


@settings(max_examples=5)
@given(st.integers(0, 2**32 - 1))
def test_telling_again_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    speech, truth = a_film(rng, n=60)
    once = told(labelled(speech, truth, rng.choice(60, 30, replace=False)))
    assert told(once) == once


def test_a_probability_means_what_it_says(rng):
    p, is_narration = [], []
    for _ in range(4):
        speech, truth = a_film(rng, telling=1.2)
        after = told(labelled(speech, truth, rng.choice(300, 100, replace=False)))
        for s, kind in zip(after, truth, strict=True):
            if s.decided_by == "classifier":
                p.append(s.p_narration)
                is_narration.append(kind == "narration")
    p, is_narration = np.array(p), np.array(is_narration)
    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 1.0)):
        inside = (low <= p) & (p < high)
        assert is_narration[inside].mean() == pytest.approx(p[inside].mean(), abs=0.12)


def test_features_are_relative_to_the_film(rng):
    speech, _ = a_film(rng, n=80)
    louder = [
        replace(s, evidence={name: 5 + 2 * value for name, value in s.evidence.items()})
        for s in speech
    ]
    np.testing.assert_allclose(features(speech), features(louder), atol=1e-9)
    assert features([]).size == 0
    bare = [replace(s, evidence={}) for s in speech]
    assert not features(bare).any()


def test_a_regression_that_is_held_back_finds_the_slope(rng):
    x = rng.standard_normal((4000, 2))
    y = rng.random(4000) < 1 / (1 + np.exp(-(2 * x[:, 0] - 1)))
    model = fit_logistic(x, y, penalty=0.1)
    np.testing.assert_allclose(model.weights, [2, 0], atol=0.2)
    assert model.constant == pytest.approx(-1, abs=0.2)
    line = calibrated(3 * (2 * x[:, 0] - 1), y, penalty=0.1)
    assert line.weights[0] == pytest.approx(1 / 3, abs=0.05)
    with pytest.raises(ParameterError, match="Give narration and dialogue"):
        fit_logistic(x, np.ones(4000, bool), penalty=1.0)
    with pytest.raises(ParameterError, match="Give a number > 0"):
        fit_logistic(x, y, penalty=0.0)


def test_a_label_says_nothing_of_its_voice_within_its_own_block(rng):
    # voice 0 is labelled in one block alone, voice 1 in all others
    n = 80
    blocks = np.repeat(np.arange(8), 10)
    is_narration = np.arange(n) % 2 == 0
    voices = np.where(blocks == 0, 0, 1)
    is_narration[blocks == 0] = True
    training = TrainingSet(
        x=rng.normal(size=(n, 2)),
        is_narration=is_narration,
        is_labelled=np.ones(n, dtype=bool),
        blocks=blocks,
        voices=voices,
    )
    model = fit(training, training.is_labelled, PARAMETERS)
    film = is_narration.mean()
    assert model.voice_share[blocks == 0] == pytest.approx(film)
    # each block of voice 1 hears of the other six: 30 of 60, drawn to the film's share
    drawn = (30 + PARAMETERS.voice_prior * film) / (60 + PARAMETERS.voice_prior)
    assert model.voice_share[blocks > 0] == pytest.approx(drawn)
