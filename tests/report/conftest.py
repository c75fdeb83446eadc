import pytest
from tests.report.examples import a_feature_film


@pytest.fixture(scope="session")
def a_feature():
    """A feature film: two songs that recur, one that is not there, scenes, and much speech."""
    return a_feature_film()
