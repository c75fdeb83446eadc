import librosa
import numpy as np
import pytest
from scipy.ndimage import map_coordinates
from scipy.signal import butter, sosfilt
from tests.separation.conftest import AS_IT_IS, CUE_S, SONG_START_S, decibels
from tests.small_films import RATE_HZ, a_song

from ostinato.dsp.short_time import frame_centres
from ostinato.separation import CancelParameters, SeparationParameters
from ostinato.separation.mask import mask, power_at

TIMES_S = np.arange(round(CUE_S * RATE_HZ)) / RATE_HZ


@pytest.mark.parametrize("speed", [1.0, 25 / 24, 1.00002])
def test_talk_remains_as_if_the_song_had_not_been_played(speed, played, talk_y, taken):
    truth = played(speed=speed)
    listed = 25 / 24 if speed > 1.01 else 1.0
    song, how = taken(truth + talk_y, speed=listed)
    assert decibels(song - truth, truth) < -25
    assert how.grade == "cancelled"
    assert how.share_on_line == 1.0
    # what blocks of 4 s tell; the rest is followed chunk by chunk
    assert how.drift_ppm == pytest.approx(1e6 * (speed / listed - 1), abs=2)


def test_a_song_that_comes_out_of_a_small_loudspeaker_is_taken_out(played, talk_y, taken):
    sos = butter(2, (300, 3400), "bandpass", fs=RATE_HZ, output="sos")
    truth = np.tile(sosfilt(sos, played().mean(axis=0)), (2, 1)).astype(np.float32)
    song, how = taken(truth + talk_y)
    assert decibels(song - truth, truth) < -22
    assert how.grade == "cancelled"


def test_a_fader_that_goes_down_under_talk_is_followed(played, talk_y, taken):
    gain_db = -12 * np.clip((TIMES_S - 6) / 0.4, 0, 1) + 12 * np.clip((TIMES_S - 14) / 0.4, 0, 1)
    truth = played() * (10 ** (gain_db / 20)).astype(np.float32)
    song, how = taken(truth + talk_y)
    assert decibels(song - truth, truth) < -20
    middle = np.interp([3.0, 10.0, 17.0], how.fader.times_s, how.fader.gain_db)
    # half a decibel: readings under talk
    assert middle - middle[0] == pytest.approx([0, -12, 0], abs=0.5)


def test_a_room_is_taken_out_with_its_echoes(played, talk_y, taken):
    rng = np.random.default_rng(3)
    decay = 10 ** (-3 * np.arange(round(0.3 * RATE_HZ)) / (0.3 * RATE_HZ))
    response = 0.02 * rng.standard_normal(decay.size) * decay
    response[0] = 1.0
    dry = played()
    truth = np.stack([np.convolve(row, response)[: row.size] for row in dry]).astype(np.float32)
    song, how = taken(truth + talk_y)
    assert decibels(song - truth, truth) < -18
    assert how.is_room
    assert how.grade == "cancelled"


def test_a_mono_recording_in_two_channels_is_no_trouble(played, talk_y, taken, song_y):
    mono = np.tile(song_y.mean(axis=0), (2, 1))
    truth = played(of=mono)
    song, _ = taken(truth + talk_y, of=mono)
    assert decibels(song - truth, truth) < -25


def test_another_song_is_never_called_cancelled(played, talk_y, taken):
    other = np.tile(0.1 * a_song(duration_s=30, seed=99), (2, 1)).astype(np.float32)
    _, how = taken(played() + talk_y, of=other)
    assert how.grade == "left alone"


def test_another_place_of_the_song_is_never_called_cancelled(played, talk_y, taken):
    _, how = taken(played(start_s=SONG_START_S + 5) + talk_y)
    assert how.grade == "left alone"


def test_a_song_that_was_cut_is_taken_out_on_both_sides_of_the_cut(played, talk_y, taken):
    later = played(start_s=SONG_START_S + 0.15)
    truth = np.where(TIMES_S < 10.3, played(), later).astype(np.float32)
    song, how = taken(truth + talk_y)
    assert how.grade == "cancelled"
    # 50 ms: less than a syllable
    assert how.edits_s == (pytest.approx(10.3, abs=0.05),)
    assert decibels(song - truth, truth) < -18


def test_a_long_cue_is_taken_out_chunk_by_chunk_without_a_seam(played, talk_y, taken):
    short = SeparationParameters(cancel=CancelParameters(chunk_s=8.0))
    truth = played()
    song, how = taken(truth + talk_y, parameters=short)
    assert how.grade == "cancelled"
    error = (song - truth)[:, : 20 * RATE_HZ].reshape(2, 40, -1)
    # no half second is worse than 14 dB, wherever chunks meet
    assert decibels(error, truth) < -22
    assert np.sqrt(np.mean(error**2, axis=(0, 2))).max() < 0.2 * np.std(truth)


def test_a_copy_that_was_stretched_is_masked(song_y, talk_y, taken):
    tempo = 0.96
    stretched = np.stack([librosa.effects.time_stretch(row, rate=tempo) for row in song_y])
    first = round(SONG_START_S / tempo * RATE_HZ)
    truth = stretched[:, first : first + talk_y.shape[1]]
    song, how = taken(truth + talk_y, speed=tempo, pitch=1.0)
    assert how.grade == "masked"
    assert how.quality is None
    # a mask is worth some decibels
    assert decibels(truth + talk_y - song - talk_y, talk_y) < decibels(truth, talk_y) - 3


def test_the_likeness_of_unrelated_sound_is_nothing(played, talk_y):
    other = np.tile(0.1 * a_song(duration_s=20, seed=77), (2, 1)).astype(np.float32)
    n_fft = 1364
    centres = frame_centres(talk_y.shape[1], n_fft=n_fft)
    alike, unlike = (
        mask(played() + talk_y, power_at(song, centres, n_fft=n_fft), n_fft=n_fft).likeness
        for song in (played(), other)
    )
    assert alike > 0.15
    assert abs(unlike) < 0.05


def test_a_record_that_wavers_is_not_called_cancelled(song_y, talk_y, taken):
    # by 20 microseconds, as a turntable does: the fit is good, and leaves its rises behind
    song_s = SONG_START_S + TIMES_S + 2e-5 * np.sin(2 * np.pi * 0.55 * TIMES_S)
    wavering = np.stack(
        [map_coordinates(row.astype(float), [song_s * RATE_HZ], order=5) for row in song_y]
    )
    _, how = taken(wavering + talk_y)
    assert how.grade == "masked"
    assert how.quality.coherence > AS_IT_IS.grade.least_coherence
    assert how.quality.best_db > AS_IT_IS.grade.least_reduction_db
