"""Write the texts in this folder again, from the results in tests/report/examples.py.

    python -m tests.golden.make_golden

Read every difference before it is committed: scholars cite these words.
"""

from dataclasses import replace
from pathlib import Path

from tests.report.claims import with_claims
from tests.report.examples import a_feature_film, a_lesson, nothing_found
from tests.report.extremes import with_voices

from ostinato.report import (
    STYLES,
    caption_repetition_map,
    caption_timeline,
    caption_voices,
    citation,
    cite,
    describe,
)

FOLDER = Path(__file__).parent


def golden_texts():
    """Name each golden file and the text that belongs in it."""
    feature = a_feature_film()
    claimed = with_claims(feature)
    taught = replace(feature, teaching=(a_lesson(),))
    return {
        **{f"citation-{style}.txt": citation(claimed, style=style) for style in STYLES},
        "describe.txt": describe(feature),
        "describe-claims.txt": describe(claimed),
        "describe-voices.txt": describe(with_voices(feature)),
        "describe-nothing.txt": describe(nothing_found(feature)),
        "cite.txt": cite(feature),
        "cite-taught.txt": cite(taught),
        "caption-repetition-map.txt": caption_repetition_map(feature),
        "caption-timeline.txt": caption_timeline(feature),
        "caption-voices.txt": caption_voices(with_voices(feature)),
    }


if __name__ == "__main__":
    for name, text in golden_texts().items():
        (FOLDER / name).write_text(text + "\n", encoding="utf-8")
