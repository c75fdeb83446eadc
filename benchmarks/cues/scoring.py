"""What a tool found against what is true: event by event, and in seconds.

An event is *found* if a detection of its song overlaps it at the right song time, to within 0.3 s
in the middle of what they share. It is at a *rival* if it is not found and a detection places it
where the song's own samples are the same, *misplaced* if it is only placed elsewhere in its song,
and *missed* otherwise. Seconds are those of the union of a song's detections; they are right where
they lie in an event at the right song time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ostinato.timeline import Interval, Timeline

MAX_SONG_ERROR_S = 0.3

Outcome = Literal["found", "rival", "misplaced", "missed"]
IsSame = Callable[[str, float, float, float], bool]
"""Whether a song holds the same samples at two of its times, for so many seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A stretch of film in which a song is heard from a place of its own on."""

    song: str
    start_s: float
    end_s: float
    song_start_s: float
    speed: float = 1.0

    @property
    def interval(self) -> Interval:
        """Where in the film."""
        return Interval(self.start_s, self.end_s)

    def song_s(self, film_s: float) -> float:
        """Song time at a film time."""
        return self.song_start_s + (film_s - self.start_s) * self.speed


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Placed):
    """A song as it was mixed into a film."""

    of_set: str
    film: str
    level_lu: float
    chain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection(Placed):
    """Where a tool says that a song is heard; `speed` is 1 for tools that know none."""

    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventScore:
    """How one event fared; errors are found less true, None unless it is found."""

    event: Event
    outcome: Outcome
    heard_s: float
    start_error_s: float | None = None
    end_error_s: float | None = None
    song_error_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconds:
    """Seconds of events, of detections, and of what is right of them; they add up over films."""

    true_s: float = 0.0
    found_s: float = 0.0
    right_s: float = 0.0

    def __add__(self, other: "Seconds") -> "Seconds":
        return Seconds(
            true_s=self.true_s + other.true_s,
            found_s=self.found_s + other.found_s,
            right_s=self.right_s + other.right_s,
        )

    @property
    def precision(self) -> float | None:
        """Share of found seconds that are right; None of no seconds."""
        return self.right_s / self.found_s if self.found_s > 0 else None

    @property
    def recall(self) -> float | None:
        """Share of true seconds that were found; None of no seconds."""
        return self.right_s / self.true_s if self.true_s > 0 else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both, 0 if nothing is right; None where there is nothing to find."""
        if self.true_s <= 0:
            return None
        return 2 * self.right_s / (self.true_s + self.found_s)


def score_event(
    event: Event, detections: Sequence[Detection], *, is_same: IsSame | None = None
) -> EventScore:
    """Hold one event against all detections of a film.

    Parameters
    ----------
    event : Event
        What is true.
    detections : sequence of Detection
        Of any song, in any order.
    is_same : callable, optional
        Tells rivals from misplaced; nothing is a rival without it.

    Returns
    -------
    EventScore
        The best outcome that a detection gives it.
    """
    touching = [
        (one, shared, one.song_s(middle_s) - event.song_s(middle_s), event.song_s(middle_s))
        for one in detections
        if one.song == event.song
        and (shared := event.interval.intersection(one.interval)) is not None
        for middle_s in [(shared.start_s + shared.end_s) / 2]
    ]
    right = [(one, shared, e) for one, shared, e, _ in touching if abs(e) <= MAX_SONG_ERROR_S]
    if right:
        return EventScore(
            event=event,
            outcome="found",
            heard_s=Timeline.of(shared for _, shared, _ in right).duration_s,
            start_error_s=min(one.start_s for one, _, _ in right) - event.start_s,
            end_error_s=max(one.end_s for one, _, _ in right) - event.end_s,
            song_error_s=max((e for _, _, e in right), key=abs),
        )
    is_rival = is_same is not None and any(
        is_same(event.song, song_s, song_s + error_s, shared.duration_s)
        for _, shared, error_s, song_s in touching
    )
    outcome: Outcome = "rival" if is_rival else "misplaced" if touching else "missed"
    return EventScore(event=event, outcome=outcome, heard_s=0.0)


def count_seconds(events: Sequence[Event], detections: Sequence[Detection]) -> Seconds:
    """Add up seconds over the songs of a film.

    Parameters
    ----------
    events, detections : sequence
        Of one film.

    Returns
    -------
    Seconds
        No second of a song is counted twice, however often it is detected.
    """
    total = Seconds()
    for song in sorted({one.song for one in (*events, *detections)}):
        own = [event for event in events if event.song == song]
        found = [one for one in detections if one.song == song]
        right = [
            shared
            for event in own
            for one in found
            if (shared := event.interval.intersection(one.interval)) is not None
            and _is_right(event, one, shared)
        ]
        total += Seconds(
            true_s=Timeline.of(event.interval for event in own).duration_s,
            found_s=Timeline.of(one.interval for one in found).duration_s,
            right_s=Timeline.of(right).duration_s,
        )
    return total


def _is_right(event: Event, one: Detection, shared: Interval) -> bool:
    middle_s = (shared.start_s + shared.end_s) / 2
    return abs(one.song_s(middle_s) - event.song_s(middle_s)) <= MAX_SONG_ERROR_S
