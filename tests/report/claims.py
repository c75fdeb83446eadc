"""Claims as an analysis would hold them, of invented numbers that stay as they are; and measured.

What is written of single claims is tested on the invented ones; golden texts have measured ones.
"""

import dataclasses
from functools import cache

from tests.report.examples import PARAMETERS, a_labelled_film

from ostinato.measures import ALL_QUESTIONS, measured
from ostinato.results import Claim

CLAIMS = (
    Claim(
        id="C1",
        statement="The same song, “California Dreamin'”, is played constantly.",
        measure="moments at which the song is heard, each 60 s or more after the one before",
        value=7.0,
        low=None,
        high=None,
        p_value=None,
        null_model=None,
        verdict="supported",
        limits="A count of what was detected.",
        n=8,
        unit="occurrence",
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
        unit="transition",
        bounds="interval",
        power=0.994,
    ),
    Claim(
        id="C5",
        statement="Narration takes the place of dialogue.",
        measure="seconds of narration over seconds of dialogue; supported if above 1",
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
    return dataclasses.replace(results, claims=CLAIMS)


@cache
def measured_claims():
    """The labelled film, with all claims decided."""
    return measured(a_labelled_film(), parameters=PARAMETERS, questions=ALL_QUESTIONS)
