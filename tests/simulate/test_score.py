import dataclasses

import pytest

from ostinato.errors import ParameterError
from ostinato.results import Occurrence
from ostinato.simulate import score_occurrences


def an_occurrence(occurrence_id, film, song_start_s, **changes):
    fields = {
        "id": occurrence_id,
        "song_id": "S1",
        "playing_id": "P1",
        "film_start_s": film[0],
        "film_end_s": film[1],
        "song_start_s": song_start_s,
        "song_end_s": song_start_s + film[1] - film[0],
        "speed": 1.0,
        "pitch": None,
        "score": 30.0,
        "p_value": None,
        "level_lufs": None,
        "level_re_speech_lu": None,
        "low_hz": None,
        "high_hz": None,
    }
    return Occurrence(**{**fields, **changes})


TRUTH = (an_occurrence("O1", (10.0, 20.0), 5.0), an_occurrence("O2", (40.0, 60.0), 15.0))


def test_the_truth_scores_in_full():
    score = score_occurrences(TRUTH, TRUTH)
    assert (score.n_found, score.false, score.recall, score.precision) == (2, (), 1.0, 1.0)
    assert [m.start_error_s for m in score.matches] == [0.0, 0.0]


def test_errors_are_found_less_true():
    found = (an_occurrence("O1", (10.5, 19.0), 5.52),)
    hit, missed = score_occurrences(TRUTH, found).matches
    assert hit.start_error_s == pytest.approx(0.5)
    assert hit.end_error_s == pytest.approx(-1.0)
    assert hit.song_error_s == pytest.approx(0.02)
    assert (missed.found, missed.start_error_s, missed.song_error_s) == ((), None, None)


def test_a_piece_at_another_place_of_the_song_is_false():
    found = (an_occurrence("O1", (10.0, 20.0), 5.5),)
    score = score_occurrences(TRUTH, found)
    assert (score.n_found, score.false, score.recall, score.precision) == (0, found, 0.0, 0.0)


def test_a_piece_of_another_song_is_false():
    found = (dataclasses.replace(TRUTH[0], song_id="S2"),)
    assert score_occurrences(TRUTH, found).false == found


def test_pieces_of_one_occurrence_belong_to_it_together():
    found = (an_occurrence("O1", (40.0, 45.0), 15.0), an_occurrence("O2", (50.0, 62.0), 25.0))
    score = score_occurrences(TRUTH, found)
    match = score.matches[1]
    assert [piece.id for piece in match.found] == ["O1", "O2"]
    assert (match.start_error_s, match.end_error_s) == (0.0, 2.0)
    assert score.recall == pytest.approx(15 / 30)
    assert score.precision == pytest.approx(15 / 17)


def test_nothing_has_no_shares():
    score = score_occurrences((), ())
    assert (score.recall, score.precision) == (None, None)


def test_a_tolerance_of_nothing_is_refused():
    with pytest.raises(ParameterError, match="Give a positive number"):
        score_occurrences(TRUTH, TRUTH, max_song_error_s=0.0)
