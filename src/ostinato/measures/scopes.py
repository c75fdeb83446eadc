"""The stretches of film that measures are given for, and the speech in them, as it is counted."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ostinato.errors import ParameterError
from ostinato.measures.survey import Frame
from ostinato.measures.verdicts import MeasureParameters
from ostinato.results import (
    FILM,
    InScene,
    LabelKind,
    Occurrence,
    RatioCurve,
    SampledLabel,
    Scene,
    Scope,
    Side,
    SpeechSegment,
)
from ostinato.timeline import Interval, Timeline, in_film_order, meeting

BEGINNINGS_PERCENT = (10, 20, 33)
_SIDES: tuple[Side, Side] = ("first", "after")
NARRATION: frozenset[LabelKind] = frozenset({"narration"})
DIALOGUE: frozenset[LabelKind] = frozenset({"dialogue", "soliloquy"})
UNDETERMINED: frozenset[LabelKind] = frozenset({"undetermined"})
_CURVE_STEP_S = 60.0
_LEAST_STEPS = 36
"""Of a film of less than as many minutes, the curve has as many points."""
_MOST_OF_FILM = 1 / 3
"""Of the film, in a window: a wider one is nearly the whole at each place, and shows no change."""
_FOLLOWED = (NARRATION, DIALOGUE, UNDETERMINED, NARRATION | DIALOGUE)


def scopes_of(scenes: Sequence[Scene], *, film_duration_s: float) -> dict[Scope, Timeline]:
    """Name every stretch that a measure is given for.

    Parameters
    ----------
    scenes : sequence of Scene
        In any order; scenes of one name are one scope.
    film_duration_s : float
        Length of the film; scopes end there at the latest.

    Returns
    -------
    dict of Scope to Timeline
        The film, then each story, each day and each scene, in the order of the scene table. None is
        empty.

    Raises
    ------
    ParameterError
        If the film has no length, or a scene begins after it has ended.
    """
    film = Timeline((Interval(0.0, film_duration_s),))
    for scene in scenes:
        if scene.start_s >= film_duration_s:
            raise ParameterError(
                f"scene {scene.name!r}",
                f"it begins at {scene.start_s:.0f} s and the film ends at {film_duration_s:.0f} s",
                "Take the scene's times from the edition that is analysed",
            )
    stories = _grouped((Scope.story(s.story), s) for s in scenes if s.story is not None)
    days = _grouped((Scope.day(s.day), s) for s in scenes if s.day is not None)
    named = _grouped((Scope.scene(s.name), s) for s in scenes)
    groups = {**stories, **days, **named}
    return {FILM: film} | {name: timeline & film for name, timeline in groups.items()}


def beginnings(scenes: Sequence[Scene], *, film_duration_s: float) -> dict[Scope, Timeline]:
    """Name what comes before and after the first tenth, fifth and third of film and stories.

    `film_duration_s`: length of the film. Raises ParameterError if the film has no length, or a
    scene begins after it has ended.
    """
    named = scopes_of(scenes, film_duration_s=film_duration_s)
    return {
        scope.part(side, percent): part
        for scope, within in named.items()
        if scope.kind in {"film", "story"}
        for percent in BEGINNINGS_PERCENT
        for side, part in zip(
            _SIDES, _parted(within, within.duration_s * percent / 100), strict=True
        )
    }


def voice_scopes(speech: Sequence[SpeechSegment]) -> dict[Scope, Timeline]:
    """Name the speech of each voice."""
    heard: dict[Scope, list[Interval]] = {}
    for segment in speech:
        if segment.voice is not None:
            heard.setdefault(Scope.voice(segment.voice), []).append(segment.interval)
    return {scope: Timeline.of(own) for scope, own in heard.items()}


def name_scenes(
    occurrences: Sequence[Occurrence], scenes: Sequence[Scene]
) -> tuple[Occurrence, ...]:
    """Give each occurrence the scene in which most of it is heard.

    Parameters
    ----------
    occurrences : sequence of Occurrence
        In any order.
    scenes : sequence of Scene
        May overlap; of two that hold as much of an occurrence, the shorter is named.

    Returns
    -------
    tuple of Occurrence
        In the same order; `scene` is None where no scene is marked.
    """
    return tuple(one.with_parts(InScene(scene=_scene_of(one, scenes))) for one in occurrences)


def _parted(timeline: Timeline, first_s: float) -> tuple[Timeline, Timeline]:
    """Part a timeline after as many of its seconds."""
    before: list[Interval] = []
    for interval in timeline:
        left_s = first_s - sum(i.duration_s for i in before)
        end_s = min(interval.end_s, interval.start_s + left_s)
        if end_s <= interval.start_s:  # what is left may be too little to move a float
            break
        before.append(Interval(interval.start_s, end_s))
    first = Timeline(tuple(before))
    return first, timeline - first


def _scene_of(occurrence: Occurrence, scenes: Sequence[Scene]) -> str | None:
    shared = [(scene.interval.intersection(occurrence.film), scene) for scene in scenes]
    held = [
        (part.duration_s, -scene.interval.duration_s, -scene.start_s, scene.name)
        for part, scene in shared
        if part is not None
    ]
    return max(held)[-1] if held else None


def _grouped(named_scenes: Iterable[tuple[Scope, Scene]]) -> dict[Scope, Timeline]:
    groups: dict[Scope, Timeline] = {}
    for name, scene in named_scenes:
        groups[name] = groups.get(name, Timeline()) | Timeline((scene.interval,))
    return groups


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of speech; `label` is None where no person has said what it is.

    `p_inclusion` is None where it was labelled because somebody wanted to, not by chance.
    `is_opinion` says that a classifier decided that labels had trained: such a kind is used with
    its errors known, and is no count. `is_open` says that it was drawn and nobody has labelled it,
    `stratum` within what it was drawn.
    """

    interval: Interval
    predicted: LabelKind
    label: LabelKind | None = None
    p_inclusion: float | None = None
    is_opinion: bool = False
    is_open: bool = False
    stratum: str = ""

    @property
    def start_s(self) -> float:
        """Film time at which it begins."""
        return self.interval.start_s

    @property
    def end_s(self) -> float:
        """Film time at which it ends."""
        return self.interval.end_s


def stretches(
    speech: Sequence[SpeechSegment], sample: Sequence[SampledLabel]
) -> tuple[Stretch, ...]:
    """Join the speech with the random sample that was labelled."""
    drawn = sorted(sample, key=in_film_order)
    rows = [
        Stretch(
            segment.interval,
            segment.predicted or segment.kind,
            segment.kind if segment.decided_by == "label" else None,
            is_opinion="classifier" in {segment.decided_by, segment.predicted_by},
        )
        for segment in speech
        if not any(_holds_most(one, segment) for one in meeting(drawn, segment))
    ]
    rows += [
        Stretch(
            s.interval, s.predicted, s.kind, s.p_inclusion, is_open=s.is_open, stratum=s.stratum
        )
        for s in sample
    ]
    return tuple(sorted(rows, key=in_film_order))


def _holds_most(one: SampledLabel, segment: SpeechSegment) -> bool:
    shared_s = min(one.end_s, segment.end_s) - max(one.start_s, segment.start_s)
    return shared_s >= (segment.end_s - segment.start_s) / 2


def clipped(rows: Sequence[Stretch], within: Timeline) -> list[Stretch]:
    """Cut stretches to a part of the film; what is cut in two comes twice."""
    out = []
    for part in within:
        for row in meeting(rows, part):
            if part.start_s <= row.interval.start_s and row.interval.end_s <= part.end_s:
                out.append(row)
                continue
            shared = row.interval.intersection(part)
            if shared is not None:
                out.append(replace(row, interval=shared))
    return out


def seconds_said(rows: Sequence[Stretch], kinds: frozenset[LabelKind]) -> float:
    """Add up the speech of which people say that it is of some kinds."""
    return sum(
        row.interval.duration_s
        for row in rows
        if (row.label or ("undetermined" if row.is_opinion else row.predicted)) in kinds
    )


def seconds(
    rows: Sequence[Stretch], kinds: frozenset[LabelKind], *, labels_win: bool = True
) -> float:
    """Add up the speech of some kinds.

    `labels_win`: whether labels count before predictions, or predictions alone.
    """
    return sum(
        row.interval.duration_s
        for row in rows
        if ((row.label if labels_win else None) or row.predicted) in kinds
    )


def quotient(part_s: float, whole_s: float) -> float | None:
    """Divide, where there is something to divide by."""
    return part_s / whole_s if whole_s > 0 else None


def are_all_labelled(rows: Sequence[Stretch]) -> bool:
    """Tell whether a person has labelled every stretch: then kinds are counted, not estimated."""
    return bool(rows) and all(row.label is not None and not row.is_open for row in rows)


def frame(rows: Sequence[Stretch]) -> Frame:
    """Lay out speech and sample for an estimate."""
    sample = [row for row in rows if row.p_inclusion is not None]
    certain = [row for row in rows if row.label is not None and row.p_inclusion is None]
    frame_rows = [row for row in rows if row.label is None or row.p_inclusion is not None]
    return Frame(
        speech_s=sum(row.interval.duration_s for row in frame_rows),
        predicted_s=np.array(
            [seconds(frame_rows, kinds, labels_win=False) for kinds in (NARRATION, DIALOGUE)]
        ),
        known_s=np.array([seconds(certain, kinds) for kinds in (NARRATION, DIALOGUE)]),
        lengths_s=np.array([row.interval.duration_s for row in sample]),
        weights=np.array([1 / (row.p_inclusion or 1.0) for row in sample]),
        predicted=_kinds([row.predicted for row in sample]),
        truth=_kinds([row.label or "undetermined" for row in sample]),
        is_unclear=np.array([row.label == "undetermined" for row in sample], dtype=bool),
        strata=np.unique([row.stratum for row in sample], return_inverse=True)[1].reshape(-1),
        n_open=sum(row.is_open for row in sample),
    )


def _kinds(kinds: Sequence[LabelKind]) -> NDArray[np.float64]:
    rows = [[float(kind in NARRATION), float(kind in DIALOGUE)] for kind in kinds]
    return np.array(rows).reshape(-1, 2)


def ratio_curve(
    speech: Sequence[SpeechSegment], *, film_duration_s: float, parameters: MeasureParameters
) -> tuple[RatioCurve, ...]:
    """Follow narration and dialogue through the film by the minute, or closer if it is short.

    `film_duration_s`: length of the film, > 0.
    """
    rows = stretches(speech, ())
    spoken = [_Growing.of(rows, kinds) for kinds in _FOLLOWED]
    step_s = min(_CURVE_STEP_S, film_duration_s / _LEAST_STEPS)
    window_s = min(parameters.rolling_s, film_duration_s * _MOST_OF_FILM)
    ends_s = [*np.arange(1, film_duration_s / step_s - 1e-9) * step_s, film_duration_s]
    return tuple(
        _curve_at(rows, spoken, float(end_s), film_duration_s, window_s=window_s)
        for end_s in ends_s
    )


@dataclass(frozen=True, slots=True)
class _Growing:
    """Stretches of some kinds, of which the seconds up to a film time are asked."""

    starts_s: tuple[float, ...]
    lengths_s: tuple[float, ...]

    @classmethod
    def of(cls, rows: Sequence[Stretch], kinds: frozenset[LabelKind]) -> Self:
        own = [row.interval for row in rows if (row.label or row.predicted) in kinds]
        return cls(tuple(i.start_s for i in own), tuple(i.duration_s for i in own))

    def seconds_until(self, end_s: float) -> float:
        """Add up what lies before; of the last stretch its beginning alone may."""
        n = bisect_left(self.starts_s, end_s)
        if n == 0:
            return 0
        last_s = min(self.lengths_s[n - 1], end_s - self.starts_s[n - 1])
        return sum([*self.lengths_s[: n - 1], last_s])


def _curve_at(
    rows: Sequence[Stretch],
    spoken: Sequence[_Growing],
    end_s: float,
    film_duration_s: float,
    *,
    window_s: float,
) -> RatioCurve:
    narration_s, dialogue_s, undetermined_s, decided_s = (
        some.seconds_until(end_s) for some in spoken
    )
    half_s = window_s / 2
    window = Interval(max(0.0, end_s - half_s), min(film_duration_s, end_s + half_s))
    near = clipped(rows, Timeline((window,)))
    near_s, open_s = seconds(near, NARRATION), seconds(near, UNDETERMINED)
    spoken_s = seconds(near, NARRATION | DIALOGUE) + open_s
    return RatioCurve(
        film_s=end_s,
        narration_s=narration_s,
        dialogue_s=dialogue_s,
        undetermined_s=undetermined_s,
        share=quotient(narration_s, decided_s),
        rolling_share=quotient(near_s, spoken_s - open_s),
        rolling_low=quotient(near_s, spoken_s),
        rolling_high=quotient(near_s + open_s, spoken_s),
        window_s=window_s,
    )


def seconds_per_bin(
    speech: Sequence[SpeechSegment], film_duration_s: float, *, n_bins: int
) -> NDArray[np.float64]:
    """Return the seconds spoken in each bin of the film; segments are cut at the bins' edges."""
    edges_s = np.linspace(0.0, film_duration_s, n_bins + 1)
    bounds_s = np.array([(s.start_s, s.end_s) for s in sorted(speech, key=in_film_order)])
    if bounds_s.size == 0:
        return np.zeros(edges_s.size - 1)
    until_s = np.cumsum(bounds_s[:, 1] - bounds_s[:, 0])
    spoken_s = np.stack([until_s - (bounds_s[:, 1] - bounds_s[:, 0]), until_s], axis=1)
    return np.diff(np.interp(edges_s, bounds_s.ravel(), spoken_s.ravel(), left=0.0))
