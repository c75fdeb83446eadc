"""A rehearsal: all that an analysis checks before it begins, without decoding a long film.

Recordings that are short are decoded into a folder of their own, which goes again, so that they
are compared as they will be; of a long film the beginning is decoded, and its length is what its
container states. How long a run may take follows from lengths and from what was measured, on what
`docs/method.md` says: other machines, films and songs take a third or three times as long.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ostinato.errors import MediaError, StudyError
from ostinato.media import Glance, WorkingCopy, glance, open_working_copy
from ostinato.pipeline.inputs import (
    Said,
    check_double,
    check_length,
    check_times,
    compared,
    read_said,
)
from ostinato.results import Hashes
from ostinato.speech import check_film_of_labels
from ostinato.study import Study

_SHORT_S = 900.0  # a song, or an excerpt of a film: some seconds to decode
_MEDIA_S = 0.5  # a minute of sound: decoding, its hash, its loudness
_CUES_S = 5.0  # a minute of film and song
_CUES_CONSTANT_S = 2.0  # a song
_SEPARATION_S = 20.0  # a minute of film in which a song is heard
_SPEECH_S, _VOICES_S = 3.0, 2.0  # a minute of film
_DISCOVER_S = 2.0  # a minute of film
_MEASURES_S = 2.0
_HEARD_SHARE = 0.15  # of a film, by its songs, where nothing is known of it
SPREAD = 3.0
"""A run takes between the expected time divided by this and multiplied with it."""

_SAMPLE_BYTES = 4
_TRACK_BYTES_PER_S = 8_000 * _SAMPLE_BYTES  # each view of the film at 8 kHz
_STEM_SHARE = 0.7  # of 24 bits, as FLAC
_STEM_BYTES_PER_SAMPLE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """A recording that is to be decoded.

    Parameters
    ----------
    duration_s : float
        As its container states it.
    sample_rate_hz : int
        Of its stream.
    n_channels : int
        Of its working copy: 1, 2, 3 or 4.
    is_decoded : bool
        Whether its working copy is in the cache.
    """

    duration_s: float
    sample_rate_hz: int
    n_channels: int
    is_decoded: bool = False

    @property
    def n_bytes(self) -> int:
        """What its working copy takes."""
        rate_hz = min(48_000, self.sample_rate_hz)
        return round(self.duration_s * rate_hz) * _SAMPLE_BYTES * self.n_channels


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What was looked at; `left_unseen` says what only the run itself can check.

    `pcm_sha256` is of the film's sound, None where it is too long to be decoded for this.
    """

    film: Glance
    pcm_sha256: str | None
    songs: tuple[Glance, ...]
    said: Said
    left_unseen: str | None


def rehearse(study: Study, *, cache_dir: Path) -> Rehearsed:
    """Check what an analysis of a study would check before it begins.

    Parameters
    ----------
    study : Study
        What would be analysed.
    cache_dir : pathlib.Path
        Where working copies are kept; nothing is written there.

    Returns
    -------
    Rehearsed
        What was found.

    Raises
    ------
    OstinatoError
        What the analysis itself would raise.
    """
    said = read_said(study)
    stems = () if study.speech_stem is None else (study.speech_stem,)
    paths = (study.film, *(song.path for song in study.songs), *stems)
    seen = [
        glance(path, stream=None if i else study.stream, cache_dir=cache_dir)
        for i, path in enumerate(paths)
    ]
    _check_hashes(study, seen)
    if study.labels is not None:
        check_film_of_labels(study.labels, Hashes(sha256=seen[0].sha256))
    film, songs = seen[0], tuple(seen[1 : 1 + len(study.songs)])
    are_short = [one.duration_s is not None and one.duration_s <= _SHORT_S for one in seen]
    with tempfile.TemporaryDirectory(prefix="ostinato-") as scratch:
        copies = [
            _decoded(study, i, one, Path(scratch)) if is_short else None
            for i, (one, is_short) in enumerate(zip(seen, are_short, strict=True))
        ]
        left = _compared(study, said, film, copies)
        pcm_sha256 = None if copies[0] is None else copies[0].pcm_sha256
    return Rehearsed(film=film, pcm_sha256=pcm_sha256, songs=songs, said=said, left_unseen=left)


def _decoded(study: Study, index: int, seen: Glance, cache_dir: Path) -> WorkingCopy:
    if index:
        return open_working_copy(seen.path, cache_dir=cache_dir)
    return open_working_copy(
        seen.path,
        stream=study.stream,
        channel=study.channel,
        clock=study.clock,
        cache_dir=cache_dir,
    )


def _compared(
    study: Study, said: Said, film: Glance, copies: list[WorkingCopy | None]
) -> str | None:
    """Compare all that is decoded; say what is left to compare."""
    own = copies[1 : 1 + len(study.songs)]
    for named, copy in zip(study.songs, own, strict=True):
        if copy is not None:
            check_length(study, named, copy)
    decoded = [copy for copy in copies if copy is not None]
    if len(decoded) == len(copies):
        compared(study, said, decoded)
        return None
    songs = [copy for copy in own if copy is not None]
    if len(songs) == len(study.songs):
        for index in range(len(songs)):
            check_double(study, songs, index)
    if film.duration_s is None:
        return "Its length is not stated, so that times were not compared with it."
    check_times(study, said, film.duration_s)
    return (
        "The length is what the file states, and only its beginning was decoded: damage, silence "
        "and a true end before that show when it is decoded."
    )


def _check_hashes(study: Study, seen: list[Glance]) -> None:
    """Refuse files that are copies of each other, however long they are."""
    film, *songs = seen[: 1 + len(study.songs)]
    for index, (named, song) in enumerate(zip(study.songs, songs, strict=True)):
        thing = f"song {named.title!r} ({named.path})"
        if song.sha256 == film.sha256:
            raise StudyError(
                thing, "it is the film itself", "Give a recording of the song alone with --song"
            )
        for other in range(index):
            if songs[other].sha256 == song.sha256:
                raise StudyError(
                    thing,
                    f"it is the same recording as {study.songs[other].title!r}",
                    "Give each recording once",
                )


def expected_stages_s(
    film_s: float, songs_s: Sequence[float], stages: Sequence[str]
) -> dict[str, float]:
    """Return what each stage of an analysis is expected to take.

    Parameters
    ----------
    film_s : float
        Length of the film.
    songs_s : sequence of float
        Lengths of the songs.
    stages : sequence of str
        Those of the study.

    Returns
    -------
    dict of str to float
        Seconds by stage, in their order, without anything that the cache holds.
    """
    minutes, songs = film_s / 60, len(songs_s)
    expected = {"media": _MEDIA_S * (minutes + sum(songs_s) / 60)}
    if "cues" in stages:
        expected["cues"] = songs * (_CUES_CONSTANT_S + _CUES_S * minutes)
    if "separation" in stages:
        expected["separation"] = _SEPARATION_S * _HEARD_SHARE * minutes if songs else 0.0
    if "speech" in stages:
        expected |= {"speech": _SPEECH_S * minutes, "voices": _VOICES_S * minutes}
    return expected | {"measures": _MEASURES_S}


def expected_discovery_s(film_s: float) -> dict[str, float]:
    """Return what each stage is expected to take that looks for what a film repeats.

    Parameters
    ----------
    film_s : float
        Length of the film.

    Returns
    -------
    dict of str to float
        Seconds by stage, in their order.
    """
    minutes = film_s / 60
    expected = {"media": _MEDIA_S * minutes, "discover": _DISCOVER_S * minutes}
    return expected | {"measures": _MEASURES_S}


def room_bytes(recordings: Sequence[Lasting], *, n_stems: int) -> tuple[int, int]:
    """Return the room that an analysis needs in the cache: what stays there, and all at its height.

    Parameters
    ----------
    recordings : sequence of Lasting
        The film first.
    n_stems : int
        How many stems are to be written; 0 for none.

    Returns
    -------
    stays, at_most : int
        Bytes.
    """
    stays = sum(one.n_bytes for one in recordings if not one.is_decoded)
    film = recordings[0]
    n_stereo = min(2, film.n_channels)
    scratch = round(film.duration_s * _TRACK_BYTES_PER_S * max(1, film.n_channels))
    stem = _STEM_SHARE * _STEM_BYTES_PER_SAMPLE * film.n_bytes / (_SAMPLE_BYTES * film.n_channels)
    taken_out = film.n_bytes * n_stereo // film.n_channels if n_stems else 0
    stays += round(_HEARD_SHARE * taken_out)
    return stays, stays + max(scratch, taken_out) + round(n_stems * n_stereo * stem)


def check_room(cache_dir: Path, *, n_bytes: int, n_free: int) -> None:
    """Refuse what does not find room in the cache.

    Parameters
    ----------
    cache_dir : pathlib.Path
        The cache.
    n_bytes, n_free : int
        What working copies take, and what is free there.

    Raises
    ------
    MediaError
        If the one is more than the other.
    """
    if n_bytes > n_free:
        raise MediaError(
            f"cache folder {cache_dir}",
            f"the working copies take {n_bytes / 1e9:.1f} GB and {n_free / 1e9:.1f} GB are free",
            "Free some space, or choose a cache folder on another disk with --cache",
        )
