"""What the page shows of results: rows for its lanes, and figures that may change.

Times are seconds of film time or song time. Text stands as it is: the page writes it as text.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ostinato.legible import visible
from ostinato.report import lasting
from ostinato.results import (
    Candidate,
    Occurrence,
    Ratio,
    Results,
    Scene,
    SpeechSegment,
)

Row = dict[str, object]


def film_row(results: Results) -> Row:
    """Return what the page says of the film."""
    film = results.film
    return {
        "name": visible(film.title or film.name),
        "edition": None if film.edition is None else visible(film.edition),
        "duration_s": film.duration_s,
    }


def rows_of(results: Results) -> list[Row]:
    """Return a row for each stretch of every lane, in order of film time."""
    rows = [
        *map(_occurrence, results.occurrences),
        *({**_occurrence(one), "what": "rejected"} for one in results.rejected),
        *map(_candidate, results.candidates),
        *map(_segment, results.speech),
        *(
            {"what": "singing", "id": f"sing-{i}", "start": one.start_s, "end": one.end_s}
            for i, one in enumerate(results.songs_voice)
        ),
        *(_scene(i, one) for i, one in enumerate(results.scenes)),
        *_groups(results.scenes, "story", lambda one: one.story),
        *_groups(results.scenes, "day", lambda one: one.day),
    ]
    return sorted(rows, key=lambda row: (row["start"], row["end"], row["what"]))


def song_rows(results: Results) -> list[Row]:
    """Return the songs, in the order in which they were given."""
    return [
        {"id": one.id, "title": visible(one.title), "duration_s": one.duration_s}
        for one in results.songs
    ]


def voice_rows(results: Results) -> list[Row]:
    """Return the voices, the one that is heard first before the others."""
    return [
        {
            "id": one.id,
            "name": None if one.name is None else visible(one.name),
            "narrates": one.narrates,
            "speech_s": one.speech_s,
        }
        for one in results.voices
    ]


def _occurrence(one: Occurrence) -> Row:
    found = one.found
    return {
        "what": "occurrence",
        "id": one.id,
        "song": one.song_id,
        "start": one.film_start_s,
        "end": one.film_end_s,
        "song_start": one.song_start_s,
        "song_end": one.song_end_s,
        "knots": one.knots,
        "likeness": one.likeness,
        "score": one.score,
        "p": one.p_value,
        "speed": one.speed,
        "by": one.decided_by,
        "review": one.review,
        "found": None if found is None else [found.film_start_s, found.film_end_s],
    }


def _candidate(one: Candidate) -> Row:
    return {
        "what": "candidate",
        "id": one.id,
        "song": one.song_id,
        "start": one.film_start_s,
        "end": one.film_end_s,
        "song_start": one.song_start_s,
        "song_end": one.song_end_s,
        "score": one.score,
        "p": one.p_value,
        "refused": one.refused,
    }


def _segment(one: SpeechSegment) -> Row:
    return {
        "what": "speech",
        "id": one.id,
        "start": one.start_s,
        "end": one.end_s,
        "kind": one.kind,
        "by": one.kind_by,
        "p": one.p_narration,
        "voice": one.voice,
        "predicted": one.predicted,
    }


def _scene(index: int, one: Scene) -> Row:
    return {
        "what": "scene",
        "id": f"scene-{index}",
        "start": one.start_s,
        "end": one.end_s,
        "name": visible(one.name),
        "story": None if one.story is None else visible(one.story),
        "day": None if one.day is None else visible(one.day),
    }


def _groups(
    scenes: Sequence[Scene], what: str, name_of: Callable[[Scene], str | None]
) -> Iterator[Row]:
    """Join scenes that follow each other and are of one story, or of one day."""
    row: Row | None = None
    for i, one in enumerate(sorted(scenes, key=lambda scene: scene.start_s)):
        name = name_of(one)
        if row is not None and name is not None and row["name"] == visible(name):
            row["end"] = one.end_s
            continue
        if row is not None:
            yield row
        row = None
        if name is not None:
            row = {
                "what": what,
                "id": f"{what}-{i}",
                "start": one.start_s,
                "end": one.end_s,
                "name": visible(name),
            }
    if row is not None:
        yield row


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the results, in words, by which a change of it is seen."""

    name: str
    value: str


def figures_of(results: Results) -> tuple[Figure, ...]:
    """Return what a correction may change, as a person reads it."""
    return tuple(_figures(results))


def _figures(results: Results) -> Iterator[Figure]:
    for song in results.songs:
        own = results.occurrences_of(song)
        coverage = results.coverage_of(song)
        title = visible(song.title)
        yield Figure(f"{title}: occurrences", f"{len(own)}")
        if coverage is not None:
            yield Figure(f"{title}: heard", lasting(coverage.heard_s))
            yield Figure(f"{title}: playings", f"{coverage.n_playings}")
    titles = {song.id: visible(song.title) for song in results.songs}
    for row in results.continuation:
        title = titles.get(row.song_id, row.song_id)
        yield Figure(
            f"{title}: goes on where it had stopped", f"{row.n_go_on} of {row.n_transitions}"
        )
    ratio = results.ratio_in()
    if ratio is not None:
        yield from _ratio_figures(ratio)
    for claim in results.claims:
        yield Figure(f"{claim.id}: {visible(claim.statement)}", claim.verdict)


def _ratio_figures(ratio: Ratio) -> Iterator[Figure]:
    yield Figure("narration", lasting(ratio.narration_s))
    yield Figure("dialogue", lasting(ratio.dialogue_s))
    yield Figure("undetermined", lasting(ratio.undetermined_s))
    if ratio.low is not None and ratio.high is not None:
        share = "" if ratio.share is None else f"{ratio.share:.1%}, "
        yield Figure(
            "narration's share of the film", f"{share}between {ratio.low:.1%} and {ratio.high:.1%}"
        )


def changed_figures(before: Sequence[Figure], after: Sequence[Figure]) -> list[Row]:
    """Return the figures that differ, with their old and their new values."""
    old, new = ({one.name: one.value for one in some} for some in (before, after))
    return [
        {"name": name, "old": old.get(name), "new": new.get(name)}
        for name in [*old, *(name for name in new if name not in old)]
        if old.get(name) != new.get(name)
    ]
