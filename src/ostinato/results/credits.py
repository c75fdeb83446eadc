"""Which film it is, as a list of references names it: a file's name is no title."""

from dataclasses import dataclass

from ostinato.errors import ParameterError

_FIRST_YEAR, _LAST_YEAR = 1870, 2200
_LONGEST = 500  # characters; no title is longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """What a person says of the film as a work.

    Parameters
    ----------
    title : str or None
        As the essay gives it.
    director : str or None
        As it is spoken, ``Wong Kar-wai``; semicolons part several.
    director_family : str or None
        The family name of each, where it does not come last; semicolons part several.
    year : int or None
        Of the first release.
    country, distributor : str or None
        Where the film was made, and who released it.

    Raises
    ------
    ParameterError
        If a text is empty or longer than any, or the year is none of a film.
    """

    title: str | None = None
    director: str | None = None
    director_family: str | None = None
    year: int | None = None
    country: str | None = None
    distributor: str | None = None

    def __post_init__(self) -> None:
        for name in ("title", "director", "director_family", "country", "distributor"):
            text = getattr(self, name)
            what = f"{name} of the film"
            if text is not None and not text.strip():
                raise ParameterError(what, "it is empty", "Write it, or leave the line out")
            if text is not None and len(text) > _LONGEST:
                raise ParameterError(
                    what, f"it has {len(text):,} characters", f"Give {_LONGEST} at most"
                )
        if self.year is not None and not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise ParameterError(
                f"year of the film {self.year}",
                "no film was released in it",
                f"Give a year from {_FIRST_YEAR} to {_LAST_YEAR}",
            )
