"""What results answer: rows by song, scope and kind, and the identity of a row."""

from dataclasses import replace

import pytest

from ostinato.errors import ParameterError
from ostinato.results import (
    FILM,
    Coverage,
    Credits,
    MomentaryLevel,
    Scope,
)


@pytest.fixture
def two_songs(some_results):
    """The film of `some_results`, of which the third occurrence is of the second song."""
    first, second, third, fourth = some_results.occurrences
    third = replace(third, song_id="S2", playing_id="P9")
    step, other = some_results.transitions
    return replace(
        some_results,
        occurrences=(fourth, third, second, first),
        transitions=(step, replace(other, song_id="S2")),
    )


def ids(rows):
    return [row.id for row in rows]


def test_the_occurrences_of_a_song_are_by_film_time_whatever_it_is_called_by(two_songs):
    song, other = two_songs.songs
    for key in (song, song.id, song.title):
        assert ids(two_songs.occurrences_of(key)) == ["O1", "O2", "O4"]
        assert two_songs.transitions_of(key) == two_songs.transitions[:1]
        assert two_songs.song(key) == song
    assert ids(two_songs.occurrences_of(other)) == ["O3"]
    assert two_songs.transitions_of(other.title) == two_songs.transitions[1:]
    assert two_songs.occurrences_of("no such song") == two_songs.transitions_of("none") == ()
    assert two_songs.song("no such song") is None


def test_an_identifier_goes_before_a_title(some_results):
    first, second = some_results.songs
    called = replace(some_results, songs=(replace(first, title="S2"), second))
    assert called.song("S2") == second


def test_rows_are_found_by_their_scope(some_results):
    rows = tuple(
        Coverage(**{"song_id": song_id, "scope": scope, **coverage_fields()})
        for song_id in ("S1", "S2")
        for scope in (FILM, Scope.story("one"))
    )
    (whole,) = some_results.ratio
    part = replace(whole, scope=Scope.story("one"))
    film = replace(some_results, coverage=rows, ratio=(part, whole))
    assert film.coverage_of("S2") == rows[2]
    assert film.coverage_of("S1", "story: one") == rows[1]
    assert film.coverage_of("S1", "story: two") is film.coverage_of("S9") is None
    assert (film.ratio_in(), film.ratio_in("story: one")) == (whole, part)
    assert film.ratio_in("story: two") is film.monologue_in() is film.claim("C1") is None


def coverage_fields():
    names = set(Coverage.__slots__) - {"song_id", "scope"}
    return dict.fromkeys(names, 0)


def test_speech_is_found_by_its_kind(some_results):
    assert ids(some_results.speech_of("narration")) == ["T1"]
    assert ids(some_results.speech_of("dialogue")) == ["T2"]
    assert some_results.speech_of("soliloquy") == ()


def a_level(occurrence_id, film_lufs=-30.0):
    names = set(MomentaryLevel.__slots__) - {"occurrence_id", "film_lufs"}
    return MomentaryLevel(
        occurrence_id=occurrence_id, film_lufs=film_lufs, **dict.fromkeys(names, 0.0)
    )


def test_the_longest_cue_that_was_cancelled_is_the_earlier_of_two_that_last_as_long(some_results):
    assert some_results.longest_cancelled() is None
    kept = [a_level("O3"), a_level("O2"), a_level("O2", -20.0), a_level("O1", None), a_level("O9")]
    film = replace(some_results, song_levels=tuple(kept))
    assert film.longest_cancelled() == (film.occurrences[1], tuple(kept[1:3]))
    both = replace(film, song_levels=(*kept, a_level("O1")))
    assert both.longest_cancelled() == (film.occurrences[0], (a_level("O1"),))
    assert replace(film, song_levels=tuple(kept[3:])).longest_cancelled() is None


def test_an_identity_is_made_of_film_song_and_times(some_results):
    one, speech = some_results.occurrences[0], some_results.speech[0]
    key = some_results.key_of(one)
    song, other = some_results.songs
    numbered = replace(some_results, songs=(replace(song, id="S7", title="Renamed"), other))
    assert numbered.key_of(replace(one, song_id="S7")) == key
    for changed in (
        replace(some_results, film=replace(some_results.film, sha256="f" * 64)),
        replace(some_results, songs=(replace(song, pcm_sha256="f" * 64), other)),
    ):
        assert changed.key_of(one) != key
    other_film = replace(some_results, film=replace(some_results.film, sha256="f" * 64))
    assert other_film.key_of(speech) != some_results.key_of(speech)


CREDITS = ("title", "director", "director_family", "country", "distributor")


@pytest.mark.parametrize("name", CREDITS)
def test_a_credit_has_some_letters_and_not_too_many(name):
    assert getattr(Credits(**{name: "x" * 500}), name) == "x" * 500
    with pytest.raises(ParameterError, match=rf"^{name} of the film: it has 501 characters"):
        Credits(**{name: "x" * 501})
    for empty in ("", " \n"):
        with pytest.raises(ParameterError, match=rf"^{name} of the film: it is empty"):
            Credits(**{name: empty})


@pytest.mark.parametrize("year", [1869, 2201])
def test_a_film_is_of_a_year_in_which_there_were_films(year):
    with pytest.raises(ParameterError, match=rf"^year of the film {year}: no film was released"):
        Credits(year=year)
    assert [Credits(year=one).year for one in (1870, 2200)] == [1870, 2200]


def test_results_are_shown_in_a_few_lines(some_results):
    assert repr(some_results).startswith("<results of film.mka: 4 occurrences, 3 segments of")
