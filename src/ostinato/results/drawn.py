"""What was drawn, and of what: kept beside the files that go out, which people change."""

import dataclasses
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from ostinato.errors import StudyError
from ostinato.results.findings import SampledLabel
from ostinato.results.same_film import Hashes, Recording, is_same_film
from ostinato.whole_files import read_whole

DRAWN_NAME = "drawn.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSample:
    """A random sample: `frame` is all that could be drawn, `drawn` the identities that were.

    `film_pcm_sha256` is of the film's sound, which another file may hold as well; None where an
    earlier version drew.
    """

    schema: Literal["ostinato-sample/1"] = "ostinato-sample/1"
    film_sha256: str
    frame: tuple[SampledLabel, ...]
    drawn: tuple[str, ...]
    film_pcm_sha256: str | None = None

    def is_of(self, film: Recording) -> bool:
        """Tell whether it was drawn from a film: the file, or another one of the same sound."""
        return is_same_film(self.film, film)

    @property
    def film(self) -> Hashes:
        """From which it was drawn."""
        return Hashes(sha256=self.film_sha256, pcm_sha256=self.film_pcm_sha256)

    @property
    def sample(self) -> tuple[SampledLabel, ...]:
        """What was drawn, each with the probability with which it was; all are open."""
        names = set(self.drawn)
        of_stratum = Counter(one.stratum for one in self.frame)
        n_drawn = Counter(one.stratum for one in self.frame if one.segment in names)
        return tuple(
            dataclasses.replace(one, p_inclusion=n_drawn[one.stratum] / of_stratum[one.stratum])
            for one in self.frame
            if one.segment in names
        )


def encode_drawn(drawn: DrawnSample) -> bytes:
    """Encode what was drawn.

    Parameters
    ----------
    drawn : DrawnSample
        A sample.

    Returns
    -------
    bytes
        UTF-8 JSON.
    """
    return msgspec.json.format(msgspec.json.encode(drawn), indent=1) + b"\n"


def read_drawn(folder: Path) -> DrawnSample | None:
    """Read what was drawn.

    Parameters
    ----------
    folder : pathlib.Path
        Of the files that went out.

    Returns
    -------
    DrawnSample or None
        None if nothing was, or by an earlier version.

    Raises
    ------
    StudyError
        If it is damaged.
    """
    path = folder / DRAWN_NAME
    try:
        return msgspec.json.decode(read_whole(path), type=DrawnSample)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise StudyError(
            str(path),
            f"it does not say what was drawn ({error})",
            f"Move {folder} away and draw anew",
        ) from error
