"""The files that a new study begins with, to be filled in."""

from ostinato.study.chungking import CHUNGKING_EXPRESS

_STUDY = """\
# A study: one film, its songs, and what you know of it.
# Paths are relative to this file. Remove the # before a line to use it.

[film]
path = "film.mkv"
# title = "The Film"           # how your list of references names the film: `cite` needs it
# director = "Ana Example"     # several: director = ["Ana Example", "Bo Example"]
# year = 1994
# country = "Hong Kong"
# distributor = "Example Films"
# edition = "Blu-ray, 2021"    # how your essay names the edition
# stream = 0                   # `ostinato doctor film.mkv` lists them; "0+1" joins two

[[songs]]
title = "The song"
path = "song.flac"

# [[songs]]
# title = "Another song"
# path = "another.mp3"

[annotations]
# subtitles = "film.srt"       # (V.O.), NARRATOR: and the like mark narration
# italics = "narration"        # only if italics are narration in them, and nothing else
# labels = "labels.tsv"        # your own labels always win
# scenes = "scenes.tsv"        # scenes, stories and days

# [stems]
# speech = "dialogue.wav"      # the speech alone, if another program has separated it
# [[voices]]                   # a voice that you know, by a few seconds of it alone
# name = "Cop 223"
# heard = ["0:01:05 - 0:01:12"]
# narrates = true              # whether it is ever a voice-over

# [[claims]]                   # what your essay claims: only what stands here is tested
# id = "C3"                    # `ostinato init --template chungking-express` states all eight
# statement = "The song goes on, the next day, from where it had stopped."
# song = "The song"

# [parameters.measures]
# continuation_s = 5.0         # a song goes on if it restarts this near to where it stopped
"""
_SCENES = """\
# One line a scene; columns are parted by tabs. Story and day may stay empty.
start	end	name	story	day
0:00:00	0:01:00	the first scene	one	1
"""
_LABELS = """\
# One line a stretch of speech; kind is narration, dialogue, soliloquy, undetermined or none.
start	end	kind
0:00:10	0:00:20	narration
"""

TEMPLATES = {"study.toml": _STUDY, "scenes.tsv": _SCENES, "labels.tsv": _LABELS}
"""Content of each file, by name."""
STUDIES = {"blank": TEMPLATES, "chungking-express": CHUNGKING_EXPRESS}
"""What a study may begin with, by name."""
