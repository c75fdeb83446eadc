"""How long an analysis may take, and what room it needs: by lengths, and by what was measured.

`docs/method.md` says on what the rates were measured.
Other machines, other films and other songs take a third as long or three times as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_MEDIA_S = 0.5  # a minute of sound: decoding, its hash, its loudness
_CUES_S = 5.0  # a minute of film and song
_CUES_CONSTANT_S = 2.0  # a song
_SEPARATION_S = 20.0  # a minute of film in which a song is heard
_SPEECH_S, _VOICES_S = 3.0, 2.0  # a minute of film
_DISCOVER_S = 2.0  # a minute of film
_MEASURES_S = 2.0
_HEARD_SHARE = 0.15  # of a film, by its songs, where nothing is known of it
SPREAD = 3.0
"""A run takes between the expected time divided by this and multiplied with it."""

_SAMPLE_BYTES = 4
_TRACK_BYTES_PER_S = 8_000 * _SAMPLE_BYTES  # each view of the film at 8 kHz
_STEM_SHARE = 0.7  # of 24 bits, as FLAC
_STEM_BYTES_PER_SAMPLE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """A recording that is to be decoded.

    Parameters
    ----------
    duration_s : float
        As its container states it.
    sample_rate_hz : int
        Of its stream.
    n_channels : int
        Of its working copy: 1, 2, 3 or 4.
    is_decoded : bool
        Whether its working copy is in the cache.
    """

    duration_s: float
    sample_rate_hz: int
    n_channels: int
    is_decoded: bool = False

    @property
    def n_bytes(self) -> int:
        """What its working copy takes."""
        rate_hz = min(48_000, self.sample_rate_hz)
        return round(self.duration_s * rate_hz) * _SAMPLE_BYTES * self.n_channels


def expected_stages_s(
    film_s: float, songs_s: Sequence[float], stages: Sequence[str]
) -> dict[str, float]:
    """Return what each stage of an analysis is expected to take.

    Parameters
    ----------
    film_s : float
        Length of the film.
    songs_s : sequence of float
        Lengths of the songs.
    stages : sequence of str
        Those of the study.

    Returns
    -------
    dict of str to float
        Seconds by stage, in their order, without anything that the cache holds.
    """
    minutes, songs = film_s / 60, len(songs_s)
    expected = {"media": _MEDIA_S * (minutes + sum(songs_s) / 60)}
    if "cues" in stages:
        expected["cues"] = songs * (_CUES_CONSTANT_S + _CUES_S * minutes)
    if "separation" in stages:
        expected["separation"] = _SEPARATION_S * _HEARD_SHARE * minutes if songs else 0.0
    if "speech" in stages:
        expected |= {"speech": _SPEECH_S * minutes, "voices": _VOICES_S * minutes}
    return expected | {"measures": _MEASURES_S}


def expected_discovery_s(film_s: float) -> dict[str, float]:
    """Return what each stage is expected to take that looks for what a film repeats.

    Parameters
    ----------
    film_s : float
        Length of the film.

    Returns
    -------
    dict of str to float
        Seconds by stage, in their order.
    """
    minutes = film_s / 60
    expected = {"media": _MEDIA_S * minutes, "discover": _DISCOVER_S * minutes}
    return expected | {"measures": _MEASURES_S}


def room_bytes(recordings: Sequence[Lasting], *, n_stems: int) -> tuple[int, int]:
    """Return the room that an analysis needs in the cache: what stays there, and all at its height.

    Parameters
    ----------
    recordings : sequence of Lasting
        The film first.
    n_stems : int
        How many stems are to be written; 0 for none.

    Returns
    -------
    stays, at_most : int
        Bytes.
    """
    stays = sum(one.n_bytes for one in recordings if not one.is_decoded)
    film = recordings[0]
    n_stereo = min(2, film.n_channels)
    scratch = round(film.duration_s * _TRACK_BYTES_PER_S * max(1, film.n_channels))
    stem = _STEM_SHARE * _STEM_BYTES_PER_SAMPLE * film.n_bytes / (_SAMPLE_BYTES * film.n_channels)
    taken_out = film.n_bytes * n_stereo // film.n_channels if n_stems else 0
    stays += round(_HEARD_SHARE * taken_out)
    return stays, stays + max(scratch, taken_out) + round(n_stems * n_stereo * stem)
