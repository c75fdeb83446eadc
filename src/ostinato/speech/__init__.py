"""What is left of the film becomes stretches of speech, and who says of what kind they are."""

from ostinato.speech.activity import (
    MODEL_CLOCK,
    Activity,
    check_detector,
    detect_activity,
    singing_timeline,
    speech_timeline,
)
from ostinato.speech.annotations import (
    Annotation,
    SubtitleFile,
    answered,
    chosen,
    n_open,
    read_label_rows,
    read_labels,
    read_rows,
    read_sample,
    read_subtitle_file,
    read_subtitles,
)
from ostinato.speech.evidence import (
    MEANINGS,
    Heard,
    Profile,
    profile_clock,
    profile_film,
    with_evidence,
)
from ostinato.speech.kinds import classify, keep_predictions
from ostinato.speech.parameters import SpeechParameters, TeachingParameters, VoiceParameters
from ostinato.speech.remainder import listen_again
from ostinato.speech.sync import Alignment, Synchrony, moved, synchrony
from ostinato.speech.teaching import WITHOUT_LABEL, tell
from ostinato.speech.voices import (
    KnownVoice,
    Network,
    VoicePrints,
    check_known,
    load_network,
    print_voices,
    tell_voices,
)

__all__ = [
    "MEANINGS",
    "MODEL_CLOCK",
    "WITHOUT_LABEL",
    "Activity",
    "Alignment",
    "Annotation",
    "Heard",
    "KnownVoice",
    "Network",
    "Profile",
    "SpeechParameters",
    "SubtitleFile",
    "Synchrony",
    "TeachingParameters",
    "VoiceParameters",
    "VoicePrints",
    "answered",
    "check_detector",
    "check_known",
    "chosen",
    "classify",
    "detect_activity",
    "keep_predictions",
    "listen_again",
    "load_network",
    "moved",
    "n_open",
    "print_voices",
    "profile_clock",
    "profile_film",
    "read_label_rows",
    "read_labels",
    "read_rows",
    "read_sample",
    "read_subtitle_file",
    "read_subtitles",
    "singing_timeline",
    "speech_timeline",
    "synchrony",
    "tell",
    "tell_voices",
    "with_evidence",
]
