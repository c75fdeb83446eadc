"""Songs are taken out of the film, the loudest first; what is known of each is remembered alone.

What is remembered of an occurrence depends on the film, on its song, on its own place, and on the
louder songs that were cancelled in the same film before it, and on no other occurrence. So one that
is added or left out changes nothing elsewhere. The sound itself is made when it is first read.
"""

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore, RLock

import numpy as np

from ostinato.media import Derived, WorkingCopy, front
from ostinato.memory import give_back
from ostinato.pipeline.inputs import Opened
from ostinato.pipeline.memo import (
    Arrays,
    Codec,
    Entry,
    Memo,
    Running,
    is_kept,
    keep,
    keep_stem,
    packed,
    read_back,
    recall,
    sound_of,
    unpacked,
    write_stems,
)
from ostinato.results import MomentaryLevel, Occurrence, Separation
from ostinato.separation import (
    SeparationParameters,
    Stem,
    StemLevels,
    Taken,
    momentary_levels,
    new_stem,
    remainder,
    stem_levels,
    take_out,
)
from ostinato.threads import in_threads
from ostinato.timeline import Timeline

_MOST_AT_ONCE = 2  # each takes a quarter of a gigabyte
_REACH_S = 1.0  # of film beside an occurrence that its fit may see, and more


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """What is remembered of an occurrence that was taken out; the rows name no occurrence."""

    separation: Separation
    song_levels: tuple[MomentaryLevel, ...]
    levels: StemLevels | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """One occurrence, and all that decides what of it is taken out.

    `key` differs wherever that differs; `before` are those whose song was cancelled first; `group`
    is held while sound of it, or of what shares film with it, is made.
    """

    occurrence: Occurrence
    key: str
    first: int
    stop: int
    before: tuple["Piece", ...]
    known: Known
    group: RLock

    @property
    def id(self) -> str:
        """Of the occurrence."""
        return self.occurrence.id

    @property
    def grade(self) -> str:
        """Cancelled, masked, or left alone."""
        return self.known.separation.grade

    @property
    def separation(self) -> Separation:
        """How it was taken out."""
        return dataclasses.replace(self.known.separation, occurrence_id=self.id)

    @property
    def song_levels(self) -> tuple[MomentaryLevel, ...]:
        """How loud its song is, if that was cancelled."""
        rows = self.known.song_levels
        return tuple(dataclasses.replace(row, occurrence_id=self.id) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Separated:
    """What was taken out of the film.

    Parameters
    ----------
    pieces : tuple of Piece
        One for each occurrence, in order of film time.
    stem_of : callable
        Makes the song of a piece, or returns it if it was made before.
    """

    pieces: tuple[Piece, ...] = ()
    stem_of: Callable[[Piece], Stem]

    @property
    def separations(self) -> tuple[Separation, ...]:
        """One for each occurrence."""
        return tuple(one.separation for one in self.pieces)

    @property
    def song_levels(self) -> tuple[MomentaryLevel, ...]:
        """Of the occurrences that were cancelled."""
        return tuple(row for one in self.pieces for row in one.song_levels)

    @property
    def levels(self) -> dict[str, StemLevels]:
        """The same in slots of 100 ms, by occurrence."""
        return {one.id: one.known.levels for one in self.pieces if one.known.levels is not None}

    @property
    def cancelled(self) -> Timeline:
        """Where the remainder is as good as if no song had been played."""
        return Timeline.of(one.occurrence.film for one in self.pieces if one.grade == "cancelled")

    def keys_in(self, start_sample: int, stop_sample: int) -> list[str]:
        """Return what differs wherever the remainder between two samples does."""
        return [one.key for one in self._cancelled_in(start_sample, stop_sample)]

    def without_songs(self, film: WorkingCopy) -> Derived:
        """Return the stereo mix, or the one channel, without the songs that were cancelled."""
        mix = front(film)

        def read(start: int, stop: int) -> np.ndarray:
            stems = [self.stem_of(one) for one in self._cancelled_in(start, stop)]
            return remainder(mix, stems).read(start, stop)

        return Derived(
            rate_hz=mix.rate_hz, n_samples=mix.n_samples, n_channels=mix.n_channels, read=read
        )

    def _cancelled_in(self, start: int, stop: int) -> Iterator[Piece]:
        for one in self.pieces:
            if one.grade == "cancelled" and one.first < stop and one.stop > start:
                yield one


def _no_stem(piece: Piece) -> Stem:
    raise AssertionError(piece.id)


NOTHING = Separated(stem_of=_no_stem)


def separate(
    opened: Opened,
    occurrences: Sequence[Occurrence],
    *,
    parameters: SeparationParameters,
    memo: Memo,
    make_folder: Callable[[], Path],
    is_wanted: bool,
    running: Running,
) -> Separated:
    """Take songs out of the film, those that share film the loudest first.

    `make_folder`: makes the folder for what is taken out; a run that reads no remainder needs none;
    `is_wanted`: whether somebody wants to hear what is taken out: then its sound is kept as well.
    """
    bench = _Bench(
        film=opened.film,
        songs={f"S{number}": copy for number, copy in enumerate(opened.songs, start=1)},
        parameters=parameters,
        memo=memo,
        make_folder=make_folder,
        keeps_stems=is_wanted,
        running=running,
    )
    pieces: dict[str, Piece] = {}
    done_s, total_s = 0.0, sum(one.film.duration_s for one in occurrences)
    groups = _apart(occurrences)
    for group, some in zip(
        groups, in_threads(bench.taken_out, groups, most=_MOST_AT_ONCE), strict=True
    ):
        pieces |= some
        done_s += sum(one.film.duration_s for one in group)
        running.tell(done_s / total_s)
    return Separated(pieces=tuple(pieces[one.id] for one in occurrences), stem_of=bench.stem_of)


def _apart(occurrences: Sequence[Occurrence]) -> list[list[Occurrence]]:
    """Return groups of occurrences that share no film, each in order of film time."""
    groups: list[list[Occurrence]] = []
    last_s = -math.inf
    for one in sorted(occurrences, key=lambda one: one.film):
        if one.film_start_s > last_s + _REACH_S:
            groups.append([])
        groups[-1].append(one)
        last_s = max(last_s, one.film_end_s)
    return groups


def _loudest_first(one: Occurrence) -> tuple[float, float]:
    # what was met by its spectrum alone has no level, and hides less than it is hidden by
    return (math.inf if one.level_lufs is None else -one.level_lufs, one.film_start_s)


def _are_near(one: Occurrence, other: Occurrence) -> bool:
    return (
        one.film_start_s <= other.film_end_s + _REACH_S
        and other.film_start_s <= one.film_end_s + _REACH_S
    )


def write_taken_out(folder: Path, film: WorkingCopy, separated: Separated) -> tuple[Path, ...]:
    """Write each song as it is heard in the film, and the film without them."""
    taken = sorted(
        (one for one in separated.pieces if one.grade != "left alone"),
        key=lambda one: _loudest_first(one.occurrence),
    )
    stems = {one.id: separated.stem_of(one) for one in taken}
    by_song: dict[str, list[Stem]] = {}
    for one in separated.pieces:
        if one.id in stems:
            by_song.setdefault(one.occurrence.song_id, []).append(stems[one.id])
    return write_stems(folder, film, by_song, list(stems.values()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Bench:
    """Where songs are taken out of one film, and the stems that were made so far."""

    film: WorkingCopy
    songs: dict[str, WorkingCopy]
    parameters: SeparationParameters
    memo: Memo
    make_folder: Callable[[], Path]
    keeps_stems: bool
    running: Running
    stems: dict[str, Stem] = field(default_factory=dict)
    room: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_MOST_AT_ONCE))
    folder: list[Path] = field(default_factory=list)
    folder_lock: RLock = field(default_factory=RLock)

    def taken_out(self, group: Sequence[Occurrence]) -> dict[str, Piece]:
        """Take out occurrences that share film, as far as it is not remembered."""
        lock, out = RLock(), dict[str, Piece]()
        rate_hz = self.film.rate_hz
        for one in sorted(group, key=_loudest_first):
            # a song under another one is looked for in what that one has left
            before = tuple(
                done
                for done in out.values()
                if done.grade == "cancelled" and _are_near(done.occurrence, one)
            )
            entry = self.memo.entry(
                "taken",
                film=sound_of(self.film),
                song=sound_of(self.songs[one.song_id]),
                stretch=one.film,
                time_map=one.time_map,
                pitch=one.pitch,
                before=[done.key for done in before],
                parameters=self.parameters,
            )
            known = recall(entry, _CODEC)
            if known is None:
                known = self._made(one, before, entry)
            out[one.id] = Piece(
                occurrence=one,
                key=entry.key,
                first=round(one.film_start_s * rate_hz),
                stop=min(self.film.n_samples, round(one.film_end_s * rate_hz)),
                before=before,
                known=known,
                group=lock,
            )
        return out

    def stem_of(self, piece: Piece) -> Stem:
        """Return the song of an occurrence, made or read back if it is not at hand."""
        rate_hz = self.film.rate_hz
        with piece.group:
            if piece.id in self.stems:
                return self.stems[piece.id]
            if is_kept(self.memo, piece.key, piece.stop - piece.first, rate_hz=rate_hz):
                stem = self._new_stem(piece.occurrence)
                if read_back(self.memo, piece.key, stem, rate_hz=rate_hz):
                    self.stems[piece.id] = stem
                    return stem
            stem, _ = self._take_out(piece.occurrence, piece.before)
            if self.keeps_stems:
                keep_stem(self.memo, piece.key, stem, rate_hz=rate_hz)
            return stem

    def _made(self, one: Occurrence, before: Sequence[Piece], entry: Entry) -> Known:
        stem, known = self._take_out(one, before)
        keep(entry, _CODEC, known)
        if self.keeps_stems:
            keep_stem(self.memo, entry.key, stem, rate_hz=self.film.rate_hz)
        return known

    def _take_out(self, one: Occurrence, before: Sequence[Piece]) -> tuple[Stem, Known]:
        rest = remainder(front(self.film), [self.stem_of(done) for done in before])
        self.running.has_worked = True
        with self.room:
            stem = self._new_stem(one)
            how = take_out(
                rest,
                front(self.songs[one.song_id]),
                stretch=one.film,
                time_map=one.time_map,
                pitch=one.pitch,
                stem=stem,
                parameters=self.parameters,
            )
            levels = None
            if how.fader is not None:
                first, stop = stem.start_sample, stem.stop_sample
                levels = stem_levels(rest, stem, start_sample=first, stop_sample=stop)
        give_back()
        self.stems[one.id] = stem
        return stem, _known(how, levels)

    def _new_stem(self, one: Occurrence) -> Stem:
        with self.folder_lock:
            if not self.folder:
                self.folder.append(self.make_folder())
        rate_hz = self.film.rate_hz
        first = round(one.film_start_s * rate_hz)
        return new_stem(
            self.folder[0] / f"{one.id}.f32",
            start_sample=first,
            n_samples=min(self.film.n_samples, round(one.film_end_s * rate_hz)) - first,
            n_channels=len(self.film.channel_names[:2]),
        )


def _known(how: Taken, levels: StemLevels | None) -> Known:
    quality = how.quality
    rows: tuple[MomentaryLevel, ...] = ()
    if levels is not None and how.fader is not None and quality is not None:
        rows = momentary_levels("", levels, how.fader, reduction_db=quality.reduction_db)
    separation = Separation(
        occurrence_id="",
        grade=how.grade,
        reduction_db=None if quality is None else quality.reduction_db,
        coherence=None if quality is None else quality.coherence,
        held_out_gain_db=None if quality is None else quality.gain_db,
        share_on_line=how.share_on_line,
        drift_ppm=how.drift_ppm,
        response=None if how.is_room is None else ("room" if how.is_room else "dry"),
        edits_s=how.edits_s,
    )
    return Known(separation=separation, song_levels=rows, levels=levels)


def _known_arrays(known: Known) -> Arrays:
    arrays = {"separation": packed(known.separation), "rows": packed(known.song_levels)}
    if known.levels is not None:
        one = known.levels
        arrays["levels"] = np.stack([one.times_s, one.song_power, one.other_power, one.film_power])
    return arrays


def _known_of(arrays: Arrays) -> Known:
    return Known(
        separation=unpacked(arrays, Separation, name="separation"),
        song_levels=unpacked(arrays, tuple[MomentaryLevel, ...], name="rows"),
        levels=StemLevels(*arrays["levels"]) if "levels" in arrays else None,
    )


_CODEC = Codec(_known_arrays, _known_of)
