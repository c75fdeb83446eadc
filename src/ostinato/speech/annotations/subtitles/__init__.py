"""Subtitle files become cues, and what each gives away about who speaks."""

from ostinato.speech.annotations.subtitles.subtitle_file import (
    SubtitleFile,
    read_subtitle_file,
    read_subtitles,
)

__all__ = ["SubtitleFile", "read_subtitle_file", "read_subtitles"]
