"""All films as tables that DuckDB, pandas, polars and R read: a Parquet dataset for each layer.

The columns follow from the records of `results`, so that they are the same for every film, whatever
it holds. A dataset is a folder with a folder for each film; it is written from the results alone,
so that nothing can stand in it twice.
"""

import dataclasses
import types
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from ostinato.corpus.pairs import FilmRow, Pair
from ostinato.errors import StudyError
from ostinato.results import Results, records_of_rows, scope_as_text, scratch_in
from ostinato.undivided_steps import undivided

CATALOGUE = "catalogue"
Row = TypeVar("Row")
_SIMPLE = {str: "string", bool: "bool_", int: "int64", float: "float64"}


def check_arrow() -> None:
    """Refuse to begin what could not be written in the end.

    Raises
    ------
    StudyError
        If pyarrow is not installed.
    """
    _arrow()


def write_catalogue(
    folder: Path,
    results: Mapping[str, Results],
    *,
    films: Sequence[FilmRow],
    pairs: Sequence[Pair],
) -> Path:
    """Write the datasets of a corpus, in place of those that stand there.

    Parameters
    ----------
    folder : pathlib.Path
        Of the corpus.
    results : mapping of str to Results
        By the films' ids.
    films : sequence of FilmRow
        A row for each film, those that failed too.
    pairs : sequence of Pair
        A row for each film and song.

    Returns
    -------
    pathlib.Path
        The folder ``catalogue``: ``films`` and ``pairs`` are single files, a layer is a folder.

    Raises
    ------
    StudyError
        If pyarrow is not installed.
    MediaError
        If it cannot be written.
    """
    arrow = _arrow()
    place = folder / CATALOGUE
    with scratch_in(folder, "catalogue") as scratch:
        draft = scratch / "new"
        draft.mkdir()
        _write(arrow, draft / "films.parquet", FilmRow, films)
        _write(arrow, draft / "pairs.parquet", Pair, pairs)
        for film, one in results.items():
            for name, record in records_of_rows(Results).items():
                rows = getattr(one, name)
                if rows:
                    part = draft / name / f"film={film}"
                    part.mkdir(parents=True)
                    _write(arrow, part / "rows.parquet", record, rows)
        with undivided("the catalogue"):
            if place.exists():
                place.rename(scratch / "old")
            draft.rename(place)
    return place


def read_rows(folder: Path, name: str, record: type[Row]) -> tuple[Row, ...]:
    """Read the films or the pairs of a corpus.

    Parameters
    ----------
    folder : pathlib.Path
        Of the corpus.
    name : {'films', 'pairs'}
        Which.
    record : type
        `FilmRow` or `Pair`.

    Returns
    -------
    tuple of record
        In their order.

    Raises
    ------
    StudyError
        If there is no catalogue, or it cannot be read.
    """
    path = folder / CATALOGUE / f"{name}.parquet"
    try:
        table = _arrow().parquet.read_table(path)
        return tuple(msgspec.convert(row, record) for row in table.to_pylist())
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise StudyError(
            str(path),
            f"it is no table of a corpus ({error})",
            "Give the folder that ostinato corpus --out was given, once it has run",
        ) from error


def _write(arrow: Any, path: Path, record: type, rows: Iterable[object]) -> None:  # noqa: ANN401
    plain = [msgspec.to_builtins(row, enc_hook=scope_as_text) for row in rows]
    table = arrow.Table.from_pylist(plain, schema=arrow_schema(record))
    arrow.parquet.write_table(table, path, compression="zstd")


def arrow_schema(record: type) -> Any:  # noqa: ANN401 - of pyarrow, which need not be there
    """Return the columns of a record.

    Parameters
    ----------
    record : type
        A frozen dataclass of strings, numbers, truth values, other records, and tuples of these.

    Returns
    -------
    pyarrow.Schema
        A field for each of its own, in their order.
    """
    arrow = _arrow()
    hints = get_type_hints(record)
    return arrow.schema(
        [arrow.field(one.name, _type(arrow, hints[one.name])) for one in dataclasses.fields(record)]
    )


def _type(arrow: Any, hint: Any) -> Any:  # noqa: ANN401 - types of Python and of pyarrow
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        kinds = {_type(arrow, one) for one in inner if one is not type(None)}
        # a whole number or a decimal is a decimal
        return kinds.pop() if len(kinds) == 1 else arrow.float64()
    if origin is Literal:
        return arrow.string()
    if origin is tuple:
        return arrow.list_(_type(arrow, inner[0]))
    if origin is dict:
        return arrow.map_(_type(arrow, inner[0]), _type(arrow, inner[1]))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return arrow.struct(list(arrow_schema(hint)))
    known = next(name for kind, name in _SIMPLE.items() if issubclass(hint, kind))
    return getattr(arrow, known)()


def _arrow() -> Any:  # noqa: ANN401 - a module that need not be there
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        raise StudyError(
            "corpus", "pyarrow is not installed", "Install it: pip install 'ostinato[corpus]'"
        ) from error
