"""What went out, kept so that it is known again when it comes back after another analysis.

An analysis numbers its rows anew. A file that was exported before says what the program found then,
and would seem to be full of rows that somebody has moved.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ostinato.errors import MediaError
from ostinato.export import OWN, Layer, LayerRow, layers_of
from ostinato.results import Results, write_atomically
from ostinato.review import REVIEW_FOLDER
from ostinato.whole_files import read_whole

_NAME = "exported-{}.json"
_MOST_KEPT = 50


def keep_export(folder: Path, program: Results) -> None:
    """Keep the program's rows as they go out; where nothing can be written, nothing is kept.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.
    program : Results
        What the program found.
    """
    rows = [
        (layer.name, row.id, row.start_s, row.end_s, row.text)
        for layer in layers_of(program)
        for row in layer.rows
        if layer.by == OWN
    ]
    content = json.dumps(rows, ensure_ascii=False).encode()
    name = _NAME.format(hashlib.sha256(content).hexdigest()[:12])
    path = folder / REVIEW_FOLDER / name
    if not path.exists():
        with suppress(MediaError):  # an archive may be for reading alone
            write_atomically(path, content)


def kept_exports(folder: Path) -> tuple[tuple[Layer, ...], ...]:
    """Return the program's rows of earlier exports; what is damaged is left out.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.

    Returns
    -------
    tuple of tuple of Layer
        One for each state of the results in which they were exported.
    """
    paths = sorted((folder / REVIEW_FOLDER).glob(_NAME.format("*")))[:_MOST_KEPT]
    kept = []
    for path in paths:
        with suppress(OSError, ValueError, TypeError):
            kept.append(_layers(json.loads(read_whole(path))))
    return tuple(kept)


def _layers(rows: Sequence[tuple[str, str, float, float, str]]) -> tuple[Layer, ...]:
    by_name: dict[str, list[LayerRow]] = {}
    for name, number, start_s, end_s, text in rows:
        row = LayerRow(id=number, start_s=start_s, end_s=end_s, text=text)
        by_name.setdefault(name, []).append(row)
    return tuple(Layer(name=name, by=OWN, rows=tuple(own)) for name, own in by_name.items())
