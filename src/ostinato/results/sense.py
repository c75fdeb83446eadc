"""Whether results make sense: what no type can say of identifiers, lengths and shares.

A folder of results may come from a stranger. Identifiers become names of files, so they are made of
letters and digits; what refers to a row refers to one that is there; nothing lasts no time.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from ostinato.results.document import Results

_DEEPEST = 20  # results have seven levels
_MOST_DIGITS = 300
_SHARES = {
    "occurrences": ("p_value", "louder_share"),
    "candidates": ("p_value",),
    "speech": ("p_narration",),
    "labels": ("p_inclusion",),
    "ratio": ("share",),
    "claims": ("p_value", "p_value_holm"),
}
_POSITIVE = (
    ("songs", "duration_s"),
    *((name, "speed") for name in ("occurrences", "candidates", "rejected")),
    ("labels", "p_inclusion"),
)
_STRETCHES = (
    *((name, "song_start_s", "song_end_s") for name in ("occurrences", "candidates", "rejected")),
    *((name, "start_s", "end_s") for name in ("scenes", "songs_voice", "labels")),
)
_NAMED = ("candidates", "speech", "voices")
_IDENTIFIERS = (
    *((name, "id", True) for name in ("songs", "occurrences", "rejected", *_NAMED)),
    ("occurrences", "playing_id", False),
    ("claims", "id", False),
)
_ID = re.compile(r"[A-Za-z0-9]{1,64}")


class Nonsense(ValueError):  # noqa: N818 - the reader makes an error of the family of it
    """What makes no sense, after the path of where it stands."""


class _Twice(dict[str, Any]):
    """An object that has a key twice, which is `key`."""

    key: str


def parse_results(data: bytes) -> Any:  # noqa: ANN401 - whatever stands in the file
    """Parse JSON in which each key is there once and each number is finite.

    Raises ValueError if it is no such JSON, or is nested too deeply.
    """
    too_deep = Nonsense(f"it is nested deeper than {_DEEPEST} levels")
    try:
        parsed = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_not_finite,
            parse_int=_whole,
        )
    except RecursionError as error:
        raise too_deep from error
    level = [("$", parsed)]
    for _ in range(_DEEPEST):
        level = [inner for path, value in level for inner in _inner(path, value)]
    if level:
        raise too_deep
    return parsed


def check_sense(results: Results) -> None:
    """Raise on the first thing in results that makes no sense.

    Raises Nonsense that names its path.
    """
    for path, reason in (
        *_film(results),
        *_lengths(results),
        *_identifiers(results),
        *_references(results),
        *_numbers(results),
    ):
        raise Nonsense(f"{path}: {reason}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _Twice(found)
    twice.key = Counter(key for key, _ in pairs).most_common(1)[0][0]
    return twice


def _not_finite(text: str) -> Any:  # noqa: ANN401 - never returns
    raise Nonsense(f"{text} is no number")


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise Nonsense(f"{text[:20]}… is a number of {len(text):,} digits")
    return int(text)


def _inner(path: str, value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - of JSON
    if isinstance(value, _Twice):
        raise Nonsense(f"{path}: the key {value.key[:40]!r} is there twice")
    if isinstance(value, float) and not math.isfinite(value):
        raise Nonsense(f"{path}: it is too large a number")
    if isinstance(value, dict):
        yield from ((f"{path}.{key[:40]}", inner) for key, inner in value.items())
    elif isinstance(value, list):
        yield from ((f"{path}[{i}]", inner) for i, inner in enumerate(value))


def _film(results: Results) -> Iterator[tuple[str, str]]:
    film = results.film
    for name in ("duration_s", "sample_rate_hz", "channels"):
        if getattr(film, name) <= 0:
            yield f"$.film.{name}", f"it is {getattr(film, name)}, and a film has more than 0"
    if film.stream < 0:
        yield "$.film.stream", "streams are counted from 0"


def _lengths(results: Results) -> Iterator[tuple[str, str]]:
    for name, key in _POSITIVE:
        for i, row in enumerate(getattr(results, name)):
            value = getattr(row, key)
            if value is not None and value <= 0:
                yield f"$.{name}[{i}].{key}", f"it is {getattr(row, key)}, and must be more than 0"
    for name, start, end in _STRETCHES:
        for i, row in enumerate(getattr(results, name)):
            first, last = getattr(row, start), getattr(row, end)
            if first is not None and last <= first:
                yield f"$.{name}[{i}].{end}", "it ends at or before its start"


def _identifiers(results: Results) -> Iterator[tuple[str, str]]:
    for name, key, is_unique in _IDENTIFIERS:
        seen: set[str] = set()
        for i, row in enumerate(getattr(results, name)):
            value = getattr(row, key)
            if _ID.fullmatch(value) is None:
                yield f"$.{name}[{i}].{key}", f"{value[:40]!r} is not made of letters and digits"
            if is_unique and value in seen:
                yield f"$.{name}[{i}].{key}", f"{value!r} is there twice"
            seen.add(value)


def _references(results: Results) -> Iterator[tuple[str, str]]:
    songs = {song.id for song in results.songs}
    occurrences = {one.id for one in results.occurrences}
    heard = occurrences | {one.playing_id for one in results.occurrences}
    voices = {voice.id for voice in results.voices}
    of_songs = (
        *("occurrences", "transitions", "shared_material", "coverage", "repetition"),
        *("overlap", "continuation", "loudness", "candidates", "rejected"),
    )
    targets: list[tuple[str, str, set[str]]] = [
        *((name, "song_id", songs) for name in of_songs),
        ("shared_material", "with_song_id", songs),
        *((name, "occurrence_id", occurrences) for name in ("separations", "song_levels")),
        *(
            (name, key, heard)
            for name in ("transitions", "overlap")
            for key in ("from_id", "to_id")
        ),
    ]
    for name, key, known in targets:
        yield from _unknown(getattr(results, name), f"$.{name}", key, known)
    if voices:
        yield from _unknown(results.speech, "$.speech", "voice", {*voices, None})


def _unknown(
    rows: Sequence[Any], path: str, key: str, known: Collection[str | None]
) -> Iterator[tuple[str, str]]:
    for i, row in enumerate(rows):
        if getattr(row, key) not in known:
            yield f"{path}[{i}].{key}", f"there is no {getattr(row, key)[:40]!r}"


def _numbers(results: Results) -> Iterator[tuple[str, str]]:
    for name, keys in _SHARES.items():
        for i, row in enumerate(getattr(results, name)):
            for key in keys:
                value = getattr(row, key)
                if value is not None and not 0 <= value <= 1:
                    yield f"$.{name}[{i}].{key}", f"{value} is not between 0 and 1"
