"""Claims as a table with notes: figure, interval, test, effect, rule, robustness and verdict."""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ostinato.report.answers import measure_parameter
from ostinato.report.p_values import p_cell, p_value
from ostinato.report.wording import (
    MOST_DECIMALS,
    UNKNOWN,
    count,
    lasting,
    listed,
    number,
    percent,
    rounded,
    times,
)
from ostinato.results import ENOUGH_POWER, STATED_DIFFERENCE, Claim, Results, Rules, Specification
from ostinato.timeline import Timeline

DECIMALS_OF_RANGES = 2
"""At least; what bounds a range is counted, and no estimate."""
_CHANCE = ("chance_low", "chance_overlap", "chance_high")
_THRESHOLDS = {
    "C2": (0.5,),
    "C3": (0.5,),
    "C4": (0.0,),
    "C5": (0.0, 1.0),
    "C7": (0.5,),
    "C6": (-0.2, 0.0, 0.2),
}
"""Where the verdict of a claim turns: no rounding may cross it."""
_STOP = re.compile(r"\. (?![^“]*”)")  # but within a title, which may hold one
_COLUMNS = (
    *("claim", "measure", "value", "interval or range", "n"),
    *("p", "p after Holm", "opposite p", "opposite p after Holm"),
    *("power", "verdict"),
)
_MODELS = {
    "continues": "that the song goes on where it had stopped",
    "restarts": "that it starts at its beginning",
    "ran_on": "that the record kept turning",
    "anywhere": "that it starts anywhere",
}
_MOST_TIMES = 1e6
SHARES_THAT_DECIDE = (0.01, 0.05)
"""Of the film that a song fills, at which the verdict on C1 turns."""
_ABSENCES = (2 / 3, 0.9)
_HOUR_S = 3600.0
_LEAST_FILM_S = 60.0
"""Of less, a rate by the hour says nothing."""
_NAMES = {
    "tolerance_s": "how near is near enough",
    "merge_gap_s": "which playings are one",
    "null_model": "the model of chance",
    "detection": "what counts as an occurrence",
    "edges": "where edges lie",
    "labels": "people's labels",
    "level": "the level of intervals",
    "first_percent": "what the beginning is",
    "answer_s": "how soon a voice is answered",
}
CHOICES = {
    "tolerance_s": "goes on within {:g} s",
    "merge_gap_s": "one playing up to {:g} s apart",
    "null_model": "null: {}",
    "detection": "counted: {}",
    "edges": "edges: {}",
    "labels": "labels: {}",
    "level": "intervals of {:.0%}",
    "first_percent": "beginning: {:g}%",
    "answer_s": "answered within {:g} s",
}
"""Words of each choice by its column, in the order in which they are shown."""


def decimals(low: float | None, high: float | None) -> int:
    """Return how many decimals an interval supports: those that half its width still shows.

    `low`, `high`: the interval; None where there is none.

    Examples
    --------
    >>> decimals(0.21, 0.58), decimals(0.301, 0.305), decimals(-4.0, 9.0)
    (1, 3, 0)
    """
    if low is None or high is None or high <= low:
        return DECIMALS_OF_RANGES
    return min(4, max(0, -math.floor(math.log10((high - low) / 2))))


def figures_of(claim: Claim) -> str:
    """Write a claim's value with its interval, rounded to what that supports."""
    if _is_all_narration(claim):
        return "all narration"
    if claim.low is None and claim.high is None:
        return _rounded(claim, claim.value)
    if claim.value is None:
        return _interval(claim)
    if claim.value == claim.low == claim.high:  # all is known, and nothing is estimated
        return _rounded(claim, claim.value)
    return f"{_rounded(claim, claim.value)} ({_interval(claim)})"


def unit_of(claim: Claim) -> str:
    """Say, after a claim's figures, in what they are; nothing where the measure says it."""
    if claim.id == "C1":
        apart_s = claim.figures.get("points_apart_s")
        if claim.value == 1:
            return " point of the film"
        apart = "" if apart_s is None else f" at least {apart_s:.3g} s apart"
        return f" points of the film{apart} (a long playing gives several)"
    return " LU" if claim.id == "C4" else ""


def claim_rows(claims: Sequence[Claim]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Set claims out as the rows of a table."""
    return _COLUMNS, tuple(map(_row, claims))


def claim_notes(claims: Sequence[Claim]) -> list[str]:
    """Say under the table of claims by what each is decided, its limits, and what chance is."""
    said: dict[str, list[str]] = {}
    for claim in claims:
        if claim.rule is not None:
            said.setdefault(claim.rule.rstrip("."), []).append(claim.id)
    for claim in claims:
        for limit in _STOP.split(claim.limits.rstrip(".")):
            said.setdefault(limit, []).append(claim.id)
    for claim in claims:
        if claim.null_model is not None:
            said.setdefault(f"Null model: {claim.null_model}", []).append(claim.id)
    return [f"{', '.join(ids)}: {limit}." for limit, ids in said.items() if limit]


def _row(claim: Claim) -> tuple[str, ...]:
    is_known = claim.low == claim.high and claim.value == claim.low
    has_interval = (claim.low is not None or claim.high is not None) and not is_known
    found = {
        "value": "" if claim.value is None else _rounded(claim, claim.value),
        "interval": _interval(claim) if has_interval else "",
        "n": _observations(claim),
        "p": p_in_words(claim),
        "p_holm": p_in_words(claim, after_holm=True),
        "opposite": _p(claim, claim.p_opposite),
        "opposite_holm": opposite_p_in_words(claim),
        "power": _power(claim.power),
    }
    if _is_all_narration(claim):
        found["value"] = "all narration"
    return (f"{claim.id}: {claim.statement}", claim.measure, *found.values(), claim.verdict)


def _power(power: float | None) -> str:
    """Write a power; by simulation, none is 0 or 1."""
    if power is None:
        return ""
    if round(power, 2) in {0, 1}:
        return "below 0.01" if power < ENOUGH_POWER else "above 0.99"
    return rounded(power, 2, turns=(ENOUGH_POWER,))


def _is_all_narration(claim: Claim) -> bool:
    """Tell whether all speech is known to be narration; an estimate of 1 does not show that."""
    share = claim.figures.get("share")
    return claim.id == "C5" and share == 1 and claim.figures.get("share_low", share) == 1


def p_in_words(claim: Claim, *, after_holm: bool = False) -> str:
    """Write a claim's p-value, with a sign before it where it is the least that there can be.

    `after_holm`: whether it is the corrected one.
    """
    value = claim.p_value_holm if after_holm else claim.p_value
    return _p(claim, claim.p_value, written=value)


def opposite_p_in_words(claim: Claim) -> str:
    """Write the corrected p-value of the test of the opposite of what a claim says."""
    return _p(claim, claim.p_opposite, written=claim.p_opposite_holm)


def _p(claim: Claim, value: float | None, *, written: float | None = None) -> str:
    """Write a p-value, or what a correction made of it, with ≤ where the test can give no less."""
    if value is None:
        return ""
    is_least = claim.p_floor is not None and value <= claim.p_floor * (1 + 1e-9)
    return p_cell(value if written is None else written, is_least=is_least)


def _observations(claim: Claim) -> str:
    if claim.n is None:
        return ""
    return f"{claim.n:,}" if claim.unit is None else count(claim.n, claim.unit)


def _rounded(claim: Claim, value: float | None) -> str:
    """Write a number of a claim, with decimals enough to stay on its side of what decides."""
    if value is None:
        return UNKNOWN
    if claim.id == "C1":
        return number(value, ".0f")
    chance = [claim.figures.get(name) for name in _CHANCE] if claim.id in {"C2", "C8"} else []
    turns = [*_THRESHOLDS.get(claim.id, ()), *(one for one in chance if one is not None)]
    n_decimals = decimals(claim.low, claim.high)
    if claim.bounds == "range":
        n_decimals = max(DECIMALS_OF_RANGES, n_decimals)
    return rounded(value, n_decimals, turns=tuple(turns))


def _interval(claim: Claim) -> str:
    """Write low and high, and say of a range that it is one."""
    named = "range " if claim.bounds == "range" else ""
    if claim.low is None:
        return f"{named}up to {_rounded(claim, claim.high)}"
    low = f"{named}{_rounded(claim, claim.low)}"
    return f"{low} or more" if claim.high is None else f"{low} to {_rounded(claim, claim.high)}"


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
    while gap > 0 and n < MOST_DECIMALS and not float(f"{gap:.{n}f}"):
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
            f"C3: {surely}. Had {all_that} gone on, the test would give {p_value(p_at_most)} "
            "before the correction."
        )
    yield from _likelihoods(claim)


def _beginning(claim: Claim) -> Iterator[str]:
    p_at_best = claim.figures.get("p_undetermined_at_best")
    if p_at_best is not None and claim.p_value is not None and p_at_best != claim.p_value:
        yield (
            "C6: Were all undetermined speech narration at the beginning and dialogue after it, "
            f"the test would give {p_value(p_at_best)} before the correction."
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
    if claim.low > -STATED_DIFFERENCE and 0 < claim.high < STATED_DIFFERENCE:
        yield (
            f"C6: A difference of {STATED_DIFFERENCE:g} or more is excluded either way, which "
            "counts as no difference."
        )
    elif 0 < claim.high < STATED_DIFFERENCE:
        more = f"by {STATED_DIFFERENCE:g} or more"
        yield f"C6: A share that is higher at the beginning {more} is excluded."


def by_claim(results: Results) -> dict[str, list[Specification]]:
    """Return the specifications of each claim that has any."""
    rows: dict[str, list[Specification]] = {}
    for one in results.robustness:
        rows.setdefault(one.claim_id, []).append(one)
    return rows


def options(rows: Sequence[Specification], column: str) -> list[Any]:
    """Return what was tried of one choice."""
    found = list(dict.fromkeys(getattr(one, column) for one in rows))
    if found == [None]:
        return []
    return sorted(found) if all(isinstance(one, int | float) for one in found) else found


def in_words(column: str, option: Any) -> str:  # noqa: ANN401 - a number or a word
    """Say a choice."""
    return CHOICES[column].format(option)


def robustness_sentences(results: Results) -> Iterator[str]:
    """Say of each claim under how many combinations of choices its verdict is the same, and why."""
    rows = by_claim(results)
    steady = [claim for claim, own in rows.items() if _n_agree(own) == len(own)]
    if steady:
        yield (
            f"The {'verdict' if len(steady) == 1 else 'verdicts'} on {listed(steady)} "
            f"{'is' if len(steady) == 1 else 'are'} the same under every combination of choices "
            "that was tried."
        )
    for claim, own in rows.items():
        if claim not in steady:
            yield (
                f"The verdict on {claim} is the same under {_n_agree(own):,} of {len(own):,} "
                f"combinations of choices{_where(own)}."
            )
            yield from _without_effect(claim, own)


def _n_agree(rows: Sequence[Specification]) -> int:
    return sum(one.verdict == rows[0].verdict for one in rows)


def _where(rows: Sequence[Specification]) -> str:
    """Name the choices under which the verdict is seldom the same."""
    rare = [
        in_words(column, option)
        for column in CHOICES
        for option in options(rows, column)
        if not any(one.verdict == rows[0].verdict for one in rows if getattr(one, column) == option)
    ]
    return f"; it never is with {listed([f'“{one}”' for one in rare])}" if rare else ""


def _without_effect(claim: str, rows: Sequence[Specification]) -> Iterator[str]:
    """Name the choices that change no verdict, whatever the others are."""
    tried = [column for column in CHOICES if len(options(rows, column)) > 1]
    idle = [column for column in tried if _is_idle(rows, column, tried)]
    if idle:
        names = listed([_NAMES[column] for column in idle], word="or")
        yield f"The verdict on {claim} does not depend on {names}."


def _is_idle(rows: Sequence[Specification], column: str, tried: Sequence[str]) -> bool:
    others = [name for name in tried if name != column]
    verdicts: dict[tuple[Any, ...], set[str]] = {}
    for one in rows:
        key = tuple(getattr(one, name) for name in others)
        verdicts.setdefault(key, set()).add(one.verdict)
    return all(len(found) == 1 for found in verdicts.values())


def rules_in_words(rules: Rules | None) -> str:
    """Name the rules that decide the claims."""
    if rules is None:
        return "a stated rule"
    if rules.set_by == "defaults":
        return (
            "the program's default rules and parameters; that the claims were chosen before "
            "looking is not documented"
        )
    if rules.set_by == "study":
        return (
            "a stated rule, with parameters of the study's own; that they were chosen before "
            "looking is not documented"
        )
    plan = f"a plan of {(rules.planned_at or '')[:10]} (SHA-256 {(rules.plan_sha256 or '')[:12]})"
    if rules.was_before_looking:
        return f"rules that were set before looking, in {plan}"
    return f"the rules of {plan}, which was written after the film had been analysed"


def departures(rules: Rules | None) -> Iterator[str]:
    """Say in what the study has departed from its plan."""
    if rules is not None and rules.deviations:
        yield f"Departures from the plan: {'; '.join(rules.deviations)}."
