"""One process that serves the review to this machine, until it is told to stop."""

import secrets
import signal
import socket
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import current_thread, main_thread

import uvicorn
from starlette.types import ASGIApp

from ostinato.errors import ParameterError
from ostinato.review_page.guard import Guard

_LOOPBACK = "127.0.0.1"
_LEAVE_S = 2
_ENDS = (signal.SIGINT, signal.SIGTERM)


def serve(
    app: ASGIApp,
    *,
    port: int | None,
    opens: bool,
    tell: Callable[[str], None],
    on_stop: Callable[[], None],
) -> None:
    """Serve an application until Ctrl-C.

    `port`: None for a free one; `opens`: whether a browser is opened; `tell`: told the link as soon
    as it answers; `on_stop`: called when it is told to stop, before windows are let go. Raises
    ParameterError if the port is taken.
    """
    with closing(_bound(port)) as listening:
        number = listening.getsockname()[1]
        token = secrets.token_urlsafe(24)
        link = f"http://{_LOOPBACK}:{number}/?token={token}"
        server = _Server(
            uvicorn.Config(
                Guard(app, port=number, token=token),
                log_level="critical",
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=_LEAVE_S,
                timeout_keep_alive=30,
            )
        )
        server.on_stop = on_stop
        tell(link)
        if opens:
            webbrowser.open(link)
        server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """Lets its windows go before it waits for them; Ctrl-C ends it, and nothing that follows."""

    on_stop: Callable[[], None]

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if current_thread() is not main_thread():
            yield
            return
        earlier = {one: signal.signal(one, self.handle_exit) for one in _ENDS}
        try:
            yield
        finally:
            for one, handler in earlier.items():
                signal.signal(one, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.on_stop()
        await super().shutdown(sockets=sockets)


def _bound(port: int | None) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_LOOPBACK, port or 0))
        listening.listen()
    except OSError as error:
        listening.close()
        raise ParameterError(
            f"--port {port}",
            f"nothing can be served there ({error.strerror})",
            "Give another port, or none",
        ) from error
    return listening
