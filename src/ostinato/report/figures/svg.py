"""An SVG that can be read out: a title, a description, and text that stays text.

Text is no outline, so that it can be searched, copied, edited and read aloud. Whoever has not the
faces it was laid out with sees it in a similar one: the list ends in faces of every system, and
texts are anchored where they belong, at their start, middle or end, so that a face of another width
moves nothing. PDF and PNG hold their faces, or need none.
"""

import re
from xml.sax.saxutils import escape

from ostinato.legible import visible
from ostinato.report.figures.faces import FALLBACK_FAMILY
from ostinato.report.figures.sheet import Sheet

_WIDELY_KNOWN = "Verdana, 'Noto Sans', 'Segoe UI', Helvetica, Arial, 'Noto Sans CJK SC', sans-serif"
_FACES = re.compile(rf"'DejaVu Sans'(?:, '{FALLBACK_FAMILY}')?((?:, '[^']*')*)")
_SIZE = re.compile(r'(width|height)="([\d.]+)pt"')


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
