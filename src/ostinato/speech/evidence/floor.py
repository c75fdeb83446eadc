"""What is heard beneath a voice, and whether the scene's ambience goes on under it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FLOOR_PERCENTILE = 10
_AROUND_PERCENTILE = 30  # without a voice the floor is most of what is heard
_STEP_PERCENTILE = 15  # of the bands: in those that a voice leaves alone ambience is heard under it
_LEAST_FRAMES = 30  # 0.3 s: a floor of less is that of one breath


@dataclass(frozen=True, slots=True)
class NoiseFloor:
    """The floor under speech and that around it; None where there is too little to tell.

    `under_re_speech_db` and `around_re_speech_db` are against the level of the speech,
    `step_db` is the floor under it less that around it, in the bands in which that is least, where
    a voice hides nothing; below 0 where ambience makes way. `likeness` is the correlation of their
    spectra from -1 to 1: near 1 where the same ambience goes on.
    """

    under_re_speech_db: float | None
    around_re_speech_db: float | None
    step_db: float | None
    likeness: float | None


def noise_floor(
    speech_db: NDArray[np.floating], around_db: NDArray[np.floating], *, speech_level_db: float
) -> NoiseFloor:
    """Compare the floor in the pauses of a voice with that before and after it.

    `speech_db` (n_frames, n_bands): levels while the voice speaks, its short pauses among them;
    `around_db` (n_other_frames, n_bands): levels nearby while nobody speaks; `speech_level_db`:
    level of the voice in the sum of the bands.

    References
    ----------
    .. [1] R. Martin, "Noise power spectral density estimation based on optimal smoothing and
           minimum statistics", *IEEE Trans. Speech and Audio Processing* 9 (2001), 504-512.
    """
    under = _percentiles(speech_db, _FLOOR_PERCENTILE)
    around = _percentiles(around_db, _AROUND_PERCENTILE)
    return NoiseFloor(
        under_re_speech_db=None if under is None else total_db(under) - speech_level_db,
        around_re_speech_db=None if around is None else total_db(around) - speech_level_db,
        step_db=(
            None
            if under is None or around is None
            else float(np.percentile(under - around, _STEP_PERCENTILE))
        ),
        likeness=_correlation(under, around),
    )


def total_db(bands_db: NDArray[np.floating]) -> float:
    """Level of the sum of some bands.

    `bands_db` (n_bands,): levels.
    """
    return float(10 * np.log10(np.sum(10 ** (bands_db.astype(np.float64) / 10))))


def _percentiles(bands_db: NDArray[np.floating], rank: int) -> NDArray[np.float64] | None:
    if bands_db.shape[0] < _LEAST_FRAMES:
        return None
    return np.asarray(np.percentile(bands_db.astype(np.float64), rank, axis=0))


def _correlation(
    one: NDArray[np.float64] | None, other: NDArray[np.float64] | None
) -> float | None:
    if one is None or other is None or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])
