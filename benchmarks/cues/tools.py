"""The tools that are held against each other, and how each is run on a film.

Ostinato runs here, from the sources of this checkout. Each peer runs in an environment of its own,
through an adapter in `peers/`.
"""

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from environments import interpreter_of
from linking import Hit
from making import MadeFilm
from scoring import Detection

from ostinato.pipeline import analyze
from ostinato.study import SongFile, Study

OSTINATO = "Ostinato"
WINDOWS_S = (2.5, 5.0, 10.0)
"""Queries that tools which answer once per query are asked; `calibrate` chooses among them."""

_ADAPTERS = Path(__file__).parent / "peers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another tool: its adapter, its environment (see `environments`), and what it is set to.

    `remark`: what a reader of the table must know of how it was used.
    """

    name: str
    adapter: str
    environment: str
    options: dict[str, Any] = field(default_factory=dict)
    remark: str | None = None


PEERS = (
    Peer(
        name="audfprint, density 20",
        adapter="find_by_audfprint.py",
        environment="audfprint",
        options={"density": 20},
    ),
    Peer(
        name="audfprint, density 100",
        adapter="find_by_audfprint.py",
        environment="audfprint",
        options={"density": 100},
    ),
    Peer(
        name="audiolocate",
        adapter="find_by_audiolocate.py",
        environment="audiolocate",
        options={"peaks_per_second": 30},
    ),
    Peer(name="Chromaprint", adapter="find_by_chromaprint.py", environment="chromaprint"),
    Peer(
        name="audio-offset-finder",
        adapter="find_by_offset_finder.py",
        environment="audio-offset-finder",
    ),
    Peer(name="audalign", adapter="find_by_audalign.py", environment="audalign"),
    Peer(
        name="syncstart",
        adapter="find_by_syncstart.py",
        environment="syncstart",
        remark=(
            "it gives one offset for a pair of files and says nothing of how sure it is: it is "
            "asked window by window at 8 kHz, and its peak's height over the curve's root mean "
            "square is the score; an empty module stands in for OpenCV and for Tk"
        ),
    ),
)
UNAVAILABLE = {
    "Panako": "in none of PyPI, npm and Debian; it is built from source with Gradle",
    "Olaf": "in none of PyPI, npm and Debian; it is built from source with Zig",
}
"""Peers without an adapter, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a tool said of one film, and how long it took over all its songs."""

    seconds: float
    hits: tuple[Hit, ...] = ()
    detections: tuple[Detection, ...] = ()


def version_or_reason(peer: Peer, home: Path | None) -> tuple[str | None, str | None]:
    """Ask a peer for its version; its environment is made if it is not there.

    Parameters
    ----------
    peer : Peer
        Which.
    home : pathlib.Path or None
        Folder of the peers' environments.

    Returns
    -------
    version, reason : str or None
        The one if it is there, the other if it is not.
    """
    if home is None:
        return None, "no folder for its environment was given with --peers-home"
    try:
        python = interpreter_of(peer.environment, home)
    except subprocess.CalledProcessError:
        return None, "its environment could not be made"
    done = _run(python, peer, "--version")
    if done.returncode == 0:
        return done.stdout.strip(), None
    return None, (done.stderr.strip().splitlines() or ["it does not start"])[-1]


def ask_peer(peer: Peer, film: MadeFilm, home: Path) -> Heard:
    """Run a peer on a film.

    Parameters
    ----------
    peer : Peer
        Which.
    film : MadeFilm
        With its songs.
    home : pathlib.Path
        Folder of the peers' environments.

    Returns
    -------
    Heard
        With hits, of every length of window.

    Raises
    ------
    RuntimeError
        If the adapter fails.
    """
    job = {
        "film": str(film.wav),
        "songs": {name: str(path) for name, path in film.song_wavs.items()},
        "windows_s": WINDOWS_S,
        "options": peer.options,
    }
    with tempfile.TemporaryDirectory() as folder:
        job_path, out = Path(folder) / "job.json", Path(folder) / "out.json"
        job_path.write_bytes(msgspec.json.encode(job))
        python = interpreter_of(peer.environment, home)
        done = _run(python, peer, str(job_path), str(out))
        if done.returncode != 0:
            raise RuntimeError(f"{peer.name} failed on {film.name}:\n{done.stderr}")
        return msgspec.json.decode(out.read_bytes(), type=Heard)


def ask_ostinato(film: MadeFilm, cache_dir: Path) -> Heard:
    """Run Ostinato's stage of cues on a film, whatever was found before.

    Parameters
    ----------
    film : MadeFilm
        With its songs.
    cache_dir : pathlib.Path
        For working copies; finished stages in it are dropped, since sources may have changed.

    Returns
    -------
    Heard
        With detections.
    """
    shutil.rmtree(cache_dir / "stages", ignore_errors=True)
    songs = tuple(SongFile(title=name, path=path) for name, path in film.songs.items())
    started = time.perf_counter()
    results = analyze(Study(film=film.path, songs=songs, stages=("cues",)), cache_dir=cache_dir)
    seconds = time.perf_counter() - started
    titles = {song.id: song.title for song in results.songs}
    return Heard(
        seconds=seconds,
        detections=tuple(
            Detection(
                song=titles[one.song_id],
                start_s=one.film_start_s,
                end_s=one.film_end_s,
                song_start_s=one.song_start_s,
                speed=one.speed,
                score=one.score,
            )
            for one in results.occurrences
        ),
    )


def _run(python: Path, peer: Peer, *arguments: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(  # noqa: S603
        [str(python), str(_ADAPTERS / peer.adapter), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=inherited,
    )
