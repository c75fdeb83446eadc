import pytest
from tests.browser.long_film import make_long_film
from tests.review_page.client import PORT, TOKEN, Client

from ostinato.review_page.guard import Guard
from ostinato.review_page.opening import Opening, opened_review

SECONDS = 60


@pytest.fixture(scope="session")
def studio(tmp_path_factory):
    """A folder of results and a cache, of a film of a minute."""
    place = tmp_path_factory.mktemp("studio")
    return make_long_film(place, hours=SECONDS / 3600, n_occurrences=6, n_segments=12)


@pytest.fixture
def folder(studio, tmp_path):
    """A copy of the results that a test may change."""
    copy = tmp_path / "results"
    copy.mkdir()
    for path in studio[0].iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    return copy


def let_in(review):
    return Client(Guard(review.app, port=PORT, token=TOKEN))


def with_sound(review):
    """Open the sound here and now."""
    review.sound.open()
    return let_in(review)


@pytest.fixture
def client(studio, folder):
    """A browser before a review whose sound is open."""
    review = opened_review(Opening(folder=folder, cache_dir=studio[1]))
    yield with_sound(review)
    # without what is written at the end, which takes seconds: one test asks for that
    review.events.close()
    review.sound.close()
