"""Occurrences that share film: what is taken out of one depends on those that it is heard under."""

import shutil
from dataclasses import dataclass

import numpy as np
import pytest
import soundfile as sf
from tests.small_films import RATE_HZ, a_song, samples

from ostinato.media import open_working_copy
from ostinato.pipeline.inputs import Opened
from ostinato.pipeline.memo import Memo, Running
from ostinato.pipeline.separation import separate
from ostinato.results import Occurrence
from ostinato.separation import SeparationParameters

FILM_S = 12.5
PLACES_S = {"S1": (0.5, 4.5), "S2": (2.5, 6.5), "S3": (8.0, 12.0)}
GAINS = {"S1": 0.1, "S2": 0.03, "S3": 0.1}


@dataclass
class Desk:
    opened: Opened
    folder: object

    def separated(self, *song_ids, name="cache"):
        """Take out some songs, numbered anew, and say whether anything had to be made."""
        found = [an_occurrence(song_id, f"O{i}") for i, song_id in enumerate(song_ids, start=1)]
        running = Running("separation", None)
        scratch = self.folder / f"scratch-{len(list(self.folder.glob('scratch-*')))}"
        scratch.mkdir()
        done = separate(
            self.opened,
            found,
            parameters=SeparationParameters(),
            memo=Memo(self.folder / name),
            make_folder=lambda: scratch,
            is_wanted=False,
            running=running,
        )
        return done, running, scratch

    def remainder(self, *song_ids, name="cache"):
        done, _, scratch = self.separated(*song_ids, name=name)
        y = done.without_songs(self.opened.film).read(0, self.opened.film.n_samples)
        return y, {path.name for path in scratch.iterdir()}


def an_occurrence(song_id, occurrence_id):
    start_s, end_s = PLACES_S[song_id]
    return Occurrence(
        id=occurrence_id,
        song_id=song_id,
        playing_id="P1",
        film_start_s=start_s,
        film_end_s=end_s,
        song_start_s=0.0,
        song_end_s=end_s - start_s,
        speed=1.0,
        pitch=1.0,
        score=1.0,
        p_value=1e-9,
        level_lufs=20 * np.log10(GAINS[song_id]),
        level_re_speech_lu=None,
        low_hz=None,
        high_hz=None,
        scene=None,
    )


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    folder = tmp_path_factory.mktemp("films")
    y = 1e-4 * np.random.default_rng(7).standard_normal(round(FILM_S * RATE_HZ))
    songs = []
    for seed, (song_id, place_s) in enumerate(PLACES_S.items(), start=1):
        song = a_song(duration_s=4, seed=seed)
        y[samples(place_s)] += GAINS[song_id] * song
        path = folder / f"{song_id}.wav"
        sf.write(path, 0.2 * song, RATE_HZ)
        songs.append(open_working_copy(path, cache_dir=folder / "copies"))
    sf.write(folder / "film.wav", y, RATE_HZ)
    film = open_working_copy(folder / "film.wav", cache_dir=folder / "copies")
    return Opened(film, tuple(songs), (), ())


@pytest.fixture(scope="module")
def whole(films, tmp_path_factory):
    """All songs, taken out once: a desk that no test changes, what was done, and what was left."""
    desk = Desk(films, tmp_path_factory.mktemp("whole"))
    done, _, _ = desk.separated("S1", "S2", "S3")
    return desk, done, done.without_songs(films.film).read(0, films.film.n_samples)


@pytest.fixture
def desk(whole, tmp_path):
    """A desk where all is remembered."""
    shutil.copytree(whole[0].folder / "cache", tmp_path / "cache")
    return Desk(whole[0].opened, tmp_path)


def keys(separated):
    return {one.occurrence.song_id: one.key for one in separated.pieces}


def test_only_what_is_heard_under_a_song_depends_on_it(whole, desk):
    _, before, _ = whole
    assert {one.grade for one in before.separations} == {"cancelled"}
    less, running, _ = desk.separated("S2", "S3")
    assert running.has_worked  # the second song is no longer heard under the first
    assert {song for song, key in keys(less).items() if key != keys(before)[song]} == {"S2"}
    rest, running, _ = desk.separated("S1", "S3")
    assert not running.has_worked
    assert [one.occurrence_id for one in rest.separations] == ["O1", "O2"]
    assert keys(rest) == {song: keys(before)[song] for song in ("S1", "S3")}


def test_the_remainder_is_made_when_it_is_read_and_where_it_is_read(whole, desk):
    _, _, fresh = whole
    again, _, scratch = desk.separated("S1", "S2", "S3")
    rest = again.without_songs(desk.opened.film)
    assert list(scratch.iterdir()) == []
    for seconds, made in [((7.0, 9.0), {"O3.f32"}), ((5.0, 6.0), {"O1.f32", "O2.f32", "O3.f32"})]:
        part = samples(seconds)
        np.testing.assert_array_equal(rest.read(part.start, part.stop), fresh[:, part])
        # the second song needs the first one, which it is heard under
        assert {path.name for path in scratch.iterdir()} == made


def test_a_song_less_leaves_the_remainder_of_a_fresh_run(desk):
    patched, made = desk.remainder("S2", "S3")
    assert made == {"O1.f32", "O2.f32"}
    fresh, _ = desk.remainder("S2", "S3", name="another")
    np.testing.assert_array_equal(patched, fresh)
