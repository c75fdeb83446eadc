"""On what results rest after a review: how much was found, how much a person has said."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ostinato.results import (
    ChangedFigure,
    Claim,
    FindSample,
    ProgramMeasures,
    Results,
    Review,
    ReviewedSong,
    ReviewedSpeech,
    UnplacedEdit,
)
from ostinato.review.edits import Edited, Unplaced
from ostinato.review.entries import State

_FIGURES = {
    "coverage": ("n_occurrences", "n_playings", "heard_s", "share_of_scope", "share_of_song"),
    "repetition": ("n_hearings", "n_occasions", "share_of_music", "rank", "burstiness"),
    "continuation": ("n_transitions", "n_go_on", "share", "share_low", "share_high"),
    "loudness": ("n", "median_lu", "low_lu", "high_lu", "louder_share"),
    "ratio": ("narration_s", "dialogue_s", "undetermined_s", "share", "low", "high"),
    "monologue": ("share", "low", "high", "to_nobody_share"),
    "claims": ("verdict", "value", "low", "high", "p_value_holm"),
}
"""What is shown as it was and as it is, of each measure."""


def program_measures(program: Results) -> ProgramMeasures:
    """Take the measures out of what the program found."""
    return ProgramMeasures(**{name: getattr(program, name) for name in _FIGURES})


def with_review(
    results: Results,
    *,
    program: Results,
    edited: Edited,
    state: State,
    finds: FindSample | None = None,
) -> Results:
    """Say of measured results what of them is a person's.

    Parameters
    ----------
    results : Results
        With the edits, and measured.
    program : Results
        Without them.
    edited : Edited
        What came of the edits.
    state : State
        The edits.
    finds : FindSample, optional
        How far the program's finds can be trusted, by a random sample of the film.

    Returns
    -------
    Results
        With `review`, and `rests_on` in each measure in which a person has had a part.
    """
    songs = tuple(_reviewed_song(song.id, results, program) for song in results.songs)
    speech = _reviewed_speech(results, program, state)
    in_force = state.in_force
    said = replace(
        results,
        review=Review(
            who=tuple(dict.fromkeys(entry.who for entry in in_force)),
            n_entries=len(in_force),
            last_at=max((entry.when for entry in in_force), default=None),
            songs=songs if results.songs else (),
            speech=speech,
            changed=tuple(_changed(program, results)),
            unplaced=tuple(map(_unplaced, edited.unplaced)),
            program=program_measures(program),
            finds=finds,
        ),
    )
    return _with_grounds(said, {song.song_id: _of_song(song) for song in songs}, _of_speech(speech))


def _reviewed_song(song_id: str, results: Results, program: Results) -> ReviewedSong:
    own = [one for one in results.occurrences if one.song_id == song_id]
    counts = {said: sum(one.review == said for one in own) for said in ("accepted", "added")}
    return ReviewedSong(
        song_id=song_id,
        n_found=sum(one.song_id == song_id for one in program.occurrences),
        n_accepted=counts["accepted"],
        n_moved=sum(one.review == "moved" for one in own),
        n_added=counts["added"],
        n_rejected=sum(one.song_id == song_id for one in results.rejected),
        n_unheard=sum(one.review is None for one in own),
        n_without_song_time=sum(not one.is_timed for one in own),
    )


def _reviewed_speech(results: Results, program: Results, state: State) -> ReviewedSpeech | None:
    if not (results.speech or program.speech):
        return None
    by_program = {(one.start_s, one.end_s): one for one in program.speech}
    kept = {one.id for one in results.speech}
    return ReviewedSpeech(
        n_segments=len(results.speech),
        n_kinds=sum(
            one.decided_by == "label" and not _is_of(by_program.get((one.start_s, one.end_s)), one)
            for one in results.speech
        ),
        n_edges=sum(one.edges_by == "person" for one in results.speech),
        n_removed=sum(one.id not in kept for one in program.speech),
        n_voices_named=sum(one.act == "name" and one.on == "voice" for one in state.in_force),
        n_scenes=sum(one.on == "scene" for one in state.in_force),
    )


def _is_of(before: object, now: object) -> bool:
    """Tell whether a label was there without the review."""
    names = ("decided_by", "kind")
    return before is not None and all(getattr(before, name) == getattr(now, name) for name in names)


def _of_song(song: ReviewedSong) -> str | None:
    """Say on what the figures of a song rest; None where nobody has said anything of it."""
    n = song.n_accepted + song.n_moved + song.n_added + song.n_unheard
    parts = [
        f"{number:,} {word}"
        for number, word in (
            (song.n_accepted, "found and confirmed by ear"),
            (song.n_moved, "moved by a person"),
            (song.n_added, "added by a person"),
            (song.n_unheard, "found and not listened to"),
        )
        if number
    ]
    if not (song.n_accepted or song.n_moved or song.n_added or song.n_rejected):
        return None
    said = f"{n:,} occurrence{'' if n == 1 else 's'}"
    said += f": {', '.join(parts)}" if parts else ""
    if song.n_rejected:
        said += f"; {song.n_rejected:,} rejected"
    if song.n_without_song_time:
        said += f"; {song.n_without_song_time:,} without a song time"
    return said


def _of_speech(speech: ReviewedSpeech | None) -> str | None:
    if speech is None:
        return None
    parts = [
        f"{number:,} {word}"
        for number, word in (
            (speech.n_kinds, "with a kind that a person gave in the review"),
            (speech.n_edges, "with edges that a person drew"),
        )
        if number
    ]
    if not parts and not speech.n_removed:
        return None
    n = speech.n_segments
    said = f"{n:,} segment{'' if n == 1 else 's'} of speech"
    said += f": {', '.join(parts)}" if parts else ""
    return said + (f"; {speech.n_removed:,} taken away" if speech.n_removed else "")


def _with_grounds(
    results: Results, of_songs: dict[str, str | None], of_speech: str | None
) -> Results:
    rows: dict[str, Any] = {
        name: tuple(
            replace(row, rests_on=of_songs.get(row.song_id)) for row in getattr(results, name)
        )
        for name in ("coverage", "repetition", "continuation", "loudness")
    }
    rows |= {
        name: tuple(replace(row, rests_on=of_speech) for row in getattr(results, name))
        for name in ("ratio", "monologue")
    }
    claims = tuple(
        replace(claim, rests_on=_of_claim(claim, results, of_songs, of_speech))
        for claim in results.claims
    )
    return replace(results, **rows, claims=claims)


_ON_SPEECH = frozenset({"C5", "C6", "C7"})


def _of_claim(
    claim: Claim, results: Results, of_songs: dict[str, str | None], of_speech: str | None
) -> str | None:
    if claim.id in _ON_SPEECH:
        return of_speech
    parts = [
        text if len(results.songs) == 1 else f"{song.title}: {text}"
        for song in results.songs
        if (text := of_songs.get(song.id)) is not None
    ]
    return "; ".join(parts) or None


def _changed(program: Results, results: Results) -> Iterator[ChangedFigure]:
    """Yield what is another figure now, row by row of the same song, scope or claim."""
    for name, figures in _FIGURES.items():
        before = {_key(row, program): row for row in getattr(program, name)}
        after = {_key(row, results): row for row in getattr(results, name)}
        for key in {**after, **before}:
            old, new = before.get(key), after.get(key)
            for figure in figures:
                was, now = (getattr(row, figure, None) for row in (old, new))
                if was != now:
                    yield ChangedFigure(
                        measure=name, of=key, figure=figure, program=was, reviewed=now
                    )


def _key(row: Any, results: Results) -> str:  # noqa: ANN401 - any record
    song = results.song(row.song_id) if hasattr(row, "song_id") else None
    parts = [
        song.title if song is not None else None,
        str(row.scope) if hasattr(row, "scope") else None,
        row.id if isinstance(row, Claim) else None,
    ]
    return ", ".join(part for part in parts if part is not None)


def _unplaced(one: Unplaced) -> UnplacedEdit:
    entry = one.entry
    content = next(iter((*entry.seen, *entry.becomes)), None)
    return UnplacedEdit(
        sequence=entry.sequence,
        when=entry.when,
        who=entry.who,
        on=entry.on,
        act=entry.act,
        start_s=None if content is None else content.start_s,
        end_s=None if content is None else content.end_s,
        song=None if content is None else content.song,
        reason=one.reason,
    )
