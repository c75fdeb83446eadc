"""Each format's files open in its own library, and give the same rows."""

import dataclasses
import json
import re
from fractions import Fraction
from urllib.parse import unquote

import pytest
from tests.export.films import HOSTILE, a_hostile_film
from tests.export.oracles import CHECKED

from ostinato.choices import EXPORT_FORMATS
from ostinato.errors import ParameterError
from ostinato.export import EXPORTS, LAYER_TITLES, export_sheet, exported_files, from_line, on_line

RATES = {"24": False, "24000/1001": False, "25": False, "30000/1001": True, "50": False}
FRAMED = {"edl", "premiere", "fcpxml", "otio"}
TOLERANCE_S = {
    "audacity": 0.6e-6,
    "eaf": 0.51e-3,
    "srt": 0.51e-3,
    "vtt": 0.51e-3,
    "sv": 1e-9,
    "tilia": 1.1e-6,
    "textgrid": 1.1e-6,
    "rttm": 1.1e-3,
    "cue-sheet": 1 / 150 + 1e-9,
}
OBEYED = {"edl": "|", "cue-sheet": '"', "srt": "\\<>{}", "vtt": "\\<>{}"}
AS_IT_IS = {"web-annotation", "iiif", "jams"}


@pytest.fixture(scope="module")
def sheets():
    film = a_hostile_film()
    return {
        rate: export_sheet(film, fps=rate, is_drop=is_drop, tc_start="01:00:00:00")
        for rate, is_drop in RATES.items()
    }


def written(name, layer, row):
    """Return the words of a row as a format writes them."""
    words = layer.words(row)
    if name == "rttm":
        return "_".join(on_line(row.text).split()) or "_"
    if name in AS_IT_IS:
        return words
    if name == "tsv":
        words = row.text
        is_active = words[:1] and words[0] in "=+-@\"'#"
        line = on_line(words, obeyed=words[0] if is_active else "")
        return line if layer.by == "person" else f"{row.id} {line}"
    obeyed = OBEYED.get(name, "")
    if name in {"srt", "vtt"}:
        obeyed += ":" * (words.count("00:00:0") > 1) + "&" * ("&amp;" in words)
    line = on_line(words, obeyed=obeyed)
    return line or ("\u2013" if name in {"srt", "vtt", "textgrid"} else line)


def expected(name, sheet):
    return {
        layer.title: [(row.start_s, row.end_s, written(name, layer, row)) for row in layer.rows]
        for layer in sheet.layers
    }


def opened(name, sheet):
    files = exported_files(sheet, [name])
    return CHECKED[name][1](files, sheet)


def close(name, sheet, found, wanted):
    """Compare times to the format's resolution; an instant has the least length."""
    tolerance_s = TOLERANCE_S.get(name, 0.0)
    if name in FRAMED:
        # markers of a list move to a frame that is free; the adapter of Final Cut cuts to whole
        # frames of a whole rate, and another test holds the fractions that are written
        n_frames = {"edl": 1.0, "fcpxml": 3.1}.get(name, 0.5)
        tolerance_s = float(n_frames / sheet.rate.frames) + 1e-6
    assert found[0] == pytest.approx(wanted[0], abs=tolerance_s, rel=0)
    if found[1] is not None:
        least_s = max(2 * tolerance_s, 1e-6)
        assert found[1] == pytest.approx(wanted[1], abs=tolerance_s + 1e-9, rel=0) or (
            wanted[1] - wanted[0] < least_s and found[1] - found[0] <= least_s
        )


@pytest.mark.parametrize("name", [name for name in EXPORT_FORMATS if name != "crate"])
def test_a_file_opens_in_its_own_library_and_gives_the_same_rows(name, sheets):
    for rate in RATES if name in FRAMED else ["24"]:
        found, wanted = opened(name, sheets[rate]), expected(name, sheets[rate])
        assert list(found) == list(wanted)
        for title, rows in wanted.items():
            own = sorted(found[title])
            for one, other in zip(own, sorted(rows), strict=True):
                close(name, sheets[rate], one, other)
            assert sorted(r[2] for r in own) == sorted(r[2] for r in rows)


def test_every_layer_has_rows_in_the_film_of_the_tests(sheets):
    assert tuple(layer.title for layer in sheets["24"].layers) == LAYER_TITLES


def test_every_format_has_an_oracle_and_a_name_on_the_command_line():
    assert tuple(CHECKED) == EXPORT_FORMATS == tuple(EXPORTS)


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("obeyed", ["", "|", "<>{}", '"', "\\<>"])
def test_a_hostile_title_stands_on_one_line_and_comes_back(title, obeyed):
    line = on_line(title, obeyed=obeyed)
    assert from_line(line) == title
    assert line == line.strip()
    assert line.isprintable() or "\u200d" in line
    assert not set(line) & (set(obeyed) - {"\\"})
    if "\\" in obeyed:
        assert "\\" not in re.sub(r"\\(?:[nrt]|x..|u....|U.{8})", "", line)


def test_no_two_markers_of_an_edit_list_lie_on_one_frame_and_they_are_sorted():
    film = a_hostile_film()
    same = [
        dataclasses.replace(one, film_start_s=5.0 + n * 1e-3, film_end_s=6.0)
        for n, one in enumerate(film.occurrences)
    ]
    sheet = export_sheet(dataclasses.replace(film, occurrences=tuple(reversed(same))))
    text = exported_files(sheet, ["edl"])["edl/occurrences.ostinato.edl"].decode()
    starts = [
        sheet.rate.frame_of_timecode(found)
        for found in re.findall(r"^\d+ +001 +V +C +(\S+)", text, flags=re.MULTILINE)
    ]
    assert starts == list(range(120, 120 + len(same)))


def test_intervals_of_praat_tile_from_zero_to_the_end(sheets):
    text = exported_files(sheets["24"], ["textgrid"])["layers.TextGrid"].decode()
    for tier in text.split("item [")[2:]:
        times = [float(t) for t in re.findall(r"^ {12}xm(?:in|ax) = (\S+)$", tier, re.MULTILINE)]
        assert times[0] == 0.0
        assert times[-1] == sheets["24"].end_s
        assert times[1:-1:2] == times[2::2]


def test_times_of_elan_are_whole_milliseconds(sheets):
    text = exported_files(sheets["24"], ["eaf"])["layers.eaf"].decode()
    values = re.findall(r'TIME_VALUE="([^"]*)"', text)
    assert values
    assert all(value.isdigit() for value in values)


def test_premiere_is_given_the_xml_of_final_cut_7(sheets):
    text = exported_files(sheets["24000/1001"], ["premiere"])["premiere.xml"].decode()
    assert '<xmeml version="5">' in text
    assert "<timebase>24</timebase>" in text
    assert "<ntsc>TRUE</ntsc>" in text


def test_times_of_final_cut_are_whole_frames(sheets):
    sheet = sheets["24000/1001"]
    text = exported_files(sheet, ["fcpxml"])["layers.fcpxml"].decode()
    assert 'frameDuration="1001/24000s"' in text
    found = re.findall(r'<marker start="([^"]*)s" duration="([^"]*)s"', text)
    frames = [tuple(Fraction(t) * sheet.rate.frames for t in times) for times in found]
    rows = [row for layer in sheet.layers for row in layer.rows]
    wanted = [sheet.frames(row.start_s, row.end_s) for row in rows]
    assert frames == [(first, end - first) for first, end in wanted]


def test_identifiers_of_a_manifest_are_absolute_addresses():
    base = "https://films.example.edu/a%20film"
    sheet = export_sheet(a_hostile_film(), base_url=base)
    manifest = json.loads(exported_files(sheet, ["iiif"])["manifest.json"])
    ids = re.findall(r'"id": "([^"]*)"', json.dumps(manifest))
    assert len(ids) > 20
    assert all(one.startswith(f"{base}/") for one in ids)


@pytest.mark.parametrize(
    "base", ["films.example", "ftp://x/", "file:///x", "https://", "http://a b"]
)
def test_what_is_no_address_is_refused(base):
    with pytest.raises(ParameterError, match="identifiers on the web begin with http"):
        export_sheet(a_hostile_film(), base_url=base)


def test_nothing_in_a_table_of_layers_is_run_by_a_spreadsheet(sheets):
    text = exported_files(sheets["24"], ["tsv"])["layers.tsv"].decode()
    for line in text.splitlines():
        cells = line.split("\t")
        assert len(cells) == 7
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_a_crate_describes_every_file_beside_it(sheets):
    files = exported_files(sheets["24"], ["all"])
    found = CHECKED["crate"][1](files, sheets["24"])
    described = {name: len(content) for name, content in files.items()}
    described.pop("ro-crate-metadata.json")
    assert {unquote(name): size for name, size in found.items()} == described


def test_a_format_that_there_is_not_is_refused_by_name():
    sheet = export_sheet(a_hostile_film())
    with pytest.raises(ParameterError, match="there is no format 'docx'"):
        exported_files(sheet, ["eaf", "docx"])
    with pytest.raises(ParameterError, match="it names no format"):
        exported_files(sheet, [])
