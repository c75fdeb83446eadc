"""A blind random sample says how many finds are right and how many are missed, and how surely."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import an_occurrence
from tests.review.reviewing import FILM, a_film
from tests.review.test_edits import entries_of
from tests.review.test_measured_again import PARAMETERS, again, program

from ostinato.errors import ParameterError, StudyError
from ostinato.measures import draw_finds, find_sample
from ostinato.measures.statistics import hits_of_all
from ostinato.pipeline import measured_again
from ostinato.report import cite
from ostinato.report.method import method_note
from ostinato.results import Candidate
from ostinato.review import (
    accept_occurrence,
    judge,
    open_journal,
    read_finds,
    state_of,
    write_finds,
)

__all__ = ["program"]
DRAWN_SEED = 7


def drawn_of(film, n=40):
    return draw_finds(film, n, seed=DRAWN_SEED, rng=np.random.default_rng(DRAWN_SEED))


def heard_in(drawn, stretches):
    """What a person hears who knows where the songs are."""
    return {
        piece: "heard"
        if any(piece.start_s < end_s and start_s < piece.end_s for start_s, end_s in stretches)
        else "not heard"
        for piece in drawn.drawn
    }


def test_no_piece_tells_what_the_program_had_found():
    drawn = drawn_of(a_film())
    assert {round(one.end_s - one.start_s, 6) for one in drawn.drawn} == {10.0}
    assert [one.start_s for one in drawn.drawn] != sorted(one.start_s for one in drawn.drawn)
    strata = [one.stratum for one in drawn.drawn]
    assert strata != sorted(strata)
    assert len({one.start_s for one in drawn.drawn}) == len(drawn.drawn) == 40


def test_each_stratum_has_the_probability_with_which_it_was_drawn():
    candidate = Candidate(
        id="K1",
        song_id="S1",
        film_start_s=500.0,
        film_end_s=520.0,
        song_start_s=0.0,
        song_end_s=20.0,
        speed=1.0,
        score=4.0,
        p_value=0.3,
        refused="as good as chance",
    )
    film = replace(a_film(), candidates=(candidate,))
    drawn = drawn_of(film, 30)
    for name in ("find", "faint", "none"):
        own = [one for one in drawn.drawn if one.stratum == name]
        assert {one.p_inclusion for one in own} == {len(own) / drawn.strata.count(name)}
    assert drawn.strata.count("faint") == 2


def test_who_hears_all_knows_precision_and_recall():
    film = a_film()
    drawn = drawn_of(film, 1000)
    stretches = [(20.0, 50.0), (100.0, 130.0), (200.0, 220.0), (300.0, 330.0), (500.0, 540.0)]
    row = find_sample(film, drawn, heard_in(drawn, stretches), level=0.95)
    assert row.precision == row.precision_low == row.precision_high == 11 / 14
    assert row.recall == row.recall_low == row.recall_high == 11 / 15


def test_nothing_judged_leaves_all_open():
    row = find_sample(a_film(), drawn_of(a_film()), {}, level=0.95)
    assert (row.precision, row.recall) == (None, None)
    assert (row.precision_low, row.precision_high, row.recall_low) == (0.0, 1.0, 0.0)


def test_what_nobody_can_tell_counts_either_way():
    film = a_film()
    drawn = drawn_of(film, 1000)
    verdicts = dict.fromkeys(drawn.drawn, "cannot tell")
    row = find_sample(film, drawn, verdicts, level=0.95)
    assert (row.precision, row.precision_low, row.precision_high) == (None, 0.0, 1.0)


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_bounds_hold_what_was_drawn(n_true, n_drawn, seed):
    true = np.arange(40) < n_true
    hits = int(np.random.default_rng(seed).choice(true, n_drawn, replace=False).sum())
    low, high = hits_of_all(hits, n_drawn, 40, level=0.95)
    assert hits <= low <= high <= 40 - n_drawn + hits
    assert n_drawn < 40 or low == high == n_true


def test_intervals_cover_at_least_as_often_as_they_say():
    rng = np.random.default_rng(1994)
    n_films, covered = 200, {"precision": 0, "recall": 0}
    for _ in range(n_films):
        starts = np.sort(rng.choice(58, 8, replace=False)) * 10.0
        film = replace(
            a_film(),
            occurrences=tuple(
                an_occurrence(f"O{n}", f"P{n}", (start, start + 10.0), 0.0)
                for n, start in enumerate(starts[:6], start=1)
            ),
        )
        stretches = [(start, start + 10.0) for start in starts[1:]]  # one find is wrong
        drawn = draw_finds(film, 24, seed=0, rng=rng)
        row = find_sample(film, drawn, heard_in(drawn, stretches), level=0.8)
        covered["precision"] += row.precision_low <= 5 / 6 <= row.precision_high
        covered["recall"] += row.recall_low <= 5 / 7 <= row.recall_high
    assert min(covered.values()) / n_films >= 0.8


def test_a_later_run_is_judged_by_the_same_pieces():
    film = a_film()
    drawn = drawn_of(film, 1000)
    stretches = [(one.film_start_s, one.film_end_s) for one in film.occurrences]
    later = replace(film, occurrences=film.occurrences[1:])
    row = find_sample(later, drawn, heard_in(drawn, stretches), level=0.95)
    assert (row.precision, row.recall) == (1.0, 11 / 14)


def test_a_sample_is_kept_and_never_written_over(tmp_path):
    film = a_film()
    drawn = drawn_of(film)
    assert read_finds(tmp_path, FILM) is None
    write_finds(tmp_path, drawn)
    assert read_finds(tmp_path, FILM) == drawn
    with pytest.raises(StudyError, match="it is there already"):
        write_finds(tmp_path, drawn)
    other = replace(FILM, sha256="9" * 64, pcm_sha256="8" * 64)
    assert read_finds(tmp_path, other) is None


def test_a_film_without_songs_has_nothing_to_draw():
    with pytest.raises(ParameterError, match="no song was looked for"):
        drawn_of(replace(a_film(), songs=(), occurrences=()))


def test_the_paragraph_says_precision_and_recall_where_somebody_listened(program, tmp_path):
    drawn = drawn_of(program, 1000)
    heard = heard_in(drawn, [(20.0, 50.0), (100.0, 130.0), (500.0, 510.0)])
    journal = open_journal(tmp_path, program.film, who="Anna")
    journal.append([judge(piece, verdict) for piece, verdict in heard.items()])
    after = measured_again(program, journal.state, finds=drawn)
    assert after.review.finds.n_judged == len(drawn.drawn)
    assert "precision of the program's finds is 42.9%, and their recall" in cite(after)
    assert "precision" not in cite(program)
    assert "precision" not in cite(again(program, judge(drawn.drawn[0], "heard")))
    (lost,) = again(program, judge(drawn.drawn[0], "heard")).review.unplaced
    assert lost.reason == "no piece of the random sample lies there"
    assert PARAMETERS.level == after.review.finds.level


def test_who_listened_is_named_and_nobody_is_made_up(program):
    accepted = [accept_occurrence(one, program) for one in program.occurrences]
    named = measured_again(program, state_of(entries_of(*accepted, who=("Anna", "Ben"))))
    assert "The reviewers were Anna and Ben." in cite(named)
    assert "The reviewers were Anna and Ben." in method_note(named)
    nameless = measured_again(program, state_of(entries_of(*accepted, who=("somebody",))))
    assert "Who reviewed is not recorded." in cite(nameless)


def test_a_find_is_detected_whoever_has_confirmed_it(program):
    accepted = [accept_occurrence(one, program) for one in program.occurrences]
    text = cite(measured_again(program, state_of(entries_of(*accepted))))
    assert "is detected" in text
    assert "is heard" not in text
    assert "found and confirmed by ear" in text
