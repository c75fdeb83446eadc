"""References for what was analysed, with what, and when: in words and for reference managers.

They follow the manuals for films: MLA 9, Chicago 17 and 18 (notes and bibliography) and APA 7. What
the study does not say is left out, but for the title, in place of which a placeholder stands.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from ostinato.legible import escaped
from ostinato.report.answers import directors_of, edition_of, title_of
from ostinato.report.recordings import credited, csl_item, discography, fields_of
from ostinato.report.wording import HASH_LENGTH, count, lasting, listed, plain, stopped
from ostinato.results import Film, Results, Song
from ostinato.version import RELEASED, VERSION

_ET_AL = 3
"""So many names are cut to the first in MLA's list and in APA's text."""
_MOST_NAMED = 3  # songs; more are counted, since a table has the hashes
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    # a brace counts for BibTeX even behind a backslash
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}
_SEPTEMBER = 9
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ADDRESSES = ("Repository", "Source", "Homepage")


def references(results: Results, *, style: str) -> str:
    """Write the references for edition, recordings, software and run."""
    return STYLES[style](results)


def film_note(film: Film, *, style: str) -> str:
    """Name the film as a note does.

    `style`: chicago gives the whole reference in a note. MLA and APA have none there: their notes
    say what the text does not, and name the film as the text does.
    """
    if style == "apa":
        names = [plain(person.family or person.name) for person in directors_of(film)]
        names = [f"{names[0]} et al."] if len(names) >= _ET_AL else names
        year = "n.d." if film.year is None else str(film.year)
        return f"*{_title(film)}* ({', '.join([*([' & '.join(names)] if names else []), year])})"
    if style != "chicago":
        return f"*{_title(film)}*"
    by = [plain(person.name) for person in directors_of(film)]
    directed = f", directed by {_in_series(by)}" if by else ""
    released = _released(film)
    return f"*{_title(film)}*{directed}{f' ({released})' if released else ''}"


def _mla(results: Results) -> str:
    film, day = results.film, _day(results)
    by = [plain(person.name) for person in directors_of(film)]
    by = [f"{by[0]} et al."] if len(by) >= _ET_AL else by
    parts = [
        f"directed by {listed(by)}" if by else None,
        _known(film.distributor),
        None if film.year is None else str(film.year),
    ]
    said = ", ".join(part for part in parts if part)
    program = program_of(results)
    made = [x for x in (f"Version {_version(results)}", program.year, program.url) if x]
    accessed = "" if day is None else f", {day.day} {_mla_month(day)} {day.year}"
    return "\n\n".join(
        (
            f"{_ended_title(film)}{_stopped(_capitalised(said))}{_edition(film)}",
            *discography(results, style="mla"),
            f"{_without_article(program)}. *{program.headline}*. {', '.join(made)}. Computer "
            "software.",
            f"“Results for {_ended_title(film)}” Made with *Ostinato*, version "
            f"{_version(results)}{accessed}, {_sources(results)}.",
        )
    )


def _chicago(results: Results) -> str:
    film, day = results.film, _day(results)
    names = [plain(person.turned) for person in directors_of(film)[:1]]
    names += [plain(person.name) for person in directors_of(film)[1:]]
    role = "dir." if len(names) == 1 else "dirs."
    by = f"{_in_series(names, turned=True)}, {role} " if names else ""
    program = program_of(results)
    released = "" if program.year is None else f", released {program.year}"
    url = "" if program.url is None else f" {program.url}."
    made = "" if day is None else f", {_MONTHS[day.month - 1]} {day.day}, {day.year}"
    return "\n\n".join(
        (
            f"{by}{_ended_title(film)}{_stopped(_released(film))}{_edition(film)}",
            *discography(results, style="chicago"),
            f"{_without_article(program)}. *{program.headline}*. V. {_version(results)}. Computer "
            f"software{released}.{url}",
            f"“Results for {_ended_title(film)}” Data set made with Ostinato "
            f"{_version(results)}{made}. {_capitalised(_sources(results))}.",
        )
    )


def _apa(results: Results) -> str:
    film, day = results.film, _day(results)
    names = [plain(person.initials) for person in directors_of(film)]
    role = "Director" if len(names) == 1 else "Directors"
    year = "n.d." if film.year is None else str(film.year)
    edition = "" if edition_of(film) is None else f"; {_known(edition_of(film))}"
    named = f"*{_title(film)}* [Film{edition}]"
    date = "n.d." if day is None else f"{day.year}, {_MONTHS[day.month - 1]} {day.day}"
    who = ", ".join([*names[:-1], f"& {names[-1]}"]) if len(names) > 1 else "".join(names)
    start = f"{who} ({role}). ({year}). {named}." if names else f"{named}. ({year})."
    program = program_of(results)
    url = "" if program.url is None else f" {program.url}"
    return "\n\n".join(
        (
            f"{start}{_stopped(_known(film.distributor))}",
            *discography(results, style="apa"),
            f"{program.author}. ({program.year or 'n.d.'}). *{_after_colon(program.title)}* "
            f"(Version {_version(results)}) [Computer software].{url}",
            # a title within one that is slanted stands upright
            f"*Results for* {_title(film)} [Data set made with Ostinato "
            f"{_version(results)}]. ({date}). {_capitalised(_sources(results))}.",
        )
    )


def _bibtex(results: Results) -> str:
    day = _day(results)
    version = results.run.version
    dated = {} if day is None else {"year": str(day.year), "date": day.date().isoformat()}
    entries = (
        _entry("misc", "film", _film_fields(results)),
        *(_entry("misc", f"song-{one.id.lower()}", _song_fields(one)) for one in credited(results)),
        _entry(
            "software",
            "ostinato",
            _program_fields(program_of(results)),
        ),
        _entry(
            "misc",
            "ostinato-run",
            {
                # braces keep the capitals of the film's title
                "title": f"Results for {{{_tex(title_of(results.film))}}}",
                "howpublished": _tex(f"Data set made with Ostinato {version}"),
                "note": _tex(_run(results)),
                **dated,
            },
        ),
    )
    return "\n\n".join(entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What CITATION.cff and the package say of the program; None for what they do not say."""

    author: str
    title: str
    headline: str
    version: str
    year: str | None
    url: str | None


def _program_fields(program: Program) -> dict[str, str]:
    fields = {
        # braces keep the name from being taken apart
        "author": f"{{{program.author}}}",
        "title": _after_colon(program.title).replace("Ostinato", "{Ostinato}", 1),
        "version": _tex(program.version),
        "year": program.year or "",
        "url": program.url or "",
    }
    return {name: text for name, text in fields.items() if text}


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
        # the styles of BibTeX print neither publisher nor address of such an entry
        "howpublished": _tex(
            ", ".join(
                part
                for part in (
                    f"Film directed by {listed([one.name for one in people])}"
                    if people
                    else "Film",
                    film.distributor,
                    film.country,
                )
                if part
            )
        ),
        "publisher": _tex(film.distributor or ""),
        "address": _tex(film.country or ""),
        "edition": _tex(edition_of(film) or "edition not named"),
        "note": _tex(f"{lasting(film.duration_s)}; SHA-256 {film.sha256}"),
    }
    return {name: text for name, text in fields.items() if text}


def _song_fields(song: Song) -> dict[str, str]:
    fields = {name: _tex(text) for name, text in fields_of(song).items() if text}
    # braces keep a band's name in one piece, and a title's capitals
    return {
        name: f"{{{text}}}" if name in {"author", "title"} else text
        for name, text in fields.items()
    }


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in escaped(text))


def _csl(results: Results) -> str:
    day, program = _day(results), program_of(results)
    film = results.film
    issued: dict[str, Any] = (
        {} if day is None else {"issued": {"date-parts": [[day.year, day.month, day.day]]}}
    )
    items = [
        _film_item(film),
        *map(csl_item, credited(results)),
        {
            "id": "ostinato",
            "type": "software",
            "author": [{"literal": program.author}],
            "title": program.title,
            "version": results.run.version,
            **({} if program.year is None else {"issued": {"date-parts": [[int(program.year)]]}}),
            **({} if program.url is None else {"URL": program.url}),
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
        "version": edition_of(film) or "edition not named",
        "dimensions": lasting(film.duration_s),
        "note": f"SHA-256 {film.sha256}",
    }
    return {name: value for name, value in item.items() if value}


def _day(results: Results) -> datetime | None:
    """Return when the run started, None if results do not say so in a way that can be read."""
    try:
        return datetime.fromisoformat(results.run.started_at)
    except ValueError:
        return None


def run_day(results: Results) -> str | None:
    """Write the day on which a film was analysed."""
    day = _day(results)
    return None if day is None else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _title(film: Film) -> str:
    return plain(title_of(film))


def _in_series(names: list[str], *, turned: bool = False) -> str:
    """Join names as Chicago does: with a comma before the last of three, and after a turned one."""
    *most, last = names
    comma = "," if len(most) > 1 or (turned and most and "," in most[0]) else ""
    return f"{', '.join(most)}{comma} and {last}" if most else last


def _ended_title(film: Film) -> str:
    """Set the title in italics, with a stop where it has no mark of its own at its end."""
    title = title_of(film)
    return f"*{_title(film)}*{stopped(title).removeprefix(title)}"


def _known(text: str | None) -> str:
    return "" if text is None else plain(text)


def _stopped(text: str) -> str:
    """End a sentence, be it empty or one that an abbreviation has ended; a space stands before."""
    return f" {text.rstrip('.')}." if text else ""


def _released(film: Film) -> str:
    """Write ``Hong Kong: Jet Tone Production, 1994``, of what is known."""
    by = ": ".join(
        part for part in (_known(film.country).replace(";", ","), _known(film.distributor)) if part
    )
    return ", ".join(part for part in (by, "" if film.year is None else str(film.year)) if part)


def _edition(film: Film) -> str:
    return _stopped(_capitalised(_known(edition_of(film))))


def _version(results: Results) -> str:
    return plain(results.run.version)


def _sources(results: Results) -> str:
    return plain(_run(results))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _after_colon(title: str) -> str:
    """Begin what follows a colon with a capital, as the case of a sentence has it."""
    first, colon, rest = title.partition(": ")
    return f"{first}{colon}{_capitalised(rest)}"


def _without_article(program: Program) -> str:
    """Write the author as lists sort it."""
    return program.author.removeprefix("The ")


def _mla_month(day: datetime) -> str:
    """Write a month as MLA does: those of up to four letters are not cut."""
    name = _MONTHS[day.month - 1]
    return (
        name if len(name) <= len("June") else f"{'Sept' if day.month == _SEPTEMBER else name[:3]}."
    )


def _run(results: Results) -> str:
    songs = [
        f"“{song.title}” {song.sha256[:HASH_LENGTH]}"
        for song in results.songs
        if song.sha256 is not None  # a cue without a file
    ]
    named = f"song{'s' if len(songs) > 1 else ''} {', '.join(songs)}"
    of_songs = f"; {named if len(songs) <= _MOST_NAMED else count(len(songs), 'song')}"
    of_songs = of_songs if songs else ""
    return f"film {results.film.sha256[:HASH_LENGTH]}{of_songs} (SHA-256, first digits)"


STYLES: dict[str, Callable[[Results], str]] = {
    "mla": _mla,
    "chicago": _chicago,
    "apa": _apa,
    "bibtex": _bibtex,
    "csl": _csl,
}
"""How references may be written."""


def program_of(results: Results) -> Program:
    """Return the program that made results."""
    version = results.run.version
    return Program(
        author="The Ostinato developers",
        title="Ostinato: how a film's soundtrack repeats itself and who speaks in it",
        headline="Ostinato: How a Film's Soundtrack Repeats Itself and Who Speaks in It",
        version=version,
        year=RELEASED[:4] if version == VERSION else None,
        url=_address(),
    )


def _address() -> str | None:
    """Return where the package says that the program is to be had."""
    try:
        said = metadata("ostinato").get_all("Project-URL") or []
    except PackageNotFoundError:  # run from a folder that nobody has installed
        return None
    urls = dict(line.split(", ", 1) for line in said)
    return next((urls[name] for name in _ADDRESSES if name in urls), None)
