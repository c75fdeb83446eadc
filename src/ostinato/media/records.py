"""What results say of the recordings that were analysed, down to their bytes."""

from ostinato.media.working_copy import WorkingCopy
from ostinato.results import Film, Song

__all__ = ["film_record", "song_record"]


def film_record(film: WorkingCopy, *, edition: str | None) -> Film:
    """Describe a film.

    Parameters
    ----------
    film : WorkingCopy
        Its sound.
    edition : str or None
        Which edition it is, in a person's words.

    Returns
    -------
    Film
        Named after its file.
    """
    return Film(
        name=film.path.name,
        edition=edition,
        sha256=film.sha256,
        pcm_sha256=film.pcm_sha256,
        duration_s=film.duration_s,
        start_s=film.start_s,
        sample_rate_hz=film.sample_rate_hz,
        channels=film.n_source_channels,
        stream=film.stream,
        loudness_lufs=film.loudness_lufs,
        truncated_at_s=film.truncated_at_s,
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
    )
