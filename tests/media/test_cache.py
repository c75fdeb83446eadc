import hashlib
import os
import shutil
import threading
from collections import namedtuple

import numpy as np
import pytest

from ostinato.errors import MediaError, ParameterError
from ostinato.media import copy_cache, default_cache_dir, open_working_copy
from ostinato.media.working_copy import loudness_file


@pytest.fixture
def count_decodings(monkeypatch):
    """Count how often a file is decoded."""
    paths = []
    decode = copy_cache.open_decoding

    def counted(path, ordinal, **how):
        paths.append(path)
        return decode(path, ordinal, **how)

    monkeypatch.setattr(copy_cache, "open_decoding", counted)
    return paths


def test_a_film_is_decoded_once(make_film, open_film, count_decodings):
    path = make_film()
    assert open_film(path) == open_film(path)
    assert len(count_decodings) == 1


def test_a_film_that_was_moved_is_not_decoded_again(make_film, open_film, count_decodings):
    path = make_film()
    before = open_film(path)
    after = open_film(path.rename(path.with_name("renamed.mka")))
    assert after.path.name == "renamed.mka"
    assert after.pcm_sha256 == before.pcm_sha256
    assert len(count_decodings) == 1


def test_a_film_that_changed_is_decoded_again(make_film, open_film, count_decodings):
    before = open_film(make_film())
    after = open_film(make_film(at_s=(0.6,)))
    assert before.path == after.path
    assert before.sha256 != after.sha256
    assert len(count_decodings) == 2


def test_a_copy_that_lost_a_part_is_made_again(make_film, open_film):
    path = make_film()
    before = open_film(path)
    (before.folder / "right.f32").write_bytes(b"half")
    after = open_film(path)
    assert after == before
    assert after.read(0, 9).shape == (2, 9)


def test_a_copy_of_which_the_loudness_is_gone_is_made_again(make_film, open_film):
    path = make_film()
    loudness_file(open_film(path).folder).unlink()
    copy = open_film(path)
    assert copy.short_term_lufs().size > 0


def test_the_hashes_are_those_of_the_file_and_of_its_samples(make_film, open_film):
    copy = open_film(make_film())
    assert copy.sha256 == hashlib.sha256(copy.path.read_bytes()).hexdigest()
    interleaved = copy.read(0, copy.n_samples).T.astype("<f4").tobytes()
    assert copy.pcm_sha256 == hashlib.sha256(interleaved).hexdigest()


def test_an_interrupted_run_leaves_nothing(make_film, tmp_path):
    def interrupt(share):
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_working_copy(make_film(), cache_dir=tmp_path / "cache", on_progress=interrupt)
    assert not list((tmp_path / "cache").iterdir())


def test_a_run_that_was_killed_is_tidied_up_after_a_day(make_film, open_film, tmp_path):
    for name, age_s in [("old", 2 * 86_400), ("new", 60)]:
        folder = tmp_path / "cache" / f".unfinished-{name}"
        folder.mkdir(parents=True)
        file = folder / "left.f32"
        file.write_bytes(b"half")
        for place in (file, folder):
            os.utime(place, (place.stat().st_atime, place.stat().st_mtime - age_s))
    open_film(make_film())
    left = sorted(p.name for p in (tmp_path / "cache").iterdir() if p.name.startswith("."))
    assert left == [".unfinished-new"]


def test_two_runs_at_once_share_one_copy(make_film, open_film, tmp_path):
    path, copies = make_film(), []
    together = threading.Barrier(2)

    def run():
        together.wait()
        copies.append(open_film(path))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert copies[0] == copies[1]
    assert list((tmp_path / "cache").iterdir()) == [copies[0].folder]


def test_progress_rises_to_the_whole(make_film, tmp_path):
    shares = []
    open_working_copy(make_film(), cache_dir=tmp_path / "cache", on_progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) > 2


def test_a_disk_without_room_is_told_before_decoding(make_film, open_film, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 100_000))
    with pytest.raises(MediaError, match=r"and 0\.0 GB are free\. Free some space, or choose"):
        open_film(make_film())


def test_a_disk_that_fills_up_is_told(make_film, open_film, monkeypatch, tmp_path):
    def full(folder, _name):
        assert folder.is_dir()
        return copy_cache.Path("/dev/full")

    monkeypatch.setattr(copy_cache, "channel_file", full)
    with pytest.raises(MediaError, match=r"the disk is full\. Free some space"):
        open_film(make_film())
    assert not list((tmp_path / "cache").iterdir())


def test_a_cache_folder_that_cannot_be_is_told(make_film):
    path = make_film()
    with pytest.raises(MediaError, match=r"cache folder .* Choose another cache folder"):
        open_working_copy(path, cache_dir=path / "cache")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_cache_folder_is_told(make_film, tmp_path):
    (tmp_path / "cache").mkdir(mode=0o500)
    with pytest.raises(MediaError, match=r"it is read-only\. Choose a cache folder"):
        open_working_copy(make_film(), cache_dir=tmp_path / "cache")


def test_the_blocks_of_a_film_are_the_film(make_film, open_film):
    copy = open_film(make_film())
    starts, blocks = zip(*copy.blocks(10_000), strict=True)
    assert starts == tuple(range(0, copy.n_samples, 10_000))
    whole = copy.read(0, copy.n_samples)
    np.testing.assert_array_equal(np.concatenate(blocks, axis=1), whole)
    np.testing.assert_array_equal(np.stack([copy.channel("left"), copy.channel("right")]), whole)
    np.testing.assert_allclose(copy.mono(5, 99), whole[:, 5:99].mean(axis=0), atol=1e-7)


def test_nobody_writes_into_the_copy(make_film, open_film):
    with pytest.raises(ValueError, match="read-only"):
        open_film(make_film()).channel("left")[0] = 1


def test_reading_past_the_end_gives_what_there_is(make_film, open_film):
    copy = open_film(make_film())
    assert copy.read(copy.n_samples - 3, copy.n_samples + 9).shape == (2, 3)
    assert copy.read(copy.n_samples + 5, copy.n_samples + 9).shape == (2, 0)
    with pytest.raises(ParameterError, match="a film is read forwards from sample 0"):
        copy.read(-5, 5)


def test_a_channel_that_the_film_lacks_is_named(make_film, open_film):
    with pytest.raises(ParameterError, match=r"has only left, right\. Name one of these"):
        open_film(make_film()).channel("centre")


def test_the_cache_is_where_the_system_keeps_such_things():
    assert default_cache_dir().name == "ostinato"
