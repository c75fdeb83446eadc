"""The program as a work to be cited: who made it, what it is called, and when it came out."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata

from ostinato.results import Results
from ostinato.version import RELEASED, VERSION

_ADDRESSES = ("Repository", "Source", "Homepage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What CITATION.cff and the package say of the program; None for what they do not say."""

    author: str
    title: str
    headline: str
    version: str
    year: str | None
    url: str | None


def program_of(results: Results) -> Program:
    """Return the program that made results."""
    version = results.run.version
    return Program(
        author="The Ostinato developers",
        title="Ostinato: how a film's soundtrack repeats itself and who speaks in it",
        headline="Ostinato: How a Film's Soundtrack Repeats Itself and Who Speaks in It",
        version=version,
        year=RELEASED[:4] if version == VERSION else None,
        url=_address(),
    )


def _address() -> str | None:
    """Return where the package says that the program is to be had."""
    try:
        said = metadata("ostinato").get_all("Project-URL") or []
    except PackageNotFoundError:  # run from a folder that nobody has installed
        return None
    urls = dict(line.split(", ", 1) for line in said)
    return next((urls[name] for name in _ADDRESSES if name in urls), None)
