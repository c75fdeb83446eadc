"""What of results is a person's, beside what the program alone had come to."""

from dataclasses import dataclass
from typing import Literal

from ostinato.results.events import Coverage
from ostinato.results.findings import Claim, Continuation, Loudness, Monologue, Ratio, Repetition
from ostinato.timeline import Interval

FindStratumName = Literal["find", "faint", "none"]
"""What the program had to say of a piece of film when the sample was drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPiece:
    """A piece of film of which a person is asked whether any of the songs is heard in it.

    `stratum` says what the program had found when it was drawn: a *find*, a *faint* candidate, or
    *none*. `p_inclusion` is the probability with which it was drawn.
    """

    start_s: float
    end_s: float
    stratum: FindStratumName
    p_inclusion: float

    @property
    def interval(self) -> Interval:
        """The piece as an interval of film time."""
        return Interval(self.start_s, self.end_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFinds:
    """A random sample of pieces of a film, in the random order in which they are heard.

    All of the film is parted into pieces of `piece_s`; `strata` says of each, in film order, of
    which stratum it was.
    """

    schema: Literal["ostinato-finds/1"] = "ostinato-finds/1"
    film_sha256: str
    film_pcm_sha256: str
    piece_s: float
    seed: int
    strata: tuple[FindStratumName, ...]
    drawn: tuple[FindPiece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindStratum:
    """What was heard in one stratum: `n_pieces` in the film, `n_drawn`, `n_judged` so far.

    In `n_heard` of these any of the songs is heard, of `n_unclear` a person could not say.
    `is_found` says whether the program finds a song there now.
    """

    stratum: FindStratumName
    is_found: bool
    n_pieces: int
    n_drawn: int
    n_judged: int
    n_heard: int
    n_unclear: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindSample:
    """How far the program's finds can be trusted, by a blind random sample of the film.

    `precision` is the share of the pieces with a find in which a song is heard; `recall` the share
    of the pieces in which a song is heard that have a find. `method` says how they and their
    intervals were computed.
    """

    piece_s: float
    n_drawn: int
    n_judged: int
    precision: float | None
    precision_low: float | None
    precision_high: float | None
    recall: float | None
    recall_low: float | None
    recall_high: float | None
    level: float
    method: str
    strata: tuple[FindStratum, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedEdit:
    """An entry of the journal that no longer fits what was found, and why; it is kept there.

    `start_s`, `end_s` and `song` are what was seen.
    """

    sequence: int
    when: str
    who: str
    on: str
    act: str
    start_s: float | None
    end_s: float | None
    song: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedSong:
    """What a person has said of the occurrences of one song.

    Of `n_found` by the program `n_accepted` were confirmed as they are, `n_moved` lie otherwise,
    `n_rejected` do not count, and of `n_unheard` nobody has said anything. `n_added` were not
    found. `n_without_song_time` count wherever song time is not asked for.
    """

    song_id: str
    n_found: int
    n_accepted: int
    n_moved: int
    n_added: int
    n_rejected: int
    n_unheard: int
    n_without_song_time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedSpeech:
    """What a person has said of the speech: of `n_segments` that there are now.

    `n_kinds` have their kind from the review, `n_edges` their edges; `n_removed` of those that were
    detected are no more.
    """

    n_segments: int
    n_kinds: int
    n_edges: int
    n_removed: int
    n_voices_named: int
    n_scenes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramMeasures:
    """The measures of what the program found, as they were without a person's edits."""

    coverage: tuple[Coverage, ...] = ()
    repetition: tuple[Repetition, ...] = ()
    continuation: tuple[Continuation, ...] = ()
    loudness: tuple[Loudness, ...] = ()
    ratio: tuple[Ratio, ...] = ()
    monologue: tuple[Monologue, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFigure:
    """One figure as the program had it, and as it is with a person's edits.

    `of` is the title of a song, a scope, or the number of a claim.
    """

    measure: str
    of: str
    figure: str
    program: float | str | None
    reviewed: float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a person has said of results, and what came of it.

    `n_entries` hold, by `who`, the last one at `last_at`. `is_robustness_open` says that the
    robustness of the claims was not tried again after the last edit. `finds` is the random sample
    of the film in which a person has listened for the songs, None where there is none.
    """

    who: tuple[str, ...]
    n_entries: int
    last_at: str | None
    songs: tuple[ReviewedSong, ...] = ()
    speech: ReviewedSpeech | None = None
    changed: tuple[ChangedFigure, ...] = ()
    unplaced: tuple[UnplacedEdit, ...] = ()
    program: ProgramMeasures
    finds: FindSample | None = None
    is_robustness_open: bool = False
