"""What an analysis found, as plain text for a terminal."""

from collections.abc import Iterator, Sequence

from ostinato.legible import escaped_lines, isolated
from ostinato.report.answers import (
    held_against_itself,
    is_unnamed,
    leading_voices,
    listened_for_speech,
    looked_for_songs,
    n_playings,
    title_of,
    unknown_voice_s,
    voice_name,
    voice_ratio,
)
from ostinato.report.claim_notes import (
    SHARES_THAT_DECIDE,
    figures_of,
    opposite_p_in_words,
    p_in_words,
    unit_of,
)
from ostinato.report.method import (
    film_remarks,
    song_remarks,
    stem_sentences,
    training_sentences,
)
from ostinato.report.p_values import p_value, probability, with_letter
from ostinato.report.ratio_wording import if_labels_were_wrong, ratio_cell, share_cell
from ostinato.report.review_words import review_block
from ostinato.report.subtitle_notes import read_of_subtitles
from ostinato.report.wording import (
    NOTHING_REPEATS,
    TABLE_DECIMALS,
    UNKNOWN,
    UNNAMED,
    count,
    lasting,
    n_columns,
    number,
    percent,
    sentences_of,
    shorten,
    song_time,
    span,
    stopped,
    times,
)
from ostinato.results import FILM, Claim, Occurrence, Ratio, Results, Song, Transition, Voice
from ostinato.timeline import timecode

_MOST_STRETCHES = 6  # of singing; the rest is in results.json
_SCENE_COLUMNS = 24
_BY_PROGRAM = (
    "Where a classifier decided a segment, the ratio is the range that labels and subtitles leave."
)
_SCOPE_COLUMNS = 32


def describe(results: Results) -> str:
    """Say what was detected: songs, their occurrences and transitions, speech and singing.

    Parameters
    ----------
    results : Results
        What to tell of.

    Returns
    -------
    str
        Lines; a dash stands for what is not known.
    """
    blocks = [_film(results)]
    if looked_for_songs(results):
        blocks += [_song(results, song) for song in results.songs]
        blocks += [[UNNAMED]] if any(map(is_unnamed, results.songs)) else []
        blocks += [list(_candidates(results))] if results.candidates else []
    elif held_against_itself(results):
        blocks.append([NOTHING_REPEATS])
    else:
        blocks.append(["Songs: not looked for."])
    if results.subtitles is not None:
        blocks.append(list(read_of_subtitles(results.subtitles)))
    if results.speech_stem is not None:
        blocks.append(["Speech stem:", *(f"  {one}" for one in stem_sentences(results))])
    if listened_for_speech(results):
        blocks += [_speech(results), *([_voices(results)] if results.voices else [])]
        blocks.append(_singing(results))
    else:
        blocks.append(["Speech and singing: not listened for."])
    if results.review is not None:
        blocks.append(review_block(results))
    if results.claims:
        blocks.append(["Claims:", *map(_claim, results.claims)])
    # what a sentence quotes of a file has been made safe there; this is for what it has not
    return escaped_lines("\n\n".join("\n".join(block) for block in blocks))


def _claim(claim: Claim) -> str:
    p, opposite = p_in_words(claim, after_holm=True), opposite_p_in_words(claim)
    is_refuted = claim.verdict == "not supported" and bool(opposite)
    p = (
        f"{with_letter(p)} (opposite {with_letter(opposite)})"
        if is_refuted
        else p and with_letter(p)
    )
    test = f", {p} after Holm's correction" if p else ""
    figures = figures_of(claim)
    is_known = claim.measure != "none" and figures != UNKNOWN
    found = f" Found: {figures}{unit_of(claim)}{test}." if is_known else ""
    return f"  {isolated(claim.id)} {claim.verdict}: {isolated(stopped(claim.statement))}{found}"


def _film(results: Results) -> list[str]:
    film = results.film
    edition = "edition not named" if film.edition is None else f"edition: {isolated(film.edition)}"
    name = isolated(film.name)
    name = name if film.title is None else f"{isolated(title_of(film))} ({name})"
    lines = [
        f"{name}, {edition}",
        f"  {lasting(film.duration_s)}, stream {film.stream}, {count(film.channels, 'channel')}, "
        f"loudness {number(film.loudness_lufs, '.1f', 'LUFS')}",
        f"  SHA-256 {film.sha256}",
    ]
    if film.truncated_at_s is not None:
        lines.append(
            f"  The file breaks off: only the first {lasting(film.truncated_at_s)} could be "
            "read, and what follows holds for that part."
        )
    return [*lines, *(f"  {remark}" for remark in film_remarks(film))]


def _song(results: Results, song: Song) -> list[str]:
    own = results.occurrences_of(song.id)
    shared = [*(f"  {remark}" for remark in song_remarks(song)), *_shared(results, song)]
    if not own:
        return [f"{isolated(song.title)} ({song.id}): not detected.", *shared]
    moves = [move for move in results.transitions if move.song_id == song.id]
    return [
        *_counted(song, own),
        *_covered(results, song),
        *shared,
        "",
        *_indented(_table(_occurrence_rows(own))),
        *([""] if moves else []),
        *_indented([_move(move) for move in moves]),
    ]


def _counted(song: Song, own: Sequence[Occurrence]) -> Iterator[str]:
    """Say how often a song is heard, and how often only something that it shares may be."""
    sure = [one for one in own if one.likeness != "shared material?"]
    name = f"{isolated(song.title)} ({song.id})"
    if sure:
        perhaps = (
            "" if len(sure) == len(own) else f", and perhaps {times(len(own) - len(sure))} more"
        )
        playings = count(n_playings(sure), "playing")
        yield f"{name}: detected {times(len(sure))}, in {playings}{perhaps}."
    else:
        yield f"{name}: not detected for certain."
    if len(sure) < len(own):
        yield (
            f"  Shared material? {times(len(own) - len(sure)).capitalize()}, the lower grade: no "
            "more than a part of the song's sound was matched, and another song may be heard."
        )
    yield from _undetermined(sure)


def _undetermined(sure: Sequence[Occurrence]) -> Iterator[str]:
    """Say of how many finds by waveform it is not known how much of the song is heard."""
    n_open = sum(one.is_share_undetermined for one in sure)
    if n_open:
        yield (
            f"  How much of the song is heard is undetermined in {n_open:,} of them: another mix "
            "or arrangement may give as much."
        )


def _candidates(results: Results) -> Iterator[str]:
    """Say how many stretches a person may want to listen to, and which is the likeliest."""
    best = min(results.candidates, key=lambda one: (one.p_value, -one.score))
    n_beyond = sum(one.refused == "not confirmed" for one in results.candidates)
    n = len(results.candidates)
    yield (
        f"Candidates: {count(n, 'place')} at which a song may be heard, on evidence that is too "
        f"weak to count. {'It is' if n == 1 else 'They are'} in no number above."
    )
    title = isolated(results.title_of(best.song_id))
    yield (
        f"  {'' if n == 1 else 'The likeliest: '}{title} at "
        f"{span(best.film_start_s, best.film_end_s)}, "
        f"z {number(best.score, '.1f')}, {p_value(best.p_value)}."
    )
    if n_beyond:
        are = "is" if n_beyond == 1 else "are"
        which = "It" if n == 1 else f"{n_beyond:,} of them"
        yield (
            f"  {which} {are} beyond chance, but not confirmed by parts of the stretch that were "
            "held out."
        )
    it = "it" if n == 1 else "them"
    yield (
        f"  To listen to {it}, see candidates.tsv; `ostinato excerpts --candidates` cuts {it} out."
    )


def _covered(results: Results, song: Song) -> Iterator[str]:
    row = results.coverage_of(song.id)
    if row is not None:
        yield (
            f"  Heard for {lasting(row.heard_s)} or "
            f"{percent(row.share_of_scope, turns=SHARES_THAT_DECIDE)} of the film; "
            f"{lasting(row.song_heard_s)} of its {lasting(song.duration_s)} is heard "
            f"({percent(row.share_of_song)}). Longest absence: {lasting(row.longest_absence_s)}."
        )


def _shared(results: Results, song: Song) -> Iterator[str]:
    """Say where the song only seems to be heard."""
    for other in results.songs:
        rows = [
            row
            for row in results.shared_material
            if (row.song_id, row.with_song_id) == (song.id, other.id)
        ]
        if rows:
            yield (
                f"  It also fits {times(len(rows))} where {isolated(other.title)} is heard: the "
                "recordings share samples, so that is no occurrence."
            )


def _song_span(one: Occurrence) -> str:
    if not one.is_timed:
        return UNKNOWN
    bounds_s = one.song_start_s, one.song_end_s
    return "–".join(song_time(time_s, decimals=TABLE_DECIMALS) for time_s in bounds_s)


def _occurrence_rows(own: Sequence[Occurrence]) -> list[list[str]]:
    columns = {
        "id": [o.id for o in own],
        "film": [span(o.film_start_s, o.film_end_s, decimals=TABLE_DECIMALS) for o in own],
        "song": [_song_span(o) for o in own],
        "against speech": [number(o.level_re_speech_lu, ".1f", "LU") for o in own],
        "speed (ratio)": [number(o.speed, ".4f") for o in own],
        "score": [UNKNOWN if o.score is None else f"z {o.score:.1f}" for o in own],
        "p": [probability(o.p_value) for o in own],
        "matched by": [o.likeness for o in own],
        "start fits as well at": [", ".join(map(song_time, o.rivals_song_s)) for o in own],
        "scene": [UNKNOWN if o.scene is None else _short(o.scene, _SCENE_COLUMNS) for o in own],
    }
    if all(o.speed is None or f"{o.speed:.4f}" == "1.0000" for o in own):
        del columns["speed (ratio)"]
    if all(o.likeness == "waveform" for o in own):
        del columns["matched by"]
    if not any(o.rivals_song_s for o in own):
        del columns["start fits as well at"]
    if all(o.scene is None for o in own):
        del columns["scene"]
    return [list(columns), *(list(row) for row in zip(*columns.values(), strict=True))]


def _move(move: Transition) -> str:
    seconds = f"{abs(move.gap_s):.1f} s"
    side = "further on" if move.gap_s >= 0 else "back"
    how = "goes on where it had stopped" if move.continues else "starts elsewhere"
    if move.outcome == "cannot be told":
        how = "near to where it had stopped, but another start fits as well"
    film_gap = lasting(max(0.0, move.film_gap_s))
    return f"{move.from_id} to {move.to_id}: {how} ({seconds} {side}), after {film_gap} of film"


def _speech(results: Results) -> list[str]:
    found = f"Speech: {count(len(results.speech), 'segment')} detected."
    if not results.speech:
        return [found]
    header = ["scope", "narration", "dialogue", "undetermined", "ratio", "narration's share"]
    # what comes after a beginning is in ratio.tsv, and voices have a table of their own
    rows = [row for row in results.ratio if row.scope.side != "after" and row.scope.kind != "voice"]
    by_program = any(row.ratio is None and _is_by_program(row) for row in rows)
    decided = any(segment.kind != "undetermined" for segment in results.speech)
    mend = "  Nothing is decided: give --subtitles or --labels to tell narration from dialogue."
    return [
        found,
        *([] if decided else [mend]),
        "",
        *_indented(_table(_without_empty([header, *map(_ratio_row, rows)]))),
        "",
        *(["  " + _BY_PROGRAM] if by_program else []),
        *(f"  {isolated(said)}" for said in _methods(results.ratio)),
        *(f"  {line}" for row in rows if row.scope == FILM for line in if_labels_were_wrong(row)),
        *(f"  {isolated(line)}" for row in results.teaching for line in training_sentences(row)),
    ]


def _methods(rows: Sequence[Ratio]) -> Iterator[str]:
    """Say each method once; the film, whose labels are the most, comes first."""
    said = set()
    for row in rows:
        fresh = [part for part in row.method.split("; ") if _without_numbers(part) not in said]
        said |= set(map(_without_numbers, fresh))
        if fresh:
            yield sentences_of("; ".join(fresh))


def _without_numbers(text: str) -> str:
    return "".join(character for character in text if not character.isdigit())


def _ratio_row(row: Ratio) -> list[str]:
    return [
        _short(row.scope, _SCOPE_COLUMNS),
        *(lasting(s) for s in (row.narration_s, row.dialogue_s)),
        lasting(row.undetermined_s) if row.undetermined_s > 0 else "",
        ratio_cell(row),
        share_cell(row),
    ]


def _is_by_program(row: Ratio) -> bool:
    """Tell whether a classifier decided what people left open, so that a range stays."""
    has_range = row.ratio_low is not None and row.ratio_low != row.ratio_high
    return row.estimator == "range" and has_range and not row.undetermined_s > 0


def _without_empty(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Leave out columns that are empty under their header."""
    keep = [i for i in range(len(rows[0])) if any(row[i] for row in rows[1:])]
    return [[row[i] for i in keep] for row in rows]


def _voices(results: Results) -> list[str]:
    shown = leading_voices(results)
    header = ["voice", "first heard", "speaks", "narration", "dialogue", "undetermined"]
    rest = len(results.voices) - len(shown)
    more = [f"{rest:,} more, who speak less, in voices.tsv."] if rest else []
    unknown_s = unknown_voice_s(results)
    unknown = "" if not unknown_s else f" Of {lasting(unknown_s)} the voice is not known."
    return [
        f"Voices: {count(len(results.voices), 'speaker')}, distinguished by sound.{unknown}",
        "",
        *_indented(
            [*_table(_without_empty([header, *(_voice_row(results, one) for one in shown)])), *more]
        ),
    ]


def _voice_row(results: Results, voice: Voice) -> list[str]:
    row = voice_ratio(results, voice)
    kinds_s = [None] * 2 if row is None else [row.narration_s, row.dialogue_s]
    left_s = 0.0 if row is None else row.undetermined_s
    return [
        _short(voice_name(voice), _SCOPE_COLUMNS),
        timecode(voice.first_s),
        *(UNKNOWN if s is None else lasting(s) for s in (voice.speech_s, *kinds_s)),
        lasting(left_s) if left_s > 0 else "",
    ]


def _singing(results: Results) -> list[str]:
    stretches = results.songs_voice
    if not stretches:
        return ["Singing: none detected."]
    shown = [span(s.start_s, s.end_s) for s in stretches[:_MOST_STRETCHES]]
    rest = len(stretches) - len(shown)
    more = f" and {rest:,} more" if rest else ""
    plural = "stretch" if len(stretches) == 1 else "stretches"
    return [f"Singing: {len(stretches):,} {plural} detected, {', '.join(shown)}{more}."]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Align columns to the left, two spaces apart."""
    widths = [max(map(n_columns, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]


def _short(name: str, n_columns: int) -> str:
    return isolated(shorten(name, n_columns))


def _padded(text: str, width: int) -> str:
    return text + " " * (width - n_columns(text))


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]
