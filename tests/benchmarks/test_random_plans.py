import itertools

import numpy as np
import pytest
from random_plans import Recordings, random_plan

from ostinato.errors import ParameterError
from ostinato.simulate import Radio
from ostinato.timeline import Interval, Timeline


@pytest.fixture
def drawn(shipped, song, working_copies):
    """Draw a film of four minutes with the given seed."""

    def planned(seed, **changes):
        how = {"duration_s": 240.0, "occurrence_s": (6.0, 10.0), "per_condition": 2, **changes}
        return random_plan(
            Recordings(
                songs=(song,),
                speech=tuple(sorted(shipped.glob("it-*.opus"))),
                ambience=(shipped / "wind.opus",),
            ),
            levels_lu=(0.0, -5.0),
            chains={"clean": (), "radio": (Radio(),)},
            cache_dir=working_copies,
            rng=np.random.default_rng(seed),
            **how,
        )

    return planned


def test_each_level_comes_in_each_chain(drawn):
    plan, conditions = drawn(1)
    pairs = [
        (name, one.level.value) for name, one in zip(conditions, plan.occurrences, strict=True)
    ]
    assert sorted(pairs) == sorted(
        (name, level) for name in ("clean", "radio") for level in (0.0, -5.0) for _ in range(2)
    )
    assert all(
        bool(one.chain) == (name == "radio")
        for name, one in zip(conditions, plan.occurrences, strict=True)
    )


def test_occurrences_never_meet(drawn):
    plan, _ = drawn(2)
    films = [(o.film_start_s, o.film_start_s + o.duration_s) for o in plan.occurrences]
    assert all(a[1] + 4.0 <= b[0] + 1e-9 for a, b in itertools.pairwise(films))
    assert films[-1][1] <= 240.0
    assert all(6.0 <= o.duration_s <= 10.0 for o in plan.occurrences)


def test_speech_and_ambience_never_end(drawn):
    plan, _ = drawn(3)
    starts_s = [speech.film_start_s for speech in plan.speech]
    assert max(np.diff(starts_s)) < 10.0
    beds = Timeline.of(Interval(bed.film_start_s, bed.film_end_s) for bed in plan.beds)
    assert beds == Timeline((Interval(0.0, 240.0),))


def test_one_seed_draws_one_film(drawn):
    assert drawn(4) == drawn(4)
    assert drawn(4) != drawn(5)


def test_a_film_that_is_too_short_is_refused(drawn):
    with pytest.raises(ParameterError, match="Make the film longer"):
        drawn(6, duration_s=60.0)


def test_a_film_of_nothing_is_refused():
    with pytest.raises(ParameterError, match="at least one of each"):
        Recordings(songs=(), speech=())
