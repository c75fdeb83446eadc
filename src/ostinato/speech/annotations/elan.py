"""ELAN's annotation files (EAF).

A file with a document type is refused: it may name other files, or grow without bound when it is
read. ELAN writes none.

References
----------
.. [1] H. Brugman and A. Russel, "Annotating multimedia / multi-modal resources with ELAN",
       *LREC* 2004, 2065-2068.
.. [2] Max Planck Institute for Psycholinguistics, "ELAN Annotation Format", schema 2.8, 2014.
"""

from pathlib import Path
from xml.etree import ElementTree as ET

from ostinato.errors import StudyError
from ostinato.speech.annotations.tiers import Tier, TierRow

_MEND = "Save it again in ELAN"
_Slots = tuple[str, str]


def read_elan(path: Path) -> list[Tier]:
    """Read the tiers of an ELAN file.

    Parameters
    ----------
    path : pathlib.Path
        EAF of any version, in milliseconds.

    Returns
    -------
    list of Tier
        An annotation that refers to another has the other's time.

    Raises
    ------
    StudyError
        If the file cannot be read, is no EAF, has a document type or counts in frames.
    """
    document = _parsed(path)
    header = document.find("HEADER")
    units = "milliseconds" if header is None else header.get("TIME_UNITS", "milliseconds")
    if document.tag != "ANNOTATION_DOCUMENT" or units != "milliseconds":
        reason = f"it counts in {units}" if document.tag == "ANNOTATION_DOCUMENT" else "it is none"
        raise StudyError(f"ELAN file {path}", reason, _MEND)
    times_s = _times_s(path, document)
    slots, parents = _annotations(document)
    return [
        Tier(
            tier.get("TIER_ID", ""),
            tuple(
                _row(
                    annotation, _slots_of(annotation.get("ANNOTATION_ID"), slots, parents), times_s
                )
                for annotation in tier.iterfind("ANNOTATION/*")
            ),
        )
        for tier in document.iterfind("TIER")
    ]


class _NoDoctype(ET.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:  # noqa: ARG002
        raise _DoctypeError


class _DoctypeError(Exception):
    pass


def _parsed(path: Path) -> ET.Element:
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - see `_NoDoctype`
    try:
        return ET.parse(path, parser=parser).getroot()  # noqa: S314
    except OSError as error:
        raise StudyError(
            str(path), f"it cannot be read ({error.strerror})", "Give a file that exists"
        ) from error
    except _DoctypeError as error:
        raise StudyError(
            str(path), "it has a document type, which no file of ELAN has", _MEND
        ) from error
    except (ET.ParseError, LookupError, ValueError) as error:
        raise StudyError(str(path), f"it is no XML ({error})", _MEND) from error


def _times_s(path: Path, document: ET.Element) -> dict[str, float]:
    times_s = {}
    for slot in document.iterfind("TIME_ORDER/TIME_SLOT"):
        name, value = slot.get("TIME_SLOT_ID", ""), slot.get("TIME_VALUE")
        if value is None:
            continue
        try:
            times_s[name] = int(value) / 1000
        except ValueError as error:
            raise StudyError(
                f"{path}, time slot {name}", f"{value!r} is no number of milliseconds", _MEND
            ) from error
    return times_s


def _annotations(document: ET.Element) -> tuple[dict[str, _Slots], dict[str, str]]:
    """Time slots of annotations that have any, and to which others the rest refer."""
    slots = {
        one.get("ANNOTATION_ID", ""): (
            one.get("TIME_SLOT_REF1", ""),
            one.get("TIME_SLOT_REF2", ""),
        )
        for one in document.iter("ALIGNABLE_ANNOTATION")
    }
    parents = {
        one.get("ANNOTATION_ID", ""): one.get("ANNOTATION_REF", "")
        for one in document.iter("REF_ANNOTATION")
    }
    return slots, parents


def _slots_of(name: str | None, slots: dict[str, _Slots], parents: dict[str, str]) -> _Slots | None:
    seen: set[str | None] = set()
    while name is not None and name not in slots and name not in seen:
        seen.add(name)  # a file that was edited by hand may refer in a circle
        name = parents.get(name)
    return slots.get(name or "")


def _row(annotation: ET.Element, slots: _Slots | None, times_s: dict[str, float]) -> TierRow:
    known = [times_s[slot] for slot in slots or () if slot in times_s]
    return TierRow(
        f"annotation {annotation.get('ANNOTATION_ID', '?')}",
        (known[0], known[1]) if len(known) == 2 else None,  # noqa: PLR2004 - start and end
        annotation.findtext("ANNOTATION_VALUE") or "",
    )
