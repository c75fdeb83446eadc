import os

import pytest

from ostinato.pipeline.memo import Memo, keep_arrays


@pytest.fixture
def cache(tmp_path):
    folder = tmp_path / "cache"
    stages = Memo(folder / "stages")
    for age_s, film in enumerate("abc"):
        entry = stages.entry("talk", film=film)
        keep_arrays(entry, {})
        os.utime(entry.path, (0, entry.path.stat().st_mtime - 100 * age_s))
    (folder / "mine.txt").write_text("my own words")
    return folder


def n_stages(cache):
    return len(list((cache / "stages").glob("*.npz"))) if (cache / "stages").exists() else 0


def test_a_cache_says_what_it_keeps_and_how_large_it_may_become(cache, ostinato):
    outcome = ostinato("cache", "--cache", cache)
    assert outcome.status == 0
    assert outcome.out.count("  stage  talk-") == 3
    assert "of 40 GB at most" in outcome.out


def test_a_limit_that_is_set_is_kept_to(cache, ostinato):
    size = max(path.stat().st_size for path in (cache / "stages").iterdir())
    outcome = ostinato("cache", "--cache", cache, "--limit", 1.5 * size / 1e9, "--prune")
    assert outcome.status == 0
    assert n_stages(cache) == 1
    assert ostinato("cache", "--cache", cache, "--limit", 0).status == 2
    assert ostinato("cache", "--cache", cache, "--limit", "nan").status == 2


def test_what_is_damaged_is_named_and_removed(cache, ostinato):
    path = min((cache / "stages").iterdir())
    path.write_bytes(path.read_bytes()[:-1])
    outcome = ostinato("cache", "--cache", cache, "--verify")
    assert "3 things checked, 1 damaged and removed" in outcome.out
    assert str(path) in outcome.out
    assert n_stages(cache) == 2


def test_a_cache_is_cleared_of_what_is_ours(cache, ostinato):
    outcome = ostinato("cache", "--cache", cache, "--clear")
    assert outcome.status == 0
    assert n_stages(cache) == 0
    assert (cache / "mine.txt").read_text() == "my own words"
    assert str(cache / "mine.txt") in outcome.out


def test_a_cache_that_is_not_there_keeps_nothing(tmp_path, ostinato):
    for doing in ("--list", "--prune", "--verify", "--clear"):
        assert ostinato("cache", "--cache", tmp_path / "none", doing).status == 0
    assert not (tmp_path / "none").exists()
