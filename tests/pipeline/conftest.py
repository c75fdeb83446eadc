import dataclasses
import shutil

import pytest
from tests.small_films import make_bar

from ostinato.cues import CueParameters
from ostinato.pipeline import analyze
from ostinato.study import Parameters, SongFile, Study

# one speed instead of seven: what these tests ask does not depend on it
QUICK = Parameters(cues=CueParameters(speeds=(1.0,)))


@pytest.fixture(scope="session")
def studio(tmp_path_factory):
    """The bar's film, analysed once, so that its stages are in the cache."""
    bar = make_bar(tmp_path_factory.mktemp("studio"))
    analyze(a_study(bar), cache_dir=bar.cache)
    return bar


def a_study(bar, **changes):
    song = SongFile(title="The song", path=bar.song)
    study = Study(film=bar.film, songs=(song,), parameters=QUICK)
    return dataclasses.replace(study, **changes)


@pytest.fixture
def bar(studio, tmp_path):
    """A copy of the studio that a test may write into; its cache is filled."""
    shutil.copytree(studio.film.parent, tmp_path, dirs_exist_ok=True)
    return dataclasses.replace(
        studio,
        **{f.name: tmp_path / getattr(studio, f.name).name for f in dataclasses.fields(studio)},
    )


@pytest.fixture(scope="session")
def results(studio):
    return analyze(a_study(studio), cache_dir=studio.cache)


@pytest.fixture
def run(bar):
    """Analyse the bar's film, with changes to its study."""

    def ran(*, watch=None, **changes):
        return analyze(a_study(bar, **changes), cache_dir=bar.cache, watch=watch)

    return ran
