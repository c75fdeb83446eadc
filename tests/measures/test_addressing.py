"""Speech that is said to nobody, simulated with known truth."""

import dataclasses

import numpy as np
import pytest
from tests.measures.speaking import spoken

from ostinato.measures import MeasureParameters, draw_sample
from ostinato.measures.monologue import monologues

PARAMETERS = MeasureParameters(n_resamples=300)
SEGMENT_S = 4.0


def a_film(rng, *, n_talks=150):
    """Talks of one voice or of two; some lone voices speak on the telephone, so to somebody."""
    speech, to_nobody = [], []
    now_s = 0.0
    for _ in range(n_talks):
        is_alone = rng.random() < 0.5
        is_soliloquy = is_alone and rng.random() < 0.7
        for turn in range(3):
            voice = "V1" if is_alone else f"V{1 + turn % 2}"
            speech.append(spoken(now_s, now_s + SEGMENT_S, "undetermined", voice=voice))
            to_nobody.append(is_soliloquy)
            now_s += SEGMENT_S + 1
        now_s += 20
    return tuple(speech), np.array(to_nobody), now_s


def labelled(speech, to_nobody, rng, *, film_duration_s, n_labels):
    drawn = draw_sample(speech, n_labels, film_duration_s=film_duration_s, rng=rng)
    truth = dict(zip((s.start_s for s in speech), to_nobody, strict=True))
    return tuple(
        dataclasses.replace(
            one, kind="soliloquy" if truth[one.start_s] else "dialogue", is_open=False
        )
        for one in drawn
    )


def measured(speech, sample, *, film_duration_s):
    rows = monologues(
        speech,
        film_duration_s=film_duration_s,
        scenes=(),
        sample=sample,
        parameters=PARAMETERS,
    )
    return rows[0]


def test_labels_correct_what_voices_say_and_bound_it():
    n_covered, errors = 0, []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        speech, to_nobody, film_s = a_film(rng)
        sample = labelled(speech, to_nobody, rng, film_duration_s=film_s, n_labels=90)
        row = measured(speech, sample, film_duration_s=film_s)
        assert row.n_random_labels == len(sample)
        n_covered += row.to_nobody_low <= to_nobody.mean() <= row.to_nobody_high
        errors.append(row.to_nobody_share - to_nobody.mean())
    # of 60 intervals of 95 %, fewer than 52 are right three times in a thousand
    assert n_covered >= 52
    # voices alone say half, and .35 is true
    assert np.mean(errors) == pytest.approx(0, abs=0.02)


def test_without_a_random_sample_nothing_is_corrected():
    speech, _, film_s = a_film(np.random.default_rng(1), n_talks=20)
    row = measured(speech, (), film_duration_s=film_s)
    assert (row.to_nobody_share, row.to_nobody_low, row.to_nobody_high) == (None, None, None)
    assert row.n_random_labels == 0
    assert row.share is not None


def test_narration_is_said_to_nobody_who_is_there():
    rng = np.random.default_rng(2)
    speech, to_nobody, film_s = a_film(rng)
    sample = labelled(speech, to_nobody, rng, film_duration_s=film_s, n_labels=60)
    narrated = tuple(
        dataclasses.replace(one, kind="narration") if one.kind == "soliloquy" else one
        for one in sample
    )
    assert measured(speech, narrated, film_duration_s=film_s) == measured(
        speech, sample, film_duration_s=film_s
    )
