"""Media files that are damaged on purpose, each by its seed, and what the reader makes of them.

Run as a program it reads mutants one after the other and prints a line of JSON before and after
each, so that whoever started it knows which one a crash, a limit or an endless loop belongs to.
"""

import argparse
import json
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tests.media.conftest import write_media

from ostinato.errors import MediaError
from ostinato.media import WorkingCopy, open_working_copy

RATE_HZ = 48_000
FILM_S = 10.0
MOST_S = 60  # for a film of ten seconds
MOST_BYTES = 4_000_000_000  # of addresses, most of which libraries map and never touch
_BLOCK_S = 0.25
_SHIFT = 48  # a millisecond: rounded stamps, which nobody hears
_FRAGMENTS = {"movflags": "frag_keyframe+empty_moov", "frag_duration": "500000"}
SOURCES: dict[str, tuple[str, str, dict[str, str]]] = {
    "mka-flac": ("film.mka", "flac", {}),
    "mkv-ac3": ("film.mkv", "ac3", {}),
    "mkv-aac": ("film.mkv", "aac", {}),
    "mkv-mp3": ("film.mkv", "libmp3lame", {}),
    "mkv-vorbis": ("film.mkv", "vorbis", {}),
    "mkv-eac3": ("film.mkv", "eac3", {}),
    "webm-opus": ("film.webm", "libopus", {}),
    "mp4-aac": ("film.mp4", "aac", {}),
    "mp4-fragments": ("film.mp4", "aac", _FRAGMENTS),
    "mp4-ac3": ("film.mp4", "ac3", {}),
    "m4a-alac": ("film.m4a", "alac", {}),
    "ts-mp2": ("film.ts", "mp2", {}),
    "ts-aac": ("film.ts", "aac", {}),
    "ts-ac3": ("film.ts", "ac3", {}),
    "mpg-mp2": ("film.mpg", "mp2", {}),
    "vob-ac3": ("film.vob", "ac3", {}),
    "avi-mp3": ("film.avi", "libmp3lame", {}),
    "avi-ac3": ("film.avi", "ac3", {}),
    "flv-mp3": ("film.flv", "libmp3lame", {}),
    "flv-aac": ("film.flv", "aac", {}),
    "asf-wma": ("film.wma", "wmav2", {}),
    "nut-aac": ("film.nut", "aac", {}),
    "ogg-vorbis": ("film.ogg", "vorbis", {}),
    "ogg-opus": ("film.opus", "libopus", {}),
    "ogg-flac": ("film.oga", "flac", {}),
    "flac": ("film.flac", "flac", {}),
    "mp3": ("film.mp3", "libmp3lame", {}),
    "mp2": ("film.mp2", "mp2", {}),
    "ac3": ("film.ac3", "ac3", {}),
    "eac3": ("film.eac3", "eac3", {}),
    "aac": ("film.aac", "aac", {}),
    "tta": ("film.tta", "tta", {}),
    "wv": ("film.wv", "wavpack", {}),
    "wav": ("film.wav", "pcm_s16le", {}),
    "w64": ("film.w64", "pcm_s16le", {}),
    "aiff": ("film.aiff", "pcm_s16be", {}),
    "au": ("film.au", "pcm_s16be", {}),
    "caf": ("film.caf", "pcm_s16be", {}),
    "mov-pcm": ("film.mov", "pcm_s16le", {}),
}
"""By name: file, codec and the muxer's options. PCM cannot know that a sample is not its own."""
_CODEC_OPTIONS = {"vorbis": {"strict": "experimental"}, "wmav2": {"b": "96000"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a mutant; `lost_s` are seconds that are not heard, or not where they were."""

    source: str
    damage: str
    outcome: str
    lost_s: float = 0.0
    words: str = ""


def is_pcm(source: str) -> bool:
    """Whether a source holds samples as they are."""
    return SOURCES[source][1].startswith("pcm_")


def make_source(folder: Path, source: str) -> Path:
    """Write ten seconds of noise, each quarter of a second another."""
    name, codec, options = SOURCES[source]
    noise = 0.1 * np.random.default_rng(0).standard_normal((1, round(FILM_S * RATE_HZ)))
    folder.mkdir(parents=True, exist_ok=True)
    is_stereo = codec == "vorbis"  # FFmpeg's own encoder knows nothing else
    return write_media(
        folder / name,
        [np.repeat(noise, 2, axis=0) if is_stereo else noise],
        codec,
        layout="stereo" if is_stereo else "mono",
        sample_rate_hz=RATE_HZ,
        options=options,
        codec_options=_CODEC_OPTIONS.get(codec),
    )


def _cut(data: bytes, rng: np.random.Generator) -> bytes:
    return data[: _place(data, rng)]


def _less(data: bytes, rng: np.random.Generator) -> bytes:
    at = _place(data, rng)
    return data[:at] + data[at + _length(data, rng) :]


def _noise(data: bytes, rng: np.random.Generator) -> bytes:
    at = _place(data, rng)
    length = min(_length(data, rng), len(data) - at)
    return data[:at] + rng.bytes(length) + data[at + length :]


def _zeros(data: bytes, rng: np.random.Generator) -> bytes:
    at = _place(data, rng)
    length = min(_length(data, rng), len(data) - at)
    return data[:at] + bytes(length) + data[at + length :]


def _more(data: bytes, rng: np.random.Generator) -> bytes:
    at = _place(data, rng)
    return data[:at] + rng.bytes(_length(data, rng)) + data[at:]


def _twice(data: bytes, rng: np.random.Generator) -> bytes:
    at = _place(data, rng)
    return data[:at] + data[at - min(at, _length(data, rng)) : at] + data[at:]


def _exchanged(data: bytes, rng: np.random.Generator) -> bytes:
    at, length = _place(data, rng), _length(data, rng)
    return (
        data[:at]
        + data[at + length : at + 2 * length]
        + data[at : at + length]
        + (data[at + 2 * length :])
    )


def _flips(data: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(data)
    for at in rng.integers(len(data), size=int(rng.integers(1, 200))):
        changed[int(at)] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _header(data: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(data)
    for at in rng.integers(min(len(data), 1024), size=int(rng.integers(1, 6))):
        changed[int(at)] = int(rng.integers(256))
    return bytes(changed)


DAMAGES: dict[str, Callable[[bytes, np.random.Generator], bytes]] = {
    "cut": _cut,
    "less": _less,
    "noise": _noise,
    "zeros": _zeros,
    "more": _more,
    "twice": _twice,
    "exchanged": _exchanged,
    "flips": _flips,
    "header": _header,
}


def _place(data: bytes, rng: np.random.Generator) -> int:
    return int(rng.integers(min(400, len(data) // 2), len(data)))


def _length(data: bytes, rng: np.random.Generator) -> int:
    return int(len(data) * rng.uniform(0.02, 0.3))


def lost_seconds(whole: np.ndarray, other: np.ndarray) -> float:
    """Seconds of the first that are not heard at their place in the second."""
    block = round(_BLOCK_S * RATE_HZ)
    starts = range(0, whole.size - block, block)
    n_lost = 0
    for start in starts:
        x, y = whole[start : start + block], other[start : start + block]
        n_lost += y.size != block or not _is_same(x, y)
    return n_lost * _BLOCK_S


def _is_same(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether a block is the same, or the same but for a few samples' shift."""
    if np.linalg.norm(y - x) < 0.9 * np.linalg.norm(x):
        return True
    inner = x[_SHIFT:-_SHIFT]
    likeness = np.correlate(y, inner) / (np.linalg.norm(y) * np.linalg.norm(inner) + 1e-12)
    return bool(likeness.max() > 0.6)


def is_told(copy: WorkingCopy) -> bool:
    """Whether a person is told that something is amiss."""
    condition = copy.condition
    return (
        condition.truncated_at_s is not None
        or condition.n_damaged > 0
        or condition.silenced_s + condition.trimmed_s >= 0.05
        or bool(condition.jumps or condition.notices)
    )


def judge(source: str, number: int, seed: int, folder: Path) -> Verdict:
    """Damage a source, have it read, and compare what is heard with what was written."""
    whole_path = folder / source / SOURCES[source][0]
    if not whole_path.exists():
        make_source(whole_path.parent, source)
    whole = open_working_copy(whole_path, cache_dir=folder / "whole")
    rng = np.random.default_rng([seed, number])
    damage = sorted(DAMAGES)[int(rng.integers(len(DAMAGES)))]
    path = folder / f"mutant-{number}{whole_path.suffix}"
    path.write_bytes(DAMAGES[damage](whole_path.read_bytes(), rng))
    try:
        copy = open_working_copy(path, cache_dir=folder / "cache")
    except MediaError as error:
        return Verdict(source=source, damage=damage, outcome="refused", words=error.reason[:200])
    finally:
        path.unlink()
    lost_s = lost_seconds(whole.mono(0, whole.n_samples), copy.mono(0, copy.n_samples))
    outcome = "told" if is_told(copy) else "untold" if lost_s >= 1 else "right"
    for file in sorted(copy.folder.iterdir()):
        file.unlink()
    copy.folder.rmdir()
    return Verdict(source=source, damage=damage, outcome=outcome, lost_s=lost_s)


def source_of(number: int) -> str:
    """Which source a mutant is made of."""
    return sorted(SOURCES)[number % len(SOURCES)]


def judged(numbers: range, seed: int, folder: Path) -> Iterator[Verdict]:
    """Read mutants one after the other, as far as one process gets."""
    for number in numbers:
        source = source_of(number)
        print(json.dumps({"begins": number}), flush=True)  # noqa: T201 - a program
        signal.alarm(MOST_S)
        try:
            yield judge(source, number, seed, folder)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a traceback
            where = traceback.extract_tb(error.__traceback__)[-1]
            words = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}: {error}"
            yield Verdict(source=source, damage="?", outcome="traceback", words=words[:300])
        signal.alarm(0)


def main() -> None:
    """Read the mutants that the arguments name."""
    import resource  # noqa: PLC0415 - Windows has none

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--stop", type=int, required=True)
    parser.add_argument("--step", type=int, default=1)
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    with tempfile.TemporaryDirectory() as folder:
        numbers = range(given.first, given.stop, given.step)
        for number, verdict in zip(numbers, judged(numbers, given.seed, Path(folder)), strict=True):
            line = {"number": number, **{k: getattr(verdict, k) for k in verdict.__slots__}}
            print(json.dumps(line), flush=True)  # noqa: T201 - a program


if __name__ == "__main__":
    sys.exit(main())
