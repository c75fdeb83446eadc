"""Results of a stranger are refused where they make no sense, with the path of what is wrong."""

import json

import pytest

from ostinato.errors import StudyError
from ostinato.results import decode_results, encode_results


@pytest.fixture
def changed(some_results):
    def change(path, value):
        document = json.loads(encode_results(some_results))
        *outer, last = path
        at = document
        for key in outer:
            at = at[key]
        at[last] = value
        return json.dumps(document).encode()

    return change


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            ("occurrences", 0, "id"),
            "../../X",
            r"\$\.occurrences\[0\]\.id: '\.\./\.\./X' is not made",
        ),
        (("occurrences", 0, "id"), "/X", r"\$\.occurrences\[0\]\.id"),
        (("occurrences", 1, "playing_id"), "P 1", r"\$\.occurrences\[1\]\.playing_id"),
        (("songs", 1, "id"), "S1", r"\$\.songs\[1\]\.id: 'S1' is there twice"),
        (("occurrences", 1, "id"), "O1", r"\$\.occurrences\[1\]\.id: 'O1' is there twice"),
        (("occurrences", 0, "song_id"), "S9", r"\$\.occurrences\[0\]\.song_id: there is no 'S9'"),
        (("transitions", 0, "to_id"), "O9", r"\$\.transitions\[0\]\.to_id: there is no 'O9'"),
        (("film", "duration_s"), 0.0, r"\$\.film\.duration_s: it is 0"),
        (("film", "channels"), 0, r"\$\.film\.channels"),
        (("songs", 0, "duration_s"), -1.0, r"\$\.songs\[0\]\.duration_s"),
        (("occurrences", 0, "speed"), 0.0, r"\$\.occurrences\[0\]\.speed"),
        (("occurrences", 0, "speed"), -1.0, r"\$\.occurrences\[0\]\.speed"),
        (
            ("occurrences", 0, "song_end_s"),
            -1.0,
            r"\$\.occurrences\[0\]\.song_end_s: it ends at or",
        ),
        (("occurrences", 0, "p_value"), 2.0, r"\$\.occurrences\[0\]\.p_value: 2\.0 is not between"),
        (("scenes", 0, "end_s"), 0.0, r"\$\.scenes\[0\]\.end_s: it ends at or before"),
        (("speech", 0, "p_narration"), -0.5, r"\$\.speech\[0\]\.p_narration"),
        (("speech", 0, "end_s"), 10.0, r"it ends at or before its start.*\$\.speech\[0\]"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_path(changed, path, value, message):
    with pytest.raises(StudyError, match=message):
        decode_results(changed(path, value))


VOICE = {"name": None, "first_s": 1.0, "speech_s": 1.0, "n_segments": 1, "narrates": None}


def test_a_voice_that_speaks_is_in_the_table_of_voices_if_there_is_one(some_results):
    document = json.loads(encode_results(some_results))
    document["speech"][2]["voice"] = "V2"
    assert decode_results(json.dumps(document).encode()).speech[2].voice == "V2"
    document["voices"] = [{"id": "V2", **VOICE}]
    assert decode_results(json.dumps(document).encode()).voices[0].id == "V2"
    document["voices"] = [{"id": "V1", **VOICE}]
    with pytest.raises(StudyError, match=r"\$\.speech\[2\]\.voice: there is no 'V2'"):
        decode_results(json.dumps(document).encode())


REFERENCES = (
    *((name, "song_id") for name in ("transitions", "occurrences")),
    *(("transitions", key) for key in ("from_id", "to_id")),
)


@pytest.mark.parametrize(("name", "key"), REFERENCES)
def test_what_refers_to_a_row_refers_to_one_that_is_there(changed, name, key):
    path = rf"\$\.{name}\[1\]\.{key}: there is no '{'X' * 40}'"
    with pytest.raises(StudyError, match=path):
        decode_results(changed((name, 1, key), "X" * 41))


def test_a_transition_leads_from_playings_as_well_as_from_occurrences(changed):
    assert decode_results(changed(("transitions", 0, "to_id"), "P2")).transitions[0].to_id == "P2"


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        (("film", "channels"), 1, 0),
        (("film", "sample_rate_hz"), 1, 0),
        (("film", "duration_s"), 600.0, 0.0),
        (("film", "stream"), 0, -1),
        (("songs", 0, "duration_s"), 0.001, 0.0),
        (("occurrences", 0, "speed"), 0.001, 0.0),
        (("occurrences", 0, "p_value"), 0.0, -1e-9),
        (("occurrences", 0, "p_value"), 1.0, 1.000001),
        (("occurrences", 0, "louder_share"), 1.0, 1.5),
        (("speech", 0, "p_narration"), 0.0, -0.1),
        (("ratio", 0, "share"), 1.0, 1.1),
        (("occurrences", 0, "song_end_s"), 0.001, 0.0),
        (("songs_voice", 0, "end_s"), 62.1, 62.0),
        (("scenes", 1, "end_s"), 290.1, 290.0),
        (("songs", 1, "id"), "a" * 64, "a" * 65),
        (("speech", 0, "id"), "T9", "T2"),
        (("occurrences", 0, "playing_id"), "P2", "P-2"),
    ],
)
def test_what_is_just_possible_is_read_and_what_is_just_not_is_refused(changed, path, good, bad):
    assert decode_results(changed(path, good))
    with pytest.raises(StudyError, match=rf"\.{path[-1]}: "):
        decode_results(changed(path, bad))


@pytest.mark.parametrize(("n_digits", "is_read"), [(300, True), (301, False)])
def test_a_number_has_three_hundred_digits_at_most(some_results, n_digits, is_read):
    data = encode_results(some_results)
    long = data.replace(b'"max_speed_error": 0.06', b'"x": ' + b"9" * n_digits, 1)
    if is_read:
        assert decode_results(long).run.parameters["cues"]["x"] == 10**n_digits - 1
        return
    with pytest.raises(StudyError, match=f"{'9' * 20}… is a number of 301 digits"):
        decode_results(long)


@pytest.mark.parametrize(("n_levels", "is_read"), [(16, True), (17, False)])
def test_twenty_levels_are_read_and_no_more(some_results, n_levels, is_read):
    # the lists stand in the fourth level
    nested = b'"x": ' + b"[" * n_levels + b"]" * n_levels
    data = encode_results(some_results).replace(b'"max_speed_error": 0.06', nested, 1)
    if is_read:
        assert decode_results(data)
        return
    with pytest.raises(StudyError, match="nested deeper than 20 levels"):
        decode_results(data)


def test_a_key_that_is_there_twice_is_named_with_its_path(some_results):
    data = encode_results(some_results)
    twice = data.replace(b'"name": "film.mka",', b'"name": "film.mka", "name": "x",', 1)
    with pytest.raises(StudyError, match=r"\$\.film: the key 'name' is there twice"):
        decode_results(twice)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'"duration_s": 600.0', b'"duration_s": NaN', "NaN is no number"),
        (b'"duration_s": 600.0', b'"duration_s": 1e999', r"\$\.film\.duration_s: it is too large"),
        (b'"duration_s": 600.0', b'"duration_s": ' + b"9" * 5000, "does not hold results"),
        (b'"max_speed_error": 0.06', b'"x": ' + b"[" * 9000 + b"]" * 9000, "nested deeper than 20"),
        (b'"max_speed_error": 0.06', b'"x": ' + b"[" * 30 + b"]" * 30, "nested deeper than 20"),
        (b'"schema"', b'"\xff"', "does not hold results"),
    ],
)
def test_numbers_and_nesting_are_bounded(some_results, old, new, message):
    data = encode_results(some_results).replace(old, new, 1)
    with pytest.raises(StudyError, match=message):
        decode_results(data)
