"""A first look at a film for a song: whether it is worth a search in full."""

from ostinato.cues.candidates import first_look_nats
from ostinato.cues.cue_parameters import CueParameters
from ostinato.cues.tracks import Track, reference_of
from ostinato.media import WorkingCopy


def rank_song(track: Track, song: WorkingCopy, *, parameters: CueParameters) -> float:
    """Return how much speaks for a song being heard in a film, by the cheapest looks alone.

    Parameters
    ----------
    track : Track
        The film, whitened by `write_track`.
    song : WorkingCopy
        The reference.
    parameters : CueParameters
        As of the search.

    Returns
    -------
    float
        Nats beyond chance of the strongest line that the waveform shows at any of the speeds; 0
        where it shows none. Then the search by waveform finds nothing either. What only the
        spectrum shows, at a tempo or a pitch that is none of the speeds, is not looked for.
    """
    return first_look_nats(
        track, reference_of(song), speeds=parameters.speeds, parameters=parameters.detect
    )
