"""A classifier of narration and dialogue, trained on this film's labels and subtitles alone."""

from ostinato.speech.classifier.predict import WITHOUT_LABEL, predict

__all__ = ["WITHOUT_LABEL", "predict"]
