"""The numbers that decide which speech is of one voice, each with its reason.

Figures are from ``benchmarks/voices.py``, on voices that its tables do not report.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceParameters:
    """How voices are told apart; recorded verbatim under ``run.parameters``.

    Parameters
    ----------
    block_s : float
        Speech is kept in blocks of this length, at whose bounds it may be cut.
    max_stretch_s : float
        No more than this is heard by the network at once.
    window_s : float
        Length of the windows before and after a bound that are held against each other.
    min_turn_s : float
        No voice is taken to speak for less within a stretch of speech.
    max_change_likeness : float
        Speech is cut where windows before and after are less alike than this.
    dip_search_s : float
        How far from such a cut a pause in the talk is looked for.
    min_founding_s : float
        Only a piece of speech that is as long may found a voice.
    min_likeness : float
        Pieces are gathered into one voice while their mean likeness is at least this.
    min_voice_likeness : float
        Voices are one if their means are at least as alike.
    min_voice_s : float
        Who speaks for less in the whole film is not given a voice.
    min_telling_s : float
        Speech shorter than this has too little of a voice to be told.
    min_told_likeness : float
        Speech that is less like its voice than this is left without one.
    min_margin : float
        So is speech that is like another voice to within this.
    """

    block_s: float = 0.32
    max_stretch_s: float = 6.0
    window_s: float = 1.6
    min_turn_s: float = 0.96
    max_change_likeness: float = 0.3
    dip_search_s: float = 0.32
    min_founding_s: float = 1.6
    min_likeness: float = 0.3
    min_voice_likeness: float = 0.6
    min_voice_s: float = 3.0
    min_telling_s: float = 0.6
    min_told_likeness: float = 0.3
    min_margin: float = 0.05
