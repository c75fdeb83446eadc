"""Captions of the figures that draw measures, and of a song that was taken out."""

from collections.abc import Iterator

from ostinato.report.answers import measure_parameter, song_axis
from ostinato.report.captions import named_film, origin_of, paragraphs, sections_named
from ostinato.report.p_values import p_value
from ostinato.report.wording import count, lasting, listed, number, percent
from ostinato.results import Continuation, CuePicture, Loudness, Results
from ostinato.timeline import timecode

_SCENES = "Every other scene of the scene table is shaded."


def caption_before_after(results: Results, *, picture: CuePicture | None = None) -> str:
    """Write the caption of a cue before and after its song was taken out.

    Parameters
    ----------
    results : Results
        What the figure was drawn from.
    picture : CuePicture, optional
        What the spectrograms were drawn from; without it, levels were drawn.

    Returns
    -------
    str
        Paragraphs, an empty line between them.
    """
    cue = results.longest_cancelled()
    if cue is None:
        return paragraphs("No song was cancelled.", origin_of(results))
    one = cue[0]
    if picture is not None:
        one = next(o for o in results.occurrences if o.id == picture.occurrence_id)
    title = results.title_of(one.song_id)
    head = f"{title} in {named_film(results)}, occurrence {one.id}, "
    if picture is None:
        span = f"{timecode(one.film_start_s)} to {timecode(one.film_end_s)}"
        return paragraphs(
            f"{head}{span}, before and after it was taken out.",
            "The thin line over the grey ground is the loudness of the film, the thick one that of "
            "the song alone, within two standard errors; dots are what remains of the film without "
            "the song. Each value is that of 400 ms, after BS.1770.",
            origin_of(results),
        )
    span = f"{timecode(picture.start_s)} to {timecode(picture.end_s)}"
    reduction = (
        ""
        if one.reduction_db is None
        else f" The song lies {number(one.reduction_db, '.0f', 'dB')} lower in it, where little "
        "else is heard."
    )
    return paragraphs(
        f"{head}{span}, before and after it was taken out.",
        "Film time runs across and frequency up; the darker, the louder, over "
        f"{picture.depth_db:.0f} dB in both. Above is the film, below the film without the song."
        f"{reduction}{_talk(results, picture)}",
        origin_of(results),
    )


def _talk(results: Results, picture: CuePicture) -> str:
    has_talk = any(
        one.start_s < picture.end_s and one.end_s > picture.start_s for one in results.speech
    )
    return " Bars under them show where speech was detected, and of which kind." if has_talk else ""


def caption_song_coverage(results: Results) -> str:
    """Write the caption of how often each second of a song is heard.

    Parameters
    ----------
    results : Results
        What the figure was drawn from.

    Returns
    -------
    str
        Paragraphs, an empty line between them.
    """
    return paragraphs(
        f"How often each second of a song is heard in {named_film(results)}.",
        f"{song_axis(results).capitalize()} runs across; upwards is in how many playings that "
        "second is heard. " + " ".join(_most_heard(results)),
        sections_named(results),
        origin_of(results),
    )


def _most_heard(results: Results) -> Iterator[str]:
    for song in results.songs:
        row = next((one for one in results.repetition if one.song_id == song.id), None)
        if row is None or not any(row.heard_per_second):
            continue
        most, heard = max(row.heard_per_second), results.coverage_of(song.id)
        share = "" if heard is None else f"{percent(heard.share_of_song)} of it is heard, "
        yield f"{song.title}: {share}no second more often than {count(most, 'time')}."


def caption_shared_passages(results: Results) -> str:
    """Write the caption of the passages that playings share.

    Parameters
    ----------
    results : Results
        What the figure was drawn from.

    Returns
    -------
    str
        Paragraphs, an empty line between them.
    """
    pairs = [row for row in results.overlap if row.overlap_s > 0]
    longest = max(pairs, key=lambda row: row.overlap_s, default=None)
    most = (
        ""
        if longest is None
        else f" The longest that any two share is {lasting(longest.overlap_s)} "
        f"({longest.from_id} and {longest.to_id})."
    )
    return paragraphs(
        f"Shared passages between the playings of a song in {named_film(results)}.",
        "Film time runs across; bars on the base line are where the song is heard. An arc joins "
        "two playings in which the same part of the song is heard. It is wider the more of the "
        f"shorter one they share. There are {count(len(pairs), 'such pair')}.{most}",
        _SCENES if results.scenes else "",
        origin_of(results),
    )


def caption_self_similarity(results: Results) -> str:
    """Write the caption of the film against itself.

    Parameters
    ----------
    results : Results
        What the figure was drawn from.

    Returns
    -------
    str
        Paragraphs, an empty line between them.
    """
    return paragraphs(
        f"Self-similarity of {named_film(results)}, as far as its songs tell it.",
        "Film time runs across and up. A stroke lies wherever the same part of a song is heard at "
        "two times, and is mirrored at the diagonal, on which occurrences themselves lie. Strokes "
        "lean at 45 degrees where the song runs at the same speed both times. Nothing is drawn of "
        "sound that repeats and is not one of the songs.",
        origin_of(results),
    )


def caption_continuation(results: Results) -> str:
    """Write the caption of continuation against chance.

    Parameters
    ----------
    results : Results
        What the figure was drawn from.

    Returns
    -------
    str
        Paragraphs, an empty line between them.
    """
    rows = [row for row in results.continuation if row.n_transitions]
    chance = (
        " The broken line is how many would do so on average if each playing started anywhere in "
        "the song, and 95% of such films lie in the grey range; a second null model, of the order "
        "of the playings, is no part of the figure."
        if any(row.curve_chance_high for row in rows)
        else ""
    )
    return paragraphs(
        f"Whether a song goes on where it had stopped, in {named_film(results)}.",
        "The line shows how many transitions start so near to where the song had stopped, and can "
        "be told from starting over, at the same place, or from a record that kept turning."
        f"{chance} "
        "The dotted line is the distance that counts in this study.",
        " ".join(_go_on(results)),
        origin_of(results),
    )


def _go_on(results: Results) -> Iterator[str]:
    for row in results.continuation:
        if not row.n_transitions:
            continue
        goes = "goes" if row.n_go_on == 1 else "go"
        text = f"{row.n_go_on} of {count(row.n_transitions, 'transition')} {goes} on"
        if row.n_cannot_be_told:
            text += f", and of {row.n_cannot_be_told} that cannot be told"
        yield f"{results.title_of(row.song_id)}: {text}{_test(row)}."


def _test(row: Continuation) -> str:
    known = [p for p in (row.p_uniform_starts, row.p_permuted_order) if p is not None]
    if not known:
        return ""
    if row.n_transitions == 1:
        return "; one transition cannot be tested"
    greatest = max(known)
    is_least = row.p_floor is not None and greatest <= row.p_floor
    return f" ({p_value(greatest, is_least=is_least)}, the larger of both null models)"


def caption_song_over_speech(results: Results) -> str:
    """Write the caption of song levels against speech.

    Parameters
    ----------
    results : Results
        What the figure was drawn from.

    Returns
    -------
    str
        Paragraphs, an empty line between them.
    """
    known = [o for o in results.occurrences if o.level_re_speech_lu is not None]
    return paragraphs(
        f"Song level against speech in {named_film(results)}.",
        "Each circle is an occurrence: its song's loudness less that of the speech heard with it, "
        f"in LU. {len(known)} of {count(len(results.occurrences), 'occurrence')} have any. "
        f"Circles are spread upwards so that none hides another.{_centres(results)}",
        origin_of(results),
    )


def _centres(results: Results) -> str:
    """Name what strokes stand at, and say which of them have an interval."""
    rows = [row for row in results.loudness if row.median_lu is not None]
    if not rows:
        return ""
    level = measure_parameter(results, "level")
    named = "interval" if level is None else f"{level:.0%} interval"
    said = [f"{results.title_of(row.song_id)} {_centre(row)}" for row in rows]
    bare = [row for row in rows if row.low_lu is None]
    of = (
        f" Lines across them are {named}s."
        if not bare
        else f" With so few playings there is no {named}."
        if len(bare) == len(rows)
        else f" Lines across them are {named}s; too few playings have none."
    )
    return (
        " Strokes are Hodges-Lehmann estimates of the level over playings (the median of all "
        f"pairwise means): {listed(said)}.{of}"
    )


def _centre(row: Loudness) -> str:
    centre = number(row.median_lu, "+.1f", "LU")
    if row.low_lu is None or row.high_lu is None:
        return f"{centre} ({count(row.n, 'playing')})"
    interval = f"{number(row.low_lu, '+.1f')} to {number(row.high_lu, '+.1f')}"
    return f"{centre} ({interval}; {count(row.n, 'playing')})"


def caption_narration_curve(results: Results) -> str:
    """Write the caption of the share of narration over the film.

    Parameters
    ----------
    results : Results
        What the figure was drawn from.

    Returns
    -------
    str
        Paragraphs, an empty line between them.
    """
    known = (row.window_s for row in results.ratio_curve if row.window_s is not None)
    window_s = next(known, measure_parameter(results, "rolling_s"))
    window = "a window" if window_s is None else f"a window of {lasting(window_s)}"
    has_range = any(row.rolling_low is not None for row in results.ratio_curve)
    open_part = (
        " The grey range is what undetermined speech leaves open; it is no confidence interval."
        if has_range
        else ""
    )
    return paragraphs(
        f"Narration as the share of narration and dialogue in {named_film(results)}.",
        f"The thick line is the share in {window} around each time, the broken one that of all up "
        f"to it; where neither is heard, as before the first speech, there is no line.{open_part}",
        _SCENES if results.scenes else "",
        origin_of(results),
    )
