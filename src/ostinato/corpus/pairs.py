"""A row for each film, and one for each film and song: what a corpus is read by."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ostinato.corpus.plan import CorpusPlan
from ostinato.corpus.tasks import Outcome
from ostinato.errors import OstinatoError
from ostinato.legible import as_text
from ostinato.results import Results

NOT_IN_FULL = (
    "a first look at the waveform, at the usual speeds, showed nothing of the song; "
    "a copy at another tempo or pitch was not looked for"
)
"""Why a pair was not searched in full, and what may have been missed."""
Status = Literal["found", "absent", "not searched"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A song in a film: how often and how long it is heard, or why nobody looked.

    `is_in_full` is false where a first look showed nothing and no search followed, None where
    nobody looked. `reason` is also given where the search could not show much, as for a song that
    is longer than the film, or stopped at a first look.
    """

    film: str
    song: str
    status: Status
    n_occurrences: int | None
    heard_s: float | None
    is_in_full: bool | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmRow:
    """A film of a corpus: what was measured of it, or why it failed.

    `share` is narration over narration and dialogue, from `share_low` to `share_high`; what its
    bounds are is said by `estimator`. `cpu_s` and `peak_mb` are of the work on it, as far as this
    or an earlier run did it.
    """

    film: str
    name: str
    title: str | None
    year: int | None
    pcm_sha256: str | None
    duration_s: float | None
    n_songs_heard: int | None
    n_occurrences: int | None
    heard_s: float | None
    narration_s: float | None
    dialogue_s: float | None
    undetermined_s: float | None
    share: float | None
    share_low: float | None
    share_high: float | None
    estimator: str | None
    cpu_s: float
    peak_mb: float | None
    same_sound_as: str | None = None
    failure: str | None = None


def film_rows(
    plan: CorpusPlan, results: Mapping[str, Results], outcomes: Sequence[Outcome]
) -> tuple[FilmRow, ...]:
    """Return a row for each film, in the plan's order.

    Parameters
    ----------
    plan : CorpusPlan
        Which films.
    results : mapping of str to Results
        By the films' ids, as far as there are any.
    outcomes : sequence of Outcome
        Of all tasks.

    Returns
    -------
    tuple of FilmRow
        `same_sound_as` names the first film with the very same sound: the two are one film twice.
    """
    first: dict[str, str] = {}
    rows, by_film = [], defaultdict[str, list[Outcome]](list)
    for outcome in outcomes:
        by_film[outcome.subject].append(outcome)
    for film in plan.films:
        own, one = by_film[film.id], results.get(film.id)
        same = None if one is None else first.setdefault(one.film.pcm_sha256, film.id)
        rows.append(
            _film_row(
                film.id,
                as_text(film.study.film.name),
                one,
                own,
                same_sound_as=None if same == film.id else same,
            )
        )
    return tuple(rows)


def _film_row(
    film: str, name: str, one: Results | None, own: Sequence[Outcome], *, same_sound_as: str | None
) -> FilmRow:
    failed = [outcome for outcome in own if not outcome.is_done]
    ratio = None if one is None else one.ratio_in("film")
    has_cues = one is not None and bool(one.songs)
    return FilmRow(
        film=film,
        name=name,
        title=None if one is None else one.film.title,
        year=None if one is None else one.film.year,
        pcm_sha256=None if one is None else one.film.pcm_sha256,
        duration_s=None if one is None else one.film.duration_s,
        n_songs_heard=len({o.song_id for o in one.occurrences}) if one and has_cues else None,
        n_occurrences=len(one.occurrences) if one and has_cues else None,
        heard_s=sum(o.film.duration_s for o in one.occurrences) if one and has_cues else None,
        narration_s=None if ratio is None else ratio.narration_s,
        dialogue_s=None if ratio is None else ratio.dialogue_s,
        undetermined_s=None if ratio is None else ratio.undetermined_s,
        share=None if ratio is None else ratio.share,
        share_low=None if ratio is None else ratio.low,
        share_high=None if ratio is None else ratio.high,
        estimator=None if ratio is None else ratio.estimator,
        cpu_s=round(sum(outcome.cpu_s for outcome in own), 1),
        peak_mb=max((outcome.peak_mb for outcome in own if outcome.peak_mb), default=None),
        same_sound_as=same_sound_as,
        failure=in_one_line(failed[0]) if one is None and failed else None,
    )


def pairs_of(
    plan: CorpusPlan, results: Mapping[str, Results], outcomes: Sequence[Outcome]
) -> tuple[Pair, ...]:
    """Return a row for each film and each song that it was to be searched for.

    Parameters
    ----------
    plan : CorpusPlan
        Which films and songs.
    results : mapping of str to Results
        By the films' ids.
    outcomes : sequence of Outcome
        Of all tasks.

    Returns
    -------
    tuple of Pair
        In the plan's order.
    """
    failed = {one.subject: in_one_line(one) for one in outcomes if not one.is_done}
    refused = {song.title: failed[name] for name, song in plan.songs if name in failed}
    rows = []
    for film in plan.films:
        titles = [song.title for _, song in plan.songs] or [s.title for s in film.study.songs]
        one = results.get(film.id)
        for title in titles:
            reason = refused.get(title) or (failed.get(film.id) if one is None else None)
            rows.append(_pair(film.id, title, one, reason))
    return tuple(rows)


def _pair(film: str, title: str, one: Results | None, reason: str | None) -> Pair:
    song = None if one is None else one.song(title)
    if one is None or song is None:
        return Pair(
            film=film,
            song=title,
            status="not searched",
            n_occurrences=None,
            heard_s=None,
            reason=reason or "the study leaves out the stage cues",
        )
    found = one.occurrences_of(song)
    is_in_full = title not in one.first_look_only
    notices = () if song.condition is None else song.condition.notices
    notices = notices if is_in_full else (*notices, NOT_IN_FULL)
    return Pair(
        film=film,
        song=title,
        status="found" if found else "absent",
        n_occurrences=len(found),
        heard_s=round(sum(o.film.duration_s for o in found), 3),
        is_in_full=is_in_full,
        reason="; ".join(notices) or None,
    )


def n_first_look(pairs: Sequence[Pair]) -> int:
    """Return how many pairs were not searched in full, since a first look showed nothing.

    Parameters
    ----------
    pairs : sequence of Pair
        Of a corpus.

    Returns
    -------
    int
        0 where the search was exhaustive.
    """
    return sum(one.is_in_full is False for one in pairs)


def in_one_line(outcome: Outcome) -> str:
    """Return what failed, why, and what to do about it."""
    return str(OstinatoError(outcome.thing or "", outcome.reason or "", outcome.mend or ""))
