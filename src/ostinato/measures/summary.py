"""All measures of a film, in the order in which they rest on each other."""

import dataclasses
from collections.abc import Collection, Sequence

from ostinato.measures.agreement import teaching
from ostinato.measures.claims import claims
from ostinato.measures.continuation import continuation
from ostinato.measures.measure_parameters import MeasureParameters
from ostinato.measures.monologue import monologues
from ostinato.measures.ratio import (
    Calibration,
    Evidence,
    beginning_ratios,
    ratio_curve,
    ratios,
    voice_ratios,
)
from ostinato.measures.repetition import coverage, overlaps, repetitions
from ostinato.measures.robustness import robustness
from ostinato.measures.scopes import name_scenes
from ostinato.measures.song_loudness import loudness
from ostinato.measures.transitions import transition_rows
from ostinato.measures.verdicts import Question
from ostinato.results import Results

STAGES = frozenset({"cues", "speech"})


def measured(
    results: Results,
    *,
    parameters: MeasureParameters,
    stages: Collection[str] = STAGES,
    questions: Sequence[Question] = (),
    calibration: Calibration | None = None,
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
        results = _measured_songs(results, parameters)
    if "speech" in stages:
        results = _measured_speech(results, parameters, calibration)
    made, rows = claims(results, questions, parameters=parameters)
    results = dataclasses.replace(results, claims=made, continuation=rows)
    varied = robustness(results, questions, parameters=parameters, calibration=calibration)
    return dataclasses.replace(results, robustness=varied)


def _measured_songs(results: Results, parameters: MeasureParameters) -> Results:
    duration_s, songs, scenes = results.film.duration_s, results.songs, results.scenes
    occurrences = name_scenes(results.occurrences, scenes)
    return dataclasses.replace(
        results,
        occurrences=occurrences,
        transitions=transition_rows(occurrences, songs, parameters=parameters),
        coverage=coverage(occurrences, songs, film_duration_s=duration_s, scenes=scenes),
        repetition=repetitions(
            occurrences, songs, film_duration_s=duration_s, parameters=parameters
        ),
        overlap=overlaps(occurrences, songs),
        continuation=tuple(
            continuation(occurrences, song, scenes=scenes, parameters=parameters) for song in songs
        ),
        loudness=loudness(occurrences, songs, parameters=parameters),
    )


def _measured_speech(
    results: Results, parameters: MeasureParameters, calibration: Calibration | None
) -> Results:
    speech, scenes, duration_s = results.speech, results.scenes, results.film.duration_s
    evidence = Evidence(sample=results.labels, calibration=calibration)
    rows = [
        row
        for measure in (ratios, beginning_ratios)
        for row in measure(
            speech,
            film_duration_s=duration_s,
            scenes=scenes,
            evidence=evidence,
            parameters=parameters,
        )
    ]
    rows += voice_ratios(speech, evidence=evidence, parameters=parameters)
    return dataclasses.replace(
        results,
        teaching=teaching(speech, results.labels, scenes, parameters=parameters),
        ratio=tuple(rows),
        ratio_curve=ratio_curve(speech, film_duration_s=duration_s, parameters=parameters),
        monologue=monologues(
            speech,
            film_duration_s=duration_s,
            scenes=scenes,
            sample=results.labels,
            parameters=parameters,
        ),
    )
