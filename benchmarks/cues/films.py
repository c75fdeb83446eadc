"""The films of the benchmark as plans: three sets and films without the songs, drawn from a seed.

Levels are LU re -23 LUFS, at which speech is mixed. `repertoire` says what is played, and how.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from random_plans import Recordings, random_plan
from repertoire import (
    CALIBRATION_CAST,
    CASTS,
    MANNERS,
    NEGATIVE,
    NEGATIVE_CASTS,
    SETS,
    STRETCHES,
    Cast,
    Manner,
)
from sounds import KeptPitch, write_effects

from ostinato.media import open_working_copy
from ostinato.simulate import (
    Bed,
    Duck,
    Encoding,
    Fade,
    FilmPlan,
    Level,
    PlannedOccurrence,
    PlannedSong,
    Radio,
    Step,
    decaying_room,
    read_room,
)

_RATE_HZ = 48_000
_SPEECH_LUFS = -23.0  # at which `simulate` mixes speech
_CUT = Fade(in_s=0.01, out_s=0.01)  # no cut clicks
_EFFECTS_PER_MINUTE = 30.0  # 600 in 20 minutes
_EFFECTS_LU, _MUSIC_BED_LU = -6.0, -6.0
_SONG_EDGE_S = 3.0  # many songs begin and end in silence
_QUIETEST_DB = -15.0  # re the whole song: what is all but silent cannot be set a level


@dataclass(frozen=True, slots=True, kw_only=True)
class CueFilm:
    """A film of the benchmark.

    `chains` names what each occurrence of the plan goes through; `searched` are the songs that the
    tools are given.
    """

    name: str
    of_set: str
    plan: FilmPlan
    chains: tuple[str, ...]
    searched: tuple[PlannedSong, ...]
    encoding: Encoding
    suffix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """Where recordings come from, and where what is made of them goes."""

    corpus: Path
    folder: Path
    cache_dir: Path
    minutes: float

    def song(self, name: str) -> PlannedSong:
        """Return a song of the corpus, under its own name."""
        (path,) = (self.corpus / "songs").glob(f"{name}.*")
        return PlannedSong(id=name, title=name, path=path)


def draw_films(studio: Studio, *, seed: int, n_films: int) -> Iterator[CueFilm]:
    """Draw the films on which tools are measured, one after the other.

    Parameters
    ----------
    studio : Studio
        Recordings and folders.
    seed : int
        Of everything that is drawn.
    n_films : int
        Of each set, 1 to 3; and one less, at least one, without the songs.

    Yields
    ------
    CueFilm
        The same for the same seed.
    """
    for number, cast in enumerate(CASTS[:n_films], start=1):
        for which, of_set in enumerate(SETS):
            rng = np.random.default_rng((seed, number, which))
            yield _draw(f"{of_set}-{number}", cast, studio, of_set=of_set, manner=of_set, rng=rng)
    for number, cast in enumerate(NEGATIVE_CASTS[: max(1, n_films - 1)], start=1):
        manner = ("broadcast", "dense")[number - 1]
        rng = np.random.default_rng((seed, number, len(SETS)))
        yield _draw(f"{NEGATIVE}-{number}", cast, studio, of_set=NEGATIVE, manner=manner, rng=rng)


def draw_calibration(studio: Studio, *, seed: int) -> Iterator[CueFilm]:
    """Draw one film of each set, with other songs, on which the peers' settings are chosen.

    Parameters
    ----------
    studio : Studio
        Recordings and folders.
    seed : int
        Of the benchmark; the films are of another.

    Yields
    ------
    CueFilm
        The same for the same seed.
    """
    for which, of_set in enumerate(SETS):
        rng = np.random.default_rng((seed + 1000, which))
        name = f"calibration-{of_set}"
        yield _draw(name, CALIBRATION_CAST, studio, of_set=of_set, manner=of_set, rng=rng)


def _draw(
    name: str, cast: Cast, studio: Studio, *, of_set: str, manner: str, rng: np.random.Generator
) -> CueFilm:
    songs = {one: studio.song(one) for one in dict.fromkeys((*cast.searched, *cast.played))}
    played = tuple(songs[one] for one in cast.played)
    occurrences, chains = _occurrences(played, MANNERS[manner], studio, rng)
    background = _background(studio, songs[cast.played[0]], rng)
    beds = background.beds
    if manner == "dense":
        beds += _dense_beds(name, cast, studio, rng)
    is_aac = manner == "dense" or name.endswith("2")
    return CueFilm(
        name=name,
        of_set=of_set,
        plan=replace(background, songs=tuple(songs.values()), occurrences=occurrences, beds=beds),
        chains=chains,
        searched=tuple(songs[one] for one in cast.searched),
        encoding=Encoding() if manner == "clean" else _lossy(is_aac=is_aac),
        suffix=".mka" if not is_aac or manner == "clean" else ".m4a",
    )


def _lossy(*, is_aac: bool) -> Encoding:
    return (
        Encoding(codec="aac", bit_rate=128_000)
        if is_aac
        else Encoding(codec="ac3", bit_rate=192_000)
    )


def _background(studio: Studio, song: PlannedSong, rng: np.random.Generator) -> FilmPlan:
    """Draw speech and ambience without end, and no song."""
    recordings = Recordings(
        songs=(song,),
        speech=tuple(sorted((studio.corpus / "speech").glob("*.opus"))),
        ambience=tuple(sorted((studio.corpus / "ambience").glob("*.o*"))),
    )
    plan, _ = random_plan(
        recordings,
        duration_s=60 * studio.minutes,
        levels_lu=(),
        chains={},
        occurrence_s=(1.0, 1.0),
        cache_dir=studio.cache_dir,
        rng=rng,
    )
    return plan


def _dense_beds(name: str, cast: Cast, studio: Studio, rng: np.random.Generator) -> tuple[Bed, ...]:
    """Music throughout, and effects."""
    duration_s = 60 * studio.minutes
    effects = studio.folder / f"{name}-effects.wav"
    write_effects(
        effects,
        sorted((studio.corpus / "ambience").glob("*.o*")),
        duration_s=duration_s,
        n_effects=round(_EFFECTS_PER_MINUTE * studio.minutes),
        sample_rate_hz=_RATE_HZ,
        cache_dir=studio.cache_dir,
        rng=rng,
    )
    edges_s = np.linspace(0, duration_s, len(cast.bed) + 1).tolist()
    music = (
        Bed(
            path=studio.song(one).path,
            film_start_s=start_s,
            film_end_s=end_s,
            level=Level(_SPEECH_LUFS + _MUSIC_BED_LU),
        )
        for one, start_s, end_s in zip(cast.bed, edges_s, edges_s[1:], strict=False)
    )
    heard = Bed(
        path=effects,
        film_start_s=0.0,
        film_end_s=duration_s,
        level=Level(_SPEECH_LUFS + _EFFECTS_LU),
    )
    return (*music, heard)


def _occurrences(
    songs: Sequence[PlannedSong], manner: Manner, studio: Studio, rng: np.random.Generator
) -> tuple[tuple[PlannedOccurrence, ...], tuple[str, ...]]:
    """Fill a film with every chain at every level, songs and lengths in turn."""
    conditions = [(chain, level) for chain in manner.chains for level in manner.levels_lu]
    planned, chains = [], []
    now_s, order = float(rng.uniform(*manner.between_s)), np.empty(0, int)
    while True:
        if order.size == 0:
            order = rng.permutation(len(conditions))
        (chain, level_lu), order = conditions[order[0]], order[1:]
        duration_s = float(rng.uniform(*manner.lengths_s[len(planned) % len(manner.lengths_s)]))
        if now_s + duration_s + manner.between_s[0] > 60 * studio.minutes:
            return tuple(planned), tuple(chains)
        song = songs[int(rng.integers(len(songs)))]
        speed = float(rng.choice(STRETCHES)) if chain == "stretched" else 1.0
        planned.append(
            PlannedOccurrence(
                song_id=song.id,
                film_start_s=now_s,
                duration_s=duration_s,
                song_start_s=_audible_start_s(song, duration_s * speed, studio, rng),
                level=Level(_SPEECH_LUFS + level_lu),
                speed=speed,
                chain=_chain(chain, speed, duration_s, studio, rng),
            )
        )
        chains.append(chain)
        now_s += duration_s + float(rng.uniform(*manner.between_s))


def _audible_start_s(
    song: PlannedSong, length_s: float, studio: Studio, rng: np.random.Generator
) -> float:
    copy = open_working_copy(song.path, cache_dir=studio.cache_dir)
    mean = float(np.mean(np.square(copy.mono(0, copy.n_samples), dtype=np.float64)))
    while True:
        start_s = float(rng.uniform(_SONG_EDGE_S, copy.duration_s - length_s - _SONG_EDGE_S))
        start, stop = (round(s * copy.rate_hz) for s in (start_s, start_s + length_s))
        own = float(np.mean(np.square(copy.mono(start, stop), dtype=np.float64)))
        if own >= mean * 10 ** (_QUIETEST_DB / 10):
            return start_s


def _chain(
    name: str, speed: float, duration_s: float, studio: Studio, rng: np.random.Generator
) -> tuple[Step, ...]:
    longest_s = min(2.0, duration_s / 3)
    fade = Fade(
        in_s=float(rng.uniform(0.3, 1.0)) * longest_s,
        out_s=float(rng.uniform(0.3, 1.0)) * longest_s,
    )
    room = decaying_room(
        decay_s=float(rng.uniform(0.4, 0.9)),
        direct_to_reverberant_db=float(rng.uniform(-3.0, 3.0)),
        sample_rate_hz=_RATE_HZ,
        rng=rng,
    )
    measured = read_room(
        studio.corpus / "rooms" / "cardiod-35-10-spread.wav",
        sample_rate_hz=_RATE_HZ,
        cache_dir=studio.cache_dir,
    )
    return {
        "clean": (_CUT,),
        "fades": (fade,),
        "ducked": (_CUT, Duck(depth_db=10.0)),
        "radio": (_CUT, Radio()),
        "room": (_CUT, measured),
        "radio in a room": (_CUT, Radio(drive=2.0), room),
        "stretched": (_CUT, KeptPitch(speed=speed)),
    }[name]
