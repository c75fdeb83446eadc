"""List what is installed with Ostinato, with versions and licences.

    python scripts/write_sbom.py --out sbom.json       CycloneDX 1.5
    python scripts/write_sbom.py --out licences.md     a table for people

What counts is what the installed packages say of themselves, and FFmpeg of itself. The same
environment gives the same bytes.
"""

import argparse
import json
import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import av
import av._core  # what is printed by `python -m av`; there is no other way to ask for it
from packaging.requirements import Requirement

_LONGEST_NAME = 60  # a longer "License" is the whole text of one
_TROVE = "License :: OSI Approved :: "
_OF_TEXT = (("matplotlib", "PSF-based"), ("kiwi", "BSD"), ("Enthought", "BSD"), ("BSD", "BSD"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something that is installed."""

    name: str
    version: str
    licence: str
    kind: str = "library"
    needs: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """How others in the list refer to it."""
        scheme = "generic" if self.name.startswith("FFmpeg") else "pypi"
        return f"pkg:{scheme}/{self.name.lower()}@{self.version}"


def parts() -> list[Part]:
    """List Ostinato, all that it needs, and FFmpeg's libraries, by name."""
    found: dict[str, Part] = {}
    waiting = ["ostinato"]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            one = distribution(name)
        except PackageNotFoundError:  # an extra that is not installed
            continue
        needs = tuple(sorted(set(_needs(one))))
        found[name] = Part(name=name, version=one.version, licence=_licence(one), needs=needs)
        waiting += needs
    return [*(found[name] for name in sorted(found)), *_ffmpeg()]


def _needs(one: Distribution) -> Iterator[str]:
    for line in one.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield re.sub(r"[-_.]+", "-", requirement.name).lower()


def _licence(one: Distribution) -> str:
    said = one.metadata
    if expression := said.get("License-Expression"):
        return str(expression)
    text = str(said.get("License") or "").strip()
    if text and "\n" not in text and len(text) <= _LONGEST_NAME:
        return text
    troves = [
        line.removeprefix(_TROVE) for line in said.get_all("Classifier") or [] if _TROVE in line
    ]
    if troves:
        return ", ".join(troves)
    return next((name for word, name in _OF_TEXT if word in text), "not stated")


def _ffmpeg() -> Iterator[Part]:
    for name, about in sorted(av._core.library_meta.items()):  # noqa: SLF001 - see above
        version = ".".join(map(str, about["version"]))
        yield Part(name=f"FFmpeg {name}", version=version, licence=about["license"])


def cyclonedx(listed: list[Part]) -> str:
    """Write parts as CycloneDX JSON."""
    own, *others = sorted(listed, key=lambda one: one.name != "ostinato")
    by_name = {one.name: one.reference for one in listed}
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {**_component(own), "type": "application"}},
        "components": [_component(one) for one in others],
        "dependencies": [
            {
                "ref": one.reference,
                "dependsOn": [by_name[name] for name in one.needs if name in by_name],
            }
            for one in listed
        ],
    }
    content = json.dumps(document, sort_keys=True)
    serial = uuid.uuid5(uuid.NAMESPACE_URL, content)
    return json.dumps({**document, "serialNumber": f"urn:uuid:{serial}"}, indent=1) + "\n"


def _component(one: Part) -> dict[str, object]:
    return {
        "type": one.kind,
        "bom-ref": one.reference,
        "name": one.name,
        "version": one.version,
        "purl": one.reference.replace(" ", "%20"),
        "licenses": [{"license": {"name": one.licence}}],
    }


def markdown(listed: list[Part]) -> str:
    """Write parts as a table."""
    rows = (f"| {one.name} | {one.version} | {one.licence} |" for one in listed)
    return "\n".join(["| package | version | licence |", "|---|---|---|", *rows]) + "\n"


def main() -> None:
    """Write the list in the form that the file's suffix names."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    out = parser.parse_args().out
    write = markdown if out.suffix == ".md" else cyclonedx
    out.write_text(write(parts()), encoding="utf-8")
    print(out)


if __name__ == "__main__":
    sys.exit(main())
