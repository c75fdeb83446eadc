import itertools

import numpy as np
import pytest

from ostinato.results import decode_results
from ostinato.simulate import write_demo
from ostinato.speech import SpeechParameters, read_subtitles
from ostinato.study import read_scenes, read_study
from ostinato.timeline import Timeline


@pytest.fixture(scope="session")
def demo(tmp_path_factory, working_copies):
    """The demonstration's folder and its truth."""
    folder = tmp_path_factory.mktemp("demo")
    rng = np.random.default_rng(0)
    return folder, write_demo(folder, cache_dir=working_copies, rng=rng)


def test_a_song_goes_on_five_times_and_restarts_once(demo):
    _, truth = demo
    heard = [o for o in truth.occurrences if o.song_id == "S1"]
    gaps_s = [b.song_start_s - a.song_end_s for a, b in itertools.pairwise(heard)]
    assert all(abs(gap_s) < 1.5 for gap_s in gaps_s[:5])
    assert heard[-1].song_start_s == 0.0
    assert len({o.playing_id for o in heard}) == 7


def test_three_voices_and_a_narrator_speak(demo):
    _, truth = demo
    voices = {(s.kind, s.voice) for s in truth.speech}
    assert voices == {
        ("narration", "narrator"),
        ("dialogue", "it"),
        ("dialogue", "fr"),
        ("dialogue", "es"),
    }
    intervals = [s.interval for s in truth.speech]
    assert Timeline.of(intervals).duration_s == pytest.approx(sum(i.duration_s for i in intervals))


def test_the_study_names_files_that_are_there(demo):
    folder, truth = demo
    study = read_study(folder / "study.toml")
    paths = [study.film, study.subtitles, *(song.path for song in study.songs)]
    assert all(path.is_file() for path in paths)
    assert [song.title for song in study.songs] == [song.title for song in truth.songs]
    assert read_scenes(study.scenes) == truth.scenes


def test_subtitles_tag_the_narrator_and_leave_some_lines_out(demo):
    folder, truth = demo
    cues = read_subtitles(folder / "film.srt", parameters=SpeechParameters())
    for kind in ("narration", "dialogue"):
        shown = Timeline.of(cue.interval for cue in cues if cue.kind == kind)
        spoken = Timeline.of(s.interval for s in truth.speech if s.kind == kind)
        share = (shown & spoken).duration_s / spoken.duration_s
        assert share > (0.99 if kind == "narration" else 0.8)
    missing = Timeline.of(s.interval for s in truth.speech) - Timeline.of(c.interval for c in cues)
    assert missing.duration_s > 5


def test_the_truth_is_on_disk(demo):
    folder, truth = demo
    assert decode_results((folder / "truth.json").read_bytes()) == truth


def test_every_recording_is_credited(shipped):
    credits_text = (shipped / "LICENCES.md").read_text(encoding="utf-8")
    for path in shipped.glob("*.opus"):
        prefix = path.stem.partition("-")[0]
        assert f"`{path.name}`" in credits_text or f"`{prefix}-*.opus`" in credits_text
