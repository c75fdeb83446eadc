"""The addresses of the review, and what each answers."""

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Protocol

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from ostinato.errors import OstinatoError, ParameterError
from ostinato.review_page.events import Events
from ostinato.review_page.guard import MOST_BODY_BYTES, refusal
from ostinato.review_page.one_range import wanted_bytes
from ostinato.review_page.sound import Sound
from ostinato.review_page.stale import Stale

_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_SOUNDS = ("mix", "remainder")
_TILES = ("peaks", "columns")
_MOST_DIGITS = 15


class Reviewed(Protocol):
    """What is reviewed: its state as the page shows it, and changes of it."""

    def state(self) -> dict[str, object]:
        """Return all that the page shows."""

    def changed(self, body: bytes) -> dict[str, object]:
        """Do what a page asks, and return what it shows then."""


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
