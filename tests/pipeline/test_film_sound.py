"""The sound of an analysed film is opened again from a folder of results alone."""

import dataclasses
import shutil
from contextlib import ExitStack

import numpy as np
import pytest
from tests.small_films import FIRST_S, RATE_HZ, TALK_OVER_S

from ostinato.errors import MediaError, StudyError
from ostinato.pipeline import opened_again, remainder_again
from ostinato.results import at_work_in, write_results


@pytest.fixture
def folder(bar, results):
    """Results as a run writes them, that has read the film and the song."""
    place = bar.path("results")
    with (
        at_work_in(place, inputs=(bar.film, bar.song)) as work,
        work.replaced(is_whole=True) as new,
    ):
        write_results(new, results)
    return place


def forget(bar):
    for copy in bar.cache.glob("*-v*"):
        shutil.rmtree(copy)


def opened(bar, folder, results, **how):
    return opened_again(results.film, folder, cache_dir=bar.cache, **how)


def rms(sound, seconds):
    start, stop = (round(one * RATE_HZ) for one in seconds)
    return float(np.sqrt(np.mean(sound.read(start, stop)[0].astype(float) ** 2)))


def test_what_is_kept_is_opened_without_its_file(bar, folder, results):
    bar.film.unlink()
    copy = opened(bar, folder, results)
    assert copy.pcm_sha256 == results.film.pcm_sha256


def test_what_is_no_longer_kept_is_decoded_where_the_film_was(bar, folder, results):
    forget(bar)
    assert opened(bar, folder, results).pcm_sha256 == results.film.pcm_sha256


def test_a_film_that_was_moved_is_found_where_a_person_says(bar, folder, results):
    forget(bar)
    moved = bar.film.rename(bar.path("elsewhere.wav"))
    with pytest.raises(MediaError, match="--film"):
        opened(bar, folder, results)
    assert opened(bar, folder, results, path=moved).pcm_sha256 == results.film.pcm_sha256


def test_another_file_is_not_played_as_the_film(bar, folder, results):
    forget(bar)
    with pytest.raises(MediaError, match="not the file that was analysed"):
        opened(bar, folder, results, path=bar.stranger)


def test_the_film_without_its_songs_is_made_once_more(bar, folder, results):
    film = opened(bar, folder, results)
    with ExitStack() as stack:
        rest = remainder_again(results, film, folder, cache_dir=bar.cache, stack=stack)
        assert rms(rest, FIRST_S) < 0.05 * rms(film, FIRST_S)
        assert rms(rest, TALK_OVER_S) == pytest.approx(0.06, rel=0.15)


def test_a_film_of_which_nothing_was_taken_out_has_no_remainder(bar, folder, results):
    film = opened(bar, folder, results)
    found = dataclasses.replace(results, separations=())
    with ExitStack() as stack, pytest.raises(StudyError, match="no song was taken out"):
        remainder_again(found, film, folder, cache_dir=bar.cache, stack=stack)
