"""The claims about a song, C1 to C4 and C8, as drafts."""

from collections.abc import Iterable
from itertools import pairwise
from statistics import median

from ostinato.measures.drafts import (
    ENOUGH_POWER,
    HALF,
    NOT_SUPPORTED,
    SUPPORTED,
    UNDECIDED,
    Draft,
    Test,
)
from ostinato.measures.parameters import MeasureParameters
from ostinato.measures.playings import playings_of
from ostinato.measures.resampling import proportion, sign_p
from ostinato.results import Continuation, Loudness, Repetition, Results, Song, Verdict

LEAST_HEARINGS = 3
LEAST_TRANSITIONS = 2
"""One transition, however exact, shows no rule."""
_APART_S = 60.0


def constancy(row: Repetition) -> Draft:
    """C1: how often the song is heard, by how far apart hearings must be, and its rank."""
    by_gap = dict(zip(row.merge_gaps_s, row.counts, strict=True))
    alone = row.n_songs == 1

    def decide(_: Test) -> Verdict:
        if row.n_hearings < LEAST_HEARINGS or row.rank > 1:
            return NOT_SUPPORTED
        return SUPPORTED if by_gap[_APART_S] >= LEAST_HEARINGS else UNDECIDED

    return Draft(
        measure="hearings in the film; bounds if those up to 60 s apart are one, and if none are",
        value=row.n_hearings,
        low=min(row.n_hearings, by_gap[_APART_S]),
        high=max(row.n_hearings, by_gap[0.0]),
        n=row.n_occurrences,
        limits=[
            "A count of what was detected, so there is nothing to test; what is constant to a "
            "spectator is not measured",
            *(["No other song was looked for, so that its rank is not known"] if alone else []),
        ],
        figures={
            "share_of_film": row.share_of_film,
            "share_of_music": row.share_of_music,
            "rank": row.rank,
            "n_songs": row.n_songs,
            "longest_absence_s": row.longest_absence_s,
        },
        decide=decide,
    )


def variety(results: Results, song: Song, parameters: MeasureParameters) -> Draft:
    """C2: how often the next playing is of another part of the song."""
    playings = playings_of(results.occurrences, song.id)
    shares = {
        (row.from_id, row.to_id): row.share for row in results.overlap if row.song_id == song.id
    }
    ids = [playing.first.id for playing in playings]
    successive = [shares[pair] for pair in pairwise(ids)]
    n, n_other = len(successive), sum(share < HALF for share in successive)
    share = proportion(n_other, n, level=parameters.level)
    heard = next((c for c in results.coverage if c.song_id == song.id and c.scope == "film"), None)

    def decide(test: Test) -> Verdict:
        if test == "beyond chance":
            return SUPPORTED
        return NOT_SUPPORTED if _are_few(n_other, n, parameters) else UNDECIDED

    return Draft(
        measure="share of playings that have less than half in common with the one before",
        value=share.value,
        low=share.low,
        high=share.high,
        n=n,
        p_value=sign_p(n_other, n, side="greater"),
        null_model="the same part as often as another (exact binomial test)",
        limits=_day_limits(results),
        figures={
            "n_hits": n_other,
            "share_of_song_heard": heard.share_of_song if heard else None,
            "mean_overlap": sum(shares.values()) / len(shares) if shares else None,
        },
        decide=decide,
    )


def going_on(results: Results, row: Continuation) -> Draft:
    """C3: how many transitions go on where the song had stopped."""
    ratios = row.log_likelihood_ratios

    def decide(test: Test) -> Verdict:
        if row.share is None or row.power is None or row.n_transitions < LEAST_TRANSITIONS:
            return UNDECIDED
        if row.share >= HALF:
            is_best = max(ratios, key=lambda name: ratios[name]) == "continues"
            return SUPPORTED if test == "beyond chance" and is_best else UNDECIDED
        is_rare = row.share_high is not None and row.share_high < HALF
        is_chance = test == "within chance" and row.power >= ENOUGH_POWER
        return NOT_SUPPORTED if is_rare or is_chance else UNDECIDED

    return Draft(
        measure=(
            f"share of transitions that start within {row.within_s:g} s of where the song had "
            "stopped, and nearer to that than to any rival"
        ),
        value=row.share,
        low=row.share_low,
        high=row.share_high,
        n=row.n_transitions,
        p_value=row.p_uniform_starts,
        null_model="uniform starts, order and durations kept (Monte Carlo)",
        power=row.power,
        limits=[
            *_day_limits(results),
            "Stretches of one playing are no transition",
            *(["One transition shows no rule"] if row.n_transitions == 1 else []),
            *_rival_limits(results, row),
            f"Power is for {row.power_if_share:.0%} of transitions going on",
        ],
        figures={
            "n_hits": row.n_go_on,
            "p_permuted_order": row.p_permuted_order,
            "p_v_test": row.p_v_test,
            **{f"log_likelihood_{name}": value for name, value in ratios.items()},
            "n_across_scenes": row.n_across_scenes,
            "n_across_days": row.n_across_days,
            "n_day_transitions": row.n_day_transitions,
            "n_go_on_next_day": row.n_go_on_next_day,
        },
        decide=decide,
    )


def loudly(results: Results, row: Loudness, parameters: MeasureParameters) -> Draft:
    """C4: how much louder than the speech the song is."""
    own = [one for one in results.occurrences if one.song_id == row.song_id]

    def decide(test: Test) -> Verdict:
        if row.median_lu is None or row.power is None:
            return UNDECIDED
        if test == "beyond chance" and row.median_lu > 0:
            return SUPPORTED
        is_chance = row.power >= ENOUGH_POWER and row.median_lu <= 0
        is_below = row.median_lu < 0 and _are_few(row.n_louder, row.n, parameters)
        return NOT_SUPPORTED if is_below or is_chance else UNDECIDED

    return Draft(
        measure="level of the song less that of the speech it plays under, LU (Hodges-Lehmann)",
        value=row.median_lu,
        low=row.low_lu,
        high=row.high_lu,
        n=row.n,
        p_value=row.p_sign,
        null_model="the speech is as often the louder (exact sign test over playings)",
        power=row.power,
        limits=[
            "A difference within this edition's mix",
            "What is not the song counts as speech where somebody speaks, ambience included",
        ],
        figures={
            "n_hits": row.n_louder,
            "louder_share": row.louder_share,
            "median_low_hz": _median(o.low_hz for o in own),
            "median_high_hz": _median(o.high_hz for o in own),
        },
        decide=decide,
    )


def evenly(row: Repetition) -> Draft:
    """C8: how even the gaps between playings are."""

    def decide(test: Test) -> Verdict:
        if test == "none" or row.power is None:
            return UNDECIDED
        if test == "beyond chance":
            return SUPPORTED
        is_chance = test == "within chance" and row.power >= ENOUGH_POWER
        return NOT_SUPPORTED if is_chance else UNDECIDED

    return Draft(
        measure="burstiness of the film time between playings; -1 even, 0 chance, 1 bursts",
        value=row.burstiness,
        low=row.burstiness_low,
        high=row.burstiness_high,
        n=max(0, row.n_playings - 1),
        p_value=row.p_regular,
        null_model="playings strewn at random between the first and the last",
        power=row.power,
        limits=["Of the song alone; what else makes the days alike is not measured"],
        figures={"chance_low": row.chance_low, "chance_high": row.chance_high},
        decide=decide,
    )


def _rival_limits(results: Results, row: Continuation) -> list[str]:
    starts = [playing.first for playing in playings_of(results.occurrences, row.song_id)[1:]]
    n_rivals = sum(bool(one.rivals_song_s) for one in starts)
    if n_rivals == 0:
        return []
    return [f"{n_rivals} of {len(starts)} starts fit another song time as well: the song repeats"]


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _are_few(n_hits: int, n: int, parameters: MeasureParameters) -> bool:
    p_value = sign_p(n_hits, n, side="less")
    return p_value is not None and p_value <= 1 - parameters.level


def _day_limits(results: Results) -> list[str]:
    if any(scene.day is not None for scene in results.scenes):
        return ["Days are those of the scene table"]
    return ["No days are marked: whether one has passed cannot be heard"]
