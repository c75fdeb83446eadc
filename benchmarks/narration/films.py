"""Films in which narration is hard to tell from dialogue by ear, with known truth.

Rooms of .15 to .6 s, three lines of dialogue in ten dry, the ambience taken down by 0 to 12 dB
under narration, music and foley in both, AAC. One narrator is never seen, the others
speak on screen as well, so that knowing a voice does not settle what it says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from ostinato.results import Kind, Results, Scene
from ostinato.simulate import (
    Bed,
    Duck,
    Encoding,
    FilmPlan,
    Level,
    PlannedOccurrence,
    PlannedSong,
    PlannedSpeech,
    Room,
    Step,
    decaying_room,
    make_film,
)

RATE_HZ = 48_000
NARRATED_BY_CHARACTER = 0.6
"""Of the recordings of narrators who are seen as well; the others are spoken on screen."""
DRY = 0.3
IN_MONO = 0.7
"""Of rooms: the boom that hears a room has one microphone, an artificial room has two sides."""
WITH_MUSIC = 0.25
"""Of runs of either kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who speaks in a film, and what else is heard; names are beginnings of file names."""

    name: str
    narrators: tuple[str, ...]
    others: tuple[str, ...]
    ambience: tuple[str, ...]
    songs: tuple[str, ...]
    seed: int


TUNING = (
    Cast(
        name="tuning-1",
        narrators=("asterisk-es", "asterisk-it"),
        others=("queen", "fillets-nl"),
        ambience=("rain", "city", "birds", "storm"),
        songs=("feelings.ogg", "metal-madness.ogg", "drascula-1.ogg"),
        seed=1,
    ),
    Cast(
        name="tuning-2",
        narrators=("asterisk-it", "sonnet", "asterisk-es"),
        others=("queen", "fillets-nl"),
        ambience=("rain", "city", "birds", "storm"),
        songs=("feelings.ogg", "metal-madness.ogg", "drascula-1.ogg"),
        seed=2,
    ),
)
REPORTED = (
    Cast(
        name="reported-1",
        narrators=("festvox-ru", "asterisk-en"),
        others=("asterisk-ru", "asterisk-fr", "drascula", "fillets-cs"),
        ambience=("waves", "wind", "boat", "fireplace", "summer-night"),
        songs=("war-of-freedom.ogg", "fantasma.mp3", "on-the-run.ogg"),
        seed=3,
    ),
    Cast(
        name="reported-2",
        narrators=("asterisk-ru", "asterisk-fr", "asterisk-en"),
        others=("festvox-ru", "drascula", "fillets-cs"),
        ambience=("waves", "wind", "boat", "fireplace", "summer-night"),
        songs=("flickr.mp3", "chaos-god.ogg", "not-about-you.mp3"),
        seed=4,
    ),
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines in a row of one kind, on one stage."""

    kind: Kind
    paths: tuple[Path, ...]


def make(cast: Cast, corpus: Path, folder: Path, *, cache_dir: Path) -> tuple[Path, Results]:
    """Make a film of a cast; return its path and the truth."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(cast.seed)
    thud = folder / "thud.wav"
    _write_thud(thud, rng)
    path = folder / f"{cast.name}.m4a"
    plan = _plan(list(_runs(cast, corpus, rng)), cast, corpus, thud, rng)
    encoding = Encoding(codec="aac", bit_rate=192_000)
    return path, make_film(plan, path, cache_dir=cache_dir, encoding=encoding)


def make_conversation(corpus: Path, folder: Path, *, cache_dir: Path) -> tuple[Path, Results]:
    """Make a film of close-miked talk and real film dialogue, in which nobody narrates."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(5)
    paths = _clips(corpus, ("drascula", "fillets-cs", "fillets-nl"))
    clips = [paths[i] for i in rng.permutation(len(paths))]
    clips += sorted((corpus / "film").glob("notld-*.opus"))
    speech, now_s = [], 1.0
    for clip in clips:
        speech.append(PlannedSpeech(path=clip, film_start_s=now_s, kind="dialogue"))
        now_s += soundfile.info(clip).duration + float(rng.uniform(0.3, 1.5))
    path = folder / "conversation.m4a"
    plan = FilmPlan(duration_s=round(now_s + 2), speech=tuple(speech))
    encoding = Encoding(codec="aac", bit_rate=192_000)
    return path, make_film(plan, path, cache_dir=cache_dir, encoding=encoding)


def _clips(corpus: Path, names: Sequence[str]) -> list[Path]:
    paths = sorted((corpus / "speech").glob("*.opus"))
    return [path for path in paths if path.name.startswith(tuple(names))]


def _runs(cast: Cast, corpus: Path, rng: np.random.Generator) -> Iterator[_Run]:
    """Give runs of narration and of dialogue, shuffled, until the recordings are used up."""
    narrators = _clips(corpus, cast.narrators)
    is_heard_only = [path.name.startswith(cast.narrators[0]) for path in narrators]
    chance = rng.random(len(narrators)) < NARRATED_BY_CHARACTER
    narrated = [p for p, *why in zip(narrators, is_heard_only, chance, strict=True) if any(why)]
    used = set(narrated)
    spoken = [p for p in _clips(corpus, (*cast.narrators, *cast.others)) if p not in used]
    runs = [
        *_in_runs(narrated, "narration", (1, 6), rng),
        *_in_runs(spoken, "dialogue", (3, 12), rng),
    ]
    for i in rng.permutation(len(runs)):
        yield runs[i]


def _in_runs(
    paths: Sequence[Path], kind: Kind, n_lines: tuple[int, int], rng: np.random.Generator
) -> Iterator[_Run]:
    # a narrator goes on alone; people who talk to each other take turns
    order = list(paths) if kind == "narration" else [paths[i] for i in rng.permutation(len(paths))]
    while order:
        n = int(rng.integers(*n_lines))
        yield _Run(kind, tuple(order[:n]))
        order = order[n:]


def _plan(
    runs: Sequence[_Run], cast: Cast, corpus: Path, thud: Path, rng: np.random.Generator
) -> FilmPlan:
    speech: list[PlannedSpeech] = []
    beds: list[Bed] = []
    songs: list[PlannedOccurrence] = []
    scenes: list[Scene] = []
    now_s, left = 1.0, list(runs)
    while left:
        start_s = now_s
        room = decaying_room(
            decay_s=float(rng.uniform(0.15, 0.6)),
            direct_to_reverberant_db=float(rng.uniform(-2, 8)),
            sample_rate_hz=RATE_HZ,
            rng=rng,
        )
        if rng.random() < IN_MONO:
            room = Room(response=room.response[0])
        for run in left[: int(rng.integers(1, 4))]:
            run_start_s = now_s
            left.remove(run)
            for path in run.paths:
                chain: tuple[Step, ...] = ()
                if run.kind == "dialogue" and rng.random() >= DRY:
                    chain = (room,)
                spread_lu = 1.5 if run.kind == "narration" else 3.0
                speech.append(
                    PlannedSpeech(
                        path=path,
                        film_start_s=now_s,
                        kind=run.kind,
                        voice=path.name.rpartition("-")[0] or path.stem,
                        level_lufs=-23.5 + spread_lu * float(np.clip(rng.normal(), -2, 2)),
                        chain=chain,
                    )
                )
                now_s += soundfile.info(path).duration + float(rng.uniform(0.35, 1.5))
            if rng.random() < WITH_MUSIC:
                songs += _song(cast, run_start_s, now_s, rng)
            beds += _foley(thud, run, run_start_s, now_s, rng)
            now_s += float(rng.uniform(0.5, 4.0))
        scenes.append(Scene(name=f"scene {len(scenes) + 1}", start_s=start_s, end_s=now_s))
        beds.append(_bed(cast, corpus, start_s, now_s, rng))
    return FilmPlan(
        duration_s=float(np.ceil(now_s + 2)),
        songs=tuple(
            PlannedSong(id=name, title=name, path=corpus / "songs" / name) for name in cast.songs
        ),
        occurrences=tuple(songs),
        speech=tuple(speech),
        beds=tuple(beds),
        scenes=tuple(scenes),
    )


def _bed(cast: Cast, corpus: Path, start_s: float, end_s: float, rng: np.random.Generator) -> Bed:
    name = cast.ambience[int(rng.integers(len(cast.ambience)))]
    return Bed(
        path=corpus / "ambience" / f"{name}.opus",
        film_start_s=start_s,
        film_end_s=end_s,
        level=Level(float(rng.uniform(-25, -12)) - 23.5),
        duck=Duck(depth_db=float(rng.uniform(0, 12)), under=("narration",)),
    )


def _song(
    cast: Cast, start_s: float, end_s: float, rng: np.random.Generator
) -> Iterator[PlannedOccurrence]:
    yield PlannedOccurrence(
        song_id=cast.songs[int(rng.integers(len(cast.songs)))],
        film_start_s=start_s,
        duration_s=min(60.0, end_s - start_s),
        song_start_s=float(rng.uniform(0, 60)),
        level=Level(float(rng.uniform(-15, -3)), "speech"),
    )


def _foley(
    thud: Path, run: _Run, start_s: float, end_s: float, rng: np.random.Generator
) -> Iterator[Bed]:
    """Strew sounds of things and steps, on half of the stages of dialogue, a quarter of others."""
    if rng.random() >= (0.5 if run.kind == "dialogue" else 0.25):
        return
    for _ in range(int((end_s - start_s) / 4)):
        at_s = float(rng.uniform(start_s, end_s))
        level = Level(float(rng.uniform(-18, -6)) - 23.5)
        yield Bed(path=thud, film_start_s=at_s, film_end_s=at_s + 1.0, level=level)


def _write_thud(path: Path, rng: np.random.Generator) -> None:
    t = np.arange(RATE_HZ * 2) / RATE_HZ
    y = rng.standard_normal(t.size) * np.exp(-t / 0.03) * (t < 1)
    soundfile.write(path, 0.5 * y / np.abs(y).max(), RATE_HZ)
