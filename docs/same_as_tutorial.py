"""Compare a run of the demonstration with the results from which the tutorial quotes.

    ostinato demo --out demo-out
    python docs/same_as_tutorial.py demo-out

Another machine or library rounds otherwise; what the tutorial says has to hold all the same.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from ostinato.results import Claim, Occurrence, Results, Transition, read_results

STORED = Path(__file__).parent / "demo"
_SAME_S = 0.1
_SAME_LU = 0.3


def differences(told: Results, found: Results) -> Iterator[str]:
    """Say what the tutorial tells otherwise than a run has found."""
    for name, words in (("occurrences", _place), ("transitions", _outcome), ("claims", _verdict)):
        rows, others = getattr(told, name), getattr(found, name)
        if len(rows) != len(others):
            yield f"{len(others)} {name} and not {len(rows)}"
        for one, other in zip(rows, others, strict=False):
            yield from words(one, other)


def _place(one: Occurrence, other: Occurrence) -> Iterator[str]:
    names = ("film_start_s", "film_end_s", "song_start_s", "song_end_s")
    if any(abs(getattr(one, name) - getattr(other, name)) > _SAME_S for name in names):
        yield f"{one.id} lies elsewhere: {other.film_start_s:.2f} s"
    levels = one.level_re_speech_lu, other.level_re_speech_lu
    if None not in levels and abs(levels[0] - levels[1]) > _SAME_LU:
        yield f"{one.id} has another level: {levels[1]:.2f} LU"


def _outcome(one: Transition, other: Transition) -> Iterator[str]:
    if one.outcome != other.outcome:
        yield f"the transition to {one.to_id} {other.outcome}"


def _verdict(one: Claim, other: Claim) -> Iterator[str]:
    if one.verdict != other.verdict:
        yield f"{one.id} is {other.verdict}"


def main() -> None:
    """Compare, and say what differs."""
    said = list(differences(read_results(STORED), read_results(Path(sys.argv[1]))))
    sys.exit("\n".join(["the tutorial tells otherwise:", *said]) if said else 0)


if __name__ == "__main__":
    main()
