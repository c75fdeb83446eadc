"""How the recordings of the demonstration were cut: ``python tools/make_recordings.py CORPUS``.

Songs are cut short, speech is mixed to mono, and all is Opus, so that a wheel stays small.
"""

import sys
import tempfile
from pathlib import Path

from ostinato.simulate.encode import Encoding, write_encoded
from ostinato.simulate.sources import as_channels, read_part

_FOLDER = Path(__file__).parents[1] / "src" / "ostinato" / "simulate" / "recordings"
_RATE_HZ = 48_000
_SONG, _BED, _SPEECH = 112_000, 64_000, 32_000  # bits per second
_PROMPTS = {
    "it": (
        "agent-alreadyon",
        "check-number-dial-again",
        "conf-leaderhasleft",
        "conf-onlyperson",
        "conf-waitforleader",
        "pls-hold-while-try",
        "priv-callpending",
        "privacy-incorrect",
    ),
    "fr": (
        "agent-pass",
        "conf-otherinparty",
        "demo-nogo",
        "dir-nomatch",
        "feature-not-avail-line",
        "info-about-last-call",
        "sorry",
    ),
    "es": (
        "conf-leaderhasleft",
        "conf-placeintoconf",
        "confbridge-only-participant",
        "confbridge-unmuted",
        "demo-nomatch",
        "dir-nomore",
        "no-recording",
    ),
}
# name, source, start_s, end_s, channels, bit rate
_CUTS: tuple[tuple[str, str, float, float | None, int, int], ...] = (
    ("war-of-freedom", "songs/war-of-freedom.ogg", 0.0, 125.0, 2, _SONG),
    ("feelings", "songs/feelings.ogg", 0.0, 60.0, 2, _SONG),
    ("wind", "film/sintel-trailer.m4a", 1.9, 4.9, 2, _BED),
    ("rumble", "film/sintel-trailer.m4a", 43.9, 45.9, 2, _BED),
    ("sonnet", "speech/sonnet.opus", 2.0, 52.7, 1, 40_000),
    *(
        (f"{language}-{prompt}", f"speech/asterisk-{language}-{prompt}.opus", 0.0, None, 1, _SPEECH)
        for language, prompts in _PROMPTS.items()
        for prompt in prompts
    ),
)


def main() -> None:
    """Cut and encode each recording."""
    corpus = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as cache:
        for name, source, start_s, end_s, channels, bit_rate in _CUTS:
            y = read_part(
                corpus / source,
                start_s=start_s,
                end_s=end_s,
                sample_rate_hz=_RATE_HZ,
                cache_dir=Path(cache),
            )
            write_encoded(
                _FOLDER / f"{name}.opus",
                [as_channels(y, channels)],
                n_channels=channels,
                sample_rate_hz=_RATE_HZ,
                encoding=Encoding(codec="libopus", bit_rate=bit_rate),
            )


if __name__ == "__main__":
    main()
