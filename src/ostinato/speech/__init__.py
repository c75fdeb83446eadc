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
    TakenBack,
    answered,
    chosen,
    film_cell,
    labels_of_sample,
    read_label_rows,
    read_labels,
    read_labels_and_sample,
    read_rows,
    read_sample,
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
    "Annotation",
    "Heard",
    "KnownVoice",
    "Network",
    "Profile",
    "SpeechParameters",
    "TakenBack",
    "TeachingParameters",
    "VoiceParameters",
    "VoicePrints",
    "answered",
    "check_detector",
    "check_known",
    "chosen",
    "classify",
    "detect_activity",
    "film_cell",
    "keep_predictions",
    "labels_of_sample",
    "listen_again",
    "load_network",
    "print_voices",
    "profile_clock",
    "profile_film",
    "read_label_rows",
    "read_labels",
    "read_labels_and_sample",
    "read_rows",
    "read_sample",
    "read_subtitles",
    "singing_timeline",
    "speech_timeline",
    "tell",
    "tell_voices",
    "with_evidence",
]
