"""Texts made to be slow are read in a time that grows with their length, or refused by a cap."""

import time

import pytest

from ostinato.errors import OstinatoError
from ostinato.speech import read_label_reading
from ostinato.speech.annotations.subtitles.screen import Fragment, fragments_of
from ostinato.speech.annotations.subtitles.subtitle_file import read_subtitle_file
from ostinato.speech.speech_parameters import SpeechParameters
from ostinato.study import read_scenes, read_study

MOST_CPU_S = 20.0  # each would take minutes to days where the cost grew with the square


def cue(text):
    return f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n\n2\n00:00:05,000 --> 00:00:06,000\nHello.\n"


def ttml(text):
    return f'<tt xmlns="http://www.w3.org/ns/ttml"><body><div>{text}</div></body></tt>'


def ass(text):
    return (
        "[Script Info]\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        f"Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{text}\n"
    )


SUBTITLES = {
    "italics that are not closed": cue("<i>" * 40_000 + "x"),
    "italics within italics": cue("<i>" * 40_000 + "x" + "</i>" * 40_000),
    "open brackets": cue("[" * 40_000),
    "tags and open brackets": cue("(a)" * 20_000 + "[" * 20_000),
    "open angles": cue("<" * 80_000),
    "blanks": cue(" " * 400_000 + "x"),
    "names": cue("A: " * 60_000),
    "marks of a name": cue("!" * 200_000 + " V.O."),
    "entities": cue("&#" + "1" * 50_000 + ";" + "&" * 200_000),
    "one line of megabytes": cue("a" * 5_000_000),
    "thousands of lines": cue("- a\n" * 60_000),
    "times of many digits": "1\n" + "9" * 5000 + ":00:01,000 --> 00:00:02,000\nx\n\n" + cue("x"),
    "vtt voices": "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<v " * 60_000 + "\n",
    "ass overrides": ass("{\\i1}" * 60_000 + "x"),
    "ass braces": ass("{" * 100_000),
    "an ass style": ass("x").replace("Default", "!" * 100_000),
    "deep ttml": ttml(
        '<p begin="1s" end="2s">' + "<span>" * 9000 + "x" + "</span>" * 9000 + "</p>"
    ),
    "open ttml": "<tt>" + '<p begin="1s">' * 60_000,
    "ttml attributes": "<tt " + " ".join(f'a{i}="x"' for i in range(60_000)) + "/>",
    "sami": "<SAMI><BODY>" + "<SYNC Start=1000><P>" * 60_000 + "x",
    "sami without marks": "<SAMI>" + "<" * 100_000,
    "sami of many digits": f"<SAMI><BODY><SYNC Start={'9' * 5000}><P>x",
    "frames of many digits": "{" + "9" * 5000 + "}{25}x\n{1}{2}y|" + "{y:i}" * 30_000,
}
GRID = (
    'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n40\n<exists>\n1\n'
    '"IntervalTier"\n"n"\n0\n40\n'
)
COLUMNS = "start_s\tend_s\tkind\n"
LABELS = {
    "an open quote.TextGrid": GRID + '1\n0\n40\n"' + "x" * 3_000_000,
    "quotes.TextGrid": GRID + '1\n0\n40\n"' + '"' * 3_000_000,
    "blanks.TextGrid": GRID + " \n" * 1_000_000,
    "intervals that are not there.TextGrid": GRID + "999999999\n0\n1\n",
    "digits.TextGrid": GRID + "9" * 5000 + "\n0\n1\n",
    "deep.eaf": "<ANNOTATION_DOCUMENT>" + "<a>" * 100_000,
    "digits.tsv": COLUMNS + f"1\t{'9' * 5000}\tnarration\n",
    "rows.tsv": COLUMNS + "1\t2\tnarration\n" * 30_000,
    "quotes.tsv": COLUMNS + '"' * 400_001 + "\t2\tnarration\n",
    "columns.tsv": "\t".join(["start_s", "end_s", "kind"] + ["x"] * 50_000) + "\n1\t2\tdialogue\n",
    "semicolons.csv": ";" * 100_000,
    "json.txt": '{"a":' * 100_000,
}
STUDIES = {
    "nested arrays": "a = " + "[" * 50_000,
    "nested tables": "a = " + "{a=" * 50_000,
    "a deep key": ".".join("a" * 50_000) + " = 1\n",
    "an error in a long line": "<tt " + " ".join(f'a{i}="x"' for i in range(60_000)),
    "a number": "[film]\npath = 'f'\nstream = " + "9" * 900_000,
    "songs": "[film]\npath = 'f'\n"
    + "".join(f"[[songs]]\ntitle = '{i}'\npath = 's'\n" for i in range(20_000)),
}


def check_cost(path, text, read):
    path.write_text(text, encoding="utf-8")
    start_s = time.process_time()
    try:
        read(path)
    except OstinatoError as error:
        assert len(str(error)) < 2000  # noqa: PT017 - whether it is refused is not the question
    assert time.process_time() - start_s < MOST_CPU_S


@pytest.mark.parametrize("name", SUBTITLES)
def test_subtitles_cost_what_their_length_does(tmp_path, name):
    parameters = SpeechParameters()
    check_cost(
        tmp_path / "s.srt",
        SUBTITLES[name],
        lambda path: read_subtitle_file(path, parameters=parameters),
    )


@pytest.mark.parametrize("name", LABELS)
def test_labels_cost_what_their_length_does(tmp_path, name):
    check_cost(tmp_path / name, LABELS[name], lambda path: read_label_reading(path, film_name="f"))


@pytest.mark.parametrize("name", STUDIES)
def test_studies_cost_what_their_length_does(tmp_path, name):
    check_cost(tmp_path / "study.toml", STUDIES[name], read_study)


def test_scenes_cost_what_their_length_does(tmp_path):
    rows = "".join(f"s{i}\t{i}\t{i + 1}\n" for i in range(60_000))
    check_cost(tmp_path / "scenes.tsv", "name\tstart\tend\n" + rows, read_scenes)


def test_of_a_cue_that_fills_no_screen_the_beginning_is_read(tmp_path):
    (tmp_path / "s.srt").write_text(cue("word " * 2000 + "<i>a</i>" * 9000), encoding="utf-8")
    read = read_subtitle_file(tmp_path / "s.srt", parameters=SpeechParameters())
    assert (read.n_cues, read.n_italic, read.n_skipped) == (2, 0, 0)


def test_markup_without_end_leaves_no_fragments():
    assert fragments_of("<b>" * 100_000 + "word" + "</b>" * 100_000) == (
        Fragment(text="word", is_italic=False),
    )
