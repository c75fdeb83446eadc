"""The addresses of the review, what each answers, and what the server says by itself.

A window that does not read loses what is old, and none holds up another.
"""

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from threading import Condition
from typing import Protocol

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from ostinato.errors import OstinatoError, ParameterError
from ostinato.review_page.desk import Stale
from ostinato.review_page.guard import MOST_BODY_BYTES, refusal
from ostinato.review_page.sound import Sound

_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_SOUNDS = ("mix", "remainder")
_TILES = ("peaks", "columns")
_MOST_DIGITS = 15
_MOST_WAITING = 100
_PULSE_S = 10.0
_RANGE = re.compile(r"\s*bytes\s*=\s*(?:(\d{1,19})\s*-\s*(\d{0,19})|-\s*(\d{1,19}))\s*", re.ASCII)


class Reviewed(Protocol):
    """What is reviewed: its state as the page shows it, and changes of it."""

    def state(self) -> dict[str, object]:
        """Return all that the page shows."""

    def changed(self, body: bytes) -> dict[str, object]:
        """Do what a page asks, and return what it shows then."""


class Events:
    """All windows that listen."""

    def __init__(self) -> None:
        self._windows: list[deque[bytes]] = []
        self._news = Condition()
        self._is_closed = False

    def tell(self, name: str, said: object) -> None:
        """Tell every window of an event."""
        line = b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(said) + b"\n\n"
        with self._news:
            for window in self._windows:
                window.append(line)
            self._news.notify_all()

    def close(self) -> None:
        """Let every window go."""
        with self._news:
            self._is_closed = True
            self._news.notify_all()

    @contextmanager
    def window(self) -> Iterator[deque[bytes]]:
        """Listen for as long as a window does."""
        own: deque[bytes] = deque(maxlen=_MOST_WAITING)
        with self._news:
            self._windows.append(own)
        try:
            yield own
        finally:
            with self._news:
                self._windows.remove(own)

    def stream(self) -> Iterator[bytes]:
        """Yield what there is to say, and a pulse where there is nothing for long."""
        with self.window() as own:
            yield b"retry: 1000\n\n"
            while not self._is_closed:
                with self._news:
                    self._news.wait_for(lambda: own or self._is_closed, timeout=_PULSE_S)
                    lines = list(own)
                    own.clear()
                yield b"".join(lines) or b": still here\n\n"


def application(
    reviewed: Reviewed,
    sound: Sound,
    events: Events,
    *,
    page: str,
    scripts: tuple[str, ...],
    sounds: tuple[str, ...] = _SOUNDS,
) -> Starlette:
    """Return the application, which a guard stands before.

    `page`: the file of the page; `scripts`: what it may load; `sounds`: what it may play.
    """
    answers = _Answers(reviewed, sound, events, page=page, scripts=scripts, sounds=sounds)
    return Starlette(
        routes=[
            Route("/", answers.start),
            Route("/static/{name}", answers.static),
            Route("/api/state", answers.state),
            Route("/api/change", answers.change, methods=["POST"]),
            Route("/api/events", answers.listen),
            Route("/sound/{name}.wav", answers.wav),
            Route("/tiles/{kind}/{samples:int}/{index:int}", answers.tile),
        ],
        exception_handlers={404: _not_there, 405: _not_so, Exception: _defect},
    )


class _Answers:
    """What each address answers."""

    def __init__(
        self,
        reviewed: Reviewed,
        sound: Sound,
        events: Events,
        *,
        page: str,
        scripts: tuple[str, ...],
        sounds: tuple[str, ...],
    ) -> None:
        self._reviewed, self._sound, self._events = reviewed, sound, events
        self._page, self._scripts, self._sounds = page, scripts, sounds

    async def start(self, _request: Request) -> Response:
        return Response(_static(self._page), media_type="text/html")

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._scripts:
            return refusal(404, "There is no such file.")
        kind = next(kind for end, kind in _TYPES.items() if name.endswith(end))
        return Response(_static(name), media_type=kind)

    async def state(self, _request: Request) -> Response:
        shown = await run_in_threadpool(self._reviewed.state)
        return _json({**shown, "sound": self._sound.as_json()})

    async def change(self, request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return refusal(413, f"It is longer than {MOST_BODY_BYTES:,} bytes. Send less.")
        return await run_in_threadpool(_changed, self._reviewed, body, self._sound)

    async def listen(self, _request: Request) -> Response:
        said = iterate_in_threadpool(self._events.stream())
        return StreamingResponse(said, media_type="text/event-stream")

    async def wav(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._sounds:
            return refusal(404, "There is no such sound.")
        return await run_in_threadpool(_wav, request, self._sound, name)

    async def tile(self, request: Request) -> Response:
        return await run_in_threadpool(_tile, request, self._sound)


@cache
def _static(name: str) -> bytes:
    return resources.files(__package__).joinpath("static", name).read_bytes()


async def _body(request: Request) -> bytes | None:
    """Read what was sent, whatever was said of its length; None if it is too long."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY_BYTES:
            return None
    return body


def _changed(reviewed: Reviewed, body: bytes, sound: Sound) -> Response:
    try:
        answer = reviewed.changed(body)
    except Stale as stale:
        return _json({"why": stale.why, "between": stale.between}, status=409)
    except OstinatoError as error:
        return _json({"why": str(error)}, status=422)
    shown = answer.get("state")
    if isinstance(shown, dict):
        answer = {**answer, "state": {**shown, "sound": sound.as_json()}}
    return _json(answer)


def _wav(request: Request, sound: Sound, name: str) -> Response:
    try:
        first = _whole(request, "from") or 0
        wav = sound.wav(name, first, _whole(request, "to"))
    except OstinatoError as error:
        return refusal(404, str(error))
    stretch = wanted_bytes(request.headers.get("range"), wav.n_bytes)
    if isinstance(stretch, str):
        return refusal(416, stretch, headers={"content-range": f"bytes */{wav.n_bytes}"})
    headers = {"accept-ranges": "bytes", "content-length": str(stretch.stop - stretch.start)}
    status = 200
    if request.headers.get("range", "").strip().lower().startswith("bytes"):
        status = 206
        headers["content-range"] = f"bytes {stretch.start}-{stretch.stop - 1}/{wav.n_bytes}"
    blocks: Iterator[bytes] = (
        iter(()) if request.method == "HEAD" else wav.blocks(stretch.start, stretch.stop)
    )
    return StreamingResponse(
        iterate_in_threadpool(blocks), status_code=status, headers=headers, media_type="audio/wav"
    )


def _whole(request: Request, name: str) -> int | None:
    """Return a number of the query; ParameterError if it is none."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise ParameterError(f"{name}={text[:40]}", "it is no number of a sample", "Give one")
    return int(text)


def _tile(request: Request, sound: Sound) -> Response:
    of = request.path_params
    if of["kind"] not in _TILES:
        return refusal(404, "There are no such tiles.")
    try:
        tile = sound.tile(of["kind"], of["samples"], of["index"])
    except OstinatoError as error:
        return refusal(404, str(error))
    # the same for as long as the page is open: its sound cannot change
    headers = {"cache-control": "private, max-age=3600"}
    return Response(tile, media_type="application/octet-stream", headers=headers)


def _json(value: object, *, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status_code=status, media_type="application/json")


async def _not_there(_request: Request, _error: Exception) -> Response:
    return refusal(404, "There is nothing at this address. Go to /.")


async def _not_so(request: Request, _error: Exception) -> Response:
    return refusal(405, f"This address does not answer {request.method}.")


async def _defect(_request: Request, error: Exception) -> Response:
    return refusal(500, f"This is a defect of Ostinato: {type(error).__name__}. Please report it.")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes from `start` up to `stop`."""

    start: int
    stop: int


def wanted_bytes(header: str | None, n_bytes: int) -> Stretch | str:
    """Return the bytes that a request wants, or why it cannot have them.

    `header`: its Range, None for all of them; `n_bytes`: how many there are.
    """
    if header is None or not header.strip().lower().startswith("bytes"):
        return Stretch(0, n_bytes)  # a unit that is not known is passed over
    if "," in header:
        return "several ranges are asked for at once, and one is given"
    found = _RANGE.fullmatch(header.lower())
    if found is None:
        return "it is no range of bytes"
    first, last, tail = found.groups()
    if tail is not None:
        stretch = Stretch(max(0, n_bytes - int(tail)), n_bytes)
    else:
        stretch = Stretch(int(first), min(n_bytes, int(last) + 1) if last else n_bytes)
    if stretch.start >= stretch.stop:
        return f"it lies outside of the {n_bytes:,} bytes that there are"
    return stretch
