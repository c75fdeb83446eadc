import pytest

from ostinato.errors import StudyError
from ostinato.measures import Calibration, Question
from ostinato.pipeline import measured_with_labels, read_said
from ostinato.study import Study

SUBTITLES = """1
00:00:02,000 --> 00:00:10,000
(V.O.) I never told her about the song.

2
00:00:27,000 --> 00:00:35,000
- Do you want another drink?
- No.
"""


def kinds(results):
    """Seconds of speech of each kind."""
    film = next(row for row in results.ratio if row.scope == "film")
    return film.narration_s, film.dialogue_s, film.undetermined_s


def test_a_tag_is_narration_and_turns_are_dialogue(bar, run):
    results = run(subtitles=bar.write("film.srt", SUBTITLES))
    narration_s, dialogue_s, undetermined_s = kinds(results)
    assert narration_s == pytest.approx(7.0, abs=1.5)
    assert dialogue_s == pytest.approx(7.0, abs=1.5)
    assert undetermined_s == 0.0
    assert {s.decided_by for s in results.speech} == {"subtitles"}


def test_a_label_wins_over_subtitles(bar, run):
    labels = bar.write("labels.tsv", "start\tend\tkind\n0:00:02\t0:00:10\tdialogue\n")
    results = run(subtitles=bar.write("film.srt", SUBTITLES), labels=labels)
    first, *others = results.speech
    assert (first.start_s, first.end_s) == (2.0, 10.0)
    assert (first.kind, first.decided_by) == ("dialogue", "label")
    assert {s.decided_by for s in others} == {"subtitles"}
    assert first.predicted == "narration"
    assert {s.predicted for s in others} == {None}
    assert results.ratio[0].n_labels == 1
    assert results.ratio[0].naive_share == pytest.approx(0.5, abs=0.1)


def test_a_random_sample_of_labels_is_kept_with_how_it_was_drawn(bar, run):
    table = (
        "start_s\tend_s\tkind\tpredicted\tstratum\tp_inclusion\n"
        "2.0\t10.0\tdialogue\tnarration\tnarration, third 1\t0.5\n"
    )
    results = run(subtitles=bar.write("film.srt", SUBTITLES), labels=bar.write("sample.tsv", table))
    (one,) = results.labels
    assert (one.kind, one.predicted, one.p_inclusion) == ("dialogue", "narration", 0.5)
    assert results.ratio[0].n_random_labels == 1
    assert results.ratio[0].estimator == "all decided"  # one label is no ground for an estimate


def test_a_claim_about_a_song_that_is_not_looked_for_is_refused_first(run):
    with pytest.raises(StudyError, match="claim C3, song 'None': the study looks for The song"):
        run(claims=(Question(id="C3", song="None"),))


def test_claims_and_calibration_are_recorded_and_used(bar, run):
    calibration = Calibration(
        n_narration=40, n_narration_found=36, n_dialogue=40, n_dialogue_found=38
    )
    results = run(
        subtitles=bar.write("film.srt", SUBTITLES),
        claims=(Question(id="C5", statement="Voices from nowhere talk the most."),),
        calibration=calibration,
    )
    (claim,) = results.claims
    assert claim.statement == "Voices from nowhere talk the most."
    assert results.ratio[0].estimator == "borrowed calibration"
    assert results.run.parameters["calibration"]["n_dialogue_found"] == 38
    assert measured_with_labels(results, ()).claims == results.claims


def test_a_label_ends_with_the_film_at_the_latest(bar, run):
    labels = bar.write("labels.tsv", "start\tend\tkind\n38\t55\tnarration\n")
    assert run(labels=labels).speech[-1].end_s == 40.0


def test_occurrences_and_ratios_are_given_for_each_scene(bar, run):
    table = "start,end,name,story\n0,24,the bar,one\n24,40,the counter,one\n"
    results = run(scenes=bar.write("scenes.csv", table))
    assert [one.scene for one in results.occurrences] == ["the bar", "the counter"]
    scopes = ["film", "story: one", "the bar", "the counter"]
    assert [row.scope for row in results.ratio][:4] == scopes
    assert [row.scope for row in results.coverage] == scopes
    assert results.coverage[2].heard_s == pytest.approx(10.0, abs=0.2)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "subtitles",
            "1\n01:00:00,000 --> 01:00:02,000\nHello.\n",
            r"its first cue is at 1:00:00 and the film ends at 0:00:40\. Give the subtitles of the",
        ),
        (
            "labels",
            "start\tend\tkind\n41\t42\tnarration\n",
            r"row at 0:00:41: the film ends at 0:00:40\. Take the times from the edition",
        ),
        (
            "scenes",
            "start\tend\tname\n50\t60\tthe end\n",
            r"row at 0:00:50: the film ends at 0:00:40\. Take the times from the edition",
        ),
    ],
)
def test_what_was_said_of_another_edition_is_refused(bar, run, name, content, message):
    with pytest.raises(StudyError, match=message):
        run(**{name: bar.write(f"{name}.txt", content)})


def test_subtitles_may_run_on_behind_a_film_that_stops_early(bar, run):
    behind = "3\n00:30:00,000 --> 00:30:04,000\nDon't go.\n"
    results = run(subtitles=bar.write("film.srt", f"{SUBTITLES}\n{behind}"))
    assert kinds(results)[2] == 0.0


def test_of_a_film_that_was_cut_short_what_is_left_is_analysed(bar, run):
    whole = bar.film.read_bytes()
    bar.film.write_bytes(whole[: len(whole) * 3 // 5])  # 24 s
    results = run(
        labels=bar.write("labels.tsv", "start\tend\tkind\n2\t10\tnarration\n27\t35\tdialogue\n"),
        scenes=bar.write("scenes.tsv", "start\tend\tname\n0\t20\tbar\n24.5\t40\tcounter\n"),
        subtitles=bar.write("film.srt", "1\n00:00:27,000 --> 00:00:35,000\nA drink?\n"),
    )
    assert results.film.truncated_at_s == results.film.duration_s == pytest.approx(24.0, abs=0.1)
    assert len(results.occurrences) == 1
    assert [scene.name for scene in results.scenes] == ["bar"]
    assert kinds(results) == (8.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("given", "content", "kind"),
    [
        ("subtitles", "1.0\t2.0\tnarration\n", "a file of labels"),
        ("subtitles", "start;end;kind\n1,5;2,5;narration\n", "a file of labels"),
        ("subtitles", "start,end,name\n0,20,the bar\n", "a table of scenes"),
        ("labels", "WEBVTT\n\n00:02.000 --> 00:10.000\nHello.\n", "a file of subtitles"),
        ("labels", "start,end,name\n0,20,the bar\n", "a table of scenes"),
        ("scenes", "[10][20]Hello.\n", "a file of subtitles"),
        ("scenes", "start\tend\tkind\n0:00:01\t0:00:02\tdialogue\n", "a file of labels"),
        ("labels", '[film]\npath = "film.mkv"\n', "a study"),
        ("subtitles", '[film]\npath = "film.mkv"\n', "a study"),
    ],
)
def test_a_file_given_in_place_of_another_is_recognised(bar, given, content, kind):
    study = Study(film=bar.film, **{given: bar.write("given.txt", content)})
    with pytest.raises(StudyError, match=f"it was given as {given}, and is {kind}"):
        read_said(study)
