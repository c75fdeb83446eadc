"""What measures and tests make of the events: rows that an essay may cite.

As in all records, None is what could not be measured. `low` and `high` bound what they stand
beside, at the level that `run.parameters` names. `rests_on` says what a person has had a part in;
None where all is the program's own.
"""

from dataclasses import dataclass, field
from typing import Literal, get_args

from ostinato.results.scope import Scope
from ostinato.timeline import Interval

Verdict = Literal["supported", "not supported", "cannot be decided from this"]
Bounds = Literal["interval", "range"]
"""What `low` and `high` are: a confidence interval, or all that what is not known leaves open."""
Estimator = Literal["all decided", "range", "labels", "prediction-powered", "borrowed calibration"]
SAMPLE_COLUMNS = ("start_s", "end_s", "kind", "predicted", "stratum", "p_inclusion")
"""Of a table of segments that were drawn to be labelled."""
IDENTITY_COLUMNS = ("segment", "film", "edition")
"""What such a table says of each row beside: which segment it is, of which film."""
OPEN = "?"
"""What stands there in place of a kind that nobody has given yet."""
LabelKind = Literal["narration", "dialogue", "soliloquy", "undetermined", "none"]
LABEL_KINDS: tuple[LabelKind, ...] = get_args(LabelKind)
ENOUGH_POWER = 0.8
"""A test that finds nothing speaks against a claim only if it would have found it so often."""
STATED_DIFFERENCE = 0.2
"""The alternative of C6, for which power is given: so much more of the speech is narration at
first. What is surely less counts as no difference."""
WITHOUT_LABEL = "p_narration_without_label"
"""Among the evidence of a labelled segment: what was predicted when its label was held out."""


def odds(share: float | None) -> float | None:
    """Return narration for each second of dialogue.

    Parameters
    ----------
    share : float or None
        Narration among both, 0 to 1.

    Returns
    -------
    float or None
        None if there is no dialogue, or nothing is known.
    """
    return None if share is None or share >= 1 else share / (1 - share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """How often and how regularly one song is heard.

    `counts` says how many hearings there are if those less than `merge_gaps_s` apart count as one.
    `n_occasions` counts moments at which it is heard that are at least a minute apart.
    `heard_per_second` says how often each second of the song is heard. `burstiness` is -1 for
    even gaps, near 0 for chance and 1 for bursts; between `chance_low` and `chance_high` lie 95 %
    of films in which the playings are placed at random, and `p_regular` is the share of them that
    are as regular. `rank` is among the songs that were looked for, by time heard; `share_of_music`
    of all time in which any of them is heard.
    """

    song_id: str
    n_occurrences: int
    n_playings: int
    n_hearings: int
    heard_s: float
    share_of_film: float
    share_of_music: float | None
    rank: int
    n_songs: int
    longest_absence_s: float
    burstiness: float | None
    chance_low: float | None
    chance_high: float | None
    p_regular: float | None
    power: float | None
    merge_gaps_s: tuple[float, ...]
    counts: tuple[int, ...]
    heard_per_second: tuple[int, ...]
    n_occasions: int | None = None
    rests_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How much of the song two playings have in common; `share` is of the shorter one."""

    song_id: str
    from_id: str
    to_id: str
    overlap_s: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """Whether one song goes on where it had stopped.

    `n_go_on` of `n_transitions` start within `within_s` of where the song had stopped and can be
    distinguished from starting at the beginning, at the same place again, and from a record that
    kept turning; of `n_cannot_be_told` that is open, and then there is no single `share`, but
    bounds of what it may be. `p_uniform_starts` and `p_permuted_order` are for `n_go_on`, under two
    null models, both of which must be rejected; `p_at_most` is the larger of the two, had all that
    cannot be told gone on, and `p_floor` the least that it can be. `power` is the probability that
    both are rejected if `power_if_share` of as many transitions go on. `p_value_holm` is that of a
    claim on it, None where no claim is. `log_likelihood_ratios` are natural, over *anywhere*.
    `curve_chance_mean` is how many would go on within `curve_within_s` if the playings started
    anywhere; 95 % of such films lie between `curve_chance_low` and `curve_chance_high`.
    """

    song_id: str
    n_playings: int
    n_transitions: int
    n_go_on: int
    share: float | None
    share_low: float | None
    share_high: float | None
    within_s: float
    curve_within_s: tuple[float, ...]
    curve_n_go_on: tuple[int, ...]
    p_uniform_starts: float | None
    p_permuted_order: float | None
    power: float | None
    power_if_share: float
    log_likelihood_ratios: dict[str, float]
    n_across_scenes: int | None
    n_across_days: int | None
    n_day_transitions: int | None
    n_go_on_next_day: int | None
    p_value_holm: float | None = None
    n_cannot_be_told: int = 0
    p_at_most: float | None = None
    p_floor: float | None = None
    curve_chance_low: tuple[float, ...] = ()
    curve_chance_mean: tuple[float, ...] = ()
    curve_chance_high: tuple[float, ...] = ()
    rests_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Narration against dialogue within one scope.

    The seconds are those of the kinds in `speech`. `share` is narration over narration and
    dialogue, `ratio` narration over dialogue; `low` and `high` bound `share`, `ratio_low` and
    `ratio_high` bound `ratio`, None where unbounded. `estimator` says what they are: *all decided*,
    a count; *range*, what undetermined speech leaves, and no single number; *labels* and
    *prediction-powered*, an estimate from a random sample of `n_random_labels`; *borrowed
    calibration*, a count corrected by another film's errors. `naive_share` takes subtitles at their
    word, and `labels_share` is the sample alone. What ends in `_wrong` is what share and bounds
    would be if so many of the labels were wrong, of either kind alike.
    """

    scope: Scope
    narration_s: float
    dialogue_s: float
    undetermined_s: float
    ratio: float | None
    share: float | None
    low: float | None
    high: float | None
    method: str
    n_labels: int
    ratio_low: float | None = None
    ratio_high: float | None = None
    estimator: Estimator = "range"
    n_random_labels: int = 0
    naive_share: float | None = None
    labels_share: float | None = None
    labels_low: float | None = None
    labels_high: float | None = None
    share_if_2_percent_wrong: float | None = None
    low_if_2_percent_wrong: float | None = None
    high_if_2_percent_wrong: float | None = None
    share_if_5_percent_wrong: float | None = None
    low_if_5_percent_wrong: float | None = None
    high_if_5_percent_wrong: float | None = None
    rests_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioCurve:
    """Narration and dialogue up to a film time, and in a window around it.

    `share` and `rolling_share` are of what is decided; `rolling_low` and `rolling_high` are the
    least and the most that undetermined speech leaves open in the window, which lasts `window_s`.
    """

    film_s: float
    narration_s: float
    dialogue_s: float
    undetermined_s: float
    share: float | None
    rolling_share: float | None
    rolling_low: float | None = None
    rolling_high: float | None = None
    window_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledLabel:
    """A segment that was drawn at random and labelled by a person.

    `p_inclusion` is the probability with which it was drawn; `predicted` is what was said of it
    without the label. `segment` is its identity. While `is_open` nobody has given it a kind yet,
    and it counts as undetermined.
    """

    start_s: float
    end_s: float
    predicted: LabelKind
    kind: LabelKind
    stratum: str
    p_inclusion: float
    segment: str | None = None
    is_open: bool = False

    @property
    def interval(self) -> Interval:
        """The row as an interval of film time."""
        return Interval(self.start_s, self.end_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """What the classifier was trained on in this film, and how often it is right.

    It was trained on `n_narration` and `n_dialogue` segments; of those left open it decided
    `n_decided_narration` and `n_decided_dialogue`. It was tried on `n_tried` labels, each held out
    with its scene: *random labels* speak for the film, *chosen labels* for themselves. Of these it
    `abstained` from a share; of the others `balanced_accuracy` is the mean share that it has right
    of either kind, and `kappa` its agreement with the labels beyond chance.
    `calibration_error` is the mean distance of its probabilities from what came true, in five
    groups; groups so small scatter by themselves.
    """

    taught_by: str
    n_narration: int
    n_dialogue: int
    n_decided_narration: int
    n_decided_dialogue: int
    n_undetermined: int
    basis: str | None
    n_tried: int
    abstained: float | None
    balanced_accuracy: float | None
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None
    calibration_error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Monologue:
    """Speech that no other voice answers, within one scope.

    The voice of `unknown_s` seconds is not known. Where that matters, `share`, `turns_per_minute`
    and `median_latency_s` are None; what stands as low and high bounds them, whoever speaks there.
    `n_runs` and `unanswered_s` are the least that there can be. With a random sample of labels,
    `to_nobody_share` is the share that is soliloquy or narration, of `n_random_labels` and of all
    that was predicted, with its interval. Without one, people may still have said of `n_told` of
    the segments to whom they are spoken: then `to_nobody_low` and `to_nobody_high` bound that
    share, and it is known where all is told.
    """

    scope: Scope
    n_runs: int
    unanswered_s: float
    speech_s: float
    share: float | None
    low: float | None
    high: float | None
    turns_per_minute: float | None
    median_latency_s: float | None
    method: str
    unknown_s: float | None = None
    turns_per_minute_low: float | None = None
    turns_per_minute_high: float | None = None
    latency_low_s: float | None = None
    latency_high_s: float | None = None
    to_nobody_share: float | None = None
    to_nobody_low: float | None = None
    to_nobody_high: float | None = None
    n_random_labels: int = 0
    n_told: int = 0
    n_segments: int | None = None
    rests_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """The song's level less that of the speech it plays under, over the playings of one song.

    `louder_share` is the mean share of the speech, over occurrences by their length, during which
    the song is the louder. `median_lu` is the Hodges-Lehmann estimate over playings, the median of
    all pairwise means. `p_sign` is the probability by chance of as many playings that are louder,
    `p_softer` of as few.
    """

    song_id: str
    n: int
    median_lu: float | None
    low_lu: float | None
    high_lu: float | None
    n_louder: int
    louder_share: float | None
    p_sign: float | None
    power: float | None
    p_softer: float | None = None
    rests_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """The verdict of one claim under one set of choices, of which `is_main` is the study's own.

    A choice is None where it has no bearing on the claim: within `tolerance_s` a song goes on;
    playings that are `merge_gap_s` apart or less are one; `null_model` is *both*, *uniform starts*
    or *permuted order*; `detection` says which occurrences count, and `edges` where they lie;
    `labels` are *used* or *not used*; `level` is that of the intervals; the film's beginning is
    `first_percent` of it; and a voice is answered within `answer_s`. The other columns are as for
    the claim; `p_floor` is that of as many draws as these choices get.
    """

    claim_id: str
    is_main: bool
    verdict: Verdict
    value: float | None
    low: float | None
    high: float | None
    p_value: float | None
    p_value_holm: float | None
    tolerance_s: float | None = None
    merge_gap_s: float | None = None
    null_model: str | None = None
    detection: str | None = None
    edges: str | None = None
    labels: str | None = None
    level: float | None = None
    first_percent: int | None = None
    answer_s: float | None = None
    p_opposite: float | None = None
    p_opposite_holm: float | None = None
    p_floor: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim of an essay, and what was measured of it.

    `value`, with `low` and `high`, is what `measure` names, of `n` observations, each a `unit`;
    `bounds` says what low and high are. `p_value` is the probability of as extreme a value under
    `null_model`, `p_value_holm` the same for having asked all the questions of the study, `power`
    the probability that the test finds an effect worth the name in a film of this size. A claim
    that may be refuted by the opposite of what it says has `p_opposite` as well: the probability
    under `null_model` of a value as extreme the other way. `p_opposite_holm` is corrected for all
    opposite tests of the study. A p-value that is `p_floor` is the least that the test can give: it
    may be smaller. `rule` says in words what decides.
    """

    id: str
    statement: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    p_value: float | None
    null_model: str | None
    verdict: Verdict
    limits: str
    p_value_holm: float | None = None
    n: int | None = None
    power: float | None = None
    p_floor: float | None = None
    figures: dict[str, float | None] = field(default_factory=dict)
    unit: str | None = None
    bounds: Bounds | None = None
    p_opposite: float | None = None
    p_opposite_holm: float | None = None
    rule: str | None = None
    rests_on: str | None = None
