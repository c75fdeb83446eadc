"""How the numbers came about and what they leave out, as one paragraph; and the footnote."""

from collections.abc import Iterator
from typing import Any

from ostinato.report.effects import denominators
from ostinato.report.label_errors import if_labels_were_wrong
from ostinato.report.markdown import plain
from ostinato.report.reading import (
    held_against_itself,
    listened_for_speech,
    looked_for_songs,
    measure_parameter,
    table_numbers,
)
from ostinato.report.references import film_note, run_day
from ostinato.report.remarks import film_remarks, song_remarks
from ostinato.report.rules import departures, rules_in_words
from ostinato.report.teaching import taught
from ostinato.report.wording import HASH_LENGTH, lasting, listed, sentences_of, stopped
from ostinato.report.work import edition_of, title_of
from ostinato.results import Results

GLOSSARY = "docs/glossary.md; the command “ostinato cite --glossary” prints it"
"""Where the terms are explained, in the source and without it."""
_FEWER = 999
"""Draws of a null model under choices other than the study's."""
_DECIDED = {
    "label": "a person's labels",
    "subtitles": "subtitles",
    "classifier": "a classifier",
}


def method_note(results: Results) -> str:
    """Say how the numbers came about and what they do not hold."""
    return " ".join(_sentences(results))


def footnote(results: Results, *, style: str) -> str:
    """Say what was analysed, by what and with which parameters.

    `style`: of the references: mla, chicago or apa.
    """
    film, run = results.film, results.run
    named = edition_of(film)
    edition = "edition not named" if named is None else f"edition: {named}"
    day = run_day(results)
    when = "" if day is None else f" on {day}"
    table = table_numbers(results)["recordings"]
    identity = plain(
        f"{edition[0].upper()}{edition[1:]}; {lasting(film.duration_s)}; file {film.name}; "
        f"SHA-256 begins {film.sha256[:HASH_LENGTH]} (whole in Table {table})"
    )
    code = "" if run.code_sha256 is None else f" (code {run.code_sha256[:HASH_LENGTH]})"
    made = f"Analysed with Ostinato {run.version}{code}{when}; {', '.join(_parameters(results))}."
    note = film_note(film, style=style)
    ends = note.endswith("*") and stopped(title_of(film)) == title_of(film)
    return f"{note}{'' if ends else '.'} {identity}. {plain(made)}"


def _parameters(results: Results) -> Iterator[str]:
    rules = results.run.rules
    if rules is not None and rules.set_by == "defaults":
        yield "parameters: the program's own"
    elif rules is not None and rules.set_by == "study":
        yield "parameters: the study's own"
    else:
        yield "parameters in results.json"
    named: dict[str, tuple[str, Any]] = {
        "continuation_s": ("a song goes on within", "{:g} s"),
        "alpha": ("alpha", "{:g}"),
        "level": ("level of intervals", "{:.0%}"),
        "n_draws": ("random draws", "{:,.0f}"),
        "seed": ("seed", "{:.0f}"),
    }
    for name, (words, form) in named.items():
        value = measure_parameter(results, name)
        if value is not None:
            yield f"{words} {form.format(value)}"


def _sentences(results: Results) -> Iterator[str]:
    film = results.film
    named = edition_of(film)
    edition = "an edition that is not named" if named is None else f"one edition, {named}"
    yield f"All numbers are for {edition}; another may differ in speed, mix and music."
    if film.truncated_at_s is not None:
        yield (
            f"Only its first {lasting(film.truncated_at_s)} could be read: what is called the film "
            "here, and its beginning, are of that part."
        )
    if held_against_itself(results):
        yield from _of_cues()
    elif looked_for_songs(results):
        yield from _of_songs(results)
    if listened_for_speech(results):
        yield from _of_speech(results)
    if not held_against_itself(results):
        yield from denominators(results)
    if results.claims:
        yield from _of_claims(results)
    yield from film_remarks(film)
    for song in results.songs:
        yield from song_remarks(song)
    yield f"Ostinato's glossary explains the terms ({GLOSSARY})."


def _of_cues() -> Iterator[str]:
    yield "What recurs was detected by correlating the soundtrack with itself, without recordings."
    yield "A cue is what is heard more than once, be it music, speech or an effect."


def _of_songs(results: Results) -> Iterator[str]:
    yield "A song is detected where its recording correlates with the soundtrack, sample by sample."
    yield "This finds the same recording, and not a cover, a live version or another mix."
    yield "What is detected need not be noticed by a spectator."
    if any(one.likeness != "waveform" for one in results.occurrences):
        yield (
            "In the lower grade only the spectrum of the song was detected, or so little of its "
            "waveform that another song may be heard."
        )
    if results.transitions:
        yield "A transition leads from one playing of a song to its next; gaps are in song time."


def _of_speech(results: Results) -> Iterator[str]:
    yield "Speech was detected by sound."
    by = [words for name, words in _DECIDED.items() if _has_decided(results, name)]
    if by:
        yield f"What is narration and what is dialogue was decided by {listed(by)}."
    if any(segment.kind == "undetermined" for segment in results.speech):
        yield (
            "The rest of the speech is undetermined."
            if by
            else "Without labels or subtitles, narration and dialogue were not distinguished."
        )
    row = results.ratio_in()
    if row is not None and by:
        yield sentences_of(row.method)
    for lesson in results.teaching:
        yield from taught(lesson)
    if row is not None:
        yield from if_labels_were_wrong(row)


def _has_decided(results: Results, name: str) -> bool:
    return any(
        segment.decided_by == name and segment.kind != "undetermined" for segment in results.speech
    )


def _of_claims(results: Results) -> Iterator[str]:
    level = measure_parameter(results, "level")
    if level is not None:
        yield f"Intervals are {level:.0%} confidence intervals unless they are called ranges."
    if any(claim.p_value is not None for claim in results.claims):
        yield from _of_tests(results)
    has_rules = any(claim.rule is not None for claim in results.claims)
    where = f"Table {table_numbers(results)['claims']}"
    stands = f" The rules stand under {where}." if has_rules else ""
    yield f"Each claim was decided by {rules_in_words(results.run.rules)}.{stands}"
    yield "A verdict says what was measured, and not why the film is so."
    yield from departures(results.run.rules)


def _of_tests(results: Results) -> Iterator[str]:
    yield "P-values are given as they are, and after Holm's correction for this study's claims."
    alpha = measure_parameter(results, "alpha")
    if alpha is not None:
        yield (
            f"Beyond chance is a p-value of at most {alpha:g} after the correction; within chance "
            f"is one above {alpha:g} before it."
        )
    if any(claim.p_opposite is not None for claim in results.claims):
        yield (
            "The opposite p-value is that of the opposite of a claim; opposite p-values are "
            "corrected among themselves."
        )
    draws, seed = measure_parameter(results, "n_draws"), measure_parameter(results, "seed")
    if draws is not None and seed is not None:
        fewer = ", and 999 under other choices" if results.robustness and draws > _FEWER else ""
        yield f"Monte Carlo p-values use {draws:,.0f} random draws{fewer} (seed {seed:.0f})."
