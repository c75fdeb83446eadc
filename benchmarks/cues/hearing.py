"""Every tool on every film, asked once; what they say is kept, and peers are set at their best."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from calibrate import best_setting
from films import Studio
from linking import Setting, link_hits
from making import MadeFilm
from scoring import Detection
from tools import (
    OSTINATO,
    PEERS,
    UNAVAILABLE,
    Heard,
    Peer,
    ask_ostinato,
    ask_peer,
    version_or_reason,
)

Found = Mapping[str, Sequence[Detection]]
"""Detections of one tool, by film."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What all tools said.

    `found` and `seconds` (per minute of film, over all songs looked for) go by tool, `settings` by
    peer; `absent` says why a tool was not asked.
    """

    found: dict[str, Found]
    seconds: dict[str, float]
    settings: dict[str, "Chosen"]
    absent: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A peer's setting, and its mean F1 on the calibration films."""

    version: str
    setting: Setting
    f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Where answers are kept, and who is asked.

    Parameters
    ----------
    studio : Studio
        Its folder keeps the answers.
    home : pathlib.Path or None
        Folder of the peers' environments.
    only : str or None
        A tool that is asked again whatever is kept, while no other is asked at all.
    """

    studio: Studio
    home: Path | None
    only: str | None

    def ask_all(self, calibration: Sequence[MadeFilm], films: Sequence[MadeFilm]) -> Answers:
        """Ask each tool about each film, unless its answer is kept."""
        answers = Answers(found={}, seconds={}, settings={}, absent=dict(UNAVAILABLE))
        minutes = sum(film.duration_s for film in films) / 60
        for peer in PEERS:
            heard = self._peer(peer, [*calibration, *films], answers.absent)
            if heard is None:
                continue
            chosen = self._chosen(peer, calibration, heard)
            answers.settings[peer.name] = chosen
            answers.found[peer.name] = {
                film.name: link_hits(heard[film.name].hits, chosen.setting) for film in films
            }
            answers.seconds[peer.name] = sum(heard[f.name].seconds for f in films) / minutes
        own = {film.name: self._ostinato(film) for film in films}
        answers.found[OSTINATO] = {name: heard.detections for name, heard in own.items()}
        answers.seconds[OSTINATO] = sum(heard.seconds for heard in own.values()) / minutes
        return answers

    def _peer(
        self, peer: Peer, films: Sequence[MadeFilm], absent: dict[str, str]
    ) -> dict[str, Heard] | None:
        """Return a peer's answers by film, or note why there are none."""
        home = self.home
        if not all(self._path(peer.name, film.name).exists() for film in films):
            if self.only not in {None, peer.name}:
                absent[peer.name] = "it has not been asked yet"
                return None
            version, reason = version_or_reason(peer, home)
            if version is None or home is None:
                absent[peer.name] = reason or "it does not tell its version"
                return None
            self._path(peer.name, "version").parent.mkdir(parents=True, exist_ok=True)
            self._path(peer.name, "version").write_bytes(msgspec.json.encode(version))

        def ask(film: MadeFilm) -> Heard:
            if home is None:
                raise ValueError(f"{peer.name} is to be asked: give --peers-home")
            return ask_peer(peer, film, home)

        return {film.name: self._kept(peer.name, film, ask) for film in films}

    def _ostinato(self, film: MadeFilm) -> Heard:
        return self._kept(OSTINATO, film, lambda own: ask_ostinato(own, self.studio.cache_dir))

    def _kept(self, tool: str, film: MadeFilm, ask: Callable[[MadeFilm], Heard]) -> Heard:
        """Return what a tool said of a film, asking it if it has not been asked."""
        path = self._path(tool, film.name)
        if not path.exists() or self.only == tool:
            heard = ask(film)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(msgspec.json.encode(heard))
            print(f"{tool}, {film.name}: {heard.seconds:.0f} s", file=sys.stderr, flush=True)
        return msgspec.json.decode(path.read_bytes(), type=Heard)

    def _chosen(
        self, peer: Peer, calibration: Sequence[MadeFilm], heard: Mapping[str, Heard]
    ) -> Chosen:
        """Return a peer's setting, choosing it if its answers are newer."""
        path = self._path(peer.name, "setting")
        newest = max(self._path(peer.name, film.name).stat().st_mtime_ns for film in calibration)
        if not path.exists() or path.stat().st_mtime_ns < newest:
            setting, f1 = best_setting(
                {film.name: film.events for film in calibration},
                {film.name: heard[film.name].hits for film in calibration},
            )
            version = msgspec.json.decode(self._path(peer.name, "version").read_bytes(), type=str)
            chosen = Chosen(version=version, setting=setting, f1=f1)
            path.write_bytes(msgspec.json.encode(chosen))
            print(f"{peer.name}: {chosen}", file=sys.stderr, flush=True)
        return msgspec.json.decode(path.read_bytes(), type=Chosen)

    def _path(self, tool: str, name: str) -> Path:
        folder = tool.replace(", ", "-").replace(" ", "-")
        return self.studio.folder / "heard" / folder / f"{name}.json"
