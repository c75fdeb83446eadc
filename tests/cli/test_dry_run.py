"""A dry run refuses what a run would refuse, in the same words, and writes nothing."""

import dataclasses
import shutil

import numpy as np
import pytest
import soundfile as sf
from tests.small_films import RATE_HZ, a_song

from ostinato.cli import dry_run as dry_run_of_cli
from ostinato.pipeline import Lasting, expected_stages_s, rehearsal, room_bytes
from ostinato.results.lock import locked

SUBTITLES = "1\n00:00:02,000 --> 00:00:10,000\n<i>I never told her.</i>\n"
SCENES = "start\tend\tname\n0\t24\tthe bar\n"
LABELS = "start\tend\tkind\n2\t10\tdialogue\n"
FILES = {"--subtitles": SUBTITLES, "--scenes": SCENES, "--labels": LABELS}
NAMES = {"--subtitles": "subtitles", "--scenes": "scenes", "--labels": "labels"}


def content(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def rehearsed(bar, analyze):
    """A dry run, which leaves all as it was."""

    def ran(*more, **how):
        before = content(bar.film.parent)
        outcome = analyze("--dry-run", *more, **how)
        assert content(bar.film.parent) == before
        return outcome

    return ran


def test_time_and_room_are_estimated_as_ranges(bar, rehearsed):
    for option, text in FILES.items():
        bar.write(option.strip("-"), text)
    given = [word for option in FILES for word in (option, bar.path(option.strip("-")))]
    outcome = rehearsed(*given)
    assert (outcome.status, outcome.err) == (0, "")
    for words in ("1 cue", "1 scene", "1 label", "by estimate", " to ", "are free", "already dec"):
        assert words in outcome.out


def test_what_was_read_of_the_subtitles_is_counted(bar, rehearsed):
    cues = f"{SUBTITLES}\n2\n00:00:12,000 --> 00:00:14,000\n(V.O.) It rained.\n"
    outcome = rehearsed("--subtitles", bar.write("film.srt", cues))
    assert outcome.status == 0
    assert (
        "SubRip, 2 cues: 1 tagged as narration, 1 italic, 0 of lyrics, signs or sounds."
        in outcome.out
    )


@pytest.mark.parametrize("option", FILES)
@pytest.mark.parametrize("other", FILES)
def test_files_that_are_exchanged_are_recognised(bar, rehearsed, analyze, option, other):
    path = bar.write("given.txt", FILES[other])
    for outcome in (rehearsed(option, path), analyze(option, path)):
        if option == other:
            assert outcome.status == 0
        else:
            assert outcome.status == 2
            assert f"it was given as {NAMES[option]}, and is " in outcome.err
            assert f"Give it with {other}" in outcome.err


@pytest.mark.parametrize("option", FILES)
def test_a_recording_in_place_of_what_is_said_is_recognised(bar, rehearsed, option):
    outcome = rehearsed(option, bar.song)
    assert outcome.status == 2
    assert "and is a recording. Give it as the film, or with --song" in outcome.err


def a_copy(bar):
    return [f"One={bar.song}", f"Two={shutil.copy(bar.song, bar.path('copy.flac'))}"]


def another_format(bar):
    y, rate_hz = sf.read(bar.song)
    sf.write(bar.path("song.ogg"), y, rate_hz, format="OGG", subtype="VORBIS")
    return [f"One={bar.song}", f"Two={bar.path('song.ogg')}"]


@pytest.mark.parametrize("songs", [a_copy, another_format])
def test_doubles_are_refused_whatever_their_format(bar, rehearsed, songs):
    outcome = rehearsed(songs=songs(bar))
    assert outcome.status == 2
    assert "it is the same recording as 'One'. Give each recording once" in outcome.err


@pytest.mark.parametrize(
    ("more", "how", "words"),
    [
        (("--stream", "7"), {}, "there is no such audio stream"),
        ((), {"songs": ["S=none.flac"]}, "there is no such file"),
        ((), {"out": "film.wav/r"}, "it cannot be written to"),
    ],
)
def test_what_a_run_would_refuse_is_refused(rehearsed, analyze, more, how, words):
    first, second = rehearsed(*more, **how), analyze(*more, **how)
    assert (first.status, second.status) == (2, 2)
    assert words in first.err
    assert first.err == second.err


def test_the_film_is_not_its_own_song(bar, rehearsed):
    outcome = rehearsed(film=bar.song)
    assert outcome.status == 2
    assert "it is the film itself" in outcome.err


def test_a_cache_that_is_a_file_is_named(bar, ostinato):
    given = ["analyze", bar.film, "--song", bar.song, "--out", bar.path("r"), "--dry-run"]
    outcome = ostinato(*given, "--cache", bar.film)
    assert (outcome.status, outcome.out) == (2, "")
    assert f"cache folder {bar.film}: " in outcome.err


def test_labels_beyond_the_end_of_the_film_are_refused(bar, rehearsed, monkeypatch):
    path = bar.write("labels.tsv", "start\tend\tkind\n2000\t2010\tdialogue\n")
    short = rehearsed("--labels", path)
    monkeypatch.setattr(rehearsal, "_SHORT_S", 1.0)  # as if it were long
    long = rehearsed("--labels", path)
    assert "row at 0:33:20: the film ends at 0:00:40" in short.err
    assert (long.status, long.err) == (2, short.err)


def test_what_only_the_run_can_see_is_said(rehearsed, monkeypatch):
    monkeypatch.setattr(rehearsal, "_SHORT_S", 1.0)
    outcome = rehearsed()
    assert outcome.status == 0
    assert "only its beginning was decoded" in outcome.out


def test_a_disk_without_room_is_told(rehearsed, monkeypatch, bar):
    usage = shutil.disk_usage(bar.film)._replace(free=1000)
    monkeypatch.setattr(dry_run_of_cli.shutil, "disk_usage", lambda _folder: usage)
    shutil.rmtree(bar.cache)
    outcome = rehearsed()
    assert outcome.status == 2
    assert "are free" in outcome.err


def test_the_results_of_another_film_are_told(bar, analyze, rehearsed):
    assert analyze("--stages", "cues").status == 0
    y = np.tile(a_song(duration_s=10, seed=9), 4)
    sf.write(bar.path("other.wav"), 0.1 * y, RATE_HZ)
    outcome = rehearsed(film=bar.path("other.wav"))
    assert outcome.status == 2
    assert "it holds the results of another film, film.wav" in outcome.err


def another_film(bar):
    sf.write(bar.path("other.wav"), 0.1 * np.tile(a_song(duration_s=10, seed=9), 4), RATE_HZ)
    return bar.path("other.wav")


def the_same_sound_in_another_file(bar):
    y, rate_hz = sf.read(bar.film, dtype="float32")
    sf.write(bar.path("other.flac"), y, rate_hz, subtype="PCM_16")
    return bar.path("other.flac")


@pytest.mark.parametrize("other", [another_film, the_same_sound_in_another_file])
@pytest.mark.parametrize("more", [(), ("--replace",)])
def test_whose_results_a_folder_holds_is_judged_as_the_run_does(
    bar, analyze, rehearsed, other, more
):
    assert analyze("--stages", "cues").status == 0
    film = other(bar)
    first = rehearsed("--stages", "cues", *more, film=film)
    second = analyze("--stages", "cues", *more, film=film)
    assert (first.status, first.err) == (second.status, second.err)
    assert first.status == (2 if other is another_film and not more else 0)


@pytest.mark.parametrize("name", ["speech.tsv", "results.json", "figures/timeline.svg"])
def test_a_place_that_is_a_persons_is_refused_as_by_the_run(bar, analyze, rehearsed, name):
    mine = bar.path("results") / name
    mine.parent.mkdir(parents=True)
    mine.write_text("my own words")
    first, second = rehearsed(), analyze()
    assert (first.status, second.status) == (2, 2)
    assert "results did not write it" in first.err
    assert first.err == second.err


def test_a_folder_in_which_another_command_is_at_work_is_refused(bar, analyze, rehearsed):
    bar.path("results").mkdir()
    with locked(bar.path("results")):
        first, second = rehearsed(), analyze()
    assert (first.status, second.status) == (2, 2)
    assert "is at work on it" in first.err
    assert first.err == second.err


def test_what_a_file_says_of_itself_is_shown_and_not_obeyed(bar, rehearsed):
    outcome = rehearsed(songs=[f"\x1b[31mRED\nostinato: all is well\u202e={bar.song}"])
    assert outcome.status == 0
    assert r"\x1b[31mRED\nostinato: all is well\u202e: " in outcome.out
    assert not set(outcome.out) & set("\x1b\u202e")


def test_more_film_takes_longer_and_decoded_sound_takes_no_room():
    stages = ("cues", "separation", "speech")
    short, long = (sum(expected_stages_s(s, [180.0], stages).values()) for s in (600.0, 6000.0))
    assert 5 * short < long < 15 * short
    film = Lasting(duration_s=6000.0, sample_rate_hz=48_000, n_channels=2)
    assert room_bytes([film], n_stems=0)[0] == pytest.approx(2.3e9, rel=0.01)
    assert room_bytes([dataclasses.replace(film, is_decoded=True)], n_stems=0)[0] == 0
