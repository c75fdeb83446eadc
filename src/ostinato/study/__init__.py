"""One film, its songs, what people say of it, and how it is to be analysed: `study.toml`."""

from ostinato.choices import STAGES
from ostinato.study.plan import PLAN_NAME, Plan, encode_plan, plan_of, read_plan, rules_of
from ostinato.study.scenes import SceneReading, read_scene_table, read_scenes
from ostinato.study.song_sections import read_song_sections
from ostinato.study.study import Parameters, SongFile, Study, with_italics
from ostinato.study.study_file import parse_speed, read_study, study_template

__all__ = [
    "PLAN_NAME",
    "STAGES",
    "Parameters",
    "Plan",
    "SceneReading",
    "SongFile",
    "Study",
    "encode_plan",
    "parse_speed",
    "plan_of",
    "read_plan",
    "read_scene_table",
    "read_scenes",
    "read_song_sections",
    "read_study",
    "rules_of",
    "study_template",
    "with_italics",
]
