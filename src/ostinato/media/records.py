"""What results say of the recordings that were analysed, down to their bytes."""

import dataclasses

from ostinato.legible import as_text
from ostinato.media.working_copy import WorkingCopy
from ostinato.results import Credits, Film, Song

__all__ = ["film_record", "song_record"]


def film_record(film: WorkingCopy, *, edition: str | None, named: Credits | None = None) -> Film:
    """Describe a film.

    Parameters
    ----------
    film : WorkingCopy
        Its sound.
    edition : str or None
        Which edition it is, in a person's words.
    named : Credits, optional
        Which film it is, in a person's words.

    Returns
    -------
    Film
        Named after its file.
    """
    return Film(
        name=as_text(film.path.resolve().name),
        edition=edition,
        sha256=film.sha256,
        pcm_sha256=film.pcm_sha256,
        duration_s=film.duration_s,
        start_s=film.start_s,
        sample_rate_hz=film.rate_hz,
        channels=film.n_source_channels,
        stream=film.stream,
        loudness_lufs=film.loudness_lufs,
        truncated_at_s=film.truncated_at_s,
        clock=film.clock,
        origin_s=film.origin_s,
        second_stream=film.second_stream,
        channel=film.taken_channel,
        files=film.files if len(film.files) > 1 else (),
        condition=film.condition,
        **dataclasses.asdict(named or Credits()),
    )


def song_record(song: WorkingCopy, *, song_id: str, title: str) -> Song:
    """Describe a song.

    Parameters
    ----------
    song : WorkingCopy
        Its sound.
    song_id, title : str
        What results call it.

    Returns
    -------
    Song
        With its hashes and its length.
    """
    return Song(
        id=song_id,
        title=title,
        sha256=song.sha256,
        pcm_sha256=song.pcm_sha256,
        duration_s=song.duration_s,
        condition=song.condition,
    )
