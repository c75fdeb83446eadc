"""Label files as programs write them in the field: read as they mean them, or refused by row."""

import codecs
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.examples import a_feature_film

from ostinato.errors import StudyError
from ostinato.export import Labelled, write_labels
from ostinato.speech import read_label_file, read_labels
from ostinato.speech.annotations import elan

FILM = a_feature_film()


@pytest.fixture
def read(tmp_path):
    def written(content, name="labels.tsv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_label_file(path, **options)

    return written


def said(reading):
    return [(row.interval.start_s, row.interval.end_s, row.word) for row in reading.rows]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("75:30\t75:40\tnarration\n", (4530.0, 4540.0)),
        ("1,5\t2,5\tnarration\n", (1.5, 2.5)),
        ("0:00:01,25\t0:00:02\tnarration\n", (1.25, 2.0)),
        ("2e-05\t1.5e+00\tnarration\n", (2e-05, 1.5)),
        ("-0.000000\t2\tnarration\n", (0.0, 2.0)),
        ("1.0 2.0 narration\n", (1.0, 2.0)),
        ("sep=\t\nstart\tend\tkind\n1.5\t2\tnarration\n", (1.5, 2.0)),
        ("sep=;\nstart;end;kind\n1,5;2;narration\n", (1.5, 2.0)),
        ("Start (ms),End (ms),Kind\n1500,2500,narration\n", (1.5, 2.5)),
        ("start_ms\tend_ms\tlabel\n1500\t2500\tnarration\n", (1.5, 2.5)),
        ("start [min],end [min],kind\n1.5,2,narration\n", (90.0, 120.0)),
        ("Behavior,Start (s),Stop (s)\nnarration,1.0,2.0\n", (1.0, 2.0)),
        ("Anfang;Ende;Art\n1,0;2,0;narration\n", (1.0, 2.0)),
        ("start\tend\ttype\n1\t2\tnarration\n", (1.0, 2.0)),
        ("start\tend\tkind\n1\t2\tnarration # I am sure\n", (1.0, 2.0)),
        ("\u202a1\u202c\t2\u200b\tnarration\n", (1.0, 2.0)),
        ('1\t2\t"narration"\n', (1.0, 2.0)),
    ],
)
def test_a_table_is_read_as_it_is_meant(read, table, expected):
    ((start_s, end_s, word),) = said(read(table))
    assert (start_s, end_s) == pytest.approx(expected)
    assert word.startswith("narration")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            "start\tend\tkind\n0:00:01:12\t0:00:02:05\tnarration\n",
            r"row 2, .*counts frames.*0\.48|\.48",
        ),
        ("start;end;kind\n1.234,5;1.240,0;narration\n", r"row 2, time '1\.234,5'"),
        (
            "start;end;kind\n987,5;1000;narration\n1.234;1.240;dialogue\n",
            r"rows 2 and 3: .*thousand",
        ),
        (
            "start,end,kind\n1,5,2,5,narration\n",
            r"row 2: it has 5 cells below 3 columns\. Write dec",
        ),
        ("start\tend\tkind\n0:59\t1:60\tnarration\n", "row 2, time '1:60': it is no timecode"),
        ("start\tend\tkind\n1:75:00\t1:76:00\tnarration\n", "row 2, time '1:75:00'"),
        ("\u22121\t2\tnarration\n", "row 1: it begins 1 s before the film"),
        ("In (frames),Out (frames),kind\n24,48,narration\n", "row 2, .*counts frames or samples"),
        ("start (ms)\tend (ms)\tkind\n0:01\t0:02\tnarration\n", "row 2, .*its column counts ms"),
        ("start\tend\ttext\n0\t1000\tx\n", "row 1: its columns are start, end, text"),
        ("start\tend\ta\tb\n0\t1\tnone\tnarration\n", "kinds stand in the columns a and b"),
        ('{"segments":[{"start":0,"end":1,"text":"x"}]}', "it is no table: it begins with '{"),
        ("<html><table></table></html>", "it is no table: it begins with '<html>"),
        ("1\n00:00:01,000 --> 00:00:02,000\nnone\n", "it is no table"),
        ('start,end,kind\n1,2,"narration\n', "row 2: it cannot be split into cells"),
        ("1\t2\tnarration\n3\t99999999\tdialogue\n", "row 2: it ends after 1e.08 s|row 2"),
    ],
)
def test_a_table_that_could_mean_something_else_is_refused_by_row(read, table, message):
    with pytest.raises(StudyError, match=message):
        read(table)


def test_point_labels_and_slivers_are_skipped_and_counted(read):
    reading = read("1\t1\tdialogue\n2\t2.001\tdialogue\n3\t4\tnarration\n5.0001\t5\tnone\n")
    assert said(reading) == [(3.0, 4.0, "narration")]
    assert (reading.n_skipped, "point labels and slivers skipped: 3" in str(reading)) == (3, True)


def test_labels_that_lap_over_by_a_sliver_are_parted_there(tmp_path):
    (tmp_path / "a.txt").write_text("1\t2.004\tnarration\n2\t3\tdialogue\n")
    one, other = (label.interval for label in read_labels(tmp_path / "a.txt"))
    assert one.end_s == other.start_s == pytest.approx(2.004)


def test_rows_that_wait_for_a_kind_are_no_labels(tmp_path):
    (tmp_path / "a.txt").write_text("1\t2\t?\n3\t4\tnarration\n5\t6\n")
    assert [label.kind for label in read_labels(tmp_path / "a.txt")] == ["narration"]
    assert "2 of 3 rows have no kind yet" in str(read_label_file(tmp_path / "a.txt"))


HEADER = "Tier\tParticipant\tBegin Time - {0}\tEnd Time - {0}\tDuration - {0}\tAnnotation\n"


@pytest.mark.parametrize(
    ("form", "times"),
    [
        ("hh:mm:ss.ms", "00:00:01.000\t00:00:02.500\t00:00:01.500"),
        ("ss.msec", "1.000\t2.500\t1.500"),
        ("msec", "1000\t2500\t1500"),
    ],
)
@pytest.mark.parametrize("has_header", [True, False])
def test_an_export_of_elan_is_read_in_each_format_of_time(read, form, times, has_header):
    rows = [
        f"kind\tBrigitte\t{times}\tnarration\n",
        f"words\tBrigitte\t{times}\tIf memories could be canned\n",
    ]
    reading = read((HEADER.format(form) if has_header else "") + "".join(rows), "export.txt")
    assert said(reading) == [(1.0, 2.5, "narration")]
    assert (reading.tiers_read, reading.tiers_left) == (("kind",), ("words",))


def test_an_export_of_elan_without_header_in_three_formats_is_read(read):
    begin, end, length = (
        "00:00:01.000\t1.000\t1000",
        "00:00:02.500\t2.500\t2500",
        "00:00:01.500\t1.500\t1500",
    )
    reading = read(f"kind\t\t{begin}\t{end}\t{length}\tnarration\n", "export.txt")
    assert said(reading) == [(1.0, 2.5, "narration")]


def test_an_export_of_elan_with_a_column_for_each_tier_is_read(read):
    table = (
        '"#file:///film.eaf"\n'
        "Begin Time - ss.msec\tEnd Time - ss.msec\tDuration - ss.msec\tkind\twords\n"
        "1.000\t2.500\t1.500\tnarration\tIf memories\n3.000\t4.000\t1.000\t\tcould be canned\n"
    )
    reading = read(table, "export.txt")
    assert said(reading) == [(1.0, 2.5, "narration")]
    assert reading.tiers_left == ("words",)


@pytest.mark.parametrize(
    "names",
    [
        ("Niveau", "Intervenant", "Temps de début", "Temps de fin", "Durée", "Contenu"),
        ("层", "参与者", "开始时间", "结束时间", "时长", "标注"),
    ],
)
@pytest.mark.parametrize("form", ["hh:mm:ss.ms", "时:分:秒.毫秒"])
def test_an_export_of_elan_in_another_language_is_read_by_its_times(read, names, form):
    tier, who, begin, end, length, word = names
    header = f"{tier}\t{who}\t{begin} - {form}\t{end} - {form}\t{length} - {form}\t{word}\n"
    times = "00:00:01.000\t00:00:02.500\t00:00:01.500"
    rows = f"kind\tBrigitte\t{times}\tnarration\nwords\tBrigitte\t{times}\tIf memories\n"
    reading = read(header + rows, "export.txt")
    assert said(reading) == [(1.0, 2.5, "narration")]
    assert reading.tiers_left == ("words",)
    header = f"{begin} - {form}\t{end} - {form}\tkind\twords\n"
    reading = read(header + "00:00:01.000\t00:00:02.500\tnarration\t\n", "export.txt")
    assert said(reading) == [(1.0, 2.5, "narration")]


EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-06T00:00:00Z" FORMAT="3.0" VERSION="3.0">
<HEADER TIME_UNITS="milliseconds">{media}</HEADER><TIME_ORDER>{slots}</TIME_ORDER>{tiers}
</ANNOTATION_DOCUMENT>"""


def eaf(times_ms, *tiers, media=""):
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="ts{i}"{"" if ms is None else f" TIME_VALUE={ms!r}"}/>'.replace(
            f"={ms!r}", f'="{ms}"'
        )
        for i, ms in enumerate(times_ms, start=1)
    )
    return EAF.format(media=media, slots=slots, tiers="".join(tiers))


def tier(name, *annotations, parent=None):
    of = "" if parent is None else f' PARENT_REF="{parent}"'
    own = "".join(f"<ANNOTATION>{one}</ANNOTATION>" for one in annotations)
    return f'<TIER TIER_ID="{name}" LINGUISTIC_TYPE_REF="t"{of}>{own}</TIER>'


def aligned(name, start, end, word):
    return (
        f'<ALIGNABLE_ANNOTATION ANNOTATION_ID="{name}" TIME_SLOT_REF1="ts{start}" '
        f'TIME_SLOT_REF2="ts{end}"><ANNOTATION_VALUE>{word}</ANNOTATION_VALUE>'
        "</ALIGNABLE_ANNOTATION>"
    )


def referring(name, to, word, previous=None):
    after = "" if previous is None else f' PREVIOUS_ANNOTATION="{previous}"'
    return (
        f'<REF_ANNOTATION ANNOTATION_ID="{name}" ANNOTATION_REF="{to}"{after}>'
        f"<ANNOTATION_VALUE>{word}</ANNOTATION_VALUE></REF_ANNOTATION>"
    )


def test_annotations_with_one_identifier_keep_their_own_times(read):
    document = eaf(
        (1000, 2000, 3000, 4500, 6000, 7000),
        tier("words", aligned("a1", 1, 2, "one"), aligned("a2", 3, 4, "two")),
        tier("kind", referring("b1", "a1", "narration"), parent="words"),
        tier("kind@2", aligned("a1", 3, 4, "dialogue"), aligned("a1", 5, 6, "none")),
    )
    assert said(read(document, "film.eaf")) == [
        (1.0, 2.0, "narration"),
        (3.0, 4.5, "dialogue"),
        (6.0, 7.0, "none"),
    ]


def test_annotations_without_times_share_the_time_between_those_that_have_them(read):
    document = eaf(
        (1000, None, None, 4000),
        tier(
            "kind",
            aligned("a1", 1, 2, "narration"),
            aligned("a2", 2, 3, "dialogue"),
            aligned("a3", 3, 4, "none"),
        ),
    )
    assert said(read(document, "film.eaf")) == [
        (1.0, 2.0, "narration"),
        (2.0, 3.0, "dialogue"),
        (3.0, 4.0, "none"),
    ]


def test_parts_of_an_annotation_share_its_time_in_their_order(read):
    document = eaf(
        (1000, 4000),
        tier("words", aligned("a1", 1, 2, "x")),
        tier(
            "kind",
            referring("b2", "a1", "none", previous="b1"),
            referring("b1", "a1", "narration"),
            parent="words",
        ),
    )
    assert sorted(said(read(document, "film.eaf"))) == [
        (1.0, 2.5, "narration"),
        (2.5, 4.0, "none"),
    ]


def test_tiers_may_refer_to_each_other_in_a_circle_and_are_named(read):
    document = eaf(
        (1000, 2000),
        tier("kind", referring("b1", "c1", "narration"), parent="x"),
        tier("x", referring("c1", "b1", "none"), parent="kind"),
    )
    with pytest.raises(StudyError, match="annotation b1: it has no time of its own in tier kind"):
        read(document, "film.eaf")


def test_annotations_without_a_time_are_counted(read):
    lost = [aligned(f"a{i}", 3, 4, "narration") for i in range(2, 5)]
    document = eaf((1000, 2000), tier("kind", aligned("a1", 1, 2, "narration"), *lost))
    with pytest.raises(StudyError, match=r"annotation a2: it has no time .*; nor have 2 more"):
        read(document, "film.eaf")


def test_an_elan_file_is_parsed_once_until_it_changes(read, monkeypatch):
    parse, n_parsed = elan.ET.parse, []
    monkeypatch.setattr(elan.ET, "parse", lambda *a, **k: n_parsed.append(1) or parse(*a, **k))
    for word in ("narration", "narration", "dialogue"):
        document = eaf((7000, 8000), tier("kind", aligned("once", 1, 2, word)))
        assert said(read(document, "film.eaf")) == [(7.0, 8.0, word)]
    assert len(n_parsed) == 2


def medium(name, origin_ms):
    return f'<MEDIA_DESCRIPTOR MEDIA_URL="file:///a/{name}" TIME_ORIGIN="{origin_ms}"/>'


def test_the_time_origin_of_the_film_is_added(read):
    one = tier("kind", aligned("a1", 1, 2, "narration"))
    media = medium("sound.wav", 0) + medium("film.mkv", 5000)
    reading = read(eaf((1000, 2000), one, media=media), "a.eaf", film_name="film.mkv")
    assert said(reading) == [(6.0, 7.0, "narration")]
    assert "5 s added, the time origin of film.mkv" in str(reading)
    with pytest.raises(StudyError, match=r"different origins \(sound.wav at 0 s, film.mkv at 5"):
        read(eaf((1000, 2000), one, media=media), "a.eaf", film_name="other.mp4")


def test_a_tier_that_is_called_as_narration_is_holds_narration(read):
    document = eaf(
        (1000, 2000),
        tier("VO", aligned("a1", 1, 2, "If memories could be canned")),
        tier("gloss", aligned("a2", 1, 2, "cans")),
    )
    reading = read(document, "film.eaf")
    (label,) = reading.rows
    assert (label.kind, reading.tiers_read, reading.tiers_left) == (
        "narration",
        ("VO",),
        ("gloss",),
    )


def test_a_time_of_hundreds_of_digits_is_no_time(read):
    one = tier("kind", aligned("a1", 1, 2, "narration"))
    with pytest.raises(StudyError, match=r"time slot ts1: '1000.*…' is no number of milliseconds"):
        read(eaf(("1" + "0" * 400, 2000), one), "film.eaf")


GRID = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0 10 <exists> {n}\n{tiers}'


def test_points_of_praat_are_skipped_and_texts_in_quotes_are_read(read):
    kinds = '"IntervalTier" "kind" 0 10 2\n0 1 "narration" 1 2 ""\n'
    points = '"TextTier" "dialogue" 0 10 1\n5 "here"\n'
    words = '"IntervalTier" "words" 0 10 1\n0 1 "he said ""none"" ! twice"\n'
    reading = read(GRID.format(n=3, tiers=kinds + points + words), "film.TextGrid")
    assert said(reading) == [(0.0, 1.0, "narration")]
    assert (reading.n_skipped, reading.tiers_left) == (1, ("words",))


def test_praats_chronological_form_is_read(read):
    text = (
        '"Praat chronological TextGrid text file"\n0 10   ! Time domain.\n2   ! Number of tiers.\n'
        '"IntervalTier" "kind" 0 10\n"TextTier" "clicks" 0 10\n\n'
        '1 0 1.5\n"narration"\n2 1\n"x"\n1 1.5 10\n""\n'
    )
    assert said(read(text.encode("utf-16"), "film.TextGrid")) == [(0.0, 1.5, "narration")]
    with pytest.raises(StudyError, match="a row is of tier 9 of 2"):
        read(text.replace("\n1 1.5", "\n9 1.5"), "film.TextGrid")


def test_a_binary_file_of_praat_is_named(read):
    with pytest.raises(StudyError, match="it is a binary file"):
        read(b"ooBinaryFile\x08TextGrid\x00\x00", "film.TextGrid")


@pytest.mark.parametrize("text", ['"a', '"' + 'a""' * 200_000, '"a""'])
def test_a_quote_that_is_never_closed_is_named(read, text):
    tiers = f'"IntervalTier" "kind" 0 10 1\n0 1 {text}'
    with pytest.raises(StudyError, match=r"line 6: a quote is not closed"):
        read(GRID.format(n=1, tiers=tiers), "film.TextGrid")


words = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    [
        '"',
        '"a"',
        'a "b" c',
        "#x",
        "=1+1",
        "a\tb\nc",
        "]]>",
        "<!--",
        "\x00\x1b[31m",
        "\u202eabc",
        "?",
    ]
)


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(10_000, 10**8), words), min_size=1),
    st.sampled_from([".tsv", ".txt", ".eaf", ".TextGrid"]),
)
def test_whatever_is_written_is_read_back_as_the_same_rows(tmp_path_factory, rows, suffix):
    labelled = [
        Labelled(start / 1e6, (start + length) / 1e6, " ".join(shown(word).split()) or "none")
        for start, length, word in rows
    ]
    labelled.append(Labelled(2e-05, 1.0, "narration"))
    path = tmp_path_factory.mktemp("labels") / f"labels{suffix}"
    write_labels(path, labelled, FILM)
    if suffix in {".tsv", ".txt"}:
        times = [
            cell for line in path.read_text().splitlines()[1:] for cell in line.split("\t")[:2]
        ]
        assert not any("e" in time for time in times)
    back = said(read_label_file(path))
    assert sorted(word for *_, word in back) == sorted(row.word for row in labelled)
    assert sorted(start for start, *_ in back) == pytest.approx(
        sorted(row.start_s for row in labelled), abs=6e-4
    )


def shown(word):
    return "".join(c if c.isprintable() else " " for c in word)


def test_a_table_of_notepad_is_read(read):
    table = "start\tend\tkind\r\n1\t2\tnarration\r\n"
    for encoding in ("utf-16", "utf-8-sig"):
        assert said(read(table.encode(encoding))) == [(1.0, 2.0, "narration")]
    little = codecs.BOM_UTF16_LE + table.encode("utf-16-le")
    assert said(read(little)) == said(read(table.encode("utf-16-le")))


def test_the_encoding_that_was_guessed_is_named_with_a_word(read):
    table = "start\tend\tkind\tnote\n1\t2\tnarration\tTěch, pět šípů\n"
    assert "read as Windows-1250: 'Těch'" in str(read(table.encode("cp1250")))
    assert "read as" not in str(read(table))


def test_every_pair_of_delimiter_and_line_end_is_read(read):
    for mark, end in itertools.product("\t;,", ["\n", "\r\n", "\r", "\r\r\n"]):
        rows = [("start", "end", "kind"), ("1", "2", "none")]
        assert said(read(end.join(mark.join(row) for row in rows))) == [(1.0, 2.0, "none")]
