"""The table of the docs is made of the formats, and of what the tests open their files with."""

from pathlib import Path

from tests.export.oracles import CHECKED

from ostinato.export import EXPORTS, LAYER_TITLES

DOC = Path(__file__).parents[2] / "docs" / "export.md"


def table():
    """Return the table of formats as the docs have it."""
    lines = [
        "| `--to` | opens in | files | times | changed | comes back | checked with |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in EXPORTS.values():
        cells = (
            f"`{one.name}`",
            one.readers,
            one.files,
            one.resolution,
            one.changed.replace("|", "\\|"),
            "yes" if one.comes_back else "no",
            CHECKED[one.name][0],
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def test_the_docs_list_every_format_and_what_it_was_checked_with():
    assert table() in DOC.read_text(encoding="utf-8")


def test_the_docs_name_every_layer():
    text = DOC.read_text(encoding="utf-8")
    assert [title for title in LAYER_TITLES if f"`{title}`" not in text] == []
