"""References for what was analysed, with what, and when: in words and for reference managers.

`results.json` knows the edition as the scholar named it, not who directed the film: a reference to
the film is to be completed by hand.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ostinato.legible import escaped
from ostinato.report.markdown import plain
from ostinato.results import Results

_TITLE = "Ostinato: how a film's soundtrack repeats itself and who speaks in it"
_HEADLINE = "Ostinato: How a Film's Soundtrack Repeats Itself and Who Speaks in It"
_AUTHOR = "The Ostinato developers"
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    # a brace counts for BibTeX even behind a backslash
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}
_HASH_LENGTH = 12
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def references(results: Results, *, style: str) -> str:
    """Write the references for edition, software and run.

    Parameters
    ----------
    results : Results
        What is cited.
    style : str
        One of `STYLES`.

    Returns
    -------
    str
        In the words of a style one paragraph each; BibTeX entries; or CSL-JSON.
    """
    return STYLES[style](results)


def _mla(results: Results) -> str:
    day = _day(results)
    accessed = "" if day is None else f", {day.day} {_MONTHS[day.month - 1][:3]}. {day.year}"
    return "\n\n".join(
        (
            f"*{_film(results)}*. {_edition(results)}, {_length(results)} {_hash(results)}.",
            f"{_AUTHOR}. *{_HEADLINE}*. Version {_version(results)}, computer software.",
            f"“Results for {_film(results)}.” Made with *Ostinato*, version "
            f"{_version(results)}{accessed}, {_sources(results)}.",
        )
    )


def _chicago(results: Results) -> str:
    day = _day(results)
    made = "" if day is None else f", {_MONTHS[day.month - 1]} {day.day}, {day.year}"
    return "\n\n".join(
        (
            f"*{_film(results)}*. {_edition(results)}. {_length(results)} {_hash(results)}.",
            f"{_AUTHOR}. *{_HEADLINE}*. V. {_version(results)}. Computer software.",
            f"“Results for {_film(results)}.” Data set made with Ostinato "
            f"{_version(results)}{made}. {_capitalised(_sources(results))}.",
        )
    )


def _apa(results: Results) -> str:
    day = _day(results)
    date = "n.d." if day is None else f"{day.year}, {_MONTHS[day.month - 1]} {day.day}"
    return "\n\n".join(
        (
            f"*{_film(results)}* [Film; {_edition(results)}; {_length(results)}]. "
            f"{_hash(results)}.",
            f"{_AUTHOR}. (n.d.). *{_TITLE}* (Version {_version(results)}) [Computer software].",
            f"*Results for {_film(results)}* [Data set made with Ostinato "
            f"{_version(results)}]. ({date}). {_capitalised(_sources(results))}.",
        )
    )


def _bibtex(results: Results) -> str:
    day = _day(results)
    version = results.run.version
    dated = {} if day is None else {"year": str(day.year), "date": day.date().isoformat()}
    entries = (
        _entry(
            "misc",
            "film",
            {
                "title": _tex(results.film.name),
                "edition": _tex(results.film.edition or "edition not named"),
                "note": _tex(f"{_length(results)}; {_hash(results)}"),
            },
        ),
        _entry(
            "software",
            "ostinato",
            # braces keep the name from being taken apart
            {"author": f"{{{_AUTHOR}}}", "title": _TITLE, "version": _tex(version)},
        ),
        _entry(
            "misc",
            "ostinato-run",
            {
                "title": _tex(f"Results for {results.film.name}"),
                "howpublished": _tex(f"Data set made with Ostinato {version}"),
                "note": _tex(_run(results)),
                **dated,
            },
        ),
    )
    return "\n\n".join(entries)


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in escaped(text))


def _csl(results: Results) -> str:
    day = _day(results)
    film = results.film
    issued: dict[str, Any] = (
        {} if day is None else {"issued": {"date-parts": [[day.year, day.month, day.day]]}}
    )
    items = [
        {
            "id": "film",
            "type": "motion_picture",
            "title": film.name,
            "version": film.edition or "edition not named",
            "dimensions": _duration(film.duration_s),
            "note": f"SHA-256 {film.sha256}",
        },
        {
            "id": "ostinato",
            "type": "software",
            "author": [{"literal": _AUTHOR}],
            "title": _TITLE,
            "version": results.run.version,
        },
        {
            "id": "ostinato-run",
            "type": "dataset",
            "title": f"Results for {film.name}",
            "version": results.run.version,
            "note": _run(results),
            **issued,
        },
    ]
    return json.dumps(items, ensure_ascii=False, indent=1)


def _duration(duration_s: float) -> str:
    """Write a length of time as references have it: 1 hr., 42 min."""
    minutes = round(duration_s / 60)
    if minutes == 0:
        return f"{duration_s:.0f} sec."
    hours, rest = divmod(minutes, 60)
    return f"{hours} hr., {rest} min." if hours else f"{rest} min."


def _day(results: Results) -> datetime | None:
    """Return when the run started, None if results do not say so in a way that can be read."""
    try:
        return datetime.fromisoformat(results.run.started_at)
    except ValueError:
        return None


def _film(results: Results) -> str:
    return plain(results.film.name)


def _edition(results: Results) -> str:
    return plain(_capitalised(results.film.edition or "edition not named"))


def _version(results: Results) -> str:
    return plain(results.run.version)


def _sources(results: Results) -> str:
    return plain(_run(results))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _length(results: Results) -> str:
    return _duration(results.film.duration_s)


def _hash(results: Results) -> str:
    return f"SHA-256 {plain(results.film.sha256)}"


def _run(results: Results) -> str:
    songs = ", ".join(
        f"“{song.title}” {song.sha256[:_HASH_LENGTH]}"
        for song in results.songs
        if song.sha256 is not None  # a cue without a file
    )
    of_songs = f"; songs {songs}" if songs else ""
    return f"film {results.film.sha256[:_HASH_LENGTH]}{of_songs} (SHA-256, first digits)"


STYLES: dict[str, Callable[[Results], str]] = {
    "mla": _mla,
    "chicago": _chicago,
    "apa": _apa,
    "bibtex": _bibtex,
    "csl": _csl,
}
"""How references may be written."""
