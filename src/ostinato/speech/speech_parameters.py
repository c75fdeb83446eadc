"""The numbers that decide what is speech, whose it is and which cue speaks of it, with reasons.

Figures are from ``benchmarks/speech_activity.py``, and those of `VoiceParameters` from
``benchmarks/voices.py``, on voices that its tables do not report.
"""

from dataclasses import dataclass, field
from typing import Literal

from ostinato.dsp.activations import ActivationParameters
from ostinato.errors import ParameterError
from ostinato.ranges import (
    Count,
    Folds,
    Height,
    Inside,
    Penalty,
    Seconds,
    Share,
    Window,
    check_ranges,
)

_TALK = ActivationParameters(
    smoothing_s=0.05,  # kills single frames; 0.1 moves the bounds and gains nothing
    onset=0.6,  # .5: +.01 of F1 under songs at -5 dB, and as much more of guitars
    offset=0.05,  # .03: -.02 of F1 under songs at 0 dB, whose notes hold stretches together
    pad_start_s=-0.12,  # the low offset opens a stretch this early, by 237 known onsets
    pad_end_s=-0.12,  # and closes it this late
    min_gap_s=0.3,  # a breath within a sentence; the ear hears no pause in less
    min_duration_s=0.2,  # "yes"; up to .35 nothing changes
)
_SINGING = ActivationParameters(
    smoothing_s=0.2,  # a sung note
    onset=0.9,  # .5 calls 9 % more of guitars singing and finds no more of the sung songs
    offset=0.3,  # holds a phrase together; .1 spreads over guitars again
    pad_start_s=0.0,  # no recording with known sung onsets at hand: left as it comes
    pad_end_s=0.0,
    min_gap_s=1.0,  # a singer's breath
    min_duration_s=2.0,  # a sung phrase; shouts and cries last less
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifierParameters:
    """How a classifier is trained on labels, and when it decides.

    Parameters
    ----------
    prior_narration : float
        Probability of narration where nothing was trained: says that nothing is known, and decides
        nothing.
    least_of_kind, least_blocks : int
        Labels of narration and of dialogue that a model takes, and blocks that they come from.
    n_folds, n_inner_folds : int
        Parts into which blocks are dealt out: what is said of each part was learnt from the
        others, and what is chosen in learning is tried on parts of these.
    penalties : tuple of float
        Of the regression, to choose from.
    calibration_penalty : float
        How hard calibration is held to the line that changes nothing.
    bounds : tuple of float
        Probabilities beyond which a kind may be decided, the laxest first.
    max_error, confidence : float
        Bounds are kept if held-out labels that did not choose them show, with this confidence, that
        no more than this share of what each decides is wrong.
    voice_prior : float
        Labels that a voice's own share of narration is weighed against.
    voice_scale : float
        Of the log odds of a voice among the columns.
    """

    prior_narration: Inside = 0.5  # even odds: no survey says how much of a film is narrated
    least_of_kind: Count = 6  # fewer cannot pass max_error even if none is wrong
    least_blocks: Count = 3  # fewer scenes are one accident of mixing
    n_folds: Folds = 10  # each model keeps nine tenths of the labels
    n_inner_folds: Folds = 5
    penalties: tuple[Penalty, ...] = (1.0, 3.0, 10.0, 30.0, 100.0)
    calibration_penalty: Height = 5.0
    bounds: tuple[Share, ...] = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
    max_error: Share = 0.2
    confidence: Inside = 0.8
    voice_prior: Height = 2.0
    voice_scale: Height = 1.0

    def __post_init__(self) -> None:
        check_ranges(self)


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

    Raises
    ------
    ParameterError
        If cuts could change places.
    """

    block_s: Window = 0.32  # a syllable or two; 38 MB for 100 minutes of talk
    max_stretch_s: Window = 6.0  # about what the network was trained on
    window_s: Window = 1.6  # shorter ones are too unlike themselves, longer ones miss short turns
    min_turn_s: Window = 0.64  # two blocks
    max_change_likeness: Share = 0.5  # cuts too often, and what is of one voice is joined again
    dip_search_s: Seconds = 0.3
    min_founding_s: Window = 2.24  # at 1.3 s one voice falls into twice as many
    min_likeness: Share = 0.35  # at .30 two voices of five become one, at .45 they fall apart
    min_voice_likeness: Share = 0.6  # at .55 two voices of five become one
    min_voice_s: Seconds = 5.0  # below, pieces of two voices and of noise found voices of their own
    min_telling_s: Seconds = 0.6
    min_told_likeness: Share = 0.3  # the threshold at which the network errs as often either way
    min_margin: Share = 0.05

    def __post_init__(self) -> None:
        check_ranges(self)
        if not self.dip_search_s < self.min_turn_s / 2:
            raise ParameterError(
                f"dip_search_s {self.dip_search_s}",
                f"cuts {self.min_turn_s} s apart could change places",
                "Give less than half of min_turn_s",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechParameters:
    """How speech is found and its kind decided; recorded verbatim under ``run.parameters``.

    Parameters
    ----------
    speech : ActivationParameters
        From the probability of talk to stretches of talk.
    singing : ActivationParameters
        From the probability of singing to stretches of singing.
    cue_tolerance_s : float
        How far a subtitle may stand from the speech that it shows.
    dip_search_s : float
        How far from the border of two cues a pause in the talk is looked for.
    dip_probability : float
        Below it the lowest point near such a border is a pause, at which speech is cut.
    min_piece_s : float
        A shorter piece of a stretch of speech goes with its longer neighbour.
    max_uncued_s : float
        Speech that runs on from a cue's for less than this is taken as the cue's as well.
    label_slack_s : float
        Detected speech that sticks out of a label by less is taken as the label's own.
    min_italic_share : float
        Share of a cue's letters that must be italic before the cue is in italics.
    max_italic_cues : float
        When a larger share of the cues is italic, italics are the typeface and say nothing.
    min_italic_cues : float
        When a smaller share of the cues is italic, a plain cue is not taken for dialogue.
    italics : str
        "evidence": italics decide nothing; "narration": they are narration, as the study says.
    tag_pause_s : float
        A narrator's tag holds on for the cues that follow within such a pause.
    scene_pause_s : float
        After such a pause a plain cue is no longer taken to be perhaps the narrator's.
    min_tags : int
        When fewer cues are tagged as narration, a plain cue is not taken for dialogue.
    min_tagged_cues : float
        Nor when a smaller share of the cues is.
    teaching : ClassifierParameters
        How a classifier is trained on labels.
    voices : VoiceParameters
        How voices are told apart.
    """

    speech: ActivationParameters = _TALK
    singing: ActivationParameters = _SINGING
    cue_tolerance_s: Seconds = 1.0  # subtitles linger about a second so that they can be read
    dip_search_s: Seconds = 0.4  # on either side; a cue's start keeps the speech's by a few frames
    dip_probability: Share = 0.5  # the model's own even odds
    min_piece_s: Seconds = 0.5  # shorter than any line that has a cue of its own
    max_uncued_s: Seconds = 2.0  # who speaks on for longer than a subtitler cuts is not shown
    label_slack_s: Seconds = 0.5  # a hand on a mouse marks bounds no closer
    min_italic_share: Share = 0.8  # one stressed word is no voice-over
    max_italic_cues: Share = 0.9  # a film of which nine tenths are voice-over wants labels
    min_italic_cues: Share = 0.01  # below, italics are titles and radios, not a convention
    italics: Literal["evidence", "narration"] = "evidence"
    tag_pause_s: Seconds = 2.0  # the pause that ends a run of speech elsewhere too (`run_s`)
    scene_pause_s: Seconds = 10.0  # subtitlers name a voice anew when the scene has changed
    min_tags: Count = 3  # two may be one flashback; thrice is a habit
    min_tagged_cues: Share = 0.02  # as many as may be slips in a file of 150 cues
    teaching: ClassifierParameters = field(default_factory=ClassifierParameters)
    voices: VoiceParameters = field(default_factory=VoiceParameters)

    def __post_init__(self) -> None:
        check_ranges(self)
