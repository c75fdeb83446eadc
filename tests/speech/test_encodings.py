"""Text in the encodings that came before Unicode is read as it was written."""

import pytest

from ostinato.errors import StudyError
from ostinato.speech import read_written
from ostinato.speech.annotations.encoding import read_text

SENTENCES = {
    "French": ("Où êtes-vous allée ? Il a été là-bas, garçon, à bientôt.", ["cp1252"]),
    "German": ("Über die Straße läuft ein größerer Hund, daß du da bist.", ["cp1252", "cp850"]),
    "Spanish": ("¿Qué pasó mañana? El niño comió más allá. ¡Adiós!", ["cp1252", "mac_roman"]),
    "Italian": ("Perché è così? La città non può più. Là, è già tardi.", ["cp1252"]),
    "Icelandic": ("Það er ekki þú, maðurinn sem býr hér í bænum.", ["cp1252"]),
    "Czech": ("Příliš žluťoučký kůň úpěl ďábelské ódy. Těch je více.", ["cp1250", "iso8859_2"]),
    "Polish": ("Zażółć gęślą jaźń. Myślę, że już są w domu.", ["cp1250", "iso8859_2"]),
    "Hungarian": ("Árvíztűrő tükörfúrógép, jó éjszakát, köszönöm szépen.", ["cp1250"]),
    "Russian": (
        "Привет, как дела? Я не знаю, что тебе сказать об этом.",  # noqa: RUF001
        ["cp1251", "koi8_r", "iso8859_5", "cp866"],
    ),
    "Greek": ("Καλημέρα, τι κάνεις; Δεν ξέρω τι να σου πω για αυτό.", ["cp1253"]),  # noqa: RUF001
    "Turkish": (
        "Günaydın, nasılsın? Şimdi eve gidiyorum, çünkü yağmur yağıyor.",  # noqa: RUF001
        ["cp1254"],
    ),
    "Hebrew": ("שלום, מה שלומך? אני לא יודע מה להגיד לך על זה.", ["cp1255"]),
    "Arabic": ("مرحبا، كيف حالك؟ أنا لا أعرف ماذا أقول لك عن هذا", ["cp1256"]),
    "Lithuanian": ("Ačiū, ką tu darai? Aš nežinau, jūs žiūrite į mėnulį.", ["cp1257"]),
    "Thai": ("สวัสดีครับ คุณเป็นอย่างไรบ้าง ผมไม่รู้จะพูดอะไร", ["cp874"]),
    "Cantonese": ("你們在這裡說話的時候，我什麼都不知道。", ["big5", "big5hkscs"]),  # noqa: RUF001
    "Mandarin": ("你们在这里说话的时候，我什么都不知道。", ["gb18030", "gbk"]),  # noqa: RUF001
    "Japanese": ("私は何も知らない。彼女を待っていた、と言った。", ["cp932", "euc_jp"]),
    "Korean": ("나는 아무것도 모른다. 그녀를 기다리고 있었다고 말했다.", ["cp949", "euc_kr"]),
}
CASES = [(text, encoding) for text, encodings in SENTENCES.values() for encoding in encodings]


@pytest.mark.parametrize(("text", "encoding"), CASES, ids=lambda value: value[:12])
def test_a_sentence_is_read_in_the_encoding_in_which_it_was_written(tmp_path, text, encoding):
    path = tmp_path / "text.srt"
    content = f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n"
    path.write_bytes(content.encode(encoding))
    written = read_written(path)
    assert written.text == content
    assert written.note is not None
    assert written.note.startswith("read as ")


def test_marks_that_were_taken_for_latin_1_are_read_as_they_were_meant(tmp_path):
    (tmp_path / "a").write_bytes("It\u0092s fine".encode())
    written = read_written(tmp_path / "a")
    assert written.text == "It’s fine"  # noqa: RUF001
    assert "Windows-1252" in (written.note or "")


def test_a_file_of_two_encodings_is_read_line_by_line(tmp_path):
    lines = ["Příliš žluťoučký kůň", "úpěl ďábelské ódy", "těch je více"]
    data = [lines[0].encode(), lines[1].encode(), lines[2].encode("cp1250")]
    (tmp_path / "a").write_bytes(b"\n".join(data))
    written = read_written(tmp_path / "a")
    assert written.text.split("\n") == lines
    assert "1 of 3 lines in Windows-1250" in (written.note or "")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read(tmp_path, encoding):
    text = "1\n00:00:01,000 --> 00:00:02,000\n你們在這裡說話的時候我什麼都不知道\n" * 3
    (tmp_path / "a").write_bytes(text.encode(encoding))
    assert read_text(tmp_path / "a") == text


@pytest.mark.parametrize("damage", [b"\0", b"\xff\xfe\x81", b"\x9d\x81", b"\0\xff" * 9])
def test_damaged_subtitles_are_read(tmp_path, damage):
    text = "1\n00:00:01,000 --> 00:00:02,000\nIt is fine\n"
    (tmp_path / "a").write_bytes(text.encode() + damage)
    assert read_text(tmp_path / "a").startswith(text)


def test_a_table_that_holds_a_zero_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(b"1\t2\tnone\0\n")
    with pytest.raises(StudyError, match="it is no text in any encoding"):
        read_written(tmp_path / "a")


def test_a_name_that_no_file_can_have_is_refused(tmp_path):
    for name in ("x" * 300, "a\0b"):
        with pytest.raises(StudyError, match="it cannot be read"):
            read_written(tmp_path / name)
