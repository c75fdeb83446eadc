import dataclasses
import errno

import pytest
from tests.pipeline.conftest import QUICK

from ostinato.errors import MediaError
from ostinato.measures import MeasureParameters
from ostinato.pipeline import inputs, memo, songs
from ostinato.results import encode_results
from ostinato.study import SongFile


def is_cached(results):
    return {stage.name: stage.cached for stage in results.run.stages}


def findings(results):
    """All that results say of the film, without how they came about."""
    return dataclasses.replace(results, run=None)


def encode_findings(results):
    nothing = dataclasses.replace(results.run, stages=(), started_at="", peak_rss_mb=None)
    return encode_results(dataclasses.replace(results, run=nothing))


@pytest.fixture
def searches(monkeypatch):
    """Ids of the songs that are searched for, as they are."""
    ids = []
    find = songs.find_occurrences

    def noted(*recordings, song_id, **how):
        ids.append(song_id)
        return find(*recordings, song_id=song_id, **how)

    monkeypatch.setattr(songs, "find_occurrences", noted)
    return ids


def entries(bar, stage):
    return sorted((bar.cache / "stages").glob(f"{stage}-*"))


def test_what_was_found_once_is_not_searched_for_again(run, results, searches):
    again = run()
    assert set(is_cached(again).values()) == {True}
    assert encode_findings(again) == encode_findings(results)
    assert searches == []


def test_a_song_more_is_all_that_a_second_run_searches_for(bar, run, searches):
    results = run(
        songs=(
            SongFile(title="Never heard", path=bar.stranger),
            SongFile(title="The song", path=bar.song),
        )
    )
    assert searches == ["S1"]
    assert {one.song_id for one in results.occurrences} == {"S2"}


def test_a_changed_measure_searches_for_nothing(run, searches):
    strict = dataclasses.replace(QUICK, measures=MeasureParameters(continuation_s=0.1))
    (move,) = run(parameters=strict).transitions
    assert not move.continues
    assert searches == []


def test_a_changed_way_of_searching_searches_anew(run, searches):
    slack = dataclasses.replace(QUICK.cues.trace, min_duration_s=11.0)
    parameters = dataclasses.replace(QUICK, cues=dataclasses.replace(QUICK.cues, trace=slack))
    assert run(parameters=parameters, stages=("cues",)).occurrences == ()
    assert searches == ["S1"]


@pytest.mark.parametrize("stage", ["cues", "talk", "voices"])
@pytest.mark.parametrize("damage", ["cut short", "bits flipped", "emptied"])
def test_a_damaged_entry_is_made_again(bar, run, results, stage, damage):
    (entry,) = entries(bar, stage)
    content = entry.read_bytes()
    if damage == "bits flipped":
        middle = len(content) // 2
        entry.write_bytes(content[:middle] + b"\xff" * 40 + content[middle + 40 :])
    else:
        entry.write_bytes(content[: len(content) // 2] if damage == "cut short" else b"")
    again = run()
    assert findings(again) == findings(results)
    assert entry.read_bytes() == content


def test_an_interrupted_run_goes_on_from_the_last_stage(bar, run, results):
    for stage in ("cues", "talk", "remainder-talk", "voices"):
        for entry in entries(bar, stage):
            entry.unlink()

    def interrupt(stage, _fraction):
        if stage == "speech":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(watch=interrupt)
    again = run()
    assert is_cached(again) == {
        "media": True,
        "cues": True,
        "separation": True,
        "speech": False,
        "voices": False,
        "measures": True,
    }
    assert findings(again) == findings(results)


def test_a_search_that_is_interrupted_leaves_no_track_behind(bar, run):
    for entry in entries(bar, "cues"):
        entry.unlink()

    def interrupt(stage, fraction):
        if stage == "cues" and fraction > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(watch=interrupt)
    assert not list(bar.cache.glob(".*"))


def test_progress_is_told_stage_by_stage_and_rises_to_the_whole(bar, run):
    for entry in entries(bar, "talk"):
        entry.unlink()
    told = {}
    run(watch=lambda stage, fraction: told.setdefault(stage, []).append(fraction))
    assert list(told) == ["media", "cues", "separation", "speech", "voices", "measures"]
    for fractions in told.values():
        assert fractions == sorted(fractions)
        assert (fractions[0], fractions[-1]) == (0.0, 1.0)


def test_a_cache_that_is_full_loses_no_results(bar, run, results, monkeypatch, caplog):
    for entry in entries(bar, "talk"):
        entry.unlink()

    def full(path, _content):
        raise MediaError(str(path), "it cannot be written (No space left on device)", "Free some")

    monkeypatch.setattr(memo, "write_atomically", full)
    assert findings(run()) == findings(results)
    assert "No space left on device). This stage will be done anew next time" in caplog.text


def test_a_disk_too_full_for_the_track_is_told(bar, run, monkeypatch):
    for entry in entries(bar, "cues"):
        entry.unlink()

    def full(*_recording, **_how):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(inputs, "write_track", full)
    with pytest.raises(MediaError, match=r"cache folder .*: the disk is full\. Free some space"):
        run()
    assert not list(bar.cache.glob(".*"))
