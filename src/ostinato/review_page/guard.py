"""Who may ask: a browser of this machine that was given the link which the command printed.

Any page of any site may send a request to a port of the machine on which it is read. So the name
of the host is compared (DNS may be made to point here), a cookie that no other site's request
carries is asked for, and what changes anything must come from this page itself.
"""

import hmac
from collections.abc import Mapping

from starlette.datastructures import QueryParams
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY_BYTES = 2**16
_READS, _WRITES = frozenset({"GET", "HEAD"}), frozenset({"POST"})
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_ENTRANCE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Ostinato</title>
<link rel="icon" href="/static/icon.svg">
<meta http-equiv="refresh" content="0; url=/"><p><a href="/">Go on to the review</a></p></html>
"""


def cookie_name(port: int) -> str:
    """Name the cookie: a browser has one jar for all ports of a machine."""
    return f"ostinato-{port}"


class Guard:
    """Lets in who may ask, and says to others why not.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    port : int
        At which it is served.
    token : str
        In the link, and then in the cookie.
    """

    def __init__(self, app: ASGIApp, *, port: int, token: str) -> None:
        self._app, self._port, self._token = app, port, token
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008, "reason": "there is none here"})
            return
        answer = self._answer(scope)
        await (answer or self._app)(scope, receive, _with_headers(send))

    def _answer(self, scope: Scope) -> Response | None:
        """Return a refusal, or the entrance; None for what may pass."""
        sent = _Sent(scope)
        refusal = self._refusal_of_any(scope["method"], sent)
        if refusal is not None:
            return refusal
        if scope["path"] == "/" and scope["method"] == "GET":
            tokens = QueryParams(scope["query_string"]).getlist("token")
            if tokens:
                return self._entrance(tokens)
        if not self._is_known(sent.one("cookie")):
            return _refused(
                401,
                "This browser was not let in, or the review was started again since",
                "Open the link that the command printed",
            )
        return self._refusal_of_write(sent) if scope["method"] in _WRITES else None

    def _refusal_of_any(self, method: str, sent: "_Sent") -> Response | None:
        host = sent.one("host")
        if host not in self._hosts:
            return _refused(
                421,
                "The request names another host than this one",
                f"Ask for http://127.0.0.1:{self._port}/",
            )
        if method not in _READS | _WRITES:
            return _refused(405, f"Nothing here answers {method[:20]}", "Use GET, HEAD or POST")
        if sent.one("sec-fetch-site") not in {None, "same-origin", "none"}:
            return _refused(
                403, "Another site has sent this request", "Open the link that the command printed"
            )
        return None

    def _refusal_of_write(self, sent: "_Sent") -> Response | None:
        if sent.one("origin") != f"http://{sent.one('host')}":
            return _refused(
                403, "What changes something must come from the page itself", "Use the page"
            )
        if (sent.one("content-type") or "").partition(";")[0].strip() != "application/json":
            return _refused(415, "It is no JSON", "Send application/json")
        length = sent.one("content-length") or ""
        if not length.isdecimal():
            return _refused(411, "It does not say how long it is", "Send a Content-Length")
        if int(length[:12]) > MOST_BODY_BYTES:
            return _refused(413, f"It is longer than {MOST_BODY_BYTES:,} bytes", "Send less")
        return None

    def _entrance(self, tokens: list[str]) -> Response:
        if len(tokens) != 1 or not _are_equal(tokens[0], self._token):
            return _refused(
                403,
                "The link is of another review, or is not whole",
                "Open the link that the command printed",
            )
        # no redirect: what another program's link leads to would come without the cookie
        answer = Response(_ENTRANCE, media_type="text/html")
        answer.set_cookie(
            cookie_name(self._port), self._token, httponly=True, samesite="strict", path="/"
        )
        return answer

    def _is_known(self, header: str | None) -> bool:
        cookie = cookie_parser(header or "").get(cookie_name(self._port))
        return cookie is not None and _are_equal(cookie, self._token)


class _Sent:
    """The headers of a request."""

    def __init__(self, scope: Scope) -> None:
        self._all: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            self._all.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))

    def one(self, name: str) -> str | None:
        """Return a header, None if it is not there; what is sent twice is nothing that is known."""
        values = self._all.get(name)
        if values is None:
            return None
        return values[0] if len(values) == 1 else "\n".join(values)


def _are_equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _refused(status: int, reason: str, mend: str) -> Response:
    return refusal(status, f"{reason}. {mend}.")


def refusal(
    status: int, text: str, *, headers: Mapping[str, str] | None = None
) -> PlainTextResponse:
    """Return an answer that says why it is no other."""
    return PlainTextResponse(f"{text}\n", status_code=status, headers=headers)


def _with_headers(send: Send) -> Send:
    """Add what every answer states."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name for name, _ in message["headers"]}
            more = [
                (name.encode(), value.encode())
                for name, value in _ALWAYS.items()
                if name.encode() not in own
            ]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return sent
