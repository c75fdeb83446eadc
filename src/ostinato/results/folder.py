"""A folder of results: one command at a time, changed as a whole, and a person's files left alone.

Results may be written over what results wrote, by the manifest, and over nothing else: not what a
run reads, not what a person put there, not what a person changed. Folders of earlier versions have
no manifest; of what stands in the way there a copy is kept.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ostinato.errors import MediaError, OstinatoError, StudyError
from ostinato.results.codec import decode_results, generated, write_atomically
from ostinato.results.document import Results
from ostinato.results.identity import Recording, is_same_film
from ostinato.results.lock import UNFINISHED, Lock, check_free, locked, make_scratch, unheld
from ostinato.results.store import (
    MANIFEST_NAME,
    NEW,
    NO_MANIFEST,
    RESULTS_NAME,
    Manifest,
    WrittenFile,
    _files_in,
    _is_same_file,
    discard,
    encode_manifest,
    exchange,
    keep_copies,
    places_from,
    read_manifest,
    recover,
    unwritable,
)
from ostinato.undivided_steps import undivided
from ostinato.whole_files import read_whole


@dataclass(slots=True, kw_only=True)
class ResultsFolder:
    """A folder of results that one command has to itself; made by `at_work_in`.

    Parameters
    ----------
    path : pathlib.Path
        The folder.
    lock : Lock
        That it is ours.
    inputs : tuple of pathlib.Path
        What the command reads: never written over, never removed.
    manifest : Manifest
        What results wrote into it; empty where they wrote nothing.
    earlier : Results or None
        The results that it holds.
    is_unlisted : bool
        Whether it is of an earlier version, which kept no manifest.
    left : list of str
        Names of files that an earlier run wrote and this one did not, and that stay because they
        were changed since, or are read.
    copies : pathlib.Path or None
        Where copies were kept of what an earlier version may have written.
    """

    path: Path
    lock: Lock
    inputs: tuple[Path, ...]
    manifest: Manifest
    earlier: Results | None
    is_unlisted: bool
    left: list[str] = field(default_factory=list)
    copies: Path | None = None

    def check_film(self, film: Recording) -> None:
        """Refuse a folder that holds the results of another film."""
        earlier = None if self.earlier is None else self.earlier.film
        if earlier is not None and not is_same_film(earlier, film):
            raise StudyError(
                str(self.path),
                f"it holds the results of another film, {earlier.name}",
                "Give another folder with --out, or --replace to have these take their place",
            )

    def check_places(self, names: Iterable[str]) -> None:
        """Refuse, before hours are spent, if a place is taken by what results did not write.

        Places where an earlier run wrote tables or figures count as well.
        """
        before = (
            one.name
            for one in self.manifest.files
            if one.part == "run" and ("/" not in one.name or one.name.startswith("figures/"))
        )
        with _told_of(self.path):
            for name in sorted({*names, *before}):
                self._check_place(name, None)

    def holds(self, one: WrittenFile) -> bool:
        """Tell whether a file is as it was written; MediaError if that cannot be read."""
        with _told_of(self.path):
            return one.is_as_written(self.path)

    @contextmanager
    def replaced(
        self, *, is_whole: bool, part: str = "run", instead_of: Sequence[str] = ()
    ) -> Iterator[Path]:
        """Give an empty folder to write into; at the end its files take their places as a whole.

        If anything fails before that, all is as it was. With `is_whole` what an earlier run wrote
        and this one did not is removed; otherwise only what is named in `instead_of`. `part` is
        what the files are a part of.
        """
        with _told_of(self.path):
            scratch = make_scratch(self.path, "results")
            try:
                draft = scratch / NEW
                draft.mkdir()
                yield draft
                with undivided("results take their places"):
                    self._exchange(scratch, is_whole=is_whole, part=part, instead_of=instead_of)
            except BaseException:
                discard(scratch)
                raise
            shutil.rmtree(scratch, ignore_errors=True)

    def _exchange(
        self, scratch: Path, *, is_whole: bool, part: str, instead_of: Sequence[str]
    ) -> None:
        draft = scratch / NEW
        new = {one.name: one for one in _files_in(draft, part)}
        is_new_film = self._is_new_film(draft)
        in_the_way = [name for name, one in new.items() if self._check_place(name, one)]
        if is_new_film and self._holds_labels and RESULTS_NAME not in in_the_way:
            in_the_way.append(RESULTS_NAME)
        if in_the_way:
            self.copies = keep_copies(self.path, in_the_way)
        removed, kept = self._of_earlier_runs(
            new, is_whole=is_whole, is_new_film=is_new_film, instead_of=instead_of
        )
        manifest = replace(self.manifest, files=(*new.values(), *kept))
        if is_whole:
            manifest = replace(manifest, read=tuple(places_from(self.path, self.inputs)))
        (draft / MANIFEST_NAME).write_bytes(encode_manifest(manifest))
        self._check_held()
        exchange(self.path, scratch, tuple(new.values()), removed=removed)
        self._check_held()
        self.manifest = manifest
        self.is_unlisted = self.is_unlisted and manifest.file(RESULTS_NAME) is None

    def note_export(self, sha256: str) -> None:
        """Remember that a label file elsewhere is ours, so that it may be replaced."""
        self.manifest = replace(self.manifest, exports=(*self.manifest.exports, sha256))
        write_atomically(self.path / MANIFEST_NAME, encode_manifest(self.manifest))

    @property
    def _holds_labels(self) -> bool:
        earlier = self.earlier
        return earlier is not None and bool(earlier.labels or earlier.chosen)

    def _check_held(self) -> None:
        if not self.lock.is_held:
            raise MediaError(
                str(self.path),
                "it was removed, or taken by another command, while this one was at work",
                "Run this again",
            )

    def _is_new_film(self, draft: Path) -> bool:
        path = draft / RESULTS_NAME
        if self.earlier is None or not path.exists():
            return False
        return not is_same_film(self.earlier.film, decode_results(path.read_bytes()).film)

    def _of_earlier_runs(
        self,
        new: dict[str, WrittenFile],
        *,
        is_whole: bool,
        is_new_film: bool,
        instead_of: Sequence[str],
    ) -> tuple[list[str], list[WrittenFile]]:
        """Part what earlier runs wrote into what goes and what stays theirs."""
        removed: list[str] = []
        kept: list[WrittenFile] = []
        for one in self.manifest.files:
            if one.name in new:
                continue
            stays = not is_whole or one.part == "demo" or (one.part != "run" and not is_new_film)
            if stays and one.name not in instead_of:
                kept.append(one)
            elif self._is_input(self.path / one.name) or not one.is_as_written(self.path):
                if os.path.lexists(self.path / one.name):
                    self.left.append(one.name)
            else:
                removed.append(one.name)
        return removed, kept

    def _check_place(self, name: str, new: WrittenFile | None) -> bool:
        """Refuse if a place is a person's; tell whether a copy must be kept of what is there."""
        place = self.path / name
        self._check_parents(place)
        if not os.path.lexists(place):
            return False
        if self._is_input(place):
            raise StudyError(
                str(place),
                "it is read, and would be written over",
                "Give a copy of it that lies elsewhere, or another folder for the results",
            )
        listed = self.manifest.file(name)
        is_ours = not place.is_symlink() and (
            (listed is not None and listed.is_as_written(self.path))
            or (new is not None and new.is_as_written(self.path))
        )
        if is_ours:
            return False
        if self.is_unlisted and place.is_file() and not place.is_symlink():
            return not self._is_generated(name)
        reason = "it is not what was written there: somebody has changed it since"
        if listed is None:
            reason = "it is there already, and results did not write it"
        raise StudyError(
            str(place),
            reason,
            "Move or rename it, or give another folder",
        )

    def _check_parents(self, place: Path) -> None:
        for parent in place.relative_to(self.path).parents:
            folder = self.path / parent
            if parent != Path() and (
                folder.is_symlink() or (folder.exists() and not folder.is_dir())
            ):
                raise StudyError(
                    str(folder),
                    "results go into a folder of this name, and it is a link or a file",
                    "Move or rename it, or give another folder",
                )

    def _is_input(self, place: Path) -> bool:
        return any(_is_same_file(place, path) for path in self.inputs)

    def _is_generated(self, name: str) -> bool:
        """Whether a file of an earlier version says what its results say, to the letter."""
        if self.earlier is None:
            return False
        content = generated(self.earlier, name)
        return content is not None and (self.path / name).read_bytes() == content


@contextmanager
def at_work_in(folder: Path, *, inputs: Sequence[Path] = ()) -> Iterator[ResultsFolder]:
    """Have a folder of results to oneself for as long as a command takes.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it does not exist, and taken away again if it stays empty.
    inputs : sequence of pathlib.Path, optional
        What the command reads.

    Yields
    ------
    ResultsFolder
        What it holds is known; what a killed command had left there is mended.

    Raises
    ------
    StudyError
        If another command is at work in it.
    MediaError
        If it cannot be written to.
    """
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        with ExitStack() as stack:
            with _told_of(folder):
                folder.mkdir(parents=True, exist_ok=True)
                lock = stack.enter_context(locked(folder))
                recover(folder)
                work = _opened(folder, lock, tuple(inputs))
            yield work
    finally:
        for place in made:
            with suppress(OSError):  # all went well: it is not empty
                place.rmdir()


def look_into(folder: Path, *, inputs: Sequence[Path] = ()) -> ResultsFolder:
    """See what a folder of results holds, and change nothing: it is nobody's meanwhile.

    Parameters
    ----------
    folder : pathlib.Path
        Need not exist.
    inputs : sequence of pathlib.Path, optional
        What a command would read.

    Returns
    -------
    ResultsFolder
        To be checked, not to be written into.

    Raises
    ------
    StudyError
        If another command is at work in it.
    """
    check_free(folder)
    return _opened(folder, unheld(folder), tuple(inputs))


@contextmanager
def replaced_at_once(folder: Path, *, inputs: Sequence[Path] = ()) -> Iterator[Path]:
    """Give an empty folder to write into; at the end its files take their places in another.

    If anything fails before that, `folder` keeps what it had.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it does not exist. Files that are not written anew stay.
    inputs : sequence of pathlib.Path, optional
        What is read meanwhile, and never written over.

    Yields
    ------
    pathlib.Path
        Where to write.

    Raises
    ------
    MediaError
        If a file cannot be written.
    StudyError
        If a place is taken by what results did not write, or another command is at work there.
    """
    with at_work_in(folder, inputs=inputs) as work, work.replaced(is_whole=False) as staging:
        yield staging


def set_aside(path: Path) -> Path:
    """Rename a file to the first free name that ends in .bak.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    pathlib.Path
        Where it is now; no earlier one is written over.

    Raises
    ------
    MediaError
        If it cannot be renamed.
    """
    number = 1
    while os.path.lexists(
        backup := path.with_name(f"{path.name}.bak{number if number > 1 else ''}")
    ):
        number += 1
    with _told_of(path.parent):
        return path.rename(backup)


@contextmanager
def _told_of(folder: Path) -> Iterator[None]:
    """Say of a folder what the system says of writing into it."""
    try:
        yield
    except OstinatoError as error:
        if isinstance(error, MediaError) and UNFINISHED in error.thing:
            raise unwritable(folder, error) from error  # it names a file that nobody knows of
        raise
    except OSError as error:
        raise unwritable(folder, error) from error


def _opened(folder: Path, lock: Lock, inputs: tuple[Path, ...]) -> ResultsFolder:
    manifest = read_manifest(folder) or NO_MANIFEST
    earlier = None
    with suppress(OSError, StudyError):
        earlier = decode_results(read_whole(folder / RESULTS_NAME))
    return ResultsFolder(
        path=folder,
        lock=lock,
        inputs=inputs,
        manifest=manifest,
        earlier=earlier,
        is_unlisted=earlier is not None and manifest.file(RESULTS_NAME) is None,
    )
