"""Voices that a person knows, by a few seconds in which nobody else speaks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ostinato.errors import ParameterError
from ostinato.timeline import Interval, Timeline, parse_timecode, timecode

_MOST_VOICES = 200
_DASH = re.compile(r"\s*(?:-|–|—|\bto\b)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVoice:
    """A voice with a name.

    One stretch is enough to name a voice. Stretches of two found voices under one name join them;
    two names within one found voice part it.

    Parameters
    ----------
    name : str
        How results speak of it.
    heard : tuple of str
        Where this voice alone is heard, such as ``"0:01:05 - 0:01:12"``.
    narrates : bool
        Whether it is a narrator's, at least at times.

    Raises
    ------
    ParameterError
        If the name is empty, nothing is heard, or a stretch is none.
    """

    name: str
    heard: tuple[str, ...]
    narrates: bool = False

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ParameterError("a voice", "its name is empty", "Give it a name")
        if not self.heard:
            raise ParameterError(
                f"voice {self.name!r}",
                "nothing says where it is heard",
                'Give stretches in which nobody else speaks: heard = ["0:01:05 - 0:01:12"]',
            )
        for text in self.heard:
            self._stretch(text)

    @property
    def stretches(self) -> tuple[Interval, ...]:
        """Where the voice is heard, in film time."""
        return tuple(self._stretch(text) for text in self.heard)

    def _stretch(self, text: str) -> Interval:
        bounds = _DASH.split(text.strip())
        try:
            start_s, end_s = (parse_timecode(bound) for bound in bounds)
            return Interval(start_s, end_s)
        except ValueError as error:  # a ParameterError too
            raise ParameterError(
                f"voice {self.name!r}, heard {text!r}",
                "it is no stretch of film",
                "Write start and end, such as 0:01:05 - 0:01:12",
            ) from error


def check_known(known: Sequence[KnownVoice]) -> None:
    """Make sure that no two voices share a name or a moment.

    Parameters
    ----------
    known : sequence of KnownVoice
        In any order.

    Raises
    ------
    ParameterError
        If they do.
    """
    if len(known) > _MOST_VOICES:
        raise ParameterError(
            "voices", f"there are {len(known):,} of them", f"Name {_MOST_VOICES} at most"
        )
    for n, voice in enumerate(known):
        for other in known[:n]:
            if voice.name == other.name:
                raise ParameterError(
                    f"voice {voice.name!r}",
                    "two voices have this name",
                    "List all its stretches under one",
                )
            shared = Timeline.of(voice.stretches) & Timeline.of(other.stretches)
            if shared.intervals:
                raise ParameterError(
                    f"voices {other.name!r} and {voice.name!r}",
                    f"both are heard at {timecode(shared.intervals[0].start_s)}",
                    "Keep to stretches in which one voice speaks alone",
                )
