"""Tables of the page: occurrences, speech by scope, every segment, what was not counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ostinato.report.answers import voice_name
from ostinato.report.claim_notes import decimals
from ostinato.report.essay_tables import EssayTable, essay_tables, times_table
from ostinato.report.p_values import probability
from ostinato.report.wording import TABLE_DECIMALS, bounds, lasting, number, song_time
from ostinato.results import Ratio, Results
from ostinato.timeline import timecode


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row; `id` is what a stroke or a bar leads to, None where none does."""

    id: str | None
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of text; `names` are columns that people have named, `is_long` one that is folded."""

    id: str
    title: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    names: frozenset[int] = frozenset()
    is_long: bool = False
    note: str | None = None


def tables_of(results: Results) -> tuple[Table, ...]:
    """Set out all tables of the page."""
    tables = (
        _occurrences(results),
        _rejected(results),
        _changed(results),
        _unplaced(results),
        _ratios(results),
        _candidates(results),
        _speech(results),
        _recordings(results),
    )
    return tuple(table for table in tables if table.rows)


def claims_table(results: Results) -> Table:
    """Set out the claims of the study."""
    found = [one for one in essay_tables(results) if one.header and one.header[0] == "claim"]
    table = found[0] if found else EssayTable(title="Claims", header=(), rows=())
    return _table("claims", table.title, table)


def _occurrences(results: Results) -> Table:
    table = times_table(results)
    ids = [row[1] for row in table.rows]
    return _table("occurrences", table.title, table, ids=ids, names={0, 8})


def _rejected(results: Results) -> Table:
    return Table(
        id="rejected",
        title="Found by the program and rejected by a person: counted nowhere",
        header=("song", "film from", "film to", "song from", "song to"),
        rows=tuple(
            Row(
                id=None,
                cells=(
                    song.title if (song := results.song(one.song_id)) is not None else "",
                    _time(one.film_start_s),
                    _time(one.film_end_s),
                    song_time(one.song_start_s, decimals=TABLE_DECIMALS),
                    song_time(one.song_end_s, decimals=TABLE_DECIMALS),
                ),
            )
            for one in results.rejected
        ),
        names=frozenset({0}),
    )


def _changed(results: Results) -> Table:
    changed = () if results.review is None else results.review.changed
    return Table(
        id="changed",
        title="Figures of the program alone, and with the review",
        header=("measure", "of", "figure", "program alone", "with the review"),
        rows=tuple(
            Row(
                id=None,
                cells=(
                    one.measure,
                    one.of,
                    one.figure,
                    *(
                        value if isinstance(value, str) else number(value, ".4g")
                        for value in (one.program, one.reviewed)
                    ),
                ),
            )
            for one in changed
        ),
        names=frozenset({1}),
        is_long=True,
    )


def _unplaced(results: Results) -> Table:
    unplaced = () if results.review is None else results.review.unplaced
    return Table(
        id="unplaced",
        title="Edits of the journal that no longer fit what was found",
        header=("when", "who", "what", "film from", "film to", "song", "why"),
        rows=tuple(
            Row(
                id=None,
                cells=(
                    one.when[:10],
                    one.who,
                    f"{one.on}: {one.act}",
                    "" if one.start_s is None else _time(one.start_s),
                    "" if one.end_s is None else _time(one.end_s),
                    one.song or "",
                    one.reason,
                ),
            )
            for one in unplaced
        ),
        names=frozenset({1, 5, 6}),
    )


def _recordings(results: Results) -> Table:
    table = essay_tables(results)[-1]
    return _table("recordings", table.title, table, names={0, 3})


def _table(
    name: str,
    title: str,
    table: EssayTable,
    *,
    ids: Sequence[str] = (),
    names: Iterable[int] = (),
) -> Table:
    """Take over a table of a citation, without the columns that say nothing in any row."""
    kept = [i for i in range(len(table.header)) if any(row[i] for row in table.rows)]
    rows = tuple(
        Row(id=ids[number] if ids else None, cells=tuple(row[i] for i in kept))
        for number, row in enumerate(table.rows)
    )
    return Table(
        id=name,
        title=title,
        header=tuple(table.header[i] for i in kept),
        rows=rows,
        names=frozenset(place for place, i in enumerate(kept) if i in set(names)),
    )


def _ratios(results: Results) -> Table:
    header = ("within", "narration", "dialogue", "undetermined", "share of narration", "bounds")
    return Table(
        id="ratio",
        title="Narration and dialogue",
        header=(*header, "what the bounds are", "labels"),
        rows=tuple(Row(id=None, cells=_ratio(row)) for row in results.ratio),
        names=frozenset({0}),
        note=(
            "The share is narration over narration and dialogue. A range is what undetermined "
            "speech leaves; it is no confidence interval."
        ),
    )


_ESTIMATORS = {
    "all decided": "all is decided",
    "range": "range",
    "labels": "interval, from random labels",
    "prediction-powered": "interval, from random labels and predictions",
    "borrowed calibration": "corrected by another film's errors",
}


def _ratio(row: Ratio) -> tuple[str, ...]:
    form = f".{max(2, decimals(row.low, row.high))}f"
    has_bounds = row.low is not None or row.high is not None
    return (
        row.scope,
        lasting(row.narration_s),
        lasting(row.dialogue_s),
        lasting(row.undetermined_s),
        "" if row.share is None else number(row.share, form),
        bounds(row.low, row.high, form) if has_bounds else "",
        _ESTIMATORS[row.estimator],
        f"{row.n_random_labels:,}" if row.n_random_labels else "",
    )


def _candidates(results: Results) -> Table:
    header = ("song", "film from", "film to", "song from", "p", "why it is not counted")
    return Table(
        id="candidates",
        title="Where a song may be heard, and was not counted",
        header=header,
        rows=tuple(
            Row(
                id=None,
                cells=(
                    results.title_of(one.song_id),
                    _time(one.film_start_s),
                    _time(one.film_end_s),
                    song_time(one.song_start_s, decimals=TABLE_DECIMALS),
                    probability(one.p_value),
                    one.refused,
                ),
            )
            for one in results.candidates
        ),
        names=frozenset({0}),
        is_long=True,
    )


def _speech(results: Results) -> Table:
    voices = {voice.id: voice_name(voice) for voice in results.voices}
    header = ("id", "film from", "film to", "seconds", "kind", "decided by", "voice")
    rows = tuple(
        Row(
            id=one.id,
            cells=(
                one.id,
                _time(one.start_s),
                _time(one.end_s),
                f"{one.interval.duration_s:.1f}",
                one.kind,
                one.kind_by or "nobody",
                "" if one.voice is None else voices.get(one.voice, one.voice),
            ),
        )
        for one in results.speech
    )
    return Table(
        id="speech",
        title="Every segment of speech",
        header=header,
        rows=rows,
        names=frozenset({6}),
        is_long=True,
    )


def _time(time_s: float) -> str:
    return timecode(max(0.0, time_s), decimals=TABLE_DECIMALS)
