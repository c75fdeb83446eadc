"""The claims that a study holds against its measures, and what each says if nobody words it."""

from dataclasses import dataclass
from typing import Literal

from ostinato.errors import ParameterError
from ostinato.results import Song

ClaimId = Literal["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8"]

STATEMENTS: dict[ClaimId, str] = {
    "C1": "The same song, {song}, is played constantly.",
    "C2": "{song} is heard from different parts.",
    "C3": "{song} goes on from where it had stopped.",
    "C4": "{song} is played louder than the speech.",
    "C5": "Narration takes the place of dialogue.",
    "C6": "Narration is used most at the beginning.",
    "C7": "The characters talk to themselves: nobody answers.",
    "C8": "{song} returns in an even rhythm.",
}
ABOUT_A_SONG = frozenset({"C1", "C2", "C3", "C4", "C8"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One claim of the essay.

    Parameters
    ----------
    id : str
        Which measure it is held against, C1 to C8.
    statement : str or None
        The essay's own words; those of `STATEMENTS` by default.
    song : str or None
        Title of the song that it is about; by default the one that is heard longest.

    Raises
    ------
    ParameterError
        If there is no such claim.
    """

    id: str
    statement: str | None = None
    song: str | None = None

    def __post_init__(self) -> None:
        if self.id not in STATEMENTS:
            raise ParameterError(
                f"claim {self.id!r}", "there is no such claim", f"Use {', '.join(STATEMENTS)}"
            )

    def wording(self, song: Song | None) -> str:
        """Return the statement, with the title of the song."""
        text = self.statement or STATEMENTS[self.id]  # type: ignore[index]
        if self.statement is None and song is None:
            text = text.replace("The same song, {song},", "The same song")
        if self.statement is None:
            text = text.format(song="the song" if song is None else f"“{song.title}”")
        return text[0].upper() + text[1:]


ALL_QUESTIONS = tuple(Question(id=claim) for claim in STATEMENTS)
"""Every claim that there is a measure for. A study states its own: none is tested by itself."""
