"""How the clips beside this file were cut: `python make_clips.py CORPUS`, once.

`talk.opus` is a sentence read in Russian by one man; `sung.opus` is a sung line of a game's
theme over its band. Credits and licences are in LICENCES.md.
"""

import sys
from pathlib import Path

import soundfile as sf
import soxr

CLIPS = {
    "talk.opus": ("speech/festvox-ru-ru_0014.opus", 0.0, 9.0),
    "sung.opus": ("songs/drascula-2.ogg", 40.0, 52.0),
}


def main() -> None:
    """Cut each clip, mixed to mono at 16 kHz."""
    corpus = Path(sys.argv[1])
    for name, (source, start_s, end_s) in CLIPS.items():
        y, sample_rate_hz = sf.read(corpus / source, dtype="float32", always_2d=True)
        cut = y[round(start_s * sample_rate_hz) : round(end_s * sample_rate_hz)].mean(axis=1)
        sf.write(
            Path(__file__).with_name(name),
            soxr.resample(cut, sample_rate_hz, 16_000),
            16_000,
            format="OGG",
            subtype="OPUS",
        )


if __name__ == "__main__":
    main()
