"""Extract a film's soundtrack to FLAC, from any container or disc rip.

The film's clock is kept: sound that starts late in the film is preceded by silence, so the times in
the FLAC file are those that a player shows for the film. 5.1 is mixed to stereo.

    python scripts/extract_soundtrack.py film.mkv soundtrack.flac --stream 1
"""

import argparse
from pathlib import Path

import soundfile

from ostinato.errors import MediaError
from ostinato.media import open_working_copy, probe

BLOCK_LENGTH = 2**18
HEADROOM = 0.999  # FLAC holds no sample beyond full scale


def main() -> None:
    """Read the arguments and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("film", type=Path, help="any media file")
    parser.add_argument("flac", type=Path, help="where the soundtrack goes")
    parser.add_argument("--stream", type=int, help="audio stream, from 0 (default: the first)")
    parser.add_argument("--cache", type=Path, help="folder for the working copy")
    arguments = parser.parse_args()
    try:
        extract(arguments.film, arguments.flac, stream=arguments.stream, cache=arguments.cache)
    except (MediaError, OSError) as error:
        parser.exit(2, f"{error}\n")


def extract(film: Path, flac: Path, *, stream: int | None, cache: Path | None) -> None:
    """Write the stereo or mono sound of `film` to `flac`."""
    for listed in probe(film).streams:
        print(f"stream {listed}")
    copy = open_working_copy(film, stream=stream, cache_dir=cache)
    gain = min(1.0, HEADROOM / copy.peak)
    n_channels = min(2, len(copy.channel_names))
    unfinished = flac.with_name(f".{flac.name}.part")
    with soundfile.SoundFile(
        unfinished, "w", copy.rate_hz, n_channels, "PCM_24", format="FLAC"
    ) as file:
        for _, y in copy.blocks(BLOCK_LENGTH):
            file.write(gain * y[:n_channels].T)
    unfinished.replace(flac)
    print(f"{flac}: {copy.duration_s:.3f} s, of which {copy.start_s:.3f} s are silence before it")
    if gain < 1:
        print(f"samples beyond full scale: the whole is lower by a factor of {gain:.4f}")
    if copy.truncated_at_s is not None:
        print(f"the film was cut short: this is what there is up to {copy.truncated_at_s:.3f} s")


if __name__ == "__main__":
    main()
