"""What results hold, found by what it is about."""

from collections.abc import Sequence

from ostinato.results import (
    Kind,
    LabelKind,
    Occurrence,
    Results,
    Song,
)
from ostinato.timeline import Interval


def table_numbers(results: Results) -> dict[str, int]:
    """Return the numbers of the tables of a citation; those without rows have none."""
    filled = {"times": results.occurrences, "claims": results.claims, "recordings": (results.film,)}
    names = [name for name, rows in filled.items() if rows]
    return {name: number for number, name in enumerate(names, start=1)}


def looked_for_songs(results: Results) -> bool:
    """Tell whether songs were looked for: a song that is nowhere still has a coverage of 0."""
    return bool(results.coverage or results.occurrences)


def is_unnamed(song: Song) -> bool:
    """Tell whether a song is a cue that the film's own repetition showed, without a recording."""
    return song.sha256 is None


def held_against_itself(results: Results) -> bool:
    """Tell whether the film was searched for what it repeats, rather than for songs."""
    return "discover" in results.run.parameters


def song_axis(results: Results) -> str:
    """Return what the time within a song is called: nobody knows that a cue is one."""
    return "cue time" if held_against_itself(results) else "song time"


def listened_for_speech(results: Results) -> bool:
    """Tell whether speech was listened for: a film without any still has a ratio that is None."""
    return bool(results.ratio or results.speech or results.songs_voice)


def said_by_people(results: Results) -> list[tuple[Interval, LabelKind]]:
    """Return what people have said of the speech.

    Parameters
    ----------
    results : Results
        What to look in.

    Returns
    -------
    list of (Interval, str)
        Segments that a label decided, and then what a random sample called no speech.
    """
    said: list[tuple[Interval, LabelKind]] = [
        (s.interval, s.kind) for s in results.speech if s.decided_by == "label"
    ]
    return said + [
        (Interval(s.start_s, s.end_s), s.kind) for s in results.labels if s.kind == "none"
    ]


def n_playings(occurrences: Sequence[Occurrence]) -> int:
    """Return how many playings occurrences of one song belong to."""
    return len({o.playing_id for o in occurrences})


def continuation_s(results: Results) -> float | None:
    """Return the longest gap that counts as going on, None if the run did not record it."""
    return measure_parameter(results, "continuation_s")


def measure_parameter(results: Results, name: str) -> float | None:
    """Return a parameter of the measures, None if the run did not record it."""
    measures = results.run.parameters.get("measures")
    value = measures.get(name) if isinstance(measures, dict) else None
    return float(value) if isinstance(value, int | float) else None


def seconds_of_kinds(results: Results) -> dict[Kind, float]:
    """Return how long each kind of speech lasts in the film, as far as results say it.

    The dialogue of a ratio includes soliloquy, and so is no total where there is any.
    """
    row = results.ratio_in()
    if row is None:
        return {}
    totals: dict[Kind, float] = {"narration": row.narration_s, "undetermined": row.undetermined_s}
    return totals if results.speech_of("soliloquy") else {**totals, "dialogue": row.dialogue_s}
