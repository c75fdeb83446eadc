from dataclasses import replace

import pytest
from tests.report.examples import an_occurrence
from tests.report.extremes import EXTREMES

from ostinato.report import describe
from ostinato.results import SharedMaterial, Transition


def line_with(text, words):
    (found,) = [line for line in text.splitlines() if words in line]
    return found


def with_occurrence(results, **changes):
    one = an_occurrence(**changes)
    return replace(results, occurrences=(one,), transitions=(), coverage=(), scenes=())


def test_each_occurrence_has_a_row_with_its_times_and_level(some_results):
    text = describe(some_results)
    row = line_with(text, "  O1  ").split()
    assert row[:4] == ["O1", "0:01:00.0–0:01:30.0", "0:00.0–0:30.0", "−6.0"]
    assert row[4] == "LU"
    assert "< 0.001" in " ".join(row)


def test_what_is_not_known_is_a_dash_and_never_a_zero(some_results):
    text = describe(with_occurrence(some_results, level_re_speech_lu=None, p_value=None))
    assert line_with(text, "  O1  ").split()[3:] == ["–", "z", "40.0", "–"]


def test_a_speed_is_told_only_where_it_is_not_that_of_the_record(some_results):
    assert "speed" not in describe(some_results)
    text = describe(with_occurrence(some_results, speed=25 / 24))
    assert "speed (ratio)" in text
    assert "1.0417" in line_with(text, "  O1  ")


def test_a_start_that_fits_elsewhere_as_well_is_said_to(some_results):
    assert line_with(describe(some_results), "  O4  ").split()[-2:] == ["1:20", "–"]
    assert "fits as well" not in describe(with_occurrence(some_results))


def test_a_transition_says_whether_the_song_goes_on(some_results):
    text = describe(some_results)
    assert line_with(text, "O1 to O2") == (
        "  O1 to O2: goes on where it had stopped (0.5 s further on), after 3 min 30 s of film"
    )
    assert "starts elsewhere (80.5 s back)" in line_with(text, "O3 to O4")


def test_playings_that_follow_at_once_are_no_time_apart(some_results):
    move = Transition(
        song_id="S1", from_id="O1", to_id="O2", gap_s=3.0, film_gap_s=-0.01, continues=True
    )
    text = describe(replace(some_results, transitions=(move,)))
    assert "after 0 s of film" in text


def test_a_song_that_was_looked_for_in_vain_is_not_detected(some_results):
    assert "Never heard (S2): not detected." in describe(some_results)


def test_a_stage_that_was_not_run_is_not_said_to_have_found_nothing(a_feature):
    speech_only = describe(EXTREMES["speech only"](a_feature))
    assert "Songs: not looked for." in speech_only
    assert "not detected" not in speech_only
    cues_only = describe(EXTREMES["cues only"](a_feature))
    assert "Speech and singing: not listened for." in cues_only
    assert "none detected" not in cues_only


def test_a_film_that_breaks_off_says_so(a_feature):
    text = describe(EXTREMES["truncated"](a_feature))
    assert "only the first 1 h 23 min 20 s could be read" in text
    assert "could be read" not in describe(a_feature)


def test_the_ratio_comes_with_its_range_and_what_is_undetermined(some_results):
    row = line_with(
        describe(some_results), "0.50 (range 0.40 to 0.75)  33.3% (range 28.6% to 42.9%)"
    )
    assert row.split()[:7] == ["film", "10", "s", "20", "s", "5", "s"]


def test_a_ratio_that_is_open_above_says_or_more(some_results):
    (row,) = some_results.ratio
    open_above = replace(row, dialogue_s=0.0, ratio=None, ratio_low=2.0, ratio_high=None)
    assert " 2.00 or more " in describe(replace(some_results, ratio=(open_above,)))


def test_undecided_speech_comes_with_what_to_do(some_results):
    undecided = tuple(replace(s, kind="undetermined") for s in some_results.speech)
    assert "Nothing is decided" in describe(replace(some_results, speech=undecided))
    assert "Nothing is decided" not in describe(some_results)


def test_one_stretch_of_singing_is_in_the_singular(some_results, a_feature):
    assert "Singing: 1 stretch detected, 0:01:02–0:01:28." in describe(some_results)
    assert "and 5 more." in line_with(describe(a_feature), "Singing:")


def test_a_title_in_wide_characters_does_not_push_the_columns(some_results):
    scenes = ("重慶森林", "the bar")
    parts = tuple(
        an_occurrence(id=f"O{n}", film_start_s=20.0 * n, film_end_s=20.0 * n + 9, scene=scene)
        for n, scene in enumerate(scenes)
    )
    text = describe(replace(some_results, occurrences=parts, transitions=(), coverage=()))
    rows = [line_with(text, f"  O{n}  ") for n in (0, 1)]
    starts = [row.index(scene) for row, scene in zip(rows, scenes, strict=True)]
    assert starts[0] == starts[1]


@pytest.mark.parametrize("case", EXTREMES)
def test_every_extreme_can_be_told(case, a_feature):
    results = EXTREMES[case](a_feature)
    text = describe(results)
    assert text.startswith(results.film.name)
    for song in results.songs if results.occurrences else ():
        assert f"{song.title} ({song.id}):" in text
    assert "None" not in text
    assert "nan" not in text.split()


def test_a_song_that_only_shares_samples_is_said_to_do_so(some_results):
    shared = SharedMaterial(
        song_id="S2",
        with_song_id="S1",
        film_start_s=60.0,
        film_end_s=90.0,
        song_start_s=3.0,
        score=40.0,
    )
    text = describe(replace(some_results, shared_material=(shared,)))
    assert "Never heard (S2): not detected.\n  It also fits once where 夢中人 is heard" in text


def test_a_share_that_is_undetermined_is_said_to_be(some_results):
    words = "How much of the song is heard is undetermined in 1 of them"
    asked = {"likeness": "waveform", "song_error_s": 0.001}
    assert words in describe(with_occurrence(some_results, **asked, explained_share=None))
    assert words not in describe(with_occurrence(some_results, **asked, explained_share=0.97))
    assert words not in describe(with_occurrence(some_results, likeness="spectrum"))


def test_what_may_be_another_song_is_counted_apart(some_results):
    text = describe(with_occurrence(some_results, likeness="shared material?"))
    assert "not detected for certain" in text
    assert "Shared material? Once, the lower grade" in text
    assert "shared material?" in line_with(text, "  O1  ")
    sure, doubtful = (
        an_occurrence(id=name, likeness=likeness)
        for name, likeness in (("O1", "waveform"), ("O2", "shared material?"))
    )
    both = replace(with_occurrence(some_results), occurrences=(sure, doubtful))
    assert "detected once, in 1 playing, and perhaps" in describe(both)
