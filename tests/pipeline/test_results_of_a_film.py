import json
import platform
import re

import jsonschema
import pytest
from tests.small_films import FIRST_S, SECOND_S, SECOND_SONG_S, TALK_OVER_S, TALK_S

from ostinato.errors import StudyError
from ostinato.results import encode_results, results_schema
from ostinato.study import SongFile
from ostinato.timeline import Interval, Timeline


def spoken(results, start_s, end_s):
    """Share of a stretch in which speech was found."""
    speech = Timeline.of(segment.interval for segment in results.speech)
    return (speech & Timeline((Interval(start_s, end_s),))).duration_s / (end_s - start_s)


def test_a_song_is_found_from_where_it_comes_in_to_where_it_goes_out(results):
    stretches = [(one.film_start_s, one.film_end_s) for one in results.occurrences]
    # 0.1 s: a few frames of the trace
    assert stretches == [pytest.approx(FIRST_S, abs=0.1), pytest.approx(SECOND_S, abs=0.1)]


def test_each_occurrence_knows_its_place_in_the_song(results):
    for one in results.occurrences:
        # 5 ms: what a position is good for
        assert one.time_map.offset_s == pytest.approx(
            FIRST_S[0] if one.film_start_s < 20 else SECOND_S[0] - SECOND_SONG_S, abs=5e-3
        )
        assert one.speed == pytest.approx(1.0, abs=1e-4)


def test_a_song_that_goes_on_where_it_stopped_continues(results):
    (move,) = results.transitions
    assert move.continues
    assert move.gap_s == pytest.approx(0.5, abs=0.2)
    assert move.film_gap_s == pytest.approx(SECOND_S[0] - FIRST_S[1], abs=0.2)


def test_the_man_is_heard_in_quiet_and_over_the_song_and_the_song_is_no_speech(results):
    assert spoken(results, *TALK_S) > 0.7
    assert spoken(results, *TALK_OVER_S) > 0.7
    assert spoken(results, 12.0, 26.0) == 0.0


def test_the_song_is_weighed_against_the_talk_that_it_plays_under(results):
    alone, under_talk = results.occurrences
    assert alone.level_re_speech_lu is None
    # the mix has -6 dB; pauses within the talk and the weighting by frequency move it
    assert under_talk.level_re_speech_lu == pytest.approx(-6.0, abs=4.0)


def test_a_man_whom_nobody_answers_is_found_to_talk_to_himself(results):
    (voice,) = results.voices
    film = results.monologue[0]
    assert 0.5 < film.low <= film.high == 1.0
    row = next(row for row in results.ratio if row.scope == f"voice: {voice.id}")
    assert row.undetermined_s == pytest.approx(voice.speech_s)


def test_nobody_has_decided_the_kind_of_speech_so_it_is_undetermined(results):
    assert {segment.kind for segment in results.speech} == {"undetermined"}
    film = results.ratio[0]
    assert (film.ratio, film.share, film.low, film.high) == (None, None, 0.0, 1.0)


def test_coverage_adds_up_to_what_was_mixed(results):
    (film,) = results.coverage
    assert film.heard_s == pytest.approx(19.5, abs=0.3)
    assert film.share_of_song == pytest.approx(19.5 / 20, abs=0.02)


def test_results_obey_the_schema_and_say_what_made_them(results):
    jsonschema.validate(json.loads(encode_results(results)), results_schema())
    assert results.film.duration_s == 40.0
    assert results.film.truncated_at_s is None
    assert results.run.parameters["cues"]["speeds"] == [1.0]
    assert results.run.parameters["measures"]["continuation_s"] == 5.0
    assert [stage.name for stage in results.run.stages] == [
        "media",
        "cues",
        "separation",
        "speech",
        "voices",
        "measures",
    ]


def test_a_song_that_is_not_in_the_film_has_no_occurrence(bar, run):
    results = run(songs=(SongFile(title="Never heard", path=bar.stranger),), stages=("cues",))
    assert results.occurrences == ()
    (film,) = results.coverage
    assert (film.heard_s, film.longest_absence_s) == (0.0, 40.0)


def test_the_speech_alone_can_be_studied_without_a_song(run):
    results = run(songs=(), stages=("speech",))
    assert spoken(results, *TALK_S) > 0.7
    assert results.occurrences == results.coverage == ()
    assert [stage.name for stage in results.run.stages] == [
        "media",
        "speech",
        "voices",
        "measures",
    ]


def test_the_songs_alone_say_nothing_of_speech(run):
    results = run(stages=("cues",))
    assert len(results.occurrences) == 2
    assert results.speech == results.songs_voice == results.ratio == ()
    assert [one.level_re_speech_lu for one in results.occurrences] == [None, None]


def test_a_run_names_the_system_and_python_and_no_machine(results):
    named = re.fullmatch(r"(\w+) (\w+), Python (\d+\.\d+\.\d+\w*)", results.run.platform)
    assert named is not None
    assert named[3] == platform.python_version()
    for telling in (platform.node(), platform.release(), platform.version()):
        assert telling not in results.run.platform


def test_sections_of_a_song_come_into_results_and_none_begins_after_its_end(bar, run, tmp_path):
    table = tmp_path / "sections.tsv"
    table.write_text("start\tend\tname\n0\t5\tverse\n")
    song = SongFile(title="The song", path=bar.song, sections=table)
    (kept,) = run(songs=(song,), stages=("cues",)).songs
    assert [(one.name, one.start_s, one.end_s) for one in kept.sections] == [("verse", 0.0, 5.0)]
    table.write_text("start\tend\tname\n600\t605\tverse\n")
    with pytest.raises(StudyError, match="the song ends at"):
        run(songs=(song,), stages=("cues",))
