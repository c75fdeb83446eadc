"""One film, its songs, what people say of it, and how it is to be analysed: `study.toml`."""

from ostinato.choices import STAGES
from ostinato.study.scenes import SceneReading, read_scene_table, read_scenes
from ostinato.study.speeds import parse_speed
from ostinato.study.study import Parameters, SongFile, Study, with_italics
from ostinato.study.templates import STUDIES, TEMPLATES
from ostinato.study.written import read_study

__all__ = [
    "STAGES",
    "STUDIES",
    "TEMPLATES",
    "Parameters",
    "SceneReading",
    "SongFile",
    "Study",
    "parse_speed",
    "read_scene_table",
    "read_scenes",
    "read_study",
    "with_italics",
]
