"""A scholar's folder that the command may be tried on in no time: what is analysed is made up."""

import dataclasses
import hashlib
from pathlib import Path
from typing import NamedTuple

from ostinato.cli import analyze as command
from ostinato.media.faults import media_faults
from ostinato.results import Stage


class Desk(NamedTuple):
    """A scholar's folder: a film, a song, and what the command makes of them."""

    film: Path
    song: Path
    out: Path

    def path(self, name):
        return self.film.parent / name

    def write(self, name, content):
        self.path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.path(name)


def make_desk(folder, monkeypatch, some_results):
    """Files that nobody decodes; the film is told by its bytes."""

    def analyze(study, *, admit=None, stems_dir=None, **_how):
        with media_faults(study.film):
            data = study.film.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        film = dataclasses.replace(
            some_results.film,
            name=study.film.name,
            edition=study.edition,
            sha256=digest,
            pcm_sha256=digest,
        )
        if admit is not None:
            admit(film)
        if stems_dir is not None:
            for name in ("remainder", "S1"):
                (stems_dir / f"{name}.flac").write_bytes(b"sound")
        stages = tuple(Stage(name=name, seconds=1.0, cached=False) for name in ("cues", "speech"))
        run = dataclasses.replace(some_results.run, stages=stages)
        return dataclasses.replace(some_results, film=film, run=run)

    monkeypatch.setattr(command, "analyze", analyze)
    monkeypatch.setattr(command, "name_streams", lambda _study: None)
    monkeypatch.setattr(command, "_expected_s", lambda _study: {"cues": 1.0, "speech": 1.0})
    desk = Desk(folder / "film.wav", folder / "song.flac", folder / "results")
    desk.write("film.wav", b"a film")
    desk.write("song.flac", b"a song")
    return desk
