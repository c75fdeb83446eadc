"""What of a cue is seen and heard: a picture before and after its song was taken out; an excerpt.

The picture is kept beside `results.json`, which holds no sound, so that the figure can be drawn
again. Excerpts are cut out of stems when the page is to play them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from ostinato.results.records import read_record
from ostinato.timeline import Interval

PICTURE_NAME = "before-after.json"
"""Of the file in a folder of results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CuePicture:
    """Levels of the film, and of the film without the song, in bands of frequency over time.

    `film` and `remainder` hold a byte for each of `n_bands` bands, from low to high, and within
    each for `n_frames` frames from `start_s` to `end_s` of film time. 255 is `loudest_db` re full
    scale, and 0 is `depth_db` below that or less. Bands lie at equal ratios from `low_hz` to
    `high_hz`.
    """

    schema: Literal["ostinato-picture/1"] = "ostinato-picture/1"
    occurrence_id: str
    start_s: float
    end_s: float
    low_hz: float
    high_hz: float
    n_bands: int
    n_frames: int
    loudest_db: float
    depth_db: float
    film: bytes
    remainder: bytes

    def __post_init__(self) -> None:
        Interval(self.start_s, self.end_s)
        size = self.n_bands * self.n_frames
        if size <= 0 or {len(self.film), len(self.remainder)} != {size}:
            raise ValueError(f"it does not hold {self.n_bands} bands of {self.n_frames} frames")
        if not 0 < self.low_hz < self.high_hz or self.depth_db <= 0:
            raise ValueError("its bands or its levels make no sense")


def encode_picture(picture: CuePicture) -> bytes:
    """Encode a picture.

    Parameters
    ----------
    picture : CuePicture
        Of one cue.

    Returns
    -------
    bytes
        JSON, with the levels in base64.
    """
    return msgspec.json.encode(picture) + b"\n"


def read_picture(folder: Path) -> CuePicture | None:
    """Read the picture of a folder of results.

    Parameters
    ----------
    folder : pathlib.Path
        Of results.

    Returns
    -------
    CuePicture or None
        None where there is none: no song was cancelled, or an earlier version analysed the film.

    Raises
    ------
    StudyError
        If it is damaged.
    """
    return read_record(
        folder / PICTURE_NAME,
        CuePicture,
        lacks="it holds no picture of a cue",
        mend="Remove it to have levels drawn instead, or run `ostinato analyze` again",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Sound of a film from `start_s` to `end_s`, within one occurrence.

    `media_type` is that of `data`, such as ``audio/mpeg``.
    """

    occurrence_id: str
    start_s: float
    end_s: float
    media_type: str
    data: bytes

    @property
    def interval(self) -> Interval:
        """The stretch of film time."""
        return Interval(self.start_s, self.end_s)
