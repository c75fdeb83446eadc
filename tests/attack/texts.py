"""Texts that a person gives, damaged by seed, and the readers that must read or refuse them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tests.report.claims import with_claims
from tests.report.examples import a_feature_film

from ostinato.errors import OstinatoError
from ostinato.export import Labelled, encode_labels
from ostinato.results import SampledLabel, decode_results, encode_results
from ostinato.results.identity import DrawnSample, encode_drawn, read_drawn
from ostinato.results.store import (
    MANIFEST_NAME,
    Manifest,
    WrittenFile,
    encode_manifest,
    read_manifest,
)
from ostinato.speech import (
    SpeechParameters,
    read_foreign,
    read_label_reading,
    read_labels_and_sample,
    read_sample,
)
from ostinato.speech.annotations.subtitles.subtitle_file import read_subtitle_file
from ostinato.study import read_scenes, read_study, study_template

FILM = with_claims(a_feature_film())
MOST_CPU_S = 10.0
_ROWS = [
    Labelled(1.0, 2.5, "narration"),
    Labelled(3.0, 4.0, "dialogue"),
    Labelled(4.5, 9.0, "?"),
]
_SRT = (
    "1\n00:00:01,000 --> 00:00:02,500\n<i>(V.O.) I slept.</i>\n\n"
    "2\n00:00:03,000 --> 00:00:04,000 X1:1 X2:2\n- NARRATOR: &amp; you? [radio]\n- 心声：…\n\n"  # noqa: RUF001 - as it is written there
)
_ASS = (
    "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Italic\n"
    "Style: Default,Arial,0\nStyle: Off,Arial,-1\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.00,Off,Narrator,0,0,0,,{\\i1}I slept{\\r}\\Nlong\n"
)
_TTML = (
    '<?xml version="1.0" encoding="UTF-8"?><tt xmlns="http://www.w3.org/ns/ttml" '
    'xmlns:tts="http://www.w3.org/ns/ttml#styling" '
    'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:frameRate="25"><head><styling>'
    '<style xml:id="i" tts:fontStyle="italic"/></styling></head><body><div>'
    '<p begin="00:00:01:05" end="2.5s" style="i">I slept<br/>long</p></div></body></tt>'
)
_DRAWN = DrawnSample(
    film_sha256="0" * 64,
    frame=(
        SampledLabel(
            start_s=1.0,
            end_s=2.0,
            kind="dialogue",
            is_open=True,
            predicted="dialogue",
            stratum="d",
            p_inclusion=0.5,
            segment="T1",
        ),
    ),
    drawn=("T1",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A reader, the name of the file that it is given, and a text that it takes."""

    name: str
    text: bytes
    read: Callable[[Path], Any]


def _drawn(path: Path) -> object:
    return read_drawn(path.parent)


def _manifest(path: Path) -> object:
    return read_manifest(path.parent)


def _results(path: Path) -> object:
    return encode_results(decode_results(path.read_bytes()))


_read_subtitles = partial(read_subtitle_file, parameters=SpeechParameters())
_read_labels = partial(read_label_reading, film_name="film.mkv")
_read_both = partial(read_labels_and_sample, film_name="film.mkv")


def _of_labels(suffix: str) -> bytes:
    return encode_labels(Path(f"labels{suffix}"), _ROWS, FILM)


READERS: dict[str, Reader] = {
    "SubRip": Reader(name="s.srt", text=_SRT.encode(), read=_read_subtitles),
    "SubRip in Big5": Reader(
        name="s.srt", text=_SRT.replace("…", "").encode("big5", "replace"), read=_read_subtitles
    ),
    "WebVTT": Reader(
        name="s.vtt",
        text=b"WEBVTT\n\nNOTE x\n\n1\n00:01.000 --> 00:02.000 align:start\n<v Bob><i>Hi</i>\n",
        read=_read_subtitles,
    ),
    "ASS": Reader(name="s.ass", text=_ASS.encode(), read=_read_subtitles),
    "TTML": Reader(name="s.ttml", text=_TTML.encode(), read=_read_subtitles),
    "SAMI": Reader(
        name="s.smi",
        text=b"<SAMI><BODY><SYNC Start=1000><P Class=EN><i>Hi</i><SYNC Start=2000><P>&nbsp;",
        read=_read_subtitles,
    ),
    "SBV": Reader(
        name="s.sbv", text=b"0:00:01.000,0:00:02.000\n[V.O.] Hi\n\n", read=_read_subtitles
    ),
    "MicroDVD": Reader(
        name="s.sub", text=b"{1}{1}25\n{25}{50}{y:i}Hi|you\n{75}{}x\n", read=_read_subtitles
    ),
    "MPL2": Reader(name="s.txt", text=b"[10][20]/Hi|you\n[30][]x\n", read=_read_subtitles),
    "ELAN": Reader(name="l.eaf", text=_of_labels(".eaf"), read=_read_labels),
    "Praat": Reader(name="l.TextGrid", text=_of_labels(".TextGrid"), read=_read_labels),
    "Audacity": Reader(name="l.txt", text=_of_labels(".txt"), read=_read_labels),
    "table of labels": Reader(name="l.tsv", text=_of_labels(".tsv"), read=_read_both),
    "sample": Reader(
        name="sample.tsv",
        text=b"start_s\tend_s\tkind\tpredicted\tstratum\tp_inclusion\n"
        b"0.5\t2.25\tnarration\tdialogue\td\t0.5\n3.0\t5.5\t?\tdialogue\td\t0.5\n",
        read=read_sample,
    ),
    "Whisper": Reader(
        name="w.json",
        text=b'{"segments": [{"start": 1.0, "end": 2.5, "text": "a", "speaker": "S1"}]}',
        read=read_foreign,
    ),
    "Web Annotation": Reader(
        name="w.jsonld",
        text=b'{"type": "Annotation", "body": {"value": "a"}, "target": "x#t=1,2.5"}',
        read=read_foreign,
    ),
    "RTTM": Reader(
        name="t.rttm",
        text=b"SPEAKER film 1 1.0 1.5 <NA> <NA> S1 <NA> <NA>\n",
        read=read_foreign,
    ),
    "table of another program": Reader(
        name="t.csv",
        text=b'"start in seconds","duration in seconds","annotations"\n"1.0","1.5","[\'a\']"\n',
        read=read_foreign,
    ),
    "scenes": Reader(
        name="scenes.tsv",
        text="name\tstart\tend\tstory\tday\nthe bar\t0:00:10\t1:02,5\tone\t1\n"
        "重慶\t1:02:03\t2:00:00\t\t\n".encode(),
        read=read_scenes,
    ),
    "study.toml": Reader(
        name="study.toml",
        text=study_template("chungking-express")["study.toml"].encode(),
        read=read_study,
    ),
    "results.json": Reader(name="results.json", text=encode_results(FILM), read=_results),
    "manifest": Reader(
        name=MANIFEST_NAME,
        text=encode_manifest(
            Manifest(
                schema="ostinato-manifest/1",
                files=(WrittenFile(name="a/b.tsv", n_bytes=3, sha256="0" * 64),),
            )
        ),
        read=_manifest,
    ),
    "drawn.json": Reader(
        name="drawn.json",
        text=encode_drawn(_DRAWN),
        read=_drawn,
    ),
}
_MARKS = (
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1b[31m", b"\r", b"\r\n", b"\x85"),
    *(b'"', b"'", b"<", b">", b"&", b"&#0;", b"{", b"}", b"[", b"]", b"(", b"\\", b"\t", b";"),
    *(b"-1", b"nan", b"inf", b"1e999", b"9" * 400, b"0x1", b"1_0", b"null", b"true", b"[" * 99),
    *("\u202e".encode(), "\u2028".encode(), "١٢".encode(), "²".encode(), b"<!DOCTYPE a>", b"--"),
)


def damaged(text: bytes, rng: np.random.Generator) -> bytes:
    """Change a text in one to six places, in ways that readers do not like."""
    for _ in range(int(rng.integers(1, 7))):
        at = int(rng.integers(len(text) + 1))
        length = int(rng.integers(1, 30))
        kind = int(rng.integers(7))
        mark = _MARKS[int(rng.integers(len(_MARKS)))]
        if kind == 0:
            text = text[:at] + mark + text[at:]
        elif kind == 1:
            text = text[:at] + mark + text[at + length :]
        elif kind == 2:
            text = text[:at] + text[at + length :]
        elif kind == 3:
            text = text[:at] + text[max(0, at - length) : at] + text[at:]
        elif kind == 4:
            text = text[:at]
        elif kind == 5:
            text = text[:at] + mark * int(rng.integers(2, 50)) + text[at:]
        else:
            other = int(rng.integers(len(text) + 1))
            text = text[:at] + text[other : other + length] + text[at:]
    return text


def complaint(reader: Reader, text: bytes, folder: Path) -> str | None:
    """Have a text read; None if it is read or refused in words, at a cost that its length has."""
    path = folder / reader.name
    path.write_bytes(text)
    start_s = time.process_time()
    try:
        reader.read(path)
    except OstinatoError as error:
        if not all((error.thing.strip(), error.reason.strip(), error.mend.strip())):
            return f"no words: {error}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a traceback
        return f"{type(error).__name__}: {error}"
    if time.process_time() - start_s > MOST_CPU_S:
        return "too slow"
    return None
