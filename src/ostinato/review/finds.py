"""The blind random sample of a film in which a person listens for the songs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from ostinato.results import (
    DrawnFinds,
    Film,
    FindPiece,
    Hashes,
    encode_record,
    is_same_film,
    read_record,
    write_new,
)
from ostinato.review.edits import Unplaced
from ostinato.review.entries import Content, Edit, Entry
from ostinato.review.journal_lines import REVIEW_FOLDER

FINDS_NAME = f"{REVIEW_FOLDER}/finds.json"
Verdict = Literal["heard", "not heard", "cannot tell"]
_VERDICTS: dict[str, Verdict] = {
    "heard": "heard",
    "not heard": "not heard",
    "cannot tell": "cannot tell",
}


def read_finds(folder: Path, film: Film) -> DrawnFinds | None:
    """Read which pieces of a film were drawn.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.
    film : Film
        That of the results.

    Returns
    -------
    DrawnFinds or None
        None where none were, or those of another film.

    Raises
    ------
    StudyError
        If the file is damaged.
    """
    drawn = read_record(
        folder / FINDS_NAME,
        DrawnFinds,
        lacks="it does not say which pieces were drawn",
        mend="Put it back from a copy, or move it away and draw anew",
    )
    if drawn is None:
        return None
    own = Hashes(sha256=drawn.film_sha256, pcm_sha256=drawn.film_pcm_sha256)
    return drawn if is_same_film(own, film) else None


def write_finds(folder: Path, drawn: DrawnFinds) -> Path:
    """Keep which pieces were drawn; never over others.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.
    drawn : DrawnFinds
        What was drawn.

    Returns
    -------
    pathlib.Path
        Of the file.

    Raises
    ------
    StudyError
        If some were drawn before.
    MediaError
        If it cannot be written.
    """
    return write_new(folder / FINDS_NAME, encode_record(drawn))


def judge(piece: FindPiece, verdict: Verdict) -> Edit:
    """Say whether any of the songs is heard in a piece, without having seen an opinion.

    Parameters
    ----------
    piece : FindPiece
        Of the sample.
    verdict : str
        *heard*, *not heard* or *cannot tell*.

    Returns
    -------
    Edit
        To be given to `Journal.append`.
    """
    seen = Content(start_s=piece.start_s, end_s=piece.end_s)
    becomes = Content(start_s=piece.start_s, end_s=piece.end_s, kind=verdict)
    return Edit(on="find", act="judge", seen=(seen,), becomes=(becomes,), blind=True)


def verdicts_of(
    entries: Sequence[Entry], drawn: DrawnFinds | None
) -> tuple[dict[FindPiece, Verdict], list[Unplaced]]:
    """Find the pieces that entries are about; the later entry on one wins.

    Parameters
    ----------
    entries : sequence of Entry
        Those in force.
    drawn : DrawnFinds or None
        The sample.

    Returns
    -------
    verdicts : dict of FindPiece to str
        Of the pieces that were judged.
    unplaced : list of Unplaced
        The entries that are about no piece.
    """
    pieces = {} if drawn is None else {round(one.start_s, 3): one for one in drawn.drawn}
    verdicts: dict[FindPiece, Verdict] = {}
    unplaced = []
    for entry in entries:
        if entry.on != "find":
            continue
        content = entry.becomes[0] if entry.becomes else Content()
        piece = None if content.start_s is None else pieces.get(round(content.start_s, 3))
        verdict = _VERDICTS.get(content.kind or "")
        if piece is None or verdict is None:
            reason = "no piece of the random sample lies there"
            unplaced.append(Unplaced(entry=entry, reason=reason))
            continue
        verdicts[piece] = verdict
    return verdicts, unplaced
