"""The song's level against the speech that it plays under; differences only, in LU."""

import numpy as np
from numpy.typing import NDArray

from ostinato.timeline import Timeline

LEAST_SPEECH_S = 1.0
"""Less speech than this within an occurrence is no ground for a level."""


def level_re_speech_lu(
    times_s: NDArray[np.float64],
    song_power: NDArray[np.float64],
    other_power: NDArray[np.float64],
    *,
    speech: Timeline,
) -> float | None:
    """Level of the song less that of the speech, over the frames in which somebody speaks.

    Parameters
    ----------
    times_s : ndarray, shape (n_frames,)
        Film time of each frame's centre, evenly spaced.
    song_power, other_power : ndarray, shape (n_frames,)
        K-weighted mean square of the song and of all else. Where somebody speaks, all else is
        speech and ambience: the difference is a lower bound where the ambience is loud.
    speech : Timeline
        Where somebody speaks.

    Returns
    -------
    float or None
        Positive when the song is the louder; None with less than `LEAST_SPEECH_S` of speech.
    """
    bounds_s = [bound for i in speech for bound in (i.start_s, i.end_s)]
    is_speech = np.searchsorted(bounds_s, times_s, side="right") % 2 == 1
    if times_s.size < 2 or not is_speech.any():  # noqa: PLR2004 - one frame has no spacing
        return None
    spoken_s = np.count_nonzero(is_speech) * float(np.median(np.diff(times_s)))
    song, other = float(song_power[is_speech].mean()), float(other_power[is_speech].mean())
    if spoken_s < LEAST_SPEECH_S or song <= 0 or other <= 0:
        return None
    return 10 * float(np.log10(song / other))
