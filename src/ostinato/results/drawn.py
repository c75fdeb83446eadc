"""What was drawn, and of what: kept beside the files that go out, which people change."""

import dataclasses
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from ostinato.errors import StudyError
from ostinato.results.findings import SampledLabel

DRAWN_NAME = "drawn.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSample:
    """A random sample: `frame` is all that could be drawn, `drawn` the identities that were."""

    schema: Literal["ostinato-sample/1"] = "ostinato-sample/1"
    film_sha256: str
    frame: tuple[SampledLabel, ...]
    drawn: tuple[str, ...]

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
        return msgspec.json.decode(path.read_bytes(), type=DrawnSample)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise StudyError(
            str(path),
            f"it does not say what was drawn ({error})",
            f"Move {folder} away and draw anew",
        ) from error
