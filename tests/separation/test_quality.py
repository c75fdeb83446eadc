"""How well a song was cancelled, in decibels that follow from a prediction's known errors."""

import numpy as np
import pytest

from ostinato.separation.postfilter import Filtered
from ostinato.separation.quality import Quality, in_the_end, mean_quality, quality

N_BINS, N_FRAMES = 300, 96


def spectrum(seed, scale=1.0):
    rng = np.random.default_rng(seed)
    phase = np.exp(2j * np.pi * rng.random((N_BINS, 1, N_FRAMES)))
    return (scale * phase).astype(np.complex64)


def misfit_by(share_well):
    """Off by a tenth over a share of the bins, and by half over the others."""
    error = np.full((N_BINS, 1, 1), 0.5)
    error[: 3 + round(share_well * (N_BINS - 3))] = 0.1
    return error


def level(share):
    return -20 * np.log10(share)


@pytest.mark.parametrize(
    ("share_well", "best_db", "gain_db"),
    [
        (0.025, level(0.5), level(0.5)),  # of the energy that was predicted: .08
        (0.045, level(0.1), level(0.5)),  # .13
        (0.2, level(0.1), level(0.5)),  # .45
        (0.25, level(0.1), level(0.1)),  # .52
    ],
)
def test_the_best_tenth_and_the_half_of_the_energy_are_those_of_the_song(
    share_well, best_db, gain_db
):
    film = spectrum(0)
    song = (film * (1 - misfit_by(share_well))).astype(np.complex64)
    of_song = 0.9 if best_db == level(0.1) else 0.5  # what was predicted of it
    told = quality(film, song)
    assert told.best_db == pytest.approx(best_db + 20 * np.log10(of_song), abs=0.05)
    assert told.reduction_db == told.best_db
    assert told.gain_db == pytest.approx(gain_db, abs=0.05)
    assert told.coherence == pytest.approx(1.0, abs=1e-5)


def test_what_is_not_the_song_keeps_no_phase_and_gains_nothing():
    told = quality(spectrum(0), spectrum(1, 0.5))
    # means of sixteen random phases are sqrt(pi) / 8 long
    assert told.coherence == pytest.approx(np.sqrt(np.pi) / 8, abs=0.02)
    assert told.gain_db == pytest.approx(10 * np.log10(1 / 1.25), abs=0.3)
    assert told.song_energy == pytest.approx((N_BINS - 3) * (N_FRAMES // 8) * 0.25, rel=1e-3)


def test_rumble_and_what_is_inaudible_count_nothing():
    film, song = spectrum(0), spectrum(0, 0.5)
    noisy = film.copy()
    noisy[:2] *= 1000
    song[2] = 0  # so that nothing of the rumble is averaged into the bins that count
    assert quality(noisy, song).song_energy == pytest.approx(quality(film, song).song_energy)
    rumbling = song.copy()
    rumbling[:2] = spectrum(1, 1000.0)[:2]
    assert quality(film, rumbling).coherence == pytest.approx(1.0, abs=1e-5)
    low = np.zeros_like(film)
    low[:2] = film[:2]
    for nothing in (low, np.zeros_like(film), film[:, :, :0]):
        assert quality(nothing, nothing) == Quality(
            reduction_db=0.0, best_db=0.0, gain_db=0.0, coherence=0.0, song_energy=0.0
        )


def a_quality(best_db, song_energy=1.0, **others):
    fields = {"reduction_db": best_db, "gain_db": 3.0, "coherence": 0.5} | others
    return Quality(best_db=best_db, song_energy=song_energy, **fields)


@pytest.mark.parametrize(("left", "reduction_db"), [(0.1, 10.0), (0.01, 20.0), (1e-6, 25.0)])
def test_what_is_left_in_the_end_bounds_what_was_taken_out(left, reduction_db):
    filtered = Filtered(song=spectrum(0), song_energy=4.0, energy_left=4.0 * left)
    told = in_the_end(a_quality(25.0), filtered)
    assert (told.reduction_db, told.best_db) == (pytest.approx(reduction_db), 25.0)
    nothing = a_quality(25.0, song_energy=0.0)
    assert in_the_end(nothing, filtered) == nothing


def test_chunks_weigh_by_the_energy_of_the_song_in_them():
    parts = [a_quality(10.0, 3.0, coherence=0.9), a_quality(20.0, 1.0, gain_db=7.0)]
    assert mean_quality(parts) == a_quality(12.5, 4.0, coherence=0.8, gain_db=4.0)
    assert mean_quality([a_quality(10.0, 0.0)]).best_db == 0.0
    assert mean_quality([]).song_energy == 0.0


@pytest.mark.parametrize(("n_soft", "gain_db"), [(2000, level(0.1)), (20_000, level(0.5))])
def test_what_is_soft_counts_by_its_energy_if_there_is_much_of_it(n_soft, gain_db):
    # predicted of the loud: 27 bins of .81; of the soft, 20 dB below: .0025 each
    n_loud, n_frames = 30, 8
    rng = np.random.default_rng(0)
    film = np.exp(2j * np.pi * rng.random((n_loud + n_soft, 1, n_frames)))
    film[n_loud:] *= 0.1
    error = np.where(np.arange(n_loud + n_soft) < n_loud, 0.1, 0.5)[:, None, None]
    told = quality(film.astype(np.complex64), (film * (1 - error)).astype(np.complex64))
    assert told.gain_db == pytest.approx(gain_db, abs=0.05)
