"""By what each claim is decided, in words: what a plan states before anybody has looked.

The rules themselves are in `song_drafts` and `speech_drafts`; docs/claims.md has these words in its
table, and each claim has its own in `results.json`: a reader and a plan are told the same. A rule
that decides otherwise than before has a new edition; one that is only worded better keeps its own.
"""

from dataclasses import dataclass

from ostinato.measures.questions import ClaimId


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a claim is supported, when it is not, and against which null model it is tested."""

    supported: str
    not_supported: str
    null_model: str | None = None
    edition: int = 1

    @property
    def in_words(self) -> str:
        """The rule as two sentences."""
        return f"Supported if {self.supported}. Not supported if {self.not_supported}."


RULES: dict[ClaimId, Rule] = {
    "C1": Rule(
        supported=(
            "there are 3 such moments or more, the song fills a twentieth of the film or more, and "
            "it is never away for more than two thirds of it"
        ),
        not_supported=(
            "there are fewer than 3, or it fills less than a hundredth of the film, or it is away "
            "for more than nine tenths of it"
        ),
    ),
    "C2": Rule(
        supported=(
            "the mean is less than half, and less than starts anywhere in the song would give, "
            "beyond chance"
        ),
        not_supported=(
            "it is half or more, and its interval lies above half, or all pairs are alike, or the "
            "opposite test is beyond chance"
        ),
        null_model="starts anywhere in the song, lengths kept (Monte Carlo)",
        edition=2,
    ),
    "C3": Rule(
        supported=(
            "at least half go on, the test is beyond chance, and of four models the likeliest is "
            "that the song goes on"
        ),
        not_supported=(
            "the interval lies below half, or fewer than half go on, within chance, although the "
            "power is .8"
        ),
        null_model=(
            "the larger p-value of two: uniform starts, order and lengths kept; "
            "the same playings in any other order"
        ),
    ),
    "C4": Rule(
        supported=(
            "the difference, and all of its interval where there is one, is above 0, beyond chance"
        ),
        not_supported=(
            "they are below 0, and the opposite test is beyond chance, or all of the interval lies "
            "below 1 LU, the least difference that is easily heard"
        ),
        null_model="the speech is as often the louder (exact sign test over playings)",
        edition=3,
    ),
    "C5": Rule(
        supported="all of the interval or range lies above 1, or all is narration",
        not_supported="all of the interval or range lies below 1",
    ),
    "C6": Rule(
        supported="all of the interval or range lies above 0, beyond chance",
        not_supported=(
            "all of it lies at −0.2 or below, or none above 0 and the opposite test is beyond "
            "chance, or all below 0.2 and the test within chance whatever undetermined speech is, "
            "although the power is .8"
        ),
        null_model=(
            "the film's speech begins anywhere (1,999 shifts in a circle; 10, 20 and 33% together)"
        ),
        edition=2,
    ),
    "C7": Rule(
        supported="all of the interval or range lies above half",
        not_supported="all of it lies below half",
    ),
    "C8": Rule(
        supported="the test for even gaps is beyond chance",
        not_supported="it is within chance although the power is .8",
        null_model="playings placed at random between the first and the last",
    ),
}
"""By claim."""
