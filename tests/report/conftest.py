import dataclasses

import pytest
from tests.report.examples import (
    A_RUN,
    DREAMIN_S,
    DREAMS_S,
    DURATIONS_S,
    FILM_S,
    a_coverage,
    a_film,
    a_ratio,
    a_song,
    some_speech,
    the_occurrences,
    the_transitions,
)

from ostinato.results import Results, Scene, SongVoice


@pytest.fixture(scope="session")
def a_feature():
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
        run=A_RUN,
    )


@pytest.fixture(scope="session")
def nothing_found(a_feature):
    """The same film, in which neither of the songs nor any speech is detected."""
    coverage = tuple(a_coverage(song_id, ()) for song_id in DURATIONS_S)
    return dataclasses.replace(
        a_feature,
        scenes=(),
        occurrences=(),
        transitions=(),
        coverage=coverage,
        speech=(),
        songs_voice=(),
        ratio=(a_ratio("film", 0.0, 0.0, 0.0),),
    )
