import numpy as np
import pytest
from tests.report.examples import a_feature_film

from ostinato.errors import StudyError
from ostinato.measures import MeasureParameters, choose_next, compare
from ostinato.measures.agreement import agreement, cohens_kappa
from ostinato.measures.coders import krippendorffs_alpha

COHEN_1960 = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
"""The worked example of J. Cohen (1960): 200 diagnoses, .70 agreed, .41 by chance, kappa .492."""


def raters(table):
    one, other = (np.repeat(index.ravel(), table.ravel()) for index in np.indices(table.shape))
    return one.astype(np.int64), other.astype(np.int64)


def test_kappa_is_that_of_the_published_example():
    one, other = raters(COHEN_1960)
    assert cohens_kappa(one, other, np.ones(200)) == pytest.approx(0.492, abs=0.0005)


def test_its_interval_is_that_of_large_samples_where_segments_stand_for_themselves():
    one, other = raters(COHEN_1960)
    found = agreement(one, other, blocks=np.arange(200), parameters=MeasureParameters())
    error = np.sqrt(0.7 * 0.3 / (200 * (1 - 0.41) ** 2))  # Cohen 1960, eq. 7
    assert found.low == pytest.approx(0.492 - 1.96 * error, abs=0.02)
    assert found.high == pytest.approx(0.492 + 1.96 * error, abs=0.02)


def test_segments_of_a_scene_that_err_together_widen_the_interval():
    one, other = raters(COHEN_1960)
    alone = agreement(one, other, blocks=np.arange(200), parameters=MeasureParameters())
    together = agreement(one, other, blocks=np.arange(200) // 20, parameters=MeasureParameters())
    assert together.value == alone.value
    assert together.high - together.low > alone.high - alone.low


def coders(rng, *, kappa, share, n, n_scenes):
    """Two coders of one skill, whose care and whose scenes vary: their kappa is known."""
    care, narrates = (rng.beta(4 * p, 4 * (1 - p), n_scenes) for p in (kappa, share))
    scenes = np.sort(rng.integers(n_scenes, size=n))
    same = rng.random(n) < care[scenes]
    one = rng.random(n) < np.where(same, narrates[scenes], share)
    other = np.where(same, one, rng.random(n) < share)
    return one.astype(np.int64), other.astype(np.int64), scenes


@pytest.mark.parametrize(("kappa", "share"), [(0.95, 0.2), (0.8, 0.5), (0.2, 0.2), (0.95, 0.05)])
@pytest.mark.parametrize("n", [20, 100])
def test_the_interval_of_kappa_covers_in_films_of_scenes(kappa, share, n):
    covers = []
    for seed in range(80):
        rng = np.random.default_rng([seed, n])
        one, other, scenes = coders(rng, kappa=kappa, share=share, n=n, n_scenes=12)
        found = agreement(one, other, blocks=scenes, parameters=MeasureParameters(n_resamples=400))
        if found.low is not None:
            covers.append(found.low <= kappa <= found.high)
    assert np.mean(covers) >= 0.88  # of 80, .95 is seen so in all but one case of 200


def test_the_interval_of_kappa_covers_where_a_few_scenes_are_unlike():
    # each errs in a tenth of segments; .3 is narration: .82 agreed, .34**2 + .66**2 by chance
    true = (0.82 - 0.5512) / (1 - 0.5512)
    covers = []
    for seed in range(120):
        rng = np.random.default_rng([seed, 5])
        narrates, *errs = (rng.beta(2.33 * p, 2.33 * (1 - p), 5) for p in (0.3, 0.1, 0.1))
        scenes = np.sort(rng.choice(5, 100, p=rng.dirichlet(np.full(5, 2.0))))
        kinds = rng.random(100) < narrates[scenes]
        one, other = ((kinds ^ (rng.random(100) < err[scenes])).astype(np.int64) for err in errs)
        parameters = MeasureParameters(n_resamples=400, seed=seed)
        found = agreement(one, other, blocks=scenes, parameters=parameters)
        if found.low is not None:
            covers.append(found.low <= true <= found.high)
    # what five scenes show of themselves alone covers .84
    assert np.mean(covers) >= 0.89


def test_perfect_agreement_on_few_segments_is_no_certainty():
    one = np.array([1, 0] * 6)
    found = agreement(one, one, blocks=np.arange(12) // 2, parameters=MeasureParameters())
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low < 0.8


def test_two_people_who_say_the_same_agree_and_what_one_leaves_open_is_left_out():
    film = a_feature_film()
    his = [(s.interval, "dialogue" if i % 2 else "narration") for i, s in enumerate(film.speech)]
    hers = [*his[:-1], (his[-1][0], "undetermined")]
    people, *with_program = compare(
        film, {"his": his, "hers": hers}, parameters=MeasureParameters()
    )
    assert (people.agreed, people.kappa.value, people.n_undecided) == (1.0, 1.0, 1)
    assert [pair.other for pair in with_program] == ["the program", "the program"]


def test_what_is_chosen_next_is_open_and_spread_over_scenes():
    film = a_feature_film()
    chosen = choose_next(film.speech, 20, scenes=film.scenes)
    assert len(chosen) == 20
    assert not {s.decided_by for s in chosen} & {"label", "subtitles"}
    with pytest.raises(StudyError, match="people have decided all"):
        choose_next([], 5, scenes=())


def test_alpha_is_that_of_the_published_example():
    # Krippendorff, "Computing Krippendorff's alpha-reliability", 2011, example C: nominal .743
    rows = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    codes = np.array([[-1 if code == "." else int(code) for code in row] for row in rows])
    assert krippendorffs_alpha(codes) == pytest.approx(0.743, abs=0.0005)
    assert krippendorffs_alpha(np.ones((3, 5), dtype=np.int64)) is None
    assert krippendorffs_alpha(np.zeros((3, 0), dtype=np.int64)) is None
