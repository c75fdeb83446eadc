"""One film, its songs, what people say of it, and how it is to be analysed: `study.toml`."""

from ostinato.choices import STAGES
from ostinato.study.scenes import read_scenes
from ostinato.study.study import Parameters, SongFile, Study, read_study
from ostinato.study.templates import STUDIES, TEMPLATES

__all__ = [
    "STAGES",
    "STUDIES",
    "TEMPLATES",
    "Parameters",
    "SongFile",
    "Study",
    "read_scenes",
    "read_study",
]
