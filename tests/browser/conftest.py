"""A real browser before a real server: `make browser` runs these, and `make test` does not."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.browser.long_film import make_long_film

if "OSTINATO_BROWSER" not in os.environ:
    collect_ignore_glob = ["test_*.py"]

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
START_S = 60


class Server:
    """A command that serves a page, and what it has printed."""

    def __init__(self, *arguments):
        command = [sys.executable, "-m", "ostinato", *map(str, arguments), "--no-open"]
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        watchdog = threading.Timer(START_S, self.process.kill)
        watchdog.start()
        self.said, self.link = "", None
        for line in self.process.stdout:
            self.said += line
            found = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", line)
            if found:
                self.link = found[0]
                break
        watchdog.cancel()
        assert self.link, self.said
        self.port = int(re.search(r":(\d+)/", self.link)[1])

    def stop(self):
        """End it as a person does, and return all that it said."""
        self.process.send_signal(signal.SIGINT)
        self.said += self.process.communicate(timeout=START_S)[0]
        return self.said

    def kill(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="session")
def long_film(tmp_path_factory):
    """A film of three hours that was analysed, with 200 occurrences and 2,000 segments."""
    place = tmp_path_factory.mktemp("long")
    yield make_long_film(place)
    shutil.rmtree(place)


@pytest.fixture
def folder(long_film, tmp_path):
    """A copy of the results that a test may change."""
    return Path(shutil.copytree(long_film[0], tmp_path / "results"))


@pytest.fixture
def serve(long_film, folder):
    """Serve the results; whatever runs still is killed after the test."""
    servers = []

    def start(*more, command="review"):
        server = Server(command, folder, "--cache", long_film[1], *more)
        servers.append(server)
        return server

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.kill()


def chromium():
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("there is no Chromium on this machine: apt-get install chromium")
    return found


@contextmanager
def a_browser():
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - no other test has it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser():
    with a_browser() as one:
        yield one


class Faults(list):
    """What a page complained of, or asked for elsewhere."""

    def watch(self, page):
        page.on("pageerror", lambda error: self.append(f"error: {error}"))
        page.on("console", lambda said: said.type == "error" and self.append(said.text))
        page.on(
            "response", lambda one: one.status >= 400 and self.append(f"{one.status} {one.url}")
        )
        page.on("dialog", lambda dialog: self.append(f"dialog: {dialog.message}"))
        page.on(
            "request",
            lambda asked: "//127.0.0.1:" not in asked.url and self.append(f"asked: {asked.url}"),
        )


@pytest.fixture
def window(browser):
    """Open windows that share what a browser knows, and have none of them complain."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(8_000)
    faults = Faults()

    def opened(link):
        page = context.new_page()
        faults.watch(page)
        page.goto(link)
        page.wait_for_selector("html[data-ready]")
        return page

    opened.context, opened.faults = context, faults
    yield opened
    context.close()
    assert faults == []
