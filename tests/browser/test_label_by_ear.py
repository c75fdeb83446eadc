"""A random sample is labelled by ear, by keyboard alone, and nothing is told before it is done."""

import json
import re

import pytest
from tests.browser.test_review import entries, said

OPINION = re.compile(r"predicted|stratum|p_inclusion|classifier|p_narration")


@pytest.fixture
def blind(serve):
    return serve("-n", "100", command="label")


def test_a_hundred_are_labelled_by_keyboard(blind, window, folder):
    page = window(blind.link)
    total = page.locator("#rows tbody tr").count()
    assert total >= 100
    page.keyboard.press("p")
    for number in range(total):
        assert page.locator("#outcome").is_hidden()
        page.keyboard.press("12345"[number % 2])
        page.wait_for_function(
            "n => document.getElementById('progress').value === n", arg=number + 1
        )
    asked = page.evaluate("async () => (await fetch('/api/state')).text()")
    assert [text for text in (asked, page.content()) if OPINION.search(text)] == []
    page.get_by_text("How the interval").wait_for(timeout=60_000)
    assert page.locator("#outcome tbody tr").count() >= 4
    assert len(entries(folder)) == total
    page.close()
    told = blind.stop()
    assert f"{total} labels taken over" in told
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert sum(not one["is_open"] for one in results["labels"]) == total


def test_an_answer_is_there_after_a_reload_and_may_be_taken_back(blind, window):
    page = window(blind.link)
    page.keyboard.press("p")
    page.keyboard.press("3")
    page.wait_for_function("() => document.getElementById('progress').value === 1")
    assert "Stretch 2 of" in said(page)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.locator("#progress").evaluate("bar => bar.value") == 1
    page.keyboard.press("z")
    page.wait_for_function("() => document.getElementById('progress').value === 0")


def test_the_context_is_two_seconds_and_the_stretch_can_be_heard_alone(blind, window):
    page = window(blind.link)
    page.keyboard.press("p")
    asked = []
    page.on("request", lambda one: "/sound/" in one.url and asked.append(one.url))
    for key in ("Space", "Enter"):
        page.keyboard.press(key)
        page.wait_for_timeout(400)
    lengths = [
        (int(stop) - int(first)) / 8_000
        for first, stop in (re.search(r"from=(\d+)&to=(\d+)", url).groups() for url in asked)
    ]
    assert lengths[0] - lengths[-1] == pytest.approx(4.0, abs=0.01)


def test_pieces_are_listened_to_for_songs_by_keyboard(serve, window, folder):
    server = serve("--finds", "-n", "20", command="label")
    page = window(server.link)
    assert page.locator("#songs li").count() == 4
    assert page.get_by_text("Narration is a voice-over").is_hidden()
    page.keyboard.press("p")
    for number in range(20):
        page.keyboard.press("123"[number % 3])
        page.wait_for_function(
            "n => document.getElementById('progress').value === n", arg=number + 1
        )
    page.get_by_role("table", name="Interval of precision").wait_for(timeout=60_000)
    assert page.get_by_role("table", name="Interval of recall").locator("tbody tr").count() >= 4
    page.close()
    assert "20 verdicts taken over" in server.stop()
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert results["review"]["finds"]["n_judged"] == 20
