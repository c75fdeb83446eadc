import math
from pathlib import Path

import pytest

from ostinato.errors import ParameterError
from ostinato.simulate import (
    Bed,
    FilmPlan,
    Level,
    PlannedOccurrence,
    PlannedSong,
    PlannedSpeech,
)

SONG = PlannedSong(id="S1", title="a song", path=Path("song.flac"))


def an_occurrence(**changes):
    fields = {"song_id": "S1", "film_start_s": 1.0, "duration_s": 2.0, "song_start_s": 0.0}
    return PlannedOccurrence(**{**fields, "level": Level(-20.0), **changes})


def a_bed(**changes):
    fields = {"path": Path("rain.flac"), "film_start_s": 0.0, "film_end_s": 5.0}
    return Bed(**{**fields, "level": Level(-40.0), **changes})


def speech(**changes):
    return PlannedSpeech(
        **{"path": Path("a.flac"), "film_start_s": 1.0, "kind": "dialogue", **changes}
    )


@pytest.mark.parametrize(
    ("make", "mend"),
    [
        (lambda: Level(math.nan), "Give LUFS or LU"),
        (lambda: Level(-3.0, "music"), "Choose from full scale, speech, bed"),
        (lambda: an_occurrence(film_start_s=-1.0), "Give 0 or more seconds"),
        (lambda: an_occurrence(song_start_s=-1.0), "Give 0 or more seconds"),
        (lambda: an_occurrence(duration_s=0.0), "Give duration_s > 0"),
        (lambda: an_occurrence(speed=0.0), "Give speed > 0"),
        (lambda: speech(film_start_s=math.inf), "Give 0 or more seconds"),
        (lambda: speech(start_s=2.0, end_s=2.0), "Give a later end_s"),
        (lambda: speech(kind="song"), "Choose from narration"),
        (lambda: a_bed(film_end_s=0.0), "Give a later end"),
        (lambda: a_bed(level=Level(0.0, "bed")), "re full scale or re speech"),
        (lambda: FilmPlan(duration_s=0.0), "Give duration_s > 0"),
        (lambda: FilmPlan(duration_s=9.0, sample_rate_hz=11_025), "a multiple of 10"),
        (lambda: FilmPlan(duration_s=9.0, sample_rate_hz=96_000), "from 8000 to 48000"),
        (lambda: FilmPlan(duration_s=9.0, channels=6), "Give 1 or 2"),
        (lambda: FilmPlan(duration_s=9.0, songs=(SONG, SONG)), "its own id"),
        (lambda: FilmPlan(duration_s=9.0, occurrences=(an_occurrence(),)), "Add the song"),
        (
            lambda: FilmPlan(duration_s=2.5, songs=(SONG,), occurrences=(an_occurrence(),)),
            "make the film longer",
        ),
        (lambda: FilmPlan(duration_s=0.5, speech=(speech(),)), "make the film longer"),
        (lambda: FilmPlan(duration_s=4.0, beds=(a_bed(),)), "make the film longer"),
    ],
)
def test_a_plan_that_cannot_be_filmed_is_refused(make, mend):
    with pytest.raises(ParameterError, match=mend):
        make()
