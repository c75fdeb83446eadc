"""References for what was analysed, with what, and when: in words and for reference managers.

They follow the manuals for films: MLA 9, Chicago 17 and 18 (notes and bibliography) and APA 7. What
the study does not say is left out, but for the title, in place of which a placeholder stands.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ostinato.legible import escaped
from ostinato.report.markdown import plain
from ostinato.report.wording import HASH_LENGTH, listed
from ostinato.report.work import directors_of, title_of
from ostinato.results import Film, Results

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


def film_note(film: Film) -> str:
    """Name the film as a footnote does, after the notes of the Chicago manual.

    Parameters
    ----------
    film : Film
        From results.

    Returns
    -------
    str
        Markdown, without a full stop.
    """
    by = [plain(person.name) for person in directors_of(film)]
    directed = f", directed by {listed(by)}" if by else ""
    released = _released(film)
    return f"*{_title(film)}*{directed}{f' ({released})' if released else ''}"


def _mla(results: Results) -> str:
    film, day = results.film, _day(results)
    by = [plain(person.name) for person in directors_of(film)]
    parts = [
        f"directed by {listed(by)}" if by else None,
        _known(film.distributor),
        None if film.year is None else str(film.year),
    ]
    said = ", ".join(part for part in parts if part)
    accessed = "" if day is None else f", {day.day} {_MONTHS[day.month - 1][:3]}. {day.year}"
    return "\n\n".join(
        (
            f"*{_title(film)}*.{_stopped(_capitalised(said))}{_edition(film)}",
            f"{_AUTHOR}. *{_HEADLINE}*. Version {_version(results)}, computer software.",
            f"“Results for *{_title(film)}*.” Made with *Ostinato*, version "
            f"{_version(results)}{accessed}, {_sources(results)}.",
        )
    )


def _chicago(results: Results) -> str:
    film, day = results.film, _day(results)
    names = [plain(person.turned) for person in directors_of(film)[:1]]
    names += [plain(person.name) for person in directors_of(film)[1:]]
    role = "dir." if len(names) == 1 else "dirs."
    by = f"{listed(names)}, {role} " if names else ""
    made = "" if day is None else f", {_MONTHS[day.month - 1]} {day.day}, {day.year}"
    return "\n\n".join(
        (
            f"{by}*{_title(film)}*.{_stopped(_released(film))}{_edition(film)}",
            f"{_AUTHOR}. *{_HEADLINE}*. V. {_version(results)}. Computer software.",
            f"“Results for *{_title(film)}*.” Data set made with Ostinato "
            f"{_version(results)}{made}. {_capitalised(_sources(results))}.",
        )
    )


def _apa(results: Results) -> str:
    film, day = results.film, _day(results)
    names = [plain(person.initials) for person in directors_of(film)]
    role = "Director" if len(names) == 1 else "Directors"
    year = "n.d." if film.year is None else str(film.year)
    edition = "" if film.edition is None else f"; {plain(film.edition)}"
    named = f"*{_title(film)}* [Film{edition}]"
    date = "n.d." if day is None else f"{day.year}, {_MONTHS[day.month - 1]} {day.day}"
    who = ", ".join([*names[:-1], f"& {names[-1]}"]) if len(names) > 1 else "".join(names)
    start = f"{who} ({role}). ({year}). {named}." if names else f"{named}. ({year})."
    return "\n\n".join(
        (
            f"{start}{_stopped(_known(film.distributor))}",
            f"{_AUTHOR}. (n.d.). *{_TITLE}* (Version {_version(results)}) [Computer software].",
            f"*Results for {_title(film)}* [Data set made with Ostinato "
            f"{_version(results)}]. ({date}). {_capitalised(_sources(results))}.",
        )
    )


def _bibtex(results: Results) -> str:
    day = _day(results)
    version = results.run.version
    dated = {} if day is None else {"year": str(day.year), "date": day.date().isoformat()}
    entries = (
        _entry("misc", "film", _film_fields(results)),
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
                "title": _tex(f"Results for {title_of(results.film)}"),
                "howpublished": _tex(f"Data set made with Ostinato {version}"),
                "note": _tex(_run(results)),
                **dated,
            },
        ),
    )
    return "\n\n".join(entries)


def _film_fields(results: Results) -> dict[str, str]:
    film = results.film
    people = directors_of(film)
    fields = {
        # braces keep a name in one piece where it has no family name
        "author": " and ".join(
            _tex(one.sorted) if one.family else f"{{{_tex(one.sorted)}}}" for one in people
        ),
        "title": f"{{{_tex(title_of(film))}}}",  # whose capitals a style would change
        "year": "" if film.year is None else str(film.year),
        "type": "motion picture",
        "howpublished": _tex(
            f"Film, directed by {listed([one.name for one in people])}" if people else "Film"
        ),
        "publisher": _tex(film.distributor or ""),
        "address": _tex(film.country or ""),
        "edition": _tex(film.edition or "edition not named"),
        "note": _tex(f"{_length(results)}; SHA-256 {film.sha256}"),
    }
    return {name: text for name, text in fields.items() if text}


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
        _film_item(film),
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
            "title": f"Results for {title_of(film)}",
            "version": results.run.version,
            "note": _run(results),
            **issued,
        },
    ]
    return json.dumps(items, ensure_ascii=False, indent=1)


def _film_item(film: Film) -> dict[str, Any]:
    people = [
        {"literal": one.name} if one.family is None else {"family": one.family, "given": one.given}
        for one in directors_of(film)
    ]
    item = {
        "id": "film",
        "type": "motion_picture",
        "title": film.title or title_of(film),
        "director": people,
        "issued": None if film.year is None else {"date-parts": [[film.year]]},
        "publisher": film.distributor,
        "publisher-place": film.country,
        "version": film.edition or "edition not named",
        "dimensions": _duration(film.duration_s),
        "note": f"SHA-256 {film.sha256}",
    }
    return {name: value for name, value in item.items() if value}


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


def run_day(results: Results) -> str | None:
    """Write the day on which a film was analysed.

    Parameters
    ----------
    results : Results
        What is cited.

    Returns
    -------
    str or None
        For example 14 July 1994; None if results do not say so.
    """
    day = _day(results)
    return None if day is None else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _title(film: Film) -> str:
    return plain(title_of(film))


def _known(text: str | None) -> str:
    return "" if text is None else plain(text)


def _stopped(text: str) -> str:
    """End a sentence, be it empty or one that an abbreviation has ended; a space stands before."""
    return f" {text.rstrip('.')}." if text else ""


def _released(film: Film) -> str:
    """Write ``Hong Kong: Jet Tone Production, 1994``, of what is known."""
    by = ": ".join(part for part in (_known(film.country), _known(film.distributor)) if part)
    return ", ".join(part for part in (by, "" if film.year is None else str(film.year)) if part)


def _edition(film: Film) -> str:
    return _stopped(_capitalised(_known(film.edition)))


def _version(results: Results) -> str:
    return plain(results.run.version)


def _sources(results: Results) -> str:
    return plain(_run(results))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _length(results: Results) -> str:
    return _duration(results.film.duration_s)


def _run(results: Results) -> str:
    songs = ", ".join(
        f"“{song.title}” {song.sha256[:HASH_LENGTH]}"
        for song in results.songs
        if song.sha256 is not None  # a cue without a file
    )
    of_songs = f"; songs {songs}" if songs else ""
    return f"film {results.film.sha256[:HASH_LENGTH]}{of_songs} (SHA-256, first digits)"


STYLES: dict[str, Callable[[Results], str]] = {
    "mla": _mla,
    "chicago": _chicago,
    "apa": _apa,
    "bibtex": _bibtex,
    "csl": _csl,
}
"""How references may be written."""
