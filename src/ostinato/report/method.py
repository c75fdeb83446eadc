"""How the numbers came about and what they leave out: training, damage, rules; and the footnote."""

from collections.abc import Iterator, Sequence
from typing import Any

from ostinato.report.answers import (
    edition_of,
    held_against_itself,
    listened_for_speech,
    looked_for_songs,
    measure_parameter,
    table_numbers,
    title_of,
)
from ostinato.report.claim_notes import denominators, departures, rules_in_words
from ostinato.report.ratio_wording import if_labels_were_wrong
from ostinato.report.references import film_note, run_day
from ostinato.report.review_words import is_reviewed, reviewers
from ostinato.report.wording import (
    HASH_LENGTH,
    bounds_in_words,
    count,
    lasting,
    listed,
    number,
    percent,
    plain,
    sentences_of,
    stopped,
)
from ostinato.results import Condition, Film, Flip, Leap, Results, Song, Training
from ostinato.timeline import timecode

GLOSSARY = "docs/glossary.md; the command “ostinato cite --glossary” prints it"
"""Where the terms are explained, in the source and without it."""
_FEWER = 999
"""Draws of a null model under choices other than the study's."""
_DECIDED = {
    "label": "a person's labels",
    "subtitles": "subtitles",
    "classifier": "a classifier",
}
FEWEST_HELD_OUT = 10
"""From fewer labels no accuracy is stated: one more or less would move it by a tenth."""
_MOST_NAMED = 4  # of gaps or leaps; all are in results.json
_MIN_OFFSET_S = 0.1  # priming and rounding are less
_MIN_TOLD_S = 0.05  # of silence or of what was left out


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
    edition = "an edition that is not named" if named is None else f"one edition (“{named}”)"
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
    yield from _of_review(results)
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
    yield from _of_first_looks(results.first_look_only)
    if any(one.likeness != "waveform" for one in results.occurrences):
        yield (
            "In the lower grade only the spectrum of the song was detected, or so little of its "
            "waveform that another song may be heard."
        )
    if results.transitions:
        yield "A transition leads from one playing of a song to its next; gaps are in song time."


def _of_first_looks(titles: Sequence[str]) -> Iterator[str]:
    """Say which songs nobody searched for in full, and what may have been missed."""
    if not titles:
        return
    which = listed([f"“{title}”" for title in titles])
    if len(titles) > _MOST_NAMED:
        which = f"Of the songs, {len(titles):,} (first_look_only in results.json)"
    were, them = ("was", "it") if len(titles) == 1 else ("were", "them")
    yield (
        f"{which} {were} not searched for in full, since a first look at the waveform, at the "
        f"usual speeds, showed nothing of {them}: a copy at another tempo or pitch was not looked "
        "for."
    )


def _of_speech(results: Results) -> Iterator[str]:
    yield "Speech was detected by sound."
    yield from stem_sentences(results)
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
    for training in results.teaching:
        yield from training_sentences(training)
    if row is not None:
        yield from if_labels_were_wrong(row)


def stem_sentences(results: Results) -> Iterator[str]:
    """Say in which recording of the speech it was detected, if another program had made one."""
    stem = results.speech_stem
    if stem is None:
        return
    by = "a program that is not named" if stem.made_by is None else stem.made_by
    yield (
        f"It was detected in a stem of the speech that another program had separated from the film "
        f"({by}; file {stem.name}, SHA-256 begins {stem.sha256[:HASH_LENGTH]})."
    )
    yield "Where a song was cancelled, it was detected in the film without that song."
    if stem.lag_s is None:
        yield "Whether the stem is in step with the film could not be checked."
    yield "What that program has taken for speech, or left out of it, was not checked."


def _of_review(results: Results) -> Iterator[str]:
    if results.review is None:
        return
    if any(is_reviewed(song.id, results) for song in results.songs):
        yield (
            "Finds that a person has confirmed, moved, added or rejected by ear count as that "
            "person said; the program's own finds are kept beside them."
        )
    yield from reviewers(results.review)


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


def training_sentences(row: Training) -> Iterator[str]:
    """Say what the classifier was trained on, what it decided and how it does on held-out labels.

    Parameters
    ----------
    row : Training
        From results.

    Yields
    ------
    str
        Sentences, with the limits of each number.
    """
    n_decided = row.n_decided_narration + row.n_decided_dialogue
    if n_decided == 0 and row.n_tried == 0:
        return
    kinds = f"{row.n_narration:,} narration, {row.n_dialogue:,} dialogue"
    yield f"The classifier was trained on {row.taught_by} ({kinds})."
    yield _decided(row, n_decided)
    yield from _held_out(row)


def _decided(row: Training, n_decided: int) -> str:
    left = f"; {row.n_undetermined:,} stay undetermined" if row.n_undetermined else ""
    if n_decided == 0:
        return (
            "It decided no further segment: these labels do not show that less than one decision "
            f"in five would be wrong{left}."
        )
    parts = [
        f"{n:,} as {kind}"
        for n, kind in (
            (row.n_decided_narration, "narration"),
            (row.n_decided_dialogue, "dialogue"),
        )
        if n
    ]
    return f"It decided {count(n_decided, 'further segment')}, {' and '.join(parts)}{left}."


def _held_out(row: Training) -> Iterator[str]:
    if row.n_tried == 0:
        yield "No held-out label says how often that is right."
        return
    basis = row.basis or "labels"
    n_decided = round(row.n_tried * (1 - (row.abstained or 0.0)))
    if n_decided < FEWEST_HELD_OUT:
        yield (
            f"It decided {n_decided} of {count(row.n_tried, 'held-out label')}, which are too few "
            "to state an accuracy."
        )
        return
    yield (
        f"It was tested on {row.n_tried:,} {basis}, each held out with its scene, and decided "
        f"{n_decided:,} of them."
    )
    if row.balanced_accuracy is None:
        yield "All of these are of one kind, so that no accuracy is stated."
        return
    yield (
        f"Of these, {percent(row.balanced_accuracy)} are right, as the mean of narration and "
        f"dialogue{_kappa(row)}."
    )
    if row.calibration_error is not None:
        yield f"Its probabilities are off by {number(row.calibration_error, '.2f')} on average."
    if row.basis == "chosen labels":
        yield "These labels were chosen and not drawn, so this is no accuracy for the whole film."


def _kappa(row: Training) -> str:
    if row.kappa is None:
        return ""
    interval = bounds_in_words(row.kappa_low, row.kappa_high, 2)
    return f" (kappa {number(row.kappa, '.2f')}{f', {interval}' if interval else ''})"


def film_remarks(film: Film) -> tuple[str, ...]:
    """Say what was chosen of a film's file, and what is amiss with it."""
    return (*_choice(film), *_clock(film), *_amiss(film.condition, "the film"))


def song_remarks(song: Song) -> tuple[str, ...]:
    """Say what is amiss with the recording of a song."""
    condition, broken = song.condition, []
    if condition is not None and condition.truncated_at_s is not None:
        at = timecode(condition.truncated_at_s)
        broken = [f"The recording of {song.title} breaks off at {at}."]
    return (*broken, *_amiss(condition, f"the recording of {song.title}"))


def _choice(film: Film) -> Iterator[str]:
    if film.second_stream is not None:
        yield (
            f"Streams {film.stream} and {film.second_stream}, each mono, were taken as left and "
            "right."
        )
    if film.channel is not None:
        yield f"Of two channels the {film.channel} one was analysed alone."
    if film.files:
        names = f"{film.files[0]} to {film.files[-1]}"
        yield f"{len(film.files)} files were read as one: {names}."


def _clock(film: Film) -> Iterator[str]:
    origin_s = film.origin_s or 0.0
    if film.clock is not None and film.start_s >= _MIN_OFFSET_S:
        where = {
            "container": "the zero of the file's own clock",
            "player": "the file's zero, as most players do; some count from the first sound",
            "first-sample": "the first sample",
        }[film.clock]
        yield f"The sound begins at {timecode(film.start_s, decimals=3)}; times count from {where}."
    if film.clock is not None and abs(origin_s) >= _MIN_OFFSET_S:
        yield f"Time zero is what the file's own clock calls {origin_s:,.3f} s."


def _amiss(condition: Condition | None, thing: str) -> Iterator[str]:
    if condition is None:
        return
    if condition.n_damaged or condition.silenced_s >= _MIN_TOLD_S:
        places = f"{count(condition.n_damaged, 'place')} of {thing} could not be decoded"
        gaps = f"Gaps in {thing}" if not condition.n_damaged else f"{places}"
        yield f"{gaps}: {condition.silenced_s:.1f} s became silence{_places(condition.gaps)}."
    if condition.trimmed_s >= _MIN_TOLD_S:
        yield f"Of {thing}, {condition.trimmed_s:.1f} s that overlap were left out."
    if condition.jumps:
        leaps = [
            f"by {abs(leap.seconds):,.1f} s {'ahead' if leap.seconds > 0 else 'back'} at "
            f"{timecode(leap.at_s)}"
            for leap in condition.jumps[:_MOST_NAMED]
        ]
        rest = len(condition.jumps) - len(leaps)
        more = f" and {rest:,} more" if rest else ""
        yield (
            f"The clock of {thing} leaps {', '.join(leaps)}{more}: there it was read on without "
            "a gap."
        )
    yield from (_flipped(flip, thing) for flip in condition.flips)
    yield from (f"Of {thing}: {notice}." for notice in condition.notices)


def _places(gaps: Sequence[Leap]) -> str:
    if not gaps:
        return ""
    named = [f"{gap.seconds:.1f} s at {timecode(gap.at_s)}" for gap in gaps[:_MOST_NAMED]]
    rest = len(gaps) - len(named)
    return f" ({', '.join(named)}{f' and {rest:,} more' if rest else ''})"


def _flipped(flip: Flip, thing: str) -> str:
    span = f"from {timecode(flip.start_s)} to {timecode(flip.end_s)}"
    if flip.channel == "centre":
        return (
            f"The centre of {thing} cancels its left and right {span}: there the centre was "
            "turned upside down."
        )
    return (
        f"Left and right of {thing} are in antiphase {span}: there the right channel was turned "
        "upside down."
    )
