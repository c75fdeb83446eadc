"""A film whose titles are hostile to every format, with something in every layer."""

import dataclasses
from functools import cache

from tests.report.examples import a_feature_film, an_occurrence

from ostinato.results import (
    Candidate,
    SampledLabel,
    Scene,
    Song,
    SongVoice,
    SpeechSegment,
    Transition,
    Voice,
)

HOSTILE = (
    "tabs\tand\nlines\r\nand \\n \\t",
    "\"quotes\" 'and' «more» ``",
    "夢中人 (Dreams) 重慶森林",
    "🎵👩‍👩‍👧 e\u0301",
    "שיר עברי and أغنية",
    "",
    "   leading and trailing  \u00a0",
    "a|b |M:c |D:9",
    "]]> <b>&amp; <!-- --> <![CDATA[",
    "control \x00\x01\x1b[31m \x85 \u2028 \ufeff \u202e",
    "00:00:01,000 --> 00:00:02,000",
    "narration",
    "{\\an8}\\N{i} <i>x</i>",
    "=1+1",
    "# no remark",
    "WEBVTT\n\nNOTE",
    "C:\\new\\x41 \\",
    "-1, 2; 3",
)
NAME = 'a | "film" & its\tname.mkv'
LENGTH_S = 7.123456


@cache
def a_hostile_film():
    feature = a_feature_film()
    songs = tuple(
        Song(id=f"S{n}", title=title, sha256="2" * 64, pcm_sha256="3" * 64, duration_s=200.0)
        for n, title in enumerate(HOSTILE, start=1)
    )
    occurrences = tuple(
        an_occurrence(
            id=f"O{n}",
            song_id=song.id,
            playing_id=f"P{n}",
            film_start_s=10.0 * n + 0.0004321,
            film_end_s=10.0 * n + LENGTH_S + (10.0 if n == 3 else 0.0),  # one that overlaps
            song_start_s=1.5,
            song_end_s=1.5 + LENGTH_S,
        )
        for n, song in enumerate(songs, start=1)
    )
    return dataclasses.replace(
        feature,
        film=dataclasses.replace(feature.film, name=NAME, title=HOSTILE[8]),
        songs=songs,
        occurrences=(
            *occurrences[:-1],
            dataclasses.replace(occurrences[-1], decided_by="person", review="added"),
        ),
        rejected=(dataclasses.replace(occurrences[0], id="O99", film_end_s=15.0),),
        transitions=(a_transition("O1", "O2"), a_transition("O3", "O4")),
        candidates=(
            Candidate(
                id="C1",
                song_id="S2",
                film_start_s=400.25,
                film_end_s=409.5,
                song_start_s=3.0,
                song_end_s=12.25,
                speed=1.0,
                score=6.0,
                p_value=0.2,
                refused="as good as chance",
            ),
        ),
        scenes=tuple(
            Scene(name=title or "-", start_s=20.0 * n, end_s=20.0 * n + 19.5)
            for n, title in enumerate(HOSTILE)
        ),
        speech=some_speech(),
        voices=(
            Voice(id="V1", name="He\tQiwu 223", first_s=1.0, speech_s=9.0, n_segments=3),
            Voice(id="V2", name=None, first_s=1.0, speech_s=9.0, n_segments=1),
        ),
        songs_voice=(SongVoice(start_s=11.0, end_s=15.5),),
        labels=(
            SampledLabel(
                start_s=500.0,
                end_s=502.0,
                predicted="dialogue",
                kind="none",
                stratum="dialogue",
                p_inclusion=0.5,
            ),
        ),
    )


def a_transition(from_id, to_id):
    return Transition(
        song_id="S1", from_id=from_id, to_id=to_id, gap_s=0.5, film_gap_s=3.0, continues=True
    )


def some_speech():
    kinds = ("narration", "dialogue", "soliloquy", "undetermined")
    program = [
        SpeechSegment(
            id=f"T{n}",
            start_s=600.0 + 10 * n + 1 / 3,
            end_s=604.0 + 10 * n,
            kind=kind,
            p_narration=None,
            decided_by="subtitles",
            voice="V1" if n % 2 else "V2",
        )
        for n, kind in enumerate(kinds, start=1)
    ]
    person = dataclasses.replace(
        program[0],
        id="T9",
        start_s=700.0,
        end_s=702.5,
        kind="narration",
        decided_by="label",
        predicted="dialogue",
        predicted_by="classifier",
        edges_by="person",
    )
    return (*program, person)
