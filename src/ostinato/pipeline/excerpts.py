"""What there is to listen to and to see of a cue, before and after the song was taken out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import librosa
import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from ostinato.errors import MediaError, StudyError
from ostinato.media import Signal, WorkingCopy, front
from ostinato.pipeline.memo import Arrays, Codec, Memo, keep, recall
from ostinato.pipeline.separation import Piece, Separated
from ostinato.results import CuePicture, MomentaryLevel, Results, SpeechSegment
from ostinato.timeline import Interval, Timeline

_Clip = tuple[str, NDArray[np.float64], int]  # name, samples, rate
_BESIDE_S = 1.0
_ROW_S = 0.4
_LOUD = 10.0 ** (-2.5)  # a shout for a moment is no reason to choose its neighbourhood
_LONGEST_S = 40.0  # a syllable is then two points wide on a page
_FRAME_S = 0.043  # a harmonic of a voice is told from the next
_N_BANDS, _MOST_FRAMES = 112, 560  # 125 kB for both
_LOW_HZ, _HIGH_HZ = 70.0, 12000.0
_NYQUIST_SHARE = 0.98
_DEPTH_DB = 60.0
_SILENCE = 1e-14


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


def picture_of(
    film: WorkingCopy, separated: Separated, speech: Sequence[SpeechSegment], *, memo: Memo
) -> CuePicture | None:
    """Return a picture of a cue that was cancelled, None if none was.

    It is of the cue under which people talk longest, the longest where nobody does, and of the
    seconds in which the softer of song and remainder is loudest.
    """
    piece = _with_most_talk(separated, speech)
    if piece is None:
        return None
    stretch = busiest(piece.song_levels, duration_s=_LONGEST_S)
    if stretch is None:
        return None
    first, stop = (
        min(film.n_samples, round(time_s * film.rate_hz))
        for time_s in (stretch.start_s, min(stretch.end_s, piece.occurrence.film_end_s))
    )
    if stop - first < _frame_length(film.rate_hz):
        return None
    entry = memo.entry("picture", keys=separated.keys_in(first, stop), first=first, stop=stop)
    levels = recall(entry, _CODEC)
    if levels is None:
        levels = _levels(front(film), separated, film, first, stop)
        keep(entry, _CODEC, levels)
    ends = Interval(first / film.rate_hz, stop / film.rate_hz)
    return _picture(piece, ends, film.rate_hz, levels)


def _with_most_talk(separated: Separated, speech: Sequence[SpeechSegment]) -> Piece | None:
    talk = Timeline.of(one.interval for one in speech)
    cancelled = [
        one
        for one in separated.pieces
        if one.grade == "cancelled" and any(row.film_lufs is not None for row in one.song_levels)
    ]

    def rank(one: Piece) -> tuple[float, float, float]:
        film = one.occurrence.film
        shared_s = (talk & Timeline.of([film])).duration_s
        return min(shared_s, _LONGEST_S), film.duration_s, -film.start_s

    return max(cancelled, key=rank, default=None)


def _picture(
    piece: Piece, ends: Interval, rate_hz: int, levels: tuple[NDArray[np.float32], ...]
) -> CuePicture:
    loudest_db = float(max(one.max() for one in levels))
    film, remainder = (
        np.clip(np.round(255 * (1 + (one - loudest_db) / _DEPTH_DB)), 0, 255).astype(np.uint8)
        for one in levels
    )
    return CuePicture(
        occurrence_id=piece.id,
        start_s=ends.start_s,
        end_s=ends.end_s,
        low_hz=_LOW_HZ,
        high_hz=_high_hz(rate_hz),
        n_bands=film.shape[0],
        n_frames=film.shape[1],
        loudest_db=round(loudest_db, 2),
        depth_db=_DEPTH_DB,
        film=film.tobytes(),
        remainder=remainder.tobytes(),
    )


def _levels(
    mix: Signal, separated: Separated, film: WorkingCopy, first: int, stop: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    rest = separated.without_songs(film)
    before, after = (_bands_db(one.read(first, stop), mix.rate_hz) for one in (mix, rest))
    return before, after


def _bands_db(y: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """Return the level of each band in each frame, shape (n_bands, n_frames), in dB."""
    length = _frame_length(rate_hz)
    mono = y.mean(axis=0)
    spectra = librosa.stft(mono, n_fft=length, hop_length=length // 2, center=False)
    n_frames = spectra.shape[1]
    spectra /= librosa.filters.get_window("hann", length).sum()
    edges_hz = np.geomspace(_LOW_HZ, _high_hz(rate_hz), _N_BANDS + 1)
    edges = edges_hz * length / rate_hz
    bins = np.arange(len(spectra) + 1) - 0.5
    power = np.empty((n_frames, _N_BANDS))
    for frame, cells in enumerate(np.abs(spectra.T) ** 2):
        # what lies between two edges, which may be nearer than two bins
        sums = np.interp(edges, bins, np.append(0, np.cumsum(cells, dtype=np.float64)))
        power[frame] = np.diff(sums) / np.diff(edges)
    n_columns = min(_MOST_FRAMES, n_frames)
    starts = np.linspace(0, n_frames, n_columns, endpoint=False).astype(int)
    counts = np.diff(np.append(starts, n_frames))
    means = np.add.reduceat(power, starts, axis=0) / counts[:, None]
    levels_db = librosa.power_to_db(means.T, amin=_SILENCE, top_db=None)
    return np.asarray(levels_db, np.float32)


def _frame_length(rate_hz: int) -> int:
    return 2 * round(_FRAME_S * rate_hz / 2)


def _high_hz(rate_hz: int) -> float:
    return min(_HIGH_HZ, _NYQUIST_SHARE * rate_hz / 2)


def _arrays_of(levels: tuple[NDArray[np.float32], ...]) -> Arrays:
    return dict(zip(("film", "remainder"), levels, strict=True))


_CODEC: Codec[tuple[NDArray[np.float32], ...]] = Codec(
    _arrays_of, lambda arrays: (arrays["film"], arrays["remainder"])
)
