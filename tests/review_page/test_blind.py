"""Who labels by ear is told nothing of what the program thinks, and an answer is kept at once."""

import json
import re
from dataclasses import replace

import pytest
from tests.review_page.conftest import SECONDS, let_in, with_sound

from ostinato.pipeline import drawn_finds
from ostinato.results import SampledLabel, read_results
from ostinato.review import read_journal
from ostinato.review_page.blind import in_random_order
from ostinato.review_page.opening import Opening, opened_questions
from ostinato.review_page.questions import SongQuestions, SpeechQuestions

OPINION = (
    "predict",
    "strat",
    "p_incl",
    "narration_s",
    "evidence",
    "decided",
    r"voice\b(?!-over)",
    "V1",
    "O1",
)


def sample_of(folder):
    return tuple(
        SampledLabel(
            start_s=one.start_s,
            end_s=one.end_s,
            predicted=one.kind,
            kind="undetermined",
            stratum=f"{one.kind}, the middle",
            p_inclusion=0.5,
            is_open=True,
        )
        for one in read_results(folder).speech
    )


def blind(studio, folder, *, coder=None, sample=None):
    results = read_results(folder)
    ordered = in_random_order(sample or sample_of(folder), results.film, coder=coder)
    opening = Opening(folder=folder, cache_dir=studio[1], coder=coder)
    return opened_questions(opening, results, SpeechQuestions(results, ordered))


def of_songs(studio, folder, *, coder=None):
    results, drawn = read_results(folder), drawn_finds(folder)
    ordered = in_random_order(drawn.drawn, results.film, coder=coder)
    opening = Opening(folder=folder, cache_dir=studio[1], coder=coder)
    return opened_questions(opening, results, SongQuestions(results, drawn, ordered))


@pytest.fixture
def ear(studio, folder):
    review = blind(studio, folder)
    yield with_sound(review)
    review.stop()


def give(ear, number, kind, *, last):
    wish = {"do": "answer", "number": number, "kind": kind, "last_seen": last, "token": f"{last}"}
    return ear.post("/api/change", wish)


def test_no_answer_holds_the_program_s_opinion(ear):
    state = ear.ask("/api/state")
    assert {name for one in state.json["stretches"] for name in one} == {"start", "end", "kind"}
    assert all(one["kind"] is None for one in state.json["stretches"])
    given = give(ear, 0, "dialogue", last=0)
    for answer in (state, given, ear.ask("/"), ear.ask("/static/blind.js")):
        found = [word for word in OPINION if re.search(rf"\b{word}", answer.text)]
        assert found == []


@pytest.mark.parametrize(
    "address", ["/static/review.js", "/static/inspector.js", "/sound/remainder.wav", "/api/rows"]
)
def test_there_is_nothing_by_which_it_could_be_learnt(ear, address):
    assert ear.ask(address).status == 404


def test_the_order_is_random_and_the_same_the_next_time(studio, folder):
    orders = []
    for coder in (None, None, "Anna"):
        stretches = let_in(blind(studio, folder, coder=coder)).ask("/api/state").json["stretches"]
        orders.append([one["start"] for one in stretches])
    assert orders[0] == orders[1]
    assert orders[0] != sorted(orders[0])
    assert orders[2] != orders[0]
    assert sorted(orders[2]) == sorted(orders[0])


def test_an_answer_is_kept_and_may_be_taken_back(studio, folder, ear):
    assert give(ear, 4, "narration", last=0).json["state"]["stretches"][4]["kind"] == "narration"
    lines = (folder / "review" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    entry = json.loads(lines[1])
    assert (entry["on"], entry["blind"]) == ("label", True)
    again = let_in(blind(studio, folder)).ask("/api/state").json
    assert again["stretches"][4]["kind"] == "narration"
    back = ear.post("/api/change", {"do": "undo", "last_seen": 1, "token": "back"}).json
    assert back["state"]["stretches"][4]["kind"] is None


def test_two_windows_do_not_write_over_each_other(ear):
    give(ear, 4, "narration", last=0)
    late = ear.post(
        "/api/change",
        {"do": "answer", "number": 4, "kind": "dialogue", "last_seen": 0, "token": "late"},
    )
    assert late.status == 409
    assert late.json["between"] == ["stretch 5 is narration"]


def answer_all(review, kinds):
    ear = let_in(review)
    for number in range(len(review.desk.questions.intervals)):
        assert give(ear, number, kinds[number % len(kinds)], last=number).status == 200
    return ear


def counted(review):
    """What comes of the sample, counted here and now."""
    review.desk._count(0, review.desk.answers)  # noqa: SLF001 - it has a thread of its own
    return review.desk._outcome[1]  # noqa: SLF001


def test_the_width_is_told_when_the_sample_is_done_and_not_before(studio, folder, ear):
    assert give(ear, 0, "dialogue", last=0).json["state"]["outcome"] is None
    sample = tuple(replace(one, kind="dialogue", is_open=False) for one in sample_of(folder))
    review = blind(studio, folder, sample=sample)
    assert let_in(review).ask("/api/state").json["outcome"] is not None
    outcome = counted(review)
    assert outcome["status"] == "counted", outcome
    (share,) = outcome["widths"]
    assert [row["n"] for row in share["rows"]] == [2, 3, 4, 6, 8, 9, 10, 12]
    assert share["rows"][-1]["high"] - share["rows"][-1]["low"] < 0.6


def test_two_coders_are_compared_when_both_are_done(studio, folder):
    first = blind(studio, folder)
    answer_all(first, ["narration", "dialogue"])
    second = blind(studio, folder, coder="Anna")
    assert all(one["kind"] is None for one in let_in(second).ask("/api/state").json["stretches"])
    starts = [one.start_s for one in first.desk.questions.intervals]
    kinds = [
        first.desk.answers[starts.index(one.start_s)] for one in second.desk.questions.intervals
    ]
    answer_all(second, [*kinds[:-1], "dialogue" if kinds[-1] == "narration" else "narration"])
    agreement = counted(second)["agreement"]
    assert agreement["n"] == 12
    assert agreement["agreed"] == pytest.approx(11 / 12)
    assert 0.5 < agreement["kappa"] < 1


def test_pieces_of_the_film_are_judged_without_a_word_of_what_was_found(studio, folder):
    review = of_songs(studio, folder)
    ear = let_in(review)
    state = ear.ask("/api/state").json
    assert state["choices"] == ["heard", "not heard", "cannot tell"]
    assert "California Dreamin'" in state["songs"]
    assert len(state["stretches"]) == SECONDS // 10
    found = [word for word in OPINION if re.search(rf"\b{word}", json.dumps(state))]
    assert found == []
    answer_all(review, ["heard", "not heard", "cannot tell"])
    outcome = counted(review)
    assert [one["of"] for one in outcome["widths"]] == ["precision", "recall"]
    for one in outcome["widths"]:
        widths = [row["high"] - row["low"] for row in one["rows"]]
        assert widths[-1] < widths[0] <= 1
    lines = (folder / "review" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["on"] for line in lines[1:]} == {"find"}


def test_two_who_listen_for_songs_are_compared(studio, folder):
    first, second = of_songs(studio, folder), of_songs(studio, folder, coder="Anna")
    answer_all(first, ["heard", "not heard"])
    starts = [one.start_s for one in first.desk.questions.intervals]
    said = [
        first.desk.answers[starts.index(one.start_s)] for one in second.desk.questions.intervals
    ]
    answer_all(second, [*said[:-1], "cannot tell"])
    agreement = counted(second)["agreement"]
    assert (agreement["n"], agreement["agreed"], agreement["kappa"]) == (5, 1.0, 1.0)


def test_what_is_said_bears_the_name_of_its_author(studio, folder):
    results = read_results(folder)
    questions = SpeechQuestions(results, sample_of(folder))
    opening = Opening(folder=folder, cache_dir=studio[1], author="Ana Ruiz")
    desk = opened_questions(opening, results, questions).desk
    answer = {"do": "answer", "last_seen": 0, "token": "t1", "number": 0, "kind": "dialogue"}
    desk.changed(json.dumps(answer).encode())
    kept = read_journal(folder)
    assert [one.who for one in kept.entries] == ["Ana Ruiz"]
