"""Claims as an analysis would hold them; the numbers are invented and stay as they are."""

import dataclasses

from ostinato.results import Claim

CLAIMS = (
    Claim(
        id="C1",
        statement="The same song, “California Dreamin'”, is played constantly.",
        measure="hearings in the film; bounds if those up to 60 s apart are one, and if none are",
        value=7.0,
        low=6.0,
        high=8.0,
        p_value=None,
        null_model=None,
        verdict="supported",
        limits="A count of what was detected.",
        n=8,
    ),
    Claim(
        id="C3",
        statement="“California Dreamin'” goes on from where it had stopped.",
        measure="share of transitions that start within 5 s of where the song had stopped",
        value=5 / 6,
        low=0.3588,
        high=0.9958,
        p_value=0.0001,
        null_model="uniform starts, order and durations kept (Monte Carlo)",
        verdict="supported",
        limits="No days are marked: whether one has passed cannot be heard.",
        p_value_holm=0.0004,
        n=6,
        power=0.994,
    ),
    Claim(
        id="C5",
        statement="Narration takes the place of dialogue.",
        measure="narration over dialogue, in seconds of speech; supported if above 1",
        value=None,
        low=0.297,
        high=0.755,
        p_value=None,
        null_model=None,
        verdict="not supported",
        limits="The bounds are what undetermined speech leaves.",
    ),
    Claim(
        id="C7",
        statement="The characters talk to themselves: nobody answers.",
        measure="none",
        value=None,
        low=None,
        high=None,
        p_value=None,
        null_model=None,
        verdict="cannot be decided from this",
        limits="Speech was not listened for.",
    ),
)


def with_claims(results):
    """The same film, its measures held against claims."""
    measures = {"continuation_s": 5.0, "level": 0.95, "n_draws": 9999, "seed": 1994}
    run = dataclasses.replace(results.run, parameters={"measures": measures})
    return dataclasses.replace(results, claims=CLAIMS, run=run)
