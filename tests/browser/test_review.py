"""A person reviews a film of three hours: by keyboard alone, with the drawing and without it."""

import json
import re

import numpy as np
import pytest
from tests.browser.long_film import HOSTILE, RATE_HZ, telling

KINDS = ("narration", "dialogue", "soliloquy", "undetermined")
ROWS_READY = "() => ostinato.desk.data.sound.pictures.status === 'ready'"


def said(page):
    return page.locator("#said").text_content().strip("\u00a0 ")


def wait_said(page, pattern):
    page.wait_for_function(
        "pattern => new RegExp(pattern).test(document.getElementById('said').textContent)",
        arg=pattern,
    )
    return said(page)


def desk(page, expression):
    return page.evaluate(f"() => ostinato.desk.{expression}")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def last(page):
    return desk(page, "data.last")


def do(page, key):
    """Press a key that changes something, and wait until that is acknowledged."""
    before = last(page)
    page.keyboard.press(key)
    page.wait_for_function("n => ostinato.desk.data.last > n", arg=before)


def choose_first(page, what):
    """Select the first of a kind by keyboard, and have nothing play."""
    page.locator("#through").select_option(what)
    page.locator("#through").evaluate("field => field.blur()")
    press(page, "p", "Home", "j")
    return wait_said(page, "^Selected")


def entries(folder, name="journal.jsonl"):
    lines = (folder / "review" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[1:]]


@pytest.fixture
def page(serve, window):
    return window(serve().link)


def test_a_film_of_three_hours_is_there(page):
    assert desk(page, "data.rows.length") > 2_300
    assert page.locator("#rows tbody tr").count() == 250
    assert "250 of" in page.locator("#in-view-note").text_content()
    page.wait_for_function(ROWS_READY)
    tree = page.locator("body").aria_snapshot()
    assert re.search(r"button .*narration: narration, voice V\d, 0:\d\d:\d\d\.\d\d to", tree)
    for name in ("Play", "Zoom in", "Next", "Keys", "In view", "Changes"):
        assert f'"{name}"' in tree


def test_titles_are_text_wherever_they_stand(page):
    shown = HOSTILE.replace("\u202e", "\\u202e")
    assert page.locator("#film").text_content() == f"{shown}.mkv"
    assert page.title() == f"Review: {shown}.mkv"
    assert page.locator("main img, main b, header img").count() == 0
    for place in ("#lane-names bdi", "#through option"):
        assert page.locator(place).all_text_contents().count(shown) == 1


RECORD = """
async ({from, to, rate}) => {
  const {player} = ostinato;
  const context = new AudioContext({sampleRate: rate});
  const source = context.createMediaElementSource(player.audio);
  const heard = [];
  const tap = context.createScriptProcessor(1024, 1, 1);
  tap.onaudioprocess = (event) => heard.push(...event.inputBuffer.getChannelData(0));
  source.connect(tap);
  tap.connect(context.destination);
  await context.resume();
  const {audio} = player;
  const ended = new Promise((done) => audio.addEventListener('ended', done, {once: true}));
  await player.play(from / rate, to / rate);
  await ended;
  await new Promise((resolve) => setTimeout(resolve, 400));
  // Chromium's scale: -1 is the least of 16 bits, 1 the largest
  return heard.map((one) => Math.round(one * (one < 0 ? 32768 : 32767)));
}
"""


@pytest.mark.parametrize("first", [0, 12_345_679, 3 * 3600 * RATE_HZ - 9_000])
def test_what_is_played_is_exact_to_the_sample(page, first):
    page.wait_for_function(ROWS_READY)
    stop = first + 9_000
    heard = np.array(page.evaluate(RECORD, {"from": first, "to": stop, "rate": RATE_HZ}))
    # a sample may be 0 itself at either end
    own, wanted = np.trim_zeros(heard), np.trim_zeros(telling(first, stop))
    # a busy machine may drop what lies between; it begins and ends where it should
    np.testing.assert_array_equal(own[:500], wanted[:500])
    np.testing.assert_array_equal(own[-500:], wanted[-500:])


@pytest.mark.parametrize("drawing", ["drawn", "removed"])
def test_all_is_done_by_keyboard_and_undone_to_the_start(page, folder, drawing):
    if drawing == "removed":
        page.evaluate("document.getElementById('canvas').remove()")
    first = desk(page, "data.rows")
    told = choose_first(page, "occurrence")
    assert re.search(
        r"occurrence of .*, song 0:\d\d.*, 0:\d\d:\d\d\.\d\d to .*, not reviewed", told
    )
    do(page, "y")
    assert "accepted" in wait_said(page, "^Accepted")
    tree = page.locator("#rows").aria_snapshot()
    assert re.search(r"accepted, selected", tree)
    press(page, "j")
    wait_said(page, "^Selected")
    do(page, "q")
    wait_said(page, "^Moved.*moved by hand")
    do(page, "Shift+R")
    press(page, "j")
    do(page, "x")
    wait_said(page, "^Rejected")
    press(page, "p")
    choose_first(page, "speech")
    for key, kind in zip(
        "1234", ("narration", "dialogue", "soliloquy", "undetermined"), strict=True
    ):
        do(page, key)
        wait_said(page, f"^Now {kind}")
    press(page, "ArrowRight")
    do(page, "s")
    wait_said(page, "^Split at")
    do(page, "g")
    wait_said(page, "^Joined")
    n = last(page)
    assert n == len(entries(folder)) == 10
    assert page.locator("#change-list li").count() == n
    for _ in range(n):
        do(page, "z")
    assert desk(page, "data.rows") == first
    assert page.locator("#undo").is_disabled()
    do(page, "Shift+Z")
    assert wait_said(page, "^Done again")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert last(page) == 2 * n + 1
    assert len(entries(folder)) == 2 * n + 1


def test_the_table_alone_is_enough(page):
    page.evaluate("document.getElementById('canvas').remove()")
    press(page, "p")
    page.locator(".skip").focus()
    press(page, "Enter", "Tab")
    page.wait_for_function("() => document.activeElement.closest('#rows') !== null")
    press(page, "ArrowDown", "ArrowDown", "Enter")
    told = wait_said(page, "^Selected")
    current = page.locator("#rows [aria-current=true]")
    assert current.count() == 1
    assert told.removeprefix("Selected ") in current.get_attribute("aria-label")
    assert page.evaluate("document.activeElement.dataset.id === ostinato.desk.selected.id")
    start = desk(page, "selected.start")
    field = page.locator("#inspector input").first
    field.fill(f"{start + 0.25:.3f}")
    before = last(page)
    field.press("Enter")
    page.wait_for_function("n => ostinato.desk.data.last > n", arg=before)
    assert desk(page, "selected.start") == pytest.approx(start + 0.25, abs=0.001)


def test_segments_that_are_marked_are_parted_from_their_voice(page):
    page.evaluate("document.getElementById('canvas').remove()")
    choose_first(page, "speech")
    voice = desk(page, "selected.voice")
    press(page, "m")
    wait_said(page, "^Marked: 1 in all")
    while desk(page, "marked.size") < 2:
        press(page, "j")
        if desk(page, "selected.voice") == voice:
            press(page, "m")
    assert re.search(r"button .*, marked, selected", page.locator("#rows").aria_snapshot())
    do(page, "d")
    wait_said(page, "^2 have a voice of their own")
    new = desk(page, "selected.voice")
    assert new != voice
    press(page, "v")
    page.keyboard.type("<b>Faye</b>")
    do(page, "Enter")
    assert f"<b>Faye</b> ({new})" in page.locator("#inspector .selected-name").text_content()
    assert page.evaluate("document.activeElement.id") == "inspector"
    do(page, "z")
    do(page, "z")
    assert wait_said(page, "^Undone: parted voice")
    assert desk(page, "selected.voice") == voice


def test_a_scene_is_drawn_and_an_occurrence_added_by_keyboard(page):
    press(page, "p", "Home", "Shift+ArrowRight", "[")
    wait_said(page, "^Stretch 0:00:15")
    press(page, "Shift+ArrowRight", "]")
    wait_said(page, "^Stretch 0:00:15.00 to 0:00:30.00")
    press(page, "v")
    page.keyboard.type("The bar")
    do(page, "Enter")
    wait_said(page, "^Scene added. scenes: The bar, 0:00:15.00 to 0:00:30.00")
    do(page, "Shift+E")
    wait_said(page, "0:00:29.90")
    press(page, "Escape")
    wait_said(page, "^Nothing is selected")
    press(page, "End", "Shift+ArrowLeft", "[")
    wait_said(page, "^Stretch 2:59:45")
    before = last(page)
    page.get_by_role("button", name="Add an occurrence").press("Enter")
    page.wait_for_function("n => ostinato.desk.data.last > n", arg=before)
    # its file is nowhere, and that is said
    wait_said(page, "^The song could not be looked for: .*neither its sound nor its file")
    assert "not known what part" in page.locator("#inspector").text_content()


def test_keys_rest_in_a_text_field_and_a_held_key_counts_once(page):
    press(page, "p", "Home", "j")
    page.locator("#at").focus()
    press(page, "y", "x", "1")
    page.locator("#at").press("Escape")
    page.locator("#at").evaluate("field => field.blur()")
    assert last(page) == 0
    page.keyboard.down("q")
    for _ in range(20):
        page.keyboard.down("q")  # the browser says that it repeats
    page.keyboard.up("q")
    wait_said(page, "^Moved|cannot")
    page.wait_for_timeout(300)
    assert last(page) <= 1


def test_the_question_mark_shows_every_key(page):
    press(page, "?")
    assert page.locator("#help").is_visible()
    for text in ("play or pause", "reject", "do again"):
        assert page.locator("#key-list").get_by_text(text).count()
    press(page, "y", "Escape")
    assert last(page) == 0
    assert not page.locator("#help").is_visible()


def test_two_windows_lose_nothing_of_each_other(serve, window, folder):
    server = serve()
    one, other = window(server.link), window(server.link)
    for page in (one, other):
        choose_first(page, "occurrence")
    do(one, "y")
    other.wait_for_function("() => ostinato.desk.data.last === 1")  # told by the server
    # a window that was not told: its picture is from before
    other.evaluate("ostinato.desk.data.last = 0")
    other.keyboard.press("x")
    other.wait_for_selector("#notice li")
    assert "nothing was done" in other.locator("#notice").text_content()
    assert len(entries(folder)) == 1
    other.get_by_role("button", name="Make my change all the same").press("Enter")
    other.wait_for_function("() => ostinato.desk.data.last === 2")
    one.wait_for_function("() => ostinato.desk.data.last === 2")
    assert [entry["act"] for entry in entries(folder)] == ["accept", "reject"]
    window.faults[:] = [one for one in window.faults if "409" not in one]


def test_a_killed_server_loses_nothing_that_was_acknowledged(serve, window, folder):
    server = serve()
    page = window(server.link)
    choose_first(page, "occurrence")
    do(page, "y")
    server.kill()
    page.keyboard.press("x")
    page.wait_for_selector("#notice span")
    assert "not saved yet" in page.locator("#notice").text_content()
    assert len(entries(folder)) == 1
    again = serve("--port", server.port)
    second = window(again.link)  # lets the first one in as well
    page.wait_for_function("() => ostinato.desk.data.last === 2", timeout=20_000)
    assert len(entries(folder)) == 2
    second.wait_for_function("() => ostinato.desk.data.last === 2")
    window.faults[:] = [
        one
        for one in window.faults
        if not any(word in one for word in ("Failed to load", "ERR_", "401 "))
    ]


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_is_wider_than_the_window(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    press(page, "p", "Home", "j", "n")
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
