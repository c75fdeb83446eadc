"""What was read of a subtitle file, and whether it is in step with the film."""

from dataclasses import dataclass
from typing import Literal

SubtitleCheck = Literal["fits", "corrected", "as the study says", "could not be checked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleBreak:
    """From `film_s` of film time on, cues are `shift_s` later than the file says."""

    film_s: float
    shift_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtitles:
    """A subtitle file beside the film.

    Film time is the file's time times `speed` plus `shift_s`, as far as the first of `breaks`.
    These are what detected speech asks for, None where it could not be compared; they were used if
    `corrected`. `given_shift_s` and `given_speed` are the study's own and went before. `certainty`
    is the probability that cues of another film would not fit as well. `n_tagged` cues are
    narration or soliloquy by a tag, `n_italic` are in italics, `n_unspoken` are lyrics, signs and
    sounds; `n_skipped` could not be read. `italics` says what they are taken for.
    """

    name: str
    sha256: str
    format: str
    n_cues: int
    n_tagged: int
    n_italic: int
    n_unspoken: int
    n_skipped: int
    italics: Literal["evidence", "narration"]
    check: SubtitleCheck
    shift_s: float | None = None
    speed: float | None = None
    breaks: tuple[SubtitleBreak, ...] = ()
    certainty: float | None = None
    corrected: bool = False
    agrees: bool | None = None
    given_shift_s: float | None = None
    given_speed: float | None = None
