"""A scope: the part of a film that a row of measures is about."""

import re
from typing import Any, Literal

ScopeKind = Literal["film", "story", "day", "scene", "voice"]
Side = Literal["first", "after"]

_FILM = "film"
_NAMED = re.compile(r"(?P<kind>story|day|scene|voice): (?P<name>.*)", re.DOTALL)
_PART = re.compile(r"(?P<whole>.*): (?P<side>first|after) (?P<percent>\d+) %", re.DOTALL)


class Scope(str):
    """What a row of measures is about: the film, a story, a day, a scene or a voice.

    It is the text that files hold, and says what that means. A scene is written by its name alone
    unless that would be read as something else, as that of a scene called *film*. The beginning of
    a film or of a story, and what comes after it, are parts of a scope.

    Examples
    --------
    >>> Scope("film").kind, Scope("story: two").name, Scope.scene("film")
    ('film', 'two', 'scene: film')
    """

    __slots__ = ()

    @classmethod
    def story(cls, name: str) -> "Scope":
        """Return the scope of a story."""
        return cls(f"story: {name}")

    @classmethod
    def day(cls, name: str) -> "Scope":
        """Return the scope of a day."""
        return cls(f"day: {name}")

    @classmethod
    def voice(cls, voice_id: str) -> "Scope":
        """Return the scope of the speech of a voice."""
        return cls(f"voice: {voice_id}")

    @classmethod
    def scene(cls, name: str) -> "Scope":
        """Return the scope of a scene."""
        plain = cls(name)
        is_plain = plain.kind == "scene" and plain.name == name and plain.side is None
        return plain if is_plain else cls(f"scene: {name}")

    def part(self, side: Side, percent: int) -> "Scope":
        """Return the first part of a scope, or what comes after it."""
        return Scope(f"{self}: {side} {percent} %")

    @property
    def kind(self) -> ScopeKind:
        """What it is a scope of; a part is of the kind of its whole."""
        if self.whole == _FILM:
            return "film"
        named = _NAMED.fullmatch(self.whole)
        return "scene" if named is None else named["kind"]  # type: ignore[return-value]

    @property
    def name(self) -> str | None:
        """How a person, or the program for a voice, calls it; None for the film."""
        if self.whole == _FILM:
            return None
        named = _NAMED.fullmatch(self.whole)
        return str(self.whole) if named is None else named["name"]

    @property
    def whole(self) -> "Scope":
        """What it is a part of, itself where it is none."""
        part = self._part()
        return self if part is None else Scope(part["whole"])

    @property
    def side(self) -> Side | None:
        """Which part of its whole it is, None where it is no part."""
        part = self._part()
        return None if part is None else part["side"]  # type: ignore[return-value]

    @property
    def percent(self) -> int | None:
        """How long the first part of its whole is, None where it is no part."""
        part = self._part()
        return None if part is None else int(part["percent"])

    def _part(self) -> re.Match[str] | None:
        part = _PART.fullmatch(self)
        # only the film and stories begin
        has_beginning = part is not None and (
            part["whole"] == _FILM or part["whole"].startswith("story: ")
        )
        return part if has_beginning else None


FILM = Scope(_FILM)
"""All of the film."""


def scope_from_text(kind: type, text: object) -> object:
    """Return the scope that a file holds as text; a hook of msgspec's decoders.

    Parameters
    ----------
    kind : type
        What a record wants.
    text : object
        What stands in the file.

    Returns
    -------
    Scope
        Of that text.

    Raises
    ------
    NotImplementedError
        If it is no scope that is wanted, or no text that stands there.
    """
    if kind is not Scope or not isinstance(text, str):
        raise NotImplementedError
    return Scope(text)


def scope_as_text(value: object) -> str:
    """Return the text of a scope; a hook of msgspec's encoders.

    Parameters
    ----------
    value : object
        What msgspec cannot write.

    Returns
    -------
    str
        As files hold it.

    Raises
    ------
    NotImplementedError
        If it is no scope.
    """
    if not isinstance(value, Scope):
        raise NotImplementedError
    return str(value)


def scope_schema(kind: type) -> dict[str, Any]:
    """Return how a JSON Schema describes a scope; a hook of msgspec's.

    Parameters
    ----------
    kind : type
        What a record holds.

    Returns
    -------
    dict of str to Any
        That of a text.

    Raises
    ------
    NotImplementedError
        If it is no scope.
    """
    if kind is not Scope:
        raise NotImplementedError
    return {"type": "string"}
