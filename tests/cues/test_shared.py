"""Songs that share samples, and songs that merely play at once."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile

from ostinato.cues import SharedParameters, shared_material
from ostinato.cues.overlaid import share_left
from ostinato.cues.path import TraceParameters
from ostinato.cues.views import RATE_HZ
from ostinato.media import open_working_copy
from ostinato.simulate import Level, PlannedOccurrence, PlannedSong

PARAMETERS = SharedParameters()
HOW = {"parameters": PARAMETERS, "trace": TraceParameters()}


def heard(song_id, film_start_s, song_start_s, level_lufs=-26.0):
    return PlannedOccurrence(
        song_id=song_id,
        film_start_s=film_start_s,
        duration_s=14.0,
        song_start_s=song_start_s,
        level=Level(level_lufs),
    )


@pytest.fixture(scope="module")
def recordings(song, other_song, working_copies, tmp_path_factory):
    """The two songs, and one that is the second over a loop taken from the first."""
    copies = {
        one.id: open_working_copy(one.path, cache_dir=working_copies) for one in (song, other_song)
    }
    first, second = (copy.mono(0, 50 * copy.rate_hz) for copy in copies.values())
    path = tmp_path_factory.mktemp("remix") / "remix.wav"
    soundfile.write(path, 0.5 * (first + second), copies["S1"].rate_hz)
    remix = PlannedSong(id="S3", title="Remix", path=path)
    copies["S3"] = open_working_copy(path, cache_dir=working_copies)
    return copies, remix


def test_what_fits_by_shared_samples_is_no_find(film_with, heard_in, recordings, song):
    copies, remix = recordings
    _, film, track = film_with(heard("S1", 4.0, 10.0), duration_s=22.0)
    of_song, of_remix = (heard_in(film, track, of) for of in (song, remix))
    assert (len(of_song), len(of_remix)) == (1, 1)
    ((index, row),) = shared_material([*of_remix, *of_song], copies, film=film, **HOW)
    assert index == 0
    assert (row.song_id, row.with_song_id) == ("S3", "S1")
    assert row.film_start_s == pytest.approx(4.0, abs=0.3)
    assert row.song_start_s == pytest.approx(10.0, abs=0.3)


def test_two_songs_at_once_are_two_finds(film_with, heard_in, recordings, song, other_song):
    copies, _ = recordings
    plan = heard("S1", 4.0, 10.0), heard("S2", 4.0, 20.0)
    _, film, track = film_with(*plan, duration_s=22.0, songs=(song, other_song))
    both = [one for of in (song, other_song) for one in heard_in(film, track, of)]
    assert [one.song_id for one in both] == ["S1", "S2"]
    assert shared_material(both, copies, film=film, **HOW) == ()


def test_occurrences_of_one_song_never_explain_each_other(film_with, heard_in, recordings, song):
    copies, _ = recordings
    _, film, track = film_with(heard("S1", 4.0, 10.0), duration_s=22.0)
    (one,) = heard_in(film, track, song)
    twin = replace(one, score=one.score / 2)
    assert shared_material([one, twin], copies, film=film, **HOW) == ()


def notes(rng, times_s, *, duration_s=8.0):
    """One sample, struck now and then."""
    sample = rng.standard_normal(RATE_HZ // 3) * np.exp(-np.arange(RATE_HZ // 3) / 600)
    y = np.zeros(round(duration_s * RATE_HZ) + sample.size)
    for at_s in times_s:
        y[round(at_s * RATE_HZ) :][: sample.size] += sample
    return y[: round(duration_s * RATE_HZ)].astype(np.float32)


def test_one_sample_struck_at_two_tempi_is_met_in_the_song_that_plays():
    rng = np.random.default_rng(1)
    own, other = (
        notes(np.random.default_rng(7), np.arange(0.2, 8, every_s)) for every_s in (0.5, 0.4)
    )
    film = other + 0.1 * rng.standard_normal(other.size).astype(np.float32)
    assert share_left(film, own, others=[other]) < PARAMETERS.most_left
    assert share_left(film, own, others=[]) == 1.0


def test_a_faint_song_below_another_is_left_when_that_is_taken_out():
    rng = np.random.default_rng(2)
    own, other = (rng.standard_normal(8 * RATE_HZ).astype(np.float32) for _ in range(2))
    film = other + 0.2 * own
    assert share_left(film, own, others=[other]) > 2 * PARAMETERS.most_left
