import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles import TICKS_PER_S, ticks
from tests.strategies import intervals
from tests.strategies import scenes as scene_tables

from ostinato.errors import ParameterError
from ostinato.measures.repetition import MeasureParameters, coverage
from ostinato.measures.transitions import transition_rows
from ostinato.results import Occurrence, Scene, Song

PARAMETERS = MeasureParameters()
FILM_S = 100.0


def a_song(song_id="S1", *, duration_s=162.0):
    return Song(id=song_id, title=song_id, sha256="", pcm_sha256="", duration_s=duration_s)


def an_occurrence(film, song_start_s, *, playing_id, song_id="S1", speed=1.0):
    start_s, end_s = film
    return Occurrence(
        id=f"O{start_s:g}",
        song_id=song_id,
        playing_id=playing_id,
        film_start_s=start_s,
        film_end_s=end_s,
        song_start_s=song_start_s,
        song_end_s=song_start_s + (end_s - start_s) * speed,
        speed=speed,
        pitch=None,
        score=1.0,
        p_value=None,
        level_lufs=None,
        level_re_speech_lu=None,
        low_hz=None,
        high_hz=None,
    )


def steps(*occurrences, songs=None):
    return transition_rows(occurrences, songs or [a_song()], parameters=PARAMETERS)


def covered(*occurrences, song=None, scenes=()):
    rows = coverage(occurrences, [song or a_song()], film_duration_s=FILM_S, scenes=scenes)
    return {row.scope: row for row in rows}


def test_a_song_goes_on_where_it_stopped():
    (step,) = steps(
        an_occurrence((60.0, 90.0), 10.0, playing_id="P1"),
        an_occurrence((300.0, 330.0), 43.0, playing_id="P2"),
    )
    assert (step.gap_s, step.film_gap_s, step.continues) == (3.0, 210.0, True)
    assert (step.from_id, step.to_id) == ("O60", "O300")


def test_a_song_that_starts_afresh_does_not_go_on():
    (step,) = steps(
        an_occurrence((60.0, 90.0), 0.0, playing_id="P1"),
        an_occurrence((300.0, 330.0), 0.0, playing_id="P2"),
    )
    assert (step.gap_s, step.continues) == (-30.0, False)


def test_a_song_that_ran_out_and_is_played_from_its_beginning_starts_again():
    (step,) = steps(
        an_occurrence((60.0, 90.0), 130.0, playing_id="P1"),
        an_occurrence((300.0, 330.0), 0.0, playing_id="P2"),
    )
    assert (step.gap_s, step.continues, step.outcome) == (2.0, False, "starts elsewhere")


def test_a_record_that_kept_turning_makes_no_transition():
    (step,) = steps(
        an_occurrence((400.0, 410.0), 80.0, playing_id="P2"),
        an_occurrence((60.0, 90.0), 0.0, playing_id="P1"),
        an_occurrence((95.0, 99.0), 35.0, playing_id="P1"),
    )
    assert (step.from_id, step.to_id, step.gap_s) == ("O95", "O400", 41.0)


def test_songs_do_not_follow_each_other():
    found = steps(
        an_occurrence((10.0, 20.0), 0.0, playing_id="P1"),
        an_occurrence((30.0, 40.0), 10.0, playing_id="P2", song_id="S2"),
        an_occurrence((50.0, 60.0), 10.0, playing_id="P3"),
        songs=(a_song(), a_song("S2")),
    )
    assert [(s.from_id, s.to_id) for s in found] == [("O10", "O50")]


@given(st.floats(0, 162), st.floats(0, 162))
def test_a_gap_is_within_half_a_song_and_equal_but_for_whole_songs(stop_s, start_s):
    (step,) = steps(
        an_occurrence((0.0, 1.0), stop_s - 1.0, playing_id="P1"),
        an_occurrence((9.0, 10.0), start_s, playing_id="P2"),
    )
    assert -81.0 <= step.gap_s <= 81.0
    n_songs = (start_s - stop_s - step.gap_s) / 162.0
    assert n_songs == pytest.approx(round(n_songs), abs=1e-9)


@given(st.lists(st.tuples(intervals, st.integers(0, 99)), max_size=5), scene_tables)
def test_coverage_is_that_counted_one_by_one(rows, scenes):
    occurrences = [
        an_occurrence((i.start_s, i.end_s), float(start_s), playing_id=f"P{n}")
        for n, (i, start_s) in enumerate(rows)
    ]
    song = a_song(duration_s=60.0)
    film_ticks = set(range(int(FILM_S) * TICKS_PER_S))
    for scope, row in covered(*occurrences, song=song, scenes=scenes).items():
        parts = [s.interval for s in scenes if scope in (s.name, f"story: {s.story}")]
        inside = ticks(parts) if scope != "film" else film_ticks
        heard = ticks(o.film for o in occurrences) & inside
        positions = {
            n + round((o.song_start_s - o.film_start_s) * TICKS_PER_S)
            for o in occurrences
            for n in ticks([o.film]) & inside
        }
        assert row.heard_s * TICKS_PER_S == len(heard)
        assert row.song_heard_s * TICKS_PER_S == len(positions & set(range(60 * TICKS_PER_S)))
        assert row.n_occurrences == sum(bool(ticks([o.film]) & inside) for o in occurrences)
        assert row.share_of_scope == pytest.approx(len(heard) / len(inside))
        absent = inside - heard
        longest = run = 0
        for n in sorted(film_ticks):
            run = run + 1 if n in absent else 0
            longest = max(longest, run)
        assert row.longest_absence_s * TICKS_PER_S == longest


def test_a_song_in_the_film():
    row = covered(
        an_occurrence((10.0, 20.0), 0.0, playing_id="P1"),
        an_occurrence((22.0, 30.0), 12.0, playing_id="P1"),
        an_occurrence((60.0, 70.0), 5.0, playing_id="P2"),
        song=a_song(duration_s=40.0),
    )["film"]
    assert (row.n_occurrences, row.n_playings) == (3, 2)
    assert (row.heard_s, row.share_of_scope) == (28.0, 0.28)
    assert (row.song_heard_s, row.share_of_song) == (20.0, 0.5)
    assert row.longest_absence_s == 30.0


def test_a_song_never_heard_has_measured_zeros():
    row = covered()["film"]
    assert (row.n_occurrences, row.heard_s, row.song_heard_s) == (0, 0.0, 0.0)
    assert row.longest_absence_s == FILM_S


def test_a_faster_film_uses_up_more_song():
    row = covered(an_occurrence((0.0, 24.0), 0.0, playing_id="P1", speed=25 / 24))["film"]
    assert row.song_heard_s == pytest.approx(25.0)


def test_an_occurrence_across_a_border_counts_on_both_sides():
    scenes = (
        Scene(name="bar", start_s=0.0, end_s=15.0, day="one"),
        Scene(name="counter", start_s=15.0, end_s=30.0, day="two"),
    )
    rows = covered(an_occurrence((10.0, 20.0), 0.0, playing_id="P1"), scenes=scenes)
    assert list(rows) == ["film", "day: one", "day: two", "bar", "counter"]
    assert [rows[name].heard_s for name in rows] == [10.0, 5.0, 5.0, 5.0, 5.0]
    assert rows["counter"].longest_absence_s == 10.0


def test_an_occurrence_of_a_song_that_is_not_given_is_refused():
    with pytest.raises(ParameterError, match="occurrence O10: its song 'S9' is none of S1"):
        steps(an_occurrence((10.0, 20.0), 0.0, playing_id="P1", song_id="S9"))


def test_a_gap_cannot_be_less_than_nothing():
    with pytest.raises(ParameterError, match=r"continuation_s: it is -1\.0\. Give 0 to"):
        MeasureParameters(continuation_s=-1.0)
