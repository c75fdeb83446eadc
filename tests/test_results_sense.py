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
