"""How a voice sounds, where it stands between the loudspeakers, and who answers it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ostinato.results import SpeechSegment
from ostinato.speech.evidence.profile import CENTRES_HZ, EDGES_HZ

_LOUD_DB = 15.0  # below the loudest frames: vowels and what is near them
_BLOCK_S = 0.4  # as momentary loudness
_TILT_HZ = (200.0, 6000.0)
_LOW_HZ, _MIDDLE_HZ = (80.0, 210.0), (400.0, 1100.0)
_WITHIN_DB = 40.0  # of the strongest band, as far as a voice reaches up
_LEAST_FRAMES = 10
_WIDEST_DB = 60.0  # a codec's rounding lies about there; more says no more
ANSWER_S = 2.0
"""Within this time another voice answers; a pause of a run is no longer."""
_LONGEST_GAP_S = 60.0  # who has been silent for a minute is silent


@dataclass(frozen=True, slots=True)
class VoiceSound:
    """Level of a voice and the shape of its spectrum.

    `level_db` is that of its loud frames and `level_spread_db` the standard deviation over blocks
    of 400 ms, None in speech of two blocks or fewer. `tilt_db_octave` is the slope of its spectrum
    from 200 Hz to 6 kHz, `low_end_db` its level from 80 to 210 Hz less that from 400 to 1100 Hz,
    and `bandwidth_hz` where it has fallen 40 dB below its strongest band.
    """

    level_db: float
    level_spread_db: float | None
    tilt_db_octave: float
    low_end_db: float
    bandwidth_hz: float


def voice_sound(speech_db: NDArray[np.floating], *, frame_rate_hz: float) -> VoiceSound | None:
    """Measure the sound of one stretch of speech.

    `speech_db` (n_frames, n_bands): levels while the voice speaks, in the bands of `EDGES_HZ`.
    """
    if speech_db.shape[0] == 0:
        return None
    power = 10 ** (speech_db.astype(np.float64) / 10)
    frame_power = power.sum(axis=1)
    spectrum_db = 10 * np.log10(power[is_loud(frame_power)].mean(axis=0))
    return VoiceSound(
        level_db=float(10 * np.log10(frame_power[is_loud(frame_power)].mean())),
        level_spread_db=_level_spread_db(frame_power, round(_BLOCK_S * frame_rate_hz)),
        tilt_db_octave=_tilt_db_octave(spectrum_db),
        low_end_db=_mean_db(spectrum_db, _LOW_HZ) - _mean_db(spectrum_db, _MIDDLE_HZ),
        bandwidth_hz=float(
            EDGES_HZ[1:][np.flatnonzero(spectrum_db >= spectrum_db.max() - _WITHIN_DB)[-1]]
        ),
    )


def is_loud(frame_power: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Tell which frames carry the voice.

    `frame_power` (n_frames,): at least one frame. Returns (n_frames,).
    """
    return np.asarray(frame_power >= np.percentile(frame_power, 95) * 10 ** (-_LOUD_DB / 10))


def _level_spread_db(frame_power: NDArray[np.float64], block_length: int) -> float | None:
    n_blocks = frame_power.size // block_length
    if n_blocks < 3:  # noqa: PLR2004 - two blocks have no spread worth the name
        return None
    blocks = frame_power[: n_blocks * block_length].reshape(n_blocks, -1).mean(axis=1)
    return float(np.std(10 * np.log10(blocks)))


def _within(bounds_hz: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray((bounds_hz[0] <= CENTRES_HZ) & (bounds_hz[1] >= CENTRES_HZ))


def _mean_db(spectrum_db: NDArray[np.float64], bounds_hz: tuple[float, float]) -> float:
    return float(spectrum_db[_within(bounds_hz)].mean())


def _tilt_db_octave(spectrum_db: NDArray[np.float64]) -> float:
    bands = _within(_TILT_HZ)
    # a band's level grows with its width: the tilt is that of the density
    density_db = spectrum_db - 10 * np.log10(np.diff(EDGES_HZ))
    octaves = np.log2(CENTRES_HZ[bands])
    octaves -= octaves.mean()
    return float(octaves @ density_db[bands] / (octaves @ octaves))


def power_ratio_db(one_db: NDArray[np.floating], other_db: NDArray[np.floating]) -> float | None:
    """Compare the power of two signals over the same frames.

    `one_db`, `other_db` (n_frames,): levels: of side and mid, or of the centre and the front
    without it.
    """
    if one_db.size < _LEAST_FRAMES:
        return None
    one, other = (np.mean(10 ** (x.astype(np.float64) / 10)) for x in (one_db, other_db))
    return float(np.clip(10 * np.log10(one / other), -_WIDEST_DB, _WIDEST_DB))


@dataclass(frozen=True, slots=True)
class Turn:
    """A segment's place in the talk.

    `is_answered` says whether another voice speaks within 2 s of it, before or after, None where
    voices are not known. `run_s` is the length of the run that it is part of: speech of one voice,
    or of any where voices are not known, with pauses of 2 s at most. Gaps are to the speech before
    and after, a minute at most; at the film's ends they count as a minute.
    """

    is_answered: bool | None
    run_s: float
    gap_before_s: float
    gap_after_s: float


def turns(speech: Sequence[SpeechSegment]) -> tuple[Turn, ...]:
    """Describe the course of the talk."""
    run_of = runs(speech)
    bounds: dict[int, tuple[float, float]] = {}
    for segment, run in zip(speech, run_of, strict=True):
        start_s, _ = bounds.get(run, (segment.start_s, 0.0))
        bounds[run] = (start_s, segment.end_s)
    out = []
    for i, segment in enumerate(speech):
        before_s = segment.start_s - speech[i - 1].end_s if i else _LONGEST_GAP_S
        after_s = speech[i + 1].start_s - segment.end_s if i + 1 < len(speech) else _LONGEST_GAP_S
        neighbours = [
            speech[j].voice
            for j, gap_s in ((i - 1, before_s), (i + 1, after_s))
            if 0 <= j < len(speech) and gap_s <= ANSWER_S
        ]
        start_s, end_s = bounds[run_of[i]]
        out.append(
            Turn(
                is_answered=_is_answered(segment.voice, neighbours),
                run_s=end_s - start_s,
                gap_before_s=min(before_s, _LONGEST_GAP_S),
                gap_after_s=min(after_s, _LONGEST_GAP_S),
            )
        )
    return tuple(out)


def runs(speech: Sequence[SpeechSegment]) -> tuple[int, ...]:
    """Give each segment the number of its run.

    A run is speech of one voice without a pause of more than 2 s.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        In film order.

    Returns
    -------
    tuple of int
        The run of each segment, from 0. Segments whose voice is not known share runs with each
        other.
    """
    numbers: list[int] = []
    for i, segment in enumerate(speech):
        before = speech[i - 1] if i else None
        goes_on = (
            before is not None
            and segment.start_s - before.end_s <= ANSWER_S
            and segment.voice == before.voice
        )
        numbers.append(numbers[-1] + (not goes_on) if numbers else 0)
    return tuple(numbers)


def _is_answered(voice: str | None, neighbours: Sequence[str | None]) -> bool | None:
    if voice is None or any(other is None for other in neighbours):
        return None
    return any(other != voice for other in neighbours)
