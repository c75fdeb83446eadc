"""Changes reach the journal, or are refused in words; no window loses what another did."""

import json
from dataclasses import replace

import pytest
from tests.browser.long_film import HOSTILE
from tests.review_page.conftest import let_in

from ostinato.review import move_occurrence
from ostinato.review_page.desk import Desk
from ostinato.review_page.opening import Opening, opened_review


def wish(do, *, last=0, token=None, **more):
    return {"do": do, "last_seen": last, "token": token or f"{do} {last}", **more}


def rows_of(answer, what):
    return [row for row in answer["rows"] if row["what"] == what]


def journal(folder):
    path = folder / "review" / "journal.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def test_the_page_is_told_of_every_lane(client):
    state = client.ask("/api/state").json
    assert {row["what"] for row in state["rows"]} == {
        *("occurrence", "candidate", "speech", "singing", "scene", "story", "day")
    }
    assert [row["name"] for row in rows_of(state, "story")] == ["the first", "the second"]
    starts = [row["start"] for row in state["rows"]]
    assert starts == sorted(starts)
    assert state["last"] == 0
    assert not state["can_undo"]


def test_a_change_is_in_the_journal_before_it_is_answered(client, folder):
    answer = client.post("/api/change", wish("accept", id="O1"))
    assert answer.status == 200
    (entry,) = journal(folder)
    assert (entry["on"], entry["act"]) == ("occurrence", "accept")
    state = answer.json["state"]
    assert state["last"] == 1
    assert next(row for row in state["rows"] if row["id"] == "O1")["review"] == "accepted"
    assert state["changes"][0]["words"].startswith("accepted “")


def test_what_is_sent_twice_is_done_once(client, folder):
    for _ in range(2):
        same = wish("reject", id="O2", token="the same")  # noqa: S106 - names a change
        answer = client.post("/api/change", same)
        assert answer.status == 200
    assert len(journal(folder)) == 1
    assert [row["id"] for row in rows_of(answer.json["state"], "rejected")] == ["O2"]


def test_a_window_that_has_not_seen_all_changes_nothing(client, folder):
    client.post("/api/change", wish("kind", id="T3", kind="narration"))
    late = wish("kind", id="T3", kind="dialogue", token="late")  # noqa: S106 - names a change
    answer = client.post("/api/change", late)
    assert answer.status == 409
    assert len(answer.json["between"]) == 1
    assert "narration" in answer.json["between"][0]
    assert "nothing was done" in answer.json["why"]
    assert len(journal(folder)) == 1
    again = client.post("/api/change", wish("kind", id="T3", kind="dialogue", last=1))
    assert again.status == 200
    assert len(journal(folder)) == 2


def test_every_change_can_be_undone_to_the_start(client):
    first = client.ask("/api/state").json
    wishes = [
        {"do": "accept", "id": "O1"},
        {"do": "move", "id": "O3", "start_s": 1.25, "end_s": 4.5},
        {"do": "kind", "id": "T1", "kind": "soliloquy"},
        {"do": "add", "song": "S1", "start_s": 2.0, "end_s": 7.0},
        {"do": "add", "kind": "narration", "start_s": 0.1, "end_s": 0.6},
        {"do": "add", "name": HOSTILE, "start_s": 3.0, "end_s": 9.0},
        {"do": "split", "id": "T5", "at_s": None},
        {"do": "name", "id": "V1", "name": "<script>alert(1)</script>", "narrates": True},
    ]
    for number, one in enumerate(wishes):
        if one["do"] == "split":
            row = next(row for row in first["rows"] if row["id"] == "T5")
            one["at_s"] = (row["start"] + row["end"]) / 2
        answer = client.post("/api/change", wish(**one, last=number))
        assert answer.status == 200, answer.text
        assert answer.json["made"] or one["do"] == "name"
    for number in range(len(wishes), 2 * len(wishes)):
        answer = client.post("/api/change", wish("undo", last=number))
        assert answer.status == 200, answer.text
    state = answer.json["state"]
    for name in ("rows", "voices", "songs"):
        assert state[name] == first[name]
    assert not state["can_undo"]
    assert all(one["undone"] for one in state["changes"] if "undone:" not in one["words"])
    answer = client.post("/api/change", wish("redo", last=2 * len(wishes)))
    assert next(r for r in answer.json["state"]["rows"] if r["id"] == "O1")["review"] == "accepted"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"do": "accept", "last_seen": 0, "token": "t"}',
        b'{"do": "accept", "last_seen": 0, "token": "t", "id": "O99"}',
        b'{"do": "accept", "last_seen": 0, "token": "t", "id": "T1"}',
        b'{"do": "remove", "last_seen": 0, "token": "t", "id": "O1"}',
        b'{"do": "format", "last_seen": 0, "token": "t"}',
        b'{"do": "kind", "last_seen": 0, "token": "t", "id": "T1", "kind": "song"}',
        b'{"do": "move", "last_seen": 0, "token": "t", "id": "O1", "start_s": 5, "end_s": 4}',
        b'{"do": "move", "last_seen": 0, "token": "t", "id": "O1", "start_s": 1e999, "end_s": 4}',
        b'{"do": "add", "last_seen": 0, "token": "t", "start_s": 1, "end_s": 2}',
        b'{"do": "undo", "last_seen": 0, "token": "t"}',
        b'{"do": "merge", "last_seen": 0, "token": "t", "ids": ["O1", "T1"]}',
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(client, folder, body):
    answer = client.ask("/api/change", method="POST", body=body)
    assert answer.status == 422
    assert answer.json["why"].endswith(".")
    assert not (folder / "review" / "journal.jsonl").exists()


def test_another_coder_has_a_journal_of_their_own(studio, folder):
    review = opened_review(Opening(folder=folder, cache_dir=studio[1], coder="Anna"))
    answer = let_in(review).post("/api/change", wish("accept", id="O1"))
    assert answer.json["state"]["coder"] == "Anna"
    assert not (folder / "review" / "journal.jsonl").exists()
    assert (folder / "review" / "journal-Anna.jsonl").exists()


def test_a_voice_is_parted_by_the_segments_of_it(client):
    state = client.ask("/api/state").json
    voice = max(state["voices"], key=lambda one: one["speech_s"])["id"]
    own = [row["id"] for row in rows_of(state, "speech") if row["voice"] == voice]
    assert len(own) > 1
    answer = client.post("/api/change", wish("part_voice", id=voice, ids=own[:1])).json["state"]
    now = {row["id"]: row["voice"] for row in rows_of(answer, "speech")}
    new = now[own[0]]
    assert new not in {one["id"] for one in state["voices"]}
    assert [now[name] for name in own[1:]] == [voice] * len(own[1:])
    empty = client.post("/api/change", wish("part_voice", last=1, id=new, ids=own[:1]))
    assert empty.status == 422
    assert "one of its two parts is empty" in empty.json["why"]


def desk_that_follows(folder, follow):
    told = []
    desk = Desk(
        folder,
        coder=None,
        who="Anna",
        tell=lambda name, said: told.append((name, said)),
        follow=follow,
    )
    return desk, told


def add(desk, *, last=0):
    asked = wish("add", last=last, song="S1", start_s=50.0, end_s=60.0)
    (name,) = desk.changed(json.dumps(asked).encode())["made"]
    for follower in desk._followers:  # noqa: SLF001 - whoever closes it waits for them as well
        follower.join()
    return name


def test_what_is_added_is_followed_and_the_journal_says_by_whom(folder):
    def follow(one, results):
        edit = move_occurrence(
            one, results, start_s=one.film_start_s, end_s=one.film_end_s, song_start_s=5.0
        )
        return replace(edit, note="followed")

    desk, told = desk_that_follows(folder, follow)
    name = add(desk)
    state = desk.state()
    row = next(row for row in state["rows"] if row["id"] == name)
    assert (row["song_start"], row["song_end"]) == (5.0, 15.0)
    assert [one["who"] for one in journal(folder)] == ["Anna", "the program"]
    assert state["changes"][-1]["words"].startswith("song time found by the program")
    assert [said["status"] for event, said in told if event == "following"] == ["looking", "found"]
    # nobody else's work: a window that has not seen it may go on
    later = wish("reject", last=1, id=name)
    desk.changed(json.dumps(later).encode())


def test_what_is_added_where_the_song_was_found_already_confirms_that(client):
    row = rows_of(client.ask("/api/state").json, "occurrence")[0]
    asked = wish("add", song=row["song"], start_s=row["start"] + 0.5, end_s=row["end"])
    answer = client.post("/api/change", asked).json
    assert answer["made"] == [row["id"]]
    assert rows_of(answer["state"], "occurrence")[0]["review"] == "accepted"


def test_what_does_not_fit_is_refused_and_not_written(client, folder):
    answer = client.post("/api/change", wish("add", song="S1", start_s=500.0, end_s=510.0))
    assert answer.status == 422
    assert "it lies outside the film" in answer.json["why"]
    assert not (folder / "review").exists()


def test_what_is_not_heard_keeps_no_song_time(folder):
    desk, told = desk_that_follows(folder, lambda _one, _results: None)
    name = add(desk)
    row = next(row for row in desk.state()["rows"] if row["id"] == name)
    assert row["song_start"] is None
    assert told[-1] == ("following", {"id": name, "status": "missing"})
    assert len(journal(folder)) == 1
