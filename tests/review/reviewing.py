"""A film with occurrences, speech and voices, and a journal to review it in."""

from dataclasses import replace

from tests.conftest import an_occurrence

from ostinato.results import Film, Results, Run, Song, SpeechSegment, Voice
from ostinato.review import Content, Edit

FILM = Film(
    name="film.mkv",
    edition=None,
    sha256="a" * 64,
    pcm_sha256="b" * 64,
    duration_s=600.0,
    start_s=0.0,
    sample_rate_hz=48_000,
    channels=2,
    stream=0,
)
SONGS = (
    Song(id="S1", title="Dreams", sha256="c" * 64, pcm_sha256="d" * 64, duration_s=160.0),
    Song(id="S2", title="夢中人", sha256="e" * 64, pcm_sha256="f" * 64, duration_s=240.0),
)
RUN = Run(
    version="0",
    parameters={},
    stages=(),
    platform="",
    started_at="2026-01-01T00:00:00Z",
    peak_rss_mb=None,
)


def a_segment(number, start_s, end_s, **changes):
    fields = {
        "id": f"T{number}",
        "start_s": start_s,
        "end_s": end_s,
        "kind": "undetermined",
        "p_narration": 0.5,
        "decided_by": "prior",
        "voice": "V1",
    }
    return SpeechSegment(**{**fields, **changes})


def a_film():
    """Four occurrences of one song and one of another; six segments of two voices."""
    occurrences = (
        an_occurrence("O1", "P1", (20.0, 50.0), 10.0),
        an_occurrence("O2", "P2", (100.0, 130.0), 40.0),
        an_occurrence("O3", "P3", (200.0, 220.0), 70.0),
        an_occurrence("O5", "P5", (300.0, 330.0), 0.0, song_id="S2"),
        an_occurrence("O4", "P4", (400.0, 430.0), 90.0),
    )
    speech = tuple(
        a_segment(n, 60.0 * n, 60.0 * n + 5.0, voice="V1" if n % 2 else "V2") for n in range(1, 7)
    )
    voices = tuple(
        Voice(id=name, name=None, first_s=first_s, speech_s=15.0, n_segments=3)
        for name, first_s in (("V1", 60.0), ("V2", 120.0))
    )
    return Results(
        film=FILM, songs=SONGS, occurrences=occurrences, speech=speech, voices=voices, run=RUN
    )


def shifted(results, shift_s):
    """The same film, of which a later run draws every edge a little later and numbers anew."""
    return replace(
        results,
        occurrences=tuple(
            replace(
                one,
                id=f"O{n + 10}",
                film_start_s=one.film_start_s + shift_s,
                film_end_s=one.film_end_s + shift_s,
                song_start_s=one.song_start_s + shift_s,
                song_end_s=one.song_end_s + shift_s,
            )
            for n, one in enumerate(results.occurrences)
        ),
        speech=tuple(
            replace(one, id=f"T{n + 100}", start_s=one.start_s + shift_s, end_s=one.end_s + shift_s)
            for n, one in enumerate(results.speech)
        ),
    )


def an_edit(n=0, **changes):
    """Some edit, of which no two are alike."""
    seen = Content(start_s=float(n), end_s=n + 1.5, song="Dreams", song_start_s=0.5, song_end_s=2.0)
    return Edit(**{"on": "occurrence", "act": "reject", "seen": (seen,), **changes})
