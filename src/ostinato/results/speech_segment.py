"""A stretch of speech: where it lies, of what kind it is, and who says so.

Each stage says its part of a segment in a record of its own (`Extent`, `Decision`, …). `segment_of`
and `SpeechSegment.with_parts` put these together, and nothing else does: what no stage has said is
unknown.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args

from ostinato.results.occurrence import FoundBy
from ostinato.timeline import Interval

Kind = Literal["narration", "dialogue", "soliloquy", "undetermined"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DecidedBy = Literal["label", "subtitles", "classifier", "prior"]
_CERTAIN: dict[Kind, float] = {"narration": 1.0, "dialogue": 0.0, "soliloquy": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Where a segment lies, and who has drawn its edges."""

    id: str
    start_s: float
    end_s: float
    edges_by: FoundBy = "program"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Of which kind a segment is, how probably narration, and who says so."""

    kind: Kind
    p_narration: float | None
    decided_by: DecidedBy | None

    @classmethod
    def by_people(cls, kind: Kind, decided_by: DecidedBy | None = "label") -> "Decision":
        """Return what people say: what they call narration, or another kind, is so for certain."""
        return cls(kind=kind, p_narration=_CERTAIN.get(kind), decided_by=decided_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutLabel:
    """The kind that a segment would have without its label, and who would say so."""

    predicted: Kind | None = None
    predicted_by: DecidedBy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """By whom a segment is spoken."""

    voice: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEvidence:
    """What was measured of a segment: values by name, with their units in the names."""

    evidence: dict[str, float]


SegmentPart = Extent | Decision | WithoutLabel | Spoken | SegmentEvidence
"""What one stage, or a person, says of a segment."""
UNDECIDED = Decision(kind="undetermined", p_narration=None, decided_by=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechSegment:
    """A stretch of speech with its kind, and who says so.

    `decided_by` is *label* or *subtitles* where people have decided; *classifier* where these
    trained one that has an opinion, `p_narration`, whether or not that decides: of a kind that is
    undetermined nobody has decided, and `kind_by` is None;
    *prior* where nothing is known, the kind undetermined and the probability the study's prior;
    None where it was not asked. `predicted` is the kind that it would have without a label, None
    where that was not asked, and `predicted_by` who would have said so. `edges_by` says whether a
    person has drawn its edges.
    """

    id: str
    start_s: float
    end_s: float
    kind: Kind
    p_narration: float | None
    decided_by: DecidedBy | None
    voice: str | None
    predicted: Kind | None = None
    evidence: dict[str, float] = field(default_factory=dict)
    predicted_by: DecidedBy | None = None
    edges_by: FoundBy = "program"

    def __post_init__(self) -> None:
        Interval(self.start_s, self.end_s)

    def with_parts(self, *parts: SegmentPart) -> "SpeechSegment":
        """Return the segment with what further stages say of it."""
        return replace(self, **_values(parts))

    @property
    def kind_by(self) -> DecidedBy | None:
        """Whose the kind is; None where nobody has decided, whatever opinion a classifier has."""
        by_person = self.decided_by in {"label", "subtitles"}
        return self.decided_by if by_person or self.kind != "undetermined" else None

    @property
    def interval(self) -> Interval:
        """The segment as an interval of film time."""
        return Interval(self.start_s, self.end_s)


def segment_of(extent: Extent, decision: Decision, *parts: SegmentPart) -> SpeechSegment:
    """Put a segment together from what each stage says of it.

    Parameters
    ----------
    extent : Extent
        Where it lies.
    decision : Decision
        Of which kind it is; `UNDECIDED` where nobody has said.
    *parts : SegmentPart
        What is known besides; of two that speak of the same, the later one counts.

    Returns
    -------
    SpeechSegment
        Of no voice, and without evidence, unless a part says more.
    """
    return SpeechSegment(**_values((Spoken(voice=None), extent, decision, *parts)))


def _values(parts: tuple[SegmentPart, ...]) -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for part in parts for field in fields(part)}
