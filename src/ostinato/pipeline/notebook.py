"""What a notebook shows: how far a run is, and the whole page of a folder of results."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from ostinato.errors import OstinatoError
from ostinato.media import default_cache_dir, kept_copy
from ostinato.pipeline.memo import Watch
from ostinato.pipeline.playable import excerpts_of_sound, playable_excerpts
from ostinato.report import page_html
from ostinato.results import Excerpt, Results, read_manifest, read_results

_STEMS = "stems/"
_STEP = 0.1  # of a stage, between two lines


@dataclass(frozen=True, slots=True)
class NotebookPage:
    """The page of results, which a notebook shows in a frame.

    Parameters
    ----------
    results : Results
        What it shows.
    html : str
        The page, which asks for nothing from anywhere.
    height_px : int
        Of the frame.
    """

    results: Results
    html: str = field(repr=False)
    height_px: int = 640

    def _repr_html_(self) -> str:
        style = f"width:100%;height:{self.height_px}px;border:1px solid #8888"
        return f'<iframe srcdoc="{escape(self.html)}" style="{style}" title="results"></iframe>'


def show(
    folder: Path | str, *, cache_dir: Path | str | None = None, height_px: int = 640
) -> NotebookPage:
    """Show a folder of results in a notebook: findings, map, timeline, tables, excerpts to play.

    Parameters
    ----------
    folder : str or path
        What `ostinato analyze --out` was given.
    cache_dir : str or path, optional
        Where decoded sound is kept; the system's cache folder by default. Excerpts are cut from
        there, else from stems of the folder; where neither is at hand there are none.
    height_px : int, optional
        Of the frame.

    Returns
    -------
    NotebookPage
        The last value of a cell is shown. It holds what is shown, up to ten seconds of each
        occurrence in mono among it, so mind whom you give the notebook to.

    Raises
    ------
    StudyError
        If the folder holds no readable results.
    """
    results = read_results(folder)
    cache = default_cache_dir() if cache_dir is None else Path(cache_dir)
    excerpts = _excerpts(results, Path(folder), cache)
    return NotebookPage(results, page_html(results, excerpts=excerpts), height_px)


def _excerpts(results: Results, folder: Path, cache: Path) -> tuple[Excerpt, ...]:
    """Cut excerpts from what is at hand; a page without sound is a page as well."""
    film = results.film
    try:
        copy = kept_copy(cache, sha256=film.sha256, pcm_sha256=film.pcm_sha256)
        if copy is not None:
            return excerpts_of_sound(copy, results)
        manifest = read_manifest(folder)
        listed = () if manifest is None else manifest.files
        stems = [folder / one.name for one in listed if one.name.startswith(_STEMS)]
        return playable_excerpts(folder / "stems", results, stems=stems) if stems else ()
    except OstinatoError:  # of the sound alone; what it is about has been read
        return ()


def notebook_progress() -> Watch:
    """Return what `on_progress` and `watch` take: a bar in a notebook, and lines elsewhere.

    Returns
    -------
    callable
        Told the name of a stage and the fraction of it that is done. Outside of a notebook it
        writes to stderr, a line for each tenth of a stage.

    Examples
    --------
    >>> watch = notebook_progress()
    >>> callable(watch)
    True
    """
    display = _display()
    return _lines() if display is None else _bar(display)


def _display() -> Callable[..., Any] | None:
    """Return how the notebook that runs this shows something, None where none does."""
    python = sys.modules.get("IPython")
    if python is None or python.get_ipython() is None:
        return None
    display: Callable[..., Any] = sys.modules["IPython.display"].display
    return display


def _bar(display: Callable[..., Any]) -> Watch:
    handle: Any = None
    shown: tuple[str, int] | None = None

    def watch(stage: str, share: float) -> None:
        nonlocal handle, shown
        percent = round(100 * share)
        if shown == (stage, percent):
            return
        shown = (stage, percent)
        said = {
            "text/plain": f"{stage}: {percent} %",
            "text/html": f'<progress value="{percent}" max="100"></progress> {escape(stage)}',
        }
        if handle is None:
            handle = display(said, raw=True, display_id=True)
        else:
            handle.update(said, raw=True)

    return watch


def _lines() -> Watch:
    last: tuple[str, int] | None = None

    def watch(stage: str, share: float) -> None:
        nonlocal last
        now = (stage, int(share / _STEP))
        if now != last:
            last = now
            sys.stderr.write(f"ostinato: {stage}, {share:.0%}\n")

    return watch
