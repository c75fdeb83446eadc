from pathlib import Path

import pytest

from ostinato.errors import StudyError
from ostinato.measures import Question
from ostinato.results import Credits
from ostinato.study import STAGES, SongFile, Study, read_study, study_template

STUDY = """
[film]
path = "discs/film.mkv"
edition = "Blu-ray, 2021"
stream = 1

[[songs]]
title = "夢中人"
path = "../songs/one.flac"

[[songs]]
title = "Two"
path = "/music/two.mp3"

[annotations]
subtitles = "film.srt"

[parameters.measures]
continuation_s = 2

[parameters.cues.trace]
min_duration_s = 3.0
"""


@pytest.fixture
def write(tmp_path):
    def written(content):
        path = tmp_path / "study.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def test_paths_are_relative_to_the_study_wherever_one_stands(write, tmp_path, monkeypatch):
    write(STUDY)
    monkeypatch.chdir(tmp_path.parent)
    study = read_study(Path(tmp_path.name) / "study.toml")
    assert study.film == tmp_path / "discs" / "film.mkv"
    assert study.subtitles == tmp_path / "film.srt"
    assert (study.scenes, study.labels) == (None, None)
    assert study.songs == (
        SongFile(title="夢中人", path=tmp_path / ".." / "songs" / "one.flac"),
        SongFile(title="Two", path=Path("/music/two.mp3")),
    )


def test_claims_and_calibration_are_read_and_none_is_made_by_itself(write):
    assert read_study(write(STUDY)).claims == ()
    study = read_study(
        write(
            STUDY + '[[claims]]\nid = "C3"\nsong = "Two"\n[calibration]\nn_narration = 9\n'
            "n_narration_found = 8\nn_dialogue = 7\nn_dialogue_found = 6\n"
        )
    )
    assert study.claims == (Question(id="C3", song="Two"),)
    assert study.calibration.n_dialogue_found == 6


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ('[[claims]]\nid = "C9"\n', "there is no such claim"),
        ('[[claims]]\nname = "C1"\n', "claims, number 1, key 'name'"),
        ("[parameters.measures]\nlevel = 2.0\n", "level"),
    ],
)
def test_a_claim_or_parameter_that_is_none_is_refused(write, more, reason):
    with pytest.raises(StudyError, match=reason):
        read_study(write('[film]\npath = "film.mkv"\n' + more))


def test_a_path_may_begin_at_home(write, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    study = read_study(write('[film]\npath = "~/film.mkv"'))
    assert study.film == tmp_path / "home" / "film.mkv"


def test_what_is_given_is_taken_and_all_else_stays_as_it_is(write):
    study = read_study(write(STUDY))
    plain = Study(film=study.film).parameters
    assert (study.edition, study.stream, study.stages) == ("Blu-ray, 2021", 1, STAGES)
    assert study.parameters.measures.continuation_s == 2.0
    assert study.parameters.cues.trace.min_duration_s == 3.0
    assert study.parameters.cues.detect == plain.cues.detect
    assert study.parameters.speech == plain.speech


def test_a_study_that_an_editor_marked_as_utf8_is_read(write):
    assert read_study(write(b"\xef\xbb\xbf" + STUDY.encode())).songs[0].title == "夢中人"


def test_the_study_that_init_writes_can_be_read(tmp_path):
    for name, text in study_template("blank").items():
        (tmp_path / name).write_text(text)
    study = read_study(tmp_path / "study.toml")
    assert study.film == tmp_path / "film.mkv"
    assert [song.title for song in study.songs] == ["The song"]


def test_the_study_that_init_writes_can_be_read_with_every_line_in_use(write):
    lines = study_template("blank")["study.toml"].splitlines()
    is_prose = [line.startswith(("# A study", "# Paths")) for line in lines]
    in_use = [
        line if prose else line.removeprefix("# ")
        for line, prose in zip(lines, is_prose, strict=True)
    ]
    study = read_study(write("\n".join(in_use)))
    assert (study.edition, study.stream) == ("Blu-ray, 2021", 0)
    assert [song.title for song in study.songs] == ["The song", "Another song"]
    assert study.parameters.measures.continuation_s == 5.0
    assert None not in (study.subtitles, study.labels, study.scenes)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "missing required field `film`"),
        ("[film]\n", r"missing required field `path` - at `\$\.film`"),
        ("[film]\npath = 3", r"Expected `str`, got `int` - at `\$\.film\.path`"),
        ('film = "film.mkv"', r"Expected `object`, got `str` - at `\$\.film`"),
        ('[film]\npath = "f"\nstream = "x"', r"film, stream 'x': it is neither a number nor two"),
        (
            '[film]\npath = "f"\nfps = 24',
            r"film, key 'fps': a study has no such key\. Use path",
        ),
        ('[flim]\npath = "f"', r"key 'flim': a study has no such key\. Use film, songs, annot"),
        (
            '[film]\npath = "f"\n[[songs]]\ntitle = "a"\npath = "a"\nfile = "a"',
            r"songs, number 1, key 'file': a study has no such key\. Use title, path",
        ),
        (
            '[film]\npath = "f"\n[parameters.cues]\nspeed = [1.0]',
            r"parameters, cues, key 'speed': a study has no such key\. Use speeds",
        ),
        (
            '[film]\npath = "f"\n[parameters.cues]\nspeeds = ["fast"]',
            r"Expected `float`, got `str` - at `\$\.cues\.speeds\[0\]`",
        ),
        ("[film]\npath = f", r"it is not TOML .*line 2.*Mend the line"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it is no text in any encoding that is tried"),
        (
            '[film]\npath = "f"\n'
            '[[songs]]\ntitle = "a"\npath = "1"\n[[songs]]\ntitle = "a"\npath = "2"',
            r"song 'a': two songs have this title\. Give each song its own",
        ),
    ],
)
def test_what_is_no_study_is_named_with_its_place(write, content, message):
    with pytest.raises(StudyError, match=message):
        read_study(write(content))


def test_a_study_that_is_missing_or_a_folder_is_named(tmp_path):
    with pytest.raises(StudyError, match=r"none\.toml: it cannot be read .*Make one with `ostin"):
        read_study(tmp_path / "none.toml")
    with pytest.raises(StudyError, match=r"it cannot be read \(Is a directory\)"):
        read_study(tmp_path)


def test_a_stage_that_does_not_exist_is_told_with_those_that_do():
    with pytest.raises(StudyError, match=r"stage 'voices': .*Choose from cues, separation, speech"):
        Study(film=Path("film.mkv"), stages=("cues", "voices"))


def test_a_stem_that_was_made_elsewhere_is_named_in_the_study(write, tmp_path):
    study = read_study(write(STUDY + '[stems]\nspeech = "stems/dialogue.wav"\n'))
    assert study.speech_stem == tmp_path / "stems" / "dialogue.wav"
    text = STUDY + '[stems]\nspeech = "dialogue.wav"\nmade_by = "Bandit v2"\n'
    assert read_study(write(text)).speech_stem_by == "Bandit v2"
    with pytest.raises(StudyError, match=r"what made the stem.*it is empty"):
        read_study(write(text.replace("Bandit v2", " ")))


@pytest.mark.parametrize(
    "path", [r"C:\Users\me\film.mkv", r"D:\new\table.mkv", r"\\nas\films\a.mkv"]
)
@pytest.mark.parametrize("key", ["film", "song"])
def test_a_path_of_windows_between_double_quotes_gets_the_mend(write, path, key):
    film, song = (path, "s.flac") if key == "film" else ("f.mkv", path)
    text = f'[film]\npath = "{film}"\n[[songs]]\ntitle = "One"\npath = "{song}"\n'
    with pytest.raises(StudyError, match=r"Put paths between single quotes, as in path = 'C:"):
        read_study(write(text))
    assert read_study(write(text.replace('"' + path + '"', f"'{path}'"))).songs


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_study_that_notepad_saved_is_read(write, encoding):
    text = STUDY.replace("\n", "\r\n").encode(encoding)
    assert read_study(write(text)).songs[0].title == "夢中人"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[film]\npath = ""', "a path is empty"),
        ('[film]\npath = "~nosuchuser/film.mkv"', "there is no such home folder"),
        ('[film]\npath = "a\\u0000b"', "holds control characters"),
        ('[film]\npath = "f"\n[[songs]]\ntitle = " "\npath = "s"', "a song: its title is empty"),
        ('[film]\npath = "f"\nedition = ' + "[" * 2000 + "]" * 2000, "nested deeper than 20"),
        ('[film]\npath = "f"\nedition = ' + "[" * 30 + "]" * 30, "nested deeper than 20"),
        ('[film]\npath = "f"\nstream = ' + "9" * 5000, "it is not TOML"),
        ("a" + ".a" * 50_000 + " = 1", "nested deeper than 20"),
        ('[film]\npath = "f"\nstream = -1', "stream -1: there is no such audio stream"),
        (
            '[film]\npath = "f"\n[calibration]\nn_narration = 1\nn_narration_found = 2\n'
            "n_dialogue = 1\nn_dialogue_found = 1\n",
            "n_narration_found: it is 2 of 1",
        ),
    ],
)
def test_what_no_study_can_mean_is_refused_when_it_is_read(write, content, message):
    with pytest.raises(StudyError, match=message):
        read_study(write(content))


def test_a_study_names_the_film_as_a_reference_does(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(
        '[film]\npath = "film.mkv"\ntitle = "重慶森林"\ndirector = ["Wong Kar-wai", "Ann Other"]\n'
        'director_family = ["Wong", "Other"]\nyear = 1994\ncountry = "Hong Kong"\n'
        'distributor = "Jet Tone"\n',
        encoding="utf-8",
    )
    assert read_study(path).credits == Credits(
        title="重慶森林",
        director="Wong Kar-wai; Ann Other",
        director_family="Wong; Other",
        year=1994,
        country="Hong Kong",
        distributor="Jet Tone",
    )


@pytest.mark.parametrize(
    ("line", "reason"), [("year = 94", "year of the film 94"), ('title = " "', "title of the film")]
)
def test_a_film_of_no_year_or_title_is_refused(tmp_path, line, reason):
    path = tmp_path / "study.toml"
    path.write_text(f'[film]\npath = "film.mkv"\n{line}\n', encoding="utf-8")
    with pytest.raises(StudyError, match=reason):
        read_study(path)


def test_what_a_recording_is_may_be_said_of_each_song(write):
    named = 'performer = "Faye Wong"\nrelease = "胡思亂想"\nyear = 1994\n'
    songs = read_study(write(STUDY + f'[[songs]]\ntitle = "Three"\npath = "3.flac"\n{named}')).songs
    (song,) = [one for one in songs if one.title == "Three"]
    assert (song.performer, song.release, song.year) == ("Faye Wong", "胡思亂想", 1994)


@pytest.mark.parametrize("line", ['performer = " "', 'release = ""', "year = 94"])
def test_a_recording_of_no_performer_or_year_is_refused(write, line):
    with pytest.raises(StudyError, match="song 'Three'"):
        read_study(write(STUDY + f'[[songs]]\ntitle = "Three"\npath = "3.flac"\n{line}\n'))
