# ruff: noqa: RUF001  subtitles hold what typists call ambiguous

from pathlib import Path

import pytest

from ostinato.errors import StudyError
from ostinato.speech.annotations import read_subtitle_file, read_subtitles
from ostinato.speech.annotations.encoding import read_text
from ostinato.speech.speech_parameters import SpeechParameters

CASES = Path(__file__).parents[1] / "data" / "subtitles"
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


def spaced(*texts):
    """Cues of three seconds, a quarter of a minute apart."""
    return "\n".join(
        f"{n}\n00:{n // 4:02d}:{n % 4 * 15:02d},000 --> 00:{n // 4:02d}:{n % 4 * 15 + 3:02d},000\n"
        f"{text}\n"
        for n, text in enumerate(texts)
    )


def read(tmp_path, text, **changes):
    path = tmp_path / "subtitles"
    path.write_bytes(text.encode())
    return read_subtitles(path, parameters=SpeechParameters(**changes))


def kinds(tmp_path, text, **changes):
    return [a.kind for a in read(tmp_path, text, **changes)]


def marks(tmp_path, text):
    return [a.mark for a in read(tmp_path, text)]


def bounds(tmp_path, text):
    return [(a.interval.start_s, a.interval.end_s) for a in read(tmp_path, text)]


def test_italics_are_evidence_and_decide_nothing(tmp_path):
    text = an_srt("<i>In 57 hours I will love her.</i>", "Two cans.", "Sold out.")
    assert kinds(tmp_path, text) == [None, None, None]
    assert marks(tmp_path, text) == ["italic", "plain", "plain"]


def test_italics_are_narration_where_the_study_says_so(tmp_path):
    text = an_srt("<i>In 57 hours I will love her.</i>", "Two cans.", "Sold out.")
    found = kinds(tmp_path, text, italics="narration")
    assert found == ["narration", "dialogue", "dialogue"]


def test_where_no_cue_is_marked_plain_cues_decide_nothing(tmp_path):
    assert kinds(tmp_path, an_srt("Two cans.", "Sold out.")) == [None, None]


def test_where_all_cues_are_italic_italics_say_nothing(tmp_path):
    text = an_srt("<i>Two cans.</i>", "<i>Sold out.</i>")
    assert kinds(tmp_path, text, italics="narration") == [None, None]


def test_one_stressed_word_is_no_narration(tmp_path):
    text = an_srt("I said <i>two</i> cans.", "Sold out.")
    assert kinds(tmp_path, text, italics="narration") == [None, None]


@pytest.mark.parametrize(
    "cue",
    [
        "(V.O.) Every day.",
        "COP 223 (V.O.): Every day.",
        "(V/O) Every day.",
        "(v. o.) Every day.",
        "ANNA VO: Every day.",
        ">> NARRATOR: Every day.",
        "NARR: Every day.",
        "[storyteller] Every day.",
        "[Anna's voice] Every day.",
        "(thinking) Every day.",
        "[narrating] Every day.",
        "[Anna, narrating] Every day.",
        "[female narrator] Every day.",
        "NARRATOR: Every day.",
        "NARRATOR 2: Every day.",
        "Voice-over: Every day.",
        "旁白：每天你都有機會跟別人擦身而過",
        "（畫外音）每天你都有機會跟別人擦身而過",
        "〔旁白〕每天",
        "（內心OS）每天你都有機會",
        "OS：每天你都有機會",
        "（心声）每天",
        "口白：每天",
        "（解说）每天",
        "（ナレーション）まいにち",
        "ナレーター：まいにち",
        "（モノローグ）まいにち",
        "（Ｎ）まいにち",
        "（心の声）まいにち",
        "(내레이션) 매일",
        "나레이션: 매일",
        "(VOZ EN OFF) Cada día.",
        "(narrando) Cada día.",
        "(narração) Cada dia.",
        "(NARRACION) Cada día.",
        "NARRATORE: Ogni giorno.",
        "NARRATRICE: Ogni giorno.",
        "VOCE NARRANTE: Ogni giorno.",
        "(fuori campo) Ogni giorno.",
        "(VOIX-OFF) Chaque jour.",
        "(en off) Chaque jour.",
        "ERZÄHLER: Jeden Tag.",
        "ERZAEHLER: Jeden Tag.",
        "(Off-Stimme) Jeden Tag.",
        "SPRECHER: Jeden Tag.",
        "VERTELLER: Elke dag.",
        "FORTÆLLER: Hver dag.",
        "BERÄTTARE: Varje dag.",
        "KERTOJA: Joka päivä.",
        "LEKTOR: Codziennie.",
        "VYPRAVĚČ: Každý den.",
        "VYPRAVEC: Každý den.",
        "(за кадром) Каждый день.",
        "ДИКТОР: Каждый день.",
        "(dış ses) Her gün.",
        "DIŞ SES: Her gün.",
        "ANLATICI: Her gün.",
        "راوی: هر روز",
        "الراوي: كل يوم",
        "קריין: כל יום",
    ],
)
def test_a_narrators_tag_is_narration_in_the_languages_of_the_field(tmp_path, cue):
    assert kinds(tmp_path, an_srt(cue)) == ["narration"]


@pytest.mark.parametrize(
    "cue",
    [
        "(voice over radio) Car twelve, respond.",
        "[MAN'S VOICE OVER PHONE] Hello.",
        "(over PA) All passengers.",
        "[on computer] Welcome.",
        "(over comms) Copy.",
        "[over headset] Go.",
        "[narrator on TV] The lion sleeps.",
        "(TV narrator) The lion sleeps.",
        "NARRATOR (ON TV): The lion sleeps.",
        "[voice-over on television] The lion sleeps.",
        "（電話）もしもし",
        "(по радио) Внимание.",
    ],
)
def test_a_device_is_dialogue_whatever_its_tag_says_of_a_voice(tmp_path, cue):
    assert kinds(tmp_path, an_srt(cue, "Two cans.")) == ["dialogue", None]


@pytest.mark.parametrize(
    "cue",
    [
        "(O.S.) Come in.",
        "Vo: come in.",
        "[Vo sighs] Come in.",
        "[man's voice] Come in.",
        "He was thinking: come in.",
        "The narrator lies.",
        "MARIO NARRATORE LIED",
        "Signor Narratore: come in.",
        "(N) Come in.",
    ],
)
def test_false_friends_of_a_tag_are_no_narration(tmp_path, cue):
    assert "narration" not in kinds(tmp_path, an_srt(cue, "Two cans.", "Sold out."))


def test_a_tag_holds_on_until_another_speaker_or_a_pause():
    path = CASES / "tag-carried-on.srt"
    found = [a.kind for a in read_subtitles(path, parameters=SpeechParameters())]
    assert found == ["narration"] * 3 + [None] * 2


def test_a_tag_on_a_later_line_counts_from_there():
    path = CASES / "tag-on-second-line.srt"
    found = read_subtitles(path, parameters=SpeechParameters())
    assert [a.kind for a in found] == [None, "narration", "narration", "narration"]
    assert found[1].interval.start_s == pytest.approx(2.5, abs=0.2)


def test_one_radio_makes_no_convention_of_three_hundred_cues(tmp_path):
    text = an_srt("Where to?", "(MAN'S VOICE OVER RADIO) Car twelve.", *["I do not know."] * 50)
    assert kinds(tmp_path, text) == [None, "dialogue"] + [None] * 50


def test_one_tag_leaves_the_plain_cues_open(tmp_path):
    text = spaced("(V.O.) I slept.", *["Two cans."] * 20)
    assert kinds(tmp_path, text) == ["narration"] + [None] * 20


def test_tags_that_are_set_often_make_plain_cues_dialogue(tmp_path):
    text = spaced(*["(V.O.) I slept.", "Two cans."] * 4)
    assert kinds(tmp_path, text) == ["narration", "dialogue"] * 4


def test_a_tag_that_is_set_on_each_cue_does_not_hold_on(tmp_path):
    text = an_srt(*["(V.O.) I slept."] * 4, "Two cans.")
    assert kinds(tmp_path, text) == ["narration"] * 4 + ["dialogue"]


def test_plain_cues_after_a_narrators_pause_stay_open(tmp_path):
    cues = "\n".join(
        f"{n}\n00:{minute:02d}:{second:02d},000 --> 00:{minute:02d}:{second + 2:02d},000\n{text}\n"
        for n, (minute, second, text) in enumerate(
            [(m, s, t) for m in range(4) for s, t in ((1, "NARRATOR: I slept."), (7, "And?"))]
        )
    )
    assert kinds(tmp_path, cues) == ["narration", None] * 4


@pytest.mark.parametrize("cue", ["- Two?\n- Sold out.", "– Two?\n– Sold out.", "FAYE: No."])
def test_turns_and_names_are_dialogue_whatever_else_the_file_marks(tmp_path, cue):
    found = kinds(tmp_path, an_srt(cue, "Two cans."))
    assert set(found[:-1]) == {"dialogue"}
    assert found[-1] is None


@pytest.mark.parametrize("cue", ["- Two cans.", "I say: no.", "8:30: too late."])
def test_one_dash_or_a_colon_is_no_dialogue(tmp_path, cue):
    assert kinds(tmp_path, an_srt(cue)) == [None]


def test_talk_to_oneself_is_soliloquy(tmp_path):
    assert kinds(tmp_path, an_srt("(to himself) You are thin.")) == ["soliloquy"]


@pytest.mark.parametrize(
    "cue",
    ["♪ All the leaves ♪", "<i>♪ are brown ♪</i>", "# And the sky is grey #", "[singing] La"],
)
def test_lyrics_are_nobodys_speech(tmp_path, cue):
    assert marks(tmp_path, an_srt(cue, "Two cans.")) == ["nothing", "plain"]


def test_signs_in_capitals_are_nobodys_speech(tmp_path):
    found = marks(tmp_path, an_srt("(V.O.) I slept.", "PARIS, 1943", "and slept."))
    assert found == ["narration", "nothing", "narration"]


def test_descriptions_of_sounds_are_nobodys_speech(tmp_path):
    assert kinds(tmp_path, an_srt("[door slams]", "(V.O.) I slept.")) == [None, "narration"]


def test_webvtt_voices_classes_and_names_of_cues(tmp_path):
    text = a_vtt("<v Narrator>Every day.", "<i.slow>In 57 hours</i> ", "<v Faye>Cut a <I>lime</I>.")
    assert marks(tmp_path, text) == ["narration", "italic", "plain"]


def test_ass_italics_by_tag_by_style_and_by_reset(tmp_path):
    found = marks(
        tmp_path,
        an_ass(
            ("Default", "", r"{\i1}In 57 hours I will love her.{\i0}"),
            ("Thought", "", r"In 57 hours\NI will love her."),
            ("Default", "", r"{\i1}{\r}Two cans."),
            ("Narration", "", "Every day."),
            ("Default", "Narrator", "Every day."),
            ("Default", "Faye", r"{\an8\fnArial}Two cans."),
            ("Signs", "", "PARIS"),
        ),
    )
    assert found == [
        "italic",
        "narration",
        "plain",
        "narration",
        "narration",
        "narration",
        "nothing",
    ]


def test_ass_drawings_and_comments_are_no_cues(tmp_path):
    text = an_ass(("Default", "", r"{\p1}m 0 0 l 100 0{\p0}"), ("Default", "", "Two cans."))
    assert kinds(tmp_path, text + "Comment: 0,0:00:09.00,0:00:09.90,Default,,0,0,0,,no\n") == [None]


def test_times_are_film_times_and_cues_come_in_film_order(tmp_path):
    text = (
        "1\n01:02:03,500 --> 01:02:05,000\nSecond.\n\n2\n00:00:01,000 --> 00:00:02,250\nFirst.\n\n"
        "3\n00:00:09,000 --> 00:00:09,000\nNever shown.\n"
    )
    assert bounds(tmp_path, text) == [(1.0, 2.25), (3723.5, 3725.0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1\n00:04:40 --> 00:04:41\nx\n", [(280.0, 281.0)]),
        ("1\n00:00:01.000 --> 00:00:02.000\nx\n", [(1.0, 2.0)]),
        ("1\n00:00:01:500 --> 00:00:02:500\nx\n", [(1.5, 2.5)]),
        ("1\n00 : 00 : 01 , 000 --> 00 : 00 : 02 , 000\nx\n", [(1.0, 2.0)]),
        ("1\n00:00:01,000 -> 00:00:02,000\nx\n", [(1.0, 2.0)]),
        ("1\n00:00:01,000 --> 00:00:02,000 X1:53 X2:303\nx\n", [(1.0, 2.0)]),
        ("1\r\r\n00:00:01,000 --> 00:00:02,000\r\r\nx\r\r\n", [(1.0, 2.0)]),
        ("\ufeff\ufeff1\n00:00:01,000 --> 00:00:02,000\nx\n", [(1.0, 2.0)]),
        ("1\n00:00:05,000 --> 00:00:02,000\nx\n\n2\n00:00:06,000 --> 00:00:07,000\ny\n", [(6, 7)]),
        ("1\n-00:00:01,000 --> 00:00:02,000\nx\n", [(0.0, 2.0)]),
        (
            "1\n00:00:01,000 --> 00:00:02,000\nx\n2\n00:00:03,000 --> 00:00:04,000\ny",
            [(1, 2), (3, 4)],
        ),
        ("webvtt\n\n00:01.000 --> 00:02.000\nx\n", [(1.0, 2.0)]),
        ("WEBVTT\n\n00:03.000x --> 00:04.000\ny\n\n00:05.000 --> 00:06.000\nz\n", [(5.0, 6.0)]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\nx\n", [(1.0, 2.0)]),
        ("{1}{1}25.000\n{25}{50}x\n", [(1.0, 2.0)]),
        ("[10][20]x\n", [(1.0, 2.0)]),
        ("0:00:01.000,0:00:02.000\nx\n", [(1.0, 2.0)]),
        (
            '<tt xmlns="http://www.w3.org/ns/ttml"><body><p begin="1s" dur="1s">x</p></body></tt>',
            [(1, 2)],
        ),
        ("<SAMI><BODY><SYNC Start=1000><P>x<SYNC Start=2000><P>&nbsp;</BODY></SAMI>", [(1.0, 2.0)]),
    ],
)
def test_times_are_read_as_players_read_them(tmp_path, text, expected):
    assert bounds(tmp_path, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        an_srt("&lt;i&gt;one&lt;/i&gt;", "Two cans."),
        "{1}{1}25.000\n{25}{50}{Y:i}one\n{75}{100}two\n",
        "[10][20]/one\n[30][40]two\n",
    ],
)
def test_italics_are_known_in_every_format(tmp_path, text):
    assert marks(tmp_path, text) == ["italic", "plain"]


def test_what_was_read_is_counted(tmp_path):
    path = tmp_path / "film.srt"
    path.write_text(an_srt("(V.O.) I slept.", "<i>And?</i>", "♪ La ♪") + "\nx --> 0:1:2\nbad\n")
    found = read_subtitle_file(path, parameters=SpeechParameters())
    counts = (found.n_cues, found.n_tagged, found.n_italic, found.n_unspoken)
    assert counts == (3, 1, 1, 1)


@pytest.mark.parametrize(
    "cue",
    ["<" + " " * 200_000, "(" * 200_000, "<i>" * 40_000, "&#" + "9" * 5000 + ";", "a:" * 100_000],
)
def test_long_markup_takes_no_longer_than_other_text(tmp_path, cue):
    # a pattern that tries every end from every start would not end today
    assert kinds(tmp_path, an_srt(f"Hello {cue}")) == [None]


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
        (b"Just a letter to a friend.\n", r"line 1: it is not SubRip, .*Convert it to \.srt"),
        (b"{0}{25}Two cans.\n{30}{60}Sold out.\n", "line 1: its times count frames"),
        (b"", "it is empty"),
        (b"1\n00:00:01:12 --> 00:00:02:05\nx\n", "line 2: its times count frames"),
        (b"1\nx0:00:01:12 --> 00:00:02:05\nx\n", "line 2: 'x0:00:01:12"),
        (b'{"events": [1]}', "line 1: it is not SubRip"),
        (b"[00:01.00]one\n", "line 1: it is a file of lyrics"),
        (b"<!DOCTYPE tt><tt>x</tt>", "it is not SubRip"),
        (b'<?xml version="1.0"?><!DOCTYPE tt><tt/>', "it has a document type"),
        (b"\x00\x00\x01\xba" + bytes(99), "it holds pictures of subtitles"),
        (b"WEBVTT\n", "it holds no cue"),
    ],
)
def test_a_file_that_is_no_subtitle_says_so(tmp_path, data, message):
    path = tmp_path / "subtitles.srt"
    path.write_bytes(data)
    with pytest.raises(StudyError, match=message):
        read_subtitles(path, parameters=SpeechParameters())
