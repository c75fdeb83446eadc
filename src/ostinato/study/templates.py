"""The files that a new study begins with, and the study of *Chungking Express* among them.

Nothing of an edition is assumed: paths, the edition's name and the days are to be filled in, and
the passages' times are those of the essay's own edition, to be checked against the one analysed.
"""

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
_CHUNGKING_LABELS = """\
# One line a stretch of speech; kind is narration, dialogue, soliloquy, undetermined or none.
# Of this film: Cop 223 and Cop 663 narrate. `ostinato label` draws a random sample to label.
start	end	kind
"""
_CHUNGKING_SCENES = """\
# The passages that the essay names, at the times of its own edition: an edition of 25 frames a
# second runs 4 % shorter. Take the times from yours. Columns are parted by tabs.
# story and day: add scenes until the two stories are covered, and number the days as you see them;
# what is said of a story or a day is said of the scenes that are marked here.
start	end	name	story	day
0:01:54	0:02:47	Cop 223 runs through the crowd	Cop 223
0:10:14	0:10:38	sewing machines: the product is hidden	Cop 223
0:25:40	0:26:04	Cop 223 telephones in the snack bar	Cop 223
0:28:00	0:32:54	Cop 223 and the woman in the blonde wig in the bar	Cop 223
0:53:50	0:57:05	Cop 663 and Faye at the counter: the envelope with the key	Cop 663
"""
_CHUNGKING_STUDY = """\
# Chungking Express (1994): the songs that recur, the two stories, and the claims of an essay.
# Paths are relative to this file. Film and songs are yours to supply.

[film]
path = "film.mkv"
title = "Chungking Express"
director = "Wong Kar-wai"
director_family = "Wong"
year = 1994
country = "Hong Kong"
# distributor = ""             # who released the edition that you cite
# edition = ""                 # how your essay names the edition: disc, year, country
# stream = 0                   # `ostinato doctor film.mkv` lists them

[[songs]]
title = "California Dreamin'"  # The Mamas & the Papas
path = "california-dreamin.flac"

# [[songs]]
# title = "Things in Life"     # Dennis Brown, on the jukebox
# path = "things-in-life.flac"

# [[songs]]
# title = "Dreams"             # Faye Wong's cover, in Cantonese
# path = "dreams.flac"

# [[songs]]
# title = "What a Diff'rence a Day Makes"   # Dinah Washington
# path = "what-a-diffrence-a-day-makes.flac"

# [[songs]]
# title = "the opening theme"  # Michael Galasso
# path = "opening-theme.flac"

[annotations]
scenes = "scenes.tsv"          # the passages that the essay names; check their times
# subtitles = "film.srt"       # (V.O.), NARRATOR: and the like mark narration
# labels = "labels.tsv"        # your own labels always win

[[claims]]
id = "C1"
statement = "Faye constantly plays the same song, “California Dreamin'”."
song = "California Dreamin'"

[[claims]]
id = "C2"
statement = "“California Dreamin'” is heard from different parts on different days."
song = "California Dreamin'"

[[claims]]
id = "C3"
statement = "“California Dreamin'” goes on, the next day, from where it had stopped."
song = "California Dreamin'"

[[claims]]
id = "C4"
statement = "Faye plays “California Dreamin'” louder than the speech."
song = "California Dreamin'"

[[claims]]
id = "C5"
statement = "Narration takes the place of dialogue."

[[claims]]
id = "C6"
statement = "Narration is used most at the beginning, as He Qiwu thinks of May."

[[claims]]
id = "C7"
statement = "The characters talk to themselves."

[[claims]]
id = "C8"
statement = "The days have the same pattern: “California Dreamin'” returns in an even rhythm."
song = "California Dreamin'"
"""
CHUNGKING_EXPRESS = {
    "study.toml": _CHUNGKING_STUDY,
    "scenes.tsv": _CHUNGKING_SCENES,
    "labels.tsv": _CHUNGKING_LABELS,
}
"""Content of each file, by name."""
STUDIES = {"blank": TEMPLATES, "chungking-express": CHUNGKING_EXPRESS}
"""What a study may begin with, by name."""
