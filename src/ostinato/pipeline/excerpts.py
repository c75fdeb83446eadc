"""What there is to listen to: cancelled cues before and after, and candidates."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from ostinato.errors import MediaError, StudyError
from ostinato.results import MomentaryLevel, Results
from ostinato.timeline import Interval

_Clip = tuple[str, NDArray[np.float64], int]  # name, samples, rate


def write_excerpts(
    folder: Path,
    stems_dir: Path,
    results: Results,
    *,
    stems: Sequence[Path],
    duration_s: float,
) -> tuple[Path, ...]:
    """Write what the film plays in a cancelled cue, the song in it, and what remains.

    Of each cue they are of the same seconds: those in which the softer of song and remainder is
    loudest, since it is there that taking them apart can be heard.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it does not exist.
    stems_dir : pathlib.Path
        Where the stems are that add up to the film.
    results : Results
        Of the same run.
    stems : sequence of pathlib.Path
        Those in there that are of this run.
    duration_s : float
        Of an excerpt, at most.

    Returns
    -------
    tuple of pathlib.Path
        ``O1-film.flac``, ``O1-song.flac``, ``O1-remainder.flac`` … for each cancelled occurrence.

    Raises
    ------
    StudyError
        If no song was cancelled, or no stems were written.
    MediaError
        If stems cannot be read, or excerpts cannot be written.
    """
    songs = {one.id: one.song_id for one in results.occurrences}
    cancelled = [one.occurrence_id for one in results.separations if one.grade == "cancelled"]
    if not cancelled:
        raise StudyError(
            str(stems_dir.parent),
            "no song was cancelled in it, so that there is no before and after",
            "Look at separations.tsv for what became of each song",
        )
    paths = {path.stem: path for path in sorted(stems)}
    if not {"remainder", *(songs[one] for one in cancelled)} <= paths.keys():
        raise _no_stems(stems_dir)
    rows: dict[str, list[MomentaryLevel]] = defaultdict(list)
    for row in results.song_levels:
        rows[row.occurrence_id].append(row)

    def clips() -> Iterator[_Clip]:
        for one in cancelled:
            stretch = busiest(rows[one], duration_s=duration_s)
            if stretch is None:
                continue
            heard, rate_hz = _read(paths, stretch)
            yield f"{one}-film", _film(heard), rate_hz
            yield f"{one}-song", heard[songs[one]], rate_hz
            yield f"{one}-remainder", heard["remainder"], rate_hz

    return _write_clips(folder, clips())


def write_candidates(
    folder: Path, stems_dir: Path, results: Results, *, stems: Sequence[Path]
) -> tuple[Path, ...]:
    """Write what the film plays at each candidate, with a second before and after.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it does not exist.
    stems_dir : pathlib.Path
        Where the stems are that add up to the film.
    results : Results
        Of the same run.
    stems : sequence of pathlib.Path
        Those in there that are of this run.

    Returns
    -------
    tuple of pathlib.Path
        ``K0123456789-film.flac`` … by the candidates' identifiers, the likeliest first.

    Raises
    ------
    StudyError
        If there are no candidates, or no stems were written.
    MediaError
        If stems cannot be read, or excerpts cannot be written.
    """
    if not results.candidates:
        raise StudyError(
            str(stems_dir.parent),
            "there are no candidates in it",
            "Leave out --candidates",
        )
    paths = {path.stem: path for path in sorted(stems)}
    if "remainder" not in paths:
        raise _no_stems(stems_dir)

    def clips() -> Iterator[_Clip]:
        for one in results.candidates:
            stretch = Interval(
                max(0.0, one.film_start_s - _BESIDE_S),
                min(results.film.duration_s, one.film_end_s + _BESIDE_S),
            )
            heard, rate_hz = _read(paths, stretch)
            yield f"{one.id}-film", _film(heard), rate_hz

    return _write_clips(folder, clips())


_BESIDE_S = 1.0


def _no_stems(stems_dir: Path) -> StudyError:
    return StudyError(str(stems_dir), "the stems are not there", "Analyse again with --stems")


def _film(stems: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return what the film plays, to which its stems add up."""
    return sum(stems.values(), np.zeros_like(stems["remainder"]))


def _write_clips(folder: Path, clips: Iterable[_Clip]) -> tuple[Path, ...]:
    """Write each clip as it is cut, so that one at a time is in memory."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, y, rate_hz in clips:
            written.append(folder / f"{name}.flac")
            sf.write(written[-1], y.clip(-1, 1), rate_hz, subtype="PCM_24")
    except (OSError, sf.LibsndfileError) as error:
        raise MediaError(
            str(folder),
            f"excerpts cannot be written ({error})",
            "Free some space, or analyse again with --stems",
        ) from error
    return tuple(written)


def busiest(rows: Sequence[MomentaryLevel], *, duration_s: float) -> Interval | None:
    """Return the seconds in which the softer of song and remainder is loudest.

    `duration_s`: how many seconds, at most.
    """
    if not rows:
        return None
    softer = np.array([_power(row) for row in rows])
    n_rows = min(len(rows), max(1, round(duration_s / _ROW_S)))
    sums = np.convolve(softer, np.ones(n_rows), "valid")
    start_s = rows[int(np.argmax(sums))].start_s
    return Interval(start_s, start_s + n_rows * _ROW_S)


_ROW_S = 0.4
_LOUD = 10.0 ** (-2.5)  # a shout for a moment is no reason to choose its neighbourhood


def _power(row: MomentaryLevel) -> float:
    if row.level_lufs is None or row.remainder_lufs is None:
        return 0.0
    return float(min(_LOUD, 10 ** (min(row.level_lufs, row.remainder_lufs) / 10)))


def film_in(paths: Mapping[str, Path], stretch: Interval) -> tuple[NDArray[np.float64], int]:
    """Return what the film plays, shape (n_samples, n_channels), and its rate.

    `paths`: of the stems, by name, the remainder among them.
    """
    heard, rate_hz = _read(paths, stretch)
    return _film(heard), rate_hz


def _read(
    paths: Mapping[str, Path], stretch: Interval
) -> tuple[dict[str, NDArray[np.float64]], int]:
    """Return the same seconds of all stems, and their rate."""
    stems, rate_hz = {}, 0
    shapes: set[tuple[int, int, int]] = set()
    for name, path in paths.items():
        with sf.SoundFile(path) as file:
            shapes.add((file.frames, file.channels, file.samplerate))
            if len(shapes) > 1:
                raise StudyError(
                    str(path),
                    "it differs from the other stems in length, channels or sample rate",
                    "Analyse again with --stems",
                )
            rate_hz = file.samplerate
            first = min(file.frames, max(0, round(stretch.start_s * rate_hz)))
            file.seek(first)
            stems[name] = file.read(round(stretch.duration_s * rate_hz))
    return stems, rate_hz
