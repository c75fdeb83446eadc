"""The page of a corpus: songs in films, narration by film, and what could not be done; offline."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ostinato.corpus.pairs import NOT_IN_FULL, FilmRow, Pair, n_first_look
from ostinato.corpus.pooled import PooledShares, pooled_shares, rank_percent
from ostinato.report import filled, lasting, percent
from ostinato.results import write_atomically
from ostinato.timeline import timecode
from ostinato.version import VERSION

PAGE = "corpus.html"
_POINT = frozenset({"labels", "prediction-powered", "borrowed calibration", "all decided"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTable:
    """A table as the page shows it; `names` are the columns that hold what people have named."""

    id: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    names: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareMark:
    """A film's share of narration in percent, by itself and drawn towards all films."""

    film: str
    share: float
    low: float
    high: float
    drawn: float | None
    drawn_low: float | None
    drawn_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusView:
    """All that the page shows."""

    n_films: int
    findings: tuple[str, ...]
    failures: PageTable
    matrix: PageTable
    shares: tuple[ShareMark, ...]
    share_table: PageTable
    norms: PageTable
    made_by: str


def corpus_view(films: Sequence[FilmRow], pairs: Sequence[Pair]) -> CorpusView:
    """Return what the page of a corpus shows.

    Parameters
    ----------
    films : sequence of FilmRow
        A row for each film.
    pairs : sequence of Pair
        A row for each film and song.

    Returns
    -------
    CorpusView
        In words, and in numbers as they are printed.
    """
    whole = [one for one in films if one.failure is None]
    estimated = [one for one in whole if one.share is not None and one.estimator in _POINT]
    intervals = [(f.share or 0.0, f.share_low or 0.0, f.share_high or 0.0) for f in estimated]
    pooled = pooled_shares(intervals)
    marks = tuple(
        _mark(film, interval, None if pooled is None else pooled.drawn[index])
        for index, (film, interval) in enumerate(zip(estimated, intervals, strict=True))
    )
    return CorpusView(
        n_films=len(films),
        findings=tuple(_findings(films, pairs, pooled, n_estimated=len(estimated))),
        failures=_failures(films, pairs),
        matrix=_matrix(whole, pairs),
        shares=marks,
        share_table=_share_table(marks),
        norms=_norms(whole),
        made_by=f"Made by ostinato {VERSION} from the catalogue beside this page.",
    )


def write_corpus_page(folder: Path, films: Sequence[FilmRow], pairs: Sequence[Pair]) -> Path:
    """Write the page of a corpus: one file that asks for nothing from anywhere.

    Parameters
    ----------
    folder : pathlib.Path
        Of the corpus.
    films, pairs : sequence of FilmRow, sequence of Pair
        As in its catalogue.

    Returns
    -------
    pathlib.Path
        Of the file.

    Raises
    ------
    MediaError
        If it cannot be written.
    """
    view = corpus_view(films, pairs)
    page = filled(__package__, "page.html.j2", own={"style": "page.css"}, view=view)
    return write_atomically(folder / PAGE, page.encode())


def _findings(
    films: Sequence[FilmRow],
    pairs: Sequence[Pair],
    pooled: PooledShares | None,
    *,
    n_estimated: int,
) -> list[str]:
    whole = [one for one in films if one.failure is None]
    length = lasting(sum(one.duration_s or 0.0 for one in whole))
    said = [f"{len(whole):,} of {len(films):,} films were analysed, {length} in all."]
    said += _searched(pairs)
    double = [one for one in whole if one.same_sound_as is not None]
    if double:
        said.append(
            f"{len(double):,} films have the very sound of another one here: each is listed, and "
            "a mean counts both."
        )
    open_share = sum(one.share is None for one in whole if one.narration_s is not None)
    if pooled is not None:
        said.append(
            f"Narration takes {percent(pooled.mean)} of narration and dialogue in the mean of "
            f"{n_estimated} films (95 % interval {percent(pooled.low)} to "
            f"{percent(pooled.high)}). Films are drawn towards it by how little is known of each."
        )
    if open_share:
        said.append(
            f"In {open_share:,} films the share of narration is a range and no number, since "
            "speech is undetermined there. Label a random sample of it to have an estimate."
        )
    return said


def _searched(pairs: Sequence[Pair]) -> list[str]:
    """Say how many pairs were searched, and how many of these in full."""
    searched = [one for one in pairs if one.status != "not searched"]
    if not searched:
        return []
    found = [one for one in searched if one.status == "found"]
    heard = len({one.song for one in found})
    said = [
        f"{len(searched):,} pairs of film and song were searched: in {len(found):,} of them "
        f"the song is heard, {heard:,} of {len({one.song for one in searched}):,} songs "
        "somewhere."
    ]
    n_looked = n_first_look(searched)
    if n_looked:
        said.append(
            f"{n_looked:,} of these pairs were not searched in full: {NOT_IN_FULL}. "
            "--exhaustive searches all pairs in full."
        )
    return said


def _failures(films: Sequence[FilmRow], pairs: Sequence[Pair]) -> PageTable:
    failed = [(one.name, one.failure) for one in films if one.failure is not None]
    songs = {
        one.song: one.reason
        for one in pairs
        if one.status == "not searched" and one.reason not in {why for _, why in failed}
    }
    rows = [*failed, *songs.items()]
    return PageTable(
        id="failures",
        title="Films and songs that are left out, and why",
        header=("film or song", "reason, and what to do"),
        rows=tuple((name, reason or "") for name, reason in rows),
        names=(1,),
    )


def _matrix(films: Sequence[FilmRow], pairs: Sequence[Pair]) -> PageTable:
    """Return songs by films, without the songs that are heard nowhere."""
    heard = [one for one in pairs if one.status == "found"]
    songs = tuple(dict.fromkeys(one.song for one in heard))
    cells = {(one.film, one.song): one for one in pairs}
    rows = tuple(
        (film.name, *(_cell(cells.get((film.film, song))) for song in songs)) for film in films
    )
    return PageTable(
        id="songs",
        title=f"{len(songs)} songs that are heard anywhere",
        header=("film", *songs),
        rows=rows if songs else (),
    )


def _cell(pair: Pair | None) -> str:
    if pair is None or pair.status == "not searched":
        return "not searched"
    if not pair.n_occurrences:
        return "-" if pair.is_in_full else "- (first look)"
    return f"{pair.n_occurrences} in {pair.heard_s or 0.0:.0f} s"


def _mark(
    film: FilmRow, own: tuple[float, float, float], drawn: tuple[float, float, float] | None
) -> ShareMark:
    share, low, high = (round(100 * x, 1) for x in own)
    there = [None, None, None] if drawn is None else [round(100 * x, 1) for x in drawn]
    return ShareMark(
        film=film.name,
        share=share,
        low=low,
        high=high,
        drawn=there[0],
        drawn_low=there[1],
        drawn_high=there[2],
    )


def _share_table(marks: Sequence[ShareMark]) -> PageTable:
    rows = []
    for one in marks:
        drawn = (one.drawn, one.drawn_low, one.drawn_high)
        own = (f"{x:.1f}" for x in (one.share, one.low, one.high))
        rows.append((one.film, *own, *("" if x is None else f"{x:.1f}" for x in drawn)))
    return PageTable(
        id="shares",
        title="Share of narration by film, in percent, with 95 % bounds",
        header=("film", "alone", "from", "to", "drawn towards all", "from", "to"),
        rows=tuple(rows),
    )


def _norms(films: Sequence[FilmRow]) -> PageTable:
    """Return how each film ranks among the others."""
    measures = {
        "occurrences an hour": [_an_hour(one.n_occurrences, one) for one in films],
        "songs heard": [None if f.n_songs_heard is None else float(f.n_songs_heard) for f in films],
        "minutes of song an hour": [_an_hour(one.heard_s, one, per=60) for one in films],
        "share of narration, %": [None if f.share is None else 100 * f.share for f in films],
    }
    names = [name for name, values in measures.items() if any(x is not None for x in values)]
    rows = []
    for index, film in enumerate(films):
        row = [film.name, timecode(film.duration_s or 0.0)]
        for name in names:
            known = [x for x in measures[name] if x is not None]
            value = measures[name][index]
            row += ["", ""] if value is None else _ranked(value, known)
        rows.append(tuple(row))
    columns = [column for name in names for column in (name, "rank, %")]
    return PageTable(
        id="norms",
        title="Each film, and how it ranks",
        header=("film", "length", *columns),
        rows=tuple(rows),
    )


def _ranked(value: float, known: Sequence[float]) -> list[str]:
    return [f"{value:.1f}", f"{rank_percent(value, known):.0f}"]


def _an_hour(value: float | None, film: FilmRow, *, per: float = 1.0) -> float | None:
    hours = (film.duration_s or 0.0) / 3600
    return None if value is None or not hours else value / per / hours
