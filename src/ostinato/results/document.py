"""The document: everything that is known of one film, and what it answers."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from ostinato.errors import ParameterError, StudyError
from ostinato.results.events import (
    Candidate,
    Coverage,
    Film,
    MomentaryLevel,
    Scene,
    Separation,
    SharedMaterial,
    Song,
    SongVoice,
    Transition,
    Voice,
)
from ostinato.results.findings import (
    Claim,
    Continuation,
    Loudness,
    Monologue,
    Overlap,
    Ratio,
    RatioCurve,
    Repetition,
    SampledLabel,
    Specification,
    Training,
)
from ostinato.results.identity import occurrence_key, segment_key
from ostinato.results.notebook_view import layers_of, notebook_html
from ostinato.results.occurrence import Occurrence
from ostinato.results.review import Review
from ostinato.results.scope import FILM
from ostinato.results.speech_segment import Kind, SpeechSegment

_FIRST_YEAR, _LAST_YEAR = 1870, 2200
_LONGEST = 500  # characters; no title is longer
SubtitleCheck = Literal["fits", "corrected", "as the study says", "could not be checked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """What a person says of the film as a work.

    Parameters
    ----------
    title : str or None
        As the essay gives it.
    director : str or None
        As it is spoken, ``Wong Kar-wai``; semicolons part several.
    director_family : str or None
        The family name of each, where it does not come last; semicolons part several.
    year : int or None
        Of the first release.
    country, distributor : str or None
        Where the film was made, and who released it.

    Raises
    ------
    ParameterError
        If a text is empty or longer than any, or the year is none of a film.
    """

    title: str | None = None
    director: str | None = None
    director_family: str | None = None
    year: int | None = None
    country: str | None = None
    distributor: str | None = None

    def __post_init__(self) -> None:
        for name in ("title", "director", "director_family", "country", "distributor"):
            text = getattr(self, name)
            what = f"{name} of the film"
            if text is not None and not text.strip():
                raise ParameterError(what, "it is empty", "Write it, or leave the line out")
            if text is not None and len(text) > _LONGEST:
                raise ParameterError(
                    what, f"it has {len(text):,} characters", f"Give {_LONGEST} at most"
                )
        if self.year is not None and not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise ParameterError(
                f"year of the film {self.year}",
                "no film was released in it",
                f"Give a year from {_FIRST_YEAR} to {_LAST_YEAR}",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleBreak:
    """From `film_s` of film time on, cues are `shift_s` later than the file says."""

    film_s: float
    shift_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtitles:
    """A subtitle file beside the film.

    Film time is the file's time times `speed` plus `shift_s`, as far as the first of `breaks`.
    These are what detected speech asks for, None where it could not be compared; they were used if
    `corrected`. `given_shift_s` and `given_speed` are the study's own and went before. `certainty`
    is the probability that cues of another film would not fit as well. `n_tagged` cues are
    narration or soliloquy by a tag, `n_italic` are in italics, `n_unspoken` are lyrics, signs and
    sounds; `n_skipped` could not be read. `italics` says what they are taken for.
    """

    name: str
    sha256: str
    format: str
    n_cues: int
    n_tagged: int
    n_italic: int
    n_unspoken: int
    n_skipped: int
    italics: Literal["evidence", "narration"]
    check: SubtitleCheck
    shift_s: float | None = None
    speed: float | None = None
    breaks: tuple[SubtitleBreak, ...] = ()
    certainty: float | None = None
    corrected: bool = False
    agrees: bool | None = None
    given_shift_s: float | None = None
    given_speed: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStem:
    """A recording of the film's speech alone that another program has made, and that was used.

    `made_by` is what the study says of that program, None where it says nothing. `lag_s` is by how
    much the stem is later than the film, as its loudest pieces show; None where too little of them
    was found in the film to say.
    """

    name: str
    sha256: str
    duration_s: float
    sample_rate_hz: int
    made_by: str | None = None
    lag_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How long one stage took, and whether it came from the cache."""

    name: str
    seconds: float
    cached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """By which rules claims were decided, and whether these were set before looking.

    `set_by` is *defaults* if every parameter is the program's own, *study* if the study has changed
    some, *plan* if a dated plan lay beside it: `was_before_looking` says whether that was there
    before the first run into the folder, `deviations` in what the study has departed from it.
    """

    set_by: Literal["defaults", "study", "plan"]
    plan_sha256: str | None = None
    planned_at: str | None = None
    was_before_looking: bool | None = None
    deviations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What produced the results, so that they can be produced again.

    `first_started_at` is when the film was first analysed into the same folder; `code_sha256` is
    the hash of the program's code and models as far as they decide results, since code may change
    under one version.
    """

    version: str
    parameters: dict[str, Any]
    stages: tuple[Stage, ...]
    platform: str
    started_at: str
    peak_rss_mb: float | None
    first_started_at: str | None = None
    rules: Rules | None = None
    code_sha256: str | None = None


FIRST_LOOK_ONLY = "first_look_only"
"""Where `run.parameters` names the songs that were not searched for in full."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Results:
    """Everything that is known of one film; the content of `results.json`.

    `labels` are those of a random sample, `chosen` those of segments chosen for training, on which
    no estimate rests: both were taken back, and are kept when the film is analysed again.
    """

    schema: Literal["ostinato/1"] = "ostinato/1"
    film: Film
    songs: tuple[Song, ...]
    scenes: tuple[Scene, ...] = ()
    subtitles: Subtitles | None = None
    speech_stem: SpeechStem | None = None
    occurrences: tuple[Occurrence, ...] = ()
    transitions: tuple[Transition, ...] = ()
    shared_material: tuple[SharedMaterial, ...] = ()
    separations: tuple[Separation, ...] = ()
    song_levels: tuple[MomentaryLevel, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    repetition: tuple[Repetition, ...] = ()
    overlap: tuple[Overlap, ...] = ()
    continuation: tuple[Continuation, ...] = ()
    loudness: tuple[Loudness, ...] = ()
    speech: tuple[SpeechSegment, ...] = ()
    voices: tuple[Voice, ...] = ()
    songs_voice: tuple[SongVoice, ...] = ()
    labels: tuple[SampledLabel, ...] = ()
    teaching: tuple[Training, ...] = ()
    ratio: tuple[Ratio, ...] = ()
    ratio_curve: tuple[RatioCurve, ...] = ()
    monologue: tuple[Monologue, ...] = ()
    claims: tuple[Claim, ...] = ()
    chosen: tuple[SampledLabel, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    robustness: tuple[Specification, ...] = ()
    rejected: tuple[Occurrence, ...] = ()
    review: Review | None = None
    run: Run

    def __repr__(self) -> str:
        counts = f"{len(self.occurrences)} occurrences, {len(self.speech)} segments of speech"
        verdicts = [f"  {one.id} {one.verdict}: {one.statement}" for one in self.claims]
        return "\n".join([f"<results of {self.film.name}: {counts}>", *verdicts])

    def _repr_html_(self) -> str:
        """Show a map of each song, and tables, in a notebook."""
        return notebook_html(self)

    def to_pandas(self) -> dict[str, Any]:
        """Return a data frame of each kind of row, by its name; units stand in their columns.

        A kind of which there is no row is a frame with its columns. Numbers that a row holds by
        name are columns too: `evidence_activity`. Raises StudyError if pandas is not installed.
        """
        try:
            pandas: Any = import_module("pandas")
        except ImportError as error:
            raise StudyError(
                "to_pandas", "pandas is not installed", "Install it: pip install 'ostinato[pandas]'"
            ) from error
        return {
            name: pandas.DataFrame(rows, columns=columns) for name, columns, rows in layers_of(self)
        }

    @property
    def first_look_only(self) -> tuple[str, ...]:
        """Titles of songs that were not searched for in full: a first look showed nothing."""
        titles = self.run.parameters.get(FIRST_LOOK_ONLY)
        return tuple(map(str, titles)) if isinstance(titles, list | tuple) else ()

    def song(self, key: Song | str) -> Song | None:
        """Return a song by its identifier or its title, None where there is no such song."""
        wanted = key if isinstance(key, str) else key.id
        by_id = [one for one in self.songs if one.id == wanted]
        named = by_id or [one for one in self.songs if one.title == wanted]
        return named[0] if named else None

    def title_of(self, song_id: str) -> str:
        """Return the title of a song by its identifier; the identifier of one that is not there."""
        return next((one.title for one in self.songs if one.id == song_id), song_id)

    def key_of(self, row: Occurrence | SpeechSegment) -> str:
        """Return the identity of a row: made of film, song and times, and not of its number.

        It stays the same in another run in which the same is found, whatever else is.
        """
        if isinstance(row, SpeechSegment):
            return segment_key(self.film.sha256, row.interval)
        song = self.song(row.song_id)
        content = None if song is None else song.pcm_sha256
        return occurrence_key(self.film.sha256, content or self.title_of(row.song_id), row.film)

    def occurrences_of(self, song: Song | str) -> tuple[Occurrence, ...]:
        """Return the occurrences of one song, by film time; a string is its identifier or title."""
        found = self.song(song)
        own = (one for one in self.occurrences if found is not None and one.song_id == found.id)
        return tuple(sorted(own, key=lambda one: one.film_start_s))

    def transitions_of(self, song: Song | str) -> tuple[Transition, ...]:
        """Return the transitions from one playing of a song to its next."""
        found = self.song(song)
        return tuple(
            one for one in self.transitions if found is not None and one.song_id == found.id
        )

    def coverage_of(self, song: Song | str, scope: str = FILM) -> Coverage | None:
        """Return how much of a scope a song fills, None if that was not measured."""
        found = self.song(song)
        rows = (one for one in self.coverage if found is not None and one.song_id == found.id)
        return next((one for one in rows if one.scope == scope), None)

    def ratio_in(self, scope: str = FILM) -> Ratio | None:
        """Return narration against dialogue within a scope, None if that was not measured."""
        return next((row for row in self.ratio if row.scope == scope), None)

    def monologue_in(self, scope: str = FILM) -> Monologue | None:
        """Return the speech of a scope that nobody answers, None if that was not measured."""
        return next((row for row in self.monologue if row.scope == scope), None)

    def speech_of(self, kind: Kind) -> tuple[SpeechSegment, ...]:
        """Return the segments of one kind, by film time."""
        return tuple(one for one in self.speech if one.kind == kind)

    def claim(self, claim_id: str) -> Claim | None:
        """Return a claim, None where the study does not state it."""
        return next((one for one in self.claims if one.id == claim_id), None)

    def longest_cancelled(self) -> tuple[Occurrence, tuple[MomentaryLevel, ...]] | None:
        """Return the longest cue that was cancelled, with its levels before and after.

        None if no song was cancelled anywhere, or its levels were not kept.
        """
        rows: dict[str, list[MomentaryLevel]] = {}
        for row in self.song_levels:
            if row.film_lufs is not None:
                rows.setdefault(row.occurrence_id, []).append(row)
        cues = [one for one in self.occurrences if one.id in rows]
        if not cues:
            return None
        longest = max(cues, key=lambda one: (one.film.duration_s, -one.film_start_s))
        return longest, tuple(rows[longest.id])
