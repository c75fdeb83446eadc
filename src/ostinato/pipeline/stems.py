"""Each song as it is heard in the film, and the film without them, as files."""

from collections.abc import Sequence
from pathlib import Path

import soundfile as sf

from ostinato.errors import MediaError
from ostinato.media import WorkingCopy
from ostinato.pipeline.separated import Separated, front
from ostinato.results import Occurrence
from ostinato.separation import Reader, Stem, remainder, song_of

_BLOCK_S = 20


def write_stems(
    folder: Path, film: WorkingCopy, occurrences: Sequence[Occurrence], separated: Separated
) -> tuple[Path, ...]:
    """Write stems that are in step with the film, sample by sample, and add up to it.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it does not exist.
    film : WorkingCopy
        The film.
    occurrences : sequence of Occurrence
        Of any songs.
    separated : Separated
        With the stems of all that was taken out.

    Returns
    -------
    tuple of pathlib.Path
        ``S1.flac`` … for each song of which anything was taken out, and ``remainder.flac``: 24
        bits, silent where the song is not heard, cut off at full scale.

    Raises
    ------
    MediaError
        If they cannot be written.
    """
    by_song: dict[str, list[str]] = {}
    for one in occurrences:
        if one.id in separated.stems:
            by_song.setdefault(one.song_id, []).append(one.id)
    readers: dict[str, Reader] = {
        song_id: _reader_of([separated.stems[one] for one in ids])
        for song_id, ids in sorted(by_song.items())
    }
    readers["remainder"] = remainder(front(film), list(separated.stems.values()))
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, read in readers.items():
            paths.append(folder / f"{name}.flac")
            _write(paths[-1], read, film)
    except (OSError, sf.LibsndfileError) as error:
        raise MediaError(
            str(folder),
            f"stems cannot be written ({error})",
            "Free some space, or leave out --stems",
        ) from error
    return tuple(paths)


def _reader_of(stems: Sequence[Stem]) -> Reader:
    return lambda start, stop: song_of(stems, start, stop)


def _write(path: Path, read: Reader, film: WorkingCopy) -> None:
    block_length = _BLOCK_S * film.sample_rate_hz
    with sf.SoundFile(
        path,
        "w",
        samplerate=film.sample_rate_hz,
        channels=len(film.channel_names[:2]),
        format="FLAC",
        subtype="PCM_24",
    ) as file:
        for start in range(0, film.n_samples, block_length):
            y = read(start, min(start + block_length, film.n_samples))
            file.write(y.T.clip(-1, 1))
