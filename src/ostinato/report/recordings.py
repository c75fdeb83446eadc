"""References for the recordings that were looked for: a discography, in words and as fields.

A performer stands as the study writes it, since nobody can tell a band from a person with a family
name. A song of which the study says neither performer nor release nor year has no reference: its
hash says which recording it was.
"""

from collections.abc import Callable, Iterator
from typing import Any

from ostinato.report.wording import plain, stopped
from ostinato.results import Results, Song


def discography(results: Results, *, style: str) -> list[str]:
    """Write a reference for each recording of which the study says what it is.

    `style`: mla, chicago or apa.
    """
    return [_STYLES[style](song) for song in credited(results)]


def credited(results: Results) -> Iterator[Song]:
    """Yield the songs of which the study says what recording they are."""
    for song in results.songs:
        if (song.performer, song.release, song.year) != (None, None, None):
            yield song


def made_by(song: Song) -> str:
    """Name performer, release and year, as far as they are known, for a table."""
    known = (song.performer, song.release, None if song.year is None else str(song.year))
    return ", ".join(part for part in known if part)


def fields_of(song: Song) -> dict[str, str]:
    """Return the fields of a reference manager's entry, not escaped; empty where not known."""
    on = "" if song.release is None else f", on {song.release}"
    return {
        "author": song.performer or "",
        "title": song.title,
        "year": "" if song.year is None else str(song.year),
        "howpublished": f"Song{on}",
        "note": "" if song.sha256 is None else f"SHA-256 {song.sha256}",
    }


def csl_item(song: Song) -> dict[str, Any]:
    """Return a song as a reference manager reads it in CSL."""
    item = {
        "id": f"song-{song.id.lower()}",
        "type": "song",
        "title": song.title,
        "author": None if song.performer is None else [{"literal": song.performer}],
        "container-title": song.release,
        "issued": None if song.year is None else {"date-parts": [[song.year]]},
        "note": None if song.sha256 is None else f"SHA-256 {song.sha256}",
    }
    return {name: value for name, value in item.items() if value}


def _mla(song: Song) -> str:
    on = [] if song.release is None else [f"*{plain(song.release)}*"]
    on += [] if song.year is None else [str(song.year)]
    return _joined(_performer(song), _quoted(song), ", ".join(on))


def _chicago(song: Song) -> str:
    on = "" if song.release is None else f"On *{plain(song.release)}*"
    year = "" if song.year is None else str(song.year)
    return _joined(_performer(song), _quoted(song), ", ".join(part for part in (on, year) if part))


def _apa(song: Song) -> str:
    year = f"({'n.d.' if song.year is None else song.year})"
    on = "" if song.release is None else f"On *{plain(song.release)}*"
    if song.performer is None:
        return _joined(f"{plain(song.title)} [Song]", year, on)
    return _joined(_performer(song), year, f"{plain(song.title)} [Song]", on)


def _performer(song: Song) -> str:
    return "" if song.performer is None else plain(song.performer)


def _quoted(song: Song) -> str:
    """Set a title in quotation marks, with the stop within them."""
    return f"“{stopped(plain(song.title))}”"


def _joined(*parts: str) -> str:
    return " ".join(stopped(part) for part in parts if part)


_STYLES: dict[str, Callable[[Song], str]] = {"mla": _mla, "chicago": _chicago, "apa": _apa}
