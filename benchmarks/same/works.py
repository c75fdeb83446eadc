"""The works that are compared: a film, its songs, and the commands that are run on them.

Films are made once, by the sources of the first call, and stay: a later change of the simulator
changes no film that results are compared on.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE.parent / "cues"), str(HERE.parent), str(ROOT)]

_COMMAND = (sys.executable, "-c", "import sys; from ostinato.cli import main; sys.exit(main())")
_STYLES = ("mla", "chicago", "apa", "bibtex", "csl")
_SEED = 17
_CUES_MINUTES, _DISCOVER_MINUTES = 3.0, 25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A name, and the command that writes results, without ``--out`` and ``--cache``."""

    name: str
    command: tuple[str, ...]


def make_works(films: Path, corpus: Path | None, only: Sequence[str] = ()) -> tuple[Work, ...]:
    """Make the films that are missing.

    Parameters
    ----------
    films : pathlib.Path
        Folder for films.
    corpus : pathlib.Path or None
        Recordings; without them the works are two.
    only : sequence of str
        Names of works; all if empty.

    Returns
    -------
    tuple of Work
        In the order of their cost.
    """
    makers: dict[str, Callable[[Path], Sequence[str]]] = {"bar": _bar, "demo": _demo}
    if corpus is not None:
        makers |= {
            "clean": lambda folder: _cues("clean", corpus, folder),
            "dense": lambda folder: _cues("dense", corpus, folder),
            "narration": lambda folder: _narration(corpus, folder),
            "discover": lambda folder: _discover(corpus, folder),
        }
    chosen = [name for name in makers if not only or name in only]
    return tuple(_work(name, makers[name], films / name) for name in chosen)


def _work(name: str, make: Callable[[Path], Sequence[str]], folder: Path) -> Work:
    written = folder / "command.txt"
    if not written.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = make(folder)
        written.write_text("\n".join(command), encoding="utf-8")
    return Work(name=name, command=tuple(written.read_text(encoding="utf-8").split("\n")))


def run_work(work: Work, scratch: Path) -> None:
    """Run a work by the public command, and all that reads its results, into ``scratch/out``."""
    out, cache = scratch / "out", scratch / "cache"
    _run(*work.command, "--out", out, "--cache", cache, "--quiet")
    if work.command[0] != "analyze":
        return
    for style in _STYLES:
        (out / f"cite-{style}.txt").write_bytes(_run("cite", out, "--style", style))
    _run("figures", out, "--format", "svg")


def _run(*arguments: object) -> bytes:
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    sources = {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(  # noqa: S603
        [*_COMMAND, *map(str, arguments)],
        check=False,
        capture_output=True,
        env={**os.environ, **threads, **sources},
    )
    if done.returncode != 0:
        sys.exit(f"{arguments}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def _bar(folder: Path) -> list[str]:
    from tests.small_films import make_bar  # noqa: PLC0415

    bar = make_bar(folder)
    songs = [f"--song=Heard={bar.song}", f"--song=Never heard={bar.stranger}"]
    return ["analyze", str(bar.film), *songs, "--stems"]


def _demo(folder: Path) -> list[str]:
    from ostinato.simulate import write_demo  # noqa: PLC0415

    write_demo(folder, cache_dir=folder / "cache", rng=np.random.default_rng(1994))
    return ["analyze", "--study", str(folder / "study.toml"), "--stems"]


def _cues(of_set: str, corpus: Path, folder: Path) -> list[str]:
    from films import Studio, draw_films  # noqa: PLC0415

    from ostinato.simulate import make_film  # noqa: PLC0415

    cache = folder / "cache"
    studio = Studio(corpus=corpus, folder=folder, cache_dir=cache, minutes=_CUES_MINUTES)
    film = next(f for f in draw_films(studio, seed=_SEED, n_films=1) if f.of_set == of_set)
    path = folder / f"film{film.suffix}"
    make_film(film.plan, path, cache_dir=cache, encoding=film.encoding)
    songs = [f"--song={song.title}={song.path.resolve()}" for song in film.searched]
    return ["analyze", str(path), *songs]


def _narration(corpus: Path, folder: Path) -> list[str]:
    sys.path.insert(0, str(HERE.parent / "narration"))
    # the cues benchmark has a module of this name too
    sys.modules.pop("films", None)
    from films import TUNING, make  # noqa: PLC0415

    path, _ = make(TUNING[0], corpus, folder, cache_dir=folder / "cache")
    song = (corpus / "songs" / TUNING[0].songs[0]).resolve()
    return ["analyze", str(path), f"--song=Feelings={song}"]


def _discover(corpus: Path, folder: Path) -> list[str]:
    from repeating_film import repeating_film  # noqa: PLC0415

    from ostinato.simulate import Encoding, make_film  # noqa: PLC0415

    rng = np.random.default_rng(_SEED)
    plan, _ = repeating_film(corpus, 60 * _DISCOVER_MINUTES, folder, rng)
    path = folder / "film.mka"
    encoding = Encoding(codec="ac3", bit_rate=192_000)
    make_film(plan, path, cache_dir=folder / "cache", encoding=encoding)
    return ["discover", str(path)]
