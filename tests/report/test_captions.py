from dataclasses import replace

import pytest
from tests.report.extremes import EXTREMES

from ostinato.report import caption_repetition_map, caption_timeline

CAPTIONS = [caption_repetition_map, caption_timeline]


@pytest.mark.parametrize("caption", CAPTIONS)
def test_a_caption_names_film_edition_counts_and_version(caption, some_results):
    text = caption(some_results)
    assert "film.mka (edition: “a disc, 重慶森林”; 10 min)" in text
    assert "夢中人: 4 occurrences in 3 playings. Never heard: not detected." in text
    assert "by Ostinato 0.1.0" in text
    assert "film 000000000000; " in text
    assert "0" * 13 not in text


def test_a_caption_explains_only_the_marks_that_are_there(some_results):
    text = caption_repetition_map(some_results)
    assert "(1 of 2 transitions)" in text
    assert "A thin line" in text
    assert "A diamond" in text
    (first, *_) = some_results.occurrences
    plain = replace(some_results, occurrences=(first,), transitions=(), scenes=())
    text = caption_repetition_map(plain)
    assert "Each stroke" in text
    for word in ("thin line", "dotted", "diamond", "Scenes"):
        assert word not in text


def test_the_caption_of_a_timeline_holds_times_and_method(some_results):
    text = caption_timeline(some_results)
    assert "narration 10 s, dialogue 20 s, undetermined 5 s" in text
    assert "Range that the undetermined speech leaves." in text
    without = caption_timeline(replace(some_results, ratio=()))
    assert "3 segments of speech detected." in without


def test_soliloquy_is_owned_up_to(a_feature):
    assert "includes soliloquy" in caption_timeline(EXTREMES["soliloquy"](a_feature))
    assert "soliloquy" not in caption_timeline(a_feature)


def test_stages_that_were_not_run_are_named(a_feature):
    nothing = EXTREMES["no songs"](a_feature)
    assert "No song was looked for." in caption_repetition_map(nothing)
    assert "No song was looked for." in caption_timeline(nothing)
    assert "Speech was not listened for." in caption_timeline(nothing)


@pytest.mark.parametrize("caption", CAPTIONS)
def test_a_film_that_breaks_off_has_a_caption_that_says_so(caption, a_feature):
    assert "Only the first 1 h 23 min 20 s" in caption(EXTREMES["truncated"](a_feature))


def test_transitions_are_counted_song_by_song_as_in_every_other_text(a_feature):
    text = caption_repetition_map(a_feature)
    assert "(transitions that go on: California Dreamin' 1 of 6, 夢中人 (Dreams) 0 of 2)" in text


def test_that_nobody_sings_is_said_where_no_lane_shows_it(a_feature):
    silent = replace(a_feature, songs_voice=())
    assert "No singing was detected." in caption_timeline(silent)
    assert "No singing" not in caption_timeline(a_feature)
