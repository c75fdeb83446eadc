"""What the cache gives back is what was put there, and the cache ends."""

import dataclasses
import errno
import io
import os
import shutil

import numpy as np
import pytest

from ostinato.media import open_working_copy
from ostinato.pipeline import kept_in, limit_gb, prune, set_limit, verify
from ostinato.pipeline.cache import in_use
from ostinato.pipeline.memo import Memo, keep_arrays, recall, recall_arrays, record_codec
from ostinato.results import make_scratch

pytestmark = pytest.mark.long


def findings(results):
    return dataclasses.replace(results, run=None)


def flip(path, rng):
    data = bytearray(path.read_bytes())
    data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))
    path.write_bytes(data)


def files_of(cache):
    return sorted(path for path in cache.rglob("*") if path.is_file())


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 7])  # each kind of file, of stages two
def test_one_flipped_bit_anywhere_changes_no_result(bar, run, results, seed):
    rng = np.random.default_rng(seed)
    kinds = ["*.f32", "copy.json", "loudness.f64", "*.npz"]
    files = sorted(bar.cache.rglob(kinds[seed % len(kinds)]))
    flip(files[int(rng.integers(len(files)))], rng)
    if seed % len(kinds) != 3:
        shutil.rmtree(bar.cache / "stages")  # so that samples are read
    assert findings(run()) == findings(results)


def test_every_flipped_bit_is_found(bar, results):  # noqa: ARG001 - fills the cache
    rng = np.random.default_rng(0)
    files = [path for path in files_of(bar.cache) if path.parent != bar.cache]
    for number in range(60):
        path = files[number % len(files)]
        before = path.read_bytes()
        kept = path if path.suffix == ".npz" else path.parent
        aside = bar.path("aside")
        (shutil.copy if kept.is_file() else shutil.copytree)(kept, aside)
        flip(path, rng)
        assert verify(bar.cache).damaged == (kept,)
        shutil.move(aside, kept)
        assert path.read_bytes() == before
    assert verify(bar.cache).damaged == ()


def test_a_copy_of_another_film_under_this_name_is_made_again(bar, results, run):
    film = open_working_copy(bar.film, cache_dir=bar.cache)
    song = open_working_copy(bar.song, cache_dir=bar.cache)
    shutil.rmtree(film.folder)
    shutil.copytree(song.folder, film.folder)
    assert findings(run()) == findings(results)


def test_an_entry_of_other_ingredients_under_this_name_is_made_again(tmp_path):
    memo = Memo(tmp_path)
    one, other = memo.entry("talk", film="a"), memo.entry("talk", film="b")
    keep_arrays(one, {"speech": np.zeros(3)})
    other.path.write_bytes(one.path.read_bytes())
    assert recall_arrays(one) is not None
    assert recall_arrays(other) is None


def test_an_entry_that_holds_something_else_is_made_again(tmp_path):
    entry = Memo(tmp_path).entry("talk", film="a")
    keep_arrays(entry, {"noise": np.zeros(3)})
    assert recall(entry, record_codec(dict)) is None


def test_an_entry_that_numpy_would_choke_on_never_reaches_it(tmp_path, monkeypatch):
    entry = Memo(tmp_path).entry("talk", film="a")
    buffer = io.BytesIO()
    np.savez(buffer, speech=np.zeros(3))
    entry.path.write_bytes(buffer.getvalue())
    monkeypatch.setattr(np, "load", lambda *_a, **_k: pytest.fail("numpy saw it"))
    assert recall_arrays(entry) is None


def test_a_run_that_is_all_cached_works_on_a_read_only_cache(bar, run, results, monkeypatch):
    def is_below(path):
        return str(path).startswith(str(bar.cache))

    def deny(own):
        def called(path, *rest, **how):
            if is_below(path):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
            return own(path, *rest, **how)

        return called

    opened = io.open

    def read_only(file, mode="r", *rest, **how):
        if is_below(file) and set(mode) & set("wax+"):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(file))
        return opened(file, mode, *rest, **how)

    monkeypatch.setattr(io, "open", read_only)
    for name in ("mkdir", "utime", "unlink", "rmdir", "rename", "replace"):
        monkeypatch.setattr(os, name, deny(getattr(os, name)))
    assert findings(run()) == findings(results)


def a_stage(folder, name, *, n_bytes, age_s):
    path = folder / "stages" / f"{name}.npz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(bytes(n_bytes))
    os.utime(path, (0, path.stat().st_mtime - age_s))
    return path


def test_what_was_not_used_for_longest_leaves_first(tmp_path):
    paths = [a_stage(tmp_path, f"s{i}", n_bytes=1000, age_s=100 * i) for i in range(5)]
    set_limit(tmp_path, 2500 / 1e9)
    assert [one.path for one in prune(tmp_path)] == [paths[4], paths[3], paths[2]]
    assert [one.path for one in kept_in(tmp_path)] == [paths[1], paths[0]]
    assert limit_gb(tmp_path) == 2500 / 1e9


def test_what_a_run_uses_stays(bar, results):  # noqa: ARG001 - fills the cache
    copies = [one.path for one in kept_in(bar.cache) if one.kind == "copy"]
    set_limit(bar.cache, 1e-9)
    with in_use(bar.cache, copies[:1]):
        prune(bar.cache)
        assert [one.path for one in kept_in(bar.cache)] == copies[:1]
    prune(bar.cache)
    assert kept_in(bar.cache) == ()


def test_stems_of_a_killed_run_leave_at_the_next_start(bar, run, results):  # noqa: ARG001
    live = make_scratch(bar.cache, "stems")
    pid = f"-{os.getpid()}-"
    dead = bar.cache / live.name.replace(pid, "-999999999-")
    dead.mkdir()
    (dead / "S1.flac").write_bytes(b"sound")
    run()
    assert live.exists()
    assert not dead.exists()


@pytest.mark.parametrize("mask", [0o022, 0o002, 0o077])
def test_the_umask_is_respected(bar, tmp_path, mask):
    before = os.umask(mask)
    try:
        copy = open_working_copy(bar.song, cache_dir=tmp_path / "own")
    finally:
        os.umask(before)
    for place in (copy.folder, *copy.folder.iterdir()):
        wanted = 0o777 if place.is_dir() else 0o666
        assert place.stat().st_mode & 0o777 == wanted & ~mask
