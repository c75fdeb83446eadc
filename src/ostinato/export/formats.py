"""The formats that go out: who reads each, what it keeps, and what is changed on the way.

The table in the docs is made of these values and of what the tests hold them against.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ostinato.choices import EXPORT_FORMATS
from ostinato.errors import ParameterError
from ostinato.export.annotation_editors import eaf, textgrid
from ostinato.export.editing_programs import edl, fcpxml, otio, premiere
from ostinato.export.row_tables import (
    audacity,
    cue_sheet,
    rttm,
    sonic_visualiser,
    srt,
    tilia,
    tsv,
    vtt,
)
from ostinato.export.sheet import ExportSheet
from ostinato.export.web_and_archives import crate, iiif, jams, web_annotation

__all__ = ["EXPORTS", "ExportFormat", "exported_files"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """One format that goes out.

    Parameters
    ----------
    name : str
        As it is given to ``--to``.
    readers : str
        The programs that open it.
    files : str
        What is written.
    resolution : str
        To which unit times are kept.
    changed : str
        What of a text is written otherwise.
    comes_back : bool
        Whether `ostinato import` reads it.
    encode : callable
        From a sheet to the content of each file, by its name.
    """

    name: str
    readers: str
    files: str
    resolution: str
    changed: str
    comes_back: bool
    encode: Callable[[ExportSheet], dict[str, bytes]]


_UNSEEN = "what cannot be seen, by its number: `\\n`, `\\x1b`"
_ALL = "nothing"
_EACH = "one a layer"
_ONE = "one of all layers"


def _without_files(sheet: ExportSheet) -> dict[str, bytes]:
    return crate(sheet, {})


_LIST = (
    ("tsv", "spreadsheets, R, pandas", _ONE, "exact", _UNSEEN, True, tsv),
    ("audacity", "Audacity: File, Import, Labels", _EACH, "1 µs", _UNSEEN, True, audacity),
    ("eaf", "ELAN", _ONE, "1 ms", _UNSEEN, True, eaf),
    ("textgrid", "Praat", _ONE, "exact", _UNSEEN, True, textgrid),
    ("sv", "Sonic Visualiser: a layer of regions", _EACH, "1 ns", _UNSEEN, True, sonic_visualiser),
    ("tilia", "TiLiA: a timeline of ranges", _ONE, "exact", _UNSEEN, True, tilia),
    ("srt", "players, subtitle editors", _EACH, "1 ms", _UNSEEN + "; `\\<>{}`", True, srt),
    ("vtt", "players, web pages", _EACH, "1 ms", _UNSEEN + "; `\\<>{}`", True, vtt),
    ("edl", "Resolve, Avid: markers", _EACH, "1 frame", _UNSEEN + "; `|`", False, edl),
    ("premiere", "Premiere Pro, Resolve", _ONE, "1 frame", _UNSEEN, False, premiere),
    ("fcpxml", "Final Cut Pro, Resolve", _ONE, "1 frame", _UNSEEN, False, fcpxml),
    ("web-annotation", "Recogito, annotation servers", _EACH, "exact", _ALL, True, web_annotation),
    ("iiif", "Mirador, Aviary, Universal Viewer", _ONE, "exact", _ALL, True, iiif),
    ("jams", "jams, mirdata", _ONE, "exact", _ALL, False, jams),
    ("rttm", "pyannote, dscore", _EACH, "1 ms", _UNSEEN + "; blanks to `_`", True, rttm),
    ("otio", "OpenTimelineIO", _ONE, "1 frame", _UNSEEN, False, otio),
    ("cue-sheet", "rights societies; VLC, foobar2000", _EACH, "1/75 s", _UNSEEN, False, cue_sheet),
    (
        "crate",
        "archives: RO-Crate 1.1",
        "metadata and results",
        "exact",
        _ALL,
        False,
        _without_files,
    ),
)
EXPORTS: dict[str, ExportFormat] = {
    name: ExportFormat(
        name=name,
        readers=readers,
        files=files,
        resolution=resolution,
        changed=changed,
        comes_back=comes_back,
        encode=encode,
    )
    for name, readers, files, resolution, changed, comes_back, encode in _LIST
}


def exported_files(sheet: ExportSheet, names: Sequence[str]) -> dict[str, bytes]:
    """Encode a film's layers in some formats.

    Parameters
    ----------
    sheet : ExportSheet
        What goes out.
    names : sequence of str
        Of formats; ``all`` for each there is.

    Returns
    -------
    dict of str to bytes
        The content of each file by its place in a folder.

    Raises
    ------
    ParameterError
        If there is no such format.
    """
    chosen = EXPORT_FORMATS if "all" in names else tuple(dict.fromkeys(names))
    unknown = [name for name in names if name not in (*EXPORTS, "all")]
    if unknown or not chosen:
        raise ParameterError(
            f"--to {','.join(names)[:80]}",
            f"there is no format {unknown[0][:40]!r}" if unknown else "it names no format",
            f"Give some of {', '.join(EXPORT_FORMATS)}, or all",
        )
    files: dict[str, bytes] = {}
    for name in chosen:
        if name != "crate":
            files |= EXPORTS[name].encode(sheet)
    return files | crate(sheet, files) if "crate" in chosen else files
