"""Which songs the films of the benchmark play and look for, and how each set plays them.

A film plays songs of few composers, and no song of theirs is looked for unless the one that plays
is, because songs of one hand share samples. Levels are LU re the level at which speech is mixed.
"""

from dataclasses import dataclass

SETS = ("clean", "broadcast", "dense")
NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Cast:
    """What a film plays, what is looked for in it, and the music under it."""

    played: tuple[str, ...]
    searched: tuple[str, ...]
    bed: tuple[str, ...]


def _same(*played: str, bed: tuple[str, ...]) -> Cast:
    return Cast(played, played, bed)


CASTS = (
    _same(
        "armygeddon",
        "mutilated-mime",
        "on-the-run",
        "a-talk-with-george",
        bed=("drascula-2", "escape-from-chaosland"),
    ),
    _same(
        "feelings",
        "metal-madness",
        "fantasma",
        "flickr",
        bed=("internal-degeneration", "drascula-2"),
    ),
    _same(
        "drascula-1",
        "drascula-30",
        "chiron-beta-prime",
        "war-of-freedom",
        bed=("chaos-god", "internal-degeneration"),
    ),
)
CALIBRATION_CAST = _same(
    "chaos-god", "escape-from-chaosland", "not-about-you", "drascula-2", bed=("on-the-run",)
)
NEGATIVE_CASTS = (
    Cast(
        ("escape-from-chaosland", "war-of-freedom"),
        ("armygeddon", "on-the-run", "drascula-1", "a-talk-with-george"),
        ("escape-from-chaosland",),
    ),
    Cast(
        ("big-bad-world-one", "furry-old-lobster"),
        ("feelings", "mutilated-mime", "drascula-30", "fantasma"),
        ("not-about-you",),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a set plays its songs."""

    levels_lu: tuple[float, ...]
    chains: tuple[str, ...]
    lengths_s: tuple[tuple[float, float], ...]
    between_s: tuple[float, float]


MANNERS = {
    "clean": Manner(
        levels_lu=(0.0, -5.0, -10.0),
        chains=("clean",),
        lengths_s=((5.0, 20.0),),
        between_s=(4.0, 9.0),
    ),
    "broadcast": Manner(
        levels_lu=(-5.0, -10.0, -15.0, -20.0),
        chains=("fades", "ducked", "radio", "room"),
        lengths_s=((3.0, 15.0),),
        between_s=(4.0, 9.0),
    ),
    "dense": Manner(
        levels_lu=(-10.0, -15.0, -20.0, -25.0, -30.0),
        chains=("clean", "radio in a room", "stretched"),
        lengths_s=((1.0, 5.0), (1.0, 5.0), (1.0, 5.0), (5.0, 12.0)),
        between_s=(3.0, 7.0),
    ),
}
STRETCHES = (0.96, 0.98, 1.02, 1.04)
