"""Films that nobody would make, and that every sentence has to bear: built without any sound."""

from dataclasses import replace
from itertools import pairwise

from tests.report.examples import (
    A_RUN,
    a_feature_film,
    a_film,
    a_lesson,
    a_ratio,
    a_song,
    an_occurrence,
    nothing_found,
)

from ostinato.measures import ALL_QUESTIONS, MeasureParameters, measured
from ostinato.results import Results, Scene, SpeechSegment

PARAMETERS = MeasureParameters(n_draws=999, n_resamples=200)
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


def heard(titles, plays, *, film_s=6000.0, speech=(), scenes=(), asks=ALL_QUESTIONS):
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
        run=replace(
            A_RUN,
            parameters={"measures": {"continuation_s": 5.0, "level": 0.95, "alpha": 0.05}},
        ),
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
    """What a classifier alone has decided, of which people have decided nothing."""
    mixed = (*spoken(["narration"] * 8), *spoken(["dialogue"] * 30, by="classifier"))
    speech = tuple(
        replace(segment, id=f"T{n}", start_s=20.0 * n, end_s=20.0 * n + 3.0)
        for n, segment in enumerate(mixed, start=1)
    )
    few = replace(a_lesson(), n_tried=4, basis="chosen labels", n_undetermined=0)
    return replace(heard(["A"], [(1, 60.0, 0.0, 20.0)], speech=speech), teaching=(few,))


def on_the_edge():
    """Numbers that two decimals would carry over what decides."""
    film = heard(["A"], [(1, 60.0, 0.0, 20.0), (1, 900.0, 20.0, 20.0)])
    row = replace(a_ratio("film", 100.4, 100.0, 0.0), ratio_low=1.004, ratio_high=1.004)
    (c5,) = (claim for claim in film.claims if claim.id == "C5")
    (c3,) = (claim for claim in film.claims if claim.id == "C3")
    claims = (
        replace(c3, value=0.4996, low=0.4996, high=0.9, p_value=0.0504, p_value_holm=0.0504),
        replace(c5, measure="ratio", value=1.004, low=1.0004, high=4.0),
    )
    coverage = tuple(
        replace(one, share_of_scope=0.04996) if one.scope == "film" else one
        for one in film.coverage
    )
    speech = spoken(["narration", "dialogue"] * 5)
    return replace(film, claims=claims, ratio=(row,), coverage=coverage, speech=speech)


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
