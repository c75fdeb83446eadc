"""Kill the server and the browser of a review, again and again: nothing acknowledged is lost.

    OSTINATO_BROWSER=1 python benchmarks/review/kills.py [TIMES]

A page in a real Chromium gives kinds to speech by its keys as fast as it is answered. At a random
moment the server is killed and started again at the same port, or else the browser is, in turn.
Each time the journal is read: it holds all that the page was told is done, each once, in order. A
page that lost its server sends again what was not answered; it is let in by the link of the new
one, as a person would open it. Servers are forked from a process that has loaded all modules.
"""

import contextlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.conftest import chromium
from tests.browser.long_film import make_long_film

_LEAST_S, _MOST_S = 0.05, 1.5
_START_S = 60
_EACH = 10
_FORKED = multiprocessing.get_context("forkserver")

WORK = """
async () => {
  const {desk} = ostinato;
  desk.through = 'speech';
  desk.autoplay = false;
  const press = (key) => dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
  press('Home');
  press('j');
  for (let n = 0; ; n += 1) {
    const {last} = desk.data;
    press('12345'[n % 4]);
    while (desk.data.last === last) await new Promise((resolve) => setTimeout(resolve, 1));
    console.log(`done ${desk.data.last}`);
  }
}
"""


def serve(folder, cache, port, links):  # noqa: ANN001, ANN201 - of another process
    """Serve a review, and send its link."""
    from ostinato.review_page import Opening, review  # noqa: PLC0415 - loaded in the fork server

    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        opening = Opening(folder=folder, cache_dir=cache, port=port, opens=False)
        review(opening, tell=links.send, tell_end=lambda: None)


class Server:
    """A server that can be killed."""

    def __init__(self, folder: Path, cache: Path, port: int) -> None:
        links, theirs = _FORKED.Pipe(duplex=False)
        self.process = _FORKED.Process(target=serve, args=(folder, cache, port, theirs))
        self.process.start()
        if not links.poll(_START_S):
            raise TimeoutError("the server has not started")
        self.link = links.recv()

    def kill(self) -> None:
        """Kill it as a loss of power would."""
        self.process.kill()
        self.process.join()


class Browser:
    """A Chromium that can be killed, and what its page was told is done."""

    def __init__(self, playwright, place: Path) -> None:  # noqa: ANN001 - of Playwright
        self.place = Path(tempfile.mkdtemp(dir=place))
        port = _free_port()
        command = [
            chromium(),
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *(f"--remote-debugging-port={port}", f"--user-data-dir={self.place}", "about:blank"),
        ]
        self.process = subprocess.Popen(  # noqa: S603 - of this machine
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + _START_S
        while True:
            try:
                self.browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
                break
            except Exception:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        self.page = None

    def work(self, link: str, done: list[int]) -> None:
        """Open a page and have it give kinds until it is stopped."""
        self.page = self.browser.contexts[0].new_page()
        self.page.on(
            "console",
            lambda said: said.text.startswith("done ") and done.append(int(said.text[5:])),
        )
        self.page.goto(link)
        self.page.wait_for_selector("html[data-ready]")
        self.page.evaluate(f"() => {{ ({WORK})(); }}")

    def let_in(self, link: str) -> None:
        """Open the link of a new server beside the page, by which that goes on."""
        self.browser.contexts[0].request.get(link)

    def kill(self) -> None:
        """Kill it with all its processes."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.place, ignore_errors=True)


@dataclass
class Count:
    """What was acknowledged so far, and how much of it the journal has lost."""

    folder: Path
    done: list[int] = field(default_factory=list)
    entries: list[dict] = field(default_factory=list)

    def check(self) -> None:
        """Read the journal; nothing of it may have gone, and nothing that was acknowledged."""
        path = self.folder / "review" / "journal.jsonl"
        lines = path.read_bytes().split(b"\n")[1:-1] if path.exists() else []
        entries = [json.loads(line) for line in lines]
        assert entries[: len(self.entries)] == self.entries, "an entry has changed"  # noqa: S101
        assert [one["sequence"] for one in entries] == list(range(1, len(entries) + 1))  # noqa: S101
        tokens = [one["token"] for one in entries]
        assert len(set(tokens)) == len(tokens), "a change was made twice"  # noqa: S101
        assert max(self.done, default=0) <= len(entries), "an acknowledged change is lost"  # noqa: S101
        self.entries = entries


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Trial:
    """One server, one browser, and what came of both so far."""

    def __init__(self, playwright, place: Path) -> None:  # noqa: ANN001 - of Playwright
        how = {"hours": 1 / 60, "n_occurrences": 5, "n_segments": 10}
        self.playwright, self.place = playwright, place
        self.folder, self.cache = make_long_film(place / "film", **how)
        self.count, self.port = Count(self.folder), _free_port()
        self.server = Server(self.folder, self.cache, self.port)
        self.browser = Browser(playwright, place)
        self.browser.work(self.server.link, self.count.done)

    def kill_server(self) -> None:
        """Kill the server, start it again, and wait until the page goes on."""
        self.server.kill()
        self.count.check()
        self.server = Server(self.folder, self.cache, self.port)
        self.browser.let_in(self.server.link)
        before = len(self.count.entries)
        until = time.monotonic() + _START_S
        while max(self.count.done, default=0) <= before:
            if time.monotonic() > until:
                raise TimeoutError("the page has not gone on")
            self.browser.page.wait_for_timeout(20)

    def kill_browser(self) -> None:
        """Kill the browser, and go on in another."""
        self.browser.kill()
        self.count.check()
        self.browser = Browser(self.playwright, self.place)
        self.browser.work(self.server.link, self.count.done)

    def close(self) -> None:
        """Leave nothing running."""
        self.browser.kill()
        self.server.kill()


def main(times: int) -> None:
    """Print how many were acknowledged, and how many of them are lost."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - this alone needs it

    began = time.monotonic()
    _FORKED.set_forkserver_preload(["ostinato.review_page", "ostinato.pipeline"])
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        trial = Trial(playwright, Path(place))
        try:
            for number in range(1, times + 1):
                trial.browser.page.wait_for_timeout(1000 * random.uniform(_LEAST_S, _MOST_S))  # noqa: S311
                (trial.kill_server if number % 2 else trial.kill_browser)()
                trial.count.check()
                if number % _EACH == 0:
                    said = f"{number} kills, {len(trial.count.entries)} entries"
                    print(f"{said}, {time.monotonic() - began:.0f} s", flush=True)
        finally:
            trial.close()
        trial.count.check()
    n_entries, n_done = len(trial.count.entries), len(trial.count.done)
    print(
        f"{times} kills of server and browser in turn, {time.monotonic() - began:.0f} s: "
        f"{n_entries} entries, all in order and each once; {n_done} acknowledgements, 0 lost"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
