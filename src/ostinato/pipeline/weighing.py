"""What the film says of each occurrence once the song was taken out and speech was heard."""

import dataclasses
from collections.abc import Mapping, Sequence

from ostinato.cues import SongLevel
from ostinato.measures import level_re_speech_lu, louder_share, loudness_percentile
from ostinato.media import WorkingCopy
from ostinato.results import Occurrence, Separation, SpeechSegment
from ostinato.separation import StemLevels
from ostinato.timeline import Timeline


def weighed(
    occurrences: Sequence[Occurrence],
    levels: Mapping[str, SongLevel | StemLevels],
    separations: Sequence[Separation],
    *,
    film: WorkingCopy,
    speech: Sequence[SpeechSegment],
) -> tuple[Occurrence, ...]:
    """Give each occurrence its level, its rank in the film, and the proof by subtraction.

    Parameters
    ----------
    occurrences : sequence of Occurrence
        Named.
    levels : mapping of str to SongLevel or StemLevels
        Of each, by its id.
    separations : sequence of Separation
        Of those whose song was to be taken out.
    film : WorkingCopy
        In which they are.
    speech : sequence of SpeechSegment
        What they play under.

    Returns
    -------
    tuple of Occurrence
        In the same order.
    """
    short_term_lufs = film.short_term_lufs()
    talk = Timeline.of(segment.interval for segment in speech)
    tried = {one.occurrence_id: one for one in separations}
    out = []
    for one in occurrences:
        level, separation = levels[one.id], tried.get(one.id)
        powers = level.times_s, level.song_power, level.other_power
        out.append(
            dataclasses.replace(
                one,
                level_lufs=level.level_lufs,
                level_re_speech_lu=level_re_speech_lu(*powers, speech=talk),
                louder_share=louder_share(*powers, speech=talk),
                loudness_percentile=loudness_percentile(level.level_lufs, short_term_lufs),
                separation=None if separation is None else separation.grade,
                reduction_db=None if separation is None else separation.reduction_db,
            )
        )
    return tuple(out)
