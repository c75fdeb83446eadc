"""`ostinato export` and `ostinato import`: layers go out to other programs, and come back."""

import argparse
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ostinato.choices import EXPORT_FORMATS
from ostinato.cli.output import say
from ostinato.errors import ParameterError, StudyError
from ostinato.export import DEFAULT_FPS, PLACEHOLDER_URL, export_sheet, exported_files
from ostinato.legible import isolated
from ostinato.pipeline import (
    EVIDENCE_NAME,
    ImportPlan,
    evidence_of,
    keep_evidence,
    keep_export,
    kept_exports,
    plan_import,
    program_of,
    program_results,
    search_evidence,
    take_over_review,
    with_journal,
)
from ostinato.report import count
from ostinato.results import Results, read_results, replaced_at_once, write_atomically
from ostinato.review import REVIEW_FOLDER, Edit, open_journal
from ostinato.speech import ForeignFile, read_foreign
from ostinato.timeline import timecode

_OWN_FOLDER = "export"
_IN_FRAMES = frozenset({"edl", "premiere", "fcpxml", "otio"})
_ON_THE_WEB = frozenset({"iiif", "web-annotation"})
_MOST_SHOWN = 5
_NOBODY = "a person"
_LONGEST_NOTE = 1000


def export_command(arguments: argparse.Namespace) -> None:
    """Write the files, and say where they are and what of them a person has to know."""
    results = read_results(arguments.folder)
    program = program_of(results, arguments.folder)
    sheet = export_sheet(
        results,
        program=program,
        fps=arguments.fps or DEFAULT_FPS,
        is_drop=arguments.drop,
        tc_start=arguments.tc_start,
        base_url=arguments.base_url,
    )
    files = exported_files(sheet, arguments.to)
    if not sheet.layers:
        raise StudyError(
            str(arguments.folder),
            "its results hold nothing to export: no occurrence, no speech, no scene",
            "Analyse the film with songs or with the stage speech",
        )
    out: Path = arguments.out or arguments.folder / _OWN_FOLDER
    with replaced_at_once(out, inputs=(arguments.folder / "results.json",)) as staging:
        for name, content in files.items():
            write_atomically(staging / name, content)
    keep_export(arguments.folder, program)
    n_rows = sum(len(layer.rows) for layer in sheet.layers)
    layers = ", ".join(f"{layer.title} {len(layer.rows):,}" for layer in sheet.layers)
    say(f"{count(n_rows, 'row')} in {count(len(sheet.layers), 'layer')}: {layers}.")
    for line in _places(out, files):
        say(f"  {line}")
    for line in _notes(arguments):
        say(line)


def _places(out: Path, names: Iterable[str]) -> Iterator[str]:
    """Name files, and folders that have one for each layer."""
    folders: dict[str, int] = {}
    for name in names:
        folder, slash, _ = name.rpartition("/")
        if slash:
            folders[folder] = folders.get(folder, 0) + 1
        else:
            yield isolated(str(out / name))
    for folder, n in folders.items():
        yield f"{isolated(str(out / folder))}: {count(n, 'file')}"


def _notes(arguments: argparse.Namespace) -> Iterator[str]:
    chosen: Sequence[str] = EXPORT_FORMATS if "all" in arguments.to else arguments.to
    if arguments.fps is None and _IN_FRAMES & set(chosen):
        yield f"Frames are counted at {DEFAULT_FPS} a second; give --fps if the film has others."
    if arguments.base_url is None and _ON_THE_WEB & set(chosen):
        yield (
            f"Identifiers on the web begin with {PLACEHOLDER_URL}; give --base-url before you "
            "publish them."
        )


def import_command(arguments: argparse.Namespace) -> None:
    """Take over a file, or search what was taken over."""
    folder: Path = arguments.folder
    results = read_results(folder)
    if arguments.find is not None:
        _check_alone(arguments)
        for line in _found(folder, arguments.find):
            say(line)
        return
    if arguments.file is None:
        raise ParameterError(
            "import", "no file is given", "Give one, or search with --find what was imported"
        )
    path: Path = arguments.file
    found = read_foreign(path, film_name=results.film.name)
    program = program_results(folder)
    plan = plan_import(
        found,
        results,
        program=program,
        path=path,
        taken_as=arguments.taken_as,
        only=tuple(arguments.layer),
        earlier=kept_exports(folder),
    )
    for line in _read(path, found, plan):
        say(line)
    for line in _kept(folder, path, plan, results, arguments.author):
        say(line)


def _check_alone(arguments: argparse.Namespace) -> None:
    given = {
        "FILE": arguments.file is not None,
        "--as": arguments.taken_as is not None,
        "--author": arguments.author is not None,
        "--layer": bool(arguments.layer),
    }
    beside = next((name for name, is_given in given.items() if is_given), None)
    if beside is not None:
        raise ParameterError(
            f"import, {beside}", "it has no effect with --find", "Leave one of them out"
        )


def _found(folder: Path, words: str) -> Iterator[str]:
    rows = search_evidence(folder, words)
    for one in rows:
        speaker = f"{isolated(one.speaker)}: " if one.speaker else ""
        text, file, author = (isolated(said) for said in (one.text, one.file, one.author))
        yield f"{timecode(one.start_s)}  {speaker}{text}  ({file}, {author})"
    if not rows:
        yield f"Nothing that was imported holds {isolated(words)}."


def _read(path: Path, found: ForeignFile, plan: ImportPlan) -> Iterator[str]:
    unread = ""
    if found.n_unread:
        first = f", the first at {found.first_unread}" if found.first_unread else ""
        unread = f"; {count(found.n_unread, 'row')} could not be read{first}"
    yield f"{isolated(str(path))} ({found.format}): {count(found.n_rows, 'row')}{unread}."
    yield from (f"  {isolated(note)}" for note in found.notes)
    if plan.n_unchanged:
        says = "says" if plan.n_unchanged == 1 else "say"
        yield f"{count(plan.n_unchanged, 'row')} {says} what is known already."
    if plan.n_open:
        waits = "waits" if plan.n_open == 1 else "wait"
        yield f"{count(plan.n_open, 'row')} still {waits} for a kind."
    if plan.layers_left:
        left = ", ".join(map(isolated, plan.layers_left))
        yield f"Layers left alone: {left}. Name one with --layer, and say what it is with --as."
    if plan.not_understood:
        yield f"{count(len(plan.not_understood), 'row')} of which nothing was made:"
        yield from (f"  {isolated(where)}" for where in plan.not_understood[:_MOST_SHOWN])


def _kept(
    folder: Path, path: Path, plan: ImportPlan, results: Results, author: str | None
) -> Iterator[str]:
    """Write what a file says to where it is kept, and say how much that is."""
    who = author or _NOBODY
    if plan.evidence:
        n = keep_evidence(folder, evidence_of(plan.evidence, path, author=who))
        place = folder / REVIEW_FOLDER / EVIDENCE_NAME
        yield f"{count(n, 'row')} of evidence kept in {isolated(str(place))}."
    if not plan.edits:
        if not plan.evidence:
            yield "Nothing was changed."
        return
    journal = open_journal(folder, results.film, who=who)
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    edits = [
        # of a file that is given again nothing is written twice
        replace(
            edit,
            note=f"{path.name} (sha256 {mark}), {edit.note}"[:_LONGEST_NOTE],
            token=_token(mark, edit),
        )
        for edit in plan.edits
    ]
    last = journal.last
    n_new = sum(entry.sequence > last for entry in journal.append(edits, last_seen=last))
    acts = ", ".join(f"{act} {n:,}" for act, n in plan.acts.items())
    yield f"{count(n_new, 'edit')} in {isolated(str(journal.path))}: {acts}."
    if n_new < len(edits):
        n_there = count(len(edits) - n_new, "edit")
        yield f"{n_there} of this file stood there already; what was undone is not done again."
    again = with_journal(folder, program_results(folder), before=results)
    take_over_review(folder, again)
    yield f"The results in {isolated(str(folder))} rest on them."
    yield from _unplaced(again)


def _token(mark: str, edit: Edit) -> str:
    """Return what tells an edit of a file from all others."""
    said = f"{mark} {edit.note} {edit.on} {edit.act} {edit.seen} {edit.becomes}"
    return f"import {hashlib.sha256(said.encode()).hexdigest()[:32]}"


def _unplaced(results: Results) -> Iterator[str]:
    review = results.review
    rows: Sequence[object] = () if review is None else review.unplaced
    if rows:
        yield f"{count(len(rows), 'edit')} of the journal found no place."
