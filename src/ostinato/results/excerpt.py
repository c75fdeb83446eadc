"""A short piece of a film's sound, as a browser can play it."""

from dataclasses import dataclass

from ostinato.timeline import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Sound of a film from `start_s` to `end_s`, within one occurrence.

    `media_type` is that of `data`, such as ``audio/mpeg``.
    """

    occurrence_id: str
    start_s: float
    end_s: float
    media_type: str
    data: bytes

    @property
    def interval(self) -> Interval:
        """The stretch of film time."""
        return Interval(self.start_s, self.end_s)
