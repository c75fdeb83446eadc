"""What an analysis writes into its folder, and the commands `cite` and `init`."""

import argparse
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from ostinato.cli.earlier_review import about_journal
from ostinato.cli.named_inputs import uncredited
from ostinato.cli.output import command, say, tell
from ostinato.errors import StudyError
from ostinato.legible import escaped_lines, isolated, visible
from ostinato.pipeline import (
    with_journal,
    write_document,
)
from ostinato.report import (
    citation,
    describe,
    tables_alone,
    without_face,
)
from ostinato.results import (
    CUES_FOLDER,
    PICTURE_NAME,
    CuePicture,
    Results,
    ResultsFolder,
    encode_picture,
    read_results,
    write_new,
)
from ostinato.review import Kept, State
from ostinato.study import study_template


def write_all(
    results: Results,
    work: ResultsFolder,
    *,
    stems_dir: Path | None = None,
    cues: Sequence[Path] = (),
    picture: CuePicture | None = None,
    journal: Kept | None = None,
) -> str:
    """Write results, tables and figures into a folder, and say what was found and written.

    `stems_dir`: stems that are to be moved there; `cues`: recordings of cues that are to be copied
    there; `picture`: of a cue before and after its song was taken out, to be kept there; `journal`:
    that of the folder.
    """
    state = State() if journal is None else journal.state_for(results.film)
    program, results = results, with_journal(work.path, results, state=state)
    with work.replaced(is_whole=True) as folder:
        kept = [] if picture is None else [folder / PICTURE_NAME]
        if picture is not None:
            kept[0].write_bytes(encode_picture(picture))
        stems = [] if stems_dir is None else _moved(stems_dir, folder / "stems")
        for path in cues:
            (folder / CUES_FOLDER).mkdir(exist_ok=True)
            shutil.copyfile(path, folder / CUES_FOLDER / path.name)
        written = write_document(folder, program, results, picture=picture)
    files = (written.page, *written.figures, *kept, *stems, *written.tables)
    lines = [
        describe(results),
        *about_journal(journal, program),
        "",
        "Files:",
        *(f"  {isolated(str(work.path / path.relative_to(folder)))}" for path in files),
        *_about_folder(work, results),
    ]
    return "\n".join(lines)


def _about_folder(work: ResultsFolder, results: Results) -> Iterator[str]:
    """Say what of the figures cannot be read, and what became of files that stood there."""
    lacking = without_face(results)
    if lacking:
        yield from ("", lacking)
    if work.left:
        yield from ("", "Left alone, though of an earlier run: changed since, or read:")
        yield from (f"  {isolated(str(work.path / name))}" for name in work.left)
    if work.copies is not None:
        copies = isolated(str(work.copies))
        yield from ("", f"What stood there, with labels or changed, was kept in {copies}.")


def _moved(folder: Path, place: Path) -> list[Path]:
    place.mkdir()
    return [Path(shutil.move(path, place / path.name)) for path in sorted(folder.iterdir())]


def cite_command(arguments: argparse.Namespace) -> None:
    """Print what an essay needs to cite a folder of results."""
    results = read_results(arguments.folder)
    if arguments.table is not None:
        print(escaped_lines(tables_alone(results, table_format=arguments.table)), flush=True)
    else:
        text = citation(results, style=arguments.style)
        # JSON has escapes of its own, and what joins or parts letters belongs to a title
        print(text if arguments.style == "csl" else escaped_lines(text), flush=True)
    lacking = uncredited(results.film)
    if lacking is not None:
        tell(f"ostinato: {isolated(str(arguments.folder))}: {lacking}")


def init_command(arguments: argparse.Namespace) -> None:
    """Write the files of a new study, and none over an old one."""
    folder: Path = arguments.folder
    template = study_template(arguments.template)
    for name in template:
        if _is_there(folder / name):
            raise StudyError(str(folder / name), "it is there already", "Give another folder")
    for name, text in template.items():
        say(visible(str(write_new(folder / name, text.encode()))))
    study = folder / "study.toml"
    say(f"Fill in {isolated(str(study))}, then run:")
    say(f"  {command('ostinato', 'analyze', '--study', study, '--out', folder / 'results')}")


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except NotADirectoryError:  # which writing tells better
        return False
    except (OSError, ValueError) as error:  # a name too long, or with a NUL
        reason = getattr(error, "strerror", None) or str(error)
        raise StudyError(
            str(path), f"no folder can be made there ({reason})", "Give another folder"
        ) from error
    return True
