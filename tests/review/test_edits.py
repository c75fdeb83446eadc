"""What a person says is placed by what was seen, and what no longer fits is listed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.review.reviewing import SONGS, a_film, a_segment, shifted

from ostinato.errors import ParameterError
from ostinato.review import (
    accept_occurrence,
    add_occurrence,
    add_speech,
    draw_scene,
    edited,
    give_kind,
    give_voice,
    merge_occurrences,
    merge_speech,
    merge_voices,
    move_occurrence,
    move_scene,
    move_speech,
    name_scene,
    name_voice,
    part_voice,
    reject_occurrence,
    remove_scene,
    remove_speech,
    split_occurrence,
    split_speech,
    state_of,
)
from ostinato.review.entries import Entry

_WHEN = "2026-11-30T12:00:00.000Z"


def entries_of(*edits, who=("Anna",)):
    return tuple(
        Entry(
            sequence=n,
            when=_WHEN,
            who=who[n % len(who) - 1],
            **{
                name: getattr(edit, name)
                for name in ("on", "act", "seen", "becomes", "blind", "undoes")
            },
        )
        for n, edit in enumerate(edits, start=1)
    )


def with_edits(results, *edits):
    return edited(results, state_of(entries_of(*edits)))


def test_no_edit_changes_nothing():
    assert with_edits(a_film()).results == a_film()


def test_what_was_accepted_stays_where_it_was_found():
    film = a_film()
    one, *rest = with_edits(film, accept_occurrence(film.occurrences[0], film)).results.occurrences
    assert one == replace(film.occurrences[0], review="accepted")
    assert rest == list(film.occurrences[1:])


def test_what_was_rejected_counts_nowhere_and_is_kept_in_a_table_of_its_own():
    film = a_film()
    after = with_edits(film, reject_occurrence(film.occurrences[1], film))
    assert [one.id for one in after.results.occurrences] == ["O1", "O3", "O5", "O4"]
    assert after.results.rejected == (film.occurrences[1],)


def test_what_was_moved_keeps_what_the_program_found():
    film = a_film()
    edit = move_occurrence(film.occurrences[0], film, start_s=18.0, end_s=51.0)
    one = with_edits(film, edit).results.occurrences[0]
    assert (one.film_start_s, one.film_end_s, one.song_start_s, one.song_end_s) == (18, 51, 8, 41)
    assert (one.decided_by, one.review, one.level_lufs, one.score) == (
        "person",
        "moved",
        None,
        None,
    )
    assert (one.found.film_start_s, one.found.song_start_s, one.found.score) == (20.0, 10.0, 31.5)


def test_what_would_begin_before_its_song_is_refused_with_the_earliest_start():
    film = a_film()
    one = film.occurrences[0]  # song time 10 s at 20 s of film
    earliest = move_occurrence(one, film, start_s=10.0, end_s=50.0)
    assert earliest.becomes[0].song_start_s == 0.0
    with pytest.raises(ParameterError, match=r"song does. Start it at 10\.000 s or later"):
        move_occurrence(one, film, start_s=9.9, end_s=50.0)
    with pytest.raises(ParameterError, match=r"after the song has ended. End it at 170\.000 s or"):
        move_occurrence(one, film, start_s=20.0, end_s=171.0)


def test_what_was_moved_and_then_rejected_is_rejected_as_it_was_found():
    film = a_film()
    first = move_occurrence(film.occurrences[0], film, start_s=18.0, end_s=51.0)
    moved = with_edits(film, first).results
    second = reject_occurrence(moved.occurrences[0], moved)
    (one,) = with_edits(film, first, second).results.rejected
    assert (one.film_start_s, one.song_start_s, one.decided_by, one.found) == (
        20,
        10,
        "program",
        None,
    )


def test_what_was_added_without_a_song_time_has_none():
    film = a_film()
    after = with_edits(film, add_occurrence(SONGS[0], 500.0, 510.0)).results
    one = after.occurrences[-1]
    assert (one.id, one.review, one.decided_by) == ("O6", "added", "person")
    assert (one.song_start_s, one.speed, one.score, one.is_timed) == (None, None, None, False)


def test_what_was_added_and_is_found_by_now_is_confirmed():
    film = a_film()
    after = with_edits(film, add_occurrence(SONGS[0], 101.0, 131.0, song_start_s=41.0)).results
    assert [one.review for one in after.occurrences] == [None, "accepted", None, None, None]


def test_an_added_one_that_is_rejected_goes_as_it_came():
    film = a_film()
    first = add_occurrence(SONGS[0], 500.0, 510.0)
    added = with_edits(film, first).results
    after = with_edits(film, first, reject_occurrence(added.occurrences[-1], added)).results
    assert after == film


def test_an_occurrence_is_parted_and_made_one_again():
    film = a_film()
    cut = split_occurrence(film.occurrences[0], film, at_s=30.0)
    parted = with_edits(film, cut).results
    assert [(one.film_start_s, one.film_end_s) for one in parted.occurrences[:2]] == [
        (20.0, 30.0),
        (30.0, 50.0),
    ]
    assert [one.song_start_s for one in parted.occurrences[:2]] == [10.0, 20.0]
    joined = with_edits(film, cut, merge_occurrences(parted.occurrences[:2], parted)).results
    assert joined.occurrences[0].film == film.occurrences[0].film
    assert len(joined.occurrences) == len(film.occurrences)


def test_two_songs_are_never_made_one():
    film = a_film()
    with pytest.raises(ParameterError, match="two occurrences of one song"):
        merge_occurrences(film.occurrences[2:4], film)


def test_a_kind_is_a_label_and_keeps_what_was_predicted():
    film = a_film()
    after = with_edits(film, give_kind(film.speech[2], "narration")).results
    one = after.speech[2]
    assert (one.kind, one.decided_by, one.p_narration) == ("narration", "label", 1.0)
    assert (one.predicted, one.predicted_by) == ("undetermined", "prior")


def test_a_kind_given_twice_is_predicted_as_before():
    film = a_film()
    first = give_kind(film.speech[2], "narration")
    once = with_edits(film, first).results
    after = with_edits(film, first, give_kind(once.speech[2], "dialogue")).results
    assert (after.speech[2].kind, after.speech[2].predicted_by) == ("dialogue", "prior")


def test_what_is_called_no_speech_is_none():
    film = a_film()
    for edit in (give_kind(film.speech[0], "none"), remove_speech(film.speech[0])):
        assert with_edits(film, edit).results.speech == film.speech[1:]


def test_a_segment_that_is_widened_takes_the_room_that_it_needs():
    film = a_film()
    edit = move_speech(film.speech[0], start_s=58.0, end_s=122.0)
    after = with_edits(film, edit).results.speech
    assert [(one.start_s, one.end_s) for one in after[:2]] == [(58.0, 122.0), (122.0, 125.0)]
    assert [one.edges_by for one in after[:3]] == ["person", "person", "program"]


def test_speech_added_within_a_segment_parts_it():
    film = a_film()
    after = with_edits(film, add_speech(61.0, 62.0, "narration")).results.speech
    assert [(one.start_s, one.end_s, one.kind) for one in after[:3]] == [
        (60.0, 61.0, "undetermined"),
        (61.0, 62.0, "narration"),
        (62.0, 65.0, "undetermined"),
    ]
    assert len({one.id for one in after}) == len(after)


def test_a_segment_is_parted_and_each_part_has_a_kind():
    film = a_film()
    cut = split_speech(film.speech[0], at_s=62.0)
    parted = with_edits(film, cut).results
    edits = (cut, give_kind(parted.speech[0], "dialogue"), give_kind(parted.speech[1], "narration"))
    after = with_edits(film, *edits).results
    assert [one.kind for one in after.speech[:3]] == ["dialogue", "narration", "undetermined"]
    whole = with_edits(film, *edits, merge_speech(after.speech[:2])).results
    assert (whole.speech[0].end_s, whole.speech[0].kind) == (65.0, "narration")


def test_voices_are_named_joined_and_parted():
    film = a_film()
    named = with_edits(film, name_voice(film.voices[0], film, name="Cop 223", narrates=True))
    assert named.results.voices[0].name == "Cop 223"
    assert named.results.voices[0].narrates is True
    (one,) = with_edits(film, merge_voices(film.voices, film, name="He")).results.voices
    assert (one.id, one.name, one.n_segments, one.speech_s) == ("V1", "He", 6, 30.0)
    edit = part_voice(film.voices[0], film, film.speech[2:3])
    parted = with_edits(film, edit).results
    assert [one.n_segments for one in parted.voices] == [2, 3, 1]
    assert parted.speech[2].voice == "V3"
    given = with_edits(film, give_voice(film.speech[0], film.voices[1], film)).results
    assert given.speech[0].voice == "V2"


def test_scenes_are_drawn_named_moved_and_taken_away():
    film = a_film()
    draw = draw_scene("Bar", 0.0, 60.0, story="I")
    drawn = with_edits(film, draw).results
    name = name_scene(drawn.scenes[0], name="The bar", story="I", day="1")
    named = with_edits(film, draw, name).results
    assert (named.scenes[0].name, named.scenes[0].day) == ("The bar", "1")
    move = move_scene(named.scenes[0], start_s=5.0, end_s=70.0)
    moved = with_edits(film, draw, name, move).results
    assert (moved.scenes[0].start_s, moved.scenes[0].name) == (5.0, "The bar")
    assert with_edits(film, draw, name, move, remove_scene(moved.scenes[0])).results == film


@given(st.floats(-0.9, 0.9))
def test_edits_find_their_rows_when_a_later_run_numbers_and_cuts_otherwise(shift_s):
    film = a_film()
    later = shifted(film, shift_s)
    edits = (
        reject_occurrence(film.occurrences[1], film),
        accept_occurrence(film.occurrences[0], film),
        give_kind(film.speech[3], "dialogue"),
        name_voice(film.voices[1], film, name="She"),
    )
    after = with_edits(later, *edits)
    assert after.unplaced == ()
    assert [one.film_start_s for one in after.results.rejected] == [100.0 + shift_s]
    assert after.results.occurrences[0].review == "accepted"
    assert after.results.speech[3].kind == "dialogue"
    assert after.results.voices[1].name == "She"


def test_what_no_longer_fits_is_listed_and_the_rest_goes_on():
    film = a_film()
    later = replace(film, occurrences=film.occurrences[2:], speech=film.speech[1:])
    edits = (
        accept_occurrence(film.occurrences[0], film),
        reject_occurrence(film.occurrences[1], film),
        accept_occurrence(film.occurrences[2], film),
        give_kind(film.speech[0], "narration"),
    )
    after = with_edits(later, *edits)
    assert [one.entry.sequence for one in after.unplaced] == [1, 2, 4]
    assert all(one.reason for one in after.unplaced)
    assert after.results.occurrences[0].review == "accepted"
    assert after.touched == {"O3": (3,)}


def test_an_entry_on_three_seconds_says_nothing_of_a_minute():
    film = a_film()
    short = replace(film.occurrences[0], film_end_s=23.0, song_end_s=13.0)
    (lost,) = with_edits(film, accept_occurrence(short, film)).unplaced
    assert "any more" in lost.reason
    (lost,) = with_edits(
        replace(film, speech=(a_segment(1, 60.0, 90.0),)), give_kind(film.speech[0], "dialogue")
    ).unplaced
    assert "any more" in lost.reason


def test_an_entry_on_another_place_of_the_song_says_nothing_of_this_one():
    film = a_film()
    other = replace(film.occurrences[0], song_start_s=60.0, song_end_s=90.0)
    assert len(with_edits(film, accept_occurrence(other, film)).unplaced) == 1


def test_a_song_of_another_title_is_known_by_its_sound():
    film = a_film()
    renamed = replace(film, songs=(replace(SONGS[0], id="S1", title="California"), SONGS[1]))
    assert with_edits(renamed, reject_occurrence(film.occurrences[0], film)).unplaced == ()
    gone = replace(film, songs=SONGS[1:], occurrences=film.occurrences[3:4])
    (lost,) = with_edits(gone, reject_occurrence(film.occurrences[0], film)).unplaced
    assert lost.reason == "the song 'Dreams' is no longer looked for"


def test_scenes_stand_by_film_time_whatever_they_are_called_and_whenever_they_were_drawn():
    film = replace(a_film(), scenes=())
    drawn = [draw_scene("A", 60.0, 90.0), draw_scene("C", 0.0, 70.0), draw_scene("B", 0.0, 60.0)]
    assert [one.name for one in with_edits(film, *drawn).results.scenes] == ["B", "C", "A"]
