import numpy as np
import pytest
import soundfile as sf

from ostinato.errors import ParameterError
from ostinato.results import SpeechSegment
from ostinato.simulate import (
    Dropout,
    Duck,
    Fade,
    Place,
    Radio,
    Room,
    decaying_room,
    read_room,
)
from ostinato.simulate.chain import gain, through

RATE_HZ = 8000


def a_place(*, start_s=0.0, duration_s=4.0, speech=()):
    return Place(
        start_s=start_s,
        n_samples=round(duration_s * RATE_HZ),
        sample_rate_hz=RATE_HZ,
        speech=speech,
    )


def spoken(start_s, end_s, kind="narration"):
    return SpeechSegment(
        id="T1",
        start_s=start_s,
        end_s=end_s,
        kind=kind,
        p_narration=None,
        decided_by=None,
        voice=None,
    )


def noise(rng, n_channels=2, duration_s=4.0):
    return rng.standard_normal((n_channels, round(duration_s * RATE_HZ))).astype(np.float32)


def power_between(y, low_hz, high_hz):
    spectrum = np.abs(np.fft.rfft(y)) ** 2
    frequency = np.fft.rfftfreq(y.size, 1 / RATE_HZ)
    return spectrum[(frequency >= low_hz) & (frequency < high_hz)].mean()


def test_a_radio_has_one_channel_and_a_narrow_band(rng):
    heard = Radio(low_hz=500.0, high_hz=1500.0, drive=0.0).apply(noise(rng), a_place())
    np.testing.assert_array_equal(heard[0], heard[1])
    inside = power_between(heard[0], 800, 1100)
    assert power_between(heard[0], 20, 100) < inside / 100
    assert power_between(heard[0], 3500, 4000) < inside / 100


def test_a_driven_radio_adds_harmonics():
    t = a_place().times_s()
    tone = np.sin(2 * np.pi * 440 * t, dtype=np.float64)[np.newaxis].astype(np.float32)
    clean, driven = (Radio(drive=drive).apply(tone, a_place())[0] for drive in (0.0, 3.0))
    third = [power_between(y, 1318, 1322) / power_between(y, 438, 442) for y in (clean, driven)]
    assert third[0] < 1e-6
    assert third[1] > 1e-3


def test_a_room_keeps_the_direct_sound_in_its_place(rng):
    response = np.zeros(1000, np.float32)
    response[37], response[400] = 1.0, 0.4
    y = noise(rng, n_channels=1)
    heard = Room(response=response).apply(y, a_place())
    np.testing.assert_allclose(heard[0, :363], y[0, :363], atol=1e-5)
    np.testing.assert_allclose(heard[0, 363:5000], y[0, 363:5000] + 0.4 * y[0, :4637], atol=1e-5)


def test_a_room_in_stereo_hears_the_source_its_own_way_on_each_side(rng):
    response = np.zeros((2, 50), np.float32)
    response[0, 0], response[1, 20] = 1.0, 0.5
    y = noise(rng)
    heard = Room(response=response).apply(y, a_place())
    np.testing.assert_allclose(heard[0, :100], y.mean(axis=0)[:100], atol=1e-5)
    np.testing.assert_allclose(heard[1, 20:100], 0.5 * y.mean(axis=0)[:80], atol=1e-5)


def test_a_room_decays_as_it_is_told(rng):
    room = decaying_room(decay_s=1.0, direct_to_reverberant_db=3.0, sample_rate_hz=RATE_HZ, rng=rng)
    tail = np.asarray(room.response[0, 1:], np.float64)
    assert 10 * np.log10(1 / np.sum(tail**2)) == pytest.approx(3.0, abs=0.01)
    early, late = tail[1000:2000], tail[5000:6000]  # half a second apart: 30 dB
    assert 10 * np.log10(np.sum(early**2) / np.sum(late**2)) == pytest.approx(30.0, abs=1.0)


def test_a_room_is_read_from_its_recording(tmp_path):
    response = np.zeros((4800, 2))
    response[100, 0], response[900, 1] = 0.8, 0.3
    sf.write(tmp_path / "room.wav", response, 48_000)
    room = read_room(tmp_path / "room.wav", sample_rate_hz=24_000, cache_dir=tmp_path)
    assert room.response.shape == (2, 2400)
    assert room.direct_sample == pytest.approx(50, abs=4)  # a resampler rings before a click


def test_rooms_of_one_seed_are_the_same():
    first, second, other = (
        decaying_room(
            decay_s=0.2,
            direct_to_reverberant_db=0.0,
            sample_rate_hz=RATE_HZ,
            rng=np.random.default_rng(seed),
        ).response
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, second)
    assert np.any(first != other)


def test_a_fade_begins_and_ends_in_silence():
    gains = Fade(in_s=1.0, out_s=0.5).gain(a_place())
    assert gains[0] == 0
    assert gains[-1] < 1e-6
    assert gains[RATE_HZ // 2] == pytest.approx(0.5, abs=1e-3)
    assert (gains[RATE_HZ : 3 * RATE_HZ] == 1).all()


def test_a_duck_is_down_for_the_whole_of_the_speech():
    place = a_place(start_s=10.0, speech=(spoken(11.0, 12.0), spoken(13.0, 13.5, "dialogue")))
    gains = Duck(depth_db=20.0, ramp_s=0.25, under=("narration",)).gain(place)
    np.testing.assert_allclose(gains[RATE_HZ : 2 * RATE_HZ], 0.1, rtol=1e-5)
    assert (gains[: round(0.7 * RATE_HZ)] == 1).all()
    assert (gains[round(2.3 * RATE_HZ) :] == 1).all()


def test_a_duck_that_has_begun_before_goes_on():
    gains = Duck(depth_db=20.0).gain(a_place(start_s=10.0, speech=(spoken(8.0, 12.0),)))
    np.testing.assert_allclose(gains[: 2 * RATE_HZ], 0.1, rtol=1e-5)


def test_a_dropout_is_silent(rng):
    chain = (Dropout(start_s=1.0, end_s=2.0),)
    heard = through(chain, noise(rng), a_place(start_s=50.0))
    assert np.abs(heard[:, RATE_HZ : 2 * RATE_HZ]).max() < 1e-5
    assert np.abs(heard[:, : RATE_HZ - 20]).max() > 1


def test_gains_multiply_and_colours_have_none(rng):
    response = rng.standard_normal(10)
    chain = (Fade(in_s=1.0), Radio(), Room(response=response), Dropout(start_s=2.0, end_s=3.0))
    product = Fade(in_s=1.0).gain(a_place()) * Dropout(start_s=2.0, end_s=3.0).gain(a_place())
    np.testing.assert_allclose(gain(chain, a_place()), product)


@pytest.mark.parametrize(
    ("make", "mend"),
    [
        (lambda: Radio(low_hz=900.0, high_hz=800.0), "Raise high_hz"),
        (lambda: Radio(drive=-1.0), "Give 0 or more"),
        (lambda: Room(response=np.zeros(5)), "Give another"),
        (lambda: Room(response=np.ones((3, 5))), "Give one or two channels"),
        (lambda: Fade(in_s=-1.0), "Give 0 or more"),
        (lambda: Duck(depth_db=-1.0), "Give depth_db >= 0"),
        (lambda: Dropout(start_s=2.0, end_s=2.0), "Swap the bounds"),
        (
            lambda: decaying_room(
                decay_s=0.0,
                direct_to_reverberant_db=0.0,
                sample_rate_hz=RATE_HZ,
                rng=np.random.default_rng(0),
            ),
            "Give decay_s > 0",
        ),
    ],
)
def test_a_step_that_cannot_be_is_refused(make, mend):
    with pytest.raises(ParameterError, match=mend):
        make()
