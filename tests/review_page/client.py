"""A browser of few words: it calls an application as a server would."""

import asyncio
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

PORT = 8765
TOKEN = "a token of some length"  # noqa: S105 - of the tests
HOST = f"127.0.0.1:{PORT}"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """Sends requests with the headers that a browser of this machine sends, or with others."""

    def __init__(self, app):
        self.app = app

    def ask(self, address, *, method="GET", headers=None, body=b"", leave_out=()):
        own = {
            "host": HOST,
            "cookie": f"other=1; ostinato-{PORT}={TOKEN}",
            "sec-fetch-site": "same-origin",
        }
        if method == "POST":
            own |= {
                "origin": f"http://{HOST}",
                "content-type": "application/json",
                "content-length": str(len(body)),
            }
        sent = {**own, **(headers or {})}
        pairs = [(k, v) for k, v in sent.items() if k not in leave_out]
        return asyncio.run(self._ask(address, method, pairs, body))

    def post(self, address, value, **how):
        return self.ask(address, method="POST", body=json.dumps(value).encode(), **how)

    async def _ask(self, address, method, pairs, body):
        parts = urlsplit(address)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "root_path": "",
            "query_string": parts.query.encode(),
            "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in pairs],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", PORT),
        }
        messages, sent = [], False
        waits = asyncio.Event()

        async def receive():
            nonlocal sent
            if sent:
                await waits.wait()  # the browser stays
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            messages.append(message)

        await self.app(scope, receive, send)
        start = messages[0]
        headers = {k.decode().lower(): v.decode() for k, v in start["headers"]}
        return Answer(
            start["status"], headers, b"".join(one.get("body", b"") for one in messages[1:])
        )
