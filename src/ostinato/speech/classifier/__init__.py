"""A classifier of narration and dialogue, trained on this film's labels and subtitles alone."""

from ostinato.speech.classifier.predict import predict

__all__ = ["predict"]
