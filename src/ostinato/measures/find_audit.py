"""How many finds are right and how many are missed, by a blind random sample of the film.

The film is parted into pieces of one length, so that nobody can tell from a piece what the program
had found. They are drawn without replacement within three strata: pieces that meet a find, pieces
that meet a faint candidate alone, and all others [1]_. Whoever listens says of each whether any of
the songs is heard in it. As they come in random order, those that were judged so far are a random
sample as well.

Bounds are exact in each stratum and joined by Bonferroni: the least that is heard in one, and the
most in another, so that an interval is wider than it need be, and never too narrow.

References
----------
.. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, ch. 5.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, get_args

import numpy as np

from ostinato.errors import ParameterError
from ostinato.measures.agreement import agreement
from ostinato.measures.statistics import Estimate, hits_of_all
from ostinato.measures.verdicts import MeasureParameters
from ostinato.results import (
    Candidate,
    DrawnFinds,
    FindPiece,
    FindSample,
    FindStratum,
    FindStratumName,
    Occurrence,
    Results,
)
from ostinato.timeline import Interval

FindVerdict = Literal["heard", "not heard", "cannot tell"]
PIECE_S = 10.0
"""Long enough to know a song by ear, short enough that a find is several of them."""
_LEAST_MET_S = 1.0
_SHARES: dict[FindStratumName, float] = {"find": 0.4, "faint": 0.2, "none": 0.4}
_METHOD = (
    "a random sample of pieces of {piece:g} s, drawn within strata of what the program had found; "
    "estimates are weighted by stratum; bounds are exact (hypergeometric) in each stratum and "
    "joined by Bonferroni, at {level:.0%}; pieces of which nobody could say whether a song is "
    "heard count either way"
)


def draw_finds(results: Results, n: int, *, seed: int, rng: np.random.Generator) -> DrawnFinds:
    """Draw pieces of a film in which a person will listen for the songs.

    Parameters
    ----------
    results : Results
        What the program found.
    n : int
        How many pieces, of all strata together; all that there are if there are fewer.
    seed : int
        That of `rng`, to be recorded.
    rng : numpy.random.Generator
        Draws the pieces, and their order.

    Returns
    -------
    DrawnFinds
        In the order in which they are to be heard.

    Raises
    ------
    ParameterError
        If there is nothing to draw.
    """
    if n < 1 or not results.songs:
        raise ParameterError(
            f"{n} pieces",
            "there is nothing to draw" if results.songs else "no song was looked for",
            "Give 1 or more, of a film in which songs were looked for",
        )
    pieces = _pieces(results.film.duration_s)
    strata = [_stratum(piece, results.occurrences, results.candidates) for piece in pieces]
    sizes = Counter(strata)
    wanted = _allocation(sizes, n)
    drawn = [
        FindPiece(
            start_s=pieces[i].start_s,
            end_s=pieces[i].end_s,
            stratum=name,
            p_inclusion=wanted[name] / sizes[name],
        )
        for name in get_args(FindStratumName)
        if wanted[name]
        for i in rng.choice(
            [i for i, one in enumerate(strata) if one == name], wanted[name], replace=False
        )
    ]
    return DrawnFinds(
        film_sha256=results.film.sha256,
        film_pcm_sha256=results.film.pcm_sha256,
        piece_s=PIECE_S,
        seed=seed,
        strata=tuple(strata),
        drawn=tuple(drawn[i] for i in rng.permutation(len(drawn))),
    )


def find_sample(
    results: Results,
    drawn: DrawnFinds,
    verdicts: Mapping[FindPiece, FindVerdict],
    *,
    level: float,
) -> FindSample:
    """Estimate precision and recall of what the program found.

    Parameters
    ----------
    results : Results
        What the program found, which may be another run than that of which the pieces were drawn.
    drawn : DrawnFinds
        The sample.
    verdicts : mapping of FindPiece to str
        What a person has heard in those that were judged: *heard*, *not heard*, *cannot tell*.
    level : float
        Of the intervals, in (0, 1).

    Returns
    -------
    FindSample
        Estimates are None where nothing was judged that they rest on.
    """
    cells = list(_cells(results, drawn, verdicts))
    found = [cell for cell in cells if cell.is_found]
    missed = [cell for cell in cells if not cell.is_found]
    # each bound of recall rests on all strata at once, that of precision on those with a find
    sure, open_ = (
        [_bounds(cell, level=1 - (1 - level) / max(1, n)) for cell in some]
        for some, n in ((found, len(cells)), (missed, len(cells)))
    )
    alone = [_bounds(cell, level=1 - (1 - level) / max(1, len(found))) for cell in found]
    n_found = sum(cell.row.n_pieces for cell in found)
    heard, unheard = _total(found), _total(missed)
    return FindSample(
        piece_s=drawn.piece_s,
        n_drawn=len(drawn.drawn),
        n_judged=len(verdicts),
        precision=None if heard is None or n_found == 0 else heard / n_found,
        precision_low=_share(sum(low for low, _ in alone), n_found),
        precision_high=_share(sum(high for _, high in alone), n_found),
        recall=(
            None
            if heard is None or unheard is None or heard + unheard == 0
            else heard / (heard + unheard)
        ),
        recall_low=_of_both(sum(low for low, _ in sure), sum(high for _, high in open_)),
        recall_high=_of_both(sum(high for _, high in sure), sum(low for low, _ in open_)),
        level=level,
        method=_METHOD.format(piece=drawn.piece_s, level=level),
        strata=tuple(cell.row for cell in cells),
    )


def compare_verdicts(
    one: Sequence[FindVerdict], other: Sequence[FindVerdict], *, parameters: MeasureParameters
) -> Estimate:
    """Compare two people who have judged the same pieces.

    Parameters
    ----------
    one, other : sequence of str, of one length
        What each says of each piece; pieces of which either cannot tell are left out.
    parameters : MeasureParameters
        Seed, number of draws and level of the interval.

    Returns
    -------
    Estimate
        Cohen's kappa; each piece stands for itself, as they are drawn at random.
    """
    both = [pair for pair in zip(one, other, strict=True) if "cannot tell" not in pair]
    codes = np.array([[said == "heard" for said in pair] for pair in both], np.int64).reshape(-1, 2)
    blocks = np.arange(len(both))
    return agreement(codes[:, 0], codes[:, 1], blocks=blocks, parameters=parameters)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A stratum as it was drawn, of which the program finds all or nothing now."""

    row: FindStratum

    @property
    def is_found(self) -> bool:
        return self.row.is_found

    @property
    def estimate(self) -> float | None:
        """How many pieces have a song, None where none that a person could decide was judged."""
        clear = self.row.n_judged - self.row.n_unclear
        if self.row.n_pieces == 0:
            return 0.0
        return self.row.n_pieces * self.row.n_heard / clear if clear else None


def _cells(
    results: Results, drawn: DrawnFinds, verdicts: Mapping[FindPiece, FindVerdict]
) -> Iterable[_Cell]:
    pieces = _pieces(results.film.duration_s)[: len(drawn.strata)]
    is_found = [_stratum(piece, results.occurrences, ()) == "find" for piece in pieces]
    sizes = Counter(zip(drawn.strata, is_found, strict=False))
    now = {piece.start_s: found for piece, found in zip(pieces, is_found, strict=True)}
    for name, found in product(get_args(FindStratumName), (True, False)):
        if sizes[name, found] == 0:
            continue
        own = [
            one
            for one in drawn.drawn
            if one.stratum == name and now.get(one.start_s, False) == found
        ]
        said = [verdicts[one] for one in own if one in verdicts]
        yield _Cell(
            FindStratum(
                stratum=name,
                is_found=found,
                n_pieces=sizes[name, found],
                n_drawn=len(own),
                n_judged=len(said),
                n_heard=said.count("heard"),
                n_unclear=said.count("cannot tell"),
            )
        )


def _bounds(cell: _Cell, *, level: float) -> tuple[int, int]:
    """Bound how many pieces of a stratum have a song; the unclear count either way."""
    row = cell.row
    low, _ = hits_of_all(row.n_heard, row.n_judged, row.n_pieces, level=level)
    _, high = hits_of_all(row.n_heard + row.n_unclear, row.n_judged, row.n_pieces, level=level)
    return low, high


def _total(cells: Sequence[_Cell]) -> float | None:
    known = [cell.estimate for cell in cells]
    return None if None in known else sum(one for one in known if one is not None)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _of_both(part: float, rest: float) -> float | None:
    return part / (part + rest) if part + rest else None


def _pieces(duration_s: float) -> list[Interval]:
    """Part a film into pieces of one length; a rest that is shorter is left out."""
    n = max(1, int(duration_s // PIECE_S))
    return [Interval(i * PIECE_S, min((i + 1) * PIECE_S, duration_s)) for i in range(n)]


def _stratum(
    piece: Interval, occurrences: Sequence[Occurrence], candidates: Sequence[Candidate]
) -> FindStratumName:
    if any(_meets(piece, one.film) for one in occurrences):
        return "find"
    return "faint" if any(_meets(piece, one.film) for one in candidates) else "none"


def _meets(piece: Interval, film: Interval) -> bool:
    shared = piece.intersection(film)
    return shared is not None and shared.duration_s >= min(_LEAST_MET_S, film.duration_s)


def _allocation(sizes: Mapping[FindStratumName, int], n: int) -> dict[FindStratumName, int]:
    """Say how many are drawn of each stratum; what one has too few for goes to the others."""
    names: tuple[FindStratumName, ...] = get_args(FindStratumName)
    wanted = {name: min(sizes.get(name, 0), round(n * _SHARES[name])) for name in names}
    left = n - sum(wanted.values())
    for name in ("none", "find", "faint"):
        more = max(0, min(left, sizes.get(name, 0) - wanted[name]))
        wanted[name] += more
        left -= more
    return wanted
