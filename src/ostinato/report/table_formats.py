"""A table written as Markdown, CSV, LaTeX or HTML, so that no cell acts on what reads it."""

import csv
import html
import io
from collections.abc import Callable, Sequence

from ostinato.legible import escaped, visible
from ostinato.report.essay_tables import EssayTable, essay_tables, times_table, with_identity
from ostinato.report.markdown import plain
from ostinato.results import Results, cell_text

_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "−": r"$-$",
    "≤": r"$\leq$",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}


def tables_alone(results: Results, *, table_format: str) -> str:
    """Write the tables of a citation and nothing else, as a file of their own.

    Parameters
    ----------
    results : Results
        What is cited.
    table_format : str
        markdown, csv, latex or html.

    Returns
    -------
    str
        The table of times alone in CSV, with whole hashes; else every table.
    """
    if table_format == "csv":
        return _csv(with_identity(results, times_table(results)))
    write = TABLE_FORMATS[table_format]
    return "\n\n".join(write(table) for table in essay_tables(results))


def markdown_table(table: EssayTable) -> str:
    """Write a table as Markdown, under its title."""
    return f"{plain(table.title)}\n\n{markdown_rows(table)}"


def markdown_rows(table: EssayTable) -> str:
    """Write a table as Markdown, without its title."""
    header, rows = _filled(table)
    lines = [header, ["---"] * len(header), *([plain(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def _csv(table: EssayTable) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([cell_text(cell) for cell in row] for row in (table.header, *table.rows))
    return buffer.getvalue().removesuffix("\n")


def _latex(table: EssayTable) -> str:
    header, rows = _filled(table)
    body = [" & ".join(map(_tex, row)) + r" \\" for row in rows]
    caption = _tex(table.title.partition(". ")[2])
    return "\n".join(
        [
            r"% needs \usepackage{longtable}, and XeLaTeX or LuaLaTeX for other scripts",
            rf"\begin{{longtable}}{{{'l' * len(header)}}}",
            rf"\caption{{{caption}}} \\",
            r"\hline",
            " & ".join(map(_tex, header)) + r" \\",
            r"\hline",
            r"\endhead",
            *body,
            r"\hline",
            r"\end{longtable}",
        ]
    )


def _tex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in escaped(text))


def _html(table: EssayTable) -> str:
    header, rows = _filled(table)
    body = [_html_row(row, "td") for row in rows]
    return "\n".join(
        [
            "<table>",
            f"<caption>{html.escape(visible(table.title))}</caption>",
            f"<thead>{_html_row(header, 'th')}</thead>",
            "<tbody>",
            *body,
            "</tbody>",
            "</table>",
        ]
    )


def _html_row(cells: Sequence[str], tag: str) -> str:
    # dir keeps a title that is written from right to left within its cell
    inside = "".join(f'<{tag} dir="auto">{html.escape(visible(cell))}</{tag}>' for cell in cells)
    return f"<tr>{inside}</tr>"


def _filled(table: EssayTable) -> tuple[list[str], list[list[str]]]:
    """Leave out columns that say nothing in any row."""
    keep = [i for i in range(len(table.header)) if any(row[i] for row in table.rows)]
    return [table.header[i] for i in keep], [[row[i] for i in keep] for row in table.rows]


TABLE_FORMATS: dict[str, Callable[[EssayTable], str]] = {
    "markdown": markdown_table,
    "csv": _csv,
    "latex": _latex,
    "html": _html,
}
"""How tables may be written."""
