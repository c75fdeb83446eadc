"""Evidence by a response that was read off other parts of a stretch."""

import numpy as np
import pytest

from ostinato.cues import CueParameters
from ostinato.cues.playback_chain import held_out_evidence
from ostinato.cues.views import RATE_HZ

PARAMETERS = CueParameters().trace
PAIRS = ((0, "mid"),)


def noise(rng, n_samples=4 * RATE_HZ):
    return rng.standard_normal(n_samples).astype(np.float32)


def evidence_of(x, y):
    inside = slice(RATE_HZ, 3 * RATE_HZ)
    return held_out_evidence(x[np.newaxis], {"mid": y}, PAIRS, inside, parameters=PARAMETERS)


@pytest.mark.parametrize("delay", [0, 40])
def test_a_copy_keeps_what_it_has(delay):
    rng = np.random.default_rng(0)
    song = noise(rng)
    film = 0.2 * np.roll(song, delay) + noise(rng)
    n_samples = 2 * RATE_HZ
    assert evidence_of(film, song) == pytest.approx(0.2**2 * n_samples / 2 / 1.04, rel=0.4)


def test_what_agrees_at_another_lag_in_each_part_is_no_evidence():
    rng = np.random.default_rng(1)
    song = noise(rng)
    film = noise(rng)
    for index, start in enumerate(range(0, film.size, RATE_HZ // 2)):
        piece = slice(start, start + RATE_HZ // 2)
        film[piece] += 0.2 * np.roll(song, 30 * index - 120)[piece]
    assert evidence_of(film, song) < PARAMETERS.min_held_out_evidence


def test_a_copy_that_turns_over_counts_against_itself():
    rng = np.random.default_rng(2)
    song = noise(rng)
    film = 0.2 * song + noise(rng)
    film[2 * RATE_HZ :] = noise(rng)[2 * RATE_HZ :] - 0.2 * song[2 * RATE_HZ :]
    assert evidence_of(film, song) < 0


def test_silence_is_no_evidence():
    silent = np.zeros(4 * RATE_HZ, np.float32)
    assert evidence_of(noise(np.random.default_rng(3)), silent) == 0


@pytest.mark.parametrize("n_samples", [1, 500, 1200, 1300])
def test_a_stretch_too_short_to_hold_parts_out_is_little_evidence(n_samples):
    song = noise(np.random.default_rng(2))
    nats = held_out_evidence(
        song[np.newaxis],
        {"mid": song},
        PAIRS,
        slice(RATE_HZ, RATE_HZ + n_samples),
        parameters=PARAMETERS,
    )
    assert np.isfinite(nats)
    if n_samples < 1280:
        assert nats == 0
