"""All evidence, taken for each segment of speech, and what each value means."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from ostinato.dsp.activations import frame_mask, frame_slice
from ostinato.results import (
    SegmentEvidence,
    SpeechSegment,
)
from ostinato.speech.activity import Activity
from ostinato.speech.annotations import Annotation
from ostinato.speech.evidence.profile import Profile
from ostinato.speech.evidence.surroundings import foreground, late_decay, noise_floor
from ostinato.speech.evidence.voice_sound import (
    Turn,
    VoiceSound,
    is_loud,
    power_ratio_db,
    turns,
    voice_sound,
)
from ostinato.timeline import Interval, Timeline, meeting

MEANINGS: dict[str, str] = {
    "activity": "mean probability of talk, 0 to 1",
    "late_decay_db_s": "median rate at which sound dies away after bursts of the voice, dB/s; "
    "slow in a room",
    "slow_decay_db_s": "lower quartile of these rates, dB/s",
    "decay_spread_db_s": "standard deviation of falls of level over 80 ms, dB/s; small in a room",
    "noise_floor_re_speech_db": "floor in the pauses of the voice against its level, dB",
    "ambience_re_speech_db": "floor within 6 s around, where nobody speaks, against the voice, dB",
    "noise_floor_step_db": "floor under the voice less that around it, in the bands that the voice "
    "leaves alone, dB; below 0 where the ambience makes way",
    "noise_floor_likeness": "correlation of the spectra of these floors, -1 to 1; near 1 where the "
    "scene's ambience goes on",
    "foreground_per_min": "sudden sounds a minute within 6 s around, where nobody speaks",
    "foreground_spread_db": "95th percentile of the level there over its median, dB",
    "tilt_db_octave": "slope of the voice's spectrum from 200 Hz to 6 kHz, dB per octave",
    "low_end_db": "level from 80 to 210 Hz less that from 400 to 1100 Hz, dB; high close to the "
    "microphone",
    "bandwidth_hz": "where the voice's spectrum has fallen 40 dB, Hz",
    "level_re_film_db": "level of the voice against the median of the film's speech, dB",
    "level_spread_db": "standard deviation of the voice's level over 400 ms, dB",
    "side_to_mid_db": "side against mid while the voice speaks, -60 to 60 dB",
    "surround_side_to_mid_db": "side against mid within 6 s around, where nobody speaks, dB",
    "centre_to_front_db": "centre channel against left and right without it, dB",
    "is_answered": "1 if another voice speaks within 2 s before or after, else 0",
    "run_s": "length of the run of speech without a pause of 2 s, of one voice where voices are "
    "known, s",
    "gap_before_s": "time since the speech before, 60 s at most",
    "gap_after_s": "time to the speech after, 60 s at most",
    "music_activity": "mean probability of music, 0 to 1",
    "song_share": "share of the segment during which a song that was looked for is heard, 0 to 1",
    "singing_share": "share of the segment during which somebody sings, 0 to 1; high where talk "
    "overlaps with singing, or where singing may be taken for talk",
    "italic_share": "share of the segment under subtitles in italics, 0 to 1",
    "narrator_tag_share": "share under subtitles tagged (V.O.), NARRATOR: and the like, 0 to 1",
    "speaker_name_share": "share under subtitles that begin with a name in capitals or brackets",
    "narrator_voice_share": "share of narration in what labels of other scenes say of this voice, "
    "drawn towards the film's, 0 to 1",
    "p_narration_without_label": "of a labelled segment: the probability of narration that labels "
    "of other scenes give it, or the prior",
}
"""Names carry their units; what could not be measured is absent."""
_AROUND_S = 6.0  # what is heard of the scene next to a voice; longer reaches into other scenes
_EDGE_S = 0.25  # a voice's bounds are no more exact, and rooms ring on
_RING_S = 0.4  # after the voice, in which it dies away
_BANDS_OF_DECAY = ((6, 9), (9, 12), (12, 15), (15, 18), (18, 21))
"""510 Hz to 5.3 kHz, in which voices are strong and rooms ring, in bands wide enough to be smooth:
of one critical band the envelope of noise alone rises and falls by 5 dB."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heard:
    """What a film sounds like, as far as evidence is taken from it.

    Parameters
    ----------
    profile : Profile
        Levels, of the remainder where a song was taken out.
    activity : Activity
        Probabilities of talk and music.
    songs : Timeline
        Where songs that were looked for are heard.
    singing : Timeline
        Where somebody sings.
    cues : tuple of Annotation
        Of the subtitles, in film order.
    """

    profile: Profile
    activity: Activity
    songs: Timeline
    singing: Timeline
    cues: tuple[Annotation, ...] = ()


def with_evidence(speech: Sequence[SpeechSegment], heard: Heard) -> tuple[SpeechSegment, ...]:
    """Take the evidence for each segment.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        In film order, never overlapping; `voice` is used where it is known.
    heard : Heard
        The film.

    Returns
    -------
    tuple of SpeechSegment
        The same, with values added to `evidence` by the names of `MEANINGS`. What could not be
        measured is absent.
    """
    profile = heard.profile
    is_speech = frame_mask(
        Timeline.of(
            Interval(max(0.0, s.start_s - _EDGE_S), s.end_s + _EDGE_S + _RING_S) for s in speech
        ),
        profile.clock,
        n_frames=profile.n_frames,
    )
    sounds = [_sound(segment, profile) for segment in speech]
    known_db = [sound.level_db for sound in sounds if sound is not None]
    film_db = float(np.median(known_db)) if known_db else 0.0
    return tuple(
        segment.with_parts(
            SegmentEvidence(
                evidence={
                    **segment.evidence,
                    **_present(
                        {
                            **_of_sound(segment, sound, profile, film_db),
                            **_of_surroundings(segment, sound, profile, is_speech),
                            **_of_turn(turn),
                            **_of_music(segment, heard),
                        }
                    ),
                    **mark_shares(segment.interval, heard.cues),
                }
            )
        )
        for segment, sound, turn in zip(speech, sounds, turns(speech), strict=True)
    )


def with_surroundings(
    speech: Sequence[SpeechSegment], *, songs: Timeline, singing: Timeline
) -> tuple[SpeechSegment, ...]:
    """Take anew what evidence there is without any sound: turns, and songs that are heard.

    Parameters
    ----------
    speech : sequence of SpeechSegment
        In film order, never overlapping; some may have other edges or voices than before.
    songs : Timeline
        Where songs that were looked for are heard.
    singing : Timeline
        Where somebody sings.

    Returns
    -------
    tuple of SpeechSegment
        The same; all other evidence stays as it was.
    """
    out = []
    for segment, turn in zip(speech, turns(speech), strict=True):
        anew = {**_of_turn(turn), **_shares(segment, songs=songs, singing=singing)}
        rest = {name: value for name, value in segment.evidence.items() if name not in anew}
        kept = _present({name: anew.get(name, rest.get(name)) for name in segment.evidence})
        out.append(segment.with_parts(SegmentEvidence(evidence={**kept, **_present(anew)})))
    return tuple(out)


def _frame_rate_hz(profile: Profile) -> float:
    return profile.clock.sample_rate_hz / profile.clock.hop_length


def _sound(segment: SpeechSegment, profile: Profile) -> VoiceSound | None:
    bands_db = profile.bands_db[profile.frames(segment.interval)]
    return voice_sound(bands_db, frame_rate_hz=_frame_rate_hz(profile))


def _of_sound(
    segment: SpeechSegment, sound: VoiceSound | None, profile: Profile, film_db: float
) -> dict[str, float | None]:
    if sound is None:
        return {}
    ringing = Interval(segment.start_s, segment.end_s + _RING_S)
    decay = late_decay(
        _wide(profile.bands_db[profile.frames(ringing)]), frame_rate_hz=_frame_rate_hz(profile)
    )
    return {
        "late_decay_db_s": decay.rate_db_s,
        "slow_decay_db_s": decay.slow_rate_db_s,
        "decay_spread_db_s": decay.spread_db_s,
        "tilt_db_octave": sound.tilt_db_octave,
        "low_end_db": sound.low_end_db,
        "bandwidth_hz": sound.bandwidth_hz,
        "level_re_film_db": sound.level_db - film_db,
        "level_spread_db": sound.level_spread_db,
        **_placement(profile, profile.frames(segment.interval)),
    }


def _wide(bands_db: NDArray[np.float16]) -> NDArray[np.float64]:
    power = 10 ** (bands_db.astype(np.float64) / 10)
    return np.stack(
        [10 * np.log10(power[:, first:stop].sum(axis=1)) for first, stop in _BANDS_OF_DECAY], axis=1
    )


def _placement(profile: Profile, frames: slice) -> dict[str, float | None]:
    if profile.side_db is None:
        return {}
    power = 10 ** (profile.bands_db[frames].astype(np.float64) / 10)
    mid_db = 10 * np.log10(power.sum(axis=1))
    loud = is_loud(power.sum(axis=1))
    out = {"side_to_mid_db": power_ratio_db(profile.side_db[frames][loud], mid_db[loud])}
    if profile.centre_db is not None and profile.rest_db is not None:
        out["centre_to_front_db"] = power_ratio_db(
            profile.centre_db[frames][loud], profile.rest_db[frames][loud]
        )
    return out


def _of_surroundings(
    segment: SpeechSegment,
    sound: VoiceSound | None,
    profile: Profile,
    is_speech: NDArray[np.bool_],
) -> dict[str, float | None]:
    near = profile.frames(
        Interval(max(0.0, segment.start_s - _AROUND_S), segment.end_s + _AROUND_S)
    )
    bands_db = profile.bands_db[near].astype(np.float64)
    is_around = ~is_speech[near]
    around_db = bands_db[is_around]
    events = foreground(
        np.where(is_around[:, None], bands_db, np.nan), frame_rate_hz=_frame_rate_hz(profile)
    )
    out: dict[str, float | None] = {
        "foreground_per_min": events.events_per_min,
        "foreground_spread_db": events.spread_db,
    }
    if sound is not None:
        floor = noise_floor(
            profile.bands_db[profile.frames(segment.interval)],
            around_db,
            speech_level_db=sound.level_db,
        )
        out |= {
            "noise_floor_re_speech_db": floor.under_re_speech_db,
            "ambience_re_speech_db": floor.around_re_speech_db,
            "noise_floor_step_db": floor.step_db,
            "noise_floor_likeness": floor.likeness,
        }
    if profile.side_db is not None:
        mid_db = 10 * np.log10(np.sum(10 ** (around_db / 10), axis=1))
        out["surround_side_to_mid_db"] = power_ratio_db(profile.side_db[near][is_around], mid_db)
    return out


def _of_turn(turn: Turn) -> dict[str, float | None]:
    return {
        "is_answered": None if turn.is_answered is None else float(turn.is_answered),
        "run_s": turn.run_s,
        "gap_before_s": turn.gap_before_s,
        "gap_after_s": turn.gap_after_s,
    }


def _of_music(segment: SpeechSegment, heard: Heard) -> dict[str, float | None]:
    music = heard.activity.music
    frames = frame_slice(segment.interval, heard.activity.clock, n_frames=music.size)
    inside = music[frames]
    return {
        "music_activity": float(inside.mean()) if inside.size else None,
        **_shares(segment, songs=heard.songs, singing=heard.singing),
    }


def _shares(segment: SpeechSegment, *, songs: Timeline, singing: Timeline) -> dict[str, float]:
    """Shares of a segment in which a song is heard, and in which somebody sings."""
    own = segment.interval
    shares = {}
    for name, stretches in (("song_share", songs), ("singing_share", singing)):
        shared = (one.intersection(own) for one in meeting(stretches.intervals, own))
        shares[name] = fsum(part.duration_s for part in shared if part is not None) / own.duration_s
    return shares


def _present(values: dict[str, float | None]) -> dict[str, float]:
    return {name: value for name, value in values.items() if value is not None}


def mark_shares(interval: Interval, cues: Sequence[Annotation]) -> dict[str, float]:
    """Tell for how much of a segment each mark stands on screen."""
    last = bisect.bisect_left(cues, interval.end_s, key=lambda cue: cue.interval.start_s)
    shown = [cue for cue in cues[:last] if cue.interval.end_s > interval.start_s]
    if not shown:
        return {}
    marked = {
        "italic_share": [cue for cue in shown if cue.mark == "italic"],
        "narrator_tag_share": [cue for cue in shown if cue.mark == "narration"],
        "speaker_name_share": [cue for cue in shown if cue.is_named],
    }
    within = Timeline((interval,))
    return {
        name: (Timeline.of(cue.interval for cue in some) & within).duration_s / interval.duration_s
        for name, some in marked.items()
    }
