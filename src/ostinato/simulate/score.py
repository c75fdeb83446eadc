"""Found occurrences against true ones: what was found, how exactly, what was missed or invented."""

from collections.abc import Sequence
from dataclasses import dataclass

from ostinato.errors import ParameterError
from ostinato.results import Occurrence
from ostinato.timeline import Timeline

__all__ = ["Match", "Score", "score_occurrences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A true occurrence and the pieces of it that were found, in film order; perhaps none.

    Errors are found less true, so that a late start is positive; None where nothing was found.
    """

    truth: Occurrence
    found: tuple[Occurrence, ...]

    @property
    def start_error_s(self) -> float | None:
        """Of the first piece's start."""
        return self.found[0].film_start_s - self.truth.film_start_s if self.found else None

    @property
    def end_error_s(self) -> float | None:
        """Of the latest end."""
        if not self.found:
            return None
        return max(piece.film_end_s for piece in self.found) - self.truth.film_end_s

    @property
    def song_error_s(self) -> float | None:
        """Of the song time, where it is farthest off in the middle of a piece."""
        errors = [song_error_s(self.truth, piece) for piece in self.found]
        return max(errors, key=abs) if errors else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a search did.

    `matches` has one entry for each true occurrence, in film order; `false` lists what is found
    where the song is not, or at another place of the song. `recall` is the share of true seconds
    that were found and `precision` the share of found seconds that are true; None of no seconds.
    """

    matches: tuple[Match, ...]
    false: tuple[Occurrence, ...]
    recall: float | None
    precision: float | None

    @property
    def n_found(self) -> int:
        """True occurrences of which at least a piece was found."""
        return sum(bool(match.found) for match in self.matches)


def score_occurrences(
    truth: Sequence[Occurrence], found: Sequence[Occurrence], *, max_song_error_s: float = 0.1
) -> Score:
    """Hold found occurrences against true ones.

    Parameters
    ----------
    truth : sequence of Occurrence
        From `make_film`.
    found : sequence of Occurrence
        Of the same songs under the same identifiers, in any order.
    max_song_error_s : float, optional
        A found piece belongs to a true occurrence that it overlaps if in the middle of what they
        share it is at the same song time to within this, > 0. The shortest loops of songs are
        longer, so that a rival position is false.

    Returns
    -------
    Score
        One match for each true occurrence.

    Raises
    ------
    ParameterError
        If `max_song_error_s` is not positive.
    """
    if not max_song_error_s > 0:
        raise ParameterError(
            "max_song_error_s", f"it is {max_song_error_s}", "Give a positive number of seconds"
        )
    ordered = sorted(found, key=lambda o: (o.film_start_s, o.id))
    matches = [
        Match(
            truth=one,
            found=tuple(piece for piece in ordered if _is_of(one, piece, max_song_error_s)),
        )
        for one in sorted(truth, key=lambda o: (o.film_start_s, o.id))
    ]
    matched = {piece.id for match in matches for piece in match.found}
    return _score(matches, [piece for piece in ordered if piece.id not in matched])


def song_error_s(truth: Occurrence, found: Occurrence) -> float:
    """Song time found less true, in the middle of what two overlapping occurrences share."""
    shared = truth.film.intersection(found.film) or truth.film
    middle_s = (shared.start_s + shared.end_s) / 2
    return found.time_map.song_s(middle_s) - truth.time_map.song_s(middle_s)


def _is_of(truth: Occurrence, found: Occurrence, max_song_error_s: float) -> bool:
    return (
        truth.song_id == found.song_id
        and truth.film.intersection(found.film) is not None
        and abs(song_error_s(truth, found)) <= max_song_error_s
    )


def _score(matches: Sequence[Match], false: Sequence[Occurrence]) -> Score:
    true_s = sum(match.truth.film.duration_s for match in matches)
    shared_s = sum(
        (_heard(match.found) & Timeline((match.truth.film,))).duration_s for match in matches
    )
    pieces = {piece.id: piece for match in matches for piece in match.found}
    found_s = sum(piece.film.duration_s for piece in (*pieces.values(), *false))
    return Score(
        matches=tuple(matches),
        false=tuple(false),
        recall=shared_s / true_s if true_s > 0 else None,
        precision=min(1.0, shared_s / found_s) if found_s > 0 else None,
    )


def _heard(pieces: Sequence[Occurrence]) -> Timeline:
    return Timeline.of(piece.film for piece in pieces)
