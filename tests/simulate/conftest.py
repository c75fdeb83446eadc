from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from ostinato.media import open_working_copy
from ostinato.simulate import (
    FilmPlan,
    Level,
    PlannedOccurrence,
    PlannedSong,
    PlannedSpeech,
    make_film,
    recordings,
)

RATE_HZ = 48_000


@pytest.fixture(scope="session")
def shipped():
    """The folder of the recordings that the package carries."""
    return Path(str(files(recordings)))


@pytest.fixture(scope="session")
def working_copies(tmp_path_factory):
    """Shared by the session: each recording is decoded once."""
    return tmp_path_factory.mktemp("copies")


@pytest.fixture(scope="session")
def song(shipped):
    return PlannedSong(id="S1", title="War of Freedom", path=shipped / "war-of-freedom.opus")


@pytest.fixture
def a_plan(shipped, song):
    """Twelve seconds in which one voice narrates from 1 s on; `changes` override any field."""

    def planned(**changes):
        fields = {
            "duration_s": 12.0,
            "songs": (song,),
            "speech": (
                PlannedSpeech(
                    path=shipped / "sonnet.opus", film_start_s=1.0, kind="narration", end_s=8.0
                ),
            ),
        }
        return FilmPlan(**{**fields, **changes})

    return planned


@pytest.fixture
def an_occurrence():
    """From 3 to 7 s of the film and from 20 s of the song on; `changes` override any field."""

    def planned(**changes):
        fields = {
            "song_id": "S1",
            "film_start_s": 3.0,
            "duration_s": 4.0,
            "song_start_s": 20.0,
            "level": Level(-26.0),
        }
        return PlannedOccurrence(**{**fields, **changes})

    return planned


@pytest.fixture
def filmed(tmp_path, working_copies):
    """Make a film; its truth and its sound, shape (n_channels, n_samples)."""

    def made(plan, name="film.flac", **how):
        truth = make_film(plan, tmp_path / name, cache_dir=working_copies, **how)
        copy = open_working_copy(tmp_path / name, cache_dir=working_copies)
        return truth, copy.read(0, copy.n_samples)

    return made


@pytest.fixture
def stem_of(a_plan, filmed):
    """Make a film with and without its occurrences; the truth, and the difference of the two."""

    def made(*occurrences, **changes):
        truth, y = filmed(a_plan(occurrences=occurrences, **changes))
        _, without = filmed(a_plan(**changes), name="without.flac")
        return truth, y - without

    return made


@pytest.fixture
def rng():
    return np.random.default_rng(0)
