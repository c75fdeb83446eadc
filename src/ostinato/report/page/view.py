"""What the page says, as one frozen value made of results, and the HTML that it becomes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from ostinato.legible import visible
from ostinato.report.answers import NO_TITLE, title_of
from ostinato.report.cited_text import MACHINE_STYLES, cite, notes_on_claims
from ostinato.report.method import film_remarks, method_note, song_remarks
from ostinato.report.page.drawing import (
    Lane,
    Panel,
    Tick,
    film_ticks,
    map_panels,
    timeline_lanes,
)
from ostinato.report.page.page_tables import Table, claims_table, tables_of
from ostinato.report.page.sound import Sound, sound_of_page
from ostinato.report.references import STYLES, film_note, references
from ostinato.report.wording import lasting
from ostinato.results import Excerpt, Results, write_atomically

_STYLE_NAMES = {
    "mla": "MLA",
    "chicago": "Chicago",
    "apa": "APA",
    "bibtex": "BibTeX",
    "csl": "CSL JSON",
}
PAGE_NAME = "report.html"
"""Of the file in a folder of results."""
_TEMPLATE = "page.html.j2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a sentence; `is_name` says that a person gave it, in whatever script."""

    text: str
    is_name: bool


Text = tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A claim and how it stands."""

    id: str
    statement: Text
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A part of a reference that is set in one kind of type."""

    text: str
    is_italic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """References in one style, line by line."""

    style: str
    lines: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """All that stands on the page, in its order."""

    title: str
    film: str
    duration_s: float
    remarks: tuple[Text, ...]
    findings: Text
    verdicts: tuple[Verdict, ...]
    claims: Table
    claim_notes: tuple[Text, ...]
    panels: tuple[Panel, ...]
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    sound: Sound | None
    tables: tuple[Table, ...]
    method: Text
    citations: tuple[Citation, ...]
    version: str


def page_view(results: Results, *, excerpts: Sequence[Excerpt] = ()) -> PageView:
    """Lay out the page.

    Parameters
    ----------
    results : Results
        From `results.json`; every number of the page is in it.
    excerpts : sequence of Excerpt, optional
        To be played on the page.

    Returns
    -------
    PageView
        Texts that are not escaped yet.
    """
    names = _names(results)
    remarks = [
        *film_remarks(results.film),
        *(r for song in results.songs for r in song_remarks(song)),
    ]
    return PageView(
        title=_title(results),
        film=_film(results),
        duration_s=results.film.duration_s,
        remarks=tuple(with_names(one, names) for one in remarks),
        findings=with_names(cite(results), names),
        verdicts=tuple(
            Verdict(
                id=claim.id,
                statement=with_names(claim.statement, names),
                verdict=claim.verdict,
            )
            for claim in results.claims
        ),
        claims=claims_table(results),
        claim_notes=tuple(
            with_names(one, names) for one in sorted(notes_on_claims(results), key=_first_claim)
        ),
        panels=map_panels(results),
        lanes=timeline_lanes(results),
        ticks=film_ticks(results),
        sound=sound_of_page(results, excerpts),
        tables=tables_of(results),
        method=with_names(method_note(results), names),
        citations=tuple(_citation(results, style) for style in STYLES),
        version=results.run.version,
    )


def _first_claim(note: str) -> str:
    """Order notes by the first claim that they begin with; those on all claims come last."""
    found = re.match(r"C\d", note)
    return found[0] if found else "D"


def _citation(results: Results, style: str) -> Citation:
    read = _as_it_stands if style in MACHINE_STYLES else from_markdown
    lines = references(results, style=style).split("\n")
    return Citation(style=_STYLE_NAMES.get(style, style), lines=tuple(map(read, lines)))


def _as_it_stands(line: str) -> tuple[Run, ...]:
    return (Run(text=line, is_italic=False),)


def from_markdown(line: str) -> tuple[Run, ...]:
    r"""Read a line of Markdown that knows italics and escapes alone, as references do.

    Examples
    --------
    >>> [(run.text, run.is_italic) for run in from_markdown(r"*Dreams* \[film\]")]
    [('Dreams', True), (' [film]', False)]
    """
    parts = re.split(r"(?<!\\)((?:\\\\)*)\*", line)
    joined = ["".join(pair) for pair in zip(parts[::2], [*parts[1::2], ""], strict=True)]
    return tuple(
        Run(text=re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", part), is_italic=bool(index % 2))
        for index, part in enumerate(joined)
        if part
    )


def _film(results: Results) -> str:
    film = results.film
    note = "".join(run.text for run in from_markdown(film_note(film, style="chicago")))
    edition = "an edition that is not named" if film.edition is None else f"edition: {film.edition}"
    return f"{note}; {edition}; {lasting(film.duration_s)}"


def _title(results: Results) -> str:
    title = title_of(results.film)
    return results.film.name if title == NO_TITLE else title


def _names(results: Results) -> tuple[str, ...]:
    given = [
        results.film.title,
        results.film.name,
        results.film.edition,
        results.film.director,
        *(song.title for song in results.songs),
        *(scene.name for scene in results.scenes),
        *(voice.name for voice in results.voices),
    ]
    return tuple(dict.fromkeys(name.strip() for name in given if name and name.strip()))


def with_names(text: str, names: Iterable[str]) -> Text:
    """Part a sentence into names and what lies between them.

    `names`: what people have named; the longest that fits is taken.

    Examples
    --------
    >>> [part.text for part in with_names("In Dreams, Dream is heard.", ["Dream", "Dreams"])]
    ['In ', 'Dreams', ', ', 'Dream', ' is heard.']
    """
    longest_first = sorted(names, key=len, reverse=True)
    if not longest_first:
        return (Part(text=text, is_name=False),)
    # a name that is a word is none within another word
    pattern = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first)
    parts = re.split(f"({pattern})", text)
    return tuple(
        Part(text=part, is_name=bool(index % 2)) for index, part in enumerate(parts) if part
    )


def page_html(results: Results, *, excerpts: Sequence[Excerpt] = ()) -> str:
    """Write the page.

    Parameters
    ----------
    results : Results
        What it shows.
    excerpts : sequence of Excerpt, optional
        To be played on it.

    Returns
    -------
    str
        HTML that asks for nothing from anywhere.
    """
    own = {"style": "page.css", "script": "page.js"}
    return filled(__package__, _TEMPLATE, own=own, view=page_view(results, excerpts=excerpts))


def filled(package: str, template: str, *, own: Mapping[str, str], view: object) -> str:
    """Fill in a page: whatever it is given is escaped, and what cannot be seen is shown.

    Parameters
    ----------
    package : str
        That holds the files.
    template : str
        Of which file.
    own : mapping of str to str
        Files of the package that stand in the page as they are, by the names the template gives.
    view : object
        What the page shows; the template calls it ``view``.

    Returns
    -------
    str
        HTML.
    """
    parts = {name: Markup(_read(package, file)) for name, file in own.items()}  # noqa: S704
    return _environment(package, template).get_template(template).render(view=view, **parts)


def write_page(results: Results, folder: Path, *, excerpts: Sequence[Excerpt] = ()) -> Path:
    """Write the page into a folder.

    Parameters
    ----------
    results : Results
        What it shows.
    folder : pathlib.Path
        That is there.
    excerpts : sequence of Excerpt, optional
        To be played on it.

    Returns
    -------
    pathlib.Path
        Of the file.

    Raises
    ------
    ReportError
        If it cannot be written.
    """
    return write_atomically(folder / PAGE_NAME, page_html(results, excerpts=excerpts).encode())


@cache
def _environment(package: str, template: str) -> Environment:
    return Environment(
        loader=DictLoader({template: _read(package, template)}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: Any) -> Any:  # noqa: ANN401 - whatever a template is given
    """Show what cannot be seen, as everywhere."""
    is_foreign = isinstance(value, str) and not isinstance(value, Markup)
    return visible(value) if is_foreign else value


def _read(package: str, name: str) -> str:
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")
