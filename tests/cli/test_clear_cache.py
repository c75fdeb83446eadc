import json

import pytest

from ostinato.pipeline.cache import in_use
from ostinato.results import read_results

BOTH = [("doctor", "--clear-cache"), ("cache", "--clear")]


def test_the_cache_is_emptied_of_what_the_program_made_and_of_nothing_else(bar, ostinato, analyze):
    own = [path for path in bar.cache.rglob("*") if path.is_file()]
    mine = ["essay.txt", "stages/essay.txt", f"{'a' * 64}-0-v1/essay.txt", ".unfinished-x/half.f32"]
    for name in mine:
        path = bar.cache / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    outcome = ostinato("doctor", "--clear-cache", "--cache", bar.cache)
    assert (outcome.status, outcome.err) == (0, "")
    assert [path for path in own if path.exists()] == []
    assert all((bar.cache / name).read_text() == "mine" for name in mine)
    assert "2 recordings" in outcome.out
    assert "Left alone" in outcome.out
    assert str(bar.cache / "essay.txt") in outcome.out
    assert analyze("--stages", "cues").status == 0
    assert len(read_results(bar.path("results")).occurrences) == 2


def test_a_link_in_the_cache_leads_nowhere(bar, ostinato):
    elsewhere = bar.path("elsewhere")
    elsewhere.mkdir()
    (elsewhere / "copy.json").write_text("mine")
    (bar.cache / f"{'b' * 64}-0-v1").symlink_to(elsewhere)
    assert ostinato("doctor", "--clear-cache", "--cache", bar.cache).status == 0
    assert (elsewhere / "copy.json").read_text() == "mine"


def test_a_cache_that_holds_nothing_else_goes_altogether(bar, ostinato):
    outcome = ostinato("doctor", "--clear-cache", "--cache", bar.cache)
    assert "MB in all" in outcome.out
    assert "Left alone" not in outcome.out
    assert not bar.cache.exists()


@pytest.mark.parametrize("name", ["not-there", "a-file"])
def test_where_there_is_no_cache_nothing_is_removed(bar, ostinato, name):
    bar.write("a-file", "mine")
    outcome = ostinato("doctor", "--clear-cache", "--cache", bar.path(name))
    assert outcome.status == 0
    assert "no recordings as decoded sound and no finished stages, 0 MB" in outcome.out
    assert bar.path("a-file").read_text() == "mine"


@pytest.mark.parametrize("words", BOTH)
def test_what_a_run_uses_that_is_under_way_stays(bar, ostinato, words):
    used, *others = [path.parent for path in bar.cache.glob("*/copy.json")]
    held = sorted(path.name for path in used.iterdir())
    with in_use(bar.cache, [used]):
        outcome = ostinato(*words, "--cache", bar.cache)
    assert outcome.status == 0
    assert sorted(path.name for path in used.iterdir()) == held
    assert others
    assert not any(path.exists() for path in others)
    assert str(used) in outcome.out.partition("Left alone")[2]


@pytest.mark.parametrize("words", BOTH)
def test_the_limit_that_a_person_has_set_stays_without_a_word(bar, ostinato, words):
    ostinato("cache", "--limit", "7", "--cache", bar.cache)
    outcome = ostinato(*words, "--cache", bar.cache)
    assert "Left alone" not in outcome.out
    assert json.loads((bar.cache / "limit.json").read_bytes()) == {"gigabytes": 7.0}
