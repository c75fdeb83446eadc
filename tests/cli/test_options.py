"""What people type: one message that names the word, exit status 2, and nothing begun."""

import itertools

import pytest

from ostinato.cli import main
from ostinato.cli.named_inputs import song_file


@pytest.fixture
def told(ostinato):
    """Give arguments that cannot be; return the message."""

    def ran(*arguments):
        outcome = ostinato(*arguments)
        assert (outcome.status, outcome.out, outcome.err.count("\n")) == (2, "", 1)
        assert outcome.err.startswith("ostinato: ")
        assert "_" not in outcome.err
        return outcome.err

    return ran


ANALYZE = ("analyze", "film.mkv", "--song", "A=a.flac", "--out", "r")
ALONE = {"--from": "x.tsv", "--next": "5", "--compare": "x.tsv", "--to": "x.eaf"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*ANALYZE, "--stems", "--stages", "cues"), ("--stems", "--stages cues")),
        ((*ANALYZE, "--subtitles", "s.srt", "--stages", "cues"), ("--subtitles", "--stages")),
        ((*ANALYZE, "--labels", "l.tsv", "--stages", "cues,separation"), ("--labels", "speech")),
        ((*ANALYZE, "--stages", "speech"), ("--song", "--stages speech")),
        ((*ANALYZE, "--stages", "cuse"), ("cuse", "cues, separation, speech")),
        ((*ANALYZE, "--stages", ""), ("stage ''", "cues, separation, speech")),
        ((*ANALYZE, "--stages", " , "), ("stage ''", "cues, separation, speech")),
        ((*ANALYZE, "--out", "again"), ("--out", "given twice")),
        ((*ANALYZE, "--edition", "a", "--edition=b"), ("--edition", "given twice")),
        (
            (*ANALYZE, "--stages", "cues", "--subtitle-shift", "0"),
            ("--subtitle-shift", "--stages cues"),
        ),
        ((*ANALYZE, "--subtitle-shift", "1"), ("--subtitle-shift", "--subtitles")),
        ((*ANALYZE, "--subtitle-speed", "25/24"), ("--subtitle-speed", "--subtitles")),
        ((*ANALYZE, "--italics", "narration"), ("--italics", "--subtitles")),
        ((*ANALYZE, "--speech-stem-by", "Bandit"), ("--speech-stem-by", "--speech-stem,")),
        (
            (*ANALYZE, "--stages", "cues", "--speech-stem", "s.wav"),
            ("--speech-stem", "--stages cues"),
        ),
        ((*ANALYZE, "--channel", "left", "--stream", "0+1"), ("--channel", "--stream 0+1")),
        (
            ("discover", "f", "--out", "r", "--channel", "left", "--stream", "1+2"),
            ("--channel", "--stream 1+2"),
        ),
        (("analyze", "study.toml", "--out", "r"), ("study.toml", "--study study.toml")),
        (("label", "r", "--width", "0.1"), ("--width", "--from")),
        (("label", "r", "-n5", "-n", "6"), ("-n", "given twice")),
        (("doctor", "film.mkv", "--clear-cache"), ("--clear-cache",)),
        (("doctor", "--cache", "c"), ("--cache", "--clear-cache")),
        (("discover", "f", "--out", "r", "--promote", "D1=a", "--promote", "D1=b"), ("D1=b",)),
        (("discover", "f", "--out", "r", "--promote", "D1=a", "--promote", "D2=a"), ("D2=a",)),
        *((("label", "r", "-n", "5", name, value), ("-n", name)) for name, value in ALONE.items()),
        *(
            (("label", "r", "--width", "0.1", name, value), ("--width", name))
            for name, value in ALONE.items()
            if name != "--from"
        ),
        *(
            (("label", "r", one, ALONE[one], other, ALONE[other]), (one, other))
            for one, other in itertools.combinations(ALONE, 2)
        ),
    ],
)
def test_options_without_an_effect_together_are_refused_by_name(told, arguments, words):
    message = told(*arguments)
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("analize", "f"), "Did you mean analyze?"),
        (("anaylse",), "Did you mean analyze?"),
        (("doktor",), "Did you mean doctor?"),
        (("xyzzy",), "--help` lists the commands"),
        (("analyze", "f", "--otu", "r"), "Did you mean --out?"),
        (("analyze", "f", "--subtitle", "s.srt", "--out", "r"), "Did you mean --subtitles?"),
        (("analyze", "f", "--edit", "x", "--out", "r"), "it has no option --edit"),
        (("analyze", "f", "--song", "California", "Dreamin=s.flac", "--out", "r"), "quotes"),
        (("analyze", "--song", "Two", "Words=s.flac", "f.mkv", "--out", "r"), "quotes"),
        (("analyze", "f", "--out", "r", "--", "--song", "x"), "before --"),
        (("analyze", "f", "--song", "-x=a", "--out", "r"), "--song=VALUE"),
        (("analyze", "f", "--out", ""), "argument --out: it is empty"),
        (("analyze", "f", "--out", "  "), "argument --out: it is empty"),
        (("analyze", "f", "--out", "a\0b"), "no name holds a NUL"),
        (("analyze", "", "--out", "r"), "argument film: it is empty"),
        (("analyze", "https://a.b/film.mkv", "--out", "r"), "download it first"),
        (("doctor", "rtsp://a.b/film"), "nothing is fetched from a network"),
        (("analyze", "file:///film.mkv", "--out", "r"), "give the path without file:"),
        (("analyze", "f", "--song", "T=https://a.b/?x=y", "--out", "r"), "Download it first"),
        (("analyze", "f", "--song", "http://a.b/s.mp3", "--out", "r"), "Download it first"),
        (("analyze", "f", "--song", "T=", "--out", "r"), 'Write --song "TITLE=FILE"'),
        (("analyze", "f", "--song", "=f", "--out", "r"), 'Write --song "TITLE=FILE"'),
        (("analyze", "f", "--song", "T=~nosuchuser/a", "--out", "r"), "Give the whole path"),
        (("analyze", "f", "--stream", "one", "--out", "r"), "'one' is neither a number nor two"),
        (("analyze", "f", "--stream", "9" * 5000, "--out", "r"), "is neither a number nor two"),
        (("excerpts", "r", "--seconds", "1e308"), "give seconds above 0, up to 600"),
        (("excerpts", "r", "--seconds", "nan"), "give seconds above 0, up to 600"),
        (("excerpts", "r", "--seconds", "ten"), "'ten' is no number"),
        (("label", "r", "--from", "x", "--width", "2"), "no share between 0 and 1"),
        (("label", "r", "-n", "1e9"), "is no whole number"),
        (("init", "n" * 300), "File name too long"),
        (("cite", "r", "--sty", "mla"), "Did you mean --style?"),
    ],
)
def test_what_is_typed_by_mistake_gets_the_mend(told, arguments, words):
    assert words in told(*arguments)


@pytest.mark.parametrize("word", ["analyse", "ANALYZE", "Analyse"])
def test_analyse_is_understood(told, word):
    assert "film.mkv: there is no such file" in told(word, *ANALYZE[1:])


@pytest.mark.parametrize(("given", "shown"), [((), "commands:"), (("help", "cite"), "--style")])
def test_help_is_shown_to_whoever_asks_nothing_else(capfd, given, shown):
    with pytest.raises(SystemExit) as left:
        main(list(given))
    assert left.value.code == 0
    assert shown in capfd.readouterr().out


@pytest.mark.parametrize(
    ("text", "title", "name"),
    [
        ("E=mc2={}/song.flac", "E=mc2", "song.flac"),
        ("Song={}/a=b.flac", "Song", "a=b.flac"),
        ("a=b={}/a=b.flac", "a=b", "a=b.flac"),
        ("{}/a=b.flac", "a=b", "a=b.flac"),
        ("{}/song.flac", "song", "song.flac"),
        ("x=y={}/missing.flac", "x=y", "missing.flac"),
    ],
)
def test_an_equals_sign_may_stand_in_a_title_and_in_a_file_name(tmp_path, text, title, name):
    for there in ("song.flac", "a=b.flac"):
        (tmp_path / there).touch()
    song = song_file(text.format(tmp_path))
    assert (song.title, song.path) == (title, tmp_path / name)


def test_bytes_that_are_no_text_are_written_out_in_a_title():
    assert song_file("\udcff=song.flac").title == r"\udcff"
