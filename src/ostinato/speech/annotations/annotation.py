"""One statement about a stretch of film, and who makes it."""

from dataclasses import dataclass, replace
from typing import Literal

from ostinato.results import LabelKind
from ostinato.timeline import Interval

Mark = Literal["narration", "soliloquy", "dialogue", "italic", "plain", "nothing"]

LABEL_KINDS: dict[str, LabelKind] = {
    "narration": "narration",
    "dialogue": "dialogue",
    "soliloquy": "soliloquy",
    "undetermined": "undetermined",
    "none": "none",
    "silence": "none",
    "singing": "none",
    "not speech": "none",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A stretch of film and what is said of it.

    Parameters
    ----------
    interval : Interval
        Film time.
    kind : str or None
        "none" says that nobody speaks here. None says nothing: a cue whose marks decide nothing.
    source : str
        "label" for a person's own words, "subtitles" for a cue. A cue's text is not kept: it is
        somebody's work, and results must be free to publish.
    mark : str or None
        What a cue's tags and typography show, whether or not they decide; None for a label.
    is_named : bool
        Whether a cue begins with a name, in capitals before a colon or in brackets.
    """

    interval: Interval
    kind: LabelKind | None
    source: Literal["label", "subtitles"]
    mark: Mark | None = None
    is_named: bool = False

    def at(self, start_s: float, end_s: float) -> "Annotation":
        """Return the same statement about another stretch of film."""
        return replace(self, interval=Interval(start_s, end_s))
