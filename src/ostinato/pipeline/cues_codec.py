"""How what was found of a song is remembered."""

from ostinato.cues import Cues, SongLevel
from ostinato.pipeline.memo import Arrays, Codec, packed, unpacked
from ostinato.results import Candidate, Occurrence

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


CUES_CODEC = Codec(_cues_arrays, _cues_of)
