"""audfprint by landmarks: hashes of the film, matched window by window.

Song times are stored in 16 bits rather than 14, in which they would come round after 6 min 16 s.
The query is analysed at four shifts, as audfprint's command does. soundfile and soxr read the
recordings in FFmpeg's place.
"""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import numpy as np
from audfprint2.core import analyzer, hash_table, matcher
from job import Hit, Job, hit, read_mono, run, windows

MAX_TIME = 1 << 16

Array = np.ndarray[Any, Any]


class _Window:
    """The part of a hash table's hits that lies in one window of the query."""

    def __init__(self, table: hash_table.HashTable, hits: Array) -> None:
        self.hashesperid, self._hits = table.hashesperid, hits

    def get_hits(self, _hashes: None) -> Array:
        return self._hits


def find(job: Job) -> Iterator[Hit]:
    """Yield hits with the number of hashes that agree."""
    analyzer.audio.audio_read = lambda path, sr, **_: (read_mono(path, sr), sr)
    ears = analyzer.Analyzer(density=job["options"]["density"])
    hop_s = ears.n_hop / ears.target_sr
    table = hash_table.HashTable(maxtime=MAX_TIME)
    for name, path in job["songs"].items():
        table.store(name, ears.wavfile2hashes(path).tolist())
    ears.shifts = 4
    hashes = ears.wavfile2hashes(job["film"])
    hits = table.get_hits(hashes)
    hits = hits[np.argsort(hits[:, 3], kind="stable")]
    judge = matcher.Matcher()
    judge.window, judge.threshcount, judge.find_time_range = 2, 4, True
    for length_s, start_s, end_s in windows(ears.soundfiledur, job["windows_s"]):
        first, last = np.searchsorted(hits[:, 3], (start_s / hop_s, end_s / hop_s))
        if first == last:
            continue
        rows = judge.match_hashes(_Window(table, hits[first:last]), None)
        for song, count, skew, _, _, start, end in rows:
            if count:
                yield hit(
                    table.names[song],
                    window_s=length_s,
                    start_s=start * hop_s,
                    end_s=(end + 1) * hop_s,
                    song_start_s=(start + skew) * hop_s,
                    count=count,
                )


if __name__ == "__main__":
    run(find, version=version("audfprint2"))
