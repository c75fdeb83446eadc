"""The sound that was taken out: kept for a later run if somebody wants it, and written as files."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import soundfile as sf

from ostinato.errors import MediaError
from ostinato.media import Derived, Signal, WorkingCopy, front
from ostinato.pipeline.memo import SOUND, Entry, Memo, keep_arrays, recall_arrays
from ostinato.separation import Stem, remainder, song_of

_KEPT_S = 30  # of a stem in one entry: 12 MB
_BLOCK_S = 20


def keep_stem(memo: Memo, key: str, stem: Stem, *, rate_hz: int) -> None:
    """Keep a stem, which is of the occurrence with this key."""
    for entry, first, stop in _parts(memo, key, stem.n_samples, rate_hz):
        y = stem.read(stem.start_sample + first, stem.start_sample + stop)
        keep_arrays(entry, {SOUND: y})


def is_kept(memo: Memo, key: str, n_samples: int, *, rate_hz: int) -> bool:
    """Tell whether a stem was kept, so that it may be read back."""
    return all(entry.path.exists() for entry, _, _ in _parts(memo, key, n_samples, rate_hz))


def read_back(memo: Memo, key: str, stem: Stem, *, rate_hz: int) -> bool:
    """Fill a stem with what was kept of it; False if that is not whole."""
    for entry, first, stop in _parts(memo, key, stem.n_samples, rate_hz):
        arrays = recall_arrays(entry)
        if arrays is None or arrays[SOUND].shape != (stem.n_channels, stop - first):
            return False
        stem.write(stem.start_sample + first, arrays[SOUND])
    return True


def _parts(memo: Memo, key: str, n_samples: int, rate_hz: int) -> Iterator[tuple[Entry, int, int]]:
    length = _KEPT_S * rate_hz
    for part, first in enumerate(range(0, n_samples, length)):
        yield memo.entry("stem", taken=key, part=part), first, min(first + length, n_samples)


def write_stems(
    folder: Path, film: WorkingCopy, by_song: Mapping[str, Sequence[Stem]], taken: Sequence[Stem]
) -> tuple[Path, ...]:
    """Write stems that are in step with the film, sample by sample, and add up to it.

    `by_song`: what was taken out of each song of which anything was. Raises MediaError if they
    cannot be written.
    """
    mix = front(film)
    sounds: dict[str, Signal] = {
        song_id: _song(mix, stems) for song_id, stems in sorted(by_song.items())
    }
    sounds["remainder"] = remainder(mix, taken)
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, sound in sounds.items():
            paths.append(folder / f"{name}.flac")
            _write(paths[-1], sound)
    except (OSError, sf.LibsndfileError) as error:
        raise MediaError(
            str(folder),
            f"stems cannot be written ({error})",
            "Free some space, or leave out --stems",
        ) from error
    return tuple(paths)


def _song(film: Signal, stems: Sequence[Stem]) -> Derived:
    return Derived(
        rate_hz=film.rate_hz,
        n_samples=film.n_samples,
        n_channels=film.n_channels,
        read=lambda start, stop: song_of(stems, start, stop),
    )


def _write(path: Path, sound: Signal) -> None:
    block_length = _BLOCK_S * sound.rate_hz
    with sf.SoundFile(
        path,
        "w",
        samplerate=sound.rate_hz,
        channels=sound.n_channels,
        format="FLAC",
        subtype="PCM_24",
    ) as file:
        for start in range(0, sound.n_samples, block_length):
            y = sound.read(start, min(start + block_length, sound.n_samples))
            file.write(y.T.clip(-1, 1))
