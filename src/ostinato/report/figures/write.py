"""Figures and their captions as files, the same bytes on each run."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from ostinato.choices import FORMATS
from ostinato.errors import ParameterError
from ostinato.report.captions import (
    caption_before_after,
    caption_repetition_map,
    caption_specifications,
    caption_timeline,
    caption_voices,
)
from ostinato.report.figures.layout import (
    before_after_figure,
    repetition_map_figure,
    timeline_figure,
)
from ostinato.report.figures.specifications import specifications_figure
from ostinato.report.figures.voice_lanes import voices_figure
from ostinato.report.wording import listed
from ostinato.results import Results, write_atomically

_DOTS_PER_INCH = 300  # what journals ask of a picture in print
_METADATA: dict[str, dict[str, Any]] = {
    # dates and versions would change the bytes and tell nothing of the film
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}
_FIGURES = {
    "repetition-map": (repetition_map_figure, caption_repetition_map),
    "timeline": (timeline_figure, caption_timeline),
}
_OF_A_CUE = {"before-after": (before_after_figure, caption_before_after)}
_OF_CLAIMS = {"specification-curve": (specifications_figure, caption_specifications)}
_OF_VOICES = {"voices": (voices_figure, caption_voices)}


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
    return tuple(f"{name}.{form}" for name in _FIGURES for form in (*formats, "txt"))


def write_figures(results: Results, folder: Path, *, formats: Sequence[str]) -> tuple[Path, ...]:
    """Write the repetition map, the timeline, the voices and what taking a song out did.

    Parameters
    ----------
    results : Results
        What to draw.
    folder : pathlib.Path
        Made if it does not exist.
    formats : sequence of str
        Of ``svg``, ``pdf`` and ``png``.

    Returns
    -------
    tuple of pathlib.Path
        ``repetition-map.svg`` …, ``repetition-map.txt``, ``timeline.svg`` …, ``timeline.txt``;
        ``voices.svg`` … and ``voices.txt`` as well if voices were told, ``before-after.svg`` … and
        ``before-after.txt`` if a song was cancelled, and ``specification-curve.svg`` … if claims
        were tested. Each ``.txt`` is a caption.

    Raises
    ------
    ParameterError
        If a format is unknown.
    MediaError
        If the folder cannot be written to.
    """
    for form in formats:
        if form not in FORMATS:
            raise ParameterError(
                f"format {form!r}", "figures are not written so", f"Choose from {listed(FORMATS)}"
            )
    paths = []
    figures = _FIGURES | (_OF_VOICES if results.voices else {})
    figures |= {} if results.longest_cancelled() is None else _OF_A_CUE
    figures |= _OF_CLAIMS if results.robustness else {}
    for name, (lay_out, caption) in figures.items():
        with house_style():
            figure = lay_out(results)
            for form in formats:
                path = Path(folder) / f"{name}.{form}"
                paths.append(write_atomically(path, _encode(figure, form)))
        text = caption(results) + "\n"
        paths.append(write_atomically(Path(folder) / f"{name}.txt", text.encode()))
    return tuple(paths)


@contextmanager
def house_style() -> Iterator[None]:
    """Set aside what a user's matplotlibrc says, for as long as a figure is drawn and written."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": ["DejaVu Sans"],
                "pdf.fonttype": 42,
                "svg.fonttype": "path",  # looks the same where none of the fonts is installed
                "svg.hashsalt": "ostinato",
            }
        )
        yield


def _encode(figure: Figure, form: str) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=form, dpi=_DOTS_PER_INCH, metadata=_METADATA[form])
    return buffer.getvalue()
