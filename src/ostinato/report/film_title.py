"""The film as a work: its title, and its directors' names in the orders that styles want.

A family name that the study marks is taken. Otherwise it is the last word, with the particles
before it; a given name that is written last with a hyphen, as in *Wong Kar-wai*, shows that the
family name came first. A name in a script without capitals stays as it is.
"""

import re
from dataclasses import dataclass

from ostinato.results import Film

NO_TITLE = "[title of the film]"
"""What stands where the study names no title."""
_PARTICLES = frozenset({"von", "van", "de", "del", "della", "di", "da", "der", "den", "la", "le"})
_SUFFIX = re.compile(r",? (Jr\.?|Sr\.?|I{2,3}|IV)$")
_GIVEN_LAST = re.compile(r"[A-Z]\w+-[a-z]\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A director; without a family name the whole name is taken as it stands."""

    name: str
    family: str | None
    given: str | None
    suffix: str = ""

    @property
    def family_is_first(self) -> bool:
        """Whether the name is spoken family name first, and needs no turning round."""
        return self.family is not None and self.name.startswith(self.family)

    @property
    def turned(self) -> str:
        """The name as a list sorts it, with a comma only where it was turned round."""
        if self.family is None or self.given is None or self.family_is_first:
            return self.name
        return f"{self.family}, {self.given}{self._after}"

    @property
    def sorted(self) -> str:
        """The name with a comma after the family name, for reference managers."""
        if self.family is None or self.given is None:
            return self.name
        return f"{self.family}{self._after}, {self.given}"

    @property
    def initials(self) -> str:
        """The name with initials: ``Wong, K.-W.``."""
        if self.family is None or self.given is None:
            return self.name
        words = (
            "-".join(f"{part[0].upper()}." for part in word.split("-") if part)
            for word in self.given.split()
        )
        return f"{self.family}, {' '.join(words)}{self._after}"

    @property
    def _after(self) -> str:
        return f", {self.suffix}" if self.suffix else ""


def title_of(film: Film) -> str:
    """Return the film's title, or what says that there is none yet."""
    return NO_TITLE if film.title is None else film.title.strip(" ")


def edition_of(film: Film) -> str | None:
    """Return the film's edition as it stands within a sentence."""
    return None if film.edition is None else film.edition.strip().rstrip(".").rstrip() or None


def directors_of(film: Film) -> tuple[Person, ...]:
    """Return who directed a film."""
    names = _parts(film.director)
    families = _parts(film.director_family)
    marked = [*families, *[""] * len(names)]
    return tuple(_person(name, family) for name, family in zip(names, marked, strict=False))


def _parts(text: str | None) -> list[str]:
    return [] if text is None else [" ".join(part.split()) for part in text.split(";") if part]


def _person(name: str, family: str) -> Person:
    if "," in name and not _SUFFIX.search(name):  # already turned round
        family, given = (part.strip() for part in name.split(",", 1))
        return Person(name=f"{given} {family}".strip(), family=family, given=given or None)
    suffix = _SUFFIX.search(name)
    own = name if suffix is None else name[: suffix.start()]
    family = family or _family_of(own)
    given = " ".join(own.replace(family, "", 1).split()) if family and family in own else ""
    if not given:
        return Person(name=name, family=None, given=None)
    return Person(name=name, family=family, given=given, suffix=suffix[1] if suffix else "")


def _family_of(name: str) -> str:
    words = name.split()
    if len(words) < 2 or not any(c.isupper() for c in name):  # noqa: PLR2004 - one word is all
        return ""
    if _GIVEN_LAST.fullmatch(words[-1]) and not any("-" in word for word in words[:-1]):
        return " ".join(words[:-1])
    first = len(words) - 1
    while first > 1 and words[first - 1].lower() in _PARTICLES:
        first -= 1
    return " ".join(words[first:])
