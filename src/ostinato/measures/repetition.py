"""How a song comes back: from playing to playing, and how much of film and song it fills."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from ostinato.errors import ParameterError
from ostinato.measures.going_on import outcomes
from ostinato.measures.models import likelihoods
from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.playings import Playing, playings_of, positions, timed, wrapped
from ostinato.measures.scopes import scopes
from ostinato.results import Coverage, Occurrence, Scene, Scope, Song, Transition
from ostinato.timeline import Interval, Timeline

__all__ = ["MeasureParameters", "coverage", "transitions"]


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
    _by_song(occurrences, songs)
    return tuple(
        transition
        for song in songs
        for transition in _transitions(playings_of(timed(occurrences), song.id), song, parameters)
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


def _transitions(
    playings: Sequence[Playing], song: Song, parameters: MeasureParameters
) -> Iterator[Transition]:
    if len(playings) < 2:  # noqa: PLR2004 - it takes two
        return
    places = positions(playings, song_duration_s=song.duration_s)
    linear_s = places.starts_s[1:] - places.ends_s[:-1]
    posteriors = likelihoods(places, within_s=parameters.continuation_s).posteriors
    rows = zip(
        pairwise(playings),
        outcomes(playings, places, within_s=parameters.continuation_s),
        linear_s,
        wrapped(linear_s, song.duration_s),
        posteriors.T,
        strict=True,
    )
    for (before, after), outcome, gap_linear_s, gap_s, models in rows:
        continues, restarts, ran_on, anywhere = models
        yield Transition(
            song_id=song.id,
            from_id=before.last.id,
            to_id=after.first.id,
            gap_s=float(gap_s),
            film_gap_s=after.first.film_start_s - before.last.film_end_s,
            continues=outcome == "goes on",
            gap_linear_s=float(gap_linear_s),
            p_continues=float(continues),
            p_restarts=float(restarts),
            p_ran_on=float(ran_on),
            p_anywhere=float(anywhere),
            outcome=outcome,
        )


def _coverage(
    occurrences: Sequence[Occurrence], song: Song, scope: Scope, within: Timeline
) -> Coverage:
    heard_in = [(o, Timeline((o.film,)) & within) for o in occurrences]
    inside = [(o, heard) for o, heard in heard_in if heard.intervals]
    heard = Timeline.of(i for _, timeline in inside for i in timeline)
    heard_of_song = Timeline.of(
        Interval(o.time_map.song_s(i.start_s), o.time_map.song_s(i.end_s))
        for o, timeline in inside
        if o.is_timed
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
