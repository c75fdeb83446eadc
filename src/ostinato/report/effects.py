"""How large what a claim rests on is: against chance, against rival models, and of how much."""

import math
from collections.abc import Iterator

from ostinato.report.claims import decimals
from ostinato.report.reading import measure_parameter
from ostinato.report.wording import count, lasting, number, percent, probability, times
from ostinato.results import Claim, Results
from ostinato.timeline import Timeline

_MODELS = {
    "continues": "that the song goes on where it had stopped",
    "restarts": "that it starts at its beginning",
    "ran_on": "that the record kept turning",
    "anywhere": "that it starts anywhere",
}
_STATED_DIFFERENCE = 0.2  # of C6: what is surely less counts as no difference
_MOST_TIMES = 1e6
SHARES_THAT_DECIDE = (0.01, 0.05)
"""Of the film that a song fills, at which the verdict on C1 turns."""
_ABSENCES = (2 / 3, 0.9)
_HOUR_S = 3600.0
_LEAST_FILM_S = 60.0
"""Of less, a rate by the hour says nothing."""
_MOST_DECIMALS = 6


def effect_notes(results: Results) -> Iterator[str]:
    """Say under the table of claims how large each effect is."""
    notes = {"C1": _presence, "C3": _transitions, "C6": _beginning}
    for claim in results.claims:
        if claim.id in notes:
            yield from notes[claim.id](claim)
        if claim.id == "C2":
            yield from _overlap(claim, measure_parameter(results, "level"))


def denominators(results: Results) -> Iterator[str]:
    """Say of how much the shares are: the film, what is heard of songs in it, and speech."""
    film_s = results.film.duration_s
    music_s = Timeline.of(one.film for one in results.occurrences).duration_s
    speech_s = Timeline.of(one.interval for one in results.speech).duration_s
    said = []
    if music_s > 0:
        n_an_hour = len(results.occurrences) / (film_s / _HOUR_S)
        n = count(len(results.occurrences), "occurrence")
        rate = "" if film_s < _LEAST_FILM_S else f", {number(n_an_hour, ',.1f')} an hour"
        said.append(f"songs are heard for {lasting(music_s)} ({n}{rate})")
    if speech_s > 0:
        said.append(f"speech {'' if said else 'is heard '}for {lasting(speech_s)}")
    if said:
        is_cut = results.film.truncated_at_s is not None
        whole = f"{lasting(film_s)} that could be read" if is_cut else f"film's {lasting(film_s)}"
        yield f"Of the {whole}, {' and '.join(said)}."


def _presence(claim: Claim) -> Iterator[str]:
    share, absence = (claim.figures.get(x) for x in ("share_of_film", "longest_absence_share"))
    if share is None or absence is None:
        return
    yield (
        f"C1: The song fills {percent(share, turns=SHARES_THAT_DECIDE)} of the film, and is away "
        f"for at most {percent(absence, turns=_ABSENCES)} of it at a time."
    )


def _overlap(claim: Claim, level: float | None) -> Iterator[str]:
    names = ("chance_overlap", "chance_low", "chance_high")
    chance, low, high = (claim.figures.get(name) for name in names)
    if claim.value is None or chance is None or low is None or high is None:
        return
    n = max(2, decimals(low, high))
    gap = abs(claim.value - chance)
    while gap > 0 and n < _MOST_DECIMALS and not float(f"{gap:.{n}f}"):
        n += 1
    apart = f"{gap:.{n}f} {'less' if claim.value < chance else 'more'}" if gap else "as much"
    in_draws = "" if level is None else f" in {level:.0%} of draws"
    yield (
        f"C2: Starts anywhere in the song would give {chance:.{n}f} on average ({low:.{n}f} to "
        f"{high:.{n}f}{in_draws}); the playings have {apart} in common."
    )


def _transitions(claim: Claim) -> Iterator[str]:
    n_unclear, n_hits, p_at_most = (
        claim.figures.get(name) for name in ("n_cannot_be_told", "n_hits", "p_at_most")
    )
    if n_unclear and n_hits is not None and p_at_most is not None and claim.n:
        goes = "goes" if n_hits == 1 else "go"
        surely = f"{n_hits:,.0f} of {count(claim.n, 'transition')} {goes} on for certain"
        surely = "That the one transition goes on is not certain" if claim.n == 1 else surely
        all_that = "what" if n_unclear == 1 else "all that"
        all_that = "it" if claim.n == 1 else f"{all_that} cannot be decided"
        yield (
            f"C3: {surely}. Had {all_that} gone on, p would be {probability(p_at_most)} before the "
            "correction."
        )
    yield from _likelihoods(claim)


def _beginning(claim: Claim) -> Iterator[str]:
    p_at_best = claim.figures.get("p_undetermined_at_best")
    if p_at_best is not None and claim.p_value is not None and p_at_best != claim.p_value:
        yield (
            "C6: Were all undetermined speech narration at the beginning and dialogue after it, p "
            f"would be {probability(p_at_best)} before the correction."
        )
    yield from _equivalence(claim)


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
        f"{_as(logs[best] - logs[second])} likely under it as under the next, {_MODELS[second]}."
    )


def _as(log_ratio: float) -> str:
    if log_ratio >= math.log(_MOST_TIMES):
        return "more than a million times as"
    # a ratio of fitted models is known by its size, and no closer
    ratio = round(float(f"{math.exp(log_ratio):.1g}"))
    return "about as" if ratio == 1 else f"about {times(ratio)} as"


def _equivalence(claim: Claim) -> Iterator[str]:
    if claim.verdict != "not supported" or claim.high is None or claim.low is None:
        return
    if claim.low > -_STATED_DIFFERENCE and 0 < claim.high < _STATED_DIFFERENCE:
        yield (
            f"C6: A difference of {_STATED_DIFFERENCE:g} or more is excluded either way, which "
            "counts as no difference."
        )
    elif 0 < claim.high < _STATED_DIFFERENCE:
        more = f"by {_STATED_DIFFERENCE:g} or more"
        yield f"C6: A share that is higher at the beginning {more} is excluded."
