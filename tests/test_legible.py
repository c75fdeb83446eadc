import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ostinato.legible import as_text, escaped, escaped_lines, isolated, unescaped, visible

# what acts on a terminal or a reader, more often than a random text holds it
HOSTILE = (
    "\x00\x07\x1b\x7f\x9b\r\n\t\u200e\u202e\u2028\u2066\u2068\u2069\ufeff\udcff\\nx1b\u05d0='\""
)
texts = st.text(st.one_of(st.sampled_from(HOSTILE), st.characters(exclude_categories=())))


def unseen(text):
    return [c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


@given(texts)
def test_what_is_escaped_is_seen_and_comes_back(text):
    assert not [c for c in unseen(escaped(text)) if c not in "\u200c\u200d"]
    assert unescaped(escaped(text)) == text


@given(texts)
def test_a_name_is_one_line_between_isolates_that_close(name):
    shown = isolated(name)
    assert "".join(unseen(shown)).replace("\u200c", "").replace("\u200d", "") in {
        "",
        "\u2068\u2069",
    }
    assert "\n" not in shown


@given(st.lists(texts))
def test_names_among_lines_stay_as_they_are_and_all_else_is_escaped(names):
    lines = "\n".join(map(isolated, names))
    assert escaped_lines(lines) == lines


@given(texts)
def test_a_terminal_is_given_nothing_that_it_obeys(text):
    lines = escaped_lines(text)
    assert not set(unseen(lines)) - set("\n\u2068\u2069\u200c\u200d")
    assert lines.count("\u2068") == lines.count("\u2069")


def test_a_forged_line_a_colour_and_a_turned_name_are_shown_for_what_they_are():
    title = "\x1b[31mRED\x1b]0;x\x07\nostinato: all is well\u202egpj"
    assert isolated(title) == r"\x1b[31mRED\x1b]0;x\x07\nostinato: all is well\u202egpj"


def test_joiners_that_spell_stay_and_others_are_shown():
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert isolated(persian) == f"\u2068{persian}\u2069"
    assert isolated("👩\u200d👧") == "👩\u200d👧"
    assert isolated("a\u200b \u200db") == r"a\u200b \u200db"


def test_paths_of_windows_are_written_as_they_are():
    assert isolated(r"C:\new\films") == r"C:\new\films"
    assert escaped(r"C:\films") == r"C:\films"


def test_a_name_reads_the_same_where_the_system_knows_no_language():
    carried = "重慶".encode().decode("ascii", errors="surrogateescape")
    assert visible(carried) == as_text(carried) == "重慶"
    assert visible(carried + "\udcff") == r"重慶\udcff"
