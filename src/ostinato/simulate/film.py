"""From a plan to a film file and its truth, as the records that an analysis returns."""

import dataclasses
import platform
import tempfile
from pathlib import Path

import numpy as np

from ostinato.media import film_record, open_working_copy, song_record
from ostinato.results import Occurrence, Results, Run
from ostinato.simulate.encode import Encoding, write_encoded
from ostinato.simulate.film_plan import FilmPlan
from ostinato.simulate.mix import Mixed, mix
from ostinato.version import VERSION

__all__ = ["make_film"]

_MAX_PEAK = 0.89  # -1 dBFS, so that a lossy codec does not clip either


def make_film(
    plan: FilmPlan, path: Path, *, cache_dir: Path, encoding: Encoding | None = None
) -> Results:
    """Make a film, and return what an analysis of it should find.

    Parameters
    ----------
    plan : FilmPlan
        What the film holds.
    path : pathlib.Path
        Of the film; its suffix chooses the container.
    cache_dir : pathlib.Path
        Where working copies are kept: of the recordings, and of the film.
    encoding : Encoding, optional
        How it is written; FLAC by default.

    Returns
    -------
    Results
        The truth: film, songs, scenes, occurrences and speech. A `score` is 0 and its `p_value`
        None, since nothing was measured; `scene`, transitions, coverage and ratios are left to
        `ostinato.measures`.

    Raises
    ------
    ParameterError
        If a recording does not hold what is planned of it.
    MediaError
        If a recording cannot be read or the film not be written.

    Notes
    -----
    The film is scaled as a whole if its peak would be above -1 dBFS, and levels re full scale with
    it. On disk it takes 2.3 GB more for 100 minutes in stereo while it is made.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".mixing-") as folder:
        mixed = mix(plan, folder=Path(folder), cache_dir=cache_dir)
        peak = mixed.canvas.peak()
        factor = min(1.0, _MAX_PEAK / peak) if peak > 0 else 1.0
        write_encoded(
            path,
            (block * np.float32(factor) for block in mixed.canvas.blocks()),
            n_channels=plan.channels,
            sample_rate_hz=plan.sample_rate_hz,
            encoding=encoding or Encoding(),
        )
    scale_lu = float(20 * np.log10(factor))
    return _truth(plan, mixed, path, scale_lu=scale_lu, cache_dir=cache_dir)


def _truth(
    plan: FilmPlan, mixed: Mixed, path: Path, *, scale_lu: float, cache_dir: Path
) -> Results:
    return Results(
        film=film_record(open_working_copy(path, cache_dir=cache_dir), edition=None),
        songs=tuple(
            song_record(copy, song_id=song.id, title=song.title)
            for song, copy in zip(plan.songs, mixed.songs, strict=True)
        ),
        scenes=plan.scenes,
        occurrences=tuple(_scaled(one, scale_lu) for one in mixed.occurrences),
        speech=mixed.speech,
        run=Run(
            version=VERSION,
            parameters={},
            stages=(),
            platform=f"{platform.system()}, Python {platform.python_version()}",
            started_at="",
            peak_rss_mb=None,
        ),
    )


def _scaled(one: Occurrence, scale_lu: float) -> Occurrence:
    if one.level_lufs is None:
        return one
    return dataclasses.replace(one, level_lufs=one.level_lufs + scale_lu)
