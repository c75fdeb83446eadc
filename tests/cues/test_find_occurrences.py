"""What is found of a song in films that are mixed from recordings, under somebody's talk."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from tests.cues.conftest import AS_RECORDED

from ostinato.cues import SPEEDS, CueParameters
from ostinato.simulate import (
    Dropout,
    Duck,
    Encoding,
    Level,
    PlannedOccurrence,
    Radio,
    Room,
    decaying_room,
    score_occurrences,
)

RATE_HZ = 48_000
UNDER_TALK = Level(-10.0, re="speech")
AAC = Encoding(codec="aac", bit_rate=128_000)


class Inverted:
    """A wire the wrong way round."""

    def apply(self, y, place):  # noqa: ARG002 - alike everywhere
        return -y

    def gain(self, place):
        return np.ones(place.n_samples)


def hall_that_answers_late():
    """A direct sound far below the answer, which comes 60 ms after it and dies away slowly."""
    t = np.arange(RATE_HZ // 2) / RATE_HZ
    noise = np.random.default_rng(0).standard_normal(t.size)
    response = np.where(t < 0.06, 0.02 * np.exp(-t / 0.01), np.exp(-(t - 0.06) / 0.1)) * noise
    response[0] = 5.0
    return Room(response=response)


CHAINS = {
    "clean": (),
    "inverted": (Inverted(),),
    "ducked": (Duck(depth_db=8.0),),
    "radio": (Radio(drive=2.0),),
    "room": (
        decaying_room(
            decay_s=0.6,
            direct_to_reverberant_db=0.0,
            sample_rate_hz=RATE_HZ,
            rng=np.random.default_rng(1),
        ),
    ),
    "late hall": (hall_that_answers_late(),),
}


def an_excerpt(film_start_s, song_start_s, duration_s=10.0, **changes):
    fields = {
        "song_id": "S1",
        "film_start_s": film_start_s,
        "song_start_s": song_start_s,
        "duration_s": duration_s,
        "level": UNDER_TALK,
    }
    return PlannedOccurrence(**{**fields, **changes})


@pytest.fixture(scope="module")
def many_chains(search):
    """Ten seconds through each chain, every fifteen seconds, in a film of AAC."""
    occurrences = [
        an_excerpt(3.0 + 15.0 * n, 5.0 + 17.0 * n, chain=chain)
        for n, chain in enumerate(CHAINS.values())
    ]
    truth, found = search(*occurrences, duration_s=95.0, encoding=AAC)
    return dict(zip(CHAINS, score_occurrences(truth, found).matches, strict=True)), truth, found


@pytest.mark.parametrize("chain", CHAINS)
def test_a_song_under_talk_is_found_whatever_it_went_through(many_chains, chain):
    match = many_chains[0][chain]
    assert len(match.found) == 1
    assert abs(match.start_error_s) < 0.3
    assert abs(match.end_error_s) < 0.3
    assert abs(match.song_error_s) < 0.005


def test_nothing_else_is_found_and_no_film_is_claimed_twice(many_chains):
    _, truth, found = many_chains
    assert score_occurrences(truth, found).false == ()
    for one, following in itertools.pairwise(found):
        assert one.film_end_s <= following.film_start_s


def test_a_level_is_that_of_the_stem_that_was_mixed(many_chains):
    for chain in ("clean", "inverted", "ducked"):
        match = many_chains[0][chain]
        assert match.found[0].level_lufs == pytest.approx(match.truth.level_lufs, abs=0.5), chain


def test_a_radio_is_known_by_its_band(many_chains):
    radio, clean = (many_chains[0][chain].found[0] for chain in ("radio", "clean"))
    # third-octave edges within 10 dB of the best bands: an octave beyond a fourth-order corner
    assert 150 < radio.low_hz < 400
    assert 2800 < radio.high_hz < 6800
    assert clean.low_hz < 100
    assert clean.high_hz > 10_000


def test_chance_does_not_explain_what_is_found(many_chains):
    assert all(0 < one.p_value < 1e-6 and one.score > 9 for one in many_chains[2])


def test_a_song_that_is_heard_whole_is_of_the_higher_grade(many_chains):
    for one in many_chains[2]:
        assert one.likeness == "waveform"
        assert one.explained_share is None or one.explained_share > 0.6


def test_a_song_that_is_not_in_the_film_is_not_found(search, other_song):
    parameters = CueParameters(speeds=SPEEDS)
    _, found = search(
        an_excerpt(3.0, 20.0, 30.0), duration_s=40.0, of=other_song, parameters=parameters
    )
    assert found == ()


@pytest.mark.parametrize("speed", [25 / 24, 24000 / 25025, 1.0004])
def test_speed_is_found_to_ten_parts_in_a_million(search, speed):
    truth, found = search(
        an_excerpt(4.0, 30.0, 20.0, speed=speed),
        duration_s=30.0,
        parameters=replace(AS_RECORDED, speeds=SPEEDS),
    )
    (match,) = score_occurrences(truth, found).matches
    (one,) = match.found
    assert one.speed == pytest.approx(speed, rel=1e-5)
    assert one.pitch == one.speed
    assert abs(match.song_error_s) < 0.005


def test_a_record_that_turns_on_unheard_is_one_playing(search):
    truth, found = search(
        an_excerpt(3.0, 40.0, 25.0, chain=(Dropout(start_s=9.0, end_s=15.0),)), duration_s=32.0
    )
    assert [one.playing_id for one in truth] == ["P1", "P1"]
    assert [one.playing_id for one in found] == ["P1", "P1"]
    assert found[0].film_end_s == pytest.approx(12.0, abs=0.3)
    assert found[1].film_start_s == pytest.approx(18.0, abs=0.3)


def test_a_cut_inside_the_song_makes_two_playings(search):
    _, found = search(an_excerpt(3.0, 10.0), an_excerpt(13.0, 70.0), duration_s=26.0)
    assert [one.playing_id for one in found] == ["P1", "P2"]
    assert found[0].film_end_s == pytest.approx(13.0, abs=0.3)
    assert found[1].song_start_s == pytest.approx(70.0, abs=0.3)


def test_the_same_passage_twice_in_a_row_is_found_twice(search):
    _, found = search(an_excerpt(3.0, 40.0), an_excerpt(13.5, 40.0), duration_s=26.0)
    assert [round(one.song_start_s) for one in found] == [40, 40]
    assert [one.playing_id for one in found] == ["P1", "P2"]
