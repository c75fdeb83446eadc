"""The page as HTML: a template that escapes all that it is given, with its style and script."""

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from ostinato.legible import visible
from ostinato.report.page.view import page_view
from ostinato.results import Results, write_atomically

PAGE_NAME = "report.html"
"""Of the file in a folder of results."""
_TEMPLATE = "page.html.j2"


def page_html(results: Results) -> str:
    """Write the page.

    Parameters
    ----------
    results : Results
        What it shows.

    Returns
    -------
    str
        HTML that asks for nothing from anywhere.
    """
    files = {name: _read(name) for name in ("page.css", "page.js")}
    return (
        _environment()
        .get_template(_TEMPLATE)
        .render(
            view=page_view(results),
            # they are this package's own
            style=Markup(files["page.css"]),  # noqa: S704
            script=Markup(files["page.js"]),  # noqa: S704
        )
    )


def write_page(results: Results, folder: Path) -> Path:
    """Write the page into a folder.

    Parameters
    ----------
    results : Results
        What it shows.
    folder : pathlib.Path
        That is there.

    Returns
    -------
    pathlib.Path
        Of the file.

    Raises
    ------
    ReportError
        If it cannot be written.
    """
    return write_atomically(folder / PAGE_NAME, page_html(results).encode())


@cache
def _environment() -> Environment:
    return Environment(
        loader=DictLoader({_TEMPLATE: _read(_TEMPLATE)}),
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


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
