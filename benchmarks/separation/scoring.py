"""One clip is taken apart, by the program or by another method, and held against its truth."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from chains import RATE_HZ, Sound
from clips import Clip
from scipy.ndimage import maximum_filter1d
from scipy.stats import rankdata

from ostinato.dsp.loudness import SLOTS_PER_MOMENTARY, lufs, slot_energies, start_loudness
from ostinato.media import in_memory
from ostinato.results import TimeMap
from ostinato.separation import (
    SeparationParameters,
    Stem,
    Taken,
    momentary_levels,
    new_stem,
    stem_levels,
    take_out,
)
from ostinato.speech import detect_activity
from ostinato.timeline import Interval

MAP_ERROR_S = 0.0012  # what a search leaves
TALK_SHARE, TALK_FRAMES = 10**-3.5, 15
LEAST_LEVEL_LU = -40.0  # re the loudest: where a song is all but silent its level means nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one clip came out; what a method does not tell is None.

    Parameters
    ----------
    speech_db, song_db : float
        SI-SDR of the remainder against the speech, and of the stem against the song.
    level_lu : float
        Mean error of the song's level over 400 ms, either way.
    error_lu : float
        What the program says of it, in the mean.
    within_one, within_two : float
        Share of levels that are no further off than once and twice what the program says.
    auc : float
        Of the probability of talk in the remainder, against where the voice itself is loud.
    """

    grade: str | None
    speech_db: float
    auc: float
    cpu_s: float
    mix_db: float | None = None
    mix_auc: float | None = None
    ceiling_db: float | None = None
    song_db: float | None = None
    level_lu: float | None = None
    error_lu: float | None = None
    within_one: float | None = None
    within_two: float | None = None
    reduction_db: float | None = None
    coherence: float | None = None


def score(clip: Clip, folder: Path, *, parameters: SeparationParameters) -> Score:
    """Take the song out of a clip as the program does.

    Parameters
    ----------
    clip : Clip
        With its truth.
    folder : pathlib.Path
        For what is taken out.
    parameters : SeparationParameters
        How.

    Returns
    -------
    Score
        All of it, but for levels where the song was not cancelled.
    """
    n_samples = clip.film.shape[1]
    stem = new_stem(folder / "stem.f32", start_sample=0, n_samples=n_samples, n_channels=2)
    started = time.process_time()
    taken = take_out(
        in_memory(clip.film, rate_hz=RATE_HZ),
        in_memory(clip.reference, rate_hz=RATE_HZ),
        stretch=Interval(0.0, n_samples / RATE_HZ),
        time_map=TimeMap(-clip.song_start_s / clip.speed + MAP_ERROR_S, clip.speed),
        pitch=clip.pitch,
        stem=stem,
        parameters=parameters,
    )
    cpu_s = time.process_time() - started
    song = stem.read(0, n_samples)
    level_lu, error_lu, within_one, within_two = _levels(clip, stem, taken)
    return Score(
        grade=taken.grade,
        mix_db=si_sdr_db(clip.film, clip.speech),
        mix_auc=talk_auc(clip.film, clip.speech),
        ceiling_db=si_sdr_db(clip.film - clip.song, clip.speech),
        speech_db=si_sdr_db(clip.film - song, clip.speech),
        song_db=si_sdr_db(song, clip.song),
        level_lu=level_lu,
        error_lu=error_lu,
        within_one=within_one,
        within_two=within_two,
        reduction_db=None if taken.quality is None else taken.quality.reduction_db,
        coherence=None if taken.quality is None else taken.quality.coherence,
        auc=talk_auc(clip.film - song, clip.speech),
        cpu_s=cpu_s,
    )


def score_speech(speech: Sound, clip: Clip, *, cpu_s: float) -> Score:
    """Hold what another method takes for the speech against what was said."""
    return Score(
        grade=None,
        speech_db=si_sdr_db(speech, clip.speech),
        auc=talk_auc(speech, clip.speech),
        cpu_s=cpu_s,
    )


def si_sdr_db(found: Sound, true: Sound) -> float:
    """Scale-invariant signal to distortion ratio (Le Roux et al., ICASSP 2019, eq. 3)."""
    x, y = found.ravel().astype(np.float64), true.ravel().astype(np.float64)
    target = y * (x @ y / max(float(y @ y), 1e-12))
    return float(10 * np.log10((target @ target) / max(float(np.sum((x - target) ** 2)), 1e-12)))


def talk_auc(y: Sound, speech: Sound) -> float:
    """Area under the curve of the probability of talk, against where the voice itself is loud."""
    voice = speech.mean(axis=0)
    activity = detect_activity(in_memory(y, rate_hz=RATE_HZ))
    frame = RATE_HZ // 100
    power = np.square(voice[: activity.speech.size * frame]).reshape(-1, frame).mean(axis=1)
    # pauses between sounds count as talk, as they do for a listener
    is_talk = maximum_filter1d(power > TALK_SHARE * power.max(), TALK_FRAMES)
    ranks = rankdata(activity.speech[: power.size])
    n_talk = np.count_nonzero(is_talk)
    n_pairs = n_talk * (is_talk.size - n_talk)
    return float((ranks[is_talk].sum() - n_talk * (n_talk + 1) / 2) / max(1, n_pairs))


def _codec_gain_db(clip: Clip) -> float:
    """By how much the codec turned up what was mixed: an MP3 encoder turns it down by .26 dB."""
    mix = clip.speech + clip.song
    return float(20 * np.log10(np.vdot(clip.film, mix) / np.vdot(mix, mix)))


def _levels(clip: Clip, stem: Stem, taken: Taken) -> tuple[float | None, ...]:
    """Return mean error, mean stated error, and the shares within one and two of those stated."""
    if taken.fader is None or taken.quality is None:
        return None, None, None, None
    levels = stem_levels(
        in_memory(clip.film, rate_hz=RATE_HZ),
        stem,
        start_sample=0,
        stop_sample=clip.film.shape[1],
    )
    rows = momentary_levels("O1", levels, taken.fader, reduction_db=taken.quality.reduction_db)
    slots, _ = slot_energies(clip.song, start_loudness(sample_rate_hz=RATE_HZ, n_channels=2))
    power = slots.sum(axis=0)[: len(rows) * SLOTS_PER_MOMENTARY].reshape(len(rows), -1)
    true = lufs(power.mean(axis=1)) + _codec_gain_db(clip)
    audible = true > true.max() + LEAST_LEVEL_LU
    found = np.array([np.nan if row.level_lufs is None else row.level_lufs for row in rows])
    stated = np.array([np.nan if row.error_lu is None else row.error_lu for row in rows])
    error, stated = np.abs(found - true)[audible], stated[audible]
    return (
        float(error.mean()),
        float(stated.mean()),
        float(np.mean(error <= stated)),
        float(np.mean(error <= 2 * stated)),
    )
