"""What is compared of a folder of results: every file, less what differs from run to run."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OF_A_RUN = (
    "code_sha256",
    "started_at",
    "first_started_at",
    "platform",
    "peak_rss_mb",
    "version",
    "seconds",
)
OF_A_FILE = ("made_at", "accessed_at", "drawn_at")
_TEXTS = {".json", ".tsv", ".txt", ".md", ".svg", ".csv", ".tex", ".html", ".bib", ".toml"}
_DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]+\.? \d{4}\b|\b\d{4}-\d{2}-\d{2}(T[\d:.+Z-]+)?")
_HASH = re.compile(r" \(code [0-9a-f]+\)")
_CODE = re.compile(r"\b\d+\.\d+\.\d+(\.dev\d+)?(\+[0-9a-z.]+)?\b")
_LONGEST = 120
_LEFT_OUT = {"ostinato-manifest.json"}  # names, sizes and hashes of the other files


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One file that is not as it was."""

    name: str
    what: str


def digests(folder: Path) -> dict[str, Any]:
    """Return each file's content: JSON as values, other text by line, the rest by hash."""
    return {
        str(path.relative_to(folder)): _content(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in _LEFT_OUT and path.suffix not in {".bak", ".lock"}
    }


def _content(path: Path) -> Any:  # noqa: ANN401 - what a JSON file holds
    if path.suffix == ".json":
        return _without_the_run(json.loads(path.read_bytes()))
    if path.suffix in _TEXTS:
        lines = path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        plain = [_HASH.sub("", line) for line in lines]
        return [_CODE.sub("CODE", _DATE.sub("DATE", line)) for line in plain]
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _without_the_run(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {
            key: _without_the_run(one)
            for key, one in value.items()
            if key not in (*OF_A_RUN, *OF_A_FILE)
        }
    if isinstance(value, list):
        return [_without_the_run(one) for one in value]
    return value


def read_kept(kept: Path, name: str) -> dict[str, Any] | None:
    """Return what was kept of a work, None if nothing was."""
    path = kept / f"{name}.json"
    return json.loads(path.read_bytes()) if path.exists() else None


def write_kept(path: Path, contents: Mapping[str, Any]) -> None:
    """Keep what a work wrote."""
    path.write_text(json.dumps(contents, indent=0, ensure_ascii=True), encoding="ascii")


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    """Return the files that differ, each with the first place where it does."""
    found = []
    for name in sorted({*before, *now}):
        if name not in now:
            found.append(Difference(name=name, what="is no longer written"))
        elif name not in before:
            found.append(Difference(name=name, what="is new"))
        elif (place := first_difference(before[name], now[name])) is not None:
            found.append(Difference(name=name, what=place))
    return found


def first_difference(before: Any, now: Any, where: str = "") -> str | None:  # noqa: ANN401
    """Return where two values first differ and how, None if they are equal."""
    if type(before) is not type(now):
        return f"{where or 'the file'} was {_short(before)} and is {_short(now)}"
    if isinstance(before, dict):
        pairs = [(f"{where}.{k}", before.get(k), now.get(k)) for k in {**before, **now}]
    elif isinstance(before, list) and len(before) == len(now):
        pairs = [(f"{where}[{i}]", *both) for i, both in enumerate(zip(before, now, strict=True))]
    else:
        is_same = before == now
        return None if is_same else f"{where or 'content'} was {_short(before)}, is {_short(now)}"
    places = (first_difference(old, new, place) for place, old, new in pairs)
    return next((place for place in places if place is not None), None)


def _short(value: Any) -> str:  # noqa: ANN401
    text = f"{len(value)} items" if isinstance(value, list) else json.dumps(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
