"""How a song comes back: from playing to playing, and how much of film and song it fills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ostinato.errors import ParameterError
from ostinato.measures.scopes import scopes
from ostinato.results import Coverage, Occurrence, Scene, Song, Transition
from ostinato.timeline import Interval, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureParameters:
    """What the measures take for what; recorded verbatim under ``run.parameters``.

    Parameters
    ----------
    continuation_s : float
        A song goes on where it stopped if its gap is at most this long, either way; >= 0.

    Raises
    ------
    ParameterError
        If it is negative.
    """

    continuation_s: float = 5.0  # about two bars; who lifts a needle finds the place no closer

    def __post_init__(self) -> None:
        if not self.continuation_s >= 0:
            raise ParameterError(
                "continuation_s", f"it is {self.continuation_s}", "Give 0 or more seconds"
            )


def transitions(
    occurrences: Sequence[Occurrence],
    songs: Sequence[Song],
    *,
    parameters: MeasureParameters,
) -> tuple[Transition, ...]:
    """Step from each playing of a song to its next.

    Occurrences of one playing follow each other without a transition: the record kept turning.

    Parameters
    ----------
    occurrences : sequence of Occurrence
        Of any songs, in any order.
    songs : sequence of Song
        Every song that occurs.
    parameters : MeasureParameters
        What counts as going on.

    Returns
    -------
    tuple of Transition
        By song in the order of `songs`, then by film time. `gap_s` is wrapped into
        (-L/2, L/2] for a song of length L: a song that stops at its end and starts at its
        beginning goes on.

    Raises
    ------
    ParameterError
        If an occurrence is of a song that is not given.
    """
    by_song = _by_song(occurrences, songs)
    return tuple(
        _transition(before, after, song, parameters)
        for song in songs
        for before, after in zip(by_song[song.id], by_song[song.id][1:], strict=False)
        if before.playing_id != after.playing_id
    )


def coverage(
    occurrences: Sequence[Occurrence],
    songs: Sequence[Song],
    *,
    film_duration_s: float,
    scenes: Sequence[Scene],
) -> tuple[Coverage, ...]:
    """How much of each scope a song fills, and how much of the song is heard in it.

    Parameters
    ----------
    occurrences : sequence of Occurrence
        Of any songs, in any order.
    songs : sequence of Song
        A song that never occurs has rows as well, with measured zeros.
    film_duration_s : float
        Length of the film, > 0.
    scenes : sequence of Scene
        The scene table; may be empty.

    Returns
    -------
    tuple of Coverage
        One for each song and scope. An occurrence that reaches into a scope is counted in it, with
        the part inside. `longest_absence_s` is within one unbroken stretch of the scope.

    Raises
    ------
    ParameterError
        If an occurrence is of a song that is not given, or a scene lies beyond the film.
    """
    by_song = _by_song(occurrences, songs)
    named = scopes(scenes, film_duration_s=film_duration_s)
    return tuple(
        _coverage(by_song[song.id], song, scope, within)
        for song in songs
        for scope, within in named.items()
    )


def _by_song(
    occurrences: Sequence[Occurrence], songs: Sequence[Song]
) -> Mapping[str, list[Occurrence]]:
    by_song: dict[str, list[Occurrence]] = {song.id: [] for song in songs}
    for occurrence in sorted(occurrences, key=lambda o: (o.film, o.id)):
        if occurrence.song_id not in by_song:
            raise ParameterError(
                f"occurrence {occurrence.id}",
                f"its song {occurrence.song_id!r} is none of {', '.join(by_song) or 'no songs'}",
                "Give every song that occurs",
            )
        by_song[occurrence.song_id].append(occurrence)
    return by_song


def _transition(
    before: Occurrence, after: Occurrence, song: Song, parameters: MeasureParameters
) -> Transition:
    half_s = song.duration_s / 2
    gap_s = half_s - (half_s - (after.song_start_s - before.song_end_s)) % song.duration_s
    return Transition(
        song_id=song.id,
        from_id=before.id,
        to_id=after.id,
        gap_s=gap_s,
        film_gap_s=after.film_start_s - before.film_end_s,
        continues=abs(gap_s) <= parameters.continuation_s,
    )


def _coverage(
    occurrences: Sequence[Occurrence], song: Song, scope: str, within: Timeline
) -> Coverage:
    heard_in = [(o, Timeline((o.film,)) & within) for o in occurrences]
    inside = [(o, heard) for o, heard in heard_in if heard.intervals]
    heard = Timeline.of(i for _, timeline in inside for i in timeline)
    heard_of_song = Timeline.of(
        Interval(o.time_map.song_s(i.start_s), o.time_map.song_s(i.end_s))
        for o, timeline in inside
        for i in timeline
    ) & Timeline((Interval(0.0, song.duration_s),))
    absences = [absence for part in within for absence in heard.complement(within=part)]
    return Coverage(
        song_id=song.id,
        scope=scope,
        n_occurrences=len(inside),
        n_playings=len({o.playing_id for o, _ in inside}),
        heard_s=heard.duration_s,
        share_of_scope=heard.duration_s / within.duration_s,
        song_heard_s=heard_of_song.duration_s,
        share_of_song=heard_of_song.duration_s / song.duration_s,
        longest_absence_s=max((absence.duration_s for absence in absences), default=0.0),
    )
