"""What each format's own library, or its grammar, makes of what was written.

`CHECKED` says of each format by what its files are opened in the tests; the table in the docs is
made of it. A reader gives back the rows of each layer: start, end (None where the format has none)
and text.
"""

import csv
import html
import io
import json
import re
import tempfile
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pandas as pd
import pysubs2
import webvtt
from iiif_prezi3 import Manifest
from praatio import textgrid
from pympi import Elan
from rocrate.rocrate import ROCrate

CHECKED = {}


def checked_with(name, oracle):
    def register(read):
        CHECKED[name] = (oracle, read)
        return read

    return register


def layer_of(path):
    return Path(path).stem.replace(".", "@").replace("voice-names", "voice names")


def by_layer(files, suffix, read):
    return {layer_of(name): read(name, files[name]) for name in files if name.endswith(suffix)}


def opened(name, content, read):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        return read(str(path))


@checked_with("tsv", "pandas")
def read_tsv(files, _sheet):
    table = pd.read_csv(
        io.BytesIO(files["layers.tsv"]),
        sep="\t",
        quoting=csv.QUOTE_NONE,
        keep_default_na=False,
        dtype={"id": str, "text": str},
    )
    rows = {}
    for one in table.itertuples():
        words = f"{one.id} {one.text}" if one.by == "ostinato" else one.text
        rows.setdefault(one.layer, []).append((one.start_s, one.end_s, words))
    return rows


@checked_with("audacity", "its grammar: three cells")
def read_audacity(files, _sheet):
    def read(_name, content):
        lines = [line.split("\t") for line in content.decode().split("\n")[:-1]]
        assert all(len(cells) == 3 for cells in lines)
        return [(float(start), float(end), text) for start, end, text in lines]

    return by_layer(files, ".txt", read)


@checked_with("eaf", "pympi-ling")
def read_eaf(files, _sheet):
    def read(path):
        eaf = Elan.Eaf(path)
        rows = {}
        for tier in eaf.get_tier_names():
            found = eaf.get_annotation_data_for_tier(tier)
            rows.setdefault(re.sub(r" \(\d+\)$", "", tier), []).extend(
                (one[0] / 1000, one[1] / 1000, one[2]) for one in found
            )
        return rows

    return opened("layers.eaf", files["layers.eaf"], read)


@checked_with("textgrid", "praatio")
def read_textgrid(files, _sheet):
    def read(path):
        grid = textgrid.openTextgrid(path, includeEmptyIntervals=False)
        rows = {}
        for name in grid.tierNames:
            rows.setdefault(re.sub(r" \(\d+\)$", "", name), []).extend(
                (one.start, one.end, one.label) for one in grid.getTier(name).entries
            )
        return rows

    return opened("layers.TextGrid", files["layers.TextGrid"], read)


@checked_with("sv", "csv, by Sonic Visualiser's columns")
def read_sv(files, _sheet):
    def read(_name, content):
        table = list(csv.reader(io.StringIO(content.decode())))
        assert table[0] == ["time", "value", "duration", "label"]
        return [(float(t), float(t) + float(d), text) for t, _, d, text in table[1:]]

    return by_layer({n: c for n, c in files.items() if n.startswith("sv/")}, ".csv", read)


@checked_with("tilia", "csv, by TiLiA's columns")
def read_tilia(files, _sheet):
    table = list(csv.DictReader(io.StringIO(files["tilia-ranges.csv"].decode())))
    rows = {}
    for one in table:
        assert re.fullmatch(r"#[0-9a-f]{6}", one["color"])
        assert float(one["end"]) > float(one["start"])
        row = float(one["start"]), float(one["end"]), one["label"]
        rows.setdefault(one["row"], []).append(row)
    return rows


@checked_with("srt", "pysubs2")
def read_srt(files, _sheet):
    def read(_name, content):
        subs = pysubs2.SSAFile.from_string(content.decode(), format_="srt")
        return [(one.start / 1000, one.end / 1000, one.text) for one in subs]

    return by_layer(files, ".srt", read)


@checked_with("vtt", "webvtt-py")
def read_vtt(files, _sheet):
    def read(_name, content):
        found = webvtt.from_buffer(io.StringIO(content.decode()))
        return [(clock_s(one.start), clock_s(one.end), html.unescape(one.text)) for one in found]

    return by_layer(files, ".vtt", read)


def clock_s(text):
    hours, minutes, seconds = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def in_seconds(time):
    return float(Fraction(time.value) / Fraction(time.rate).limit_denominator(1001))


def range_in_seconds(marked, start_s=0.0):
    start = in_seconds(marked.start_time) - start_s
    return start, start + in_seconds(marked.duration)


@checked_with("edl", "opentimelineio, otio-cmx3600-adapter")
def read_edl(files, sheet):
    zero_s = float(sheet.rate.seconds(sheet.first_frame))

    def read(_name, content):
        text = content.decode()
        timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=float(sheet.rate.frames))
        lengths = [int(n) for n in re.findall(r"\|D:(\d+)$", text, flags=re.MULTILINE)]
        clips = list(timeline.find_clips())
        assert len(lengths) == len(clips)
        rows = []
        for clip, length in zip(clips, lengths, strict=True):
            start_s = in_seconds(clip.source_range.start_time) - zero_s
            end_s = start_s + float(sheet.rate.seconds(length))
            if not sheet.rate.is_drop:  # the adapter takes no semicolon there
                (marker,) = clip.markers
                assert marker.marked_range.start_time == clip.source_range.start_time
            name = re.search(rf"^\* LOC: {_tc(sheet, clip)} \w+ +(.*)$", text, re.MULTILINE)[1]
            rows.append((start_s, end_s, name))
        return rows

    return by_layer(files, ".edl", read)


def _tc(sheet, clip):
    start = clip.source_range.start_time
    return otio.opentime.to_timecode(start, float(sheet.rate.frames), sheet.rate.is_drop)


@checked_with("premiere", "opentimelineio, otio-fcp-adapter")
def read_premiere(files, _sheet):
    found = otio.adapters.read_from_string(files["premiere.xml"].decode(), "fcp_xml")
    timelines = [found] if isinstance(found, otio.schema.Timeline) else list(found)
    return {
        one.name: [
            (*range_in_seconds(marker.marked_range), marker.name) for marker in one.tracks.markers
        ]
        for one in timelines
    }


@checked_with("fcpxml", "opentimelineio, otio-fcpx-xml-adapter")
def read_fcpxml(files, _sheet):
    found = otio.adapters.read_from_string(files["layers.fcpxml"].decode(), "fcpx_xml")
    rows = {}
    for timeline in found:
        (clip,) = timeline.find_clips()
        rows[timeline.name] = [
            (*range_in_seconds(marker.marked_range), marker.name) for marker in clip.markers
        ]
    return rows


@checked_with("web-annotation", "W3C's model, by its required keys")
def read_web_annotation(files, _sheet):
    rows = {}
    for name in files:
        if not name.startswith("web-annotation/"):
            continue
        collection = json.loads(files[name])
        assert collection["type"] == "AnnotationCollection"
        assert collection["@context"] == "http://www.w3.org/ns/anno.jsonld"
        items = collection["first"]["items"]
        assert collection["total"] == len(items)
        assert len({one["id"] for one in items}) == len(items)
        rows[collection["label"]] = [read_annotation(one) for one in items]
    return rows


def read_annotation(one):
    body = one["body"][0] if isinstance(one["body"], list) else one["body"]
    target = one["target"]
    fragment = target["selector"]["value"] if isinstance(target, dict) else target.split("#")[1]
    start, _, end = fragment.removeprefix("t=").partition(",")
    return float(start), float(end or start), body["value"]


@checked_with("iiif", "iiif-prezi3")
def read_iiif(files, _sheet):
    manifest = Manifest.model_validate_json(files["manifest.json"].decode())
    (canvas,) = manifest.items
    rows = {}
    for page in json.loads(files["manifest.json"])["items"][0]["annotations"]:
        rows[page["label"]["none"][0]] = [read_annotation(one) for one in page["items"]]
    assert len(canvas.annotations) == len(rows)
    return rows


@checked_with("jams", "jams, by hand; its schema's keys")
def read_jams(files, _sheet):
    document = json.loads(files["layers.jams"])
    assert set(document) == {"annotations", "file_metadata", "sandbox"}
    return {
        one["sandbox"]["layer"]: [
            (row["time"], row["time"] + row["duration"], row["value"]) for row in one["data"]
        ]
        for one in document["annotations"]
    }


@checked_with("rttm", "NIST's grammar: ten cells; pyannote, by hand")
def read_rttm(files, _sheet):
    def read(_name, content):
        lines = [line.split(" ") for line in content.decode().splitlines()]
        assert all(len(cells) == 10 and cells[0] == "SPEAKER" for cells in lines)
        return [(float(c[3]), float(c[3]) + float(c[4]), c[7]) for c in lines]

    return by_layer(files, ".rttm", read)


@checked_with("otio", "opentimelineio")
def read_otio(files, _sheet):
    timeline = otio.adapters.read_from_string(files["layers.otio"].decode(), "otio_json")
    assert list(timeline.video_tracks()) == list(timeline.tracks)
    return {
        track.name: [(*range_in_seconds(one.marked_range), one.name) for one in track.markers]
        for track in timeline.tracks
    }


@checked_with("cue-sheet", "its grammar; csv")
def read_cue_sheet(files, _sheet):
    rows = {}
    for name in files:
        if not name.endswith(".cue"):
            continue
        text = files[name].decode()
        found = re.findall(
            r'^  TRACK \d\d AUDIO\n    TITLE "([^"\n]*)"\n    INDEX 01 (\d+):(\d\d):(\d\d)$',
            text,
            flags=re.MULTILINE,
        )
        assert text.count("TRACK") >= len(found) <= 99
        rows.setdefault(re.sub(r"-\d+$", "", layer_of(name)), []).extend(
            (int(m) * 60 + int(s) + int(f) / 75, None, title) for title, m, s, f in found
        )
    return rows


@checked_with("crate", "rocrate")
def read_crate(files, _sheet):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        crate = ROCrate(folder)
        return {one["name"]: int(one["contentSize"]) for one in crate.data_entities}
