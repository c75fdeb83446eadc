"""What a reader must know of a recording before its numbers: damage, leaps, flips, its clock."""

from collections.abc import Iterator, Sequence

from ostinato.report.wording import count
from ostinato.results import Condition, Film, Flip, Leap, Song
from ostinato.timeline import timecode

_MOST_NAMED = 4  # of gaps or leaps; all are in results.json
_MIN_OFFSET_S = 0.1  # priming and rounding are less
_MIN_TOLD_S = 0.05  # of silence or of what was left out


def film_remarks(film: Film) -> tuple[str, ...]:
    """Say what was chosen of a film's file, and what is amiss with it."""
    return (*_choice(film), *_clock(film), *_amiss(film.condition, "the film"))


def song_remarks(song: Song) -> tuple[str, ...]:
    """Say what is amiss with the recording of a song."""
    condition, broken = song.condition, []
    if condition is not None and condition.truncated_at_s is not None:
        at = timecode(condition.truncated_at_s)
        broken = [f"The recording of {song.title} breaks off at {at}."]
    return (*broken, *_amiss(condition, f"the recording of {song.title}"))


def _choice(film: Film) -> Iterator[str]:
    if film.second_stream is not None:
        yield (
            f"Streams {film.stream} and {film.second_stream}, each mono, were taken as left and "
            "right."
        )
    if film.channel is not None:
        yield f"Of two channels the {film.channel} one was analysed alone."
    if film.files:
        names = f"{film.files[0]} to {film.files[-1]}"
        yield f"{len(film.files)} files were read as one: {names}."


def _clock(film: Film) -> Iterator[str]:
    origin_s = film.origin_s or 0.0
    if film.clock is not None and film.start_s >= _MIN_OFFSET_S:
        where = {
            "container": "the zero of the file's own clock",
            "player": "the file's zero, as most players do; some count from the first sound",
            "first-sample": "the first sample",
        }[film.clock]
        yield f"The sound begins at {timecode(film.start_s, decimals=3)}; times count from {where}."
    if film.clock is not None and abs(origin_s) >= _MIN_OFFSET_S:
        yield f"Time zero is what the file's own clock calls {origin_s:,.3f} s."


def _amiss(condition: Condition | None, thing: str) -> Iterator[str]:
    if condition is None:
        return
    if condition.n_damaged or condition.silenced_s >= _MIN_TOLD_S:
        places = f"{count(condition.n_damaged, 'place')} of {thing} could not be decoded"
        gaps = f"Gaps in {thing}" if not condition.n_damaged else f"{places}"
        yield f"{gaps}: {condition.silenced_s:.1f} s became silence{_places(condition.gaps)}."
    if condition.trimmed_s >= _MIN_TOLD_S:
        yield f"Of {thing}, {condition.trimmed_s:.1f} s that overlap were left out."
    if condition.jumps:
        leaps = [
            f"by {abs(leap.seconds):,.1f} s {'ahead' if leap.seconds > 0 else 'back'} at "
            f"{timecode(leap.at_s)}"
            for leap in condition.jumps[:_MOST_NAMED]
        ]
        rest = len(condition.jumps) - len(leaps)
        more = f" and {rest:,} more" if rest else ""
        yield (
            f"The clock of {thing} leaps {', '.join(leaps)}{more}: there it was read on without "
            "a gap."
        )
    yield from (_flipped(flip, thing) for flip in condition.flips)
    yield from (f"Of {thing}: {notice}." for notice in condition.notices)


def _places(gaps: Sequence[Leap]) -> str:
    if not gaps:
        return ""
    named = [f"{gap.seconds:.1f} s at {timecode(gap.at_s)}" for gap in gaps[:_MOST_NAMED]]
    rest = len(gaps) - len(named)
    return f" ({', '.join(named)}{f' and {rest:,} more' if rest else ''})"


def _flipped(flip: Flip, thing: str) -> str:
    span = f"from {timecode(flip.start_s)} to {timecode(flip.end_s)}"
    if flip.channel == "centre":
        return (
            f"The centre of {thing} cancels its left and right {span}: there the centre was "
            "turned upside down."
        )
    return (
        f"Left and right of {thing} are in antiphase {span}: there the right channel was turned "
        "upside down."
    )
