"""The claims of an essay, each held against what was measured, and all corrected together."""

import dataclasses
from collections.abc import Sequence

from ostinato.errors import StudyError
from ostinato.measures.song_claims import constancy, evenly, going_on, loudly, variety
from ostinato.measures.speech_claims import at_the_beginning, narration_for_dialogue, unanswered
from ostinato.measures.statistics import holm
from ostinato.measures.verdicts import ABOUT_A_SONG, RULES, Draft, MeasureParameters, Question, Test
from ostinato.results import Claim, Continuation, Results, Song

_LAST_DIGITS = 1e-9
"""Of a p-value, which a correction multiplies: three times .05 is more than .15 to a computer."""


def claims(
    results: Results, questions: Sequence[Question], *, parameters: MeasureParameters
) -> tuple[tuple[Claim, ...], tuple[Continuation, ...]]:
    """Hold claims against results.

    Raises StudyError if a claim is about a song that was not looked for.
    """
    check_claims(questions, [song.title for song in results.songs])
    songs = [song_of(results, question) for question in questions]
    drafts = [
        draft_of(results, question, song, parameters)
        for question, song in zip(questions, songs, strict=True)
    ]
    # a wrong verdict of either kind is held to alpha: tests for and against are two families
    corrected = zip(
        holm([draft.p_value for draft in drafts]),
        holm([draft.p_opposite for draft in drafts]),
        strict=True,
    )
    made = tuple(
        _claim(question, song, draft, both, parameters, _chosen(results, question, song))
        for question, song, draft, both in zip(questions, songs, drafts, corrected, strict=True)
    )
    by_song = {
        song.id: claim.p_value_holm
        for claim, song in zip(made, songs, strict=True)
        if claim.id == "C3" and song is not None
    }
    return made, tuple(
        dataclasses.replace(row, p_value_holm=by_song.get(row.song_id))
        for row in results.continuation
    )


def check_claims(questions: Sequence[Question], titles: Sequence[str]) -> None:
    """Make sure that claims are about songs of the study, and each is made once.

    Parameters
    ----------
    questions : sequence of Question
        The claims.
    titles : sequence of str
        Of the songs that are looked for.

    Raises
    ------
    StudyError
        If one is not.
    """
    for question in questions:
        if [other.id for other in questions].count(question.id) > 1:
            raise StudyError(
                f"claim {question.id}", "it is made twice", "Keep one claim of each measure"
            )
        if question.song is not None and question.song not in titles:
            raise StudyError(
                f"claim {question.id}, song {question.song!r}",
                f"the study looks for {', '.join(titles) or 'no song'}",
                "Give the title of one of the songs",
            )


def song_of(results: Results, question: Question) -> Song | None:
    """Find the song that a claim is about.

    Parameters
    ----------
    results : Results
        With all measures of songs.
    question : Question
        The claim.

    Returns
    -------
    Song or None
        The one that it names, else the one heard longest; None for a claim on speech, or where no
        song was looked for.
    """
    if question.id not in ABOUT_A_SONG:
        return None
    if question.song is not None:
        return next(song for song in results.songs if song.title == question.song)
    ranks = {row.song_id: row.rank for row in results.repetition}
    return min(
        (song for song in results.songs if song.id in ranks),
        key=lambda song: ranks[song.id],
        default=None,
    )


def draft_of(
    results: Results, question: Question, song: Song | None, parameters: MeasureParameters
) -> Draft:
    """Hold one claim against results, before it is corrected together with others."""
    if question.id in ABOUT_A_SONG:
        if song is None or not any(row.song_id == song.id for row in results.repetition):
            return Draft(measure="none", limits=["No song was looked for"])
        return _draft_of_song(results, question, song, parameters)
    ratio, monologue = results.ratio_in(), results.monologue_in()
    if ratio is None or monologue is None:
        return Draft(measure="none", limits=["Speech was not listened for"])
    if question.id == "C5":
        return narration_for_dialogue(ratio)
    if question.id == "C6":
        return at_the_beginning(results, parameters)
    return unanswered(monologue, results)


def _draft_of_song(
    results: Results, question: Question, song: Song, parameters: MeasureParameters
) -> Draft:
    repetition = next(row for row in results.repetition if row.song_id == song.id)
    if question.id == "C1":
        return constancy(repetition, film_duration_s=results.film.duration_s)
    if question.id == "C2":
        return variety(results, song, parameters)
    if question.id == "C3":
        row = next(r for r in results.continuation if r.song_id == song.id)
        return going_on(results, row, parameters)
    if question.id == "C4":
        level = next(row for row in results.loudness if row.song_id == song.id)
        return loudly(results, level)
    return evenly(repetition, parameters)


def outcome_of(p_value: float | None, p_holm: float | None, alpha: float) -> Test:
    """Tell how a test came out.

    `p_value`, `p_holm`: before and after the correction; None without a test; `alpha`: at most this
    is beyond chance.
    """
    if p_value is None or p_holm is None:
        return "none"
    most = alpha * (1 + _LAST_DIGITS)
    if p_holm <= most:
        return "beyond chance"
    return "lost to correction" if p_value <= most else "within chance"


def _chosen(results: Results, question: Question, song: Song | None) -> list[str]:
    """Say which song was taken where a claim names none."""
    if song is None or question.song is not None:
        return []
    taken = f"The claim names no song: “{song.title}” was taken"
    if len(results.songs) == 1 or not results.occurrences:
        return [taken]
    ranks = [row.rank for row in results.repetition]
    is_alone = ranks.count(min(ranks)) == 1
    return [f"{taken}, {'which is' if is_alone else 'the first of those that are'} heard longest"]


def _claim(  # noqa: PLR0917 - one after the other, as they are made
    question: Question,
    song: Song | None,
    draft: Draft,
    corrected: tuple[float | None, float | None],
    parameters: MeasureParameters,
    chosen: Sequence[str],
) -> Claim:
    p_holm, opposite_holm = corrected
    outcome = outcome_of(draft.p_value, p_holm, parameters.alpha)
    opposite = outcome_of(draft.p_opposite, opposite_holm, parameters.alpha)
    return Claim(
        id=question.id,
        statement=question.wording(song),
        measure=draft.measure,
        value=None if draft.value is None else float(draft.value),
        low=None if draft.low is None else float(draft.low),
        high=None if draft.high is None else float(draft.high),
        p_value=draft.p_value,
        null_model=draft.null_model if draft.p_value is not None else None,
        verdict=draft.decide(outcome, opposite),
        limits=". ".join([*draft.limits, *chosen]) + ".",
        p_value_holm=p_holm,
        n=draft.n,
        power=draft.power,
        p_floor=draft.p_floor if draft.p_value is not None else None,
        figures={k: None if v is None else float(v) for k, v in draft.figures.items()},
        unit=None if draft.n is None else draft.unit,
        bounds=None if draft.low is None and draft.high is None else draft.bounds,
        p_opposite=draft.p_opposite,
        p_opposite_holm=opposite_holm,
        rule=None if draft.measure == "none" else RULES[question.id].in_words,  # type: ignore[index]
    )
