"""Whether a verdict rests on choices: one sentence a claim, and the words of each choice."""

from collections.abc import Iterator, Sequence
from typing import Any

from ostinato.report.wording import listed
from ostinato.results import Results, Specification

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
