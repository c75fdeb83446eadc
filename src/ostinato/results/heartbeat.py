"""What is worked on says so now and then: on another host nobody can ask whether its owner runs."""

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

BEAT_EVERY_S = 600.0

_places: set[Path] = set()
_started = threading.Event()


def keep_young(place: Path) -> None:
    """Renew the time of a file or a folder until it is gone, or this process is.

    Parameters
    ----------
    place : pathlib.Path
        What is worked in: whoever sweeps takes it for old after a day without a beat.
    """
    _places.add(place)
    if not _started.is_set():
        _started.set()
        threading.Thread(target=_beat_on, name="ostinato-heartbeat", daemon=True).start()


def beat() -> None:
    """Renew the times of all that is worked on here."""
    for place in tuple(_places):
        try:
            os.utime(place)
        except FileNotFoundError:
            _places.discard(place)
        except OSError:  # a share that does not answer for a while
            continue


def _beat_on() -> None:
    while True:
        time.sleep(BEAT_EVERY_S)
        with suppress(RuntimeError):  # a place was added this moment
            beat()
