"""One statement about a stretch of film, and who makes it."""

from dataclasses import dataclass

from ostinato.results import DecidedBy, LabelKind
from ostinato.timeline import Interval

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
    """

    interval: Interval
    kind: LabelKind | None
    source: DecidedBy
