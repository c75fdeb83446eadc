"""audiolocate by landmarks: it says once per query where in a song it lies, so it is windowed.

Its own verdict compares the count with a threshold; both the ratio and the bare count are handed
on, since the ratio refuses songs that repeat themselves.
"""

from collections.abc import Iterator
from importlib.metadata import version

from audiolocate import AudioFingerprint
from job import Hit, Job, hit, read_mono, run, windows


def find(job: Job) -> Iterator[Hit]:
    """Yield the best place of each song in each window."""
    ears = AudioFingerprint(peaks_per_second=job["options"]["peaks_per_second"])
    songs = {
        name: ears.fingerprint_audio(read_mono(path, ears.sr))[0]
        for name, path in job["songs"].items()
    }
    y = read_mono(job["film"], ears.sr)
    for length_s, start_s, end_s in windows(y.size / ears.sr, job["windows_s"]):
        part, _ = ears.fingerprint_audio(y[round(start_s * ears.sr) : round(end_s * ears.sr)])
        for name, hashes in songs.items():
            match = ears.match(hashes, part)
            if match.match_count:
                yield hit(
                    name,
                    window_s=length_s,
                    start_s=start_s,
                    end_s=end_s,
                    song_start_s=match.offset_frames * ears.hop_length / ears.sr,
                    ratio=match.match_count / match.threshold,
                    count=match.match_count,
                )


if __name__ == "__main__":
    run(find, version=version("audiolocate"))
