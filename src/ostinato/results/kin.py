"""Of which file a table was written whose film has the same sound, as after remuxing."""

from pathlib import Path

import msgspec

from ostinato.errors import StudyError
from ostinato.results.drawn import read_drawn
from ostinato.results.manifest import RESULTS_NAME
from ostinato.results.same_film import Hashes, Recording, is_same_film

_LABELS_FOLDER = "labels"


class _Of(msgspec.Struct):
    film: Hashes


def files_of_same_sound(table: Path, film: Recording) -> frozenset[str]:
    """Find the files that hold the sound of a film, by what lies beside a table.

    Parameters
    ----------
    table : pathlib.Path
        Of labels, beside what was drawn or beside results.
    film : Recording
        That is analysed.

    Returns
    -------
    frozenset of str
        Hashes of files, that of the film's own among them. Where the sound of the film is not
        known yet, all that it may turn out to be.
    """
    found = [film]
    for folder in (table.parent, table.parent / _LABELS_FOLDER):
        drawn = _drawn(folder)
        if drawn is not None:
            found.append(drawn)
    for folder in (table.parent, table.parent.parent):
        results = _results(folder)
        if results is not None:
            found.append(results)
    return frozenset(
        one.sha256
        for one in found
        if is_same_film(one, film) or (film.pcm_sha256 is None and one.pcm_sha256 is not None)
    )


def _drawn(folder: Path) -> Recording | None:
    try:
        record = read_drawn(folder)
    except StudyError:  # what is damaged bears no witness
        return None
    return None if record is None else record.film


def _results(folder: Path) -> Recording | None:
    try:
        return msgspec.json.decode((folder / RESULTS_NAME).read_bytes(), type=_Of).film
    except (OSError, msgspec.MsgspecError, ValueError):
        return None
