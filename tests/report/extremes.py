"""Results at the edges of what can be, made from an ordinary film's."""

from dataclasses import replace

from tests.report.examples import a_coverage, a_film, a_song, an_occurrence, some_speech

from ostinato.results import Scene

LONG = "The Song Whose Title Goes On and On, Recorded at the Second Concert of the Third Tour"


def _cues_only(feature):
    return replace(feature, speech=(), songs_voice=(), ratio=())


def _speech_only(feature):
    return replace(feature, occurrences=(), transitions=(), coverage=())


def _no_songs(feature):
    return replace(_speech_only(_cues_only(feature)), songs=())


def _one_song(feature):
    return replace(feature, songs=feature.songs[:1], scenes=())


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
    coverage = (a_coverage("S1", occurrences),)
    return replace(feature, songs=songs, occurrences=occurrences, transitions=(), coverage=coverage)


def _thirty_seconds(feature):
    return replace(
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


def _three_hours(feature):
    film = a_film(duration_s=10800.0)
    return replace(feature, film=film, speech=some_speech(500, duration_s=10800.0))


def _odd_titles(feature):
    titles = (LONG, "重慶森林" * 14, "Ke$ha & A$AP: 100 % <b> \\n 𝄞 हिन्दी 한국어 カタカナ 重庆森林")
    songs = tuple(
        replace(song, title=title) for song, title in zip(feature.songs, titles, strict=True)
    )
    scenes = tuple(replace(scene, name=LONG) for scene in feature.scenes)
    return replace(feature, songs=songs, scenes=scenes)


def _soliloquy(feature):
    speech = tuple(
        replace(segment, kind="soliloquy") if index % 7 == 0 else segment
        for index, segment in enumerate(feature.speech)
    )
    return replace(feature, speech=speech)


def _scenes_that_overlap(feature):
    return replace(
        feature, scenes=(*feature.scenes, Scene(name="a day", start_s=2000.0, end_s=4000.0))
    )


def _truncated(feature):
    return replace(feature, film=a_film(truncated_at_s=5000.0))


EXTREMES = {
    "cues only": _cues_only,
    "no songs": _no_songs,
    "odd titles": _odd_titles,
    "one song": _one_song,
    "scenes that overlap": _scenes_that_overlap,
    "soliloquy": _soliloquy,
    "speech only": _speech_only,
    "thirty seconds": _thirty_seconds,
    "three hours": _three_hours,
    "truncated": _truncated,
    "twenty songs": _twenty_songs,
}
