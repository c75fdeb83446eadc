"""Captions: what a figure shows, of what, and how it came about, for under the figure."""

from collections.abc import Iterable

from ostinato.legible import visible
from ostinato.report.answers import (
    edition_of,
    held_against_itself,
    is_unnamed,
    leading_voices,
    listened_for_speech,
    looked_for_songs,
    n_playings,
    song_axis,
    title_of,
    unknown_voice_s,
)
from ostinato.report.claim_notes import robustness_sentences
from ostinato.report.method import film_remarks, song_remarks
from ostinato.report.wording import (
    HASH_LENGTH,
    NO_SONGS,
    NOTHING_REPEATS,
    UNNAMED,
    count,
    lasting,
    listed,
    sentences_of,
)
from ostinato.results import Results

_MOST_NAMED = 4
"""Songs whose transitions are counted one by one."""


def caption_repetition_map(results: Results) -> str:
    """Write the caption of the repetition map.

    Parameters
    ----------
    results : Results
        What the figure was drawn from.

    Returns
    -------
    str
        Paragraphs, an empty line between them.
    """
    if not looked_for_songs(results):
        return paragraphs(f"Repetition map of {named_film(results)}.", _no_songs(results))
    return paragraphs(
        f"Repetition map of {named_film(results)}.",
        _songs(results),
        f"Film time runs across, {song_axis(results)} up. " + " ".join(_marks(results)),
        _scenes(results),
        sections_named(results),
        origin_of(results),
    )


def caption_timeline(results: Results) -> str:
    """Write the caption of the timeline.

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
        f"Timeline of {named_film(results)}.",
        _songs(results) if looked_for_songs(results) else _no_songs(results),
        _speech(results) if listened_for_speech(results) else "Speech was not listened for.",
        "Short bars are drawn wide enough to be seen; at the right is how long each lane lasts in "
        "all, where that was measured.",
        _scenes(results),
        origin_of(results),
    )


def caption_voices(results: Results) -> str:
    """Write the caption of who speaks when.

    Parameters
    ----------
    results : Results
        What the figure was drawn from.

    Returns
    -------
    str
        Paragraphs, an empty line between them.
    """
    if not results.voices:
        return paragraphs("No voice was distinguished.", origin_of(results))
    return paragraphs(
        f"Voices of {named_film(results)}.",
        " ".join(_voices(results)),
        "In a lane, a tall bar is narration and a lower one dialogue. A split one is soliloquy, a "
        "thin one undetermined speech. Short bars are drawn wide enough to be seen; at the right "
        "is how long the voice speaks.",
        _scenes(results),
        origin_of(results),
    )


def caption_specifications(results: Results) -> str:
    """Write the caption of the specification curves.

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
        f"Specification curves of the claims on {named_film(results)}.",
        "Each claim was decided again under every combination of choices that might have been made "
        "otherwise. Its value is drawn upwards with its interval or range, in the order of size. A "
        "filled circle supports the claim, a cross speaks against it, and a ring leaves it "
        "undecided. The broken line is the choice of this study. Where no mark stands, no value is "
        "known. Below, strokes mark what was chosen.",
        " ".join((*robustness_sentences(results), *_without_choices(results))),
        origin_of(results),
    )


def _without_choices(results: Results) -> Iterable[str]:
    """Name the claims that have no panel."""
    drawn = {one.claim_id for one in results.robustness}
    rest = [claim.id for claim in results.claims if claim.id not in drawn]
    if drawn and rest:
        has = "has no panel, since no choice bears on it" if len(rest) == 1 else "have none"
        has = has if len(rest) == 1 else "have no panel, since no choice bears on them"
        yield f"{listed(rest)} {has}."


def _voices(results: Results) -> Iterable[str]:
    yield (
        f"{count(len(results.voices), 'voice')}, distinguished by sound, which may take one "
        "speaker for two or two for one."
    )
    if any(voice.name is not None for voice in results.voices):
        yield "Names are those that the study gives."
    if len(leading_voices(results)) < len(results.voices):
        yield "Those that speak least share a lane."
    unknown_s = unknown_voice_s(results)
    if unknown_s:
        yield f"The voice of {lasting(unknown_s)} of speech is not known."


def paragraphs(*texts: str) -> str:
    """Join paragraphs, an empty line between them; what is empty is left out."""
    return "\n\n".join(visible(text) for text in texts if text)


def sections_named(results: Results) -> str:
    """Say what is shaded along song time, where a person has named sections of a song."""
    if not any(song.sections for song in results.songs):
        return ""
    return "Along song time every other section of the song is shaded; a person has named them."


def named_film(results: Results) -> str:
    """Name the film, its edition and its length."""
    film = results.film
    name = f"the film in {film.name}" if film.title is None else title_of(film)
    named = edition_of(film)
    edition = "edition not named" if named is None else f"edition: “{named}”"
    return f"{name} ({edition}; {lasting(film.duration_s)})"


def _songs(results: Results) -> str:
    lines = []
    for song in results.songs:
        own = results.occurrences_of(song.id)
        found = f"{count(len(own), 'occurrence')} in {count(n_playings(own), 'playing')}"
        lines.append(f"{song.title}: {found if own else 'not detected'}.")
    if any(map(is_unnamed, results.songs)):
        lines.append(UNNAMED)
    return " ".join(lines)


def _no_songs(results: Results) -> str:
    return NOTHING_REPEATS if held_against_itself(results) else NO_SONGS


def _marks(results: Results) -> Iterable[str]:
    occurrences = results.occurrences
    if occurrences:
        yield "Each stroke is a detected occurrence; the identifiers are those of occurrences.tsv."
    if len({o.playing_id for o in occurrences}) < len(occurrences):
        yield "A thin line joins occurrences of one playing, between which the song is masked."
    if any(t.continues for t in results.transitions):
        yield (
            "A dotted line from an open to a full circle marks where a playing goes on where the "
            f"one before it had stopped ({_how_many_go_on(results)})."
        )
    n_alike = sum(o.likeness == "spectrum" for o in occurrences)
    if n_alike:
        yield (
            f"A broken stroke is the lower grade ({n_alike} of {len(occurrences)}): only the "
            "spectrum of the song was matched there, and not its waveform."
        )
    n_shared = sum(o.likeness == "shared material?" for o in occurrences)
    if n_shared:
        yield (
            f"{n_shared} of {len(occurrences)} {'is' if n_shared == 1 else 'are'} of the lower "
            "grade because only a part of the song's sound was matched. Another song that shares "
            "material with it may be heard."
        )
    n_open = sum(o.is_share_undetermined for o in occurrences)
    if n_open:
        yield (
            f"How much of the song is heard is undetermined in {n_open} of {len(occurrences)}: "
            "another mix of it may give as much."
        )
    if any(o.rivals_song_s for o in occurrences):
        yield "A diamond marks another song time that fits the start of an occurrence as well."


def _how_many_go_on(results: Results) -> str:
    """Count transitions that go on, song by song, as every other text does."""
    by_song = {
        song: [t.continues for t in results.transitions if t.song_id == song.id]
        for song in results.songs
    }
    known = {song.title: moves for song, moves in by_song.items() if moves}
    n_of = {title: f"{sum(moves)} of {len(moves)}" for title, moves in known.items()}
    if len(known) == 1:
        (moves,) = known.values()
        return f"{sum(moves)} of {count(len(moves), 'transition')}"
    if len(known) > _MOST_NAMED:
        n, n_go_on = sum(map(len, known.values())), sum(map(sum, known.values()))
        return f"{n_go_on} of {count(n, 'transition')}, of {len(known)} songs"
    return f"transitions that go on: {', '.join(f'{title} {n}' for title, n in n_of.items())}"


def _scenes(results: Results) -> str:
    if not results.scenes:
        return ""
    layers = [
        name
        for name, of in (("stories", "story"), ("days", "day"))
        if any(getattr(scene, of) is not None for scene in results.scenes)
    ]
    named = listed([*layers, "scenes"])
    return (
        f"{named[:1].upper()}{named[1:]} are those of the scene table; every other one is shaded."
    )


def _speech(results: Results) -> str:
    row = results.ratio_in()
    segments = f"{count(len(results.speech), 'segment')} of speech".replace("no ", "No ", 1)
    if row is None:
        return f"{segments} detected."
    kinds_s = {
        "narration": row.narration_s,
        "dialogue": row.dialogue_s,
        "undetermined": row.undetermined_s,
    }
    kinds = ", ".join(f"{kind} {lasting(s)}" for kind, s in kinds_s.items() if s > 0)
    text = f"{segments} detected{f': {kinds}' if kinds else ''}."
    if row.narration_s + row.dialogue_s > 0:
        text += f" {sentences_of(row.method)}"
    if not results.songs_voice:
        text += " No singing was detected."
    if any(segment.kind == "soliloquy" for segment in results.speech):
        text += " The time given for dialogue includes soliloquy."
    return text


def origin_of(results: Results) -> str:
    """Say which version drew a figure, from which files."""
    film, hashes = results.film, [f"film {results.film.sha256[:HASH_LENGTH]}"]
    hashes += [
        f"{song.title} {song.sha256[:HASH_LENGTH]}"
        for song in results.songs
        if song.sha256 is not None
    ]
    broken = (
        f" Only the first {lasting(film.truncated_at_s)} of the film could be read."
        if film.truncated_at_s is not None
        else ""
    )
    clock = {"container": "the file", "first-sample": "the sound, from its first sample"}.get(
        film.clock or "player", "a player"
    )
    remarks = (*film_remarks(film), *(one for song in results.songs for one in song_remarks(song)))
    broken += "".join(f" {remark}" for remark in remarks)
    return (
        f"Drawn by Ostinato {results.run.version} from results.json, which holds what was "
        f"detected; times are those of {clock}.{broken} SHA-256, first digits: "
        f"{'; '.join(hashes)}."
    )
