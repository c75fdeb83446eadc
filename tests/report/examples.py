"""Results as a scholar would have them: invented, seeded, and of no film that exists."""

import dataclasses
from itertools import pairwise

import numpy as np

from ostinato.results import (
    Candidate,
    Coverage,
    Film,
    Occurrence,
    Ratio,
    Results,
    Run,
    Scene,
    Song,
    SongVoice,
    SpeechSegment,
    Stage,
    Teaching,
    Transition,
)

FILM_S = 6130.0
DREAMIN_S, DREAMS_S = 162.0, 270.0
METHOD = (
    "narration and dialogue in seconds of speech decided by labels or subtitles; low and high are "
    "the range if all undetermined speech were dialogue or all narration"
)
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
    rows = sorted(
        (film_s, song_id, number, length_s, song_s, rivals)
        for song_id, playings in PLAYINGS.items()
        for number, parts in enumerate(playings)
        for film_s, length_s, song_s, rivals in parts
    )
    playing_ids = {}
    for _, song_id, number, *_ in rows:
        playing_ids.setdefault((song_id, number), f"P{len(playing_ids) + 1}")
    return tuple(
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
        for index, (film_s, song_id, number, length_s, song_s, rivals) in enumerate(rows, start=1)
    )


def the_transitions(occurrences):
    moves = []
    for song_id, duration_s in DURATIONS_S.items():
        own = [o for o in occurrences if o.song_id == song_id]
        for before, after in pairwise(own):
            if before.playing_id == after.playing_id:
                continue
            half_s = duration_s / 2
            gap_s = half_s - (half_s - (after.song_start_s - before.song_end_s)) % duration_s
            moves.append(
                Transition(
                    song_id=song_id,
                    from_id=before.id,
                    to_id=after.id,
                    gap_s=gap_s,
                    film_gap_s=after.film_start_s - before.film_end_s,
                    continues=abs(gap_s) <= 5,
                )
            )
    return tuple(moves)


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
        scope=scope,
        narration_s=narration_s,
        dialogue_s=dialogue_s,
        undetermined_s=undetermined_s,
        ratio=narration_s / dialogue_s if dialogue_s else None,
        share=narration_s / decided_s if decided_s else None,
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
        scope="film",
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
    parameters={},
    stages=(Stage(name="cues", seconds=31.0, cached=False),),
    platform="any",
    started_at="1994-07-14T00:00:00+00:00",
    peak_rss_mb=None,
)


def a_feature_film():
    """A feature film: two songs that recur, one that is not there, scenes, and much speech."""
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
        transitions=the_transitions(occurrences),
        coverage=tuple(a_coverage(song_id, occurrences) for song_id in DURATIONS_S),
        speech=some_speech(300, duration_s=FILM_S),
        songs_voice=tuple(
            SongVoice(start_s=o.film_start_s + 4, end_s=o.film_end_s - 2) for o in occurrences
        ),
        ratio=(
            a_ratio("film", 172.0, 428.0, 151.0),
            a_ratio("story: one", 120.0, 100.0, 40.0),
            a_ratio("story: two", 52.0, 328.0, 111.0),
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


def a_lesson():
    """What a hundred random labels teach, in numbers that were made up."""
    return Teaching(
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
