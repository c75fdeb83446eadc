"""The song's level against the speech that it plays under; differences only, in LU."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.ndimage import uniform_filter1d

from ostinato.dsp.loudness import ABSOLUTE_GATE_LUFS
from ostinato.measures.statistics import hodges_lehmann, sign_p
from ostinato.measures.verdicts import MeasureParameters
from ostinato.results import Loudness, Occurrence, Song
from ostinato.timeline import Timeline

LEAST_SPEECH_S = 1.0
"""Less speech than this within an occurrence is no ground for a level."""
_MOMENTARY_S = 0.4
LOUDER_SHARE = 0.8
"""The alternative for which power is given: the song is louder in this share of its playings."""


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
    is_speech = _is_speech(times_s, speech)
    if is_speech is None:
        return None
    song, other = float(song_power[is_speech].mean()), float(other_power[is_speech].mean())
    if song <= 0 or other <= 0:
        return None
    return 10 * float(np.log10(song / other))


def louder_share(
    times_s: NDArray[np.float64],
    song_power: NDArray[np.float64],
    other_power: NDArray[np.float64],
    *,
    speech: Timeline,
) -> float | None:
    """Share of the time in which somebody speaks and the song is the louder.

    Parameters
    ----------
    times_s : ndarray, shape (n_frames,)
        Film time of each frame's centre, evenly spaced.
    song_power, other_power : ndarray, shape (n_frames,)
        K-weighted mean square of the song and of all else; compared over 400 ms, the momentary
        loudness of EBU Tech 3341, so that no pause between syllables counts.
    speech : Timeline
        Where somebody speaks.

    Returns
    -------
    float or None
        None with less than `LEAST_SPEECH_S` of speech.
    """
    is_speech = _is_speech(times_s, speech)
    if is_speech is None:
        return None
    n_frames = max(1, round(_MOMENTARY_S / _spacing_s(times_s)))
    song, other = (uniform_filter1d(power, n_frames) for power in (song_power, other_power))
    return float(np.mean(song[is_speech] > other[is_speech]))


def loudness_percentile(
    level_lufs: float | None, short_term_lufs: NDArray[np.float64]
) -> float | None:
    """Percentile of a song's level among the short-term loudness of the whole film.

    Parameters
    ----------
    level_lufs : float or None
        Of the song alone, as it is heard in the film.
    short_term_lufs : ndarray of float64, shape (n_windows,)
        Of every 3 s of film; what lies below the absolute gate of BS.1770 counts as silence and is
        left out.

    Returns
    -------
    float or None
        0 to 100, ties by half; None where the level is not known or the film is silent.
    """
    audible = short_term_lufs[short_term_lufs > ABSOLUTE_GATE_LUFS]
    if level_lufs is None or audible.size == 0:
        return None
    return float(stats.percentileofscore(audible, level_lufs, kind="mean"))


def _is_speech(times_s: NDArray[np.float64], speech: Timeline) -> NDArray[np.bool_] | None:
    """Tell in which frames somebody speaks; None where that is too little."""
    bounds_s = [bound for i in speech for bound in (i.start_s, i.end_s)]
    is_speech = np.asarray(np.searchsorted(bounds_s, times_s, side="right") % 2 == 1)
    if times_s.size < 2:  # noqa: PLR2004 - one frame has no spacing
        return None
    is_enough = np.count_nonzero(is_speech) * _spacing_s(times_s) >= LEAST_SPEECH_S
    return is_speech if is_enough else None


def _spacing_s(times_s: NDArray[np.float64]) -> float:
    return float(np.median(np.diff(times_s)))


def loudness(
    occurrences: Sequence[Occurrence], songs: Sequence[Song], *, parameters: MeasureParameters
) -> tuple[Loudness, ...]:
    """Level of each song less that of the speech, over its playings.

    References
    ----------
    .. [1] M. Hollander, D. A. Wolfe and E. Chicken, *Nonparametric Statistical Methods*, 3rd ed.,
           2014, sec. 3.4.
    """
    return tuple(_loudness(occurrences, song, parameters) for song in songs)


def _loudness(
    occurrences: Sequence[Occurrence], song: Song, parameters: MeasureParameters
) -> Loudness:
    by_playing: dict[str, list[float]] = {}
    for one in occurrences:
        if one.song_id == song.id and one.level_re_speech_lu is not None:
            by_playing.setdefault(one.playing_id, []).append(one.level_re_speech_lu)
    levels_lu = np.array([np.mean(levels) for levels in by_playing.values()], dtype=np.float64)
    centre = hodges_lehmann(
        levels_lu,
        rng=np.random.default_rng(parameters.seed),
        n_resamples=parameters.n_resamples,
        level=parameters.level,
    )
    untied = levels_lu[levels_lu != 0]
    n, n_louder = untied.size, int(np.count_nonzero(untied > 0))
    return Loudness(
        song_id=song.id,
        n=levels_lu.size,
        median_lu=centre.value,
        low_lu=centre.low,
        high_lu=centre.high,
        n_louder=n_louder,
        louder_share=_mean_share(occurrences, song),
        p_sign=sign_p(n_louder, n, side="greater"),
        p_softer=sign_p(n_louder, n, side="less"),
        power=sign_test_power(n, if_share=LOUDER_SHARE, significance=parameters.alpha),
    )


def _mean_share(occurrences: Sequence[Occurrence], song: Song) -> float | None:
    """Share of the speech under one song during which the song is louder; seconds weigh alike."""
    shares = [
        (one.film.duration_s, one.louder_share)
        for one in occurrences
        if one.song_id == song.id and one.louder_share is not None
    ]
    whole_s = sum(duration_s for duration_s, _ in shares)
    return sum(duration_s * share for duration_s, share in shares) / whole_s if shares else None


def sign_test_power(n: int, *, if_share: float, significance: float) -> float | None:
    """Probability that the one-sided exact sign test rejects one half.

    `if_share`: the true share of successes; `significance`: the p-value at which it rejects.
    """
    if n == 0:
        return None
    n_successes = np.arange(n + 1)
    rejects = stats.binom.sf(n_successes - 1, n, 0.5) <= significance
    return float(stats.binom.pmf(n_successes, n, if_share)[rejects].sum())
