"""What subtitles show while a segment is spoken: italics, tags, names."""

import bisect
from collections.abc import Sequence

from ostinato.speech.annotations import Annotation
from ostinato.timeline import Interval, Timeline


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
