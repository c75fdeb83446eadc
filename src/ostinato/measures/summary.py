"""All measures of a film, in the order in which they rest on each other."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from ostinato.measures.agreement import training_rows
from ostinato.measures.claims import claims
from ostinato.measures.continuation import continuation
from ostinato.measures.monologue import monologues
from ostinato.measures.ratio import Calibration, Evidence, all_ratios
from ostinato.measures.repetition import coverage, overlaps, repetitions
from ostinato.measures.robustness import robustness
from ostinato.measures.scopes import name_scenes, ratio_curve
from ostinato.measures.song_loudness import loudness
from ostinato.measures.transitions import heard_of, transition_rows
from ostinato.measures.verdicts import MeasureParameters, Question
from ostinato.results import (
    Continuation,
    Coverage,
    Monologue,
    Occurrence,
    Ratio,
    Repetition,
    Results,
    Scene,
    Song,
)

RobustnessWhen = Literal["now", "later"]
STAGES = frozenset({"cues", "speech"})


def measured(
    results: Results,
    *,
    parameters: MeasureParameters,
    stages: Collection[str] = STAGES,
    questions: Sequence[Question] = (),
    calibration: Calibration | None = None,
    known: Sequence[Results] = (),
    robust: RobustnessWhen = "now",
) -> Results:
    """Take every measure of what was found.

    Parameters
    ----------
    results : Results
        With film, songs, scenes, occurrences, speech and labels; measures in it are replaced.
    parameters : MeasureParameters
        How.
    stages : collection of str
        Of *cues* and *speech*, what was looked for: what was not has no measures, not zeros.
    questions : sequence of Question
        The claims of the study; without any, none is tested.
    calibration : Calibration, optional
        How often kinds were called right in another film.
    known : sequence of Results, optional
        Of the same film, measured in the same way: a measure is taken over from them where what it
        rests on is the same. It comes out the same without them.
    robust : {"now", "later"}, optional
        Whether the robustness of the claims is tried, which costs most of all.

    Returns
    -------
    Results
        The same with scenes of the occurrences, transitions, coverage, repetition, overlap,
        continuation, loudness, ratio, monologue, claims and how robust they are.

    Raises
    ------
    ParameterError
        If a scene lies beyond the film.
    StudyError
        If a claim is about a song that was not looked for.
    """
    if "cues" in stages:
        results = _measured_songs(results, parameters, known)
    if "speech" in stages:
        results = _measured_speech(results, parameters, calibration, known)
    made, rows = claims(results, questions, parameters=parameters)
    results = replace(results, claims=made, continuation=rows)
    if robust == "later":
        return replace(results, robustness=())
    varied = robustness(results, questions, parameters=parameters, calibration=calibration)
    return replace(results, robustness=varied)


def _measured_songs(
    results: Results, parameters: MeasureParameters, known: Sequence[Results]
) -> Results:
    duration_s, songs, scenes = results.film.duration_s, results.songs, results.scenes
    occurrences = name_scenes(results.occurrences, scenes)
    same = _same_songs(results, known)
    if same is not None:
        return replace(
            results,
            occurrences=occurrences,
            transitions=same.transitions,
            coverage=_ungrounded(same.coverage),
            repetition=_ungrounded(same.repetition),
            overlap=same.overlap,
            continuation=_ungrounded(same.continuation),
            loudness=loudness(occurrences, songs, parameters=parameters),
        )
    return replace(
        results,
        occurrences=occurrences,
        transitions=transition_rows(occurrences, songs, parameters=parameters),
        coverage=coverage(occurrences, songs, film_duration_s=duration_s, scenes=scenes),
        repetition=repetitions(
            occurrences, songs, film_duration_s=duration_s, parameters=parameters
        ),
        overlap=overlaps(occurrences, songs),
        continuation=tuple(
            _known_continuation(occurrences, song, scenes, known)
            or continuation(occurrences, song, scenes=scenes, parameters=parameters)
            for song in songs
        ),
        loudness=loudness(occurrences, songs, parameters=parameters),
    )


def _same_songs(results: Results, known: Sequence[Results]) -> Results | None:
    """Find results in which every song is heard in the same places."""

    def heard(some: Results) -> list[object]:
        of_songs = [heard_of(some.occurrences, song.id) for song in some.songs]
        return [some.songs, some.scenes, [one.id for one in some.occurrences], of_songs]

    wanted = heard(results)
    return next((one for one in known if heard(one) == wanted), None)


_Row = TypeVar("_Row", bound=Coverage | Repetition | Continuation | Ratio | Monologue)


def _ungrounded(rows: Sequence[_Row]) -> tuple[_Row, ...]:
    """Return rows as they are measured, without what was said of a review."""
    return tuple(row if row.rests_on is None else replace(row, rests_on=None) for row in rows)


def _known_continuation(
    occurrences: Sequence[Occurrence],
    song: Song,
    scenes: Sequence[Scene],
    known: Sequence[Results],
) -> Continuation | None:
    """Find the row of a song whose playings have not changed: its null models cost most."""
    for before in known:
        rows = [row for row in before.continuation if row.song_id == song.id]
        is_same = (
            tuple(scenes) == before.scenes
            and song in before.songs
            and heard_of(occurrences, song.id) == heard_of(before.occurrences, song.id)
        )
        if rows and is_same:
            return replace(rows[0], p_value_holm=None, rests_on=None)
    return None


def _same_speech(results: Results, known: Sequence[Results]) -> Results | None:
    """Find results whose speech, scenes and labels are the same."""
    names = ("speech", "scenes", "labels")
    return next(
        (one for one in known if all(getattr(one, n) == getattr(results, n) for n in names)), None
    )


def _measured_speech(
    results: Results,
    parameters: MeasureParameters,
    calibration: Calibration | None,
    known: Sequence[Results],
) -> Results:
    same = _same_speech(results, known)
    if same is not None:
        return replace(
            results,
            teaching=same.teaching,
            ratio=_ungrounded(same.ratio),
            ratio_curve=same.ratio_curve,
            monologue=_ungrounded(same.monologue),
        )
    speech, scenes, duration_s = results.speech, results.scenes, results.film.duration_s
    return replace(
        results,
        teaching=training_rows(speech, results.labels, scenes, parameters=parameters),
        ratio=all_ratios(
            speech,
            film_duration_s=duration_s,
            scenes=scenes,
            evidence=Evidence(sample=results.labels, calibration=calibration),
            parameters=parameters,
        ),
        ratio_curve=ratio_curve(speech, film_duration_s=duration_s, parameters=parameters),
        monologue=monologues(
            speech,
            film_duration_s=duration_s,
            scenes=scenes,
            sample=results.labels,
            parameters=parameters,
        ),
    )
