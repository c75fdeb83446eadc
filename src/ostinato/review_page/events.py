"""What the server says by itself: each window has a queue, which any thread may fill.

A window that does not read loses what is old, and none holds up another.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

import msgspec

_MOST_WAITING = 100
_PULSE_S = 10.0


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
