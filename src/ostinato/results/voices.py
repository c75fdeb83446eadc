"""Who speaks, as far as voices tell."""

from dataclasses import dataclass


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
