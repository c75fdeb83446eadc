"""Who speaks, as far as voices tell, and where somebody sings."""

from dataclasses import dataclass

from ostinato.timeline import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A speaker of the film, by the voice alone.

    `name` and `narrates` are what a person has said of it, None where nobody has. `speech_s` is
    how long the segments of this voice last together.
    """

    id: str
    name: str | None
    first_s: float
    speech_s: float
    n_segments: int
    narrates: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SongVoice:
    """A stretch in which somebody sings."""

    start_s: float
    end_s: float

    @property
    def interval(self) -> Interval:
        """The stretch as an interval of film time."""
        return Interval(self.start_s, self.end_s)
