"""Songs are found in the film, and each occurrence is given its name and its levels.

What was found of a song is remembered without regard to the others: it is named only now, and what
is another song that shares samples with it is set apart.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache

from ostinato.cues import (
    Cues,
    SongLevel,
    find_occurrences,
    name_candidates,
    name_playings,
    shared_material,
)
from ostinato.measures import level_re_speech_lu, louder_share, loudness_percentile
from ostinato.media import WorkingCopy, song_record
from ostinato.pipeline.inputs import Opened, film_track
from ostinato.pipeline.memo import Arrays, Codec, Memo, Running, once, packed, sound_of, unpacked
from ostinato.pipeline.separation import Separated
from ostinato.results import (
    Candidate,
    LevelInFilm,
    Occurrence,
    Removal,
    SharedMaterial,
    Song,
    SpeechSegment,
)
from ostinato.separation import StemLevels
from ostinato.study import Study
from ostinato.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeardSongs:
    """Where songs are heard in a film.

    Parameters
    ----------
    occurrences : tuple of Occurrence
        Of all songs, by film time.
    levels : mapping of str to SongLevel
        How loud each is, by its identifier.
    candidates : tuple of Candidate
        What may be heard and does not count.
    shared : tuple of SharedMaterial
        What only seems to be heard.
    """

    occurrences: tuple[Occurrence, ...] = ()
    levels: Mapping[str, SongLevel] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    shared: tuple[SharedMaterial, ...] = ()


NOT_SOUGHT = HeardSongs()
"""Where no song was looked for."""


def song_records(study: Study, opened: Opened) -> tuple[Song, ...]:
    """Return the songs of a study as results hold them, ``S1`` and so on."""
    told = zip(study.songs, opened.songs, opened.sections, strict=True)
    return tuple(
        replace(
            song_record(copy, song_id=f"S{n}", title=named.title),
            sections=sections,
            performer=named.performer,
            release=named.release,
            year=named.year,
        )
        for n, (named, copy, sections) in enumerate(told, start=1)
    )


def find_songs(
    study: Study, opened: Opened, songs: Sequence[Song], *, memo: Memo, running: Running
) -> HeardSongs:
    """Find all songs of a study in its film."""
    found = _each_found(study, opened, songs, memo, running)
    own, shared = _without_shared(study, opened, songs, found)
    occurrences, levels = _named(own)
    candidates = name_candidates(
        [one for cues in own for one in cues.candidates],
        {song.id: copy.pcm_sha256 for song, copy in zip(songs, opened.songs, strict=True)},
        parameters=study.parameters.cues.missed,
    )
    return HeardSongs(occurrences=occurrences, levels=levels, candidates=candidates, shared=shared)


def _each_found(
    study: Study, opened: Opened, songs: Sequence[Song], memo: Memo, running: Running
) -> tuple[Cues, ...]:
    """Find each song, unless it was found in this film before."""
    film, parameters = opened.film, study.parameters.cues
    out = []
    with ExitStack() as stack:
        track = cache(lambda: stack.enter_context(film_track(film)))
        for index, (song, copy) in enumerate(zip(songs, opened.songs, strict=True)):
            entry = memo.entry(
                "cues", film=sound_of(film), song=sound_of(copy), parameters=parameters
            )

            def search(index: int = index, song: Song = song, copy: WorkingCopy = copy) -> Cues:
                return find_occurrences(
                    film,
                    track(),
                    copy,
                    song_id=song.id,
                    parameters=parameters,
                    on_progress=running.part(index, len(songs)),
                )

            # the same recording may have been another song's number in another study
            out.append(once(entry, _CUES, search, running=running).of_song(song.id))
    return tuple(out)


def _without_shared(
    study: Study, opened: Opened, songs: Sequence[Song], found: Sequence[Cues]
) -> tuple[tuple[Cues, ...], tuple[SharedMaterial, ...]]:
    """Set apart what seems to be one song and is another that shares samples with it."""
    shared = dict(
        shared_material(
            [one for cues in found for one in cues.occurrences],
            {song.id: copy for song, copy in zip(songs, opened.songs, strict=True)},
            film=opened.film,
            parameters=study.parameters.cues.shared,
            trace=study.parameters.cues.trace,
        )
    )
    index, kept = 0, []
    for cues in found:
        own = range(index, index + len(cues.occurrences))
        pairs = zip(own, cues.occurrences, cues.levels, strict=True)
        rest = [(one, level) for i, one, level in pairs if i not in shared]
        occurrences, levels = tuple(one for one, _ in rest), tuple(level for _, level in rest)
        kept.append(replace(cues, occurrences=occurrences, levels=levels))
        index = own.stop
    in_film_order = sorted(shared.values(), key=lambda row: (row.film_start_s, row.song_id))
    return tuple(kept), tuple(in_film_order)


def _named(
    cues: Sequence[Cues],
) -> tuple[tuple[Occurrence, ...], dict[str, SongLevel]]:
    """Name occurrences of all songs, in order of film time, and keep the level of each."""
    pairs = [pair for found in cues for pair in zip(found.occurrences, found.levels, strict=True)]
    pairs.sort(key=lambda pair: (pair[0].film_start_s, pair[0].song_id))
    named = name_playings([one for one, _ in pairs])
    return named, {one.id: level for one, (_, level) in zip(named, pairs, strict=True)}


def with_levels(
    heard: HeardSongs,
    separated: Separated,
    *,
    film: WorkingCopy,
    speech: Sequence[SpeechSegment],
) -> tuple[Occurrence, ...]:
    """Give each occurrence its level, its rank in the film, and the proof by subtraction."""
    short_term_lufs = film.short_term_lufs()
    talk = Timeline.of(segment.interval for segment in speech)
    tried = {one.occurrence_id: one for one in separated.separations}
    levels: dict[str, SongLevel | StemLevels] = {**heard.levels, **separated.levels}
    out = []
    for one in heard.occurrences:
        level, separation = levels[one.id], tried.get(one.id)
        powers = level.times_s, level.song_power, level.other_power
        in_film = LevelInFilm(
            level_lufs=level.level_lufs,
            level_re_speech_lu=level_re_speech_lu(*powers, speech=talk),
            louder_share=louder_share(*powers, speech=talk),
            loudness_percentile=loudness_percentile(level.level_lufs, short_term_lufs),
        )
        removal = (
            Removal()
            if separation is None
            else Removal(separation=separation.grade, reduction_db=separation.reduction_db)
        )
        out.append(one.with_parts(in_film, removal))
    return tuple(out)


_SCALARS = ("level_lufs", "low_hz", "high_hz")
_CURVES = ("times_s", "song_power", "other_power")


def _cues_arrays(cues: Cues) -> Arrays:
    arrays: Arrays = {
        "occurrences": packed(cues.occurrences),
        "levels": packed([[getattr(level, name) for name in _SCALARS] for level in cues.levels]),
        "candidates": packed(cues.candidates),
    }
    for i, level in enumerate(cues.levels):
        arrays |= {f"{name}_{i}": getattr(level, name) for name in _CURVES}
    return arrays


def _cues_of(arrays: Arrays) -> Cues:
    scalars = unpacked(arrays, list[list[float | None]], name="levels")
    levels = (
        SongLevel(
            arrays[f"times_s_{i}"], arrays[f"song_power_{i}"], arrays[f"other_power_{i}"], *numbers
        )
        for i, numbers in enumerate(scalars)
    )
    return Cues(
        unpacked(arrays, tuple[Occurrence, ...], name="occurrences"),
        tuple(levels),
        unpacked(arrays, tuple[Candidate, ...], name="candidates"),
    )


_CUES = Codec(_cues_arrays, _cues_of)
