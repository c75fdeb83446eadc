"""What an essay pastes: sentences of findings, claims and their tables, references, method.

Film times stand in a table (`times_table`), not here: a reader of prose counts, and looks up.
"""

from collections.abc import Iterator, Sequence

from ostinato.legible import visible
from ostinato.report.answers import (
    continuation_s,
    directors_of,
    edition_of,
    held_against_itself,
    listened_for_speech,
    looked_for_songs,
    n_playings,
    table_numbers,
    title_of,
)
from ostinato.report.captions import caption_repetition_map, caption_timeline
from ostinato.report.claim_notes import (
    SHARES_THAT_DECIDE,
    claim_notes,
    effect_notes,
    robustness_sentences,
)
from ostinato.report.essay_tables import essay_tables, markdown_rows
from ostinato.report.method import footnote, method_note
from ostinato.report.ratio_wording import ratio_bounds, ratio_span, ratio_value
from ostinato.report.references import references
from ostinato.report.review_words import heard_by_ear
from ostinato.report.wording import (
    counted,
    lasting,
    listed,
    percent,
    plain,
    plain_paragraphs,
    spelled,
    times_spelled,
)
from ostinato.results import Occurrence, Ratio, Results, Song, Transition

FEWEST = 3
_MOST_NAMED = 3
_TWO = 2
MACHINE_STYLES = frozenset({"bibtex", "csl"})
"""Styles that are files for a reference manager, in which nothing else may stand."""


def cite(results: Results) -> str:
    """Write the findings as one paragraph: songs, transitions, speech, verdicts.

    Parameters
    ----------
    results : Results
        What to cite.

    Returns
    -------
    str
        Plain text on one line, which begins with ``In`` and the title of the film.
    """
    return visible(f"In {title_of(results.film)}{after_title(results)}")


def after_title(results: Results) -> str:
    """Write the findings without their first two words."""
    first, *rest = _sentences(results)
    return f"{_work(results)}, {' '.join([first, *rest])}"


def _work(results: Results) -> str:
    film = results.film
    by = [person.name for person in directors_of(film)]
    known = [listed(by)] if by else []
    known += [] if film.year is None else [str(film.year)]
    return f" ({', '.join(known)})" if known else ""


def _sentences(results: Results) -> list[str]:
    by_ear = heard_by_ear(results)
    found = [*_songs(results), *by_ear, *_speech(results), *_verdicts(results)]
    if len(found) < FEWEST:
        edition = edition_of(results.film)
        which = "an edition that is not named" if edition is None else f"one edition (“{edition}”)"
        found.append(f"This holds for {which}; another may differ.")
    return found


def _songs(results: Results) -> Iterator[str]:
    """Say which songs are detected; the first sentence goes on from the title."""
    if held_against_itself(results):
        yield from _cues(results)
        return
    if not looked_for_songs(results):
        yield "no song was looked for."
        return
    heard = _by_time(results)
    unheard = [song for song in results.songs if song not in heard]
    if not heard:
        yield f"{_not_detected(unheard)}."
        return
    lead, *others = heard
    own = results.occurrences_of(lead.id)
    yield f"“{lead.title}” {_detected(own)}{_for_how_long(results, lead)}."
    moves = [move for move in results.transitions if move.song_id == lead.id]
    if moves:
        yield _moves(moves, continuation_s(results), _on_another_day(results, lead))
    if others or unheard:
        yield _others(results, others, unheard)


def _cues(results: Results) -> Iterator[str]:
    heard = _by_time(results)
    if not heard:
        yield "no sound was found that the film repeats; no recording was searched."
        return
    lead = heard[0]
    own = results.occurrences_of(lead.id)
    cues = counted(len(heard), "unnamed cue").capitalize()
    yield f"{cues} {_are(len(heard))} detected by the film's own repetition (Table 1)."
    which = lead.title if len(heard) == 1 else f"The longest, {lead.title},"
    yield f"{which} {_detected(own, where='')}."
    yield "No recording was searched: whether a cue is music, speech or noise is not decided."


def _by_time(results: Results) -> list[Song]:
    """Return the songs that are detected, the one that is heard longest first."""
    rows = [(song, results.occurrences_of(song.id)) for song in results.songs]
    heard = [(sum(o.film.duration_s for o in own), song) for song, own in rows if own]
    return [song for _, song in sorted(heard, key=lambda row: -row[0])]


def _detected(own: Sequence[Occurrence], where: str = " (Table 1)") -> str:
    """Say how often a song is detected; what a person has added was heard, and not detected."""
    by_ear = sum(one.review == "added" for one in own)
    if by_ear == len(own):
        return f"was heard by ear {times_spelled(by_ear)}, and not detected{where}"
    more = f", and was heard by ear {times_spelled(by_ear)} more" if by_ear else ""
    found = [one for one in own if one.review != "added"]
    return f"is detected {_how_often(found)}{more}{where}"


def _how_often(own: Sequence[Occurrence]) -> str:
    n_low = sum(one.likeness != "waveform" for one in own)
    playings = counted(n_playings(own), "playing")
    in_playings = "" if n_playings(own) == len(own) else f", in {playings}"
    grade = f", {spelled(n_low)} of them in the lower grade" if 0 < n_low < len(own) else ""
    grade = ", in the lower grade" if n_low == len(own) else grade
    if all(one.likeness == "shared material?" for one in own):
        grade = ", but in the lower grade, so not for certain"
    return f"{times_spelled(len(own))}{in_playings}{grade}"


def _for_how_long(results: Results, song: Song) -> str:
    row = results.coverage_of(song.id)
    if row is None:
        return ""
    share = percent(row.share_of_scope, turns=SHARES_THAT_DECIDE)
    return f", for {lasting(row.heard_s)} or {share} of the film"


def _on_another_day(results: Results, song: Song) -> str:
    """Say how many transitions go on on another day, where the study marks days."""
    row = next((one for one in results.continuation if one.song_id == song.id), None)
    n = 0 if row is None else row.n_go_on_next_day or 0
    return "" if not n else f"; {spelled(n)} of these on another day"


def _moves(moves: Sequence[Transition], within_s: float | None, on_day: str = "") -> str:
    """Say of how many transitions that they go on, and of how many that is not decided."""
    n, n_goes_on = len(moves), sum(move.continues for move in moves)
    n_unclear = sum(move.outcome == "cannot be told" for move in moves)
    where = "where the song had stopped"
    within = "" if within_s is None else f", to within {within_s:g} s"
    if n_unclear == n:
        which, goes = ("one", "goes") if n == 1 else (spelled(n), "go")
        which += f" transition{'' if n == 1 else 's'}"
        return f"Whether its {which} {goes} on {where} cannot be decided."
    if n == 1:
        day = ", on another day" if on_day else ""
        does = f"goes on {where}{within}{day}" if n_goes_on else "starts elsewhere"
        return f"Its one transition from a playing to the next {does}."
    said = f"{spelled(n_goes_on)} {'goes' if n_goes_on == 1 else 'go'}"
    said = {0: "none goes", n: "both go" if n == _TWO else "all go"}.get(n_goes_on, said)
    unclear = f"; {spelled(n_unclear)} cannot be decided" if n_unclear else ""
    which = f"Of its {spelled(n)} transitions from one playing to the next"
    return f"{which}, {said} on {where}{within}{on_day}{unclear}."


def _others(results: Results, heard: list[Song], unheard: list[Song]) -> str:
    if len(heard) + len(unheard) > _MOST_NAMED:
        n = len(heard) + len(unheard)
        if not heard:
            return f"None of the {spelled(n)} other songs is detected."
        n_of = {song.title: len(results.occurrences_of(song.id)) for song in heard}
        often = max(n_of, key=lambda title: n_of[title])
        most = (
            f"“{often}” the most often ({times_spelled(n_of[often])})"
            if n_of[often] > 1
            else "each once"
        )
        which = (
            f"All {spelled(n)} other songs are"
            if n == len(heard)
            else (f"Of {spelled(n)} other songs, {spelled(len(heard))} {_are(len(heard))}")
        )
        return f"{which} detected, {most}."
    said = [_other(results, song) for song in heard]
    text = "; ".join([*said, *([_not_detected(unheard)] if unheard else [])])
    return f"{text[0].upper()}{text[1:]}."


def _other(results: Results, song: Song) -> str:
    """Say of a further song, in a part of a sentence, what is said of the first one."""
    found = _detected(results.occurrences_of(song.id), where="")
    moves = [move for move in results.transitions if move.song_id == song.id]
    n_goes_on = sum(move.continues for move in moves)
    n_unclear = sum(move.outcome == "cannot be told" for move in moves)
    of = "its one transition" if len(moves) == 1 else f"its {spelled(len(moves))} transitions"
    goes = f", and goes on in {spelled(n_goes_on)} of {of}" if moves else ""
    goes = f", and goes on in {of}" if len(moves) == 1 == n_goes_on else goes
    goes = f", and does not go on in {of}" if len(moves) == 1 and not n_goes_on else goes
    goes += f" ({spelled(n_unclear)} cannot be decided)" if n_unclear else ""
    return f"“{song.title}” {found}{_for_how_long(results, song)}{goes}"


def _not_detected(songs: Sequence[Song]) -> str:
    if len(songs) > _MOST_NAMED:
        return f"none of the {spelled(len(songs))} songs that were looked for is detected"
    return f"{listed([f'“{song.title}”' for song in songs])} {_are(len(songs))} not detected"


def _speech(results: Results) -> Iterator[str]:
    row = results.ratio_in()
    if not listened_for_speech(results):
        yield "Speech was not listened for."
    elif not results.speech:
        yield "No speech is detected."
    elif row is not None:
        yield _ratio(row, len(results.speech)) + _who_labelled(row, len(results.speech))


def _ratio(row: Ratio, n_segments: int) -> str:
    if not row.narration_s + row.dialogue_s > 0:
        return (
            f"Speech is detected in {counted(n_segments, 'segment')}, "
            f"{lasting(row.undetermined_s)} in all; whether this is narration or dialogue is not "
            "decided."
        )
    if not row.undetermined_s > 0 and row.share in {0, 1} and row.low == row.high:
        kind = "narration" if row.share else "dialogue"
        return f"All the speech, {lasting(row.narration_s + row.dialogue_s)}, is {kind}."
    lasts = f"Narration lasts {lasting(row.narration_s)} and dialogue {lasting(row.dialogue_s)}"
    if row.estimator in {"range", "all decided"}:
        return f"{lasts}{_as_counted(row)}."
    by = (
        f"{row.n_random_labels:,} random labels put"
        if row.estimator in {"labels", "prediction-powered"}
        else "correction by another film's errors puts"
    )
    estimate = _estimate(row)
    return f"{lasts} as counted{f'; {by} the ratio {estimate}' if estimate else ''}."


def _who_labelled(row: Ratio, n_segments: int) -> str:
    """Say that a person has labelled all speech, and where labels leave some of it open."""
    is_all = row.estimator in {"range", "all decided"} and 0 < n_segments <= row.n_labels
    which = "Its one segment was" if n_segments == 1 else f"All {spelled(n_segments)} segments were"
    return f" {which} labelled, so that this is a count and no estimate." if is_all else ""


def _as_counted(row: Ratio) -> str:
    between = ratio_bounds(row)
    ratio = "" if row.ratio is None else f", a ratio of {ratio_value(row)}"
    if row.undetermined_s > 0:
        left = f"; the undetermined {lasting(row.undetermined_s)} leave it {between}"
        return f"{ratio}{left if between and ratio else _left(row, between)}"
    if row.ratio is None and between:
        if row.ratio_low == 0 and row.ratio_high is None:
            return ", as a classifier decided; no label or subtitle confirms any of it"
        return (
            ", in part as a classifier decided; labels and subtitles alone leave the ratio "
            f"{between}"
        )
    return ratio


def _left(row: Ratio, between: str) -> str:
    said = f"; {lasting(row.undetermined_s)} of speech is undetermined"
    return f"{said}, which leaves the ratio of narration to dialogue {between}" if between else said


def _estimate(row: Ratio) -> str:
    if row.ratio is None:
        return ratio_bounds(row)
    span = ratio_span(row)
    return f"at {ratio_value(row)}{f' (interval {span})' if span else ''}"


def _verdicts(results: Results) -> Iterator[str]:
    """Say how many claims are supported, and which."""
    claims = results.claims
    if not claims:
        return
    words = {
        "supported": "{are} supported",
        "not supported": "{are} not supported",
        "cannot be decided from this": "cannot be decided from this",
    }
    groups = {
        form: [claim.id for claim in claims if claim.verdict == verdict]
        for verdict, form in words.items()
    }
    groups = {form: ids for form, ids in groups.items() if ids}
    where = f"Table {table_numbers(results)['claims']}"
    if len(claims) == 1:
        (form,) = groups
        yield f"The one claim of the study, {claims[0].id}, {form.format(are='is')} ({where})."
    elif len(groups) == 1:
        (form,) = groups
        yield f"The {spelled(len(claims))} claims of the study {form.format(are='are')} ({where})."
    else:
        said = [
            f"{spelled(len(ids))} {form.format(are=_are(len(ids)))} ({', '.join(ids)})"
            for form, ids in groups.items()
        ]
        yield f"Of {spelled(len(claims))} claims of the study, {listed(said)}; see {where}."


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


def citation(results: Results, *, style: str = "mla") -> str:
    """Write findings, method, footnote, references, tables and captions.

    Parameters
    ----------
    results : Results
        What is cited; no number comes from anywhere else.
    style : str, optional
        Of the references: mla, chicago, apa, bibtex or csl. In the last two the references stand
        alone, as a file for a reference manager.

    Returns
    -------
    str
        Markdown, or the content of a .bib or .json file.
    """
    if style in MACHINE_STYLES:
        return references(results, style=style)
    return "\n\n".join(f"## {title}\n\n{text}" for title, text in _parts(results, style))


def _parts(results: Results, style: str) -> Iterator[tuple[str, str]]:
    # the text after the title is escaped as what goes on, not as what begins a line
    rest = plain(f"In{after_title(results)}").removeprefix("In")
    yield "Findings", f"In *{plain(title_of(results.film))}*{rest}[^1]"
    yield "Method", plain(method_note(results))
    yield "Footnote", f"[^1]: {footnote(results, style=style)}"
    yield "References", references(results, style=style)
    for table in essay_tables(results):
        notes = _notes(results) if ". Claims" in table.title[:16] else ""
        yield plain(table.title), f"{markdown_rows(table)}{notes}"
    yield (
        "Captions",
        plain_paragraphs(f"{caption_repetition_map(results)}\n\n{caption_timeline(results)}"),
    )


def notes_on_claims(results: Results) -> list[str]:
    """Say what limits the claims, how large effects are, and how far verdicts rest on choices."""
    return [
        *claim_notes(results.claims),
        *effect_notes(results),
        *robustness_sentences(results),
    ]


def _notes(results: Results) -> str:
    notes = notes_on_claims(results)
    return "\n\n" + "\n".join(f"- {plain(note)}" for note in notes) if notes else ""
