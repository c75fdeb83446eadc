from dataclasses import replace

import pytest

from ostinato.cues import name_playings
from ostinato.results import Occurrence


def heard(film_start_s, song_start_s, *, song_id="S1", speed=1.0, duration_s=10.0):
    return Occurrence(
        id="O0",
        song_id=song_id,
        playing_id="P0",
        film_start_s=film_start_s,
        film_end_s=film_start_s + duration_s,
        song_start_s=song_start_s,
        song_end_s=song_start_s + duration_s * speed,
        speed=speed,
        pitch=speed,
        score=20.0,
        p_value=1e-9,
        level_lufs=None,
        level_re_speech_lu=None,
        low_hz=None,
        high_hz=None,
    )


def playings_of(*occurrences):
    return [one.playing_id for one in name_playings(occurrences)]


def test_a_record_that_kept_turning_behind_a_train_is_one_playing():
    assert playings_of(heard(100, 0), heard(130, 30)) == ["P1", "P1"]


def test_a_record_that_was_stopped_and_goes_on_is_two():
    assert playings_of(heard(100, 0), heard(130, 10)) == ["P1", "P2"]


def test_speed_belongs_to_the_map():
    assert playings_of(heard(100, 0, speed=25 / 24), heard(130, 31.25, speed=25 / 24)) == [
        "P1",
        "P1",
    ]
    assert playings_of(heard(100, 0), heard(130, 31.25)) == ["P1", "P2"]


def test_two_songs_never_share_a_playing():
    assert playings_of(heard(100, 0), heard(130, 30, song_id="S2")) == ["P1", "P2"]


def test_another_record_in_between_does_not_part_a_playing():
    assert playings_of(heard(100, 0), heard(115, 60), heard(130, 30)) == ["P1", "P2", "P1"]


def test_numbers_follow_film_time_whatever_the_order():
    late, early = heard(300, 0), heard(20, 5)
    assert [(one.id, one.film_start_s) for one in name_playings([late, early])] == [
        ("O1", 20),
        ("O2", 300),
    ]


def test_a_song_is_numbered_through_before_the_next_begins():
    mixed = [
        heard(100, 0, song_id="S10"),
        heard(20, 0, song_id="S2"),
        heard(60, 0, song_id="S1"),
        heard(200, 5, song_id="S2"),
        heard(300, 7, song_id="S1"),
    ]
    named = name_playings(mixed)
    assert [one.film_start_s for one in named] == [20, 60, 100, 200, 300]
    assert [one.id for one in named] == ["O3", "O1", "O5", "O4", "O2"]
    assert [one.playing_id for one in named] == ["P3", "P1", "P5", "P4", "P2"]


@pytest.mark.parametrize(("jitter_s", "n_playings"), [(0.02, 1), (0.2, 2)])
def test_maps_agree_to_within_what_a_room_blurs(jitter_s, n_playings):
    second = replace(heard(130, 30), song_start_s=30 + jitter_s)
    assert len(set(playings_of(heard(100, 0), second))) == n_playings
