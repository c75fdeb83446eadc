"""All that an essay needs to cite an analysis, in the order in which it is pasted."""

from collections.abc import Iterator

from ostinato.report.captions import caption_repetition_map, caption_timeline
from ostinato.report.claims import claim_notes
from ostinato.report.effects import effect_notes
from ostinato.report.essay_tables import essay_tables
from ostinato.report.markdown import plain, plain_paragraphs
from ostinato.report.method import footnote, method_note
from ostinato.report.prose import after_title
from ostinato.report.references import references
from ostinato.report.robustness import robustness_sentences
from ostinato.report.table_formats import markdown_rows
from ostinato.report.work import title_of
from ostinato.results import Results

MACHINE_STYLES = frozenset({"bibtex", "csl"})
"""Styles that are files for a reference manager, in which nothing else may stand."""


def citation(results: Results, *, style: str = "mla") -> str:
    """Write findings, method, footnote, references, tables and captions.

    Parameters
    ----------
    results : Results
        What is cited; no number comes from anywhere else.
    style : str, optional
        Of the references: mla, chicago, apa, bibtex or csl. In the last two the references stand
        alone, as a file for a reference manager.

    Returns
    -------
    str
        Markdown, or the content of a .bib or .json file.
    """
    if style in MACHINE_STYLES:
        return references(results, style=style)
    return "\n\n".join(f"## {title}\n\n{text}" for title, text in _parts(results, style))


def _parts(results: Results, style: str) -> Iterator[tuple[str, str]]:
    # the text after the title is escaped as what goes on, not as what begins a line
    rest = plain(f"In{after_title(results)}").removeprefix("In")
    yield "Findings", f"In *{plain(title_of(results.film))}*{rest}[^1]"
    yield "Method", plain(method_note(results))
    yield "Footnote", f"[^1]: {footnote(results, style=style)}"
    yield "References", references(results, style=style)
    for table in essay_tables(results):
        notes = _notes(results) if ". Claims" in table.title[:16] else ""
        yield plain(table.title), f"{markdown_rows(table)}{notes}"
    yield (
        "Captions",
        plain_paragraphs(f"{caption_repetition_map(results)}\n\n{caption_timeline(results)}"),
    )


def notes_on_claims(results: Results) -> list[str]:
    """Say what limits the claims, how large effects are, and how far verdicts rest on choices."""
    return [
        *claim_notes(results.claims),
        *effect_notes(results),
        *robustness_sentences(results),
    ]


def _notes(results: Results) -> str:
    notes = notes_on_claims(results)
    return "\n\n" + "\n".join(f"- {plain(note)}" for note in notes) if notes else ""
