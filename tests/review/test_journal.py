"""What was acknowledged is in the journal, whoever is killed, whoever writes at the same moment."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.review.reviewing import FILM, an_edit

from ostinato.errors import MediaError, ParameterError, StudyError
from ostinato.review import (
    Conflict,
    Content,
    Edit,
    journal_path,
    open_journal,
    read_journal,
    redo,
    state_of,
    undo,
)
from ostinato.review.entries import Entry, decode_entry, encode_line

_texts = st.text(max_size=12)
_times = st.floats(0, 20_000, allow_nan=False).map(lambda x: round(x, 6))
_contents = st.builds(
    lambda start_s, length_s, song_s, **rest: Content(
        start_s=start_s,
        end_s=start_s + length_s,
        song_start_s=song_s,
        song_end_s=None if song_s is None else song_s + length_s,
        **rest,
    ),
    _times,
    st.integers(1, 800).map(lambda n: n / 8),
    st.none() | _times,
    song=st.none() | _texts,
    kind=st.none() | _texts,
    name=st.none() | _texts,
    narrates=st.none() | st.booleans(),
    stretches=st.lists(_times.map(lambda x: (x, x + 1.0)), max_size=3).map(tuple),
)
_entries = st.builds(
    Entry,
    sequence=st.integers(1, 10_000),
    when=st.just("2026-11-30T12:00:00.000Z"),
    who=_texts,
    on=st.just("speech"),
    act=st.just("kind"),
    seen=st.lists(_contents, max_size=3).map(tuple),
    becomes=st.lists(_contents, max_size=3).map(tuple),
    blind=st.booleans(),
    token=st.none() | _texts,
    note=st.none() | _texts,
)


@settings(max_examples=50)
@given(_entries)
def test_an_entry_is_one_line_and_comes_back_as_it_was(entry):
    line = encode_line(entry)
    assert line.count(b"\n") == 1
    assert decode_entry(line) == entry


def test_nothing_is_made_before_the_first_entry(tmp_path):
    journal = open_journal(tmp_path, FILM)
    assert (journal.entries, journal.last, list(tmp_path.iterdir())) == ((), 0, [])


def test_what_was_written_is_read_by_another(tmp_path):
    written = open_journal(tmp_path, FILM, who="Anna").append([an_edit(1), an_edit(2)])
    read = open_journal(tmp_path, FILM)
    assert read.entries == written
    assert [one.sequence for one in read.entries] == [1, 2]
    assert {one.who for one in read.entries} == {"Anna"}
    assert read.header.film.pcm_sha256 == FILM.pcm_sha256


@settings(max_examples=25)
@given(st.integers(1, 400), st.booleans())
def test_a_torn_last_line_is_kept_aside_and_nothing_else_is_lost(tmp_path_factory, n_cut, is_read):
    folder = tmp_path_factory.mktemp("torn")
    open_journal(folder, FILM).append([an_edit(1), an_edit(2)])
    path = journal_path(folder)
    whole = path.read_bytes()
    line = encode_line(open_journal(folder, FILM).append([an_edit(3)])[0])
    path.write_bytes(whole + line[: min(n_cut, len(line) - 2)])
    journal = open_journal(folder, FILM)
    assert [one.sequence for one in journal.entries] == [1, 2]
    if is_read:
        assert read_journal(folder).entries == journal.entries
    again = journal.append([an_edit(4)])
    assert [one.sequence for one in open_journal(folder, FILM).entries] == [1, 2, 3]
    assert again[0].sequence == 3
    aside = path.with_name("journal.jsonl.torn1")
    assert aside.read_bytes() == line[: min(n_cut, len(line) - 2)]
    assert aside.name in journal.notices[0]


def test_a_last_line_that_lacks_only_its_end_is_an_entry(tmp_path):
    written = open_journal(tmp_path, FILM).append([an_edit(1), an_edit(2)])
    path = journal_path(tmp_path)
    path.write_bytes(path.read_bytes()[:-1])
    journal = open_journal(tmp_path, FILM)
    assert journal.entries == written
    journal.append([an_edit(3)])
    assert len(open_journal(tmp_path, FILM).entries) == 3
    assert list(path.parent.iterdir()) == [path]


def test_a_header_that_was_torn_is_written_anew(tmp_path):
    open_journal(tmp_path, FILM).append([an_edit(1)])
    path = journal_path(tmp_path)
    path.write_bytes(path.read_bytes()[:40])
    assert read_journal(tmp_path) is None
    open_journal(tmp_path, FILM).append([an_edit(2)])
    assert [one.seen[0].start_s for one in open_journal(tmp_path, FILM).entries] == [2.0]


def test_a_line_in_the_middle_that_is_no_entry_is_named_and_left(tmp_path):
    open_journal(tmp_path, FILM).append([an_edit(n) for n in range(3)])
    path = journal_path(tmp_path)
    lines = path.read_bytes().split(b"\n")
    lines[2] = b"\x00" * 7
    path.write_bytes(b"\n".join(lines))
    journal = open_journal(tmp_path, FILM)
    assert [one.sequence for one in journal.entries] == [1, 3]
    assert "line 3" in journal.notices[0]
    journal.append([an_edit(9)])
    assert path.read_bytes().split(b"\n")[2] == b"\x00" * 7


def test_two_tabs_never_write_over_each_other(tmp_path):
    one, other = (open_journal(tmp_path, FILM, who=who) for who in ("Anna", "Ben"))
    one.append([an_edit(1)], last_seen=0)
    with pytest.raises(Conflict, match="Anna: reject occurrence") as conflict:
        other.append([an_edit(2)], last_seen=0)
    assert [entry.sequence for entry in conflict.value.between] == [1]
    assert other.append([an_edit(2)], last_seen=other.last)[0].sequence == 2
    assert [entry.who for entry in one.refresh()] == ["Ben"]


def test_what_is_sent_twice_is_written_once(tmp_path):
    journal = open_journal(tmp_path, FILM)
    sent = replace(an_edit(1), token="x")  # noqa: S106 - of the sender's own
    first = journal.append([sent], last_seen=0)
    again = open_journal(tmp_path, FILM).append([sent], last_seen=0)
    assert again == first
    assert len(open_journal(tmp_path, FILM).entries) == 1


def test_a_journal_of_another_film_is_refused(tmp_path):
    open_journal(tmp_path, FILM).append([an_edit(1)])
    other = replace(FILM, name="other.mkv", sha256="9" * 64, pcm_sha256="8" * 64)
    with pytest.raises(StudyError, match=r"it is of another film, film\.mkv"):
        open_journal(tmp_path, other)
    assert len(open_journal(tmp_path, FILM).entries) == 1


def test_a_second_coder_has_a_journal_of_their_own(tmp_path):
    open_journal(tmp_path, FILM, who="Anna").append([an_edit(1)])
    open_journal(tmp_path, FILM, coder="José Pérez").append([an_edit(2)])
    assert journal_path(tmp_path, coder="José Pérez").name == "journal-José-Pérez.jsonl"
    with pytest.raises(StudyError, match="it is of another coder"):
        open_journal(tmp_path, FILM, coder="José.Pérez")
    assert len(open_journal(tmp_path, FILM).entries) == 1


@pytest.mark.parametrize("name", ["", " ", "../x", "\x00", "a" * 200])
def test_a_coder_without_a_name_for_a_file_is_refused(tmp_path, name):
    if name == "../x":
        assert journal_path(tmp_path, coder=name).parent == tmp_path / "review"
        return
    with pytest.raises(ParameterError, match="it makes no name of a file"):
        journal_path(tmp_path, coder=name)


def test_a_pipe_in_its_place_is_not_waited_for(tmp_path):
    (tmp_path / "review").mkdir()
    os.mkfifo(journal_path(tmp_path))
    with pytest.raises(MediaError, match="it is no file"):
        open_journal(tmp_path, FILM)
    with pytest.raises(MediaError, match="a pipe or a device"):
        read_journal(tmp_path)


def test_a_full_disk_leaves_the_journal_as_it_was(tmp_path, monkeypatch):
    journal = open_journal(tmp_path, FILM)
    journal.append([an_edit(1)])
    before = journal.path.read_bytes()

    def no_room(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(MediaError, match="No space left"):
        journal.append([an_edit(2)])
    monkeypatch.undo()
    assert journal.path.read_bytes() == before
    assert journal.append([an_edit(3)])[0].sequence == 2


_back_and_forth = st.lists(st.sampled_from(["edit", "undo", "redo"]), max_size=30)


@settings(max_examples=30)
@given(_back_and_forth)
def test_undo_and_redo_go_where_a_stack_would_go(tmp_path_factory, acts):
    journal = open_journal(tmp_path_factory.mktemp("stack"), FILM)
    done, undone = [], []
    for n, act in enumerate(acts):
        state = journal.state
        if act == "edit":
            journal.append([an_edit(n)])
            done, undone = [*done, n], []
        elif act == "undo" and state.next_undo is not None:
            journal.append([undo(state.next_undo)])
            undone.append(done.pop())
        elif act == "redo" and state.next_redo is not None:
            journal.append([redo(state.next_redo)])
            done.append(undone.pop())
        state = journal.state
        assert [one.seen[0].start_s for one in state.in_force] == done
        assert (state.next_undo is None) == (not done)
        assert (state.next_redo is None) == (not undone)
    assert state_of(journal.entries) == open_journal(journal.path.parent.parent, FILM).state


def test_what_is_undone_cannot_be_undone_again(tmp_path):
    journal = open_journal(tmp_path, FILM)
    (first,) = journal.append([an_edit(1)])
    (back,) = journal.append([undo(first)])
    for wrong in (undo(first), undo(back), redo(first), replace(undo(first), undoes=77)):
        with pytest.raises(ParameterError, match="undone already"):
            journal.append([wrong])


def test_an_edit_of_no_kind_is_refused():
    with pytest.raises(ParameterError, match="there is no such edit"):
        Edit(on="scene", act="accept")
    with pytest.raises(ParameterError, match="ends at or before its start"):
        Content(start_s=3.0, end_s=3.0)
    with pytest.raises(ParameterError, match="or is no film time"):
        Content(start_s=float("nan"), end_s=3.0)


_WRITER = """
import sys
from pathlib import Path
import msgspec
from ostinato.results import Film
from ostinato.review import Content, Edit, open_journal
film = msgspec.json.decode(sys.argv[3], type=Film)
journal = open_journal(Path(sys.argv[1]), film, who=sys.argv[2])
for n in range(10_000):
    seen = (Content(start_s=float(n), end_s=n + 1.0),)
    edit = Edit(on="speech", act="remove", seen=seen, token=f"{sys.argv[2]}{n}")
    (entry,) = journal.append([edit])
    sys.stdout.write(f"{entry.sequence} {entry.token}\\n")
    sys.stdout.flush()
"""


def test_writers_that_are_killed_lose_nothing_that_they_acknowledged(tmp_path):
    acknowledged = {}
    film = msgspec.json.encode(FILM).decode()
    for turn in range(2):
        writers = [
            subprocess.Popen(  # noqa: S603 - our own words
                [sys.executable, "-c", _WRITER, str(tmp_path), f"{who}{turn}-", film],
                stdout=subprocess.PIPE,
                text=True,
            )
            for who in ("a", "b")
        ]
        for writer in writers:  # both are at work before either is killed
            sequence, token = writer.stdout.readline().split()
            acknowledged[int(sequence)] = token
        time.sleep(0.03 + 0.04 * turn)
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
        for writer in writers:
            for line in writer.communicate()[0].splitlines():
                if line.count(" ") == 1 and line.split()[1]:
                    acknowledged[int(line.split()[0])] = line.split()[1]
    kept = {one.sequence: one.token for one in open_journal(tmp_path, FILM).entries}
    assert len(acknowledged) > 20
    assert acknowledged.items() <= kept.items()
    assert sorted(kept) == list(range(1, len(kept) + 1))
