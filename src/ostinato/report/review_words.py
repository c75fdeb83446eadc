"""What of the results is a person's, in sentences: of the terminal, the paragraph and the page."""

from collections.abc import Iterator

from ostinato.legible import isolated
from ostinato.report.wording import count, listed, number, percent, span
from ostinato.results import ChangedFigure, FindSample, Results, Review, ReviewedSong, UnplacedEdit

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MOST_CHANGED = 8
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


def in_words(n: int) -> str:
    """Write a small number as a word, and any other in figures."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else f"{n:,}"


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
    """Say of each song, and of the speech, how much was confirmed or changed by ear."""
    review = results.review
    if review is None:
        return
    for row in review.songs:
        song = results.song(row.song_id)
        if song is not None and is_reviewed(song.id, results):
            yield _of_song(row, song.title)
    yield from _of_speech(review)
    yield from _of_finds(review.finds)


def _of_finds(finds: FindSample | None) -> Iterator[str]:
    """Say how far the program's finds can be trusted, if a person has listened for the songs."""
    if finds is None:
        return
    yield (
        f"A blind random sample of {count(finds.n_judged, 'piece')} of the film, {finds.piece_s:g} "
        f"s each, says how far the program's finds can be trusted: precision "
        f"{_with_interval(finds.precision, finds.precision_low, finds.precision_high)}, recall "
        f"{_with_interval(finds.recall, finds.recall_low, finds.recall_high)} "
        f"({finds.level:.0%} intervals, exact in each stratum and joined by Bonferroni)."
    )


def _with_interval(value: float | None, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "not known"
    known = "not known" if value is None else percent(value)
    return f"{known} ({percent(low)} to {percent(high)})"


def _of_song(row: ReviewedSong, title: str) -> str:
    n = row.n_accepted + row.n_moved + row.n_added + row.n_unheard
    parts = [
        f"{in_words(n_some)} {'was' if n_some == 1 else 'were'} {what}"
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
    else:
        said = f"Of {in_words(n)} occurrences of “{title}”, {listed(parts)}"
    if row.n_rejected:
        finds = "find" if row.n_rejected == 1 else "finds"
        are = "was rejected and counts" if row.n_rejected == 1 else "were rejected and count"
        other = "other " * (n > 0)
        said += f"; {in_words(row.n_rejected)} {other}{finds} of the program {are} nowhere"
    if row.n_without_song_time:
        one = row.n_without_song_time == 1
        said += (
            f"; of {in_words(row.n_without_song_time)} it is not known what part of the song is "
            f"heard, and {'it is' if one else 'they are'} in no transition"
        )
    return f"{said}."


def _of_speech(review: Review) -> Iterator[str]:
    speech = review.speech
    if speech is None:
        return
    parts = [
        f"{in_words(n)} {'has' if n == 1 else 'have'} {what}"
        for n, what in (
            (speech.n_kinds, "the kind that a person gave in the review"),
            (speech.n_edges, "edges that a person drew"),
        )
        if n
    ]
    if parts:
        yield f"Of {count(speech.n_segments, 'segment')} of speech, {listed(parts)}."
    if speech.n_removed:
        one = speech.n_removed == 1
        yield (
            f"{in_words(speech.n_removed).capitalize()} segment{'' if one else 's'} that "
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
