"""Who labels by ear is told nothing of what the program thinks, and an answer is kept at once."""

import json
import re
from dataclasses import replace

import pytest
from tests.review_page.conftest import let_in, with_sound

from ostinato.results import SampledLabel, read_results
from ostinato.review_page.opening import Opening, opened_sample

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
    opening = Opening(folder=folder, cache_dir=studio[1], coder=coder)
    return opened_sample(opening, sample or sample_of(folder))


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
    for number in range(len(review.desk.sample)):
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
    assert [row["n"] for row in outcome["widths"]] == [2, 3, 4, 6, 8, 9, 10, 12]
    assert outcome["widths"][-1]["high"] - outcome["widths"][-1]["low"] < 0.6


def test_two_coders_are_compared_when_both_are_done(studio, folder):
    first = blind(studio, folder)
    answer_all(first, ["narration", "dialogue"])
    second = blind(studio, folder, coder="Anna")
    assert all(one["kind"] is None for one in let_in(second).ask("/api/state").json["stretches"])
    by_start = {one.start_s: one.kind for one in first.desk.labelled}
    kinds = [by_start[one.start_s] for one in second.desk.sample]
    answer_all(second, [*kinds[:-1], "dialogue" if kinds[-1] == "narration" else "narration"])
    agreement = counted(second)["agreement"]
    assert agreement["n"] == 12
    assert agreement["agreed"] == pytest.approx(11 / 12)
    assert 0.5 < agreement["kappa"] < 1
