"""What an analysis writes into its folder, and the commands that show it again."""

import argparse
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from ostinato.choices import FORMATS
from ostinato.cli.named_inputs import uncredited
from ostinato.cli.output import command, say, tell
from ostinato.errors import StudyError
from ostinato.legible import escaped_lines, isolated, visible
from ostinato.pipeline import (
    playable_excerpts,
    program_of,
    with_journal,
    write_candidates,
    write_document,
    write_excerpts,
)
from ostinato.report import (
    PAGE_NAME,
    citation,
    count,
    describe,
    sheet_of,
    tables_alone,
    without_face,
    write_figures,
    write_page,
)
from ostinato.results import (
    CUES_FOLDER,
    PICTURE_NAME,
    CuePicture,
    Excerpt,
    Results,
    ResultsFolder,
    at_work_in,
    encode_picture,
    is_same_film,
    read_picture,
    read_results,
    write_new,
)
from ostinato.review import Kept, State, read_journal
from ostinato.study import study_template

_STEMS = "stems/"


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


def what_was_found(work: ResultsFolder) -> Results | None:
    """Return what the program had found there; whatever of it can be read.

    Raises StudyError if the journal there cannot be read: before hours are spent.
    """
    read_journal(work.path)
    if work.earlier is None:
        return None
    with suppress(StudyError):  # what edits rest on is lost, and is about to be made again
        return program_of(work.earlier, work.path)
    return work.earlier


def about_journal(kept: Kept | None, program: Results) -> Iterator[str]:
    """Say of a journal what a person might not expect: what of it could not be used."""
    if kept is None:
        return
    if not is_same_film(kept.header.film, program.film):
        yield ""
        yield (
            f"{isolated(str(kept.path))} is of another film, {isolated(kept.header.film.name)}: "
            "nothing of it is applied, and it is left alone."
        )
        return
    torn = [f"{kept.path}: its last line is not finished, and counts for nothing"]
    for notice in (*kept.notices, *(torn if kept.torn else [])):
        yield ""
        yield f"{isolated(notice)}."


def figures_command(arguments: argparse.Namespace) -> None:
    """Draw the figures of a folder of results again."""
    results: Results = read_results(arguments.folder)
    formats = FORMATS if arguments.format is None else (arguments.format,)
    sheet = sheet_of(
        arguments.width, palette=arguments.palette, has_equal_slopes=arguments.equal_slopes
    )
    picture = read_picture(arguments.folder)
    with at_work_in(arguments.folder) as work:
        pages = _further_pages(work, formats)
        with work.replaced(is_whole=False, instead_of=pages) as folder:
            paths = write_figures(
                results, folder / "figures", formats=formats, sheet=sheet, picture=picture
            )
    for path in paths:
        say(visible(str(arguments.folder / path.relative_to(folder))))
    lacking = without_face(results)
    if lacking:
        tell(f"ostinato: {lacking}")


def _further_pages(work: ResultsFolder, formats: Sequence[str]) -> list[str]:
    """Return second pages that an earlier run drew: on another sheet there may be none."""
    names = "|".join(formats)
    pattern = re.compile(rf"figures/[a-z-]+-\d+\.({names})")
    return [one.name for one in work.manifest.files if pattern.fullmatch(one.name)]


def report_command(arguments: argparse.Namespace) -> None:
    """Write the page, and say where it is."""
    out: Path = arguments.folder
    results = read_results(out)
    with at_work_in(out) as work:
        excerpts: tuple[Excerpt, ...] = ()
        if arguments.embed_excerpts:
            excerpts = playable_excerpts(out / "stems", results, stems=_stems(work))
        with work.replaced(is_whole=False) as folder:
            size = write_page(results, folder, excerpts=excerpts).stat().st_size
    say(visible(str(out / PAGE_NAME)))
    if excerpts:
        embedded = count(len(excerpts), "excerpt")
        tell(f"ostinato: {embedded} embedded; the page has {size / 1e6:.1f} MB")


def excerpts_command(arguments: argparse.Namespace) -> None:
    """Write a few seconds of each cancelled cue, before and after; or each candidate."""
    out: Path = arguments.folder
    results = read_results(out)
    with at_work_in(out) as work:
        stems = _stems(work)
        with work.replaced(is_whole=False) as folder:
            if arguments.candidates:
                paths = write_candidates(folder / "excerpts", out / "stems", results, stems=stems)
            else:
                paths = write_excerpts(
                    folder / "excerpts",
                    out / "stems",
                    results,
                    stems=stems,
                    duration_s=arguments.seconds,
                )
    for path in paths:
        say(visible(str(out / path.relative_to(folder))))


def _stems(work: ResultsFolder) -> tuple[Path, ...]:
    """Return the stems that were written with the results, and no others."""
    own = [one for one in work.manifest.files if one.name.startswith(_STEMS)]
    for one in own:
        if not work.holds(one):
            raise StudyError(
                str(work.path / one.name),
                "it is not as it was written with these results",
                "Analyse again with --stems",
            )
    return tuple(work.path / one.name for one in own)
