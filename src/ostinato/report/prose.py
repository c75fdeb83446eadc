"""Sentences that an essay can cite, made of what results hold and of nothing else."""

from collections.abc import Iterator, Sequence

from ostinato.legible import visible
from ostinato.report.claims import claim_sentence, decimals, limits_of
from ostinato.report.label_errors import if_labels_were_wrong
from ostinato.report.reading import (
    continuation_s,
    film_ratio,
    held_against_itself,
    is_unnamed,
    listened_for_speech,
    looked_for_songs,
    n_playings,
    occurrences_of,
)
from ostinato.report.teaching import taught
from ostinato.report.wording import NOTHING_REPEATS, bounds, count, listed, number, span, times
from ostinato.results import Occurrence, Ratio, Results, Song, Transition
from ostinato.timeline import timecode


def cite(results: Results) -> str:
    """Write one paragraph: what was analysed, which songs were detected when, who speaks how long.

    Parameters
    ----------
    results : Results
        What to cite.

    Returns
    -------
    str
        Plain text on one line.
    """
    return visible(" ".join(_sentences(results)))


def _sentences(results: Results) -> Iterator[str]:
    film = results.film
    edition = "edition not named" if film.edition is None else f"edition: {film.edition}"
    yield (
        f"The soundtrack of {film.name} ({edition}; {timecode(film.duration_s)}; SHA-256 "
        f"{film.sha256}) was analysed with Ostinato {results.run.version}."
    )
    if film.truncated_at_s is not None:
        yield f"Only its first {timecode(film.truncated_at_s)} could be read."
    if looked_for_songs(results):
        for song in results.songs:
            yield from _song(results, song)
    elif held_against_itself(results):
        yield NOTHING_REPEATS
    if listened_for_speech(results):
        yield from _speech(results)
    if results.claims:
        yield from map(claim_sentence, results.claims)
        yield limits_of(results.claims)


def _song(results: Results, song: Song) -> Iterator[str]:
    own = occurrences_of(results, song.id)
    if not own:
        yield f"“{song.title}” was not detected."
        return
    playings = count(n_playings(own), "playing")
    in_playings = "" if n_playings(own) == len(own) else f", in {playings}"
    heard = f"was detected {times(len(own))}{in_playings}: {_places(own)}."
    if is_unnamed(song):
        # where it stops is where its repetition stops: of its transitions nothing can be said
        yield f"An unnamed cue, “{song.title}”, found by the film's own repetition, {heard}"
        return
    yield f"“{song.title}” {heard}"
    moves = [move for move in results.transitions if move.song_id == song.id]
    if moves:
        yield _moves(moves, continuation_s(results))


def _moves(moves: Sequence[Transition], within_s: float | None) -> str:
    """Say of how many transitions that they go on, and of how many that cannot be told."""
    n_goes_on = sum(move.continues for move in moves)
    n_unclear = sum(move.outcome == "cannot be told" for move in moves)
    within = "" if within_s is None else f", to within {within_s:g} s"
    unclear = f"; of {n_unclear} it cannot be told, since another start fits as well"
    return (
        f"Of its {count(len(moves), 'transition')} from one playing to the next, "
        f"{n_goes_on or 'none'} {'go' if n_goes_on > 1 else 'goes'} on where the song had "
        f"stopped{within}{unclear if n_unclear else ''}."
    )


def _places(own: list[Occurrence]) -> str:
    return f"at {listed([span(o.film_start_s, o.film_end_s) for o in own])}"


def _speech(results: Results) -> Iterator[str]:
    row = film_ratio(results)
    if not results.speech:
        yield "No speech was detected."
    elif row is not None and not row.narration_s + row.dialogue_s > 0:
        yield (
            f"{count(len(results.speech), 'segment')} of speech, "
            f"{timecode(row.undetermined_s)} in all, {_were(len(results.speech))} detected; "
            "whether narration or dialogue, nobody has decided."
        )
    elif row is not None:
        yield from _ratio(row)
    for lesson in results.teaching:
        yield from taught(lesson)


def _ratio(row: Ratio) -> Iterator[str]:
    text = f"Narration lasts {timecode(row.narration_s)} and dialogue {timecode(row.dialogue_s)}"
    form = f".{max(2, decimals(row.ratio_low, row.ratio_high))}f"
    if row.estimator in {"range", "all decided"}:
        range_ = bounds(row.ratio_low, row.ratio_high, form)
        if row.ratio is not None:
            text += f", a ratio of {number(row.ratio, form)}"
        if row.undetermined_s > 0:
            text += (
                f"; {timecode(row.undetermined_s)} of speech is undetermined, which leaves the "
                f"ratio at {range_}"
            )
        elif not row.dialogue_s > 0:
            text += ", all narration"
        elif row.ratio is None:
            text += f"; what the program alone decided leaves the ratio at {range_}"
    else:
        form = f".{decimals(row.ratio_low, row.ratio_high)}f"
        # a count that another film's errors correct has no interval
        within = bounds(row.ratio_low, row.ratio_high, form)
        within = "" if row.ratio_low is row.ratio_high is None else f" ({within})"
        text += f" as counted; the ratio is estimated at {number(row.ratio, form)}{within}"
    yield f"{text}."
    yield f"Method: {row.method}."
    yield from if_labels_were_wrong(row)


def _were(n: int) -> str:
    return "was" if n == 1 else "were"
