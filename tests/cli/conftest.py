import dataclasses
import math
import shutil
from typing import NamedTuple

import pytest
from tests.small_films import make_bar

from ostinato.cli import folder_commands, main
from ostinato.cli import progress as progress_of_cli
from ostinato.results import write_atomically


class Outcome(NamedTuple):
    """What a command leaves behind: its exit status and what it said where."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def studio(tmp_path_factory):
    """The bar's film, analysed once by the command, with all its speeds."""
    bar = make_bar(tmp_path_factory.mktemp("studio"))
    song, out = f"The song={bar.song}", str(bar.path("first"))
    given = ["analyze", str(bar.film), "--song", song, "--cache", str(bar.cache), "--out", out]
    assert main(given) == 0
    return bar


@pytest.fixture
def bar(studio, tmp_path):
    """A copy of the studio that a test may write into; its cache is filled."""
    shutil.copytree(studio.film.parent, tmp_path, dirs_exist_ok=True)
    return dataclasses.replace(
        studio,
        **{f.name: tmp_path / getattr(studio, f.name).name for f in dataclasses.fields(studio)},
    )


@pytest.fixture(autouse=True)
def quick_figures(monkeypatch):
    """Files in place of drawings, which take seconds; a process of its own draws them."""

    def write(_results, folder, *, formats, **_how):
        return tuple(write_atomically(folder / f"map.{name}", b"a map") for name in formats)

    for module in (folder_commands, folder_commands):
        monkeypatch.setattr(module, "write_figures", write)


@pytest.fixture(autouse=True)
def any_machine(monkeypatch):
    """Runs count as short, however slow the machine is that tests them."""
    monkeypatch.setattr(progress_of_cli, "_FIRST_LINE_S", math.inf)


@pytest.fixture
def ostinato(capfd):
    """Run the command in this process; FFmpeg's own output is caught as well."""

    def ran(*arguments):
        capfd.readouterr()
        status = main([str(argument) for argument in arguments])
        return Outcome(status, *capfd.readouterr())

    return ran


@pytest.fixture
def analyze(bar, ostinato):
    """Analyse the bar's film, or another, with its own cache."""

    def ran(*more, film=None, out="results", songs=None):
        songs = [f"The song={bar.song}"] if songs is None else songs
        given = [word for song in songs for word in ("--song", song)]
        folder = bar.path(out)
        return ostinato(
            "analyze", film or bar.film, *given, "--cache", bar.cache, *more, "--out", folder
        )

    return ran


@pytest.fixture
def refused(bar, analyze):
    """Analyse what cannot be; return the one message, having checked that nothing else is left."""

    def ran(*more, **how):
        outcome = analyze(*more, **how)
        assert outcome.status == 2
        assert outcome.out == ""
        assert outcome.err.count("\n") == 1
        assert outcome.err.startswith("ostinato: ")
        assert outcome.err.endswith(".\n")
        assert not bar.path("results").exists()
        assert not list(bar.cache.glob(".*"))
        return outcome.err

    return ran
