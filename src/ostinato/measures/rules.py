"""By what each claim is decided, in words: what a plan states before anybody has looked.

The rules themselves are in `song_drafts` and `speech_drafts`; docs/claims.md has these words in its
table, so that a reader and a plan are told the same.
"""

from dataclasses import dataclass

from ostinato.measures.questions import ClaimId


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a claim is supported, when it is not, and against which null model it is tested."""

    supported: str
    not_supported: str
    null_model: str | None = None


RULES: dict[ClaimId, Rule] = {
    "C1": Rule(
        supported=(
            "3 or more, for a twentieth of the film or more, and never away for more than two "
            "thirds of it"
        ),
        not_supported=(
            "fewer than 3; or less than a hundredth of the film; or away for more than nine tenths "
            "of it"
        ),
    ),
    "C2": Rule(
        supported=(
            "less than half, and less than starts anywhere in the song would give, beyond chance"
        ),
        not_supported=(
            "half or more, and its interval above half, or more than chance would give, or all "
            "pairs alike"
        ),
        null_model="starts anywhere in the song, lengths kept (Monte Carlo)",
    ),
    "C3": Rule(
        supported="at least half, beyond both null models, and *continues* the likeliest model",
        not_supported=(
            "beyond doubt fewer than half; or fewer than half and within chance although the power "
            "is .8"
        ),
        null_model=(
            "the larger p-value of two: uniform starts, order and lengths kept; "
            "the same playings in any other order"
        ),
    ),
    "C4": Rule(
        supported="above 0, beyond chance (sign test)",
        not_supported="below 0, beyond chance; or not above 0 although the power is .8",
        null_model="the speech is as often the louder (exact sign test over playings)",
    ),
    "C5": Rule(
        supported="interval of the share above half",
        not_supported="interval of the share below half",
    ),
    "C6": Rule(
        supported="above 0 whatever undetermined speech is, beyond chance",
        not_supported=(
            "surely less by 0.2; or not more, and so little beyond chance; or surely less than 0.2 "
            "more and within chance although the power for 0.2 is .8"
        ),
        null_model="the film's speech begins anywhere (circular shift; 10, 20 and 33 % together)",
    ),
    "C7": Rule(
        supported="more than half, whoever they are; the interval above half",
        not_supported="less than half, whoever they are; the interval below half",
    ),
    "C8": Rule(
        supported="more even than chance",
        not_supported="not so although the power is .8",
        null_model="playings placed at random between the first and the last",
    ),
}
"""By claim."""
