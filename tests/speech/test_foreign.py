"""Files of other programs are read as rows, and what cannot be read is counted."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.errors import StudyError
from ostinato.speech import read_foreign

WHISPER = {
    "text": " If memories could be canned",
    "language": "en",
    "segments": [
        {"id": 0, "start": 1.0, "end": 2.5, "text": " If memories", "words": []},
        {"id": 1, "start": 2.5, "end": 4.0, "text": " could be canned"},
        {"id": 2, "start": None, "end": 4.0, "text": " lost"},
    ],
}
WHISPERX = {
    "segments": [
        {"start": 1.0, "end": 2.5, "text": "If memories", "speaker": "SPEAKER_00"},
        {"start": 2.5, "end": 4.0, "text": "could be canned", "speaker": "SPEAKER_01"},
    ],
    "word_segments": [{"word": "If", "start": 1.0, "end": 1.2}],
}
WHISPER_CPP = {
    "transcription": [
        {"offsets": {"from": 1000, "to": 2500}, "text": " If memories"},
        {"offsets": {"from": 2500, "to": 4000}, "text": " could be canned"},
    ]
}
PYANNOTE = {
    "pyannote": "Annotation",
    "content": [
        {"segment": {"start": 1.0, "end": 2.5}, "track": "A", "label": "SPEAKER_00"},
        {"segment": {"start": 2.5, "end": 4.0}, "track": "B", "label": "SPEAKER_01"},
    ],
}
PYANNOTE_AI = {
    "status": "succeeded",
    "output": {
        "diarization": [
            {"speaker": "SPEAKER_00", "start": 1.0, "end": 2.5},
            {"speaker": "SPEAKER_01", "start": 2.5, "end": 4.0},
        ]
    },
}
RTTM = """;; a remark
SPKR-INFO film 1 <NA> <NA> <NA> unknown SPEAKER_00 <NA> <NA>
SPEAKER film 1 1.000 1.500 <NA> <NA> SPEAKER_00 <NA> <NA>
SPEAKER film 1 2.500 1.500 <NA> <NA> SPEAKER_01 <NA> <NA>
SPEAKER film 1 nan 1.500 <NA> <NA> SPEAKER_01 <NA> <NA>
SPEAKER film 1 2.5
"""
TIB = """"start in seconds","start hh:mm:ss.ms","duration in seconds","annotations"
"1.005","00:00:01.5","1.495","['memory','can']"
"2.5","00:00:02.500","1.5","None"
"2.5","00:00:02.500","1.5","['door']"
"""
# as one version writes it: the names of the columns stand above each other's
TIB_MERGED = """"start hh:mm:ss.ms","start in seconds","duration hh:mm:ss.ms","duration in \
seconds","Shots"
"","","","","close-up"
"1.005","00:00:01.5","1.495","00:00:01.495","1"
"2.5","00:00:02.500","1.5","00:00:01.500","0"
"""
ASS = """[Script Info]
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.50,Default,Cop,0,0,0,,{\\i1}If memories{\\i0}
"""
SPOKEN = [(1.0, 2.5), (2.5, 4.0)]
TEXTS = ["If memories", "could be canned"]
SPEAKERS = ["SPEAKER_00", "SPEAKER_01"]


def read(tmp_path, name, content):
    path = tmp_path / name
    if not isinstance(content, str | bytes):
        content = json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_foreign(path)


def rows_of(found):
    return [row for layer in found.layers for row in layer.rows]


@pytest.mark.parametrize(
    ("document", "texts", "about", "n_unread"),
    [
        (WHISPER, TEXTS, "words", 1),
        (WHISPERX, TEXTS, "words", 0),
        (WHISPER_CPP, TEXTS, "words", 0),
        (PYANNOTE, SPEAKERS, "speakers", 0),
        (PYANNOTE_AI, SPEAKERS, "speakers", 0),
    ],
)
def test_what_recognisers_write_is_read(tmp_path, document, texts, about, n_unread):
    found = read(tmp_path, "words.json", document)
    rows = rows_of(found)
    assert [(row.start_s, row.end_s) for row in rows] == SPOKEN
    assert [row.text for row in rows] == texts
    assert (found.about, found.n_unread) == (about, n_unread)
    if document is not WHISPER and document is not WHISPER_CPP:
        assert [row.speaker for row in rows] == SPEAKERS


def test_turns_of_rttm_are_read_and_broken_lines_counted(tmp_path):
    found = read(tmp_path, "film.rttm", RTTM)
    assert [(r.start_s, r.end_s, r.speaker) for r in rows_of(found)] == [
        (1.0, 2.5, "SPEAKER_00"),
        (2.5, 4.0, "SPEAKER_01"),
    ]
    assert (found.n_unread, found.first_unread) == (2, "line 5")


def test_of_several_recordings_the_film_is_taken(tmp_path):
    path = tmp_path / "all.rttm"
    path.write_text(RTTM + RTTM.replace(" film ", " other ").replace("1.500", "9.000"))
    assert len(rows_of(read_foreign(path, film_name="film.mkv"))) == 2
    with pytest.raises(StudyError, match="it is about 2 recordings"):
        read_foreign(path, film_name="third.mkv")


def test_seconds_of_tib_count_and_not_its_clock_that_lost_its_zeros(tmp_path):
    found = read(tmp_path, "shots.csv", TIB)
    assert [(r.start_s, r.end_s, r.text) for r in rows_of(found)] == [
        (1.005, 2.5, "memory+can"),
        (2.5, 4.0, "door"),
    ]
    assert found.format == "TIB AV-A"


def test_timelines_of_tib_are_layers_whatever_stands_above_their_times(tmp_path):
    (layer,) = read(tmp_path, "all.csv", TIB_MERGED).layers
    assert layer.name == "Shots"
    assert [(row.start_s, row.end_s) for row in layer.rows] == [(1.005, 2.5)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,500\n<i>If memories</i>\n"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.500\n<v Cop>If memories\n"),
        ("a.ass", ASS),
        ("a.txt", "1.0\t2.5\tIf memories\n\\\t100\t200\n"),
        ("a.tsv", "start\tend\ttext\n1.0\t2.5\tIf memories\n"),
        ("a.csv", "begin;duration;annotation\n0:00:01;1,5;If memories\n"),
        ("a.csv", "time,value,duration,label\n1.0,0.0,1.5,If memories\n"),
        ("a.csv", "start,end,row,label,color,comments\n1,2.5,words,If memories,#112233,\n"),
    ],
)
def test_subtitles_and_tables_are_read_as_rows(tmp_path, name, content):
    (row,) = rows_of(read(tmp_path, name, content))
    assert (row.start_s, row.end_s, row.text) == (1.0, 2.5, "If memories")


TIME = {"type": "FragmentSelector", "value": "t=1,2.5"}
ANNOTATION = {
    "type": "Annotation",
    "body": {"type": "TextualBody", "value": "If memories"},
    "target": "https://example.org/film#t=1,2.5",
}


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/film#t=1,2.5",
        "https://example.org/film#xywh=1,2,3,4&t=npt:1.0,2.5",
        "https://example.org/film#t=0:00:01,0:00:02.5",
        {"id": "https://example.org/film#t=1,2.5"},
        {"source": "https://example.org/film", "selector": {"value": "t=1,2.5"}},
        {"source": "x", "selector": [{"type": "FragmentSelector", "value": "t=1%2C2.5"}]},
        ["https://example.org/film#t=1,2.5"],
        {"source": {"id": "c"}, "selector": [{"type": "CssSelector", "value": "a"}, TIME]},
    ],
)
def test_a_fragment_of_time_is_found_in_any_target(tmp_path, target):
    page = {"type": "AnnotationPage", "label": {"en": ["mine"]}, "items": [ANNOTATION]}
    page["items"] = [ANNOTATION | {"target": target}]
    for document in (page, page["items"], page["items"][0], {"items": [{"annotations": [page]}]}):
        (row,) = rows_of(read(tmp_path, "a.json", document))
        assert (row.start_s, row.end_s, row.text) == (1.0, 2.5, "If memories")


def test_a_point_of_time_and_words_alone_are_read(tmp_path):
    target = {"source": "c", "selector": {"type": "PointSelector", "t": 12.5}}
    (row,) = rows_of(read(tmp_path, "a.json", ANNOTATION | {"target": target}))
    assert (row.start_s, row.end_s) == (12.5, 12.5)
    found = read(tmp_path, "b.json", [{"word": "If", "start": 1.0, "end": 1.2}, {"word": "lost"}])
    assert (found.about, found.n_unread, rows_of(found)[0].text) == ("words", 1, "If")


HOSTILE = {
    "deep.json": b"[" * 100_000,
    "deeper.json": b'{"items":' * 50_000 + b"1" + b"}" * 50_000,
    "digits.json": b'{"segments":[{"start":' + b"9" * 10_000 + b',"end":1}]}',
    "empty.json": b"",
    "number.json": b"3",
    "null.json": b'{"segments":[null,1,"a",[]]}',
    "lost.json": b'{"segments":[{"start":NaN,"end":Infinity,"text":"a"}]}',
    "empty.tsv": b"",
    "header.tsv": b"start\tend\ttext\n",
    "names.tsv": b"a\tb\tc\n1\t2\t3\n",
    "negative.txt": b"-3\t-1\ta\n",
    "backwards.txt": b"3\t1\ta\n",
    "nan.csv": b"start,end,text\nnan,inf,a\n",
    "quote.csv": b'start,end,text\n1,2,"' + b"a" * 200_000,
    "zeros.txt": bytes(4000),
    "noise.srt": bytes(range(256)) * 40,
    "empty.rttm": b"",
    "bomb.eaf": b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>',
    "outside.eaf": b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    "deep.eaf": b"<a>" * 100_000,
    "broken.TextGrid": b'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0 1 <exists> 99',
    "film.docx": b"PK",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_one_message(tmp_path, name):
    with pytest.raises(StudyError) as caught:
        read(tmp_path, name, HOSTILE[name])
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("name", ["a.txt", "a.tsv", "a.rttm", "a.json"])
def test_a_file_of_a_million_rows_is_refused_before_it_is_read(tmp_path, name, monkeypatch):
    monkeypatch.setattr("ostinato.speech.annotations.foreign.foreign_rows.MOST_ROWS", 100)
    monkeypatch.setattr("ostinato.speech.annotations.foreign.foreign_tables.MOST_ROWS", 100)
    rows = {
        "a.txt": "1\t2\ta\n" * 200,
        "a.tsv": "start\tend\ttext\n" + "1\t2\ta\n" * 200,
        "a.rttm": "SPEAKER film 1 1.0 1.0 <NA> <NA> A <NA> <NA>\n" * 200,
        "a.json": {"segments": [{"start": 1, "end": 2, "text": "a"}] * 200},
    }
    with pytest.raises(StudyError, match="it has more than 100 rows"):
        read(tmp_path, name, rows[name])


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.lists(cells, max_size=5), max_size=6), st.sampled_from(["\t", ",", ";"]))
def test_no_table_makes_a_reader_fail(tmp_path_factory, rows, mark):
    path = tmp_path_factory.mktemp("table") / "a.csv"
    lines = [["start", "end", "text"], *rows]
    path.write_text("\n".join(mark.join(row) for row in lines), encoding="utf-8")
    with contextlib.suppress(StudyError):
        assert read_foreign(path).n_rows
