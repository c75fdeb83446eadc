import dataclasses

from tests.report.claims import CLAIMS

from ostinato.report.claim_notes import denominators, effect_notes


def notes_of(results, claim):
    run = dataclasses.replace(results.run, parameters={"measures": {"level": 0.95}})
    return list(effect_notes(dataclasses.replace(results, claims=(claim,), run=run)))


def a_claim(claim_id, **changes):
    return dataclasses.replace(CLAIMS[0], id=claim_id, **changes)


def test_what_playings_have_in_common_is_set_beside_chance(some_results):
    claim = a_claim(
        "C2", value=0.1, figures={"chance_overlap": 0.3, "chance_low": 0.2, "chance_high": 0.4}
    )
    assert notes_of(some_results, claim) == [
        "C2: Starts anywhere in the song would give 0.30 on average (0.20 to 0.40 in "
        "95% of draws); the playings have 0.20 less in common."
    ]


def test_the_likeliest_model_is_named_with_how_much_likelier_it_is(some_results):
    names = ("continues", "restarts", "ran_on", "anywhere")
    logs = dict(zip(names, (5.0, 2.0, -8.0, 0.0), strict=True))
    figures = {f"log_likelihood_{name}": value for name, value in logs.items()}
    (said,) = notes_of(some_results, a_claim("C3", n=6, figures=figures))
    assert "likeliest is that the song goes on" in said
    assert "20 times as likely" in said
    figures["log_likelihood_restarts"] = 4.3
    (said,) = notes_of(some_results, a_claim("C3", n=6, figures=figures))
    assert "about twice as likely under it as under the next, that it starts at its be" in said
    figures["log_likelihood_continues"] = 900.0
    (said,) = notes_of(some_results, a_claim("C3", n=6, figures=figures))
    assert "more than a million times as likely" in said


def test_no_difference_is_said_with_the_bound_that_counts_as_one(some_results):
    near = a_claim("C6", verdict="not supported", value=0.0, low=-0.1, high=0.1)
    assert "0.2 or more is excluded either way" in notes_of(some_results, near)[0]
    below = dataclasses.replace(near, value=-0.3, low=-0.5, high=0.1)
    assert "higher at the beginning by 0.2 or more is excluded" in notes_of(some_results, below)[0]
    open_ = dataclasses.replace(near, verdict="cannot be decided from this")
    assert notes_of(some_results, open_) == []


def test_shares_are_said_of_how_much(some_results):
    (said,) = denominators(some_results)
    assert said.startswith("Of the film's 10 min, songs are heard for 1 min 30 s")
    assert "24.0 an hour" in said
    nothing = dataclasses.replace(some_results, occurrences=(), speech=())
    assert list(denominators(nothing)) == []
