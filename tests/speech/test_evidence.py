"""Each cue on sounds of which the answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from ostinato.dsp.frames import FrameClock
from ostinato.errors import ParameterError
from ostinato.media import in_memory
from ostinato.results import SpeechSegment
from ostinato.simulate import Place, decaying_room
from ostinato.speech import (
    MEANINGS,
    MODEL_CLOCK,
    Activity,
    Annotation,
    Heard,
    profile_film,
    with_evidence,
)
from ostinato.speech.evidence.surroundings import foreground, late_decay, noise_floor
from ostinato.speech.evidence.voice_sound import power_ratio_db, turns, voice_sound
from ostinato.timeline import Interval, Timeline

RATE_HZ = 16_000
N_BANDS = 26


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def said(start_s, end_s, *, voice=None):
    return SpeechSegment(
        id=f"T{start_s}",
        start_s=float(start_s),
        end_s=float(end_s),
        kind="undetermined",
        p_narration=None,
        decided_by=None,
        voice=voice,
    )


def bursts(rng, *, n=12):
    """Noise in bursts of 0.2 s every 0.45 s, as syllables with pauses."""
    y = 0.001 * rng.standard_normal(round(n * 0.45 * RATE_HZ))
    for k in range(n):
        start = round((k * 0.45 + 0.05) * RATE_HZ)
        y[start : start + RATE_HZ // 5] += 0.1 * rng.standard_normal(RATE_HZ // 5)
    return y.astype(np.float32)


def profiled(y):
    y = np.atleast_2d(y).astype(np.float32)
    names = {1: ("mono",), 2: ("left", "right"), 3: ("left", "right", "centre")}[len(y)]
    return profile_film(in_memory(y, rate_hz=RATE_HZ), channel_names=names)


def taken(y, segment, **changes):
    """Evidence for one segment of a short film."""
    profile = profiled(y)
    n_frames = MODEL_CLOCK.n_frames(np.atleast_2d(y).shape[1])
    silence = np.zeros(n_frames, np.float32)
    activity = Activity(
        clock=MODEL_CLOCK,
        duration_s=np.atleast_2d(y).shape[1] / RATE_HZ,
        speech=silence,
        singing=silence,
        music=silence + np.float32(0.25),
    )
    heard = Heard(
        profile=profile, activity=activity, songs=Timeline(), singing=Timeline((Interval(0, 1000),))
    )
    return with_evidence([segment], replace(heard, **changes))[0].evidence


def test_a_room_dies_away_slowly_and_evenly(rng):
    dry = bursts(rng)
    rates = []
    for decay_s in (None, 0.3, 0.6):
        y = dry
        if decay_s is not None:
            room = decaying_room(
                decay_s=decay_s, direct_to_reverberant_db=0, sample_rate_hz=RATE_HZ, rng=rng
            )
            place = Place(start_s=0.0, n_samples=dry.size, sample_rate_hz=RATE_HZ)
            y = room.apply(dry[np.newaxis], place)[0, : dry.size]
        bands_db = profiled(y).bands_db.astype(float)[:, 6:21]
        rates.append(late_decay(bands_db, frame_rate_hz=100))
    assert rates[0].spread_db_s > rates[1].spread_db_s > rates[2].spread_db_s
    slow = rates[2].rate_db_s
    assert slow == pytest.approx(60 / 0.6, rel=0.4)
    assert rates[1].rate_db_s > slow


def test_too_little_dies_away_to_tell():
    nothing = late_decay(np.zeros((5, 3)), frame_rate_hz=100)
    assert (nothing.rate_db_s, nothing.slow_rate_db_s, nothing.spread_db_s) == (None, None, None)


@pytest.mark.parametrize("duck_db", [0.0, 6.0, 12.0])
def test_ambience_that_makes_way_is_a_step_down(rng, duck_db):
    ambience_db = -50 + rng.normal(0, 2, (400, N_BANDS))
    speech_db = ambience_db[:200] - duck_db
    speech_db[:, 8:18] = -20  # a voice hides what is beneath it in its own bands
    floor = noise_floor(speech_db, ambience_db[200:], speech_level_db=-10.0)
    assert floor.step_db == pytest.approx(-duck_db, abs=3.0)
    assert floor.around_re_speech_db == pytest.approx(-50 + 14 + 10, abs=2.0)


def test_a_floor_that_nobody_hears_is_unknown():
    floor = noise_floor(np.zeros((5, 3)), np.zeros((0, 3)), speech_level_db=0.0)
    assert (floor.step_db, floor.likeness, floor.around_re_speech_db) == (None, None, None)


def test_the_same_ambience_is_alike_and_another_is_not(rng):
    shape_db = rng.normal(-50, 10, N_BANDS)
    noise_db = rng.normal(0, 1, (200, N_BANDS))
    alike = noise_floor(shape_db - 6 + noise_db, shape_db + noise_db, speech_level_db=-20)
    other = noise_floor(rng.normal(-50, 10, N_BANDS) + noise_db, shape_db, speech_level_db=-20)
    assert alike.likeness > 0.95
    assert other.likeness is None or other.likeness < 0.7


def test_steps_are_counted_and_rain_is_not(rng):
    rain_db = rng.normal(-40, 2, (1200, N_BANDS))
    steps_db = rain_db.copy()
    steps_db[100:1100:100] += 20
    assert foreground(rain_db, frame_rate_hz=100).events_per_min == 0
    assert foreground(steps_db, frame_rate_hz=100).events_per_min == pytest.approx(50, abs=1)
    assert foreground(rain_db[:10], frame_rate_hz=100).events_per_min is None


def test_a_voice_is_described_by_its_loud_frames(rng):
    speech_db = rng.normal(-40, 1, (300, N_BANDS)) - np.arange(N_BANDS)
    quiet_db = np.where(np.arange(300)[:, None] % 3 == 0, speech_db - 40, speech_db)
    full, gappy = (voice_sound(x, frame_rate_hz=100) for x in (speech_db, quiet_db))
    assert gappy.level_db == pytest.approx(full.level_db, abs=0.3)
    assert gappy.tilt_db_octave == pytest.approx(full.tilt_db_octave, abs=0.3)
    assert voice_sound(speech_db[:0], frame_rate_hz=100) is None
    assert voice_sound(speech_db[:50], frame_rate_hz=100).level_spread_db is None


def test_a_voice_in_the_middle_has_no_side(rng):
    y = bursts(rng)
    segment = said(1, 4)
    middle = taken(np.stack([y, y]), segment)
    spread = taken(np.stack([y, bursts(rng)]), segment)
    assert middle["side_to_mid_db"] == -60
    assert spread["side_to_mid_db"] == pytest.approx(0, abs=1.5)
    assert "side_to_mid_db" not in taken(y, segment)
    assert "centre_to_front_db" not in middle


def test_a_voice_in_the_centre_of_six_is_all_there(rng):
    y, music = bursts(rng), 0.001 * rng.standard_normal(round(5.4 * RATE_HZ))
    front = y * np.sqrt(0.5)
    evidence = taken(np.stack([front + music, front + music, y]), said(1, 4))
    assert evidence["centre_to_front_db"] > 20


def test_a_ratio_of_too_few_frames_is_unknown():
    assert power_ratio_db(np.zeros(3), np.zeros(3)) is None


def test_every_value_that_is_taken_has_a_meaning(rng):
    cues = (
        Annotation(interval=Interval(1, 2.5), kind="narration", source="subtitles", mark="italic"),
    )
    evidence = taken(np.stack([bursts(rng), bursts(rng)]), said(1, 4), cues=cues)
    assert evidence.keys() <= MEANINGS.keys()
    assert evidence["italic_share"] == pytest.approx(0.5)
    assert evidence["music_activity"] == pytest.approx(0.25)
    assert evidence["song_share"] == 0
    assert evidence["singing_share"] == 1
    assert all(np.isfinite(list(evidence.values())))


def test_who_answers_is_known_only_where_voices_are():
    speech = [said(0, 2, voice="V1"), said(3, 4, voice="V2"), said(9, 12, voice="V2")]
    assert [one.is_answered for one in turns(speech)] == [True, True, False]
    assert {one.is_answered for one in turns([said(0, 2), said(3, 4)])} == {None}


def test_a_run_is_one_voice_that_goes_on():
    speech = [said(0, 2, voice="V1"), said(3, 5, voice="V1"), said(6, 7, voice="V2")]
    assert [one.run_s for one in turns(speech)] == [5.0, 5.0, 1.0]
    assert [one.gap_before_s for one in turns(speech)] == [60.0, 1.0, 1.0]


def test_the_profile_of_blocks_is_that_of_the_whole(rng, monkeypatch):
    y = np.stack([bursts(rng), bursts(rng)])
    whole = profiled(y)
    monkeypatch.setattr("ostinato.speech.evidence.profile._FRAMES_PER_BLOCK", 37)
    parts = profiled(y)
    np.testing.assert_array_equal(whole.bands_db, parts.bands_db)
    np.testing.assert_array_equal(whole.side_db, parts.side_db)


def test_a_sine_has_its_level_in_its_band():
    t = np.arange(RATE_HZ) / RATE_HZ
    profile = profiled(0.1 * np.sin(2 * np.pi * 1000 * t))
    assert profile.clock == FrameClock(sample_rate_hz=RATE_HZ, frame_length=320, hop_length=160)
    assert profile.bands_db[50].max() == pytest.approx(-20, abs=0.2)
    with pytest.raises(ParameterError, match="left and right first"):
        profile_film(
            in_memory(np.zeros((2, 1000), np.float32), rate_hz=RATE_HZ),
            channel_names=("centre", "left"),
        )
