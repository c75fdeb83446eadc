"""Kill the server of a review again and again, and see that nothing acknowledged is lost.

    python benchmarks/review/kills.py [TIMES]

A film of a minute is changed over the network as a page does; the server is killed at a random
moment, started again, and the journal compared with what was acknowledged.
"""

import http.client
import json
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.conftest import Server
from tests.browser.long_film import make_long_film

_LEAST_S, _MOST_S = 0.05, 3.0


def changes(server: Server, known: list[str], folder: Path) -> None:
    """Send changes until the server is gone; `known` are the tokens that were acknowledged."""
    token = server.link.partition("token=")[2]
    cookie = f"ostinato-{server.port}={token}"
    headers = {
        "Cookie": cookie,
        "Origin": f"http://127.0.0.1:{server.port}",
        "Content-Type": "application/json",
    }
    last = len(journal(folder))
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        while True:
            name = f"{random.random()}"  # noqa: S311 - no secret
            kind = random.choice(("narration", "dialogue"))  # noqa: S311
            wish = {"do": "kind", "id": "T1", "kind": kind, "last_seen": last, "token": name}
            connection.request("POST", "/api/change", json.dumps(wish), headers)
            answer = connection.getresponse()
            body = json.loads(answer.read())
            if answer.status == http.client.OK:
                known.append(name)
                last = body["state"]["last"]
    except (OSError, http.client.HTTPException, ValueError):
        return


def journal(folder: Path) -> list[str]:
    """Return the tokens of all entries that the journal holds."""
    path = folder / "review" / "journal.jsonl"
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[1:-1]
    return [json.loads(line)["token"] for line in lines if line.startswith(b"{")]


def main(times: int) -> None:
    """Print how many were acknowledged, and how many of them are lost."""
    known: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        how = {"hours": 1 / 60, "n_occurrences": 5, "n_segments": 10}
        folder, cache = make_long_film(Path(place) / "film", **how)
        for _ in range(times):
            server = Server("review", folder, "--cache", cache)
            work = threading.Thread(target=changes, args=(server, known, folder))
            work.start()
            time.sleep(random.uniform(_LEAST_S, _MOST_S))  # noqa: S311
            server.kill()
            work.join()
            kept = set(journal(folder))
            lost = [one for one in known if one not in kept]
            assert not lost, lost  # noqa: S101
        n_kept = len(journal(folder))
        print(f"{times} kills: {len(known)} acknowledged, 0 lost, {n_kept} in the journal")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
