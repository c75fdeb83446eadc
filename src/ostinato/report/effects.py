"""How large what a claim rests on is: against chance, against rival models, and of how much."""

import math
from collections.abc import Iterator

from ostinato.report.wording import count, lasting, number
from ostinato.results import Claim, Results
from ostinato.timeline import Timeline

_MODELS = {
    "continues": "that the song goes on where it had stopped",
    "restarts": "that it starts at its beginning, or where it had started before",
    "ran_on": "that the record kept turning",
    "anywhere": "that it starts anywhere",
}
_STATED_DIFFERENCE = 0.2  # of C6: what is surely less counts as no difference
_MOST_TIMES = 1e6
_HOUR_S = 3600.0


def effect_notes(results: Results) -> Iterator[str]:
    """Say under the table of claims how large each effect is.

    Parameters
    ----------
    results : Results
        With claims.

    Yields
    ------
    str
        One sentence each; none of what was not measured.
    """
    notes = {"C2": _overlap, "C3": _likelihoods, "C6": _equivalence}
    for claim in results.claims:
        if claim.id in notes:
            yield from notes[claim.id](claim)


def denominators(results: Results) -> Iterator[str]:
    """Say of how much the shares are: the film, what is heard of songs in it, and speech.

    Parameters
    ----------
    results : Results
        What was measured.

    Yields
    ------
    str
        One sentence, or none where neither songs nor speech are heard.
    """
    film_s = results.film.duration_s
    music_s = Timeline.of(one.film for one in results.occurrences).duration_s
    speech_s = Timeline.of(one.interval for one in results.speech).duration_s
    said = []
    if music_s > 0:
        n_an_hour = len(results.occurrences) / (film_s / _HOUR_S)
        n = count(len(results.occurrences), "occurrence")
        said.append(
            f"songs are heard for {lasting(music_s)} ({n}, {number(n_an_hour, '.1f')} an hour)"
        )
    if speech_s > 0:
        said.append(f"speech for {lasting(speech_s)}")
    if said:
        yield f"Of the film's {lasting(film_s)}, {' and '.join(said)}."


def _overlap(claim: Claim) -> Iterator[str]:
    names = ("chance_overlap", "chance_low", "chance_high")
    chance, low, high = (claim.figures.get(name) for name in names)
    if claim.value is None or chance is None or low is None or high is None:
        return
    apart = f"{abs(claim.value - chance):.2f} {'less' if claim.value < chance else 'more'}"
    apart = "as much" if apart.startswith("0.00") else apart
    yield (
        f"C2: Starts anywhere in the song would give {chance:.2f} on average ({low:.2f} to "
        f"{high:.2f} in 95% of draws); the playings have {apart} in common."
    )


def _likelihoods(claim: Claim) -> Iterator[str]:
    logs = {
        name: value
        for name in _MODELS
        if (value := claim.figures.get(f"log_likelihood_{name}")) is not None
    }
    if len(logs) < len(_MODELS) or not claim.n:
        return
    best, second = sorted(logs, key=lambda name: -logs[name])[:2]
    yield (
        f"C3: Of four models the likeliest is {_MODELS[best]}. The starts that are heard are "
        f"{_times(logs[best] - logs[second])} likely under it as under the next, "
        f"{_MODELS[second]}."
    )


def _times(log_ratio: float) -> str:
    if log_ratio >= math.log(_MOST_TIMES):
        return "more than a million times as"
    # a ratio of fitted models is known by its size, and no closer
    ratio = float(f"{math.exp(log_ratio):.1g}")
    return f"about {ratio:,.0f} times as"


def _equivalence(claim: Claim) -> Iterator[str]:
    if claim.verdict != "not supported" or claim.high is None or claim.low is None:
        return
    if claim.low > -_STATED_DIFFERENCE and 0 < claim.high < _STATED_DIFFERENCE:
        yield (
            f"C6: A difference of {_STATED_DIFFERENCE:g} or more is excluded either way, which "
            "counts as no difference."
        )
    elif 0 < claim.high < _STATED_DIFFERENCE:
        yield f"C6: That the beginning has {_STATED_DIFFERENCE:g} more or above is excluded."
