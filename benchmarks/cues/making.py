"""Films as files: what Ostinato reads, what the peers read, and what is true.

The peers are given the same samples as Ostinato, decoded once on the player's clock, as WAV files
in mono.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
import soundfile
from films import CueFilm, Studio
from scoring import Event

from ostinato.media import open_working_copy
from ostinato.simulate import make_film

T = TypeVar("T")

_SPEECH_LUFS = -23.0
_BLOCK_LENGTH = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFilm:
    """A film on disk; `songs` and `song_wavs` go by the name of the song."""

    name: str
    of_set: str
    path: Path
    wav: Path
    songs: dict[str, Path]
    song_wavs: dict[str, Path]
    duration_s: float
    events: tuple[Event, ...]


def make_films(
    draw: Callable[[], Iterable[CueFilm]], manifest: Path, studio: Studio
) -> tuple[MadeFilm, ...]:
    """Make films, unless they were made before.

    Parameters
    ----------
    draw : callable
        Gives the plans; not called if there is a manifest.
    manifest : pathlib.Path
        Where what was made is written down.
    studio : Studio
        Recordings and folders; a film that is there with its truth is not mixed again.

    Returns
    -------
    tuple of MadeFilm
        In the order in which they are drawn.
    """
    if not manifest.exists():
        _write(manifest, tuple(_once(film, studio) for film in draw()))
    return _read(manifest, tuple[MadeFilm, ...])


def _once(film: CueFilm, studio: Studio) -> MadeFilm:
    truth = studio.folder / f"{film.name}.json"
    if not truth.exists():
        _write(truth, _made(film, studio))
    return _read(truth, MadeFilm)


def _write(path: Path, made: MadeFilm | tuple[MadeFilm, ...]) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(made, enc_hook=str)))


def _read(path: Path, kind: type[T]) -> T:
    return msgspec.json.decode(path.read_bytes(), type=kind, dec_hook=lambda _, text: Path(text))


def _made(film: CueFilm, studio: Studio) -> MadeFilm:
    path = studio.folder / f"{film.name}{film.suffix}"
    truth = make_film(film.plan, path, cache_dir=studio.cache_dir, encoding=film.encoding)
    planned = sorted(
        zip(film.plan.occurrences, film.chains, strict=True), key=lambda p: p[0].film_start_s
    )
    names = {song.id for song in film.searched}
    events = tuple(
        Event(
            of_set=film.of_set,
            film=film.name,
            song=true.song_id,
            level_lu=round(plan.level.value - _SPEECH_LUFS, 3),
            chain=chain,
            start_s=true.film_start_s,
            end_s=true.film_end_s,
            song_start_s=true.song_start_s,
            speed=true.speed,
        )
        for true, (plan, chain) in zip(truth.occurrences, planned, strict=True)
        if true.song_id in names
    )
    return MadeFilm(
        name=film.name,
        of_set=film.of_set,
        path=path,
        wav=_wav(path, studio),
        songs={song.id: song.path for song in film.searched},
        song_wavs={song.id: _wav(song.path, studio) for song in film.searched},
        duration_s=truth.film.duration_s,
        events=events,
    )


def _wav(path: Path, studio: Studio) -> Path:
    """Write a recording as the media room decodes it, in mono."""
    wav = studio.folder / f"{path.stem}.wav"
    if wav.exists():
        return wav
    copy = open_working_copy(path, cache_dir=studio.cache_dir)
    with soundfile.SoundFile(
        wav, "w", samplerate=copy.rate_hz, channels=1, subtype="PCM_16"
    ) as file:
        for start in range(0, copy.n_samples, _BLOCK_LENGTH):
            stop = min(start + _BLOCK_LENGTH, copy.n_samples)
            file.write(np.clip(copy.mono(start, stop), -1, 1))
    return wav
