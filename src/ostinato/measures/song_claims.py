"""The claims about a song, C1 to C4 and C8: what is held against each."""

from collections.abc import Iterable
from statistics import median

from ostinato.measures.repetition import (
    EVEN_VARIATION,
    MeanOverlap,
    mean_overlap,
    occasions_apart_s,
)
from ostinato.measures.song_loudness import LOUDER_SHARE
from ostinato.measures.transitions import playings_of, positions, timed
from ostinato.measures.verdicts import (
    HALF,
    NOT_SUPPORTED,
    RULES,
    SUPPORTED,
    UNDECIDED,
    Decide,
    Draft,
    MeasureParameters,
    Test,
    between,
    is_above,
    is_below,
)
from ostinato.results import (
    ENOUGH_POWER,
    Continuation,
    Loudness,
    Repetition,
    Results,
    Song,
    Verdict,
)

LEAST_TRANSITIONS = 2
"""One transition, however exact, shows no rule."""
LEAST_OCCASIONS = 3
SHARE_OF_FILM = (0.01, 0.05)
"""A song heard for less than the first share of the film is not constant; from the second it may
be."""
_HEARD_LU = 1.0  # the least difference of level that is easily heard
ABSENT_SHARE = (2 / 3, 0.9)
"""It may be constant if it is never away for longer than the first share of the film, and is not if
it is away for longer than the second."""


def constancy(row: Repetition, *, film_duration_s: float) -> Draft:
    """C1: on how many occasions the song is heard, for how long, and how long it is away."""
    n_occasions = row.n_occasions or 0
    absent_share = row.longest_absence_s / film_duration_s

    def decide(_test: Test, _opposite: Test = "none", /) -> Verdict:
        if (
            n_occasions < LEAST_OCCASIONS
            or is_below(row.share_of_film, SHARE_OF_FILM[0])
            or is_above(absent_share, ABSENT_SHARE[1])
        ):
            return NOT_SUPPORTED
        is_rare = is_below(row.share_of_film, SHARE_OF_FILM[1])
        is_long_away = is_above(absent_share, ABSENT_SHARE[0])
        return UNDECIDED if is_rare or is_long_away else SUPPORTED

    apart_s = occasions_apart_s(film_duration_s)
    return Draft(
        measure=(
            f"points of the film, each {apart_s:.3g} s or more after the one before, at which the "
            "song is heard; a long playing gives several"
        ),
        value=n_occasions,
        n=row.n_occurrences,
        unit="occurrence",
        limits=[
            "This describes what was detected, and tests nothing",
            "What a spectator finds constant is not measured",
            *(["No other song was looked for, so that its rank is not known"] * (row.n_songs == 1)),
        ],
        figures={
            "share_of_film": row.share_of_film,
            "longest_absence_share": absent_share,
            "longest_absence_s": row.longest_absence_s,
            "n_hearings": row.n_hearings,
            "points_apart_s": apart_s,
            "share_of_music": row.share_of_music,
            "rank": row.rank,
            "n_songs": row.n_songs,
        },
        decide=decide,
    )


def variety(results: Results, song: Song, parameters: MeasureParameters) -> Draft:
    """C2: how much two playings of the song have in common."""
    playings = playings_of(timed(results.occurrences), song.id)
    common = mean_overlap(
        positions(playings, song_duration_s=song.duration_s), parameters=parameters
    )
    heard = results.coverage_of(song)

    def decide(test: Test, opposite: Test = "none", /) -> Verdict:
        if common is None:
            return UNDECIDED
        if is_below(common.value, HALF):
            return SUPPORTED if test == "beyond chance" else UNDECIDED
        is_all_alike = common.low is None
        is_surely_more = common.low is not None and is_above(common.low, HALF)
        is_one_part = opposite == "beyond chance"
        return NOT_SUPPORTED if is_all_alike or is_surely_more or is_one_part else UNDECIDED

    return Draft(
        measure="mean overlap of two playings, as a share of the shorter one",
        value=common.value if common else None,
        low=common.low if common else None,
        high=common.high if common else None,
        n=len(playings),
        unit="playing",
        p_value=common.p_apart if common else None,
        p_opposite=common.p_alike if common else None,
        null_model=RULES["C2"].null_model,
        p_floor=common.p_floor if common else None,
        limits=[*_day_limits(results), *_overlap_limits(common, parameters)],
        figures={
            "share_of_song_heard": heard.share_of_song if heard else None,
            "chance_overlap": common.chance if common else None,
            "chance_low": common.chance_low if common else None,
            "chance_high": common.chance_high if common else None,
        },
        decide=decide,
    )


def _overlap_limits(common: MeanOverlap | None, parameters: MeasureParameters) -> list[str]:
    if common is None:
        return ["Fewer than three playings are too few to decide"]
    is_apart = is_below(common.value, HALF)
    limits = [
        "Random starts in the song give parts as different, so this is not beyond chance"
        if is_apart and common.p_apart > parameters.alpha
        else "Parts of the song that repeat each other count as different parts"
    ]
    if common.low is None:
        limits.append(
            "Any two playings have the same share in common, so that there is no interval"
        )
    return limits


def going_on(results: Results, row: Continuation, parameters: MeasureParameters) -> Draft:
    """C3: how many transitions go on where the song had stopped."""
    n = row.n_transitions
    p_value = (
        None
        if row.p_uniform_starts is None or row.p_permuted_order is None
        else max(row.p_uniform_starts, row.p_permuted_order)
    )
    return Draft(
        measure=(
            f"share of transitions that start within {row.within_s:g} s of where the song had "
            "stopped, and more than twice as near to that as to any rival"
        ),
        value=row.share,
        low=row.share_low,
        high=row.share_high,
        n=n,
        unit="transition",
        p_value=p_value,
        null_model=RULES["C3"].null_model,
        p_floor=row.p_floor,
        power=row.power,
        limits=[
            *_day_limits(results),
            "A song that is masked for a while and then goes on is one playing, and no transition",
            *_number_limits(row),
            *_unclear_limits(row),
            *_rival_limits(results, row),
            *_power_limits(
                row.power, f"a film in which {row.power_if_share:.0%} of transitions go on"
            ),
        ],
        figures=_figures_of_going_on(row),
        decide=_rule_of_going_on(row, parameters),
    )


def _figures_of_going_on(row: Continuation) -> dict[str, float | None]:
    return {
        "n_hits": row.n_go_on,
        "n_cannot_be_told": row.n_cannot_be_told,
        "p_uniform_starts": row.p_uniform_starts,
        "p_permuted_order": row.p_permuted_order,
        "p_at_most": row.p_at_most,
        **{f"log_likelihood_{name}": x for name, x in row.log_likelihood_ratios.items()},
        "n_across_scenes": row.n_across_scenes,
        "n_across_days": row.n_across_days,
        "n_day_transitions": row.n_day_transitions,
        "n_go_on_next_day": row.n_go_on_next_day,
    }


def _rule_of_going_on(row: Continuation, parameters: MeasureParameters) -> Decide:
    n, ratios = row.n_transitions, row.log_likelihood_ratios
    least, most = (
        hits / n if n else 0.0 for hits in (row.n_go_on, row.n_go_on + row.n_cannot_be_told)
    )

    def decide(test: Test, _opposite: Test = "none", /) -> Verdict:
        if n < LEAST_TRANSITIONS or row.power is None:
            return UNDECIDED
        if least >= HALF:
            is_best = max(ratios, key=lambda name: ratios[name]) == "continues"
            return SUPPORTED if test == "beyond chance" and is_best else UNDECIDED
        is_rare = row.share_high is not None and row.share_high < HALF
        is_chance = (
            most < HALF
            and test == "within chance"
            and row.p_at_most is not None
            and row.p_at_most > parameters.alpha
            and row.power >= ENOUGH_POWER
        )
        return NOT_SUPPORTED if is_rare or is_chance else UNDECIDED

    return decide


def _number_limits(row: Continuation) -> list[str]:
    few = {
        0: "Without a second playing there is no transition",
        1: "One transition is too few to decide",
    }
    return [few[row.n_transitions]] if row.n_transitions in few else []


def _power_limits(power: float | None, supposed: str) -> list[str]:
    return [] if power is None else [f"The power is for {supposed}"]


def loudly(results: Results, row: Loudness) -> Draft:
    """C4: how much louder than the speech the song is."""
    own = [one for one in results.occurrences if one.song_id == row.song_id]
    return Draft(
        measure=(
            "level of the song less that of the speech it plays under, LU (Hodges-Lehmann "
            "estimate: the median of all pairwise means)"
        ),
        value=row.median_lu,
        low=row.low_lu,
        high=row.high_lu,
        n=row.n,
        unit="measured playing",
        p_value=row.p_sign,
        p_opposite=row.p_softer,
        null_model=RULES["C4"].null_model,
        power=row.power,
        limits=[
            "The difference holds for the mix of this edition",
            "While somebody speaks, all that is not the song counts as speech, ambience included",
            *(["Under no playing was the level of speech measured"] if row.n == 0 else []),
            *_power_limits(
                row.power,
                f"a song that is louder than the speech in {LOUDER_SHARE:.0%} of its playings",
            ),
        ],
        figures={
            "n_hits": row.n_louder,
            "louder_share": row.louder_share,
            "median_low_hz": _median(o.low_hz for o in own),
            "median_high_hz": _median(o.high_hz for o in own),
        },
        decide=_rule_of_loudness(row),
    )


def _rule_of_loudness(row: Loudness) -> Decide:
    def decide(test: Test, opposite: Test = "none", /) -> Verdict:
        if row.median_lu is None:
            return UNDECIDED
        # few playings have no interval
        low_lu, high_lu = row.low_lu, row.high_lu
        if test == "beyond chance" and is_above(row.median_lu if low_lu is None else low_lu, 0):
            return SUPPORTED
        highest_lu = row.median_lu if high_lu is None else high_lu
        is_softer = is_below(highest_lu, 0) and opposite == "beyond chance"
        is_unheard = high_lu is not None and is_below(high_lu, _HEARD_LU)
        return NOT_SUPPORTED if is_softer or is_unheard else UNDECIDED

    return decide


def evenly(row: Repetition, parameters: MeasureParameters) -> Draft:
    """C8: how even the gaps between playings are."""

    def decide(test: Test, _opposite: Test = "none", /) -> Verdict:
        if test == "none" or row.power is None:
            return UNDECIDED
        if test == "beyond chance":
            return SUPPORTED
        is_chance = test == "within chance" and row.power >= ENOUGH_POWER
        return NOT_SUPPORTED if is_chance else UNDECIDED

    return Draft(
        measure="burstiness of the film time between playings (−1 even, 0 chance, 1 bursts)",
        value=row.burstiness,
        n=max(0, row.n_playings - 1),
        unit="gap",
        p_value=row.p_regular,
        null_model=RULES["C8"].null_model,
        p_floor=1 / (1 + parameters.n_draws),
        power=row.power,
        limits=[
            "This is about the song alone",
            "What else makes the days alike is not measured",
            *_power_limits(
                row.power, f"gaps whose standard deviation is {EVEN_VARIATION:.0%} of their mean"
            ),
            *_chance_limits(row, parameters),
        ],
        figures={"chance_low": row.chance_low, "chance_high": row.chance_high},
        decide=decide,
    )


def _chance_limits(row: Repetition, parameters: MeasureParameters) -> list[str]:
    if row.chance_low is None or row.chance_high is None:
        return []
    gives = between(row.chance_low, row.chance_high)
    return [f"Playings at random times give {gives} in {parameters.level:.0%} of films"]


def _unclear_limits(row: Continuation) -> list[str]:
    n = row.n_cannot_be_told
    if n == 0:
        return []
    return [
        f"{n} of {row.n_transitions} transition{'' if row.n_transitions == 1 else 's'} cannot be "
        "decided, since another start fits as well",
        "The bounds count what cannot be decided both ways",
    ]


def _rival_limits(results: Results, row: Continuation) -> list[str]:
    starts = [playing.first for playing in playings_of(timed(results.occurrences), row.song_id)[1:]]
    n_rivals = sum(bool(one.rivals_song_s) for one in starts)
    if n_rivals == 0:
        return []
    return [
        f"{n_rivals} of {len(starts)} start{'' if len(starts) == 1 else 's'} "
        f"{'fits' if n_rivals == 1 else 'fit'} another song time as well: the song repeats itself"
    ]


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _day_limits(results: Results) -> list[str]:
    if any(scene.day is not None for scene in results.scenes):
        return ["Days are those of the scene table"]
    return ["No days are marked in a scene table, and sound does not say whether one has passed"]
