"""No command but those that serve a page opens a socket, looks up a name, or starts a program."""

import ast
import socket
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from tests.small_films import make_refrain

pytestmark = pytest.mark.long

NETWORK = {
    *("socket", "ssl", "http", "urllib", "ftplib", "smtplib", "poplib", "imaplib", "xmlrpc"),
    *("socketserver", "asyncio", "requests", "httpx", "aiohttp", "webbrowser"),
}
_seen: list[str] = []
_watching = False


def _watch(event, arguments):
    if _watching and event.startswith(("socket.", "urllib.", "http.", "ftplib.", "subprocess.")):
        _seen.append(f"{event} {arguments!r}")


sys.addaudithook(_watch)  # for good: Python has no way to take one off again


@pytest.fixture
def watched():
    """Give the list of what was tried while a test ran."""
    global _watching  # noqa: PLW0603 - the hook outlives the test
    _seen.clear()
    _watching = True
    yield _seen
    _watching = False


def test_the_watch_notices_a_socket(watched):
    with socket.socket() as tried, pytest.raises(OSError, match=r"refused|unreachable|denied"):
        tried.connect(("127.0.0.1", 1))
    assert any(one.startswith("socket.connect") for one in watched)


def test_no_command_opens_one(bar, analyze, ostinato, watched):
    label = bar.path("results") / "labels" / "sample.tsv"
    refrain = make_refrain(bar.path("refrain.wav"))
    assert analyze("--stems", "--edition", "https://example.org/{x}").status == 0
    out = bar.path("results")
    for arguments in (
        ["init", bar.path("study")],
        ["doctor"],
        ["doctor", bar.film],
        ["analyze", bar.film, "--song", bar.song, "--out", bar.path("dry"), "--dry-run"],
        ["discover", refrain, "--cache", bar.cache, "--out", bar.path("repeated")],
        ["figures", out],
        ["excerpts", out],
        ["label", out, "-n", 3],
        *(["cite", out, "--style", style] for style in ("mla", "bibtex", "csl")),
        ["cache", "--cache", bar.cache, "--verify"],
        ["cache", "--cache", bar.cache, "--clear"],
    ):
        outcome = ostinato(*arguments)
        assert outcome.status == 0, (arguments, outcome.err)
    label.write_text(label.read_text().replace("?", "dialogue"))
    assert ostinato("label", out, "--from", label).status == 0
    assert ostinato("label", out, "--to", bar.path("labels.eaf")).status == 0
    assert watched == []


@pytest.mark.parametrize("address", ["http://example.org/film.mkv", "rtsp://a/b", "tcp:/a:1"])
def test_an_address_is_refused_without_a_look(refused, watched, address):
    assert "is an address" in refused(film=address)
    assert "is an address" in refused("--labels", address)
    assert watched == []


def test_a_list_that_names_an_address_reaches_nothing(bar, refused, watched):
    for name, text in {
        "film.m3u8": "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n",
        "film.pls": "[playlist]\nFile1=http://127.0.0.1:1/a.mp3\n",
        "film.asx": '<asx version="3.0"><entry><ref href="http://127.0.0.1:1/a"/></entry></asx>',
        "film.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
        "film.cue": 'FILE "http://127.0.0.1:1/a.wav" WAVE\n  TRACK 01 AUDIO\n',
    }.items():
        refused(film=bar.write(name, text))
    assert watched == []


SERVES = "review_page/opening.py"  # to this machine alone, which tests/review_page makes sure of


def modules():
    root = Path(str(files("ostinato")))
    names = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*.py"))]
    return [name for name in names if name != SERVES]


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module != "urllib.parse":  # texts alone
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("name", modules())
def test_no_module_imports_what_reaches_a_network(name):
    assert not NETWORK & set(imported(Path(str(files("ostinato"))) / name))
