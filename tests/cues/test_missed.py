"""Candidates: what was followed and refused, as a person is shown it."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile
from tests.cues.conftest import AS_RECORDED
from tests.report.examples import an_occurrence

from ostinato.cues import find_occurrences, write_track
from ostinato.cues.path import TraceParameters
from ostinato.cues.song_finds import Missed, MissedParameters, candidates_of, name_candidates
from ostinato.media import open_working_copy
from ostinato.results import TimeMap
from ostinato.simulate import FilmPlan, Level, PlannedOccurrence, PlannedSong, make_film
from ostinato.timeline import Interval

PARAMETERS = MissedParameters()


def missed(start_s, *, song_s=20.0, p_value=0.01, evidence=20.0):
    return Missed(
        film=Interval(start_s, start_s + 3.0),
        time_map=TimeMap(start_s - song_s, 1.0),
        evidence=evidence,
        p_value=p_value,
        refused="as good as chance",
    )


def candidates(some, occurrences=(), **how):
    parameters = MissedParameters(**how)
    return candidates_of(
        some, occurrences, song_id="S1", song_duration_s=60.0, parameters=parameters
    )


def test_the_likeliest_comes_first_and_no_more_than_asked_for():
    some = [missed(100.0 * n, p_value=p) for n, p in enumerate((0.5, 1e-3, 0.2, 1e-3))]
    some[3] = replace(some[3], evidence=30.0)
    assert [one.film_start_s for one in candidates(some, most=3)] == [300.0, 100.0, 200.0]


def test_two_lines_at_one_place_are_one_candidate_and_another_song_time_is_another():
    some = [missed(10.0), missed(10.5, song_s=20.5), missed(10.0, song_s=40.0)]
    assert [one.song_start_s for one in candidates(some)] == [20.0, 40.0]


def test_what_lies_in_an_occurrence_of_the_song_is_no_candidate():
    heard = an_occurrence(film_start_s=9.0, film_end_s=12.0)
    assert [one.film_start_s for one in candidates([missed(10.0), missed(11.0)], [heard])] == [11.0]


def test_a_candidate_keeps_to_the_song():
    (one,) = candidates([missed(10.0, song_s=58.0)])
    assert (one.film_end_s, one.song_end_s) == (12.0, 60.0)
    assert candidates([missed(10.0, song_s=61.0)]) == ()


def test_a_name_is_of_the_song_and_the_place_and_of_nothing_else():
    first, second = candidates([missed(10.0), missed(50.0)])
    named = name_candidates([first, second], {"S1": "ab"}, parameters=PARAMETERS)
    moved = replace(second, song_id="S7", p_value=1e-9)
    again = name_candidates([moved], {"S7": "ab"}, parameters=PARAMETERS)
    other = name_candidates([moved], {"S7": "cd"}, parameters=PARAMETERS)
    assert again[0].id == named[1].id != other[0].id
    assert len({one.id for one in named}) == 2


def test_the_best_of_all_songs_are_named():
    of_one = candidates([missed(10.0, p_value=0.5)])
    of_other = [replace(one, song_id="S2") for one in candidates([missed(90.0, p_value=0.1)])]
    named = name_candidates(
        [*of_one, *of_other], {"S1": "ab", "S2": "cd"}, parameters=MissedParameters(most=1)
    )
    assert [one.song_id for one in named] == ["S2"]


@pytest.fixture(scope="module")
def refused_and_found(tmp_path_factory, working_copies, talk):
    """What is said of one film if no p-value is low enough, and if it is as usual."""
    folder = tmp_path_factory.mktemp("film")
    # noise is like itself nowhere else, so that there are few lines to follow
    noise = 0.1 * np.random.default_rng(0).standard_normal((20 * 16_000, 1))
    soundfile.write(folder / "noise.wav", noise, 16_000)
    song = PlannedSong(id="S1", title="Noise", path=folder / "noise.wav")
    plan = FilmPlan(
        duration_s=16.0,
        songs=(song,),
        speech=talk(16.0),
        occurrences=(
            PlannedOccurrence(
                song_id=song.id,
                film_start_s=5.0,
                duration_s=6.0,
                song_start_s=10.0,
                level=Level(-5.0, re="speech"),
            ),
        ),
    )
    make_film(plan, folder / "film.mka", cache_dir=working_copies)
    film = open_working_copy(folder / "film.mka", cache_dir=working_copies)
    track = write_track(folder / "track.f32", film)
    reference = open_working_copy(song.path, cache_dir=working_copies)
    strict = replace(
        AS_RECORDED,
        trace=TraceParameters(max_p_value=1e-15),
        spectral=replace(AS_RECORDED.spectral, max_p_value=1e-15),
    )
    return tuple(
        find_occurrences(film, track, reference, song_id=song.id, parameters=parameters)
        for parameters in (strict, AS_RECORDED)
    )


def test_what_is_refused_is_a_candidate_at_its_place_and_counts_nowhere(refused_and_found):
    refused, _ = refused_and_found
    assert refused.occurrences == ()
    best = refused.candidates[0]
    assert best.refused == "as good as chance"
    assert best.film_start_s == pytest.approx(5.0, abs=0.1)
    assert best.film_end_s == pytest.approx(11.0, abs=0.1)
    assert best.song_start_s == pytest.approx(10.0, abs=0.1)


def test_the_p_of_a_candidate_is_the_one_that_is_tested(refused_and_found):
    refused, found = refused_and_found
    assert refused.candidates[0].p_value > 1e-15
    (occurrence,) = found.occurrences
    assert refused.candidates[0].p_value == pytest.approx(occurrence.p_value, rel=0.5)
    assert not any(
        one.film.intersection(occurrence.film) is not None
        and abs(one.time_map.song_s(8.0) - occurrence.time_map.song_s(8.0)) < 0.3
        for one in found.candidates
    )
