"""What results hold, found by what it is about; and what the film is called.

A family name that the study marks is taken. Otherwise it is the last word, with the particles
before it; a given name that is written last with a hyphen, as in *Wong Kar-wai*, shows that the
family name came first. A name in a script without capitals stays as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ostinato.results import (
    Film,
    Kind,
    LabelKind,
    Occurrence,
    Ratio,
    Results,
    Scope,
    Song,
    Voice,
)
from ostinato.timeline import Interval

MOST_VOICES = 12
"""More do not fit on a page; those that speak least are counted together."""
NO_TITLE = "[title of the film]"
"""What stands where the study names no title."""
_PARTICLES = frozenset({"von", "van", "de", "del", "della", "di", "da", "der", "den", "la", "le"})
_SUFFIX = re.compile(r",? (Jr\.?|Sr\.?|I{2,3}|IV)$")
_GIVEN_LAST = re.compile(r"[A-Z]\w+-[a-z]\w*")


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


def leading_voices(results: Results) -> list[Voice]:
    """Return the voices that speak most, in the order in which they are first heard."""
    by_speech = sorted(results.voices, key=lambda voice: (-voice.speech_s, voice.first_s))
    return sorted(by_speech[:MOST_VOICES], key=lambda voice: (voice.first_s, voice.id))


def voice_name(voice: Voice) -> str:
    """Write whose voice it is.

    Examples
    --------
    >>> voice = Voice(id="V3", name="Ah Wu", first_s=0.0, speech_s=9.0, n_segments=2)
    >>> voice_name(voice)
    'Ah Wu (V3)'
    """
    return voice.id if voice.name is None else f"{voice.name} ({voice.id})"


def voice_ratio(results: Results, voice: Voice) -> Ratio | None:
    """Return narration against dialogue in what one voice says, None if that was not measured."""
    return results.ratio_in(Scope.voice(voice.id))


def unknown_voice_s(results: Results) -> float | None:
    """Return how much speech has a voice that is not known, None if that was not measured."""
    row = results.monologue_in()
    return None if row is None else row.unknown_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A director; without a family name the whole name is taken as it stands."""

    name: str
    family: str | None
    given: str | None
    suffix: str = ""

    @property
    def family_is_first(self) -> bool:
        """Whether the name is spoken family name first, and needs no turning round."""
        return self.family is not None and self.name.startswith(self.family)

    @property
    def turned(self) -> str:
        """The name as a list sorts it, with a comma only where it was turned round."""
        if self.family is None or self.given is None or self.family_is_first:
            return self.name
        return f"{self.family}, {self.given}{self._after}"

    @property
    def sorted(self) -> str:
        """The name with a comma after the family name, for reference managers."""
        if self.family is None or self.given is None:
            return self.name
        return f"{self.family}{self._after}, {self.given}"

    @property
    def initials(self) -> str:
        """The name with initials: ``Wong, K.-W.``."""
        if self.family is None or self.given is None:
            return self.name
        words = (
            "-".join(f"{part[0].upper()}." for part in word.split("-") if part)
            for word in self.given.split()
        )
        return f"{self.family}, {' '.join(words)}{self._after}"

    @property
    def _after(self) -> str:
        return f", {self.suffix}" if self.suffix else ""


def title_of(film: Film) -> str:
    """Return the film's title, or what says that there is none yet."""
    return NO_TITLE if film.title is None else film.title.strip(" ")


def edition_of(film: Film) -> str | None:
    """Return the film's edition as it stands within a sentence."""
    return None if film.edition is None else film.edition.strip().rstrip(".").rstrip() or None


def directors_of(film: Film) -> tuple[Person, ...]:
    """Return who directed a film."""
    names = _parts(film.director)
    families = _parts(film.director_family)
    marked = [*families, *[""] * len(names)]
    return tuple(_person(name, family) for name, family in zip(names, marked, strict=False))


def _parts(text: str | None) -> list[str]:
    return [] if text is None else [" ".join(part.split()) for part in text.split(";") if part]


def _person(name: str, family: str) -> Person:
    if "," in name and not _SUFFIX.search(name):  # already turned round
        family, given = (part.strip() for part in name.split(",", 1))
        return Person(name=f"{given} {family}".strip(), family=family, given=given or None)
    suffix = _SUFFIX.search(name)
    own = name if suffix is None else name[: suffix.start()]
    family = family or _family_of(own)
    given = " ".join(own.replace(family, "", 1).split()) if family and family in own else ""
    if not given:
        return Person(name=name, family=None, given=None)
    return Person(name=name, family=family, given=given, suffix=suffix[1] if suffix else "")


def _family_of(name: str) -> str:
    words = name.split()
    if len(words) < 2 or not any(c.isupper() for c in name):  # noqa: PLR2004 - one word is all
        return ""
    if _GIVEN_LAST.fullmatch(words[-1]) and not any("-" in word for word in words[:-1]):
        return " ".join(words[:-1])
    first = len(words) - 1
    while first > 1 and words[first - 1].lower() in _PARTICLES:
        first -= 1
    return " ".join(words[first:])
