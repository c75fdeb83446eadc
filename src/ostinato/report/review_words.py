"""What of the results is a person's, in sentences: of the terminal, the paragraph and the page."""

from collections.abc import Iterator

from ostinato.legible import isolated
from ostinato.report.wording import count, counted, listed, number, percent, span, spelled
from ostinato.results import ChangedFigure, FindSample, Results, Review, ReviewedSong, UnplacedEdit

_NAMELESS = frozenset({"somebody", "a person", "the program"})
"""What stands in a journal in place of a name; the program itself follows what people add."""
_MOST_NAMED = 3
_MOST_CHANGED = 8
_TWO = 2
_WHOLE_FILM = "film"
_OF_THE_FILM = frozenset({"coverage", "ratio", "monologue"})
_SHOWN = {
    ("coverage", "n_occurrences"): "occurrences",
    ("coverage", "heard_s"): "seconds in which it is heard",
    ("continuation", "n_go_on"): "transitions that go on",
    ("loudness", "median_lu"): "level against speech, LU",
    ("ratio", "narration_s"): "seconds of narration",
    ("ratio", "dialogue_s"): "seconds of dialogue",
    ("ratio", "share"): "narration's share",
    ("monologue", "share"): "share of speech that nobody answers",
    ("claims", "verdict"): "verdict",
}
"""What is said in words of what changed; the rest is in `results.json`."""


def is_reviewed(song_id: str, results: Results) -> bool:
    """Tell whether a person has said anything of a song's occurrences."""
    review = results.review
    rows = () if review is None else review.songs
    return any(
        row.n_accepted + row.n_moved + row.n_added + row.n_rejected > 0
        for row in rows
        if row.song_id == song_id
    )


def heard_by_ear(results: Results) -> Iterator[str]:
    """Say of each song, and of the speech, how much was confirmed or changed by ear.

    Parameters
    ----------
    results : Results
        With or without a review.

    Yields
    ------
    str
        A sentence; none without a review.
    """
    review = results.review
    if review is None:
        return
    for row in review.songs:
        song = results.song(row.song_id)
        if song is not None and is_reviewed(song.id, results):
            yield _of_song(row, song.title)
    yield from _unchecked(results)
    yield from _of_speech(review)
    yield from _of_finds(review.finds)
    yield from reviewers(review)


def reviewers(review: Review) -> Iterator[str]:
    """Name who has reviewed, or say that this is not known."""
    if review.n_entries == 0:
        return
    named = [one for one in review.who if one not in _NAMELESS]
    if not named:
        yield "Who reviewed is not recorded."
    else:
        yield f"{'The reviewer was' if len(named) == 1 else 'The reviewers were'} {listed(named)}."


def _unchecked(results: Results) -> Iterator[str]:
    """Name the songs of which nobody has listened to any occurrence, if others were listened to."""
    heard = [song for song in results.songs if results.occurrences_of(song.id)]
    rest = [song.title for song in heard if not is_reviewed(song.id, results)]
    if not rest or len(rest) == len(heard):
        return
    if len(rest) > _MOST_NAMED:
        yield f"No occurrence of {spelled(len(rest))} other songs was checked by ear."
    else:
        titles = listed([f"“{title}”" for title in rest], word="or")
        yield f"No occurrence of {titles} was checked by ear."


def _of_finds(finds: FindSample | None) -> Iterator[str]:
    """Say how far the program's finds can be trusted, if a person has listened for the songs."""
    if finds is None:
        return
    precision, recall = (
        _with_interval(*row)
        for row in (
            (finds.precision, finds.precision_low, finds.precision_high),
            (finds.recall, finds.recall_low, finds.recall_high),
        )
    )
    if 0 < sum(one.n_pieces for one in finds.strata) <= finds.n_judged:
        yield (
            f"All {finds.n_judged:,} pieces of the film, {finds.piece_s:g} s each, were judged by "
            f"ear: the precision of the program's finds is {precision}, and their recall {recall}."
        )
        return
    yield (
        f"A blind random sample of {count(finds.n_judged, 'piece')} of the film, {finds.piece_s:g} "
        f"s each, says how far the program's finds can be trusted: precision "
        f"{precision}, recall {recall} "
        f"({finds.level:.0%} intervals, exact in each stratum and joined by Bonferroni)."
    )


def _with_interval(value: float | None, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "not known"
    known = "not known" if value is None else percent(value)
    if value == low == high:
        return known
    return f"{known} ({percent(low)} to {percent(high)})"


def _of_song(row: ReviewedSong, title: str) -> str:
    n = row.n_accepted + row.n_moved + row.n_added + row.n_unheard
    parts = [
        f"{spelled(n_some)} {'was' if n_some == 1 else 'were'} {what}"
        for n_some, what in (
            (row.n_accepted, "found and confirmed by ear"),
            (row.n_moved, "moved by hand"),
            (row.n_added, "added by ear"),
            (row.n_unheard, "found and not checked by ear"),
        )
        if n_some
    ]
    if n == 0:
        said = f"No occurrence of “{title}” is left"
    elif n == 1:
        said = f"The one occurrence of “{title}” {parts[0].removeprefix('one ')}"
    elif len(parts) == 1:
        which = "Both" if n == _TWO else f"All {spelled(n)}"
        said = f"{which} occurrences of “{title}” {parts[0].removeprefix(f'{spelled(n)} ')}"
    else:
        said = f"Of {spelled(n)} occurrences of “{title}”, {listed(parts)}"
    if row.n_rejected:
        finds = "find" if row.n_rejected == 1 else "finds"
        are = "was rejected and counts" if row.n_rejected == 1 else "were rejected and count"
        other = "other " * (n > 0)
        said += f"; {spelled(row.n_rejected)} {other}{finds} of the program {are} nowhere"
    if row.n_without_song_time:
        one = row.n_without_song_time == 1
        said += (
            f"; of {spelled(row.n_without_song_time)} it is not known what part of the song is "
            f"heard, and {'it is' if one else 'they are'} in no transition"
        )
    return f"{said}."


def _of_speech(review: Review) -> Iterator[str]:
    speech = review.speech
    if speech is None:
        return
    parts = [
        f"{spelled(n)} {'has' if n == 1 else 'have'} {what}"
        for n, what in (
            (speech.n_kinds, "the kind that a person gave in the review"),
            (speech.n_edges, "edges that a person drew"),
        )
        if n
    ]
    if parts:
        yield f"Of {counted(speech.n_segments, 'segment')} of speech, {listed(parts)}."
    if speech.n_removed:
        one = speech.n_removed == 1
        yield (
            f"{spelled(speech.n_removed).capitalize()} segment{'' if one else 's'} that "
            f"{'was' if one else 'were'} detected {'is' if one else 'are'} no speech, by ear."
        )


def review_block(results: Results) -> list[str]:
    """Set out the review for a terminal; nothing where nobody has reviewed."""
    review = results.review
    if review is None:
        return []
    who = listed([isolated(one) for one in review.who]) if review.who else "nobody"
    last = "" if review.last_at is None else f", the last on {isolated(review.last_at[:10])}"
    lines = [f"Review: {count(review.n_entries, 'edit')} by {who}{last}."]
    lines += [f"  {sentence}" for sentence in heard_by_ear(results)]
    lines += list(_changes(review))
    if review.is_robustness_open:
        lines.append(
            "  How far the claims rest on choices was not tried again after the last edit."
        )
    return [*lines, *_without_place(review)]


def _changes(review: Review) -> Iterator[str]:
    rows = [row for row in review.changed if _is_shown(row)]
    if not rows:
        yield "  No figure is another for it."
        return
    yield "  Figures of the program alone, and with the review:"
    for row in rows[:_MOST_CHANGED]:
        of = row.of.removesuffix(f", {_WHOLE_FILM}")
        of = "the film" if of == _WHOLE_FILM else isolated(of)
        what = _SHOWN[row.measure, row.figure]
        yield f"    {of}, {what}: {_figure(row.program)} → {_figure(row.reviewed)}"
    if len(rows) > _MOST_CHANGED:
        yield f"    and {count(len(rows) - _MOST_CHANGED, 'more figure')}."


def _is_shown(row: ChangedFigure) -> bool:
    if (row.measure, row.figure) not in _SHOWN:
        return False
    is_of_film = row.of == _WHOLE_FILM or row.of.endswith(f", {_WHOLE_FILM}")
    return row.measure not in _OF_THE_FILM or is_of_film


def _figure(value: float | str | None) -> str:
    if isinstance(value, str):
        return value
    return number(value, "g" if value is not None and value == int(value) else ".3g")


def _without_place(review: Review) -> Iterator[str]:
    """List the edits that no longer fit: none is dropped, and a person must know of each."""
    n = len(review.unplaced)
    if n == 0:
        return
    fits = "fits" if n == 1 else "fit"
    yield (
        f"  {count(n, 'edit')} of the journal no longer {fits} what was found, and "
        f"{'stays' if n == 1 else 'stay'} in it:"
    )
    for one in review.unplaced:
        yield f"    {unplaced_in_words(one)}"


def unplaced_in_words(one: UnplacedEdit) -> str:
    """Say which edit has found no place, and why."""
    where = [] if one.start_s is None or one.end_s is None else [span(one.start_s, one.end_s)]
    song = [] if one.song is None else [f"“{isolated(one.song)}”"]
    what = ", ".join([*where, *song, f"{one.on}: {one.act}"])
    return f"{what} ({isolated(one.who)}, {isolated(one.when[:10])}): {isolated(one.reason)}."
