"""The table of a song's sections: verses, choruses and the like, in song time.

It is written as a scene table is: ``start``, ``end`` and ``name``.
"""

from pathlib import Path

from ostinato.results import SongSection
from ostinato.study.scenes import Wording, read_stretches

_OF_A_SONG = Wording(
    stretch="section", whole="song", mend="Give columns start, end and name, in song time"
)


def read_song_sections(path: Path) -> tuple[SongSection, ...]:
    """Read a table of a song's sections.

    Parameters
    ----------
    path : pathlib.Path
        The table; rows in any order. Sections may overlap and need not cover the song.

    Returns
    -------
    tuple of SongSection
        In song order.

    Raises
    ------
    StudyError
        If the file cannot be read or holds no section, a column is missing, or a row has no name, a
        time that is no timecode, or an end at or before its start.
    """
    rows = read_stretches(path, _OF_A_SONG).scenes
    return tuple(SongSection(name=x.name, start_s=x.start_s, end_s=x.end_s) for x in rows)
