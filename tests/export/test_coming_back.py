"""What went out is read as it was, in every format that comes back."""

import re

import pytest
from tests.export.films import a_hostile_film
from tests.export.test_formats import TOLERANCE_S

from ostinato.export import EXPORTS, export_sheet, exported_files, from_line
from ostinato.speech import read_foreign

COMING_BACK = [name for name, one in EXPORTS.items() if one.comes_back]


def layers_in(folder, files):
    for place, content in files.items():
        path = folder / place
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        for layer in read_foreign(path).layers:
            by_file = path.stem.replace(".", "@").replace("voice-names", "voice names")
            name = re.sub(r" \(\d+\)$", "", layer.name) or by_file
            yield name, layer.rows


@pytest.mark.parametrize("name", COMING_BACK)
def test_rows_come_back_by_layer_with_their_texts(tmp_path, name):
    sheet = export_sheet(a_hostile_film())
    found = {}
    for layer, rows in layers_in(tmp_path, exported_files(sheet, [name])):
        found.setdefault(layer, []).extend(rows)
    assert set(found) == {layer.title for layer in sheet.layers}
    tolerance_s = max(2 * TOLERANCE_S.get(name, 0.0), 1e-9)
    for layer in sheet.layers:
        own = sorted(found[layer.title], key=lambda row: (round(row.start_s, 2), row.end_s))
        wanted = sorted(layer.rows, key=lambda row: (round(row.start_s, 2), row.end_s))
        for one, other in zip(own, wanted, strict=True):
            assert one.start_s == pytest.approx(other.start_s, abs=tolerance_s, rel=0)
            assert one.end_s == pytest.approx(other.end_s, abs=max(tolerance_s, 1.1e-3), rel=0)
        if name != "rttm":  # which has no blanks
            is_bare = name in {"web-annotation", "iiif"}
            texts = sorted(row.text if is_bare else from_line(row.text) for row in own)
            assert texts == sorted(said(name, layer, row) for row in layer.rows)


def said(name, layer, row):
    words = layer.words(row)
    return words or ("\u2013" if name in {"srt", "vtt", "textgrid"} else "")
