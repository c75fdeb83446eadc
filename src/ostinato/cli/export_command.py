"""`ostinato export`: the layers of a film as files that other programs open."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ostinato.choices import EXPORT_FORMATS
from ostinato.cli.output import say
from ostinato.errors import StudyError
from ostinato.export import DEFAULT_FPS, PLACEHOLDER_URL, export_sheet, exported_files
from ostinato.legible import isolated
from ostinato.pipeline import keep_export, program_of
from ostinato.report import count
from ostinato.results import read_results, replaced_at_once, write_atomically

_OWN_FOLDER = "export"
_IN_FRAMES = frozenset({"edl", "premiere", "fcpxml", "otio"})
_ON_THE_WEB = frozenset({"iiif", "web-annotation"})


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
