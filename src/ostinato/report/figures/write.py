"""Figures and their captions as files, the same bytes on each run.

Text is no outline, so that it can be searched, copied, edited and read aloud. Whoever has not the
faces it was laid out with sees it in a similar one: the list ends in faces of every system, and
texts are anchored where they belong, at their start, middle or end, so that a face of another width
moves nothing. PDF and PNG hold their faces, or need none.
"""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.figure import Figure

from ostinato.choices import FORMATS
from ostinato.errors import ParameterError
from ostinato.legible import visible
from ostinato.report.captions import (
    caption_repetition_map,
    caption_specifications,
    caption_timeline,
    caption_voices,
)
from ostinato.report.figures.before_after import before_after_figure, pictured
from ostinato.report.figures.continuation_curve import continuation_pages, curves_to_draw
from ostinato.report.figures.lanes import timeline_pages, voices_figure
from ostinato.report.figures.layout import PAGE, Sheet
from ostinato.report.figures.map_panels import repetition_map_pages
from ostinato.report.figures.narration_curve import has_narration_curve, narration_curve_figure
from ostinato.report.figures.self_similarity import repeated_songs, self_similarity_figure
from ostinato.report.figures.shared_passages import shared_by_song, shared_passages_pages
from ostinato.report.figures.song_coverage import rows_to_draw, song_coverage_pages
from ostinato.report.figures.song_over_speech import song_over_speech_pages, songs_over_speech
from ostinato.report.figures.specifications import specifications_pages
from ostinato.report.figures.style import FALLBACK_FAMILY, undrawable
from ostinato.report.measure_captions import (
    caption_before_after,
    caption_continuation,
    caption_narration_curve,
    caption_self_similarity,
    caption_shared_passages,
    caption_song_coverage,
    caption_song_over_speech,
)
from ostinato.report.wording import listed
from ostinato.results import CuePicture, Results, write_atomically

_DOTS_PER_INCH = 300  # what journals ask of a picture in print
_SLIDE_DOTS = 192  # 2560 across
_METADATA: dict[str, dict[str, Any]] = {
    # dates and versions would change the bytes and tell nothing of the film
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}
_Pages = Callable[..., Sequence[Figure]]
_WIDELY_KNOWN = "Verdana, 'Noto Sans', 'Segoe UI', Helvetica, Arial, 'Noto Sans CJK SC', sans-serif"
_FACES = re.compile(rf"'DejaVu Sans'(?:, '{FALLBACK_FAMILY}')?((?:, '[^']*')*)")
_SIZE = re.compile(r'(width|height)="([\d.]+)pt"')


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one kind of figure is drawn and described, and of which results there is one."""

    pages: _Pages
    caption: Callable[[Results], str]
    is_filled: Callable[[Results], bool]
    is_of_a_measure: bool = False


def _one(figure: Callable[..., Figure]) -> _Pages:
    """Lay out a figure that always fits on a page."""
    return lambda results, *, sheet: (figure(results, sheet=sheet),)


_ALWAYS = {
    "repetition-map": _Kind(repetition_map_pages, caption_repetition_map, lambda _: True),
    "timeline": _Kind(timeline_pages, caption_timeline, lambda _: True),
}
_IF_FILLED = {
    "song-coverage": _Kind(
        song_coverage_pages,
        caption_song_coverage,
        lambda results: bool(rows_to_draw(results)),
        is_of_a_measure=True,
    ),
    "shared-passages": _Kind(
        shared_passages_pages,
        caption_shared_passages,
        lambda results: bool(shared_by_song(results)),
        is_of_a_measure=True,
    ),
    "self-similarity": _Kind(
        _one(self_similarity_figure),
        caption_self_similarity,
        lambda results: bool(repeated_songs(results)),
        is_of_a_measure=True,
    ),
    "continuation": _Kind(
        continuation_pages,
        caption_continuation,
        lambda results: bool(curves_to_draw(results)),
        is_of_a_measure=True,
    ),
    "level-against-speech": _Kind(
        song_over_speech_pages,
        caption_song_over_speech,
        lambda results: bool(songs_over_speech(results)),
        is_of_a_measure=True,
    ),
    "narration-share": _Kind(
        _one(narration_curve_figure),
        caption_narration_curve,
        has_narration_curve,
        is_of_a_measure=True,
    ),
    "voices": _Kind(_one(voices_figure), caption_voices, lambda results: bool(results.voices)),
    "specification-curve": _Kind(
        specifications_pages, caption_specifications, lambda results: bool(results.robustness)
    ),
}


def figure_names(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the files that are written of any results.

    Parameters
    ----------
    formats : sequence of str
        As for `write_figures`.

    Returns
    -------
    tuple of str
        Others may come to these.
    """
    return tuple(f"{name}.{form}" for name in _ALWAYS for form in (*formats, "txt"))


def write_figures(
    results: Results,
    folder: Path,
    *,
    formats: Sequence[str],
    formats_of_measures: Sequence[str] | None = None,
    sheet: Sheet = PAGE,
    picture: CuePicture | None = None,
) -> tuple[Path, ...]:
    """Write every figure that results can fill, each with its caption.

    Parameters
    ----------
    results : Results
        What to draw.
    folder : pathlib.Path
        Made if it does not exist.
    formats : sequence of str
        Of ``svg``, ``pdf`` and ``png``.
    formats_of_measures : sequence of str, optional
        Those of figures that draw one measure each; the same by default. Every one takes half a
        second or more in all formats.
    sheet : Sheet, optional
        How wide, in which colours, and whether a second of song is as long on every map.
    picture : CuePicture, optional
        Of a cue before and after; without it, its levels are drawn.

    Returns
    -------
    tuple of pathlib.Path
        ``repetition-map.svg`` …, ``repetition-map.txt``, ``timeline.svg`` …, ``timeline.txt``, and
        as far as there is something to draw ``song-coverage``, ``shared-passages``,
        ``self-similarity``, ``continuation``, ``level-against-speech``, ``narration-share``,
        ``voices``, ``specification-curve`` and ``before-after``. Each ``.txt`` is a caption. What
        does not fit on one page goes on in ``repetition-map-2.svg`` ….

    Raises
    ------
    ParameterError
        If a format is unknown.
    MediaError
        If the folder cannot be written to.
    """
    for form in (*formats, *(formats_of_measures or ())):
        if form not in FORMATS:
            raise ParameterError(
                f"format {form!r}", "figures are not written so", f"Choose from {listed(FORMATS)}"
            )
    lacking = without_face(results)
    note = f"\n\n{lacking}" if lacking else ""
    paths = []
    for name, kind in _kinds(results, picture).items():
        text = kind.caption(results) + note
        with house_style():
            figures = kind.pages(results, sheet=sheet)
            for number, figure in enumerate(figures, start=1):
                page = name if number == 1 else f"{name}-{number}"
                for form in _formats(kind, formats, formats_of_measures):
                    path = Path(folder) / f"{page}.{form}"
                    content = _encode(figure, form, sheet=sheet, name=page, text=text)
                    paths.append(write_atomically(path, content))
        paths.append(write_atomically(Path(folder) / f"{name}.txt", f"{text}\n".encode()))
    return tuple(paths)


def _formats(
    kind: _Kind, formats: Sequence[str], of_measures: Sequence[str] | None
) -> Sequence[str]:
    return of_measures if kind.is_of_a_measure and of_measures is not None else formats


def _kinds(results: Results, picture: CuePicture | None) -> dict[str, _Kind]:
    kinds = _ALWAYS | {n: kind for n, kind in _IF_FILLED.items() if kind.is_filled(results)}
    if results.longest_cancelled() is not None:
        known = pictured(results, picture)
        kinds["before-after"] = _Kind(
            _one(partial(before_after_figure, picture=known)),
            partial(caption_before_after, picture=known),
            lambda _: True,
        )
    return kinds


def without_face(results: Results) -> str:
    """Say which characters of titles and names no font of this system draws; empty if it draws all.

    Parameters
    ----------
    results : Results
        What is drawn.

    Returns
    -------
    str
        A sentence or two.
    """
    names = [song.title for song in results.songs]
    for scene in results.scenes:
        names += [name for name in (scene.name, scene.story, scene.day) if name is not None]
    names += [voice.name for voice in results.voices if voice.name is not None]
    lacking = "".join(c for c in undrawable(names) if c.isprintable())
    if not lacking:
        return ""
    return (
        f"No font of this system draws {' '.join(lacking)}: boxes stand in their place. Install a "
        "font of that script, such as one of the Noto fonts, and run `ostinato figures` again."
    )


@contextmanager
def house_style() -> Iterator[None]:
    """Set aside what a user's matplotlibrc says, for as long as a figure is drawn and written."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": ["DejaVu Sans"],
                "pdf.fonttype": 42,
                # text that can be searched, read out and edited; see `svg` for the faces
                "svg.fonttype": "none",
                "svg.hashsalt": "ostinato",
            }
        )
        yield


def _encode(figure: Figure, form: str, *, sheet: Sheet, name: str, text: str) -> bytes:
    buffer = io.BytesIO()
    dots = _DOTS_PER_INCH if sheet.printed == 1 else _SLIDE_DOTS
    extra: dict[str, Any] = {"pil_kwargs": {"dpi": (dots, dots)}} if form == "png" else {}
    figure.savefig(buffer, format=form, dpi=dots * sheet.printed, metadata=_METADATA[form], **extra)
    content = buffer.getvalue()
    return described_svg(content, name=name, text=text, sheet=sheet) if form == "svg" else content


def described_svg(content: bytes, *, name: str, text: str, sheet: Sheet) -> bytes:
    """Give an SVG its title and description, faces that every system has, and its printed size.

    Parameters
    ----------
    content : bytes
        As Matplotlib writes it.
    name : str
        Of the figure; makes identifiers that differ from those of other figures.
    text : str
        The caption; its first paragraph is the title.
    sheet : Sheet
        On which it is printed.

    Returns
    -------
    bytes
        The same picture.
    """
    svg = content.decode()
    start = svg.index("<svg ")
    end = svg.index(">", start)
    tag = svg[start:end]
    if sheet.printed != 1:
        tag = _SIZE.sub(lambda one: f'{one[1]}="{float(one[2]) * sheet.printed:g}pt"', tag)
    tag = f'{tag} role="img" aria-labelledby="{name}-title {name}-desc"'
    title, *_ = text.split("\n")
    described = " ".join(visible(text.replace("\n\n", " ").replace("\n", " ")).split())
    head = (
        f'<title id="{name}-title">{escape(visible(title))}</title>\n'
        f' <desc id="{name}-desc">{escape(described)}</desc>'
    )
    body = _FACES.sub(_with_known_faces, svg[end + 1 :])
    return f"{svg[:start]}{tag}>\n {head}{body}".encode()


def _with_known_faces(found: re.Match[str]) -> str:
    return f"'DejaVu Sans'{found[1]}, {_WIDELY_KNOWN}"
