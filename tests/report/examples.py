"""Results as a scholar would have them: invented events, seeded, of no film that exists.

What is measured of the events is measured by the program, so that no number contradicts another.
"""

import dataclasses
from functools import cache

import numpy as np

from ostinato.measures import MeasureParameters, measured
from ostinato.measures.ratio import METHOD
from ostinato.results import (
    FILM,
    Candidate,
    Coverage,
    Film,
    Occurrence,
    Ratio,
    Results,
    Run,
    SampledLabel,
    Scene,
    Scope,
    Song,
    SongVoice,
    SpeechSegment,
    Stage,
    Training,
)

FILM_S = 6130.0
DREAMIN_S, DREAMS_S = 162.0, 270.0
PARAMETERS = MeasureParameters(n_draws=999, n_resamples=200)
PLAYINGS = {
    # song, then for each playing its stretches: film start, length, song start, other song starts
    "S1": [
        [(2890.0, 38.0, 0.0, ())],
        [(3012.0, 21.0, 38.4, ()), (3041.0, 30.0, 67.4, ())],
        [(3338.0, 44.0, 97.0, (31.0,))],
        [(3921.0, 17.0, 141.5, ())],
        [(4402.0, 52.0, 1.5, ())],
        [(5207.0, 33.0, 12.0, (78.0, 140.0))],
        [(5660.0, 61.0, 45.2, ())],
    ],
    "S2": [[(1811.0, 9.0, 120.0, ())], [(4630.0, 126.0, 0.0, ())], [(5890.0, 180.0, 60.0, ())]],
}
DURATIONS_S = {"S1": DREAMIN_S, "S2": DREAMS_S, "S3": 243.0}


def an_occurrence(**changes):
    fields = {
        "id": "O1",
        "song_id": "S1",
        "playing_id": "P1",
        "film_start_s": 0.0,
        "film_end_s": 10.0,
        "song_start_s": 0.0,
        "song_end_s": 10.0,
        "speed": 1.0,
        "pitch": 1.0,
        "score": 40.0,
        "p_value": 1e-30,
        "level_lufs": -27.0,
        "level_re_speech_lu": None,
        "low_hz": 150.0,
        "high_hz": 5200.0,
    }
    return Occurrence(**{**fields, **changes})


def the_occurrences():
    """Number them song by song, as an analysis does, and return them in film order."""
    rows = [
        (song_id, number, film_s, length_s, song_s, rivals)
        for song_id, playings in PLAYINGS.items()
        for number, parts in enumerate(playings)
        for film_s, length_s, song_s, rivals in parts
    ]
    playing_ids = {}
    for song_id, number, *_ in rows:
        playing_ids.setdefault((song_id, number), f"P{len(playing_ids) + 1}")
    made = [
        an_occurrence(
            id=f"O{index}",
            song_id=song_id,
            playing_id=playing_ids[song_id, number],
            film_start_s=film_s,
            film_end_s=film_s + length_s,
            song_start_s=song_s,
            song_end_s=song_s + length_s,
            speed=1.0,
            score=12.0 + length_s,
            p_value=10.0 ** -int(length_s),
            level_re_speech_lu=None if index % 4 == 1 else 3.5 - index,
            rivals_song_s=rivals,
        )
        for index, (song_id, number, film_s, length_s, song_s, rivals) in enumerate(rows, start=1)
    ]
    return tuple(sorted(made, key=lambda one: one.film_start_s))


def some_speech(n, *, duration_s):
    """Speech that never overlaps; more narration at the beginning."""
    rng = np.random.default_rng(663)
    starts_s = np.sort(rng.choice(int(duration_s / 4), n, replace=False)) * 4.0
    kinds = ("narration", "dialogue", "undetermined")
    segments = []
    for index, start_s in enumerate(starts_s.tolist()):
        p = (0.5, 0.35, 0.15) if start_s < duration_s / 3 else (0.1, 0.7, 0.2)
        kind = kinds[rng.choice(3, p=p)]
        segments.append(
            SpeechSegment(
                id=f"T{index + 1}",
                start_s=start_s,
                end_s=start_s + float(rng.uniform(1, 4)),
                kind=kind,
                p_narration=None if kind == "undetermined" else float(kind == "narration"),
                decided_by=None if kind == "undetermined" else "subtitles",
                voice=None,
            )
        )
    return tuple(segments)


def a_film(**changes):
    fields = {
        "name": "night-shift.mkv",
        "edition": "a Blu-ray of 2021",
        "sha256": "7c" * 32,
        "pcm_sha256": "d4" * 32,
        "duration_s": FILM_S,
        "start_s": 0.0,
        "sample_rate_hz": 48000,
        "channels": 6,
        "stream": 0,
        "loudness_lufs": -25.5,
    }
    return Film(**{**fields, **changes})


def a_song(number, title, duration_s):
    digest = f"{number:02d}" * 32
    return Song(
        id=f"S{number}", title=title, sha256=digest, pcm_sha256=digest, duration_s=duration_s
    )


def a_ratio(scope, narration_s, dialogue_s, undetermined_s):
    decided_s = narration_s + dialogue_s
    spoken_s = decided_s + undetermined_s
    return Ratio(
        scope=Scope(scope),
        narration_s=narration_s,
        dialogue_s=dialogue_s,
        undetermined_s=undetermined_s,
        ratio=narration_s / dialogue_s if dialogue_s and not undetermined_s else None,
        share=narration_s / decided_s if decided_s and not undetermined_s else None,
        estimator="range" if undetermined_s else "all decided",
        low=narration_s / spoken_s if spoken_s else None,
        high=(narration_s + undetermined_s) / spoken_s if spoken_s else None,
        method=METHOD,
        n_labels=0,
        ratio_low=narration_s / (dialogue_s + undetermined_s) if spoken_s else None,
        ratio_high=(narration_s + undetermined_s) / dialogue_s if dialogue_s else None,
    )


def a_coverage(song_id, occurrences):
    own = [o for o in occurrences if o.song_id == song_id]
    heard_s = sum(o.film.duration_s for o in own)
    song_heard_s = min(heard_s * 0.8, DURATIONS_S[song_id])
    return Coverage(
        song_id=song_id,
        scope=FILM,
        n_occurrences=len(own),
        n_playings=len({o.playing_id for o in own}),
        heard_s=heard_s,
        share_of_scope=heard_s / FILM_S,
        song_heard_s=song_heard_s,
        share_of_song=song_heard_s / DURATIONS_S[song_id],
        longest_absence_s=2890.0 if own else FILM_S,
    )


A_RUN = Run(
    version="0.1.0",
    parameters={"measures": dataclasses.asdict(PARAMETERS)},
    stages=(Stage(name="cues", seconds=31.0, cached=False),),
    platform="any",
    started_at="1994-07-14T00:00:00+00:00",
    peak_rss_mb=None,
)


@cache
def a_feature_film():
    """A feature film: two songs that recur, one that is not there, scenes, and much speech."""
    return measured(_events(), parameters=PARAMETERS)


def _events():
    occurrences = the_occurrences()
    return Results(
        film=a_film(),
        songs=(
            a_song(1, "California Dreamin'", DREAMIN_S),
            a_song(2, "夢中人 (Dreams)", DREAMS_S),
            a_song(3, "Things in Life", 243.0),
        ),
        scenes=(
            Scene(name="the chase", start_s=0.0, end_s=640.0, story="one"),
            Scene(name="the bar and the hotel", start_s=640.0, end_s=2460.0, story="one"),
            Scene(name="重慶森林", start_s=2460.0, end_s=3300.0, story="two"),
            Scene(name="the flat", start_s=3300.0, end_s=5150.0, story="two"),
            Scene(name="a year later", start_s=5150.0, end_s=5400.0, story="two"),
            Scene(name="the counter", start_s=5400.0, end_s=FILM_S, story="two"),
        ),
        occurrences=occurrences,
        speech=some_speech(300, duration_s=FILM_S),
        songs_voice=tuple(
            SongVoice(start_s=o.film_start_s + 4, end_s=o.film_end_s - 2) for o in occurrences
        ),
        candidates=some_candidates(),
        run=A_RUN,
    )


def some_candidates():
    """Two stretches in which a song may be heard, on too little evidence."""
    return tuple(
        Candidate(
            id=f"K{number}",
            song_id=song_id,
            film_start_s=start_s,
            film_end_s=start_s + 3.0,
            song_start_s=40.0,
            song_end_s=43.0,
            speed=1.0,
            score=z,
            p_value=p_value,
            refused=refused,
        )
        for number, song_id, start_s, z, p_value, refused in (
            (1, "S3", 700.0, 7.5, 2e-5, "not confirmed"),
            (2, "S1", 4000.0, 6.0, 0.03, "as good as chance"),
        )
    )


def nothing_found(feature):
    """The same film, in which neither of the songs nor any speech is detected."""
    coverage = tuple(a_coverage(song_id, ()) for song_id in DURATIONS_S)
    return dataclasses.replace(
        feature,
        scenes=(),
        occurrences=(),
        transitions=(),
        coverage=coverage,
        speech=(),
        songs_voice=(),
        ratio=(a_ratio("film", 0.0, 0.0, 0.0),),
        candidates=(),
    )


def a_training():
    """What a hundred random labels train, in numbers that were made up."""
    return Training(
        taught_by="100 labels",
        n_narration=30,
        n_dialogue=70,
        n_decided_narration=40,
        n_decided_dialogue=120,
        n_undetermined=60,
        basis="random labels",
        n_tried=100,
        abstained=0.3,
        balanced_accuracy=0.91,
        kappa=0.8,
        kappa_low=0.66,
        kappa_high=0.9,
        calibration_error=0.04,
    )


@cache
def a_labelled_film():
    """The feature film, a hundred of its segments labelled at random, the rest by a classifier."""
    events = _events()
    drawn = set(np.random.default_rng(16).choice(len(events.speech), 100, replace=False).tolist())
    speech = [_as_labelled(one, n, is_drawn=n in drawn) for n, one in enumerate(events.speech)]
    labels = tuple(
        SampledLabel(
            start_s=one.start_s,
            end_s=one.end_s,
            predicted=one.predicted,
            kind=one.kind,
            stratum="film",
            p_inclusion=1 / 3,
        )
        for n, one in enumerate(speech)
        if n in drawn
    )
    film = dataclasses.replace(events, speech=tuple(speech), labels=labels)
    return measured(film, parameters=PARAMETERS)


def _as_labelled(segment, n, *, is_drawn):
    """Label a segment, and have the classifier err in one of twelve; it leaves some open."""
    kind = "dialogue" if segment.kind == "undetermined" else segment.kind
    other = "narration" if kind == "dialogue" else "dialogue"
    said = "undetermined" if segment.kind == "undetermined" else other if n % 12 == 0 else kind
    p = {"narration": 0.93, "dialogue": 0.06, "undetermined": 0.5}[said]
    if not is_drawn:
        return dataclasses.replace(segment, kind=said, decided_by="classifier", p_narration=p)
    return dataclasses.replace(
        segment,
        kind=kind,
        decided_by="label",
        p_narration=float(kind == "narration"),
        predicted=said,
        predicted_by="classifier",
        evidence={"p_narration_without_label": p},
    )
