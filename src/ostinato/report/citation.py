"""All that an essay needs to cite an analysis, in the order in which it is pasted."""

from collections.abc import Iterator

from ostinato.report.captions import caption_repetition_map, caption_timeline
from ostinato.report.claims import claims_table
from ostinato.report.markdown import plain, plain_paragraphs
from ostinato.report.prose import cite
from ostinato.report.reading import (
    held_against_itself,
    listened_for_speech,
    looked_for_songs,
    measure_parameter,
)
from ostinato.report.references import references
from ostinato.report.remarks import film_remarks, song_remarks
from ostinato.results import Results
from ostinato.timeline import timecode

MACHINE_STYLES = frozenset({"bibtex", "csl"})
"""Styles that are files for a reference manager, in which nothing else may stand."""


def citation(results: Results, *, style: str) -> str:
    """Write paragraph, table, captions, method note and references.

    Parameters
    ----------
    results : Results
        What is cited; no number comes from anywhere else.
    style : str
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
    yield "Paragraph", plain(cite(results))
    if results.claims:
        yield "Table", claims_table(results.claims)
    yield (
        "Captions",
        plain_paragraphs(f"{caption_repetition_map(results)}\n\n{caption_timeline(results)}"),
    )
    yield "Note on method", plain(method_note(results))
    yield "References", references(results, style=style)


def method_note(results: Results) -> str:
    """Say how the numbers came about and what they do not hold.

    Parameters
    ----------
    results : Results
        What was measured.

    Returns
    -------
    str
        One paragraph.
    """
    return " ".join(_sentences(results))


def _sentences(results: Results) -> Iterator[str]:
    film = results.film
    yield (
        f"All numbers are those of one edition ({film.edition or 'not named'}, "
        f"{timecode(film.duration_s)}) as Ostinato {results.run.version} detected them; another "
        "edition may differ in speed, mix and music."
    )
    if held_against_itself(results):
        yield (
            "What recurs was detected by correlating the soundtrack with itself, phase and all, "
            "without any recording: a cue is what is heard more than once, be it music, speech or "
            "an effect."
        )
    elif looked_for_songs(results):
        yield (
            "Songs were detected by correlating recordings with the soundtrack, phase and all: the "
            "same recording is found, not a cover, a live version or another mix, and what is "
            "detected need not be noticed by a spectator."
        )
    if listened_for_speech(results):
        yield (
            "Speech was detected by sound; what is narration and what dialogue was decided by "
            "subtitles and labels, and what nobody decided is undetermined."
        )
    level = measure_parameter(results, "level")
    if results.claims and level is not None:
        yield (
            f"Intervals are meant to cover in {level:.0%} of cases unless they are said to be "
            "ranges; p-values are given plain and after Holm's correction for all tests of this "
            "study; claims are called supported, not supported, or not to be decided by rules that "
            "were set before looking, and none of them says why."
        )
    draws, seed = measure_parameter(results, "n_draws"), measure_parameter(results, "seed")
    if results.claims and draws is not None and seed is not None:
        yield f"Chance was asked {draws:,.0f} times, with seed {seed:.0f}."
    if film.truncated_at_s is not None:
        yield f"The file could be read to {timecode(film.truncated_at_s)} only."
    yield from film_remarks(film)
    for song in results.songs:
        yield from song_remarks(song)
