"""One film, its songs, what people say of it, and how it is to be analysed: `study.toml`."""

from ostinato.study.scenes import read_scenes
from ostinato.study.study import (
    STAGES,
    Parameters,
    SongFile,
    Study,
    parse_speed,
    read_study,
    with_italics,
)
from ostinato.study.templates import STUDIES, TEMPLATES

__all__ = [
    "STAGES",
    "STUDIES",
    "TEMPLATES",
    "Parameters",
    "SongFile",
    "Study",
    "parse_speed",
    "read_scenes",
    "read_study",
    "with_italics",
]
