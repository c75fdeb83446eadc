"""Labels go out to the editors in which films are annotated, and come back."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.examples import a_feature_film

from ostinato.errors import StudyError
from ostinato.export import Labelled, write_labels
from ostinato.speech import read_label_rows, read_labels

KINDS = ("narration", "dialogue", "soliloquy", "undetermined", "none")
FILM = a_feature_film()
SUFFIXES = (".tsv", ".txt", ".eaf", ".TextGrid")
stretches = st.builds(
    lambda start_ms, length_ms, word: Labelled(
        start_ms / 1000, (start_ms + length_ms) / 1000, word
    ),
    st.integers(0, 6_000_000),
    st.integers(10, 60_000),
    st.sampled_from((*KINDS, "?")),
)


def said(rows):
    return sorted((r.interval.start_s, r.interval.end_s, r.word) for r in rows)


@given(st.lists(stretches, min_size=1, max_size=12), st.sampled_from(SUFFIXES))
def test_labels_come_back_as_they_went_out(rows, suffix):
    with TemporaryDirectory() as folder:
        path = write_labels(Path(folder) / f"labels{suffix}", rows, FILM)
        back = said(read_label_rows(path))
    expected = sorted((r.start_s, r.end_s, r.word) for r in rows)
    for one, other in zip(back, expected, strict=True):
        assert one[:2] == pytest.approx(other[:2], abs=1e-6)
    assert sorted(one[2] for one in back) == sorted(one[2] for one in expected)


def test_an_editor_that_nobody_knows_is_refused(tmp_path):
    with pytest.raises(StudyError, match=r"no editor's files end in \.doc"):
        write_labels(tmp_path / "labels.doc", [Labelled(0.0, 1.0, "none")], FILM)


EAF = """<?xml version="1.0" encoding="UTF-8"?>{doctype}
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-06T00:00:00Z" FORMAT="3.0" VERSION="3.0">
<HEADER TIME_UNITS="{units}"/>
<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1500"/>
<TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="4000"/>
<TIME_SLOT TIME_SLOT_ID="ts3"/></TIME_ORDER>
<TIER TIER_ID="words" LINGUISTIC_TYPE_REF="t"><ANNOTATION>
<ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="{end}">
<ANNOTATION_VALUE>If memories could be canned</ANNOTATION_VALUE>
</ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="{tier}" LINGUISTIC_TYPE_REF="t" PARENT_REF="words"><ANNOTATION>
<REF_ANNOTATION ANNOTATION_ID="a2" ANNOTATION_REF="a1"><ANNOTATION_VALUE>{value}</ANNOTATION_VALUE>
</REF_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>"""
GOOD = {"doctype": "", "units": "milliseconds", "end": "ts2", "tier": "kind", "value": "narration"}


def eaf(tmp_path, **changes):
    path = tmp_path / "film.eaf"
    path.write_text(EAF.format(**(GOOD | changes)), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("tier", "value"),
    [
        ("kind", "Narration"),
        ("narration", "his thoughts"),
        ("Narration@Zhou", ""),
        ("x", "narration"),
    ],
)
def test_a_tier_of_elan_is_known_by_its_name_or_by_what_it_says(tmp_path, tier, value):
    (label,) = read_labels(eaf(tmp_path, tier=tier, value=value))
    assert (label.interval.start_s, label.interval.end_s, label.kind) == (1.5, 4.0, "narration")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"value": "voiceover"}, r"annotation a2: 'voiceover' is no kind"),
        ({"tier": "dialogue"}, r"annotation a2: it says narration in a tier that is called dialog"),
        ({"end": "ts3"}, r"annotation a2: it has no time of its own in tier kind"),
        ({"tier": "gloss", "value": "cans"}, r"no tier of it holds labels \(tiers: words, gloss\)"),
        ({"units": "PAL-frames"}, r"it counts in PAL-frames"),
        ({"doctype": "<!DOCTYPE a [<!ENTITY b 'c'>]>"}, r"it has a document type"),
        ({"doctype": "<"}, r"it is no XML"),
    ],
)
def test_an_elan_file_that_cannot_be_used_says_where_and_why(tmp_path, changes, message):
    with pytest.raises(StudyError, match=message):
        read_labels(eaf(tmp_path, **changes))


SHORT = """File type = "ooTextFile"
Object class = "TextGrid"

0
10
<exists>
3
"IntervalTier"
"words"
0
10
1
0
10
"he said ""none"" twice"
"TextTier"
"clicks"
0
10
1
5
"dialogue"
"IntervalTier"
"kind"
0
10
3
0
1.5
""
1.5
4
"narration"
4
10
"{word}"
"""


def test_a_short_file_of_praat_is_read(tmp_path):
    path = tmp_path / "film.TextGrid"
    path.write_text(SHORT.format(word="none"), encoding="utf-16")
    assert said(read_label_rows(path)) == [(1.5, 4.0, "narration"), (4.0, 10.0, "none")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SHORT.format(word="song"), "tier kind, interval 3: 'song' is no kind"),
        (SHORT[:-30].format(word=""), "it breaks off"),
        (SHORT.replace('"kind"', "kind"), "line 25: a text is missing before 0"),
        (SHORT.replace("TextGrid", "Pitch"), "it is no TextGrid"),
        (SHORT.replace(">\n3\n", ">\n1e400\n"), "it counts inf tiers"),
    ],
)
def test_a_file_of_praat_that_cannot_be_used_says_where_and_why(tmp_path, text, message):
    path = tmp_path / "film.TextGrid"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=message):
        read_labels(path)
