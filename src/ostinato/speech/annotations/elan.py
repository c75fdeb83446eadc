"""ELAN's annotation files (EAF).

A file with a document type is refused: it may name other files, or grow without bound when it is
read. ELAN writes none. Identifiers are looked up in the tier that an annotation refers to, since
files that were merged repeat them.

References
----------
.. [1] H. Brugman and A. Russel, "Annotating multimedia / multi-modal resources with ELAN",
       *LREC* 2004, 2065-2068.
.. [2] Max Planck Institute for Psycholinguistics, "ELAN Annotation Format", schema 2.8, 2014.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

from ostinato.errors import StudyError
from ostinato.speech.annotations.aligned import Pieces, Times, pieces_of, times_of_chain
from ostinato.speech.annotations.encoding import read_bytes
from ostinato.speech.annotations.tiers import Tier, TierRow, Tiers

_MEND = "Save it again in ELAN"
_MILLISECONDS = re.compile(r"[-+]?\d{1,12}")


@dataclass(frozen=True, slots=True)
class _Medium:
    name: str
    origin_s: float


def read_elan(path: Path, *, film_name: str | None = None) -> Tiers:
    """Read the tiers of an ELAN file.

    `film_name`: by which the film is known among several linked media. Raises StudyError if the
    file cannot be read, is no EAF, has a document type, counts in frames, or is linked to several
    media with different origins.
    """
    return _read(path, read_bytes(path), film_name)


@lru_cache(maxsize=2)  # a long file takes seconds, and is asked for its labels and for its tiers
def _read(path: Path, data: bytes, film_name: str | None) -> Tiers:
    document = _parsed(path, data)
    header = document.find("HEADER")
    units = "milliseconds" if header is None else header.get("TIME_UNITS", "milliseconds")
    if document.tag != "ANNOTATION_DOCUMENT" or units != "milliseconds":
        reason = f"it counts in {units}" if document.tag == "ANNOTATION_DOCUMENT" else "it is none"
        raise StudyError(f"ELAN file {path}", reason, _MEND)
    film = _film(path, document, film_name)
    slots_s = _slots_s(path, document, film.origin_s)
    elements = document.findall("TIER")
    times = _times(elements, slots_s)
    tiers = [
        Tier(tier.get("TIER_ID", ""), tuple(map(_row, tier.iterfind("ANNOTATION/*"), times[i])))
        for i, tier in enumerate(elements)
    ]
    note = f"{film.origin_s:g} s added, the time origin of {film.name} in ELAN"
    return Tiers(tiers=tuple(tiers), notes=(note,) if film.origin_s else ())


class _NoDoctype(ET.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:  # noqa: ARG002
        raise _DoctypeError


class _DoctypeError(Exception):
    pass


def _parsed(path: Path, data: bytes) -> ET.Element:
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - see `_NoDoctype`
    try:
        return ET.parse(io.BytesIO(data), parser=parser).getroot()  # noqa: S314
    except _DoctypeError as error:
        raise StudyError(
            str(path), "it has a document type, which no file of ELAN has", _MEND
        ) from error
    except (ET.ParseError, LookupError, ValueError) as error:
        raise StudyError(str(path), f"it is no XML ({error})", _MEND) from error


def _film(path: Path, document: ET.Element, film_name: str | None) -> _Medium:
    """Find the film among the linked media; of media with one origin it does not matter which."""
    media = [
        _Medium(
            _file_name(one.get("MEDIA_URL") or one.get("RELATIVE_MEDIA_URL") or ""),
            _seconds(path, "time origin", one.get("TIME_ORIGIN") or "0"),
        )
        for one in document.iterfind("HEADER/MEDIA_DESCRIPTOR")
    ]
    named = [one for one in media if _stem(one.name) == _stem(film_name or "")]
    origins = {one.origin_s for one in named or media}
    if len(origins) > 1:
        listed = ", ".join(f"{one.name} at {one.origin_s:g} s" for one in media[:4])
        raise StudyError(
            str(path),
            f"its linked media have different origins ({listed}), and which is the film is unknown",
            "Leave only the film in Edit, Linked Files",
        )
    return (named or media or [_Medium("the film", 0.0)])[0]


def _file_name(url: str) -> str:
    return re.split(r"[/\\]", url)[-1].replace("%20", " ")


def _stem(name: str) -> str:
    return Path(name).stem.lower()


def _slots_s(path: Path, document: ET.Element, origin_s: float) -> dict[str, float]:
    slots_s: dict[str, float] = {}
    for slot in document.iterfind("TIME_ORDER/TIME_SLOT"):
        name, value = slot.get("TIME_SLOT_ID", ""), slot.get("TIME_VALUE")
        if value is None:
            continue
        time_s = _seconds(path, f"time slot {name}", value) + origin_s
        if slots_s.setdefault(name, time_s) != time_s:
            raise StudyError(
                f"{path}, time slot {name}", "it is there twice, with different times", _MEND
            )
    return slots_s


def _seconds(path: Path, what: str, value: str) -> float:
    if _MILLISECONDS.fullmatch(value.strip()) is None:
        shown = value if len(value) <= 24 else f"{value[:24]}…"  # noqa: PLR2004
        raise StudyError(f"{path}, {what}", f"{shown!r} is no number of milliseconds", _MEND)
    return int(value) / 1000


def _times(elements: Sequence[ET.Element], slots_s: dict[str, float]) -> list[list[Times]]:
    """Find the times of all annotations by tier, of parents before their children."""
    times: list[list[Times]] = [[] for _ in elements]
    known: dict[str, dict[str, Times]] = {}
    everywhere: dict[str, Times] = {}
    for i in _parents_first(elements):
        annotations = elements[i].findall("ANNOTATION/*")
        parents = known.get(elements[i].get("PARENT_REF", ""), {})
        chain = times_of_chain([(_slot(one, 1), _slot(one, 2)) for one in annotations], slots_s)
        pieces = pieces_of(
            [
                (one.get("ANNOTATION_ID", ""), one.get("ANNOTATION_REF"), _previous(one))
                for one in annotations
            ]
        )
        times[i] = [
            own if one.tag == "ALIGNABLE_ANNOTATION" else _part(one, piece, parents, everywhere)
            for one, own, piece in zip(annotations, chain, pieces, strict=True)
        ]
        here = known.setdefault(elements[i].get("TIER_ID", ""), {})
        for one, time in zip(annotations, times[i], strict=True):
            _remember(here, one.get("ANNOTATION_ID", ""), time)
            _remember(everywhere, one.get("ANNOTATION_ID", ""), time)
    return times


def _remember(known: dict[str, Times], name: str, time: Times) -> None:
    # an identifier that means two times means none
    known[name] = time if known.get(name, time) == time else None


def _part(
    one: ET.Element, piece: Pieces, parents: dict[str, Times], everywhere: dict[str, Times]
) -> Times:
    reference = one.get("ANNOTATION_REF", "")
    whole = parents[reference] if reference in parents else everywhere.get(reference)
    return None if whole is None else piece.of(whole)


def _parents_first(elements: Sequence[ET.Element]) -> list[int]:
    parent_of = {tier.get("TIER_ID", ""): tier.get("PARENT_REF") for tier in elements}
    depths: dict[str | None, int] = {None: 0}
    for name in parent_of:
        path: list[str | None] = []
        at: str | None = name
        while at not in depths and at in parent_of:
            depths[at] = 0  # a file that was edited by hand may refer in a circle
            path.append(at)
            at = parent_of[at]
        for step, one in enumerate(reversed(path), start=1):
            depths[one] = depths.get(at, 0) + step
    # a tier that names no parent may still refer to annotations: those come last
    return sorted(
        range(len(elements)),
        key=lambda i: (
            elements[i].get("PARENT_REF") is None
            and elements[i].find("ANNOTATION/REF_ANNOTATION") is not None,
            depths[elements[i].get("TIER_ID", "")],
        ),
    )


def _slot(annotation: ET.Element, number: int) -> str:
    return annotation.get(f"TIME_SLOT_REF{number}", "")


def _previous(annotation: ET.Element) -> str | None:
    return annotation.get("PREVIOUS_ANNOTATION")


def _row(annotation: ET.Element, times_s: Times) -> TierRow:
    return TierRow(
        f"annotation {annotation.get('ANNOTATION_ID', '?')}",
        times_s,
        annotation.findtext("ANNOTATION_VALUE") or "",
    )
