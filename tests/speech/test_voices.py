"""Voices: three women of three languages, taking turns."""

from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
import soxr
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import butter, sosfilt

from ostinato.errors import ParameterError
from ostinato.media import in_memory, open_working_copy
from ostinato.results import SpeechSegment
from ostinato.speech import (
    MODEL_CLOCK,
    Activity,
    KnownVoice,
    SpeechParameters,
    assign_voices,
    check_known,
    load_network,
    print_voices,
)
from ostinato.speech.voices.clusters import NOBODY, gather
from ostinato.timeline import Interval, Timeline

RATE_HZ = 16_000
PARAMETERS = SpeechParameters().voices
LINES = {
    "es": ("conf-leaderhasleft", "conf-placeintoconf", "confbridge-unmuted", "demo-nomatch"),
    "fr": ("agent-pass", "conf-otherinparty", "dir-nomatch", "info-about-last-call"),
    "it": (
        "check-number-dial-again",
        "conf-waitforleader",
        "pls-hold-while-try",
        "priv-callpending",
    ),
}


@pytest.fixture(scope="module")
def network():
    return load_network()


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    cache = tmp_path_factory.mktemp("lines")
    folder = files("ostinato.simulate.recordings")
    return {
        voice: [_loud(_line(folder / f"{voice}-{name}.opus", cache)) for name in names]
        for voice, names in LINES.items()
    }


@pytest.fixture(scope="module")
def talk(lines):
    """Three voices in turn, now with a pause and now without one."""
    pieces, turns, now_s = [], [], 0.0
    for n in range(4):
        for voice, own in lines.items():
            y = own[n]
            turns.append((voice, Interval(now_s, now_s + y.size / RATE_HZ)))
            pieces += [y, np.zeros(round(0.1 * RATE_HZ), np.float32)]
            now_s += (y.size + pieces[-1].size) / RATE_HZ
    return np.concatenate(pieces), turns


@pytest.fixture(scope="module")
def prints(talk, network):
    return printed(talk[0], network)


def _line(path, cache):
    copy = open_working_copy(path, cache_dir=cache)
    return soxr.resample(copy.mono(0, copy.n_samples), copy.rate_hz, RATE_HZ)


def _loud(y):
    return (y * (0.05 / np.sqrt(np.mean(y**2)))).astype(np.float32)


def printed(y, network):
    return print_voices(
        in_memory(y[np.newaxis], rate_hz=RATE_HZ),
        Timeline((Interval(0, y.size / RATE_HZ),)),
        network=network,
        parameters=PARAMETERS,
    )


def told(y, prints, network, *, segments=None, known=()):
    duration_s = y.size / RATE_HZ
    n_frames = MODEL_CLOCK.n_frames(y.size)
    always = np.ones(n_frames, np.float32)
    activity = Activity(
        clock=MODEL_CLOCK, duration_s=duration_s, speech=always, singing=always, music=always
    )
    return assign_voices(
        segments or [a_segment(0, duration_s)],
        prints,
        known=known,
        activity=activity,
        network=network,
        parameters=PARAMETERS,
    )


def a_segment(start_s, end_s, decided_by=None):
    return SpeechSegment(
        id="T1",
        start_s=start_s,
        end_s=end_s,
        kind="undetermined",
        p_narration=None,
        decided_by=decided_by,
        voice=None,
    )


def voice_at(speech, time_s):
    return next(s.voice for s in speech if s.start_s <= time_s < s.end_s)


def test_who_takes_turns_without_a_pause_is_told_apart(talk, prints, network):
    y, turns = talk
    speech, voices = told(y, prints, network)
    assert [v.id for v in voices] == ["V1", "V2", "V3"]
    middles = [(voice, (i.start_s + i.end_s) / 2) for voice, i in turns]
    heard = [(voice, voice_at(speech, time_s)) for voice, time_s in middles]
    right = sum(found == {"es": "V1", "fr": "V2", "it": "V3"}[true] for true, found in heard)
    assert right >= 11  # of twelve


def test_segments_still_cover_the_same_speech(talk, prints, network):
    y, _ = talk
    speech, voices = told(y, prints, network)
    whole = Timeline((Interval(0, y.size / RATE_HZ),))
    assert Timeline.of(s.interval for s in speech) == whole
    assert [s.id for s in speech] == [f"T{n}" for n in range(1, len(speech) + 1)]
    assert sum(v.n_segments for v in voices) == sum(s.voice is not None for s in speech)
    assert all(("voice_score" in s.evidence) == (s.voice is not None) for s in speech)


def test_a_voice_stays_the_same_over_a_radio(lines, network):
    y = np.concatenate(lines["fr"])
    band = butter(2, (300, 3400), "bandpass", fs=RATE_HZ, output="sos")
    both = np.concatenate([y, _loud(sosfilt(band, y))])
    _, voices = told(both, printed(both, network), network)
    assert len(voices) == 1


def test_the_same_film_has_the_same_voices_however_often_it_is_heard(talk, prints, network):
    y, _ = talk
    assert told(y, printed(y, network), network) == told(y, prints, network)


def test_a_label_changes_no_voice_beside_it(talk, prints, network):
    y, turns = talk
    before, voices = told(y, prints, network)
    for number in (0, 4, 11):
        label = a_segment(turns[number][1].start_s, turns[number][1].end_s, "label")
        rest = Timeline((Interval(0, y.size / RATE_HZ),)) - Timeline((label.interval,))
        segments = [label, *(a_segment(i.start_s, i.end_s) for i in rest)]
        after, again = told(y, prints, network, segments=sorted(segments, key=lambda s: s.interval))
        assert [voice.id for voice in again] == [voice.id for voice in voices]
        for _, turn in turns:
            middle_s = (turn.start_s + turn.end_s) / 2
            assert voice_at(after, middle_s) == voice_at(before, middle_s)


def test_a_label_keeps_its_extent(talk, prints, network):
    y, turns = talk
    start_s, end_s = turns[0][1].start_s, turns[1][1].end_s
    speech, _ = told(y, prints, network, segments=[a_segment(start_s, end_s, "label")])
    assert [(s.start_s, s.end_s) for s in speech] == [(start_s, end_s)]


def test_what_is_too_short_to_tell_has_no_voice(talk, prints, network):
    y, turns = talk
    start_s = turns[1][1].start_s
    scrap = a_segment(start_s, start_s + 0.2)
    speech, _ = told(y, prints, network, segments=[scrap, a_segment(5.0, y.size / RATE_HZ)])
    assert speech[0].voice is None


def test_a_person_names_a_voice_by_a_few_seconds(talk, prints, network):
    y, turns = talk
    french = KnownVoice(name="June", heard=(_text(turns[1][1]),), narrates=True)
    speech, voices = told(y, prints, network, known=[french])
    june = next(v for v in voices if v.name == "June")
    assert june.narrates
    assert len(voices) == 3
    assert voice_at(speech, turns[4][1].start_s + 0.5) == june.id  # her next line


def test_one_name_joins_what_sounds_like_two(talk, prints, network):
    y, turns = talk
    both = KnownVoice(name="a twin", heard=(_text(turns[0][1]), _text(turns[2][1])))
    _, voices = told(y, prints, network, known=[both])
    assert len(voices) == 2


def test_two_names_part_what_sounds_like_one(talk, prints, network):
    y, turns = talk
    known = [KnownVoice(name=name, heard=(_text(turns[n][1]),)) for name, n in (("a", 0), ("b", 3))]
    speech, voices = told(y, prints, network, known=known)
    assert {v.name for v in voices} >= {"a", "b"}
    first, second = (voice_at(speech, turns[n][1].start_s + 0.5) for n in (0, 3))
    assert first != second


def test_a_voice_must_be_heard_where_somebody_talks(talk, prints, network):
    y, _ = talk
    with pytest.raises(ParameterError, match="Give a stretch in which it speaks"):
        told(y, prints, network, known=[KnownVoice(name="a", heard=("1:00:00 - 1:00:05",))])


def test_a_stretch_is_written_as_a_start_and_an_end():
    assert KnownVoice(name="a", heard=("0:01:05 - 0:01:12", "70–72,5")).stretches == (
        Interval(65, 72),
        Interval(70, 72.5),
    )
    with pytest.raises(ParameterError, match=r"Write start and end, such as 0:01:05 - 0:01:12"):
        KnownVoice(name="a", heard=("0:01:05",))


def test_two_voices_cannot_share_a_moment_or_a_name():
    one = KnownVoice(name="a", heard=("0:01 - 0:05",))
    with pytest.raises(ParameterError, match="both are heard at 0:00:04"):
        check_known([one, KnownVoice(name="b", heard=("0:04 - 0:08",))])
    with pytest.raises(ParameterError, match="List all its stretches under one"):
        check_known([one, KnownVoice(name="a", heard=("0:06 - 0:08",))])


def test_a_film_without_talk_has_no_voices(network):
    silence = np.zeros(RATE_HZ, np.float32)
    empty = print_voices(
        in_memory(silence[np.newaxis], rate_hz=RATE_HZ),
        Timeline(),
        network=network,
        parameters=PARAMETERS,
    )
    speech, voices = told(silence, empty, network, segments=[a_segment(0.1, 0.9, "label")])
    assert voices == ()
    assert speech[0].voice is None


def test_digital_silence_within_talk_breaks_nothing(network):
    y = np.zeros(4 * RATE_HZ, np.float32)
    speech, _ = told(y, printed(y, network), network)
    assert len(speech) >= 1


@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.tuples(st.floats(0.3, 6), st.integers(NOBODY, 2)), min_size=1, max_size=25),
)
def test_what_a_person_names_is_never_overruled(seed, pieces):
    embeddings = np.random.default_rng(seed).standard_normal((len(pieces), 8)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    durations_s = np.array([duration_s for duration_s, _ in pieces])
    known = [number for _, number in pieces]
    loose = replace(PARAMETERS, min_voice_s=0.5)
    voices = gather(embeddings, durations_s, known, parameters=loose)
    assert all(v == k for v, k in zip(voices, known, strict=True) if k != NOBODY)


def _text(interval):
    return f"{interval.start_s:.2f} - {interval.end_s:.2f}"
