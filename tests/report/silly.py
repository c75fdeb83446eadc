"""Films that nobody would make, and that every sentence has to bear: built without any sound."""

from dataclasses import replace
from itertools import pairwise

from tests.report.examples import (
    A_RUN,
    PARAMETERS,
    a_feature_film,
    a_film,
    a_song,
    an_occurrence,
    nothing_found,
)

from ostinato.measures import ALL_QUESTIONS, measured
from ostinato.results import Results, Scene, SpeechSegment

CREDITS = {
    "title": "Night Shift",
    "director": "Wong Kar-wai",
    "year": 1994,
    "country": "Hong Kong",
    "distributor": "Jet Tone Production",
}
ODD_TITLES = (
    "Mr. Blue... (feat. J.R.)",
    'What a Diff\'rence a “Day” Makes "x"',
    "夢中人",
    "कल हो ना हो",
    "أنا قلبي دليلي",
)


def heard(titles, plays, *, film_s=6000.0, speech=(), scenes=(), asks=ALL_QUESTIONS, level_lu=None):
    """Measure a film whose songs are 120 s long; a play is song number, film and song start."""
    songs = tuple(a_song(n, title, 120.0) for n, title in enumerate(titles, start=1))
    occurrences = tuple(
        an_occurrence(
            id=f"O{n}",
            song_id=f"S{song}",
            playing_id=f"P{n}",
            film_start_s=start_s,
            film_end_s=start_s + length_s,
            song_start_s=song_s,
            song_end_s=song_s + length_s,
            level_re_speech_lu=level_lu,
        )
        for n, (song, start_s, song_s, length_s) in enumerate(sorted(plays), start=1)
    )
    film = a_film(duration_s=film_s, **CREDITS)
    bare = Results(
        film=film,
        songs=songs,
        scenes=scenes,
        occurrences=tuple(sorted(occurrences, key=lambda one: one.film_start_s)),
        speech=speech,
        run=A_RUN,
    )
    return measured(bare, parameters=PARAMETERS, questions=asks)


def spoken(kinds, *, by="subtitles"):
    """Speech of 3 s, one segment every 20 s."""
    return tuple(
        SpeechSegment(
            id=f"T{n}",
            start_s=20.0 * n,
            end_s=20.0 * n + 3.0,
            kind=kind,
            p_narration=None,
            decided_by=None if kind == "undetermined" else by,
            voice=f"V{1 + n % 2}",
            predicted=None,
        )
        for n, kind in enumerate(kinds, start=1)
    )


def by_the_classifier():
    """What a classifier has decided for the most part, trained on a few labels of each kind."""
    kinds = [*["narration"] * 8, *["dialogue"] * 8, *["dialogue"] * 20, *["narration"] * 4]
    speech = [
        replace(one, decided_by="label" if n < 16 else "classifier")
        for n, one in enumerate(spoken(kinds))
    ]
    speech[:12] = [_tried(one) for one in speech[:12]]
    return heard(["A"], [(1, 60.0, 0.0, 20.0)], speech=tuple(speech))


def _tried(segment):
    """Hold a label out: what the classifier says without it, which leaves every other one open."""
    is_open = int(segment.id[1:]) % 2
    return replace(
        segment,
        predicted="undetermined" if is_open else segment.kind,
        predicted_by="classifier",
        evidence={"p_narration_without_label": 0.5 if is_open else 0.9},
    )


def on_the_edge():
    """Numbers that two decimals would carry over what decides."""
    plays = [(1, 60.0, 0.0, 99.92), (1, 2500.0, 10.0, 99.92), (1, 4900.0, 20.0, 99.92)]
    speech = [
        replace(one, end_s=one.start_s + (10.04 if one.kind == "narration" else 10.0))
        for one in spoken(["narration", "dialogue"] * 10)
    ]
    return heard(["A"], plays, speech=tuple(speech), level_lu=0.004)


def _scenes(n):
    edges = [60.0 * i for i in range(n + 1)]
    return tuple(
        Scene(name=f"scene {n}", start_s=a, end_s=b, day=f"day {n // 5}")
        for n, (a, b) in enumerate(pairwise(edges))
    )


SILLY = {
    "zero-occurrences": lambda: heard(["A"], []),
    "one-occurrence": lambda: heard(["A"], [(1, 60.0, 0.0, 20.0)]),
    "two-hundred-occurrences": lambda: heard(
        ["A", "B"],
        [(1 + n % 2, 30.0 * n, 7.0 * n % 100, 15.0) for n in range(200)],
        scenes=_scenes(90),
    ),
    "the-film-is-the-song": lambda: heard(["A"], [(1, 0.0, 0.0, 120.0)], film_s=120.0),
    "only-narration": lambda: heard(
        ["A"], [(1, 60.0, 0.0, 20.0)], speech=spoken(["narration"] * 30)
    ),
    "nothing-decided": lambda: heard(
        ["A"], [(1, 60.0, 0.0, 20.0), (1, 300.0, 50.0, 20.0)], speech=spoken(["undetermined"] * 30)
    ),
    "decided-by-the-classifier": by_the_classifier,
    "twenty-songs": lambda: heard(
        [f"Song {n}" for n in range(1, 21)],
        [(1 + n % 17, 90.0 * n, 0.0, 40.0) for n in range(60)],
    ),
    "odd-titles": lambda: heard(
        ODD_TITLES, [(n, 500.0 * n, 10.0, 30.0) for n in range(1, 6)], asks=ALL_QUESTIONS[:4]
    ),
    "on-the-edge": on_the_edge,
    "nothing-looked-for": lambda: replace(
        nothing_found(a_feature_film()), songs=(), coverage=(), ratio=()
    ),
}
