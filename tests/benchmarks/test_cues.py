"""The benchmark's arithmetic; its films and peers are not run here."""

import dataclasses
import re
from pathlib import Path

import environments
import numpy as np
import pytest
import soundfile
import tools
from calibrate import best_setting
from hearing import Answers, Chosen
from hypothesis import given
from hypothesis import strategies as st
from linking import Hit, Setting, link_hits
from publish import markdown, publish
from sameness import Sameness
from scoring import Detection, Event, Seconds, count_seconds, score_event
from sounds import KeptPitch
from tables import FalseAlarms, length_band, rows_of

from ostinato.simulate import Place

EVENT = Event(
    of_set="clean",
    film="clean-1",
    song="one",
    level_lu=-10.0,
    chain="radio",
    start_s=100.0,
    end_s=110.0,
    song_start_s=30.0,
    speed=1.0,
)


def a_detection(start_s=100.0, end_s=110.0, *, song="one", late_s=0.0, speed=1.0):
    return Detection(
        song=song,
        start_s=start_s,
        end_s=end_s,
        song_start_s=start_s - 70.0 + late_s,
        speed=speed,
    )


def a_hit(start_s, *, song_start_s=None, score=9.0, song="one", window_s=5.0):
    return Hit(
        song=song,
        window_s=window_s,
        start_s=start_s,
        end_s=start_s + window_s,
        song_start_s=start_s - 70.0 if song_start_s is None else song_start_s,
        scores={"count": score},
    )


SETTING = Setting(window_s=5.0, score="count", min_score=5.0, min_hits=2, trim=0.0)


def test_an_event_found_a_second_late_has_its_errors():
    score = score_event(EVENT, [a_detection(101.0, 109.5, late_s=0.1)])
    assert score.outcome == "found"
    assert score.start_error_s == pytest.approx(1.0)
    assert score.end_error_s == pytest.approx(-0.5)
    assert score.song_error_s == pytest.approx(0.1)
    assert score.heard_s == pytest.approx(8.5)


def test_two_pieces_of_an_event_are_heard_once_and_bound_it():
    score = score_event(EVENT, [a_detection(100.0, 104.0), a_detection(103.0, 108.0)])
    assert score.heard_s == pytest.approx(8.0)
    assert score.end_error_s == pytest.approx(-2.0)


def test_another_place_of_the_song_is_misplaced_and_another_song_nothing():
    assert score_event(EVENT, [a_detection(late_s=0.31)]).outcome == "misplaced"
    assert score_event(EVENT, [a_detection(song="two")]).outcome == "missed"
    assert score_event(EVENT, [a_detection(110.0, 120.0)]).outcome == "missed"


def test_a_place_with_the_same_samples_is_a_rival_unless_the_right_one_is_found_too():
    elsewhere = a_detection(late_s=8.0)
    asked = []

    def is_same(*where):
        asked.append(where)
        return True

    assert score_event(EVENT, [elsewhere], is_same=is_same).outcome == "rival"
    assert asked == [("one", 35.0, 43.0, 10.0)]
    both = score_event(EVENT, [elsewhere, a_detection()], is_same=is_same)
    assert both.outcome == "found"


def test_the_speed_of_a_detection_counts_where_it_shares_film_with_the_event():
    at_4_percent = a_detection(90.0, 110.0, speed=1.04)  # 0.6 s ahead in the middle of the event
    assert score_event(EVENT, [at_4_percent]).outcome == "misplaced"


def test_seconds_are_unions_and_only_the_right_place_is_right():
    found = [
        a_detection(98.0, 104.0),
        a_detection(102.0, 106.0),
        a_detection(105.0, 108.0, late_s=9.0),  # another place, partly where the right one is too
        a_detection(200.0, 203.0, song="two"),
    ]
    seconds = count_seconds([EVENT], found)
    assert seconds == Seconds(true_s=10.0, found_s=13.0, right_s=6.0)
    assert seconds.recall == pytest.approx(0.6)
    assert seconds.precision == pytest.approx(6 / 13)
    assert seconds.f1 == pytest.approx(2 * 0.6 * (6 / 13) / (0.6 + 6 / 13))


def test_nothing_found_has_no_precision_and_nothing_to_find_no_recall():
    assert count_seconds([EVENT], []).precision is None
    assert count_seconds([EVENT], []).f1 == 0.0
    assert count_seconds([], [a_detection()]).recall is None
    assert count_seconds([], [a_detection()]).f1 is None


stretches = st.tuples(st.integers(0, 300), st.integers(1, 60), st.sampled_from((0.0, 0.2, 5.0)))


@given(st.lists(stretches, max_size=8), st.lists(stretches, max_size=8))
def test_right_seconds_never_exceed_true_or_found_ones(true, found):
    events = [
        dataclasses.replace(
            EVENT, start_s=float(s), end_s=float(s + n), song_start_s=s - 70.0 + late_s
        )
        for s, n, late_s in true
    ]
    detections = [a_detection(float(s), float(s + n), late_s=late_s) for s, n, late_s in found]
    seconds = count_seconds(events, detections)
    assert seconds.right_s <= min(seconds.true_s, seconds.found_s) + 1e-9


def test_hits_that_agree_are_one_detection_and_a_lone_one_none():
    hits = [a_hit(100.0), a_hit(101.0, song_start_s=31.1), a_hit(102.0), a_hit(160.0)]
    (one,) = link_hits(hits, SETTING)
    assert (one.start_s, one.end_s) == (100.0, 107.0)
    assert one.song_s(100.0) == pytest.approx(30.0)


def test_hits_of_another_place_song_or_window_or_below_the_score_do_not_join():
    others = [
        a_hit(101.0, song_start_s=40.0),
        a_hit(101.0, song="two"),
        a_hit(101.0, window_s=10.0),
        a_hit(101.0, score=4.9),
    ]
    for other in others:
        assert link_hits([a_hit(100.0), other], SETTING) == ()


def test_a_trim_takes_off_both_ends():
    trimmed = dataclasses.replace(SETTING, trim=0.2)
    (one,) = link_hits([a_hit(100.0), a_hit(101.0)], trimmed)
    assert (one.start_s, one.end_s) == (101.0, 105.0)
    assert one.song_s(101.0) == pytest.approx(31.0)


def test_calibration_takes_the_threshold_that_parts_true_hits_from_chance():
    rng = np.random.default_rng(7)
    right = [a_hit(start_s, score=20.0) for start_s in np.arange(99.0, 107.0)]
    chance = [
        a_hit(start_s, song_start_s=song_s, score=score)
        for start_s, song_s, score in zip(
            rng.uniform(0, 300, 80), rng.uniform(0, 200, 80), rng.uniform(1, 12, 80), strict=True
        )
    ]
    setting, f1 = best_setting({"film": [EVENT]}, {"film": [*chance, *right]})
    assert f1 > 0.9
    assert link_hits(chance, setting) == ()


def test_samples_that_a_song_repeats_are_the_same_and_others_are_not(tmp_path):
    rng = np.random.default_rng(7)
    loop, rest = rng.uniform(-0.3, 0.3, (2, 3 * 8000))
    path = tmp_path / "loop.wav"
    soundfile.write(path, np.concatenate([loop, loop, rest]), 8000)
    is_same = Sameness({"one": path}, tmp_path / "cache")
    assert is_same("one", 1.5, 4.6, 2.0)
    assert not is_same("one", 1.5, 7.5, 2.0)


def test_a_kept_pitch_keeps_the_frequency_and_the_length():
    rate_hz, speed = 48_000, 1.04
    place = Place(start_s=0.0, n_samples=4 * rate_hz, sample_rate_hz=rate_hz)
    t = place.times_s()
    hz = np.array([[440.0], [700.0]])
    faster = np.sin(2 * np.pi * hz * speed * t, dtype=np.float32)
    heard = KeptPitch(speed=speed).apply(faster, place)
    assert heard.shape == faster.shape
    spectra = np.abs(np.fft.rfft(heard[:, rate_hz : 3 * rate_hz]))
    assert np.argmax(spectra, axis=1) / 2 == pytest.approx(hz[:, 0], abs=1)  # bins of 0.5 Hz


def test_rows_add_up_over_levels_chains_and_lengths():
    events = [
        dataclasses.replace(EVENT, level_lu=level_lu, chain=chain)
        for level_lu in (-10.0, -20.0)
        for chain in ("clean", "radio")
    ]
    scores = [score_event(event, [a_detection()] * (event.chain == "clean")) for event in events]
    rows = {
        (row.level_lu, row.chain, row.length_s): row
        for row in rows_of("Tool", "clean", scores, Seconds(true_s=40, found_s=20, right_s=20))
    }
    whole = rows["all", "all", "all"]
    assert (whole.n_events, whole.found, whole.missed, whole.recall) == (4, 2, 2, 0.5)
    assert (whole.precision, whole.f1) == (1.0, pytest.approx(2 / 3))
    assert rows["all", "clean", "all"].found == 2
    assert rows["all", "radio", "all"].start_error_s is None
    assert rows["-20", "clean", "10 to 25"].n_events == 1
    assert rows["-20", "all", "all"].precision is None


@pytest.mark.parametrize(
    ("duration_s", "band"), [(1.0, "0 to 2"), (2.0, "2 to 5"), (9.9, "5 to 10"), (20.0, "10 to 25")]
)
def test_a_length_falls_into_its_band(duration_s, band):
    assert length_band(duration_s) == band


def some_tables():
    scores = [score_event(EVENT, [a_detection(100.5, 110.0)])]
    rows = list(rows_of("Peer", "clean", scores, count_seconds([EVENT], [a_detection()])))
    alarms = [FalseAlarms(tool="Peer", n_detections=3, seconds=12.0, hours=1.0)]
    answers = Answers(
        found={"Peer": {}, "syncstart": {}},
        seconds={"Peer": 4.0},
        settings={"Peer": Chosen(version="1.2", setting=SETTING, f1=0.5)},
        absent={"Olaf": "it is nowhere"},
    )
    return markdown(rows, alarms, answers, provenance="Ostinato at abc1234, run on 2026-01-02.")


def test_the_table_shows_scores_settings_false_alarms_and_who_was_absent():
    table = some_tables()
    assert "| clean | Peer | 1 of 1 | 0 | 0 | 1.00 | 0.95 | 1.00 | 0.500 | 0.000 | 0.000 |" in table
    assert "| Peer | 1.2; windows of 5 s, count 5, 2 hits | 3 | 12.0 | 4.0 |" in table
    assert "Absent: Olaf (it is nowhere)." in table
    assert "\nsyncstart: it gives one offset for a pair of files" in table
    assert table.endswith("\nOstinato at abc1234, run on 2026-01-02.\n")


def test_each_peer_has_an_adapter_and_a_complete_list_of_exact_versions():
    folder = Path(tools.__file__).parent / "peers"
    for peer in tools.PEERS:
        assert (folder / peer.adapter).exists()
        lines = (folder / "requirements" / f"{peer.environment}.txt").read_text("utf-8").split()
        assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
        assert {"soundfile==0.14.0", "soxr==1.1.0"} <= set(lines)


def test_an_environment_is_made_once_and_again_when_its_list_changes(tmp_path, monkeypatch):
    lists, home, asked = tmp_path / "lists", tmp_path / "home", []

    def run(_, *arguments):
        asked.append(arguments[1])
        (home / "one").mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(environments, "_LISTS", lists)
    monkeypatch.setattr(environments, "_run", run)
    lists.mkdir()
    for text, n_made in (("tool==1\n", 1), ("tool==1\n", 1), ("tool==2\n", 2)):
        (lists / "one.txt").write_text(text, encoding="utf-8")
        assert environments.interpreter_of("one", home).parent.parent == home / "one"
        assert asked == ["venv", "pip"] * n_made


def test_publishing_twice_leaves_one_table_between_its_marks(tmp_path):
    folder = tmp_path / "out"
    for name in ("out", "benchmarks/cues", "figures"):
        (tmp_path / name).mkdir(parents=True)
    (folder / "results.tsv").write_text("rows", encoding="utf-8")
    (folder / "drawing.svg").write_text("<svg/>", encoding="utf-8")
    readme = tmp_path / "benchmarks" / "README.md"
    readme.write_text(
        "before\n<!-- cues: begin -->\nold\n<!-- cues: end -->\nafter\n", encoding="utf-8"
    )
    for table in ("first\n", "second\n"):
        publish(table, folder, [folder / "drawing.svg"], root=tmp_path)
    assert readme.read_text(encoding="utf-8") == (
        "before\n<!-- cues: begin -->\nsecond\n<!-- cues: end -->\nafter\n"
    )
    assert (tmp_path / "benchmarks" / "cues" / "results.tsv").read_text(encoding="utf-8") == "rows"
    assert (tmp_path / "figures" / "drawing.svg").exists()
