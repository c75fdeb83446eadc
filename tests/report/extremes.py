"""Results at the edges of what can be: each is drawn and described by the tests."""

import dataclasses

from tests.report.examples import a_coverage, a_film, a_song, an_occurrence, some_speech

from ostinato.results import Scene

LONG = (
    "The Song Whose Title Goes On and On, Recorded at the Second Concert of the Third Tour (Live)"
)


def extremes(feature):
    """Name each extreme made from an ordinary film."""
    replace = dataclasses.replace
    speech_only = replace(feature, occurrences=(), transitions=(), coverage=())
    cues_only = replace(feature, speech=(), songs_voice=(), ratio=())
    return {
        "twenty songs": _twenty_songs(feature),
        "thirty seconds": _thirty_seconds(feature),
        "three hours": replace(
            feature, film=a_film(duration_s=10800.0), speech=some_speech(500, duration_s=10800.0)
        ),
        "odd titles": _odd_titles(feature),
        "no songs": replace(cues_only, songs=(), occurrences=(), transitions=(), coverage=()),
        "speech only": speech_only,
        "cues only": cues_only,
        "soliloquy": replace(
            feature,
            speech=tuple(
                replace(segment, kind="soliloquy") if index % 7 == 0 else segment
                for index, segment in enumerate(feature.speech)
            ),
        ),
        "scenes that overlap": replace(
            feature,
            scenes=(*feature.scenes, Scene(name="a day", start_s=2000.0, end_s=4000.0)),
        ),
        "truncated": replace(feature, film=a_film(truncated_at_s=5000.0)),
        "one song": replace(feature, songs=feature.songs[:1], scenes=()),
    }


def _twenty_songs(feature):
    songs = tuple(a_song(n, f"Song {n}", 60.0 + 15 * n) for n in range(1, 21))
    occurrences = tuple(
        an_occurrence(
            id=f"O{n}",
            playing_id=f"P{n}",
            song_id=songs[n % 17].id,
            film_start_s=90.0 * n,
            film_end_s=90.0 * n + 40,
            song_end_s=40.0,
        )
        for n in range(1, 61)
    )
    coverage = tuple(a_coverage("S1", occurrences) for _ in range(1))
    return dataclasses.replace(
        feature, songs=songs, occurrences=occurrences, transitions=(), coverage=coverage
    )


def _thirty_seconds(feature):
    return dataclasses.replace(
        feature,
        film=a_film(duration_s=30.0),
        songs=(a_song(1, "Jingle", 8.0),),
        scenes=(Scene(name="all of it", start_s=0.0, end_s=30.0),),
        occurrences=(an_occurrence(film_start_s=3.0, film_end_s=9.5, song_end_s=6.5),),
        transitions=(),
        coverage=(),
        speech=some_speech(4, duration_s=30.0),
        songs_voice=(),
    )


def _odd_titles(feature):
    titles = (LONG, "重慶森林" * 14, "Ke$ha & A$AP: 100 % <b> \\n 𝄞 हिन्दी 한국어 カタカナ 重庆森林")
    songs = tuple(
        dataclasses.replace(song, title=title)
        for song, title in zip(feature.songs, titles, strict=True)
    )
    scenes = tuple(dataclasses.replace(scene, name=LONG) for scene in feature.scenes)
    return dataclasses.replace(feature, songs=songs, scenes=scenes)
