"""By which rules claims were decided, in words, and whether these were set before looking."""

from collections.abc import Iterator

from ostinato.results import Rules


def rules_in_words(rules: Rules | None) -> str:
    """Name the rules that decide the claims."""
    if rules is None:
        return "a stated rule"
    if rules.set_by == "defaults":
        return "the program's own rules and parameters, which were set before looking"
    if rules.set_by == "study":
        return "a stated rule, with parameters of the study's own"
    plan = f"a plan of {(rules.planned_at or '')[:10]} (SHA-256 {(rules.plan_sha256 or '')[:12]})"
    if rules.was_before_looking:
        return f"rules that were set before looking, in {plan}"
    return f"the rules of {plan}, which was written after the film had been analysed"


def departures(rules: Rules | None) -> Iterator[str]:
    """Say in what the study has departed from its plan."""
    if rules is not None and rules.deviations:
        yield f"Departures from the plan: {'; '.join(rules.deviations)}."
