"""Which reader a file needs: told by its suffix, and where that is shared, by its content."""

from collections.abc import Callable
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.speech.annotations.elan import read_elan
from ostinato.speech.annotations.encoding import read_bytes
from ostinato.speech.annotations.foreign.foreign_rows import (
    MOST_ROWS,
    Collector,
    ForeignFile,
    too_many,
)
from ostinato.speech.annotations.foreign.foreign_tables import read_foreign_table, read_rttm
from ostinato.speech.annotations.foreign.json_files import read_json
from ostinato.speech.annotations.praat import read_praat
from ostinato.speech.annotations.subtitles.subtitle_file import read_screen
from ostinato.speech.annotations.tiers import Tiers

_SUBTITLES = (".srt", ".vtt", ".ass", ".ssa", ".ttml", ".dfxp", ".sbv", ".smi", ".sub")
_TABLES = (".txt", ".tsv", ".csv", ".tab")
_JSON = (".json", ".jsonld")
_KNOWN = ".eaf, .TextGrid, .txt, .tsv, .csv, .srt, .vtt, .ass, .rttm or .json"


def read_foreign(path: Path, *, film_name: str | None = None) -> ForeignFile:
    """Read a file of another program.

    Parameters
    ----------
    path : pathlib.Path
        Of ELAN, Praat, Audacity, a table, subtitles, RTTM, Web Annotation, or a speech recogniser.
    film_name : str, optional
        By which the film is known where a file names several recordings.

    Returns
    -------
    ForeignFile
        At least one row.

    Raises
    ------
    StudyError
        If it cannot be read, is of another kind, or holds no row with a start and an end.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in {".eaf", ".textgrid"}:
        return _with_tiers(path, film_name)
    if suffix == ".rttm":
        return read_rttm(path, film_name=film_name)
    if suffix in _JSON:
        return read_json(path)
    if suffix in _SUBTITLES:
        return _subtitles(path)
    if suffix in _TABLES:
        return read_foreign_table(path)
    raise StudyError(
        str(path),
        f"no program is known whose files end in {suffix or 'nothing'}",
        f"Give a file that ends in {_KNOWN}",
    )


def _with_tiers(path: Path, film_name: str | None) -> ForeignFile:
    is_elan = path.suffix.lower() == ".eaf"
    marks = (b"<ANNOTATION_VALUE",) if is_elan else (b"text =", b"mark =")
    data = read_bytes(path)
    if sum(map(data.count, marks)) > MOST_ROWS or data.count(b"\n") > 8 * MOST_ROWS:
        raise too_many(path)
    read: Callable[..., Tiers] = read_elan if is_elan else read_praat
    found = read(path, film_name=film_name)
    rows = Collector(path)
    for tier in found.tiers:
        for one in tier.rows:
            rows.take(tier.name, one.place, one.times_s or (None, None), one.word)
    return rows.found("ELAN" if is_elan else "Praat", "anything", found.notes)


def _subtitles(path: Path) -> ForeignFile:
    data = read_bytes(path)
    if max(map(data.count, (b"-->", b"Dialogue:", b"<p", b"<P", b"\n{", b"\n["))) > MOST_ROWS:
        raise too_many(path)
    screen = read_screen(path)
    rows = Collector(path)
    for number, cue in enumerate(screen.cues, start=1):
        speaker = next((one.speaker for one in cue.fragments if one.speaker), "")
        text = cue.words.strip()
        rows.take("", f"cue {number}", (cue.start_s, cue.end_s), text, speaker=speaker)
    rows.n_unread += screen.n_skipped
    if rows.first_unread is None and screen.skipped_line is not None:
        rows.first_unread = f"line {screen.skipped_line}"
    return rows.found(screen.format, "words")
