"""A folder of results of a film of three hours, with a sound whose samples tell their index.

Nothing is analysed: the records are written as an analysis might have made them, and the working
copy is put into the cache.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np

from ostinato.media.working_copy import (
    WorkingCopy,
    channel_file,
    digests_of,
    loudness_file,
    write_description,
)
from ostinato.results import (
    Candidate,
    Condition,
    Film,
    Occurrence,
    Results,
    Run,
    Scene,
    Song,
    SongVoice,
    SpeechSegment,
    Stage,
    Voice,
    write_results,
)

RATE_HZ = 8_000
HOURS = 3
HOSTILE = "<img src=x onerror=alert(1)>\u202e & <b>“Song”</b>"
_VERSION = "2"
_KINDS = ("narration", "dialogue", "undetermined", "soliloquy")


def telling(first, stop):
    """Samples of 16 bits that tell their index: no two stretches of sixteen are alike."""
    index = np.arange(first, stop, dtype=np.uint64)
    mixed = (index * np.uint64(0x9E3779B97F4A7C15)) & np.uint64(2**64 - 1)
    mixed ^= mixed >> np.uint64(31)
    return (
        ((mixed * np.uint64(0xBF58476D1CE4E5B9)) >> np.uint64(48))
        .astype(np.uint16)
        .astype(np.int16)
    )


def write_copy(cache, *, n_samples, rate_hz=RATE_HZ, names=("mono",)):
    """Put a working copy into a cache; the right channel says the opposite of the left."""
    sha256 = hashlib.sha256(f"a film of {n_samples}".encode()).hexdigest()
    folder = Path(cache) / f"{sha256}-0-player-v{_VERSION}"
    folder.mkdir(parents=True)
    digest = hashlib.sha256()
    for number, name in enumerate(names):
        with channel_file(folder, name).open("wb") as file:
            for first in range(0, n_samples, 2**22):
                y = telling(first, min(n_samples, first + 2**22)).astype("<f4") / 2**15
                file.write((-y if number else y).astype("<f4").tobytes())
                digest.update(y.tobytes())
    loudness_file(folder).write_bytes(b"")
    digests_of(loudness_file(folder))
    copy = WorkingCopy(
        path=folder,
        folder=folder,
        stream=0,
        second_stream=None,
        taken_channel=None,
        clock="player",
        origin_s=0.0,
        files=("film.mkv",),
        rate_hz=rate_hz,
        channel_names=names,
        n_source_channels=len(names),
        n_samples=n_samples,
        start_s=0.0,
        sha256=sha256,
        pcm_sha256=digest.hexdigest(),
        peak=1.0,
        loudness_lufs=-20.0,
        condition=Condition(),
    )
    write_description(copy, name=folder.name)
    return copy


def results_of(copy, *, n_occurrences=200, n_segments=2_000, seed=5):
    """Records of songs, speech and scenes all over the film."""
    rng = np.random.default_rng(seed)
    length_s = copy.n_samples / copy.rate_hz
    songs = tuple(
        Song(id=f"S{i}", title=title, sha256=str(i) * 64, pcm_sha256=str(i) * 64, duration_s=200.0)
        for i, title in enumerate(("California Dreamin'", HOSTILE, "夢中人", "أغنية"), start=1)
    )
    starts = np.sort(rng.uniform(0, length_s - 40, n_occurrences))
    occurrences = tuple(_occurrence(i, float(s), rng, songs) for i, s in enumerate(starts, start=1))
    edges = np.linspace(1.0, length_s - 2, n_segments + 1)
    speech = tuple(
        SpeechSegment(
            id=f"T{i}",
            start_s=float(edges[i - 1]),
            end_s=float(edges[i - 1] + (edges[i] - edges[i - 1]) * rng.uniform(0.3, 0.9)),
            kind=_KINDS[int(rng.integers(4))],
            p_narration=float(rng.uniform()),
            decided_by="classifier",
            voice=f"V{int(rng.integers(1, 6))}",
        )
        for i in range(1, n_segments + 1)
    )
    return Results(
        film=_film(copy),
        songs=songs,
        scenes=_scenes(length_s),
        occurrences=occurrences,
        speech=speech,
        voices=tuple(_voice(f"V{i}", speech) for i in range(1, 6)),
        songs_voice=tuple(
            SongVoice(start_s=one.film_start_s, end_s=one.film_end_s) for one in occurrences[::3]
        ),
        candidates=tuple(_candidate(i, length_s, songs) for i in range(20)),
        run=Run(
            version="0",
            parameters={},
            stages=tuple(
                Stage(name=name, seconds=1.0, cached=False) for name in ("cues", "speech")
            ),
            platform="",
            started_at="2026-01-01T00:00:00+00:00",
            peak_rss_mb=None,
        ),
    )


def make_long_film(place, *, hours=HOURS, **how):
    """Write the cache and the folder of results; return both."""
    place = Path(place)
    copy = write_copy(place / "cache", n_samples=round(hours * 3600 * RATE_HZ))
    results = results_of(copy, **how)
    (place / "results").mkdir()
    write_results(place / "results", results)
    return place / "results", place / "cache"


def _film(copy):
    return Film(
        name=f"{HOSTILE}.mkv",
        edition=None,
        sha256=copy.sha256,
        pcm_sha256=copy.pcm_sha256,
        duration_s=copy.duration_s,
        start_s=0.0,
        sample_rate_hz=copy.rate_hz,
        channels=1,
        stream=0,
        clock="player",
        origin_s=0.0,
    )


def _occurrence(number, start_s, rng, songs):
    length_s, song_s = float(rng.uniform(5, 40)), float(rng.uniform(0, 150))
    return Occurrence(
        id=f"O{number}",
        song_id=songs[int(rng.integers(len(songs)))].id,
        playing_id=f"P{number}",
        film_start_s=start_s,
        film_end_s=start_s + length_s,
        song_start_s=song_s,
        song_end_s=song_s + length_s,
        speed=1.0,
        pitch=1.0,
        score=12.0,
        p_value=0.0001,
        level_lufs=-30.0,
        level_re_speech_lu=None,
        low_hz=100.0,
        high_hz=3000.0,
    )


def _candidate(number, length_s, songs):
    start_s = (number + 0.5) * length_s / 20
    return Candidate(
        id=f"K{number:010d}",
        song_id=songs[0].id,
        film_start_s=start_s,
        film_end_s=start_s + 6,
        song_start_s=10.0,
        song_end_s=16.0,
        speed=1.0,
        score=3.0,
        p_value=0.3,
        refused="as good as chance",
    )


def _scenes(length_s):
    edges = np.linspace(0, length_s, 31)
    return tuple(
        Scene(
            name=f"{HOSTILE} {i}" if i == 3 else f"scene {i + 1}",
            start_s=float(edges[i]),
            end_s=float(edges[i + 1]),
            story="the first" if i < 15 else "the second",
            day=f"day {i // 10 + 1}",
        )
        for i in range(30)
    )


def _voice(name, speech):
    own = [one for one in speech if one.voice == name]
    return Voice(
        id=name,
        name=None,
        first_s=min((one.start_s for one in own), default=0.0),
        speech_s=sum(one.interval.duration_s for one in own),
        n_segments=len(own),
    )


if __name__ == "__main__":
    print(*make_long_film(sys.argv[1]), sep="\n")  # noqa: T201 - to try it by hand
