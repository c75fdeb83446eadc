# ruff: noqa: RUF001  subtitles hold what typists call ambiguous

import pytest

from ostinato.errors import StudyError
from ostinato.speech.annotations import read_subtitles
from ostinato.speech.annotations.encoding import read_text
from ostinato.speech.parameters import SpeechParameters

CHINESE = {
    "big5": "我哋之間嘅距離只有零點零一公分，五十七個鐘頭之後，我愛上了這個女人",
    "gb18030": "我们之间的距离只有零点零一公分，五十七个小时之后，我爱上了这个女人",
}


def an_srt(*texts):
    return "\n".join(
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n:02d},900\n{text}\n" for n, text in enumerate(texts, 1)
    )


def a_vtt(*texts):
    cues = (f"cue-{n}\n00:{n:02d}.000 --> 00:{n:02d}.900\n{t}\n" for n, t in enumerate(texts, 1))
    return "\n".join(["WEBVTT\n", "NOTE Narrator: made by hand\n", *cues])


ASS_HEAD = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, and so on: pysubs2 goes by the order
Style: Default,Arial,20,&H0,&H0,&H0,&H0,0,0
Style: Thought,Arial,20,&H0,&H0,&H0,&H0,0,-1
Style: Narration,Arial,20,&H0,&H0,&H0,&H0,0,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def an_ass(*rows):
    return ASS_HEAD + "".join(
        f"Dialogue: 0,0:00:{n:02d}.00,0:00:{n:02d}.90,{style},{name},0,0,0,,{text}\n"
        for n, (style, name, text) in enumerate(rows, 1)
    )


def kinds(tmp_path, text, *, encoding="utf-8"):
    path = tmp_path / "subtitles"
    path.write_bytes(text.encode(encoding))
    return [a.kind for a in read_subtitles(path, parameters=SpeechParameters())]


def test_italics_are_narration_and_then_plain_cues_are_dialogue(tmp_path):
    found = kinds(tmp_path, an_srt("<i>In 57 hours I will love her.</i>", "Two cans.", "Sold out."))
    assert found == ["narration", "dialogue", "dialogue"]


def test_where_no_cue_is_marked_plain_cues_decide_nothing(tmp_path):
    assert kinds(tmp_path, an_srt("Two cans.", "Sold out.")) == [None, None]


def test_where_all_cues_are_italic_italics_say_nothing(tmp_path):
    assert kinds(tmp_path, an_srt("<i>Two cans.</i>", "<i>Sold out.</i>")) == [None, None]


def test_one_stressed_word_is_no_narration(tmp_path):
    assert kinds(tmp_path, an_srt("I said <i>two</i> cans.", "Sold out.")) == [None, None]


def test_a_few_italics_in_a_long_film_are_no_convention(tmp_path):
    cues = ["<i>Midnight Express</i>"] + ["Two cans."] * 150
    text = "\n".join(
        f"{n}\n00:{n // 60:02d}:{n % 60:02d},000 --> 00:{n // 60:02d}:{n % 60:02d},900\n{cue}\n"
        for n, cue in enumerate(cues, 1)
    )
    assert kinds(tmp_path, text) == ["narration"] + [None] * 150


@pytest.mark.parametrize(
    "cue",
    [
        "(V.O.) Every day we brush past others.",
        "COP 223 (V.O.): Every day we brush past others.",
        "[narrating] Every day we brush past others.",
        "NARRATOR: Every day we brush past others.",
        "Voice-over: Every day we brush past others.",
        "旁白：每天你都有機會跟別人擦身而過",
        "（畫外音）每天你都有機會跟別人擦身而過",
    ],
)
def test_a_narrators_tag_is_narration(tmp_path, cue):
    assert kinds(tmp_path, an_srt(cue, "Two cans.")) == ["narration", "dialogue"]


@pytest.mark.parametrize("cue", ["- Two?\n- Sold out.", "– Two?\n– Sold out.", "FAYE: No."])
def test_turns_and_names_are_dialogue_whatever_else_the_file_marks(tmp_path, cue):
    assert kinds(tmp_path, an_srt(cue, "Two cans.")) == ["dialogue", None]


@pytest.mark.parametrize("cue", ["- Two cans.", "I say: no.", "8:30: too late."])
def test_one_dash_or_a_colon_is_no_dialogue(tmp_path, cue):
    assert kinds(tmp_path, an_srt(cue)) == [None]


@pytest.mark.parametrize(
    "cue", ["<i>(on phone) Did you call?</i>", "<i>[on TV] Rain.</i>", "<i>MAN (O.S.): You!</i>"]
)
def test_a_voice_in_the_scene_is_not_narration_though_italic(tmp_path, cue):
    found = kinds(tmp_path, an_srt(cue, "<i>In 57 hours I will love her.</i>", "Two cans."))
    assert found == ["dialogue", "narration", "dialogue"]


def test_italics_with_a_name_decide_nothing(tmp_path):
    found = kinds(tmp_path, an_srt("<i>FAYE: Now.</i>", "<i>I slept.</i>", "Two cans."))
    assert found == [None, "narration", "dialogue"]


def test_talk_to_oneself_is_soliloquy(tmp_path):
    assert kinds(tmp_path, an_srt("(to himself) You are thin.")) == ["soliloquy"]


@pytest.mark.parametrize(
    "cue", ["♪ All the leaves ♪", "<i>♪ are brown ♪</i>", "# And the sky is grey #", "[singing] La"]
)
def test_lyrics_are_nobodys_speech(tmp_path, cue):
    found = kinds(tmp_path, an_srt(cue, "<i>In 57 hours I will love her.</i>", "Two cans."))
    assert found == [None, "narration", "dialogue"]


def test_descriptions_of_sounds_are_nobodys_speech(tmp_path):
    assert kinds(tmp_path, an_srt("[door slams]", "(V.O.) I slept.")) == [None, "narration"]


def test_webvtt_voices_classes_and_names_of_cues(tmp_path):
    found = kinds(
        tmp_path,
        a_vtt("<v Narrator>Every day.", "<i.slow>In 57 hours</i> ", "Cans &amp; a <I>lime</I>."),
    )
    assert found == ["narration", "narration", "dialogue"]


def test_ass_italics_by_tag_by_style_and_by_reset(tmp_path):
    found = kinds(
        tmp_path,
        an_ass(
            ("Default", "", r"{\i1}In 57 hours I will love her.{\i0}"),
            ("Thought", "", r"In 57 hours\NI will love her."),
            ("Thought", "", r"{\i0}Two cans."),
            ("Narration", "", "Every day."),
            ("Default", "Narrator", "Every day."),
            ("Default", "Faye", r"{\an8\fnArial}Two cans."),
        ),
    )
    assert found == ["narration", "narration", "dialogue", "narration", "narration", "dialogue"]


def test_ass_drawings_and_comments_are_no_cues(tmp_path):
    text = an_ass(("Default", "", r"{\p1}m 0 0 l 100 0{\p0}"), ("Default", "", "Two cans."))
    assert kinds(tmp_path, text + "Comment: 0,0:00:09.00,0:00:09.90,Default,,0,0,0,,no\n") == [None]


def test_a_damaged_layer_is_no_matter_and_no_warning(tmp_path):
    text = an_ass(("Default", "", r"{\i1}I slept.{\i0}"), ("Default", "", "Two cans."))
    damaged = text.replace("Dialogue: 0,", "Dialogue: top,")
    assert kinds(tmp_path, damaged) == ["narration", "dialogue"]


def test_times_are_film_times_and_cues_come_in_film_order(tmp_path):
    path = tmp_path / "late.srt"
    path.write_text(
        "1\n01:02:03,500 --> 01:02:05,000\nSecond.\n\n2\n00:00:01,000 --> 00:00:02,250\nFirst.\n\n"
        "3\n00:00:09,000 --> 00:00:09,000\nNever shown.\n"
    )
    bounds = [
        (a.interval.start_s, a.interval.end_s)
        for a in read_subtitles(path, parameters=SpeechParameters())
    ]
    assert bounds == [(1.0, 2.25), (3723.5, 3725.0)]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", CHINESE["big5"]),
        ("utf-8-sig", CHINESE["gb18030"]),
        ("utf-16", CHINESE["big5"]),
        ("utf-16-le", CHINESE["big5"]),
        ("utf-16-be", CHINESE["gb18030"]),
        ("big5hkscs", CHINESE["big5"]),
        ("gb18030", CHINESE["gb18030"]),
        ("cp1252", "C’est déjà l’été… où êtes-vous, Hélène ? « Café »"),
        ("cp1251", "Каждый день мы проходим мимо других людей, и они нас не знают"),
        ("cp932", "ぼくたちはまいにちひととすれちがう。かのじょをあいするようになる"),
        ("euc_kr", "우리는 매일 다른 사람들을 스쳐 지나간다. 나는 이 여자를 사랑하게 되었다"),
    ],
)
def test_a_files_encoding_is_told_by_its_content(tmp_path, encoding, text):
    path = tmp_path / "subtitles.srt"
    path.write_bytes(an_srt(text).encode(encoding))
    assert read_text(path) == an_srt(text)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x81\xff\x00\x9d\x8f\x90" * 40, "it is not SubRip"),
        (bytes(range(256)) * 4, "it is not SubRip"),
        ("\ufeffshort".encode("utf-16-le") + b"\x00", "it is not SubRip"),
        (b"Just a letter to a friend.\n", r"it is not SubRip, WebVTT, ASS or SSA\. Convert it"),
        (b"{0}{25}Two cans.\n{30}{60}Sold out.\n", "it is not SubRip, WebVTT, ASS or SSA"),
        (b"", "it is not SubRip"),
        (b"WEBVTT\n", "it holds no cue"),
    ],
)
def test_a_file_that_is_no_subtitle_says_so(tmp_path, data, message):
    path = tmp_path / "subtitles.srt"
    path.write_bytes(data)
    with pytest.raises(StudyError, match=message):
        read_subtitles(path, parameters=SpeechParameters())
