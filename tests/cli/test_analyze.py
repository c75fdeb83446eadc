import json
import logging
import os
import subprocess
import sys
from contextlib import suppress
from threading import Thread

import jsonschema
import pytest
import soundfile as sf
from tests.media.conftest import write_media
from tests.small_films import FIRST_S, RATE_HZ, SECOND_S

from ostinato.cli import analyze as analysing
from ostinato.cli import main
from ostinato.pipeline import review_folder
from ostinato.results import read_results, results_schema

STUDY = """
[film]
path = "film.wav"
edition = "a tape"

[[songs]]
title = "夢中人"
path = "song.flac"

[annotations]
subtitles = "film.srt"
scenes = "scenes.tsv"
"""
SUBTITLES = """1
00:00:02,000 --> 00:00:10,000
(V.O.) I never told her about the song.

2
00:00:27,000 --> 00:00:35,000
- Do you want another drink?
- No.
"""


@pytest.fixture
def study(bar):
    """The bar's film as a study, with subtitles and scenes."""
    bar.write("film.srt", SUBTITLES)
    bar.write("scenes.tsv", "start\tend\tname\n0\t24\tthe bar\n24\t40\tthe counter\n")
    return bar.write("study.toml", STUDY)


def run_command(given, **streams):
    """Run the command in a process of its own."""
    script = "import sys; from ostinato.cli import main; sys.exit(main())"
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", script, *map(str, given)],
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        **streams,
    )


def occurrences(folder):
    return [(one.film_start_s, one.film_end_s) for one in read_results(folder).occurrences]


def test_a_film_and_a_song_become_results_that_obey_the_schema(bar, analyze):
    outcome = analyze()
    assert outcome.status == 0
    content = json.loads((bar.path("results") / "results.json").read_bytes())
    jsonschema.validate(content, results_schema())
    assert occurrences(bar.path("results")) == [
        pytest.approx(FIRST_S, abs=0.1),
        pytest.approx(SECOND_S, abs=0.1),
    ]


def test_results_are_named_on_stdout_and_stderr_is_quiet_off_a_terminal(bar, analyze):
    outcome = analyze()
    folder = bar.path("results")
    named = [line.strip() for line in outcome.out.partition("Files:\n")[2].splitlines()]
    assert str(folder / "results.json") in named
    files = {str(path) for path in folder.rglob("*") if path.is_file()}
    assert files - {str(folder / "ostinato-manifest.json")} == set(named)
    assert outcome.err == ""


def test_a_second_run_comes_from_the_cache_and_finds_the_same(bar, analyze):
    analyze()
    first = read_results(bar.path("results"))
    analyze(out="again")
    again = read_results(bar.path("again"))
    assert all(stage.cached for stage in again.run.stages)
    assert (again.occurrences, again.speech) == (first.occurrences, first.speech)


def test_a_process_of_its_own_says_nothing_on_stderr(bar):
    given = ["analyze", bar.film, "--song", bar.song, "--cache", bar.cache, "--out", bar.path("r")]
    done = run_command([*given, "--quiet"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, "")
    assert "results.json" in done.stdout


def test_a_study_is_all_that_has_to_be_given(study, bar, ostinato, monkeypatch):
    monkeypatch.chdir(bar.film.anchor)
    folder = bar.path("results")
    outcome = ostinato("analyze", "--study", study, "--cache", bar.cache, "--out", folder)
    assert outcome.status == 0
    results = read_results(folder)
    assert (results.film.edition, results.songs[0].title) == ("a tape", "夢中人")
    assert [one.scene for one in results.occurrences] == ["the bar", "the counter"]
    assert {segment.kind for segment in results.speech} == {"narration", "dialogue"}
    assert [row.scope for row in results.ratio][:3] == ["film", "the bar", "the counter"]
    assert results.claims == ()  # the study states none


def test_the_command_line_goes_before_the_study(study, bar, ostinato):
    labels = bar.write("labels.tsv", "start\tend\tkind\n2\t10\tdialogue\n")
    given = ["--edition", "a disc", "--labels", labels, "--song", f"Never={bar.stranger}"]
    folder = bar.path("results")
    ostinato("analyze", "--study", study, *given, "--cache", bar.cache, "--out", folder)
    results = read_results(folder)
    assert results.film.edition == "a disc"
    assert [song.title for song in results.songs] == ["夢中人", "Never"]
    assert {segment.kind for segment in results.speech} == {"dialogue"}


def test_the_speech_alone_wants_no_song(bar, analyze):
    assert analyze("--stages", "speech", songs=[]).status == 0
    results = read_results(bar.path("results"))
    assert results.speech
    assert results.coverage == ()


def test_the_songs_alone_leave_the_speech_unheard(bar, analyze):
    assert analyze("--stages", "cues").status == 0
    results = read_results(bar.path("results"))
    assert (len(results.occurrences), results.speech) == (2, ())


def test_a_song_without_a_title_is_called_by_its_file(bar, analyze):
    analyze(songs=[bar.song])
    assert read_results(bar.path("results")).songs[0].title == "song"


def test_a_tilde_behind_the_equals_sign_is_home(bar, analyze, monkeypatch):
    monkeypatch.setenv("HOME", str(bar.song.parent))
    monkeypatch.setenv("USERPROFILE", str(bar.song.parent))
    assert analyze(songs=["The song=~/song.flac"]).status == 0


def test_a_stream_is_chosen_by_its_number(bar, analyze):
    film = sf.read(bar.film)[0][None, : 25 * RATE_HZ]
    path = bar.path("two.mka")
    write_media(path, [film[:, ::-1], film], "flac", sample_rate_hz=RATE_HZ, layout="mono")
    first = analyze("--stages", "cues", film=path, out="one")
    second = analyze("--stages", "cues", "--stream", "1", film=path, out="second")
    assert (first.status, second.status) == (0, 0)
    assert "has 2 audio streams, of which number 0 is analysed; choose another" in first.err
    assert "\n  1: flac, mono, 16000 Hz\n" in first.err
    assert second.err == ""
    assert occurrences(bar.path("one")) == []
    assert occurrences(bar.path("second")) == [pytest.approx(FIRST_S, abs=0.1)]
    assert read_results(bar.path("second")).film.stream == 1


def test_a_dry_run_names_what_it_would_read_and_writes_nothing(bar, analyze):
    before = sorted(bar.film.parent.rglob("*"))
    outcome = analyze("--dry-run")
    assert outcome.status == 0
    for word in (
        str(bar.film),
        "0: pcm_s16le, mono, 16000 Hz",
        "The song: ",
        "cues, separation, speech",
    ):
        assert word in outcome.out
    assert "Nothing was done" in outcome.out
    assert sorted(bar.film.parent.rglob("*")) == before


def test_a_film_that_was_cut_short_is_analysed_up_to_there(bar, analyze):
    whole = bar.film.read_bytes()
    bar.film.write_bytes(whole[: len(whole) * 3 // 5])
    outcome = analyze()
    assert (outcome.status, outcome.err) == (0, "")
    film = read_results(bar.path("results")).film
    assert film.truncated_at_s == pytest.approx(24.0, abs=0.1)
    assert occurrences(bar.path("results")) == [pytest.approx(FIRST_S, abs=0.1)]


def test_damage_that_ffmpeg_would_talk_about_is_not_heard_of(bar, analyze):
    y, _ = sf.read(bar.film)
    path = bar.path("film.m4a")
    write_media(path, [y[None]], "aac", sample_rate_hz=RATE_HZ, layout="mono")
    content = bytearray(path.read_bytes())
    content[20_000:22_000] = bytes(2000)
    path.write_bytes(content)
    outcome = analyze("--stages", "cues", film=path)
    assert (outcome.status, outcome.err) == (0, "")


def test_an_interrupted_run_says_how_to_go_on(bar, analyze, monkeypatch):
    def interrupt(*_study, **_how):
        raise KeyboardInterrupt

    monkeypatch.setattr(analysing, "analyze", interrupt)
    outcome = analyze()
    assert outcome.status == 130
    assert "interrupted. Give the same command again to go on" in outcome.err
    assert not bar.path("results").exists()


def test_a_defect_of_ours_is_not_taken_for_the_users(analyze, monkeypatch):
    def fail(*_study, **_how):
        raise ZeroDivisionError

    monkeypatch.setattr(analysing, "analyze", fail)
    with pytest.raises(ZeroDivisionError):
        analyze()


def test_nothing_moves_on_stderr_off_a_terminal_whatever_colours_are_forced(analyze, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert analyze().err == ""


def test_a_terminal_is_shown_each_stage(bar):
    terminal, its_other_end = os.openpty()
    given = ["analyze", bar.film, "--song", bar.song, "--cache", bar.cache, "--out", bar.path("r")]
    shown = bytearray()

    def watch():
        with os.fdopen(terminal, "rb", buffering=0) as screen, suppress(OSError):
            # a terminal gives 4 kB at a time, and an error once the other end is closed
            while part := screen.read(65_536):
                shown.extend(part)

    # who writes to a terminal that nobody reads waits for ever
    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    done = run_command(given, stdout=subprocess.PIPE, stderr=its_other_end)
    os.close(its_other_end)
    watcher.join()
    assert done.returncode == 0
    for stage in ("media", "cues", "separation", "speech", "voices", "measures"):
        assert stage in shown.decode()


def test_logs_of_other_packages_stay_out_of_sight(analyze, monkeypatch, bar):
    def talk(*_results, **_how):
        logging.getLogger("matplotlib.font_manager").warning("findfont: no such font")
        return ()

    monkeypatch.setattr(review_folder, "write_figures", talk)
    assert analyze().err == ""
    assert bar.path("results").exists()


@pytest.mark.parametrize("command", ["demo", "analyze", "figures", "init", "doctor"])
def test_help_shows_an_example_of_every_command(command, capfd):
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    examples = capfd.readouterr().out.partition("example")[2]
    assert f"  ostinato {command}" in examples


def test_help_lists_every_command(capfd):
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capfd.readouterr().out
    for command in ("demo", "analyze", "figures", "init", "doctor"):
        assert f"\n    {command} " in out
